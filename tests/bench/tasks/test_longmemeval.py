"""LongMemEval: invented items; one haystack at a time; abstention apart; the official NDCG."""

from __future__ import annotations

import pytest

from mnemic.bench.system import Answered
from mnemic.bench.tasks.longmemeval import TASK


def item(id: str, kind: str = "multi-session") -> dict[str, object]:
    return {
        "question_id": id,
        "question_type": kind,
        "question": "Which fruit?",
        "question_date": "2023/05/30 (Tue) 23:40",
        "answer": "plums",
        "answer_session_ids": ["answer_b"],
        "haystack_session_ids": ["a", "answer_b"],
        "haystack_dates": ["2023/05/01 (Mon) 10:00", "2023/05/02 (Tue) 10:00"],
        "haystack_sessions": [
            [{"role": "user", "content": "Hello " + id}, {"role": "assistant", "content": "Hi"}],
            [
                {"role": "user", "content": "Plums!", "has_answer": True},
                {"role": "assistant", "content": "Plums then.", "has_answer": True},
            ],
        ],
    }


def test_turns(write, outcome):
    data = TASK.load(write("s.json", [item("q1"), item("q2")]), {})
    assert list(data.partitions) == ["q1", "q2"]
    assert data.partitions["q2"][0].text == "Hello q2"
    assert data.questions[0].evidence == ("answer_b:0", "answer_b:1")
    scores = TASK.score(outcome(data, 0, ["a:0", "answer_b:0"]))
    assert scores["recall@5"] == scores["any@5"] - 0.5 == 0.5
    # Gains 0 and 1, of 1 and 1 at best, all undiscounted; the standard one discounts both.
    assert scores["ndcg_longmemeval@5"] == 0.5
    assert scores["ndcg@10"] == pytest.approx(0.6309297 / 1.6309297)
    assert scores["session_all@5"] == 1.0


def test_sessions_and_the_official_index_of_users_turns(write, outcome):
    path = write("s.json", [item("q1"), item("q2")])
    sessions = TASK.load(path, {"unit": "session", "sides": "user"})
    assert [event.text for event in sessions.partitions["q1"]] == ["Hello q1", "Plums!"]
    assert sessions.questions[0].evidence == ("q1/answer_b",)
    assert TASK.score(outcome(sessions, 0, ["q1/answer_b"]))["all@5"] == 1.0
    assert "session_all@5" not in TASK.score(outcome(sessions, 0, []))
    turns = TASK.load(path, {"sides": "user"})
    assert [event.text for event in turns.partitions["q1"]] == ["Hello q1", "Plums!"]
    assert [question.evidence for question in turns.questions] == [("answer_b:0",)] * 2


def test_haystacks_are_read_in_any_order_and_one_at_a_time(write):
    data = TASK.load(write("m.json", [item(f"q{n}") for n in range(5)]), {"first": "3"})
    assert len(data.partitions) == len(data.questions) == 3
    for name in ("q0", "q2", "q1", "q1", "q0"):
        assert data.partitions[name][0].text == f"Hello {name}"
    with pytest.raises(KeyError):
        data.partitions["q4"]
    assert "3 of 500 questions" in data.notes


def test_abstention_is_scored_by_answers_only(write, outcome):
    data = TASK.load(write("s.json", [item("q1_abs")]), {})
    assert TASK.score(outcome(data, 0, ["answer_b:0"])) == {}
    silent = Answered((), abstained=True)
    assert TASK.score(outcome(data, 0, [], silent)) == {"abstains": 1.0}


def test_types_count_alike(write):
    items = [item("q1", "temporal-reasoning"), item("q2"), item("q3"), item("q4_abs")]
    data = TASK.load(write("s.json", items), {})
    scores = [{"all@5": 1.0}, {"all@5": 0.0}, {"all@5": 1.0}, {}]
    assert TASK.summary(data.questions, scores) == {"all@5 (mean of types)": 0.75}


@pytest.mark.shared
def test_the_sample(data):
    found = TASK.load(data / "longmemeval" / "longmemeval_s_one.json", {})
    (name,) = found.partitions
    assert len(found.partitions[name]) == 550
    there = {event.metadata["turn"] for event in found.partitions[name]}
    assert found.questions[0].evidence and set(found.questions[0].evidence) <= there
