"""SQLite's online backup: a database is copied page by page while others read and write it.

Out: one step copies everything under one read lock, which in write-ahead mode keeps nobody from
writing; the copy is what was committed when the step began. It is left without a write-ahead log,
as one file that can be carried, with a setting that says what it is.

In: the pages of another database take the place of a live one's in one write transaction. Whoever
reads keeps what they see until they read again; their connections stay good, for the file is the
same. The lock is taken with the first pages, and what the content was prepared for is looked at
again under it: if somebody wrote meanwhile, everything is rolled back and has to be prepared anew.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mnemic.core.clock import Micros
from mnemic.core.errors import Busy, NotADatabase
from mnemic.core.ids import RecordId
from mnemic.store import migrate, raw
from mnemic.store.faults import translate
from mnemic.store.sqlite import SqliteStore

_MARK: Final = "backup"
"""The setting of a backup: when it was made, and how many changes it held."""
_COUNT: Final = "SELECT count(*) FROM log WHERE verb <> 'forget'"
"""Erasure reaches into backups and adds lines of its own; any other makes a file a memory again."""
_STEP: Final = 1024
"""Pages copied at once, 4 MB; but never all of them, as the look under the lock comes between."""
_PAUSE: Final = 0.02


class Moved(Exception):
    """Somebody wrote to the live file meanwhile; nothing was replaced. Never leaves the engine."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a backup says of itself."""

    at: Micros


def mark(path: Path) -> Mark | None:
    """What a backup says of itself; None for everything else, also for one that was written to."""
    try:
        with closing(_reading(path)) as db:
            if db.execute("PRAGMA application_id").fetchone()[0] != migrate.APPLICATION:
                return None
            row = db.execute("SELECT value FROM meta WHERE name = ?", (_MARK,)).fetchone()
            told = json.loads(row[0]) if row else None
            if told is None or told["changes"] != db.execute(_COUNT).fetchone()[0]:
                return None
            return Mark(int(told["at"]))
    except (sqlite3.Error, ValueError, KeyError, TypeError):
        return None


def foreign(path: Path) -> bool:
    """Whether a file is a readable database of another program."""
    try:
        with closing(_reading(path)) as db:
            return bool(
                db.execute("PRAGMA application_id").fetchone()[0] != migrate.APPLICATION
                and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            )
    except sqlite3.Error:
        return False


def sound(store: SqliteStore) -> bool:
    """Whether the pages of a database hang together."""
    try:
        return bool(store._db.one("PRAGMA quick_check(1)")[0] == "ok")
    except NotADatabase:
        return False


def copy_out(store: SqliteStore, draft: Path, now: Micros) -> tuple[int, int]:
    """Copy what is committed to a new file that only its owner reads, and have it on the disk.

    Returns the numbers of records that were not forgotten, and of changes.
    Raises Busy when the file is locked for too long, NotADatabase when it is damaged, and
    whatever else the disk says.
    """
    with _errors(str(draft)), closing(_new(draft)) as target:
        if store.path == ":memory:":
            store._db.copy_into(target)
        else:
            _copy(Path(store.path), target)
        target.execute("PRAGMA secure_delete = ON")
        count = target.execute(_COUNT).fetchone()[0]
        told = json.dumps({"at": now, "changes": count})
        target.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_MARK, told))
        records, changes = target.execute(
            "SELECT (SELECT count(*) FROM records WHERE status <> 'forgotten'), "
            "(SELECT coalesce(max(seq), 0) FROM log)"
        ).fetchone()
    _sync(draft)
    return records, changes


