"""Read the bytes of a database that is open, and keep its locks.

POSIX takes back every lock that a process holds on a file as soon as the process closes *any*
handle of that file, also one that was only read. SQLite's locks are of this kind: who opens, reads
and closes a live database has let go of it without knowing, and the next process to close it takes
itself for the last one and removes the log under everybody's feet (sqlite.org/howtocorrupt.html,
section 2.2). So a file that belongs to an open database is read through a handle that stays open
for as long as this process has a connection to that database.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

File: TypeAlias = tuple[int, int]
"""What tells a file from another of the same name: the disk that it is on, and its number there."""

ENDINGS: Final = ("", "-wal", "-shm")
"""Of the files of a database: itself, its write-ahead log, its shared memory."""

_lock = threading.RLock()
_connections: Counter[str] = Counter()
_handles: dict[str, dict[File, int]] = {}


def which(path: str) -> File | None:
    """The file that has this name now, if one has."""
    try:
        found = os.stat(path)  # noqa: PTH116  (asked before every write: a Path takes twice as long)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def hold(database: str) -> None:
    """A connection to this database (its real path) was opened."""
    with _lock:
        _connections[database] += 1


def let_go(database: str) -> None:
    """A connection was closed, and SQLite has no more use for its locks."""
    with _lock:
        _connections[database] -= 1
        if not _connections[database]:
            del _connections[database]
            for handle in _handles.pop(database, {}).values():
                os.close(handle)


@contextmanager
def opened(path: str | Path) -> Iterator[BinaryIO]:
    """A file, from its beginning, to be read as `open(path, "rb")` would; raises OSError.

    Threads that read files of open databases take turns.
    """
    with _lock:
        database = _database(str(path))
        if database is None:
            with Path(path).open("rb") as file:
                yield file
            return
        handles = _handles.setdefault(database, {})
        file_id = which(str(path))
        handle = handles.get(file_id) if file_id else None
        if handle is None:
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            there = os.fstat(handle)
            handles[there.st_dev, there.st_ino] = handle
        os.lseek(handle, 0, os.SEEK_SET)
        with open(handle, "rb", closefd=False) as file:
            yield file


def _database(path: str) -> str | None:
    """The open database that a file belongs to, under whichever name."""
    wanted = which(path)
    for database in _connections if wanted else ():
        if any(which(database + ending) == wanted for ending in ENDINGS):
            return database
    return None


def _begin_anew() -> None:
    """After a fork: the child has none of the parent's locks, and perhaps one of a lost thread."""
    global _lock
    _lock = threading.RLock()
    _connections.clear()
    _handles.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
