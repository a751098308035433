"""What stands in files or takes more than one form, read from what was typed.

Nothing here knows a memory; what the values mean is checked by the engine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from mnemic.core.errors import InputError

_HEX: Final = "hex:"
_BYTES: Final = 32
"""Of a key that is no passphrase."""


def point(text: str) -> int | str:
    """A sequence number of the log where there are digits alone, else a time or a change.

    >>> point("41"), point("2025-06")
    (41, '2025-06')
    """
    return int(text) if text.isascii() and text.isdigit() else text


def key(text: str | None) -> bytes | str | None:
    """A key as a person can write it: a passphrase, or `hex:` and its bytes.

    Raises InputError, without repeating it, for bytes that are none.

    >>> key("correct horse"), key("hex:" + "07" * 32) == bytes([7] * 32)
    ('correct horse', True)
    """
    if text is None or not text.startswith(_HEX):
        return text
    try:
        made = bytes.fromhex(text.removeprefix(_HEX))
    except ValueError:
        made = b""
    if len(made) != _BYTES:
        raise InputError(
            f"the key begins with {_HEX} and is not {_BYTES} bytes in hexadecimal. Give 64 digits "
            "after it, or a passphrase that begins otherwise"
        )
    return made


def objects(path: str) -> list[dict[str, Any]]:
    """The JSON objects of a file, one on each line. Raises InputError naming the line."""
    made = []
    # Not `splitlines`: a text may hold signs that it takes for ends of lines.
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            made.append(_object(line, f"line {number} of {Path(path).name}"))
    return made


def rules(text: str) -> str | dict[str, Any]:
    """The JSON object of the file that is named, or the text itself where it can be no file's."""
    path = Path(text)
    if not path.exists() and path.name == text and not path.suffix:
        return text
    return _object(_text(text), path.name)


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path!r} cannot be read: {why}. Name a file of JSON") from None


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        made = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON: {error}") from None
    if not isinstance(made, dict):
        raise InputError(f"{where} is {text.strip()!r:.60}. Write a JSON object: {{...}}")
    return made
