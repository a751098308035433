"""MemDaily and MemBench: invented trajectories of each layout, noise, choices."""

from __future__ import annotations

import pytest

from mnemic.bench.tasks.memdaily import TASK, chosen
from mnemic.core.errors import SourceError


def tale(number: int, message: str = "我的猫叫木瓜。") -> dict[str, object]:
    return {
        "tid": number,
        "message_list": [
            {"mid": 4, "message": message, "time": "2024年04月01日 周一 08:30", "place": "x"},
            {"mid": 5, "message": "今天下雨。", "time": "2024年04月02日 周二 09:00", "place": "x"},
        ],
        "question_list": [
            {
                "qid": 0,
                "question": "猫叫什么？",
                "answer": "木瓜",
                "target_step_id": [4],
                "choices": {"A": "苹果", "B": "木瓜", "C": "梨子", "D": "葡萄"},
                "ground_truth": "B",
                "time": "2024年04月03日 周三 10:00",
            }
        ],
    }


QA = {
    "qid": 0,
    "question": "Which job?",
    "answer": ["pilot"],
    "target_step_id": [1],
    "choices": {"A": ["nurse"], "B": ["pilot"]},
    "ground_truth": "B",
    "time": "'2024-10-01 12:30' Tuesday",
}


def test_memdaily(write, outcome):
    data = TASK.load(write("d/01_simple_roles.json", [tale(0), tale(1)]).parent, {})
    question = data.questions[0]
    assert (question.category, question.evidence) == ("simple", ("01_simple_roles/0/0",))
    first = data.partitions["01_simple_roles/0"][0]
    assert str(first.time) == "2024-04-01T08:30Z" and str(question.now) == "2024-04-03T10:00Z"
    scores = TASK.score(outcome(data, 0, ["01_simple_roles/0/0"]))
    assert scores["recall@5"] == scores["choice"] == 1.0
    assert TASK.score(outcome(data, 0, []))["choice"] == 0.25


def test_failed_items_are_left_out(write):
    data = TASK.load(write("04_aggregative_events.json", [tale(0, "[ERRORQ]"), tale(1)]), {})
    assert len(data.questions) == 1
    assert data.notes == ["1 items with the mark [ERRORQ] left out"]


def test_noise_is_of_others_and_the_same_for_a_seed(write):
    path = write("01_simple_roles.json", [tale(n, f"消息{n}") for n in range(9)])
    quiet, loud = TASK.load(path, {}), TASK.load(path, {"noise": "3"})
    name = "01_simple_roles/2"
    assert len(loud.partitions[name]) == 2 * (3 + 1)
    own = {event.metadata["turn"] for event in quiet.partitions[name]}
    turns = [event.metadata["turn"] for event in loud.partitions[name]]
    assert own <= set(turns) and len(set(turns)) == len(turns)
    noise = [event.text for event in loud.partitions[name] if event.metadata["turn"] not in own]
    assert "消息2" not in noise
    again = TASK.load(path, {"noise": "3"}).partitions[name]
    other = TASK.load(path, {"noise": "3", "seed": "1"}).partitions[name]
    assert again == loud.partitions[name] != other
    assert [str(event.time) for event in again] == sorted(str(event.time) for event in again)


def test_membench_of_texts_pairs_and_sessions(write):
    told = "I fly. (place: Boston, MA; time: '2024-10-01 08:00' Tuesday)"
    pair = {"user": "I fly.", "agent": "Nice."}
    dated = {"mid": 1, "user_message": "I fly.", "assistant_message": "Nice.",
             "time": "'2024-10-01 08:00' Tuesday"}  # fmt: skip
    layouts = {
        "Third": [["rain", told], QA],
        "First": [[{"user": "Rain.", "agent": "Oh."}, pair], QA],
        "Sessions": [
            [[{"mid": 0, "message": "rain"}], [dated]],
            {**QA, "target_step_id": [[1, 1]]},
        ],
    }
    for name, (messages, asked) in layouts.items():
        held = {"simple": {"roles": [{"tid": 3, "message_list": messages, "QA": asked}]}}
        data = TASK.load(write(f"{name}.json", held), {})
        (question,) = data.questions
        assert question.conversation == f"{name}/simple/roles/3"
        assert question.evidence == (f"{name}/simple/roles/3/1",)
        assert question.category == "simple" and question.answer == "pilot"
        assert "I fly." in data.partitions[question.conversation][1].text
    assert str(data.partitions[question.conversation][1].time) == "2024-10-01T08:00Z"


def test_evidence_that_is_not_there_is_dropped(write):
    asked = {**QA, "target_step_id": [0, 7]}
    held = {"simple": [{"gid": 1, "message_list": ["rain"], "QA": asked}]}
    (question,) = TASK.load(write("m.json", held), {}).questions
    assert question.evidence == ("m/simple/1/0",)


def test_other_files_are_refused(write):
    with pytest.raises(SourceError, match="no 'message_list'"):
        TASK.load(write("m.json", [{"a": 1}]), {})
    with pytest.raises(SourceError, match="not JSON"):
        TASK.load(write("n.json", "[1,"), {})


def test_a_tie_is_shared():
    assert chosen({"A": "x", "B": "y"}, "A", "") == 0.5
    assert chosen({"A": "3", "B": "4"}, "B", "There are 4.") == 1.0


@pytest.mark.shared
def test_the_sample(data):
    found = TASK.load(data / "memdaily", {})
    assert len(found.partitions) == len(found.questions) == 30
    assert {question.category for question in found.questions} == {
        "simple", "conditional", "comparative", "aggregative", "post_processing", "noisy",
    }  # fmt: skip
    for question in found.questions:
        there = {event.metadata["turn"] for event in found.partitions[question.conversation]}
        assert question.evidence and set(question.evidence) <= there
        assert question.metadata["right"] in question.metadata["choices"]
