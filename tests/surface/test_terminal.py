"""Laws of text on a terminal: whatever a memory holds, it only shows."""

from __future__ import annotations

import io
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.surface import terminal
from mnemic.surface.terminal import one_line, shortened, takes_unicode, visible

any_text = st.text(st.characters(codec="utf-8"))


@given(any_text)
def test_nothing_is_left_that_steers(text: str) -> None:
    shown = visible(text)
    assert all(unicodedata.category(sign) != "Cc" for sign in shown if sign not in "\n\t")
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028")


@given(any_text)
def test_visible_text_is_shown_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(any_text, st.integers(2, 80))
def test_shortened_fits_on_a_line(text: str, length: int) -> None:
    line = shortened(text, length)
    assert len(line) <= length and "\n" not in line
    assert line == one_line(text) or line.endswith("…")


@pytest.mark.parametrize(
    ("encoding", "takes"),
    [("utf-8", True), ("UTF8", True), ("utf-16", True), ("ascii", False), ("cp1252", False)],
)
def test_what_takes_unicode(encoding: str, takes: bool) -> None:
    assert takes_unicode(io.TextIOWrapper(io.BytesIO(), encoding)) is takes


def piped(data: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "ascii"))
    return terminal.standard_input()


@pytest.mark.parametrize(
    "data", ["東京\n".encode(), "東京\r\n".encode(), b"\xef\xbb\xbf" + "東京".encode()]
)
def test_standard_input_is_utf8_whatever_the_locale(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert piped(data, monkeypatch) == "東京"


def test_other_standard_input_is_refused_with_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"not UTF-8 \(byte 0xe3 at 1\)"):
        piped("São".encode("latin-1"), monkeypatch)
