"""What is peculiar to the SQLite store. What every store does is in `test_checks.py`."""

from __future__ import annotations

import pytest

from mnemic.core.changes import Put
from mnemic.core.records import Partition, Scope
from mnemic.store import sqlite_derived
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen


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
