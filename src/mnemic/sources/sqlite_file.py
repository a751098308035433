"""SQLite files of other programs: looked into, and never changed.

A file without a write-ahead log or journal beside it is opened as one that nobody changes, so that
not even a lock is taken; with one beside it, read-only, so that what was written last is seen.
Views are not followed and no function of the file's schema is run: a file may come from anywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from mnemic.core.errors import SourceError
from mnemic.sources.parts import Part

_MAGIC = b"SQLite format 3\0"
_ROOM = 1 << 16
"""Bytes that a value may have beside those of the file: a sum of some, a name made of two."""
_STEPS = 10_000
"""Instructions of SQLite's machine between two looks at the budget."""
_WORTH = 1_000
"""Instructions that a byte of the file may cost; a sound file costs less than ten."""


def is_sqlite(part: Part) -> bool:
    """Whether a part is a SQLite file. Raises SourceError for one inside a zip."""
    start = next(part.chunks(), b"")
    if start[: len(_MAGIC)] != _MAGIC:
        return False
    if part.member is not None:
        raise SourceError(f"a database in a zip: {part}. Unpack it and name the file")
    return True


def is_ours(part: Part) -> bool:
    """Whether a SQLite file was written by mnemic: its application id says so."""
    return next(part.chunks(), b"")[68:72] == b"mnem"


def tables(part: Part) -> dict[str, frozenset[str]]:
    """The tables of the file with their columns. Raises SourceError when it is damaged."""
    with _open(part) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            str(name): frozenset(
                str(column)
                for (column,) in database.execute("SELECT name FROM pragma_table_info(?)", (name,))
            )
            for (name,) in found
        }


def rows(part: Part, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """What a query finds, row by row. Raises SourceError when the file is damaged."""
    with _open(part) as database:
        yield from database.execute(query, values)


def column(name: str, there: frozenset[str]) -> str:
    """For a query: the column, or NULL where an older version of the program has none."""
    return name if name in there else f"NULL AS {name}"


@contextmanager
def _open(part: Part) -> Iterator[sqlite3.Connection]:
    path = part.path.resolve()
    try:
        with closing(sqlite3.connect(_address(path), uri=True, timeout=5)) as database:
            database.text_factory = _text
            database.execute("PRAGMA query_only = ON")
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _size(path) + _ROOM)
            _check_length(database, path, part)
            database.set_progress_handler(_budget(path), _STEPS)
            yield database
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError, MemoryError) as reason:
        # MemoryError: a damaged page may ask for gigabytes.
        said = str(reason) or "a page asks for more memory than there is"
        raise SourceError(
            f"cannot read: {part} ({said}). Close the program that writes it; if the file is "
            "damaged, take a copy made before"
        ) from reason


def _check_length(database: sqlite3.Connection, path: Path, part: Part) -> None:
    """SQLite takes what is missing of a last page for zeros: a file cut there would seem whole."""
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (length,) = database.execute("PRAGMA page_size").fetchone()
    if not _beside(path) and path.stat().st_size < pages * length:
        raise SourceError(f"the file ends in the middle: {part}. It was cut off: copy it again")


def _budget(path: Path) -> Callable[[], bool]:
    """Says when a query has gone on for longer than any file of this size needs.

    In a damaged tree a page can be its own grandchild, and a walk over it has no end.
    """
    left = (_size(path) + 1) * _WORTH

    def over() -> bool:
        nonlocal left
        left -= _STEPS
        return left < 0

    return over


def _size(path: Path) -> int:
    """Bytes of the file and of the log beside it: no value in it is larger."""
    log = path.with_name(path.name + "-wal")
    return sum(one.stat().st_size for one in (path, log) if one.exists())


def _beside(path: Path) -> bool:
    """Whether somebody writes the file, or died while writing it."""
    return any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))


def _address(path: Path) -> str:
    return f"{path.as_uri()}?mode=ro" + ("" if _beside(path) else "&immutable=1")


def _text(written: bytes) -> str:
    return written.decode("utf-8", "replace")
