"""Laws of line breaks: lines fit, and nothing but blanks is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mnemic.surface.layout import clipped, wrap

texts = st.text(st.sampled_from("ab ,.\n\t豆腐猫，。カナ한글é🙂"), max_size=60)


def bare(text: str) -> str:
    return "".join(text.split())


@given(texts, st.integers(2, 20), st.integers(0, 20))
def test_lines_fit_and_keep_the_text(text: str, width: int, first: int) -> None:
    lines = wrap(text, width, min(first, width))
    assert bare("".join(lines)) == bare(text)
    assert len(lines) > text.count("\n")
    for number, line in enumerate(lines):
        assert cell_len(line) <= (width if number else min(first, width))
        assert line == line.rstrip()


@given(texts, st.integers(4, 20), st.integers(1, 3))
def test_clipped_is_a_beginning(text: str, width: int, most: int) -> None:
    lines = clipped(text, width, width, most)
    assert len(lines) <= most
    assert all(cell_len(line) <= width for line in lines)
    if len(wrap(text, width)) > most:
        assert lines[-1].endswith(" …")
        lines[-1] = lines[-1].removesuffix(" …")
    assert bare(text).startswith(bare("".join(lines)))


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("one\n\ntwo", 9, ["one", "", "two"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("我在成都。", 8, ["我在成", "都。"]),
        ("see 東京 now", 7, ["see 東", "京 now"]),
    ],
)
def test_breaks(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_a_megabyte_is_wrapped_at_once() -> None:
    assert len(wrap("word " * 200_000, 80)) == 12_500
