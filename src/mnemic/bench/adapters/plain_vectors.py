"""The floor of vectors: the cosine of the question with each whole text, and nothing else.

What most memory libraries do, without their libraries; the same text and vectors as theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnemic.bench.adapters.texts import Kept, spoken
from mnemic.bench.system import Found
from mnemic.core.events import Event
from mnemic.core.ports import Encoder
from mnemic.core.vectors import Floats
from mnemic.sources.questions import Question


class PlainVectors:
    """Exact search over one vector for each text, in memory."""

    def __init__(self, encoder: Encoder, label: str) -> None:
        self._encoder = encoder
        self._label = label
        self._partitions: dict[str, tuple[Kept, list[Floats]]] = {}

    @property
    def name(self) -> str:
        """ "vectors" and the encoder."""
        return f"vectors {self._label}"

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Encode each text."""
        kept, rows = self._partitions.setdefault(partition, (Kept(), []))
        kept.take(events)
        rows.append(self._encoder.encode([spoken(event) for event in events]))

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """The nearest texts by cosine."""
        if question.conversation not in self._partitions:
            return []
        kept, rows = self._partitions[question.conversation]
        rows[:] = [np.concatenate(rows)]
        scores = rows[0] @ self._encoder.encode_query(question.text)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [kept.found(int(at), float(scores[at])) for at in best]

    def size(self) -> None:
        """It keeps nothing on disk."""

    def close(self) -> None:
        """Forget everything."""
        self._partitions.clear()
