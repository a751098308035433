"""Reports of the task become marginal means of systems and kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from mnemic.bench.run import run
from mnemic.bench.system import Found
from mnemic.bench.task import Data
from mnemic.bench.tasks.robustness import TASK
from mnemic.bench.tasks.robustness_analysis import marginal_model, marginal_table
from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.sources.questions import Question

pytest.importorskip("statsmodels")


class Wobbly:
    """Finds the evidence less often the worse it is, and less often where a word is misspelt."""

    def __init__(self, name: str, worth: float) -> None:
        self.name = name
        self.worth = worth
        self.random = Random(name)

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        pass

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        talk = {"a": -0.1, "b": 0.0, "c": 0.1}[question.conversation]
        fine = self.worth + talk - 0.3 * (question.category == "typo")
        found = question.evidence if self.random.random() < fine else ("none",)
        return [Found(id, 1.0) for id in found]

    def size(self) -> None:
        pass

    def close(self) -> None:
        pass


def made() -> Data:
    partitions, questions = {}, []
    for talk in ("a", "b", "c"):
        partitions[talk] = [Event("x", metadata={"turn": "1"})]
        for number in range(30):
            for kind, seeds in (("clean", (0,)), ("typo", (1, 2))):
                questions += [
                    Question(
                        f"{number}/{kind}/{seed}", talk, "?", None, kind, ("1",),
                        metadata={"attack": False, "question": f"{talk}/{number}"},
                    )
                    for seed in seeds
                ]  # fmt: skip
    return Data(partitions, questions, "of=toy 1")


def test_marginal_means_tell_systems_and_kinds_apart():
    reports = [
        run(TASK, Wobbly(name, worth), made(), resamples=10)
        for name, worth in (("good", 0.8), ("poor", 0.45))
    ]
    model = marginal_model(reports, members=False)
    assert model.n == 2 * 2 * 90  # seeds are no further questions
    means = {(one.levels["system"], one.levels["kind"]): one for one in model.marginal_means()}
    for (system, kind), mean in means.items():
        wanted = {"good": 0.8, "poor": 0.45}[system] - 0.3 * (kind == "typo")
        assert mean.low - 0.1 < wanted < mean.high + 0.1
    lines = marginal_table(model).splitlines()
    assert [line.split()[0] for line in lines] == ["good", "clean", "typo"]
    only = marginal_model(reports, kinds=["typo"], members=False)
    assert set(only.factors) == {"system"}
    assert len(marginal_table(only).splitlines()) == 2


def test_reports_that_cannot_be_analysed():
    report = run(TASK, Wobbly("good", 1.0), made(), resamples=10)
    with pytest.raises(InputError, match="no row has 'asr@20'"):
        marginal_model([report], "asr@20")
    with pytest.raises(InputError, match="a report of 'toy'"):
        marginal_model([replace(report, task="toy")])
