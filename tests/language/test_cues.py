"""Cues: what is read off a text when it is written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.core.cues import Cue
from mnemic.language.cues import cues
from mnemic.language.dates import date_words

CUES = [
    ("I moved to Lisbon last May.", Cue.TIME | Cue.FIRST_PERSON | Cue.NAME),
    ("Did she call?", Cue.QUESTION),
    ("When did we meet, yesterday?", Cue.QUESTION | Cue.TIME | Cue.FIRST_PERSON),
    ("It's raining.", Cue(0)),
    ("I'm fine", Cue.FIRST_PERSON),
    ("i’ve been there", Cue.FIRST_PERSON),
    ("III. Part", Cue(0)),
    ("Eu moro em Lisboa", Cue.FIRST_PERSON | Cue.NAME),
    ("Ich wohne hier", Cue.FIRST_PERSON),
    ("我住在里斯本", Cue.FIRST_PERSON),
    ("昨天他走了", Cue.TIME),
    ("She met Rita twice.", Cue.NAME | Cue.NUMBER),
    ("There were 14 of them", Cue.NUMBER),
    ("dois gatos", Cue.NUMBER),
    ("Rita called.", Cue(0)),
    ("and Rita called", Cue.NAME),
    ("She and I called", Cue.FIRST_PERSON),
    ("你好吗？", Cue.QUESTION),
    ("", Cue(0)),
]
TIMES = """
yesterday.
See you on Friday!
She left two weeks ago
last few weeks
the other day
in the summer
we met in may
8 May it was
on may 8th
and in Sept 5
it was March then, May I guess
in 2023
at 5 pm, or 17:30
on 8/5/2023
ontem à noite
há dois anos
no mês passado
semana que vem
hace tres días
letzte Woche
vor zwei Jahren
la semaine dernière
il y a longtemps
hier soir
segunda-feira
sábado
3天前
星期五
来週
"""
NO_TIMES = """
You may come.
May I come?
I march on
this time, the last one
1,200 people, $20 and 50%
4096 bytes
ich bin hier
il est là
guten Morgen
segunda vez
我喜欢你
last but not least
"""


@pytest.mark.parametrize(("text", "expected"), CUES)
def test_cues(text: str, expected: Cue) -> None:
    assert cues(text) == expected


@pytest.mark.parametrize("text", TIMES.strip().split("\n"))
def test_times(text: str) -> None:
    assert cues(text) & Cue.TIME


@pytest.mark.parametrize("text", NO_TIMES.strip().split("\n"))
def test_no_times(text: str) -> None:
    assert not cues(text) & Cue.TIME


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_a_cue_is_a_cue_of_the_text(text: str) -> None:
    found = cues(text)
    assert isinstance(found, Cue)
    assert cues(text + " yesterday") & Cue.TIME
    assert cues("I, " + text) & Cue.FIRST_PERSON


def test_a_list_of_words_is_no_sentence() -> None:
    """As keywords are stuffed: whatever is asked, one of them fits."""
    words = "garden boat job school doctor sister holiday dinner phone lamp"
    assert cues(f"{words}, {words}") & Cue.LIST
    assert not cues(words) & Cue.LIST  # a short text may be a note
    sentences = [
        "We went to the garden by boat and then she told me of a job at the school of my doctor.",
        "Depois fomos ao jardim de barco e ela falou de um emprego na escola do meu médico ali.",
        "Danach fuhren wir mit dem Boot in den Garten und sie erzählte mir von einer Stelle an der"
        " Schule meines Arztes.",
    ]
    for text in sentences:
        assert len(f"{text} {text}".split()) >= 20
        assert not cues(f"{text} {text}") & Cue.LIST


@given(st.dates().map(Moment.parse))
def test_every_date_written_out_is_a_time(moment: Moment) -> None:
    assert cues(date_words(moment)) & Cue.TIME


@pytest.mark.parametrize("text", ["1" * 400_000, "this " * 100_000, "I " * 200_000, "天" * 300_000])
def test_time_is_linear(text: str) -> None:
    begun = time.process_time()
    cues(text)
    assert time.process_time() - begun < 3
