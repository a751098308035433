"""No memory at all: every text goes into the prompt.

Asked for as many texts as there are, it finds whatever there is to find and costs all the tokens
that there are: the ceiling of recall, and the price of doing without a memory. Asked for fewer, it
is what a window holds that is too small for everything: the latest texts, or the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnemic.bench.adapters.texts import Kept
from mnemic.bench.system import Found
from mnemic.core.events import Event
from mnemic.sources.questions import Question


class FullContext:
    """The texts of a conversation, the latest first, or with `oldest_first` as they were said."""

    def __init__(self, *, oldest_first: bool = False) -> None:
        self._oldest_first = oldest_first
        self._partitions: dict[str, Kept] = {}

    @property
    def name(self) -> str:
        """ "full context", and in which order."""
        return f"full context, {'oldest' if self._oldest_first else 'latest'} first"

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Put them behind what is there."""
        self._partitions.setdefault(partition, Kept()).take(events)

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """The texts at one end, whatever is asked."""
        kept = self._partitions.get(question.conversation)
        if kept is None:
            return []
        numbers = range(len(kept)) if self._oldest_first else reversed(range(len(kept)))
        return [
            kept.found(at, 1 / rank) for rank, at in zip(range(1, limit + 1), numbers, strict=False)
        ]

    def size(self) -> None:
        """It keeps nothing on disk."""

    def close(self) -> None:
        """Forget everything."""
        self._partitions.clear()
