"""Where models that were built on this machine are kept, and how a file gets there whole.

The folder is an argument everywhere; `cache_folder` is what surfaces use when the user names none.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from secrets import token_hex

from mnemic.core.errors import ModelError


def cache_folder() -> Path:
    """The user's cache folder for mnemic, as the platform has it; not made here."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "mnemic"
    if sys.platform == "win32":
        return home / "AppData" / "Local" / "mnemic" / "Cache"
    return home / ".cache" / "mnemic"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that others see the old one or all of the new one, never a part.

    Raises ModelError if the folder cannot be written or the disk is full; nothing is left behind.
    """
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ModelError(
            f"cannot write {str(path)!r}: {error.strerror or error}. Free some space or name "
            "another folder"
        ) from error
