"""Where lines break: at blanks, and between the characters of scripts that have none.

Widths are cells of a terminal: a Chinese character takes two. `rich` breaks at blanks alone, which
moves a whole Chinese sentence to the next line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len

_WIDE: Final = "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uffe6"
_CLOSING: Final = "，。！？、；：）」』】》〉”’…,.!?;:)"
"""Signs that never begin a line."""
_PIECE: Final = re.compile(f"[ \t]+|[{_WIDE}][{re.escape(_CLOSING)}]*|[^ \t{_WIDE}]+")


def wrap(text: str, width: int, first: int | None = None) -> list[str]:
    """The text in lines of at most `width` cells, the first of at most `first`.

    Line ends in the text stay; blanks at the end of a line go; a word that is wider than a line is
    broken. `width` is at least 2, for a wide character.

    >>> wrap("The ferry leaves at eight.", 10)
    ['The ferry', 'leaves at', 'eight.']
    >>> wrap("我搬到东京了。", 6)
    ['我搬到', '东京', '了。']
    """
    lines: list[str] = []
    room = width if first is None else first
    for paragraph in text.split("\n"):
        for line in _lines(paragraph.expandtabs(4), width, room):
            lines.append(line.rstrip())
            room = width
    return lines


def _lines(paragraph: str, width: int, first: int) -> Iterator[str]:
    line, cells, room = "", 0, first
    for piece in _PIECE.findall(paragraph):
        wide = cell_len(piece)
        if cells + wide <= room:
            line, cells = line + piece, cells + wide
            continue
        if piece.isspace():
            continue
        if line.strip() or room < width:
            yield line
            line, cells, room = "", 0, width
        while wide > room:
            head = _head(piece, room)
            yield head
            piece = piece[len(head) :]
            wide = cell_len(piece)
        line, cells = piece, wide
    yield line


def _head(piece: str, width: int) -> str:
    """The longest beginning that fits, and one character at least."""
    end = 1
    while end < len(piece) and cell_len(piece[: end + 1]) <= width:
        end += 1
    return piece[:end]


def clipped(text: str, width: int, first: int, most: int) -> list[str]:
    """As `wrap`, at most so many lines; the last ends with … where something is left out."""
    lines = wrap(text, width, first)
    if len(lines) <= most:
        return lines
    room = (first if most == 1 else width) - 2
    last = wrap(lines[most - 1], max(room, 2))[0]
    return [*lines[: most - 1], f"{last} …"]
