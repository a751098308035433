"""LoCoMo: turns and sessions of an invented conversation; the development part is counted."""

from __future__ import annotations

import pytest

from mnemic.bench.system import Answered
from mnemic.bench.tasks.locomo import TASK
from mnemic.core.errors import InputError

SAMPLE = {
    "sample_id": "conv-1",
    "conversation": {
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {"speaker": "Ana", "dia_id": "D1:1", "text": "I planted beans."},
            {"speaker": "Ben", "dia_id": "D1:2", "text": "I bought a boat", "blip_caption": "oars"},
        ],
        "session_2_date_time": "2:00 pm on 9 May, 2023",
        "session_2": [{"speaker": "Ben", "dia_id": "D2:1", "text": "It sank."}],
    },
    "qa": [
        {"question": "What did he?", "answer": "A boat", "evidence": ["D1:2; D2:1"], "category": 1},
        {"question": "What did Ben plant?", "adversarial_answer": "beans", "evidence": ["D1:1"],
         "category": 5},
    ],
}  # fmt: skip


def test_turns(write, outcome):
    data = TASK.load(write("locomo10.json", [SAMPLE]), {})
    assert [event.text for event in data.partitions["conv-1"]][1] == "I bought a boat [shares oars]"
    assert data.questions[0].evidence == ("D1:2", "D2:1")
    scores = TASK.score(outcome(data, 0, ["D1:2", "D1:1", "D2:1"]))
    assert scores["recall@5"] == scores["all@5"] == scores["mrr"] == 1.0
    assert any("not known as published" in note for note in data.notes)
    assert "1 of 10 conversations: conv-1" in data.notes


def test_sessions(write, outcome):
    data = TASK.load(write("locomo10.json", [SAMPLE]), {"unit": "session"})
    first, _ = data.partitions["conv-1"]
    assert first.text == "Ana: I planted beans.\nBen: I bought a boat [shares oars]"
    assert first.metadata["turn"] == "conv-1/session_1" and first.speaker is None
    assert data.questions[0].evidence == ("conv-1/session_1", "conv-1/session_2")
    assert TASK.score(outcome(data, 0, ["conv-1/session_1"]))["recall@10"] == 0.5


def test_who_is_asked_of_the_wrong_one_is_silent(write, outcome):
    data = TASK.load(write("locomo10.json", [SAMPLE]), {})
    silent, said = Answered((), abstained=True), Answered(("a boat",))
    assert TASK.score(outcome(data, 1, [], silent))["abstains"] == 1.0
    assert TASK.score(outcome(data, 1, [], said))["abstains"] == 0.0
    assert TASK.score(outcome(data, 0, [], said))["exact"] == 1.0
    assert TASK.score(outcome(data, 0, [], silent))["answers"] == 0.0


def test_the_summary_leaves_the_adversarial_out(write):
    data = TASK.load(write("locomo10.json", [SAMPLE]), {})
    figures = TASK.summary(data.questions, [{"recall@10": 0.5}, {"recall@10": 1.0}])
    assert figures == {"recall@10 (categories 1-4)": 0.5}


def test_what_cannot_be_read(write, tmp_path):
    path = write("locomo10.json", [SAMPLE])
    with pytest.raises(InputError, match=r"reads locomo10\.json. Give its path"):
        TASK.load(None, {})
    with pytest.raises(InputError, match="no such file"):
        TASK.load(tmp_path / "absent.json", {})
    with pytest.raises(InputError, match="unit='word' is none of turn, session"):
        TASK.load(path, {"unit": "word"})
    with pytest.raises(InputError, match="no option 'units'"):
        TASK.load(path, {"units": "turn"})
    with pytest.raises(InputError, match="no conversation 'conv-9'"):
        TASK.load(path, {"only": "conv-9"})


@pytest.mark.shared
def test_the_development_part(data):
    found = TASK.load(data / "locomo", {})
    assert sum(map(len, found.partitions.values())) == 1451
    assert len(found.questions) == 497
    assert sum(bool(question.evidence) for question in found.questions) == 495
    assert found.notes == ["3 of 10 conversations: conv-26, conv-30, conv-41"]
    sessions = TASK.load(data / "locomo", {"unit": "session", "only": "conv-26"})
    assert len(sessions.partitions["conv-26"]) == 19
