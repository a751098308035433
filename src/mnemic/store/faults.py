"""SQLite's errors, told as ours: what happened to which file, and what to do."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from mnemic.core.errors import (
    Busy,
    Closed,
    DiskFull,
    InputError,
    NotADatabase,
    ReadOnly,
    StoreError,
)
from mnemic.core.storage import Vectors

_Told = tuple[type[StoreError], str]

_BY_CODE: Final[dict[int, _Told]] = {
    sqlite3.SQLITE_BUSY: (
        Busy,
        "is locked by another process for longer than the timeout. Try again, end the process "
        "that holds it, or raise Memory(timeout=...)",
    ),
    sqlite3.SQLITE_LOCKED: (Busy, "is locked by another connection. Try again"),
    sqlite3.SQLITE_READONLY: (
        ReadOnly,
        "cannot be written. Make the file and its folder writable, or copy it elsewhere",
    ),
    sqlite3.SQLITE_FULL: (
        DiskFull,
        "has no space left on its disk; nothing of this write was kept. Free some space and "
        "try again",
    ),
    sqlite3.SQLITE_NOTADB: (
        NotADatabase,
        "is not a database. Choose another path, or import it with `mnemic import`",
    ),
    sqlite3.SQLITE_CORRUPT: (
        NotADatabase,
        "is damaged. Restore an export or a backup; `sqlite3 FILE .recover` may save a part",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        ReadOnly,
        "cannot be opened. Check that its folder exists and can be written",
    ),
    sqlite3.SQLITE_PERM: (ReadOnly, "may not be opened. Check its permissions"),
    sqlite3.SQLITE_IOERR: (
        StoreError,
        "could not be read or written: the disk reports an error. Nothing of this write was "
        "kept; check the disk (and the quota, if you have one), then try again",
    ),
}


_LITTLE: Final = 1 << 16
"""Bytes; a disk with less is full for a database, whose files grow by a few pages."""


def _state_of_disk(path: str) -> int | None:
    """Why a disk gives errors, if it can be seen: SQLite does not always pass on what it was told.

    None where the disk has room and can be written, or cannot be asked.
    """
    try:
        disk = os.statvfs(Path(path).parent)
    except (OSError, AttributeError):
        return None
    if disk.f_flag & os.ST_RDONLY:
        return sqlite3.SQLITE_READONLY
    return sqlite3.SQLITE_FULL if disk.f_bavail * disk.f_frsize < _LITTLE else None


def translate(error: sqlite3.Error, path: str) -> StoreError:
    """The error of our tree for one of SQLite's; the original stays its cause."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error).lower():
        return Closed(f"{path} was closed. Open it again with Memory({path!r})")
    if "disk is full" in str(error):
        code = sqlite3.SQLITE_FULL
    if code == sqlite3.SQLITE_IOERR:
        code = _state_of_disk(path) or code
    kind, message = _BY_CODE.get(code, (StoreError, f"failed: {error}. Run `mnemic doctor`"))
    return kind(f"{path} {message}")


def check_size(vectors: Vectors) -> None:
    """Raise StoreError for vectors that are not as wide as their encoder says."""
    width = vectors.codes.shape[1] if vectors.codes.ndim == 2 else None
    if width != vectors.encoder.size:
        raise StoreError(
            f"vectors of {vectors.encoder} have {width} numbers, not {vectors.encoder.size}: "
            "nothing was kept. Give the encoder another revision when its size changes"
        )


def unfit(error: UnicodeEncodeError | OverflowError) -> InputError:
    """The error for a value that no database keeps: half a character, a number beyond 64 bits."""
    if isinstance(error, UnicodeEncodeError):
        half = error.object[error.start]
        return InputError(
            f"a text holds half a character (a lone surrogate, {half!r} at character "
            f'{error.start}). Repair it with text.encode("utf-8", "replace").decode()'
        )
    return InputError(f"a number is too large to keep ({error}). Use 64 bits")
