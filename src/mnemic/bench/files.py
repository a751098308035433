"""The files that a task reads: where they are, and whether they are the published ones.

A figure means something only with the data that it was measured on: every file is hashed, and a
file that is not the pinned one is named in the notes beside the figures. Other data are allowed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from mnemic.core.errors import InputError

_SHOWN = 12
"""Characters of a hash that people compare."""


def needed(path: Path | None, what: str) -> Path:
    """The path, which must be there; `what` says in a message what should be given.

    >>> needed(None, "locomo10.json")
    Traceback (most recent call last):
    mnemic.core.errors.InputError: no data: this task reads locomo10.json. Give its path (--data)
    """
    if path is None:
        raise InputError(f"no data: this task reads {what}. Give its path (--data)")
    if not path.exists():
        raise InputError(f"no such file or folder: {path}. This task reads {what}")
    return path


def one(path: Path | None, names: Sequence[str], what: str) -> Path:
    """The file itself, or in a folder the first of `names`, or its only JSON file.

    Raises InputError if there is no such file, or if several could be meant.
    """
    found = needed(path, what)
    if found.is_file():
        return found
    named = [found / name for name in names if (found / name).is_file()]
    if named:
        return named[0]
    there = sorted(found.glob("*.json"))
    if len(there) == 1:
        return there[0]
    raise InputError(
        f"{'several files' if there else 'no file'} in {found}: this task reads {what}. "
        "Give the file itself"
    )


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(files: Mapping[str, Path]) -> dict[str, str]:
    """Name → SHA-256 of each file."""
    return {name: digest(path) for name, path in files.items()}


def revision(hashes: Mapping[str, str], *choices: str) -> str:
    """One short name for data: of the only file its hash, of several the hash of their hashes.

    choices: what else decides the data, such as "unit=session"; kept readable.

    >>> revision({"a.json": "0123456789abcdef"}, "unit=turn")
    'sha256:0123456789ab unit=turn'
    """
    if len(hashes) == 1:
        (whole,) = hashes.values()
    else:
        lines = "".join(f"{name} {one}\n" for name, one in sorted(hashes.items()))
        whole = hashlib.sha256(lines.encode()).hexdigest()
    return " ".join([f"sha256:{whole[:_SHOWN]}", *choices])


def notes(hashes: Mapping[str, str], pinned: Mapping[str, str]) -> list[str]:
    """What a reader must know of the files: those whose hash is not pinned.

    Names are not compared, for people rename what they download.
    """
    known = set(pinned.values())
    other = [name for name, one in hashes.items() if one not in known]
    if not other or not pinned:
        return []
    named = ", ".join(f"{name} ({hashes[name][:_SHOWN]})" for name in other[:3])
    more = f" and {len(other) - 3} more" if len(other) > 3 else ""
    return [f"not known as published: {named}{more}"]
