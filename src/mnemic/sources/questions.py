"""A benchmark's question with its gold evidence, as the loaders of benchmarks give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mnemic.core.clock import Moment
from mnemic.core.records import Json


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one conversation, and which turns hold the answer."""

    id: str
    conversation: str
    """As in the events' metadata."""
    text: str
    answer: str | None
    """None where the benchmark gives none, as for some questions that cannot be answered."""
    category: str
    evidence: tuple[str, ...] = ()
    """The turns that hold the answer, as in the events' metadata["turn"]; in the file's order."""
    sessions: tuple[str, ...] = ()
    """The sessions that hold the answer, as in the events' session_id, where these are given."""
    now: Moment | None = None
    """When it is asked."""
    metadata: Mapping[str, Json] = field(default_factory=dict)
