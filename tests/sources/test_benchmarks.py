"""LoCoMo, LongMemEval and BEAM: invented samples in the official form, and the real files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic.core.records import Origin
from mnemic.sources.read import conversations, questions, read

Write = Callable[[str, str | bytes], Path]

LOCOMO = [
    {
        "sample_id": f"conv-{number}",
        "conversation": {
            "speaker_a": "Ana",
            "speaker_b": "Ben",
            "session_10_date_time": "10:37 am on 27 June, 2023",
            "session_10": [{"speaker": "Ben", "dia_id": "D10:1", "text": "Hi again"}],
            "session_2_date_time": "1:56 pm on 8 May, 2023",
            "session_2": [
                {"speaker": "Ana", "dia_id": "D2:1", "text": "Look!", "blip_caption": "a red cat"},
                {"speaker": "Ben", "dia_id": "D2:2", "text": "", "blip_caption": "a dog"},
                {"speaker": "Ana", "dia_id": "D2:3", "text": ""},
            ],
            "session_35_date_time": "12:19 am on 4 January, 2024",
        },
        "qa": [
            {"question": "What?", "answer": 2022, "evidence": ["D2:1; D10:1"], "category": 1},
            {"question": "Who?", "adversarial_answer": "Ben", "evidence": ["D:2:02", "D9:9", "D"],
             "category": 5},
            {"question": "Why?", "answer": "so", "evidence": [], "category": 3},
        ],
    }
    for number in (1, 2)
]  # fmt: skip

LONGMEMEVAL = [
    {
        "question_id": f"q{number}",
        "question_type": "multi-session",
        "question": "Which degree?",
        "question_date": "2023/05/30 (Tue) 23:40",
        "answer": 3,
        "answer_session_ids": ["answer_1"],
        "haystack_dates": ["2023/05/20 (Sat) 02:21", "2023/05/21 (Sun) 02:21", "2023/05/22 (Mon)"],
        "haystack_session_ids": ["answer_1", "other", "other"],
        "haystack_sessions": [
            [{"role": "user", "content": "I have one", "has_answer": True},
             {"role": "assistant", "content": "Nice", "has_answer": False}],
            [{"role": "user", "content": "Hello"}],
            [{"role": "user", "content": "Hello"}],
        ],
    }
    for number in ("1", "2_abs")
]  # fmt: skip

BEAM = [
    {
        "batch_number": 1,
        "time_anchor": None,
        "turns": [
            [
                {
                    "role": "user",
                    "id": 0,
                    "time_anchor": "March-15-2024",
                    "content": "Plan ->-> 1,1",
                },
                {"role": "assistant", "id": 1, "content": "Sure"},
            ],
            [{"role": "user", "id": 2, "content": "And then? ->-> 2,N/A"}],
        ],
    },
    {
        "batch_number": 2,
        "turns": [[{"role": "user", "id": 3, "time_anchor": "April-05-2024", "content": "Hi"}]],
    },
]

PROBES = {
    "abstention": [{"question": "Why?", "ideal_response": "Not said", "rubric": ["not said"]}],
    "contradiction_resolution": [
        {"question": "Did I?", "ideal_answer": "Both",
         "source_chat_ids": {"first_statement": [2], "second_statement": [0, 2]}}
    ],
    "event_ordering": [{"question": "Order?", "answer": "a b", "source_chat_ids": [3, 0, 0]}],
}  # fmt: skip


def test_locomo(write: Write) -> None:
    path = write("locomo10.json", json.dumps(LOCOMO))
    events = list(read(path))
    assert [event.text for event in events[:3]] == [
        "Look! [shares a red cat]",
        "[shares a dog]",
        "Hi again",
    ]
    first = events[0]
    assert (first.speaker, str(first.time)) == ("Ana", "2023-05-08T13:56Z")
    assert (first.session_id, first.position) == ("conv-1/session_2", 0)
    assert first.metadata == {"conversation": "conv-1", "turn": "D2:1"}
    asked = list(questions(path))[:3]
    assert [one.evidence for one in asked] == [("D2:1", "D10:1"), ("D2:2",), ()]
    assert [one.category for one in asked] == ["multi-hop", "adversarial", "open-domain"]
    assert [one.answer for one in asked] == ["2022", None, "so"]
    assert {str(one.now) for one in asked} == {"2023-06-27T10:37Z"}


def test_longmemeval(write: Write) -> None:
    path = write("longmemeval_s.json", json.dumps(LONGMEMEVAL))
    events = list(read(path))[:4]
    assert [event.session_id for event in events] == [
        "q1/answer_1",
        "q1/answer_1",
        "q1/other",
        "q1/other-2",
    ]
    assert events[1].metadata == {"conversation": "q1", "turn": "answer_1:1"}
    assert (events[1].role, events[1].origin) == ("assistant", Origin.ASSISTANT)
    assert str(events[0].time) == "2023-05-20T02:21Z"
    one, other = questions(path)
    assert (one.evidence, one.sessions) == (("answer_1:0",), ("q1/answer_1",))
    assert (one.answer, str(one.now), one.category) == ("3", "2023-05-30T23:40Z", "multi-session")
    assert other.category == "abstention"


def test_beam(write: Write, tmp_path: Path) -> None:
    path = write("chats/100K/1/chat.json", json.dumps(BEAM))
    write("chats/100K/1/topic.json", "{}")
    write("chats/100K/1/probing_questions/probing_questions.json", json.dumps(PROBES))
    events = list(read(path))
    assert list(read(tmp_path)) == events
    assert [(event.text, event.metadata["turn"]) for event in events] == [
        ("Plan", "0"),
        ("Sure", "1"),
        ("And then?", "2"),
        ("Hi", "3"),
    ]
    assert [str(event.time) for event in events] == ["2024-03-15"] * 3 + ["2024-04-05"]
    assert (events[3].session_id, events[3].position) == ("100K/1/batch-2", 0)
    asked = list(questions(tmp_path))
    assert [one.evidence for one in asked] == [(), ("2", "0"), ("3", "0")]
    assert asked[0].metadata == {"rubric": ["not said"]}
    assert [one.answer for one in asked] == ["Not said", "Both", "a b"]
    assert str(asked[0].now) == "2024-04-05"


def test_batches_under_plans_are_found(write: Write) -> None:
    path = write("10M/3/chat.json", json.dumps([{"plan-1": BEAM}, {"plan-2": BEAM}]))
    events = list(read(path))
    assert [event.session_id for event in events][:1] == ["10M/3/plan-1/batch-1"]
    assert len({event.session_id for event in events}) == 4
    assert len({event.external_id for event in events}) == len(events) == 8  # ids begin anew


@pytest.mark.parametrize("sample", [LOCOMO, LONGMEMEVAL])
def test_samples_can_be_put_apart(write: Write, sample: object) -> None:
    path = write("samples.json", json.dumps(sample))
    split = {name: list(events) for name, events in conversations(path)}
    assert len(split) == 2
    assert [event for events in split.values() for event in events] == list(read(path))
    sessions = [{event.session_id for event in events} for events in split.values()]
    assert not sessions[0] & sessions[1]
    assert {one.conversation for one in questions(path)} == set(split)


@pytest.mark.shared
def test_the_development_part_of_locomo(data: Path) -> None:
    path = data / "locomo" / "locomo-dev.json"
    events, asked = list(read(path)), list(questions(path))
    turns = Counter(event.metadata["conversation"] for event in events)
    assert turns == {"conv-26": 419, "conv-30": 369, "conv-41": 663}
    assert len({event.session_id for event in events}) == 19 + 19 + 32
    assert len({(event.source, event.external_id) for event in events}) == 1451
    assert all(event.time and event.speaker for event in events)
    assert (len(asked), sum(bool(one.evidence) for one in asked)) == (497, 495)
    [split] = [one for one in asked if one.evidence == ("D8:6", "D9:17")]
    assert split.text == "What did Melanie paint recently?"
    there = {(event.metadata["conversation"], event.metadata["turn"]) for event in events}
    assert all((one.conversation, turn) in there for one in asked for turn in one.evidence)


@pytest.mark.shared
def test_one_item_of_longmemeval(data: Path) -> None:
    path = data / "longmemeval" / "longmemeval_s_one.json"
    events, [asked] = list(read(path)), list(questions(path))
    assert len(events) == 550
    assert len({event.session_id for event in events}) == 53
    assert asked.evidence == ("answer_280352e9:4", "answer_280352e9:5")
    assert set(asked.sessions) <= {event.session_id for event in events}
    assert str(asked.now) == "2023-05-30T23:40Z"


@pytest.mark.shared
def test_one_chat_of_beam(data: Path) -> None:
    path = data / "beam"
    events, asked = list(read(path)), list(questions(path))
    assert [event.metadata["turn"] for event in events] == [str(number) for number in range(188)]
    assert Counter(str(event.time) for event in events).keys() == {
        "2024-03-15",
        "2024-04-05",
        "2024-04-25",
    }
    assert not any("->->" in event.text for event in events)
    assert len(asked) == 20
    assert sum(bool(one.evidence) for one in asked) == 18
    [weeks] = [one for one in asked if one.id == "100K/1/temporal_reasoning/0"]
    assert set(weeks.evidence) == {"0", "2"}
