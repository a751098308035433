"""A period that is given by an event: how it is read, and when it was."""

from __future__ import annotations

import pytest

from mnemic.core.clock import Moment
from mnemic.language.analyser import Analyser
from mnemic.retrieval.anchors import Anchored, Told, anchored, event_time, resolved

ENGLISH = Analyser()
NOW = Moment.parse("2024-01-15")


def told(text: str, time: str = "2023-05-10T10:00Z") -> Told:
    return Told(text, Moment.parse(time))


def days(question: str, *texts: Told, language: str = "english") -> tuple[str, str] | None:
    asked = anchored(question)
    assert asked is not None
    span = resolved(asked, texts, Analyser(language), NOW)
    return span and (str(Moment(span.start))[:10], str(Moment(span.end))[:10])


@pytest.mark.parametrize(
    ("question", "event", "side", "unit", "most"),
    [
        ("What did Ana buy two weeks before the wedding?", "wedding", -1, "week", 2),
        ("Who came a few days after her birthday party?", "birthday party", 1, "day", 5),
        ("What happened the week after Ana's interview?", "Ana's interview", 1, "week", 1),
        ("Who called on the day of the race?", "race", 0, "", 1),
        ("What did she do before the marathon did end?", "marathon", -1, "", 1),
        ("O que fez a Ana duas semanas antes do casamento?", "casamento", -1, "week", 2),
        ("¿Qué hizo Ana tres días después de la boda?", "boda", 1, "day", 3),
        ("Was machte Ana zwei Wochen vor der Hochzeit?", "Hochzeit", -1, "week", 2),
        ("Qu'a fait Ana deux semaines avant le mariage ?", "mariage", -1, "week", 2),
        ("Cosa ha fatto due settimane prima del matrimonio?", "matrimonio", -1, "week", 2),
        ("婚礼前两周安娜买了什么？", "婚礼", -1, "week", 2),
        ("婚礼之后十二天他去了哪里？", "婚礼", 1, "day", 12),
    ],
)
def test_how_it_is_read(question: str, event: str, side: int, unit: str, most: int) -> None:
    found = anchored(question)
    assert found is not None
    assert (found.event, found.side, found.unit, found.most) == (event, side, unit, most)
    assert found.text in question


@pytest.mark.parametrize(
    "question",
    [
        "Where does Ana live?",
        "What did Ana do after 9 June?",
        "What did Ana do two weeks before 9 June 2023?",
        "What did Ana do before Christmas?",
        "How long after the fire did they move?",
        "How many days before the wedding did she leave?",
        "Was machte Ana vor drei Wochen?",
        "",
        "before " * 300,
    ],
)
def test_what_is_no_event(question: str) -> None:
    found = anchored(question)
    assert found is None or found.event.startswith("before")


def test_the_day_that_a_text_names_beside_the_event() -> None:
    wedding = told("Lots to do! Our wedding is on 24 June, and the cat is ill.")
    assert days("What did Ana buy two weeks before the wedding?", wedding) == (
        "2023-06-07",
        "2023-06-14",
    )
    assert days("What happened the day after the wedding?", wedding) == ("2023-06-25", "2023-06-26")
    assert days("What happened during the wedding?", wedding) == ("2023-06-24", "2023-06-25")


def test_relative_words_count_from_when_they_were_said() -> None:
    race = told("I ran the race yesterday!", "2023-05-10T10:00Z")
    assert days("Who called on the day of the race?", race) == ("2023-05-09", "2023-05-10")


def test_a_named_day_comes_before_the_time_of_a_better_hit() -> None:
    texts = (
        told("The wedding was so lovely.", "2023-07-02"),
        told("The wedding was on 24 June.", "2023-08-01"),
    )
    assert days("Who danced during the wedding?", *texts) == ("2023-06-24", "2023-06-25")
    assert days("Who danced during the wedding?", texts[0]) == ("2023-07-02", "2023-07-03")


def test_no_text_tells_of_the_event() -> None:
    assert days("Who danced during the wedding?", told("The race was on 24 June.")) is None
    assert days("Who danced during the wedding?") is None


def test_other_languages() -> None:
    casamento = told("O nosso casamento é no dia 24 de junho.", "2023-05-10")
    found = days(
        "O que fez a Ana duas semanas antes do casamento?", casamento, language="portuguese"
    )
    assert found is not None and found[0][:7] == found[1][:7]
    hochzeit = told("Unsere Hochzeit war gestern.", "2023-06-25")
    assert days("Was machte Ana drei Tage nach der Hochzeit?", hochzeit, language="german") == (
        "2023-06-27",
        "2023-06-28",
    )


def test_zones_and_the_calendars_end() -> None:
    asked = Anchored("wedding", -1, "year", 9999, 9999)
    assert resolved(asked, [told("The wedding was yesterday.")], ENGLISH, NOW) is None
    late = told("The wedding is today.", "2023-05-10T23:30-05:00")
    span = event_time(Anchored("wedding", 0), [late], ENGLISH)
    assert span is not None
    assert Moment(span.start, -300).as_datetime.isoformat() == "2023-05-10T00:00:00-05:00"