def take(backup: Path, draft: Path) -> None:
    """Copy a backup to a new file that is to be a memory. Raises as `copy_out` does."""
    with _errors(str(backup)), closing(_new(draft)) as target:
        _copy(backup, target)
        migrate.examine(target, str(backup))
        if not target.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise NotADatabase(f"{backup} is empty. Give a file that `mnemic backup` wrote")
        target.execute("DELETE FROM meta WHERE name = ?", (_MARK,))
    _sync(draft)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a file that is to be replaced knows and its backup cannot know."""

    forgotten: tuple[RecordId, ...] = ()
    whole: bool = True
    """False: the file is damaged, and some of it could not be read."""


_KEPT: Final = ("tombstones", "certificates", "copies")


def carry(live: Path, draft: Path) -> Carried:
    """Add to a draft what was forgotten in a live file, its certificates and where its copies are.

    Of a damaged file as much as can be read.
    """
    with _errors(str(draft)), closing(sqlite3.connect(draft, isolation_level=None)) as db:
        forgotten: tuple[RecordId, ...] = ()
        whole = True
        with closing(_reading(live)) as source:
            for table in _KEPT:
                try:
                    rows = source.execute(f"SELECT * FROM {table}").fetchall()
                except sqlite3.Error:
                    whole = False
                    continue
                if rows:
                    places = ", ".join("?" * len(rows[0]))
                    db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({places})", rows)
            try:
                found = source.execute("SELECT id FROM records WHERE status = 'forgotten'")
                forgotten = tuple(RecordId(row[0]) for row in found.fetchall())
            except sqlite3.Error:
                whole = False
    return Carried(forgotten, whole)


def put_in(draft: Path, live: SqliteStore, seen: tuple[int, ...], timeout: float) -> None:
    """Replace the content of a live file by that of a draft, in one transaction.

    `seen` is what `standing` said when the draft was prepared. Raises Moved when it says something
    else by now, Busy when others keep the file locked; nothing is replaced then.
    """
    until = time.monotonic() + timeout
    with (
        _errors(live.path),
        closing(_reading(draft)) as source,
        closing(sqlite3.connect(live.path, isolation_level=None)) as target,
    ):
        target.execute(f"PRAGMA busy_timeout = {int(_PAUSE * 1000)}")
        target.execute("PRAGMA wal_autocheckpoint = 0")
        pages = source.execute("PRAGMA page_count").fetchone()[0]
        looked = False

        def look(status: int, left: int, total: int) -> None:
            nonlocal looked
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                _patient(until, live.path)
            elif not looked:
                looked = True
                if standing(live) != seen:
                    raise Moved

        source.backup(target, pages=max(1, min(_STEP, pages // 2)), progress=look, sleep=_PAUSE)


def standing(live: SqliteStore) -> tuple[int, ...]:
    """Numbers that change with everything that has to be carried over, and with a first write."""
    row = live._db.one(
        "SELECT EXISTS (SELECT 1 FROM log), (SELECT count(*) FROM tombstones), "
        "(SELECT count(*) FROM certificates), (SELECT coalesce(sum(pending), 0) FROM "
        "certificates), (SELECT count(*) FROM copies), "
        "(SELECT coalesce(max(at), 0) FROM copies), "
        "coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'epoch'), 0)"
    )
    return tuple(row)


def alone(draft: Path) -> None:
    """Leave a database as one file, without a write-ahead log beside it, and on the disk."""
    with _errors(str(draft)), closing(sqlite3.connect(draft, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    _sync(draft)


def _new(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    return sqlite3.connect(path, isolation_level=None)


def _reading(path: Path) -> sqlite3.Connection:
    how = "immutable=1" if _at_rest(path) else "mode=ro"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)


def _at_rest(path: Path) -> bool:
    """Whether a file has a write-ahead log by its header, and none beside it: nobody has it open.

    Opened only to be read it would get a log, and keep it for good, or not open on a disk that
    cannot be written.
    """
    if Path(f"{path}-wal").exists():
        return False
    try:
        with raw.opened(path) as file:
            return file.read(20)[18:20] == b"\2\2"
    except OSError:
        return False


def _copy(path: Path, target: sqlite3.Connection) -> None:
    until = time.monotonic() + 30

    def look(status: int, left: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            _patient(until, str(path))

    with closing(_reading(path)) as source:
        source.backup(target, pages=-1, progress=look, sleep=_PAUSE)
    target.execute("PRAGMA journal_mode = DELETE")
    wrong = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    if wrong != "ok":
        raise NotADatabase(
            f"{path} is damaged ({wrong}), and so would be a copy of it. `mnemic doctor` says more"
        )


def _patient(until: float, path: str) -> None:
    if time.monotonic() > until:
        raise Busy(f"{path} is locked by another process for longer than the timeout. Try again")


def _sync(path: Path) -> None:
    """Have a file on the disk. Only for one that no connection of this process is open to."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _errors(path: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path) from error
