"""The stages of recall, one type per stage: Query → Ranked → Hit → Pack.

Query   what is asked, of which partitions, at which time, under which limits
Ranked  a row that some pool drew, with its score and the share of each feature in it
Hit     a ranked record, as `search` returns it
Pack    the text that goes into a prompt, with a citation for each line

Between the query and the ranked rows there are only arrays over rows; see `retrieval/search.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mnemic.core.clock import Moment
from mnemic.core.ids import RecordId
from mnemic.core.records import Json, Partition, Record

Filters = Mapping[str, Any]
"""Field → value or {operator: value}; see `core/filters.py`."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked."""

    text: str
    partitions: tuple[Partition, ...]
    now: Moment
    """The time of the question: "last May" is relative to it."""
    limit: int = 10
    agent_id: str | None = None
    session_id: str | None = None
    kinds: tuple[str, ...] | None = None
    filters: Filters = field(default_factory=dict)
    as_of: Moment | None = None
    """Ask for the world at this time; None: as it is at `now`."""
    known_at: Moment | None = None
    """Ask for what the store knew at this time; None: what it knows."""
    threshold: float | None = None
    dialogue: tuple[str, ...] = ()
    """What was said before the question, oldest first."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A drawn row with its score; `shares` add up to the score before it is squashed."""

    row: int
    score: float
    """In [0, 1], larger is better."""
    shares: Mapping[str, float]
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, as `search` returns it."""

    record: Record
    score: float
    why: Mapping[str, float]
    """Feature → its share of the score; empty unless `explain=True`."""
    features: Mapping[str, float] = field(default_factory=dict)
    """Feature → its value; likewise."""

    @property
    def id(self) -> RecordId:
        """The record's id."""
        return self.record.id

    @property
    def text(self) -> str:
        """The record's text."""
        return self.record.text

    @property
    def metadata(self) -> Mapping[str, Json]:
        """The record's metadata."""
        return self.record.metadata

    def __str__(self) -> str:
        return f"{self.score:.2f}  {self.record}"


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search returned: a sequence of hits that also says how it was done."""

    hits: tuple[Hit, ...]
    explanation: Mapping[str, Json] = field(default_factory=dict)
    """The analysis of the query, what was searched and how long it took (`explain=True`)."""

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, place: int) -> Hit:
        return self.hits[place]

    def __str__(self) -> str:
        return "\n".join(map(str, self.hits)) or "nothing found"


@dataclass(frozen=True, slots=True)
class Citation:
    """Which record a line of a pack stands for."""

    number: int
    id: RecordId
    score: float


@dataclass(frozen=True, slots=True)
class Pack:
    """Recalled text under a token budget, ready to be pasted into a prompt."""

    text: str
    citations: tuple[Citation, ...]
    tokens: int
    max_tokens: int
    left_out: int = 0
    """Hits that did not fit."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Answer:
    """A value drawn from what was found, with what it rests on; or that there is none."""

    text: str
    """The values in one line; empty when it abstained."""
    values: tuple[str, ...]
    """In the order that the question asks for."""
    evidence: tuple[Hit, ...]
    """The hits that the values were read from; for yes or no, those of both sides."""
    confidence: float
    """In [0, 1]: how likely it is that the values, or the abstaining, are right."""
    abstained: bool
    rule: str
    """How it was found, or why there is none."""
    signals: Mapping[str, float] = field(default_factory=dict)
    """What the confidence was made of."""

    def __str__(self) -> str:
        if self.abstained:
            return f"no answer: {self.rule}"
        return f"{self.text} ({self.confidence:.2f}, {self.rule})"
