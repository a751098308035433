"""A system under test: whatever can take texts in and say what it finds for a question.

The port is the one of LongMemEval-V2 (2026, arXiv 2605.12493): `insert`, and `query` → context
items. All systems are fed the same events; what one has no place for (times, speakers), it drops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mnemic.core.events import Event
from mnemic.sources.questions import Question


@dataclass(frozen=True, slots=True)
class Found:
    """A text that a system found."""

    id: str
    """The event's `metadata["turn"]`."""
    score: float
    """Larger is better; comparable within one answer only, unless the system `Claims` more."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a system answers."""

    values: tuple[str, ...]
    """The values asked for, in order where the question asks for one; empty if it abstained."""
    abstained: bool = False
    confidence: float | None = None
    """A probability, where the system claims one."""
    evidence: tuple[str, ...] = ()
    """Ids of the texts that the answer rests on."""


class System(Protocol):
    """A memory system; one partition for each conversation, which never see each other."""

    @property
    def name(self) -> str:
        """What it is called in tables, with its version and encoder."""
        ...

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Take texts in; they are searchable when this returns."""
        ...

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """What it finds for a question in `question.conversation`, best first; at most `limit`."""
        ...

    def size(self) -> int | None:
        """Bytes it keeps on disk, or None where nobody can tell."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


@runtime_checkable
class Claims(Protocol):
    """A system that says of itself what its scores mean; one that does not claims nothing."""

    @property
    def calibrated(self) -> bool:
        """Whether `Found.score` is meant as the probability that the text is among the gold."""
        ...


@runtime_checkable
class Answers(Protocol):
    """A system that also answers."""

    def answer(self, question: Question) -> Answered:
        """Its answer, or that it abstains."""
        ...
