"""Laws of the example data: it is what its README says, and its questions point at real turns."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PEOPLE = {"Ana", "Bruno", "Mei"}
TYPES = {
    "single",
    "multi",
    "temporal",
    "changed-fact",
    "list",
    "portuguese",
    "chinese",
    "unanswerable",
}


@pytest.fixture(scope="module")
def turns() -> list[dict[str, Any]]:
    lines = (EXAMPLES / "year.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    text = (EXAMPLES / "questions.json").read_text(encoding="utf-8")
    return list(json.loads(text))


def when(turn: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(turn["timestamp"])


def sessions(turns: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for turn in turns:
        found.setdefault(turn["session_id"], []).append(turn)
    return found


def is_chinese(text: str) -> bool:
    return sum("\u4e00" <= letter <= "\u9fff" for letter in text) > len(text) / 2


def is_portuguese(text: str) -> bool:
    return len(set(text.lower().split()) & {"que", "não", "uma", "em", "do", "da", "hoje"}) > 1


def test_each_turn_has_the_fields_of_the_format(turns: list[dict[str, Any]]) -> None:
    for turn in turns:
        assert list(turn) == ["id", "session_id", "timestamp", "name", "role", "content"]
        assert turn["content"] == turn["content"].strip() != ""
        assert when(turn).tzinfo is not None


def test_ids_are_unique_and_count_within_their_session(turns: list[dict[str, Any]]) -> None:
    assert len({turn["id"] for turn in turns}) == len(turns)
    for name, session in sessions(turns).items():
        ids = [turn["id"] for turn in session]
        assert ids == [f"{name}-{place:02d}" for place in range(1, len(session) + 1)]


def test_times_ascend_within_a_session_and_across(turns: list[dict[str, Any]]) -> None:
    assert all(when(one) <= when(other) for one, other in pairwise(turns))
    for session in sessions(turns).values():
        assert when(session[-1]) - when(session[0]) < timedelta(hours=4)
    for one, other in pairwise(sessions(turns).values()):
        assert when(other[0]) - when(one[-1]) > timedelta(days=1)


def test_sessions_are_contiguous_and_span_the_year(turns: list[dict[str, Any]]) -> None:
    order = [turn["session_id"] for turn in turns]
    assert order == sorted(order)
    assert len(set(order)) == 28
    assert timedelta(days=350) < when(turns[-1]) - when(turns[0]) < timedelta(days=380)


def test_three_people_and_an_assistant_talk_in_every_session(turns: list[dict[str, Any]]) -> None:
    roles = {(turn["name"], turn["role"]) for turn in turns}
    assert roles == {(name, "user") for name in PEOPLE} | {("Iris", "assistant")}
    for session in sessions(turns).values():
        assert {turn["name"] for turn in session} == PEOPLE | {"Iris"}
    counts = Counter(turn["name"] for turn in turns)
    assert all(counts[name] >= 80 for name in PEOPLE)


def test_the_counts_are_those_of_the_readme(
    turns: list[dict[str, Any]], questions: list[dict[str, Any]]
) -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert 290 <= len(turns) <= 320
    assert f"{len(sessions(turns))} sessions, {len(turns)} turns" in readme
    assert f"{len(questions)} questions" in readme


def test_clocks_are_those_of_lisbon(turns: list[dict[str, Any]]) -> None:
    summer = datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2025, 10, 26, 1, tzinfo=UTC)
    for turn in turns:
        hours = 1 if summer[0] <= when(turn) < summer[1] else 0
        assert when(turn).utcoffset() == timedelta(hours=hours), turn["id"]


def test_several_languages_are_spoken(turns: list[dict[str, Any]]) -> None:
    assert sum(is_chinese(turn["content"]) for turn in turns) >= 8
    assert sum(is_portuguese(turn["content"]) for turn in turns) >= 6


def test_somebody_repeats_themselves_in_the_same_minute(turns: list[dict[str, Any]]) -> None:
    said = Counter((turn["name"], turn["timestamp"], turn["content"]) for turn in turns)
    assert 2 in said.values()


def test_turns_are_as_long_as_chat_is_and_some_are_pages(turns: list[dict[str, Any]]) -> None:
    words = [len(turn["content"].split()) for turn in turns]
    assert sum(length >= 150 for length in words) >= 3
    assert sum(length > 70 for length in words) <= 6


def test_questions_are_complete_and_point_at_turns(
    turns: list[dict[str, Any]], questions: list[dict[str, Any]]
) -> None:
    ids = {turn["id"] for turn in turns}
    assert len({question["id"] for question in questions}) == len(questions) >= 24
    assert {question["type"] for question in questions} == TYPES
    for question in questions:
        earlier = question.get("earlier", [])
        cited = question["evidence"] + question.get("near", [])
        cited += [place for value in earlier for place in value["evidence"]]
        assert set(cited) <= ids, question["id"]
        assert not set(question["evidence"]) & set(question.get("near", [])), question["id"]
        unanswerable = question["type"] == "unanswerable"
        assert (question["answer"] is None) == (not question["evidence"]) == unanswerable
        assert bool(earlier) == (question["type"] == "changed-fact"), question["id"]


def test_values_that_no_longer_hold_were_said_first(
    turns: list[dict[str, Any]], questions: list[dict[str, Any]]
) -> None:
    place = {turn["id"]: number for number, turn in enumerate(turns)}
    for question in questions:
        now = max(place[name] for name in question["evidence"] or ["s01-01"])
        for value in question.get("earlier", []):
            assert max(place[name] for name in value["evidence"]) <= now, question["id"]


def test_the_demo_asks_eight_of_them(questions: list[dict[str, Any]]) -> None:
    demo = [question for question in questions if question["demo"]]
    assert demo == questions[:8]
    kinds = {"changed-fact", "temporal", "list", "portuguese", "chinese", "single"}
    assert {question["type"] for question in demo} == kinds
