"""One slip in a word is undone where records hold the word, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.language.analyser import Analyser
from mnemic.language.spelling import Change, repaired

ENGLISH = Analyser()
TEXT = (
    "Yesterday the ceramics class was cancelled, so Caroline took her daughter to the museum and "
    "bought running shoes. The restaurant had received an award, but the accommodation in "
    "Philadelphia was terrible. What a necessary vacation! Race, wedding, boundary layer."
)
WORDS = [
    *("ceramics", "cancelled", "Caroline", "daughter", "museum", "bought", "running", "restaurant"),
    *("received", "accommodation", "Philadelphia", "terrible", "necessary", "vacation", "wedding"),
    *("boundary",),
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def held(text: str, analyser: Analyser = ENGLISH) -> Callable[[Sequence[str]], list[int]]:
    tokens = analyser.tokens(text)
    return lambda asked: [tokens.count(token) for token in asked]


def repair(question: str, *ordinary: str) -> str:
    return repaired(question, ENGLISH, held(TEXT), frozenset(ordinary).__contains__).text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("cermaics", "ceramics"),  # swapped
        ("resturant", "restaurant"),  # one missing
        ("restaurrant", "restaurant"),  # doubled
        ("recieved", "received"),
        ("weddinf", "wedding"),  # the key beside
        ("accomodation", "accommodation"),  # a double written once
        ("neccesary", "necessary"),  # two slips
        ("Carolien", "Caroline"),
        ("PHILADELPIHA", "PHILADELPHIA"),
        ("Philadelpiha's", "Philadelphia's"),
    ],
)
def test_slips_that_people_make(wrong: str, right: str) -> None:
    asked = f"What about the {wrong}, then?"
    assert repair(asked, right.lower()) == f"What about the {right}, then?"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(WORDS),
    st.integers(1, 30),
    st.sampled_from(LETTERS),
    st.sampled_from(["insert", "delete", "replace", "swap"]),
)
def test_any_one_slip_finds_the_word_again(word: str, place: int, letter: str, kind: str) -> None:
    place = min(place, len(word) - 1)
    before, here, after = word[:place], word[place], word[place + 1 :]
    slip = {
        "insert": before + letter + here + after,
        "delete": before + after,
        "replace": before + letter + after,
        "swap": before + after[:1] + here + after[1:],
    }[kind]
    fixed = repaired(slip, ENGLISH, held(TEXT), frozenset(map(str.lower, WORDS)).__contains__)
    assert set(ENGLISH.tokens(fixed.text)) <= set(ENGLISH.tokens(TEXT))
    if ENGLISH.tokens(slip)[0] not in ENGLISH.tokens(TEXT):
        assert ENGLISH.tokens(fixed.text) == ENGLISH.tokens(word)


def test_what_is_left_alone() -> None:
    # Known words, ordinary words, short ones, digits, other scripts, and what is near to nothing.
    for question in (
        "When was the wedding?",
        "Any museums in B2B4 or 東京都?",
        "Is the rce over?",
        "Did xylophonists travel?",
        "",
    ):
        assert repair(question) == question
    assert repair("Who paints weddings and weedings?", "weedings") == (
        "Who paints weddings and weedings?"
    )
    assert repair("When did Carl and Rase meet?") == "When did Carl and Rase meet?"  # short names


def test_nothing_is_looked_up_twice_when_all_is_known() -> None:
    asked: list[int] = []

    def count(tokens: Sequence[str]) -> list[int]:
        asked.append(len(tokens))
        return [1] * len(tokens)

    assert repaired("When was the wedding?", ENGLISH, count).changes == ()
    assert asked == [1]


def test_a_function_word_is_not_what_was_meant() -> None:
    there = held("Are you here? " * 50 + "The race.")
    assert repaired("the arce", ENGLISH, there, {"race", "are"}.__contains__).changes == (
        Change("arce", "race"),
    )


def test_other_languages_by_their_stems() -> None:
    german = Analyser("german")
    there = held("Die Wanderung durch den Schwarzwald war wunderbar", german)
    fixed = repaired("Wie war die Wandreung im Schwartzwald?", german, there)
    assert fixed.text == "Wie war die Wanderung im Schwarzwald?"
    portuguese = Analyser("portuguese")
    there = held("A viagem para Coimbra foi ótima", portuguese)
    fixed = repaired("Como foi a viagme?", portuguese, there)
    assert portuguese.query_terms(fixed.text) == portuguese.query_terms("Como foi a viagem?")


def test_a_text_of_unknown_words_is_not_full_of_slips() -> None:
    """Another language, or a log: to try them all took seconds."""
    slips = ["cermaics", "resturant", "recieved", "weddinf", "accomodation", "Carolien"]
    more = ["cancelledd", "daugther", "musuem"]
    assert repair(" ".join(slips)) != " ".join(slips)
    assert repair(" ".join([*slips, *more])) == " ".join([*slips, *more])
