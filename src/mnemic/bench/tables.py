"""Cells → a table in plain text or Markdown, and numbers as the tables write them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from mnemic.measure.intervals import Estimate

NOTHING = "–"
"""Where a figure does not exist."""


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], *, markdown: bool = False) -> str:
    """A table; the first column stands left, the others right.

    >>> print(grid(["", "bm25"], [["recall@5", "0.500"], ["mrr", "0.25"]]))
               bm25
    recall@5  0.500
    mrr        0.25
    """
    lines = [[_plain(cell, markdown) for cell in line] for line in (head, *rows)]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(head))]
    padded = [
        [_padded(cell, widths[place], left=place == 0) for place, cell in enumerate(line)]
        for line in lines
    ]
    if not markdown:
        return "\n".join("  ".join(line).rstrip() for line in padded)
    rule = ["-" * max(widths[0], 3), *("-" * max(width - 1, 2) + ":" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in [padded[0], rule, *padded[1:]])


def number(value: float | None) -> str:
    """A score, to a thousandth.

    >>> number(0.12345), number(None)
    ('0.123', '–')
    """
    return NOTHING if value is None else f"{value:.3f}"


def spread(estimate: Estimate | None) -> str:
    """A score with its interval.

    >>> spread(Estimate(0.5, 0.4, 0.6, 10))
    '0.500 [0.400, 0.600]'
    """
    if estimate is None:
        return NOTHING
    return f"{estimate.mean:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def chance(p: float) -> str:
    """A p value, to a thousandth.

    >>> chance(0.0421), chance(0.0002)
    ('0.042', '<0.001')
    """
    return "<0.001" if p < 0.0005 else f"{p:.3f}"


def amount(value: float | None) -> str:
    """A time or a count to three digits.

    >>> amount(0.01234), amount(4.0), amount(1234.5), amount(0.00001), amount(None)
    ('0.0123', '4', '1,234', '<0.001', '–')
    """
    if value is None:
        return NOTHING
    if 0 < value < 0.001:
        return "<0.001"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def size(count: int | None) -> str:
    """Bytes in the unit that suits them, decimal.

    >>> size(12), size(3_456_789), size(None)
    ('12 B', '3.5 MB', '–')
    """
    if count is None:
        return NOTHING
    value, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 999.95 or unit == "TB":
            break
        value /= 1000
    return f"{value:.0f} B" if unit == "B" else f"{value:.1f} {unit}"


def _plain(cell: str, markdown: bool) -> str:
    """A cell on one line, which does not end its column."""
    line = " ".join(cell.split())
    return line.replace("|", "\\|") if markdown else line


def _padded(cell: str, width: int, *, left: bool) -> str:
    blanks = " " * (width - _width(cell))
    return cell + blanks if left else blanks + cell


def _width(text: str) -> int:
    """Columns of a terminal: wide characters take two, marks that combine none."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
