"""A task: data that is pinned, questions, and a pure function that scores an outcome.

A task knows no system, and a system no task: what passes between them is a question with where to
ask it, and the ids of what was found. Every text is an event with `metadata["turn"]`, its id; the
gold of a question are such ids (`Question.evidence`), or an answer, or both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from mnemic.bench.system import Answered, Found
from mnemic.core.events import Event
from mnemic.sources.questions import Question

Scores: TypeAlias = Mapping[str, float]
"""Measure → value, in [0, 1] unless the task says otherwise; a measure that does not apply to a
question is left out."""


@dataclass(frozen=True, slots=True)
class Data:
    """What a task is run on."""

    partitions: Mapping[str, Sequence[Event]]
    """Conversation, book or user → its texts in order; each has `metadata["turn"]`."""
    questions: Sequence[Question]
    revision: str
    """A hash of the files that were read, or the seed and sizes that it was generated from."""
    notes: Sequence[str] = ()
    """What a reader of the figures must know: only a sample, other data than the pinned."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system gave for one question."""

    question: Question
    found: Sequence[Found]
    """Best first."""
    answer: Answered | None
    """None where the system cannot answer, or was not asked to."""
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Task:
    """A benchmark: where its data come from, how they are read, how an outcome is scored."""

    name: str
    about: str
    """One line."""
    licence: str
    """Of the data."""
    citation: str
    """Paper, year, arXiv id."""
    load: Callable[[Path | None, Mapping[str, str]], Data]
    """A path (None for a task that generates its data) and options → data.

    Raises InputError if a path is needed, or what it names is not what the task reads."""
    score: Callable[[Outcome], Scores]
    """Scores of one question; pure."""
    summary: Callable[[Sequence[Question], Sequence[Scores]], Scores] = lambda questions, scores: {}
    """Figures of the whole that are no means over questions."""
    limit: int = 20
    """How many texts are asked of a system for a question."""
    answers: bool = False
    """Whether systems are asked to answer as well."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Option of `load` → what it means and its default."""
    data: str = ""
    """What `--data` names, and where its authors publish it; empty where the task needs none."""
    tuned: str = ""
    """What of mnemic was chosen or fitted on these data; printed with every figure."""
    pinned: Mapping[str, str] = field(default_factory=dict)
    """File name → SHA-256 of the published data; other data are allowed, and said to be."""
