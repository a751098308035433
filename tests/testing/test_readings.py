"""Plain readings and pens: the same input gives the same output, and it all fits together."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from mnemic.core.changes import Put, Retire, Revise
from mnemic.store.ram import RamStore
from mnemic.testing.pen import Pen
from mnemic.testing.readings import plain_reading, plain_vectors
from mnemic.testing.strategies import texts


@given(texts())
def test_passages_cover_the_text(text: str) -> None:
    reading = plain_reading(text)
    assert "".join(text[passage.start : passage.end] for passage in reading.passages) == text
    assert reading.vectors is not None
    assert len(reading.vectors.codes) == len(reading.passages) == len(reading.vectors.scales)
    assert reading.tokens == reading.tokens.casefold().strip()


def test_the_same_words_have_the_same_vector() -> None:
    one, same, other = plain_vectors(["a", "a", "b"]).codes
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert plain_reading("Hello there").mark == plain_reading("hello  THERE").mark
    assert plain_reading("", encoder=None).vectors is None


def test_the_same_pen_writes_the_same() -> None:
    logs = []
    for _ in range(2):
        store, pen = RamStore(), Pen(seed=3)
        record = pen.put(store, "a")
        pen.apply(store, Revise(record.id, text="b"), Retire(record.id))
        pen.forget(store, record.id)
        logs.append(store.log())
    assert logs[0] == logs[1]


def test_changes_of_nothing_are_left_out() -> None:
    store, pen = RamStore(), Pen()
    record = pen.put(store, "a")
    assert pen.apply(store, Revise(record.id, text="a")) == []
    other = pen.record("b")
    assert [
        write.record.version for write in pen.writes(store, [Put(other), Retire(other.id)])
    ] == [1, 2]
