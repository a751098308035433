"""Names are found as people write them, and leave the question that is compared by meaning."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.core.queries import Query
from mnemic.core.records import Partition
from mnemic.language.analyser import Analyser
from mnemic.retrieval.analyse import Analysis, analyse, without_names

NOW = Moment.parse("2025-07-01T12:00Z")


def read(text: str, speakers: list[str] | None = None, dialogue: tuple[str, ...] = ()) -> Analysis:
    query = Query(text, (Partition(),), NOW, dialogue=dialogue)
    return analyse(query, speakers or [], Analyser())


@pytest.mark.parametrize(
    ("text", "speakers", "rest", "named"),
    [
        ("Where does Ana live?", ["Ana", "Bob"], "Where does live?", ["Ana"]),
        ("where does ana live?", ["Ana"], "where does live?", ["Ana"]),
        ("What is Ana's brother's name?", ["Ana"], "What is brother's name?", ["Ana"]),
        ("What is Ana’s job?", ["Ana"], "What is job?", ["Ana"]),
        ("Did James' dog bark?", ["James"], "Did dog bark?", ["James"]),
        ("Where does Ana Silva live?", ["Ana Silva"], "Where does live?", ["Ana Silva"]),
        ("Is Ana well?", ["Ana Silva", "Ana Reis"], "Is well?", ["Ana Silva", "Ana Reis"]),
        ("Is a banana good for Anabel?", ["Ana"], "Is a banana good for Anabel?", []),
        ("田中さんはどこに住んでいますか", ["田中"], "さんはどこに住んでいますか", ["田中"]),
        ("What did José eat?", ["José"], "What did eat?", ["José"]),
        ("Who is Ana?", ["Ana"], "Who is Ana?", ["Ana"]),
        ("When will she come?", ["Will"], "When will she come?", []),
        ("When did Will come?", ["Will"], "When did come?", ["Will"]),
        ("Did Ana tell Bob of tea?", ["Bob", "Ana"], "Did tell of tea?", ["Ana", "Bob"]),
        ("Where is the plus sign?", ["C++ (bot)", "", " "], "Where is the plus sign?", []),
    ],
)  # fmt: skip
def test_names(text: str, speakers: list[str], rest: str, named: list[str]) -> None:
    found, who = without_names(text, speakers)
    assert found == rest
    assert sorted(who) == sorted(named)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.lists(st.text(max_size=8), max_size=4))
def test_any_text_can_be_read(text: str, speakers: list[str]) -> None:
    rest, named = without_names(text, speakers)
    assert set(named) <= set(speakers)
    assert bool(rest.strip()) == bool(text.strip())


def test_words_keep_the_name_and_meaning_loses_it() -> None:
    found = read("When did Ana move to Lisbon?", ["Ana"])
    assert found.terms == ("ana", "move", "lisbon")
    assert found.meaning == "When did move to Lisbon?"
    assert found.speakers == ("Ana",)
    assert found.asks_when


def test_periods_are_those_of_the_question() -> None:
    (span,) = read("What happened in May 2025?").spans
    assert [str(Moment(edge))[:10] for edge in span] == ["2025-05-01", "2025-06-01"]
    assert read("What happened?").spans == ()


def test_what_was_said_before_adds_terms_newest_first() -> None:
    said = ("I like tea.", "Nothing.", "My sister is Rita.", "She lives in Porto.")
    found = read("Where does Rita work?", dialogue=said)
    assert found.dialogue == ("live", "porto", "sister", "noth")
    assert "rita" not in found.dialogue
    assert read("Where?", dialogue=("word " * 99,)).dialogue == ("word",)
