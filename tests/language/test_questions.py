"""Questions: which texts ask, and which ask when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.language.questions import asks_when, is_question

ASK = """
Where do you live?
I moved to Lisbon! And you?
"Really?"
You did what?!?
你觉得怎么样？
¿Dónde vives?
what did she say
did you call her
how is Ana doing
where's he going
und wo ist Ana?
onde fica a casa
"""
TELL = """
I live in Lisbon.
Why I left? Because of the rain.
What a day
When we met it rained
Did it.
who knows.

I asked "why?" and left.
"""
WHEN = """
When did Ana move?
When is her birthday?
when's the party
And when exactly was that?
Do you remember when we met?
Since when does she live there?
What date did she move?
In which month was the trip?
What year was it?
On what day did they meet?
How long ago did she leave?
How long have they been married?
the exact date of the wedding
Quando a Ana se mudou?
Desde quando?
Em que ano foi isso?
¿Cuándo se mudó Ana?
¿En qué fecha fue?
Wann ist Ana umgezogen?
In welchem Jahr war das?
Quand est-ce qu'Ana a déménagé ?
C'était quel jour ?
Quando si è trasferita Ana?
你什么时候去的？
那是哪一年？
いつ引っ越しましたか
언제 이사했어요?
"""
NOT_WHEN = """
What did she say when she moved?
When Ana moved to Lisbon, what did she buy?
Where does Ana live?
Who is whenever?
What is the name of the day care?
Was sagt Ana?
O que ela disse quando saiu?
你喜欢什么？
"""


def lines(text: str) -> list[str]:
    return text[1:-1].split("\n")


@pytest.mark.parametrize("text", lines(ASK))
def test_questions_ask(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", lines(TELL))
def test_statements_do_not(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize("text", lines(WHEN))
def test_questions_for_a_time(text: str) -> None:
    assert asks_when(text)


@pytest.mark.parametrize("text", lines(NOT_WHEN))
def test_questions_for_something_else(text: str) -> None:
    assert not asks_when(text)


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    assert is_question(text.rstrip() + "?")
    assert asks_when(text) in (True, False)
    assert asks_when("when did " + text)
