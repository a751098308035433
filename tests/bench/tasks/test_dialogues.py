"""The project's dialogues as a task: one invented, and all of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnemic.bench.system import Answered
from mnemic.bench.tasks.dialogues import TASK
from mnemic.core.errors import InputError

BEANS = """# title: Beans
# kind: people
# language: english
# speakers: N=Nadia; T=Tom
== 1 | 2024-03-02 19:40
1 N: The beans are up.
2 T: My boat sank.
?? questions
single | What has sprouted? | 1:1 | the beans
adversarial | What did Nadia lose? | 1:2 |
none | Who is Rex? | |
"""


def test_turns_and_answers(write, outcome):
    data = TASK.load(write("beans.txt", BEANS).parent, {})
    assert [event.metadata["turn"] for event in data.partitions["beans"]] == [
        "beans/1:1",
        "beans/1:2",
    ]
    assert TASK.score(outcome(data, 0, ["beans/1:1"], Answered(("beans",))))["exact"] == 1.0
    assert TASK.score(outcome(data, 1, ["beans/1:2"], Answered(())))["abstains"] == 1.0
    assert TASK.score(outcome(data, 2, ["beans/1:2"])) == {}
    assert data.questions[0].metadata["language"] == "english"
    figures = TASK.summary(data.questions, [{"recall@10": 1.0}, {"recall@10": 0.0}, {}])
    assert figures == {
        "recall@10 (mean of conversations)": 0.5,
        "recall@10 (people, english)": 0.5,
    }


def test_choosing(write):
    path = write("beans.txt", BEANS)
    write("bohnen.txt", BEANS.replace("english", "german"))
    assert list(TASK.load(path.parent, {"language": "german"}).partitions) == ["bohnen"]
    assert list(TASK.load(path.parent, {"only": "beans", "unit": "session"}).partitions) == [
        "beans"
    ]
    with pytest.raises(InputError, match="no conversation left of 2"):
        TASK.load(path.parent, {"kind": "document"})


def test_every_dialogue_of_the_repository_can_be_read():
    folder = Path(__file__).parents[3] / "benchmarks" / "dialogues"
    data = TASK.load(folder, {})
    assert len(data.partitions) == len(list(folder.glob("*.txt")))
    assert len({question.id for question in data.questions}) == len(data.questions)
