"""A language is guessed only where it is clear; else a question is taken for English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.language import guess
from mnemic.language.guess import foreign

OTHERS = """
Onde vive a irmã da Ana?
Quem telefonou?
¿Dónde vive la hermana de Ana?
¿Quién llamó?
Où est l'église ?
Qui a téléphoné ?
Wo wohnt Ana?
Was hat Ana von der Reise erzählt?
Dove abita la sorella di Ana?
combien de soeurs a Ana
em que cidade é que ela vive
"""
ENGLISH = """
Where does Ana live?
Ana?
42
cat food brand
Who is de la Cruz?
What did she say about the Côte d'Azur?
Did Ana go to Rio de Janeiro?
"""
ENGLISH_WITHOUT_FUNCTION_WORDS = """
J
Vitamin D dosage
T-shirt size
e-mail address
Son's birthday
hat size
war memorial
bin day
AI course
LA trip
EU passport
Las Vegas hotel
Los Angeles
Rio de Janeiro
Leonardo da Vinci
van der Berg
die hard
Les Miserables tickets
"""


def lines(text: str) -> list[str]:
    return text.strip().split("\n")


@pytest.mark.parametrize("text", lines(OTHERS))
def test_other_languages(text: str) -> None:
    assert foreign(text)


@pytest.mark.parametrize("text", lines(ENGLISH))
def test_english(text: str) -> None:
    assert not foreign(text)


@pytest.mark.parametrize("text", lines(ENGLISH_WITHOUT_FUNCTION_WORDS))
def test_few_words_of_english_are_no_other_language(text: str) -> None:
    """Each of them once lost its vectors to a French letter, a German verb or a Spanish article."""
    assert not foreign(text)


def test_home_is_where_one_says() -> None:
    assert foreign("Where does she live?", "german")
    assert not foreign("Wo wohnt sie denn?", "german")


@given(st.text(max_size=60))
def test_any_text_can_be_guessed_and_english_words_speak_for_english(text: str) -> None:
    foreign(text)
    assert not foreign("what does she think about this and that, " + text[:8])
    assert not foreign("?!. " + "".join(sign for sign in text if not sign.isalpha()))


def test_words_that_are_unsure_are_words_that_speak() -> None:
    """A word that no other language's list holds need not be named."""
    others = [own for name, own in guess._own().items() if name != "english"]
    assert guess._unsure() <= frozenset().union(*others)
