"""BEAM: an invented chat in the official layout; the order of events; the sample."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.system import Answered
from mnemic.bench.tasks.beam import TASK, order
from mnemic.core.errors import InputError

CHAT = [
    {
        "batch_number": 1,
        "time_anchor": "March-15-2024",
        "turns": [[
            {"role": "user", "id": 0, "content": "I plan a shed. ->-> 1,1"},
            {"role": "assistant", "id": 1, "content": "Good."},
            {"role": "user", "id": 2, "content": "No, a barn."},
        ]],
    }
]  # fmt: skip
QUESTIONS = {
    "abstention": [{"question": "Which colour?", "ideal_response": "unknown"}],
    "contradiction_resolution": [
        {
            "question": "A shed?",
            "ideal_answer": "unclear",
            "source_chat_ids": {"first_statement": [0], "second_statement": [2]},
        }
    ],
    "event_ordering": [
        {"question": "In which order?", "answer": "x", "source_chat_ids": [0, 1, 2]}
    ],
}


def lay(write, tier: str = "100K"):
    write(f"chats/{tier}/7/probing_questions/probing_questions.json", QUESTIONS)
    return write(f"chats/{tier}/7/chat.json", CHAT).parents[2]


def test_messages_and_evidence(write, outcome):
    data = TASK.load(lay(write), {})
    assert data.partitions["100K/7"][0].text == "I plan a shed."
    assert data.questions[1].evidence == ("0", "2")
    assert TASK.score(outcome(data, 1, ["2", "0"]))["all@5"] == 1.0
    assert TASK.score(outcome(data, 0, ["2"])) == {}
    assert TASK.score(outcome(data, 0, [], Answered(())))["abstains"] == 1.0


def test_order_of_what_is_returned_or_answered(write, outcome):
    data = TASK.load(lay(write), {})
    assert TASK.score(outcome(data, 2, ["0", "1", "2"]))["order"] == 1.0
    assert TASK.score(outcome(data, 2, ["2", "1", "0"]))["order"] == 0.0
    sorted_answer = Answered(("x",), evidence=("0", "1", "2"))
    assert TASK.score(outcome(data, 2, ["2", "1", "0"], sorted_answer))["order"] == 1.0


def test_tiers(write):
    lay(write, "500K")
    path = lay(write)
    assert list(TASK.load(path, {"tier": "500K"}).partitions) == ["500K/7"]
    assert len(TASK.load(path, {}).partitions) == 2
    with pytest.raises(InputError, match="no chats of tier '1M'"):
        TASK.load(path, {"tier": "1M"})


@given(st.permutations(["a", "b", "c", "d"]))
def test_reversing_mirrors_the_order(held):
    gold = ["a", "b", "c", "d"]
    assert order(held, gold) + order(held[::-1], gold) == pytest.approx(1.0)


@pytest.mark.shared
def test_the_sample(data):
    found = TASK.load(data / "beam", {})
    assert len(found.partitions["100K/1"]) == 188
    assert len(found.questions) == 20
    assert found.notes == ["1 of 100 chats"]
    there = {event.metadata["turn"] for event in found.partitions["100K/1"]}
    assert all(set(question.evidence) <= there for question in found.questions)
