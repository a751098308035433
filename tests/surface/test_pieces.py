"""The shapes of screens: times in short, sizes in units, columns that hang."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from mnemic.core.clock import Moment
from mnemic.surface import pieces


@pytest.mark.parametrize(
    ("time", "short"),
    [
        (None, ""),
        (Moment.parse("2025"), "2025"),
        (Moment.parse("2025-06-02"), "2025-06-02"),
        (Moment.parse("2025-06-02T10:00:17.25+02:00"), "2025-06-02 10:00"),
        (Moment.parse("2025-06-02T10:00Z").micros, "2025-06-02 10:00"),
    ],
)
def test_times(time: Moment | int | None, short: str) -> None:
    assert pieces.when(time) == short


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 bytes"), (1023, "1,023 bytes"), (1536, "1.5 kB"), (3 << 40, "3,072.0 GB")],
)
def test_sizes(count: int, told: str) -> None:
    assert pieces.size(count) == told


def printed(width: int) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, width=width, force_terminal=True, color_system=None), stream


def test_values_hang_beside_their_names() -> None:
    console, stream = printed(24)
    pieces.grid(console, [("name", "a value of several words"), ("n", 3)], indent=2)
    assert stream.getvalue() == "  name  a value of several\n        words\n  n     3\n"


def test_later_lines_stand_at_the_indent() -> None:
    console, stream = printed(30)
    pieces.beside(console, Text("1 ✓ Ana: "), "one two three four five six seven", indent=4, most=2)
    assert stream.getvalue() == "1 ✓ Ana: one two three four\n    five six seven\n"


def test_pieces_that_do_not_fit_go_to_the_next_line() -> None:
    console, stream = printed(12)
    pieces.heading(console, [("0123456789", ""), ("", ""), ("abcdef", "bold"), ("gh", "")])
    assert stream.getvalue() == "0123456789\n   abcdef\n   gh\n"
