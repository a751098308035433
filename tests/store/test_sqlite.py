"""What is peculiar to the SQLite store. What every store does is in `test_checks.py`."""

from __future__ import annotations

import pytest

from mnemic.core.changes import Put, Revise
from mnemic.core.records import Partition, Scope
from mnemic.store import sqlite_derived
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen


def test_words_that_wait_for_the_text_index_are_found_like_those_in_it(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_derived, "_BLOCK", 10)
    pen, ana = Pen(encoder=None), Partition(user_id="ana")
    records = [pen.record(f"word n{n}", scope=Scope(ana)) for n in range(25)]
    for start in range(0, 25, 7):
        pen.apply(store, *map(Put, records[start : start + 7]))
    assert store._db.one("SELECT max(key) FROM indexed") == (19,)
    pen.apply(store, Revise(records[3].id, text="word new"), Revise(records[22].id, text="new"))
    pen.forget(store, records[4].id, records[23].id)
    left = [n + 1 for n in range(25) if n not in (4, 22, 23)]
    assert store.matches(ana, "word", 100) == left
    assert store.matches(ana, "word", 20) == left[:20]
    assert store.matches(ana, "new", 100) == [4, 23]
    assert [store.frequency(ana, word) for word in ("word", "new", "n3", "n1", "wor")] == [
        22,
        2,
        0,
        1,
        0,
    ]
    assert store.check() == []


def test_the_mean_length_of_many_is_told_by_a_sample(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two who take turns have every second key each: a sample by remainder might miss one of them.
    monkeypatch.setattr(sqlite_derived, "_SAMPLE", 25)
    pen, users = Pen(encoder=None), [Partition(user_id="ana"), Partition(user_id="bo")]
    records = [pen.record("word " * (1 + n % 5), scope=Scope(users[n % 2])) for n in range(400)]
    pen.apply(store, *map(Put, records))
    for user in users:
        census = store.census(user, 100)
        assert census is not None
        assert census[0] == 200
        assert 2 < census[1] < 4
