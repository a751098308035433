"""A toy benchmark: a task, data and a system whose every answer is known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from mnemic.bench.ranked import ids, means, ranked
from mnemic.bench.result import Report
from mnemic.bench.run import run
from mnemic.bench.system import Answered, Found
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.core.events import Event
from mnemic.sources.questions import Question

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class ToySystem:
    """Finds the evidence at a rank of its own for each question, among other texts of the place."""

    def __init__(self, name: str = "toy", rank: int = 1, *, stop_at: str | None = None) -> None:
        self.name = name
        self.rank = rank
        self.stop_at = stop_at
        self.held: dict[str, list[str]] = {}
        self.asked: list[str] = []

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        self.held[partition] = [str(event.metadata["turn"]) for event in events]

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        if question.id == self.stop_at:
            raise KeyboardInterrupt
        self.asked.append(question.id)
        others = [id for id in self.held[question.conversation] if id not in question.evidence]
        rank = self.rank + (len(question.id) % 2 if self.rank > 1 else 0)
        order = [*others[: rank - 1], *question.evidence, *others[rank - 1 :]]
        return [Found(id, 1 / place) for place, id in enumerate(order[:limit], 1)]

    def size(self) -> int | None:
        return 4096

    def close(self) -> None:
        raise AssertionError("a run does not close what it was given")


class AnsweringSystem(ToySystem):
    """One that also answers, and abstains from every question about the dog."""

    def answer(self, question: Question) -> Answered:
        if question.category == "dog":
            return Answered((), abstained=True, confidence=0.1)
        return Answered(("Lisbon",), confidence=0.9)


def toy_data(conversations: int = 3, *, revision: str = "toy-1") -> Data:
    """Four questions about each conversation of thirty texts, each of nine tokens."""
    partitions, questions = {}, []
    for number in range(conversations):
        name = f"c{number}"
        partitions[name] = [
            Event("we saw a dog in the park at noon", metadata={"turn": f"{name}:{turn}"})
            for turn in range(30)
        ]
        questions += [
            Question(
                id="q" * (1 + place),
                conversation=name,
                text="where?",
                answer="Lisbon",
                category=category,
                evidence=(f"{name}:{7 * place}",) if category != "none" else (),
            )
            for place, category in enumerate(["city", "dog", "dog", "none"])
        ]
    # The file does not hold one conversation after the other.
    questions.sort(key=lambda question: question.id)
    return Data(partitions, questions, revision, notes=("only a toy",))


def _score(outcome: Outcome) -> Scores:
    scores = ranked(ids(outcome.found), outcome.question.evidence, cuts=(1, 5))
    if outcome.answer is not None:
        scores["answers"] = float(not outcome.answer.abstained)
    return scores


def _summary(questions: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    assert len(questions) == len(scores)
    return means(scores, "(all)")


def toy_task(**changed: Any) -> Task:
    """A task that scores rankings, and answers where `answers=True`."""
    given: dict[str, Any] = {
        "name": "toy", "about": "Where was it?", "licence": "CC0", "citation": "Nobody (2026)",
        "load": lambda path, options: toy_data(), "score": _score, "summary": _summary,
        "limit": 10, "tuned": "the dog was seen",
    }  # fmt: skip
    return Task(**given | changed)


class Toy:
    """Everything of the above, for tests that cannot import this file."""

    system = ToySystem
    answering = AnsweringSystem
    data = staticmethod(toy_data)
    task = staticmethod(toy_task)
    noon = NOON

    @staticmethod
    def report(
        name: str = "toy",
        rank: int = 1,
        *,
        data: Data | None = None,
        task: Task | None = None,
        **more: Any,
    ) -> Report:
        """A run of a toy system."""
        return run(
            task or toy_task(), ToySystem(name, rank), data or toy_data(), resamples=200, now=NOON,
            **more,
        )  # fmt: skip


@pytest.fixture
def toy() -> type[Toy]:
    """The toy benchmark."""
    return Toy
