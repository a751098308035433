"""Names, places, people, dates and numbers in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.language.entities import (
    Kind,
    kinds_of_event,
    moments,
    names,
    numbers,
    occurrences,
    sentences,
)
from mnemic.language.when import told

SAID = Moment.parse("2031-05-09T12:00Z")


def kinds(text: str) -> dict[str, Kind]:
    return {name.text: name.kind for name in names(text)}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("At Bethpage Black Course, it rained.", "Bethpage Black Course", Kind.PLACE),
        ("She stood before the Statue of Liberty.", "Statue of Liberty", Kind.PLACE),
        ("We met at St. Patrick's Cathedral.", "St. Patrick's Cathedral", Kind.PLACE),
        ("The rain stopped when Saoirse Quill nodded.", "Saoirse Quill", Kind.PERSON),
        ("Emma sat down.", "Emma", Kind.PERSON),
        ("All about the Glass Festival!", "Glass Festival", Kind.EVENT),
        ('She read "the long way round" twice.', "the long way round", Kind.TITLE),
        ("我昨天去了上海市。", "上海市", Kind.PLACE),
        ("我和王芳一起吃饭。", "王芳", Kind.PERSON),
    ],
)
def test_kinds(text: str, name: str, kind: Kind) -> None:
    assert kinds(text)[name] is kind


def test_the_beginning_of_a_sentence_is_no_name() -> None:
    assert kinds("Yesterday it rained. Walking helps. The dog slept.") == {}
    assert kinds("Zorblax waits.") == {}
    assert "Zorblax" in kinds("Zorblax waits. I saw Zorblax.")
    assert "Zorblax" in {name.text for name in names("Zorblax waits.", ["Zorblax"])}


def test_dates_are_no_names() -> None:
    assert kinds("It was on Friday, September 22, 2026 in May.") == {}


def test_half_of_a_name_that_stands_alone_tells_a_person() -> None:
    assert kinds("In the rain Wren Abara sang. Then Wren bowed.")["Wren Abara"] is Kind.PERSON


def test_moments_of_a_long_text() -> None:
    text = (
        ("It rained again, and nothing happened. " * 300) + "It was April 9, 2031. " + "So. " * 50
    )
    (found,) = moments(text, SAID, absolute=True)
    assert (found.text, text[found.place :][: len(found.text)]) == ("April 9, 2031",) * 2
    assert moments("We met yesterday.", SAID, absolute=True) == []
    assert told(moments("We met yesterday.", SAID)[0], SAID) == "8 May 2031"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("three dogs", 3, "dogs"),
        ("$1,200", 1200, "$"),
        ("5 km", 5, "km"),
        ("两个孩子", 2, "个"),
    ],
)
def test_numbers(text: str, value: float, unit: str) -> None:
    (found,) = numbers(text)
    assert (found.value, found.unit) == (value, unit)


def test_kinds_of_event_know_their_modifiers() -> None:
    assert kinds_of_event("She joined the annual pottery workshop.") == ["pottery workshop"]


def test_names_are_found_across_lines_and_not_within_words() -> None:
    assert occurrences("High Line", "the high\nline and highlines") == [4]
    assert occurrences("Ana", "banana, ana") == [8]


@given(st.text(max_size=300))
def test_spans_are_where_they_say(text: str) -> None:
    for name in names(text):
        assert text[name.start : name.stop] == name.text
    for start, sentence in sentences(text):
        assert text[start:].lstrip().startswith(sentence[:1])


@given(st.integers(1, 10**6), st.sampled_from(["", "a ", "the "]))
def test_times_that_are_told_can_be_read_again(days: int, lead: str) -> None:
    moment = Moment.parse("1971-01-01").micros + (days % 20_000) * 86_400_000_000
    from mnemic.language.when import day

    (found,) = moments(f"{lead}{day(Moment(moment))}", SAID)
    assert found.start == moment
