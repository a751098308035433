"""Questions: which texts ask, and which ask when."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.language.questions import (
    asks_first,
    asks_latest,
    asks_name,
    asks_number,
    asks_when,
    is_question,
)

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

NUMBER = """
How many sisters has Ana?
how much was the rent
How old is the dog?
What number of guests came?
Quantos irmãos tem a Ana?
¿Cuánto cuesta el piso?
Wie viele Kinder hat sie?
Combien de chats ont-ils ?
她有几个姐姐？
房租多少钱？
"""
NO_NUMBER = """
How did it go?
How is Ana doing?
However it was, what did she say?
Wie geht es Ana?
她叫什么？
"""
NAME = """
Who called?
Where does she live?
Whose dog barked?
Which school did he choose?
What is her cat called?
Quem ligou?
¿Dónde vive Ana?
Wo wohnt sie?
Où habite-t-elle ?
Comment s'appelle-t-elle, quel est son nom ?
谁来了？
她住在哪里？
"""
NO_NAME = """
Why did she leave?
How many came?
When did the party begin?
Somewhere warm?
你为什么走了？
"""
LATEST = """
Where does Ana work now?
What is her current job?
Does he still smoke?
What was the last book that she read?
Onde trabalha a Ana agora?
¿Dónde vive actualmente?
Wo arbeitet sie jetzt?
Où travaille-t-elle maintenant ?
她现在住哪？
"""
NOT_LATEST = """
Where did Ana work?
Does she know the nowhere song?
What lasted longest?
"""
FIRST = """
What was her first job?
Where did they originally live?
Qual foi o primeiro emprego dela?
¿Cuál fue su primer trabajo?
Wo wohnte sie zuerst?
Quel a été son premier métier ?
她最初住在哪里？
"""
NOT_FIRST = """
What was her job?
Who knows firsthand?
Where did she go afterwards?
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


ASKED = {
    asks_number: (NUMBER, NO_NUMBER),
    asks_name: (NAME, NO_NAME),
    asks_latest: (LATEST, NOT_LATEST),
    asks_first: (FIRST, NOT_FIRST),
}


@pytest.mark.parametrize(
    ("asks", "text", "expected"),
    [
        pytest.param(asks, text, expected, id=f"{asks.__name__}-{text}")
        for asks, told in ASKED.items()
        for block, expected in zip(told, (True, False), strict=True)
        for text in lines(block)
    ],
)
def test_what_a_question_asks_for(asks: Callable[[str], bool], text: str, expected: bool) -> None:
    assert asks(text) is expected
    assert asks(text.upper()) is expected


@pytest.mark.parametrize("text", ["how " * 100_000, "的" * 300_000, "last-" * 80_000])
def test_a_question_is_read_in_little_time_however_long(text: str) -> None:
    begun = time.process_time()
    for asks in ASKED:
        asks(text)
    assert time.process_time() - begun < 0.5


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    assert is_question(text.rstrip() + "?")
    assert asks_when(text) in (True, False)
    assert asks_when("when did " + text)
