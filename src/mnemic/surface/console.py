"""A console that takes text as it is: wrapped and coloured on a terminal, plain into a pipe.

Into a pipe go whole lines without colour, so that other programs can read them. `rich` is imported
with this file, so whoever may do without it imports this file late.
"""

from __future__ import annotations

from typing import IO, Final, NoReturn

from rich.console import Console

_WIDE: Final = 100_000
"""Columns of an output that is not a terminal: lines are never broken."""


class PlainConsole(Console):
    """Text is text: no markup, no emoji codes, no colours for what looks like a number."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        super().__init__(file=stream, markup=False, emoji=False, highlight=False)
        if not self.is_terminal:
            self.width = _WIDE

    def on_broken_pipe(self) -> NoReturn:
        """The reader went away: let the program end as it sees fit, instead of exiting here."""
        raise BrokenPipeError
