"""What kind of answer a question wants: examples in several languages, and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.language.asked import Asked, Order, Want, asked

WANTS = {
    Want.DATE: """
        When did Ana move?
        At which dates was Ana seen?
        Give the dates of every glass fair.
        Recall all events about glass. Provide a list of all dates when these occurred.
        Quando é que a Ana se mudou?
        Wann zog Anna um?
        ¿Cuándo se mudó Ana?
        Quand Anne a-t-elle déménagé ?
        小明什么时候去北京？
        我朋友的生日是几月几号？
    """,
    Want.PLACE: """
        Where does Ana live?
        Which venues did Ana turn up at?
        List all the unique locations where these events took place.
        Onde mora a Ana?
        Wo wohnt Anna?
        ¿Dónde vive Ana?
        小明去了哪里？
    """,
    Want.PERSON: """
        Who attended the wedding?
        Which people were seen at Pier 9?
        Name every person who was at Pier 9 on 3 May 2031.
        Quem ganhou?
        Wer hat gewonnen?
        Qui a gagné ?
        小明和谁吃饭？
    """,
    Want.EVENT: """
        What events did Ana attend?
        Enumerate all activities that Ana has been involved in.
        What happened at Pier 9 on 3 May 2031?
        List what happened to Ana on those dates.
        Tell me what took place when Ana was at Pier 9.
    """,
    Want.TIMES: """
        How many times has Ana gone to the beach?
        On how many occasions was Ana at Pier 9?
        Wie oft war Anna dort?
        他去过几次北京？
    """,
    Want.DURATION: """
        How long have they been married?
        How many weeks did the trip take?
        Quanto tempo durou a viagem?
    """,
    Want.COUNT: "How many dogs does Ana have?\n¿Cuántos hijos tiene Ana?",
    Want.QUANTITY: "How much did the bike cost?\nHow old is Ana?",
    Want.YES_NO: """
        Is Ana a teacher?
        Did she call
        小明去过上海吗？
        ¿El novio de Ana sabe tocar el piano?
    """,
    Want.CHOICE: "Did Ana or Bob win the race?\nWho is older, Ana or Bob?",
    Want.ACCOUNT: "Provide a comprehensive account of what happened at Pier 9.",
    Want.THING: "What did Ana research?\nWhat kind of dog does Ana have?\nHow did Ana travel?\n"
    "Why did she leave?\n我穿的鞋怎么样？\n¿Cómo se llama?",
}
EACH = [
    (want, question.strip())
    for want, told in WANTS.items()
    for question in told.strip().split("\n")
]


@pytest.mark.parametrize(("want", "question"), EACH, ids=[question for _, question in EACH])
def test_what_is_wanted(want: Want, question: str) -> None:
    assert asked(question).want is want


@pytest.mark.parametrize(
    ("order", "question"),
    [
        (Order.LATEST, "What is the most recent place where Ana was seen?"),
        (Order.LATEST, "Where did Ana go last?"),
        (Order.LATEST, "What is Ana's current job?"),
        (Order.FIRST, "What was the first venue that Ana visited?"),
        (Order.RISING, "List the days, ordered from earliest to latest."),
        (Order.RISING, "Provide a chronological list of all dates."),
        (Order.FALLING, "List the days, newest first."),
        (None, "Who was Ana with last week?"),
        (None, "Where does Ana live?"),
    ],
)
def test_order(order: Order | None, question: str) -> None:
    assert asked(question).order is order


def test_what_to_leave_out_is_not_what_is_asked() -> None:
    read = asked("Without describing the events, list all the unique places where they took place.")
    assert (read.want, read.several) == (Want.PLACE, True)
    assert "describing" not in read.focus


def test_one_latest_value_is_no_list() -> None:
    assert not asked("What is the latest date on which Ana was seen?").several
    assert asked("What are the latest dates on which Ana was seen?").several


def test_a_relative_clause_with_or_is_no_choice() -> None:
    read = asked("What was the last date on which Ana was seen or heard?")
    assert (read.want, read.options) == (Want.DATE, ())


def test_options_are_the_parts_around_or() -> None:
    assert asked("Which came first, the move or the wedding?").options == ("move", "wedding")
    assert asked("Did Ana or Bob win?").options == ("Ana", "Bob")


def test_talk_before_the_question_is_passed_over() -> None:
    read = asked("The weather was awful. What I really wanted to ask is: where does Ana live?")
    assert (read.want, read.focus) == (Want.PLACE, "where does Ana live?")
    assert asked("天气真好。我真正想问的是：活动的地点是什么？").focus == "活动的地点是什么？"


def test_modifiers() -> None:
    assert asked("List all protagonists at Pier 9.").leading
    assert asked("Who else was there?").others
    assert asked("Is Ana older than Bob?").compares
    assert asked("Who did not come?").negated


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    read = asked(text)
    assert isinstance(read, Asked)
    assert read.want is not Want.CHOICE or read.options
