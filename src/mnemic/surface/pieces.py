"""The few shapes that all screens are made of: headings, texts beside labels, columns.

They print text that may hold anything, within the width of the console; `terminal.py` makes it
safe, `layout.py` says where lines break.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from rich.text import Text

from mnemic.core.clock import Micros, Moment, Precision
from mnemic.surface.layout import clipped, wrap
from mnemic.surface.terminal import one_line, visible

if TYPE_CHECKING:
    from rich.console import Console

INDENT: Final = 3
"""Columns before a text under its heading."""
QUIET: Final = "dim"
"""The style of what is needed only now and then."""
_NARROWEST: Final = 20
"""Columns that a text gets even where there are fewer."""


def when(time: Moment | Micros | None) -> str:
    """A time as short as its exactness allows.

    >>> when(Moment.parse("2025-06-02T10:00:17Z")), when(Moment.parse("2025-06"))
    ('2025-06-02 10:00', '2025-06')
    """
    if time is None:
        return ""
    moment = time if isinstance(time, Moment) else Moment(time)
    if moment.precision < Precision.HOUR:
        return str(moment)
    return moment.as_datetime.strftime("%Y-%m-%d %H:%M")


def paragraph(console: Console, text: str, *, indent: int = INDENT, style: str = "") -> None:
    """Print text that may hold anything, wrapped within the width and indented."""
    beside(console, Text(" " * indent), text, indent=indent, style=style)


def beside(
    console: Console,
    label: Text,
    text: str,
    *,
    indent: int | None = None,
    style: str = "",
    most: int | None = None,
) -> None:
    """Print a text beside a label; its later lines stand at `indent`, by default under its first.

    `most` is the number of lines after which the rest is left out.
    """
    indent = label.cell_len if indent is None else indent
    width = max(console.width - indent, _NARROWEST)
    first = max(console.width - label.cell_len, _NARROWEST)
    shown = visible(text)
    lines = wrap(shown, width, first) if most is None else clipped(shown, width, first, most)
    for number, line in enumerate(lines):
        lead = Text(" " * indent) if number else label
        whole = lead + Text(line, style)
        if not line:
            whole.rstrip()
        console.print(whole, soft_wrap=True)


def heading(console: Console, parts: Iterable[tuple[str, str]], *, indent: int = 0) -> None:
    """Print pieces of text with their styles on a line, or on more where they do not fit.

    Empty pieces are left out. A piece, such as an id, is broken only if it has no room on a line.
    """
    line = Text(" " * indent)
    begun = False
    for text, style in parts:
        piece = Text(one_line(text), style)
        if not piece.plain:
            continue
        if begun and line.cell_len + 2 + piece.cell_len > console.width:
            console.print(line, soft_wrap=True)
            line, begun = Text(" " * max(indent, INDENT)), False
        line = line + Text("  ") + piece if begun else line + piece
        begun = True
    if line.cell_len > console.width:
        for broken in wrap(line.plain, console.width):
            console.print(broken, soft_wrap=True)
    else:
        console.print(line, soft_wrap=True)


def title(console: Console, text: str, aside: str = "") -> None:
    """A heading with an empty line above it."""
    console.print()
    heading(console, [(text, "bold cyan"), (aside, QUIET)])


def grid(console: Console, rows: Iterable[tuple[str, object]], *, indent: int = 0) -> None:
    """Print names and values in two columns."""
    pairs = [(name, str(value)) for name, value in rows]
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        beside(console, Text(f"{'':<{indent}}{name:<{width}}  ", QUIET), value)


def size(count: int) -> str:
    """Bytes in a unit that people read.

    >>> size(5_242_880)
    '5.0 MB'
    """
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            break
        amount /= 1024
    return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"
