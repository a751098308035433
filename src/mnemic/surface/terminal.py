"""Streams and text on a terminal: nothing that a memory holds may steer it, no encoding may fail.

How lines are laid out and coloured is left to `console.py`.
"""

from __future__ import annotations

import io
import re
import sys
from typing import IO, Final

from mnemic.core.errors import InputError

_STEERING: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
"""Control characters, and those that turn the direction of text around."""


def prepare() -> None:
    """Let streams write what their encoding lacks as `?` instead of failing.

    Windows' code pages and PYTHONIOENCODING=ascii have no 東京, and memories do.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def visible(text: str) -> str:
    r"""Text with its control characters spelled out, line ends and tabs apart.

    >>> visible("a\x1b[31m red\r\n")
    'a\\x1b[31m red\n'
    """
    return _STEERING.sub(_spelled, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Visible text on one line."""
    return " ".join(visible(text).split())


def shortened(text: str, length: int) -> str:
    """Visible text on one line, cut at a word to at most `length` characters.

    >>> shortened("one two three", 9)
    'one two …'
    """
    line = one_line(text)
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    head, _, _ = cut.rpartition(" ")
    return (f"{head} " if len(head) > length // 2 else cut) + "…"


def _spelled(sign: re.Match[str]) -> str:
    number = ord(sign[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


def takes_unicode(stream: IO[str]) -> bool:
    """Whether the stream can write any character."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


def somebody_answers() -> bool:
    """Whether a person types into standard input."""
    return sys.stdin.isatty()


def standard_input() -> str:
    """All of standard input as text, without the line end that a shell adds.

    Raises InputError unless it is UTF-8.
    """
    data = sys.stdin.buffer.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"standard input is not UTF-8 (byte {data[error.start]:#04x} at {error.start}). "
            "Convert it first, for example with: iconv -f latin1 -t utf-8"
        ) from None
    return text.removesuffix("\n").removesuffix("\r")
