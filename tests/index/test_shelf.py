"""A shelf that follows its store holds what a new one would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.ports import Row
from mnemic.core.vectors import quantise, unit
from mnemic.index.exact import Passages
from mnemic.index.shelf import Shelf

SIZE = 4
TERMS = ["tea", "lisbon"]
TEXTS = st.lists(st.sampled_from(["tea", "lisbon", "move"]), min_size=1, max_size=5).map(" ".join)


def passages(rows: list[Row]) -> Passages:
    """One or two passages for each row, told by its text and key."""
    keys = np.array([row.key for row in rows for _ in range(1 + row.key % 2)], np.int64)
    draws = np.random.default_rng(5).standard_normal((64, SIZE)).astype(np.float32)
    numbers = np.array(
        [sum(map(ord, row.tokens)) % 31 + n for row in rows for n in range(1 + row.key % 2)], int
    )
    return Passages(keys, *quantise(unit(draws[numbers].reshape(-1, SIZE))))


def state(shelf: Shelf) -> dict[int, list[float]]:
    query = np.full(SIZE, 0.5, np.float32)
    found = [shelf.text.bm25(TERMS, 0.4, 0.1), shelf.text.bm25_window(TERMS, 0.4, 0.1)]
    if shelf.vectors:
        found += [shelf.vectors.cosine(query), shelf.vectors.cosine_pooled(query)]
    living = np.flatnonzero(shelf.columns.alive)
    return {
        int(shelf.columns.keys[row]): [round(float(scores[row]), 3) + 0.0 for scores in found]
        for row in living
    }


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.integers(0, 20), TEXTS, max_size=12),
    st.dictionaries(st.integers(0, 20), TEXTS, max_size=8),
    st.sets(st.integers(0, 20), max_size=5),
    st.booleans(),
)
def test_following_is_loading_anew(
    before: dict[int, str], changed: dict[int, str], gone: set[int], dense: bool
) -> None:
    def rows(texts: dict[int, str]) -> list[Row]:
        return [Row(key, text, "turn", f"s{key % 2}", key) for key, text in sorted(texts.items())]

    shelf = Shelf(rows(before), passages(rows(before)) if dense else None)
    state(shelf)
    shelf.follow(rows(changed), gone, passages(rows(changed)) if dense else None)
    gone -= changed.keys()
    after = {key: text for key, text in (before | changed).items() if key not in gone}
    fresh = Shelf(rows(after), passages(rows(after)) if dense else None)
    assert len(shelf) == len(fresh) == len(after)
    for key, values in state(fresh).items():
        assert state(shelf)[key] == pytest.approx(values, abs=2e-3)


def test_one_record_at_a_time() -> None:
    shelf = Shelf([], Passages.none(SIZE))
    shelf.append(Row(1, "tea", "turn", "s", 0), *quantise(unit(np.ones((1, SIZE), np.float32))))
    shelf.append(Row(2, "lisbon", "turn", "s", 1))
    assert shelf.vectors is not None
    assert shelf.vectors.cosine(np.full(SIZE, 0.5, np.float32)).tolist() == pytest.approx(
        [1.0, -1.0]
    )
    assert shelf.text.bm25(["lisbon"], 0.4, 0.1)[0] == 0
    shelf.remove([1, 99])
    assert len(shelf) == 1
    assert not shelf.worn
    assert shelf.nbytes > 0


def test_a_shelf_without_vectors_leaves_them_aside() -> None:
    shelf = Shelf([Row(1, "tea", "turn", "s", 0)])
    shelf.follow([Row(2, "tea", "turn", "s", 1)], [1], passages([Row(2, "tea", "turn", "s", 1)]))
    assert shelf.vectors is None
    assert shelf.columns.keys[shelf.columns.alive].tolist() == [2]


def test_many_removals_wear_a_shelf_out() -> None:
    shelf = Shelf([Row(key, "tea", "turn", "s", key) for key in range(3000)])
    shelf.remove(range(1500))
    assert shelf.worn
