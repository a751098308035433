"""A console that takes text as it is."""

from __future__ import annotations

import io

import pytest

from mnemic.surface.console import PlainConsole


def test_a_pipe_gets_whole_lines_without_colour() -> None:
    stream = io.StringIO()
    PlainConsole(stream).print("[red] :smile: 17 " + "word " * 100, style="red")
    assert stream.getvalue() == "[red] :smile: 17 " + "word " * 100 + "\n"


def test_a_reader_that_goes_away_is_for_the_program_to_handle() -> None:
    class Closed(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        PlainConsole(Closed()).print("x")
