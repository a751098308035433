"""SQLite's errors in our words: what happened, to which file, and what to do."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from mnemic.core.errors import (
    Busy,
    Closed,
    DiskFull,
    InputError,
    MnemicError,
    NotADatabase,
    ReadOnly,
    StoreError,
)
from mnemic.store.faults import translate, unfit
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen


def error(code: int, text: str = "told by sqlite") -> sqlite3.OperationalError:
    made = sqlite3.OperationalError(text)
    made.sqlite_errorcode = code
    return made


@pytest.mark.parametrize(
    ("code", "kind", "remedy"),
    [
        (sqlite3.SQLITE_BUSY, Busy, r"raise Memory\(timeout="),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Busy, "Try again"),
        (sqlite3.SQLITE_LOCKED, Busy, "Try again"),
        (sqlite3.SQLITE_READONLY, ReadOnly, "Make the file and its folder writable"),
        (sqlite3.SQLITE_READONLY_DBMOVED, ReadOnly, "writable"),
        (sqlite3.SQLITE_FULL, DiskFull, "Free some space"),
        (sqlite3.SQLITE_NOTADB, NotADatabase, "Choose another path"),
        (sqlite3.SQLITE_CORRUPT, NotADatabase, "Restore an export"),
        (sqlite3.SQLITE_CORRUPT_VTAB, NotADatabase, "Restore an export"),
        (sqlite3.SQLITE_CANTOPEN, ReadOnly, "Check that its folder exists"),
        (sqlite3.SQLITE_PERM, ReadOnly, "permissions"),
        (sqlite3.SQLITE_IOERR, StoreError, "check the disk"),
        (sqlite3.SQLITE_IOERR_WRITE, StoreError, "check the disk"),
        (sqlite3.SQLITE_CONSTRAINT, StoreError, "told by sqlite"),
    ],
)
def test_each_code(code: int, kind: type[StoreError], remedy: str) -> None:
    told = translate(error(code), "ana.db")
    assert type(told) is kind
    assert str(told).startswith("ana.db ")
    with pytest.raises(kind, match=remedy):
        raise told


def test_errors_without_a_code() -> None:
    assert type(translate(sqlite3.OperationalError("database or disk is full"), "x")) is DiskFull
    closed = sqlite3.ProgrammingError("Cannot operate on a closed database.")
    assert type(translate(closed, "x")) is Closed
    assert type(translate(sqlite3.DatabaseError("odd"), "x")) is StoreError


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="the disk cannot be asked there")
def test_a_disk_error_is_explained_by_the_state_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, path = error(sqlite3.SQLITE_IOERR_SHMSIZE), str(tmp_path / "ana.db")
    assert type(translate(broken, path)) is StoreError
    disk = os.statvfs(tmp_path)
    for state, kind in (({"f_bavail": 3}, DiskFull), ({"f_flag": os.ST_RDONLY}, ReadOnly)):
        names = ("f_bavail", "f_frsize", "f_flag")
        seen = SimpleNamespace(**{name: getattr(disk, name) for name in names} | state)
        monkeypatch.setattr(os, "statvfs", lambda _, seen=seen: seen)
        assert type(translate(broken, path)) is kind


def test_the_cause_is_kept(store: SqliteStore) -> None:
    with pytest.raises(StoreError) as caught:
        store._db.run("SELECT * FROM nowhere")
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)


def test_values_that_no_database_keeps(store: SqliteStore) -> None:
    pen = Pen()
    with pytest.raises(InputError, match=r"half a character.*at character"):
        pen.put(store, "x", speaker="half \ud83d")
    with pytest.raises(InputError, match=r"too large to keep.*64 bits"):
        pen.put(store, "x", ordinal=2**63)
    assert store.head() == 0
    assert isinstance(unfit(OverflowError("x")), MnemicError)
