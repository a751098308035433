"""Dates: what a question names, in each language, and what it does not."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.clock import Moment, Precision
from mnemic.language.calendars import MONTHS, WEEKDAYS
from mnemic.language.dates import DateSpan, date_words, spans

NOW = Moment.parse("2023-07-12T15:00Z")
"""A Wednesday."""


def day(micros: int) -> str:
    return str(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros))[:10]


def named(text: str, now: Moment = NOW) -> list[tuple[str, str]]:
    """First day, and the day after the last."""
    return [(day(span.start), day(span.end)) for span in spans(text, now)]


def one_day(first: str) -> tuple[str, str]:
    return first, day(Moment.parse(first).micros + 86_400_000_000)


DAYS = {
    "What did Ana do on 8 May 2023?": "2023-05-08",
    "on May 8, 2023": "2023-05-08",
    "on the 8th of May, 2023": "2023-05-08",
    "on May 8th": "2023-05-08",
    "on 20 December": "2022-12-20",
    "Will she come on 20 December?": "2023-12-20",
    "May 8 last year": "2022-05-08",
    "2023-05-08": "2023-05-08",
    "2023/5/8": "2023-05-08",
    "13/08/2023": "2023-08-13",
    "08.05.2023": "2023-05-08",
    "today": "2023-07-12",
    "this morning": "2023-07-12",
    "yesterday": "2023-07-11",
    "last night": "2023-07-11",
    "the day before yesterday": "2023-07-10",
    "tomorrow": "2023-07-13",
    "3 days ago": "2023-07-09",
    "on Friday": "2023-07-07",
    "last Friday": "2023-07-07",
    "last fri": "2023-07-07",
    "this Friday": "2023-07-14",
    "next Friday": "2023-07-14",
    "Monday last week": "2023-07-03",
    "last Christmas": "2022-12-25",
    "Thanksgiving 2022": "2022-11-24",
    "on the 4th of July": "2023-07-04",
    "29 February": "2020-02-29",
    "em 8 de maio de 2023": "2023-05-08",
    "anteontem": "2023-07-10",
    "na última sexta": "2023-07-07",
    "há 3 dias": "2023-07-09",
    "el 8 de mayo": "2023-05-08",
    "ayer": "2023-07-11",
    "el lunes pasado": "2023-07-10",
    "am 8. Mai 2023": "2023-05-08",
    "vorgestern": "2023-07-10",
    "letzten Montag": "2023-07-10",
    "vor drei Tagen": "2023-07-09",
    "le 1er mai 2023": "2023-05-01",
    "qu'est-ce que j'ai fait hier ?": "2023-07-11",
    "lundi dernier": "2023-07-10",
    "il y a trois jours": "2023-07-09",
    "l'8 maggio 2023": "2023-05-08",
    "2023年5月8日": "2023-05-08",
    "二〇二三年五月八日": "2023-05-08",
    "我在5月2号说过什么": "2023-05-02",
    "去年十二月二十五日": "2022-12-25",
    "在27号": "2023-06-27",
    "昨天我去了哪里": "2023-07-11",
    "三天前": "2023-07-09",
    "上周五": "2023-07-07",
    "上个星期天": "2023-07-09",
    "先週の金曜日": "2023-07-07",
    "3日前": "2023-07-09",
    "2023년 5월 8일": "2023-05-08",
    "어제": "2023-07-11",
}

PERIODS = {
    "in May 2023": ("2023-05-01", "2023-06-01"),
    "what happened in may": ("2023-05-01", "2023-06-01"),
    "since she left, May was hard": ("2023-05-01", "2023-06-01"),
    "in early August": ("2022-08-01", "2022-09-01"),
    "last May": ("2023-05-01", "2023-06-01"),
    "last July": ("2022-07-01", "2022-08-01"),
    "next May": ("2024-05-01", "2024-06-01"),
    "in Sept": ("2022-09-01", "2022-10-01"),
    "2023-05": ("2023-05-01", "2023-06-01"),
    "2022": ("2022-01-01", "2023-01-01"),
    "the 1990s": ("1990-01-01", "2000-01-01"),
    "in the 90s": ("1990-01-01", "2000-01-01"),
    "Q3 2022": ("2022-07-01", "2022-10-01"),
    "3-5 May 2023": ("2023-05-03", "2023-05-06"),
    "last week": ("2023-07-03", "2023-07-10"),
    "this week": ("2023-07-10", "2023-07-17"),
    "last weekend": ("2023-07-08", "2023-07-10"),
    "two weekends ago": ("2023-07-01", "2023-07-03"),
    "last month": ("2023-06-01", "2023-07-01"),
    "last year": ("2022-01-01", "2023-01-01"),
    "two weeks ago": ("2023-06-25", "2023-07-02"),
    "a few days ago": ("2023-07-07", "2023-07-11"),
    "4 years ago": ("2019-01-01", "2020-01-01"),
    "half a year ago": ("2023-01-01", "2023-02-01"),
    "the last 3 months": ("2023-04-12", "2023-07-13"),
    "last summer": ("2022-06-01", "2022-09-01"),
    "this summer": ("2023-06-01", "2023-09-01"),
    "in the winter": ("2022-12-01", "2023-03-01"),
    "summer of 2021": ("2021-06-01", "2021-09-01"),
    "between March and May": ("2023-03-01", "2023-06-01"),
    "between May 3 and June 5, 2022": ("2022-05-03", "2022-06-06"),
    "from November to February": ("2022-11-01", "2023-03-01"),
    "since May": ("2023-05-01", "2023-07-13"),
    "before 2020": ("0001-01-01", "2020-01-01"),
    "after 9 June 2023": ("2023-06-10", "9999-12-31"),
    "na semana passada": ("2023-07-03", "2023-07-10"),
    "no verão passado": ("2022-06-01", "2022-09-01"),
    "hace dos semanas": ("2023-06-25", "2023-07-02"),
    "el año pasado": ("2022-01-01", "2023-01-01"),
    "im Mai": ("2023-05-01", "2023-06-01"),
    "letztes Jahr": ("2022-01-01", "2023-01-01"),
    "vor zwei Wochen": ("2023-06-25", "2023-07-02"),
    "l'été dernier": ("2022-06-01", "2022-09-01"),
    "il y a un an": ("2022-01-01", "2023-01-01"),
    "les 3 derniers mois": ("2023-04-12", "2023-07-13"),
    "il mese scorso": ("2023-06-01", "2023-07-01"),
    "上个月": ("2023-06-01", "2023-07-01"),
    "去年夏天": ("2022-06-01", "2022-09-01"),
    "两个星期前": ("2023-06-25", "2023-07-02"),
    "最近三个月": ("2023-04-12", "2023-07-13"),
    "先月": ("2023-06-01", "2023-07-01"),
    "지난주": ("2023-07-03", "2023-07-10"),
}

NOTHING = """
Where does Ana live?
I may go
May I go?
You may come if you march
Did John go on a march?
a spring of water, and I fall
I sat in the sun
2000 steps a day
It cost $2000, or 1,200 each
30/02/2023
in 2 weeks
por la mañana
guten Morgen
ich war hier
Mars is a planet
version 1.2.23
the year 12000
9999999 days ago
我的猫叫什么
"""


@pytest.mark.parametrize("text", DAYS)
def test_days(text: str) -> None:
    assert named(text) == [one_day(DAYS[text])]


@pytest.mark.parametrize("text", PERIODS)
def test_periods(text: str) -> None:
    assert named(text) == [PERIODS[text]]


@pytest.mark.parametrize("text", NOTHING.strip().split("\n"))
def test_what_names_no_time(text: str) -> None:
    assert spans(text, NOW) == []


def test_a_date_in_numbers_has_both_readings() -> None:
    assert named("05/08/2023") == [one_day("2023-05-08"), one_day("2023-08-05")]


def test_what_is_beside_a_date_keeps_the_date_too() -> None:
    """It may have been told on that day: "two weeks ago, we bought a boat"."""
    text = "What is the boat called that they bought two weeks before August 11, 2023?"
    assert named(text) == [("2023-07-25", "2023-08-01"), one_day("2023-08-11")]
    text = "What happened the Friday before 14 August 2022?"
    assert named(text) == [one_day("2022-08-12"), one_day("2022-08-14")]


def test_several_expressions_stand_in_the_order_of_the_text() -> None:
    text = "Was it yesterday, in May 2022 or on Friday?"
    assert [span.text for span in spans(text, NOW)] == ["yesterday", "May 2022", "on Friday"]
    assert all(text[each.place :].startswith(each.text) for each in spans(text, NOW))


def test_days_are_those_of_the_place_where_it_is_now() -> None:
    lisbon = Moment.parse("2023-07-12T00:30+01:00")
    (span,) = spans("yesterday", lisbon)
    assert str(Moment(span.start, 60)) == "2023-07-11T00:00:00+01:00"


def test_an_hour_ago_is_less_than_a_day() -> None:
    (span,) = spans("an hour ago", NOW)
    assert (span.start, span.end) == (
        Moment.parse("2023-07-12T13:30Z").micros,
        Moment.parse("2023-07-12T14:30Z").micros,
    )
    assert span.precision is Precision.HOUR


MOMENTS = st.builds(
    Moment,
    st.integers(-3_000_000_000_000_000, 5_000_000_000_000_000),
    st.sampled_from([0, 60, -480, 345]),
    st.sampled_from(Precision),
)
WORDS = (
    "the last next ago in on since before and to between 5 31 2023 99 may May mon weeks years days"
    " few half of quarter Easter 's ’ İ / - . , 月 日 年 前 十 上 周"
)
FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from([*DAYS, *PERIODS, *NOTHING.split("\n")]),
        st.sampled_from(WORDS.split(" ")),
        st.text(st.characters(exclude_categories=()), max_size=6),
    ),
    max_size=8,
)


@given(FRAGMENTS, st.sampled_from([" ", "", ", "]), MOMENTS)
def test_any_text_at_any_time_gives_spans_within_the_text(
    parts: list[str], between: str, now: Moment
) -> None:
    text = between.join(parts)
    found = spans(text, now)
    for span in found:
        assert isinstance(span, DateSpan)
        assert span.start < span.end
        assert text[span.place : span.place + len(span.text)] == span.text != ""
    assert len({(span.start, span.end) for span in found}) == len(found)


@given(st.dates(), st.sampled_from([*MONTHS]))
def test_a_date_written_out_names_its_day(day_: object, language: str) -> None:
    moment = Moment.parse(day_)  # type: ignore[arg-type]
    here = moment.as_datetime
    if here.year < 1900 or here.year > 2100:
        return
    month = MONTHS[language][here.month - 1]
    text = f"{here.day} {month} {here.year}"
    assert [span.start for span in spans(text, NOW)] == [moment.micros]
    assert [span.start for span in spans(date_words(moment), NOW)][:1] == [moment.micros]


def test_a_very_long_text_is_read_to_4096_characters() -> None:
    begun = time.process_time()
    assert spans("1" * 500_000 + " " * 500_000 + "yesterday", NOW) == []
    spans("8 May " * 100_000, NOW)
    spans("一" * 500_000, NOW)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("time_", "words"),
    [
        ("2023-05-08T13:56Z", "8 may 2023 monday 2023-05-08"),
        ("2023-05-08", "8 may 2023 monday 2023-05-08"),
        ("2023-05-08T23:30-05:00", "8 may 2023 monday 2023-05-08"),
        ("2023-05", "may 2023 2023-05"),
        ("2023", "2023"),
        ("0900-01-01", "1 january 0900 friday 0900-01-01"),
    ],
)
def test_date_words_are_as_exact_as_the_time(time_: str, words: str) -> None:
    assert date_words(Moment.parse(time_)) == words


def test_date_words_in_the_configured_language() -> None:
    monday = Moment.parse("2023-05-08")
    assert date_words(monday, "portuguese") == "8 maio 2023 segunda-feira 2023-05-08"
    assert date_words(monday, "finnish") == date_words(monday, "english")


def test_tables_are_whole() -> None:
    assert all(len(set(months)) == 12 for months in MONTHS.values())
    assert all(len(set(days)) == 7 for days in WEEKDAYS.values())
