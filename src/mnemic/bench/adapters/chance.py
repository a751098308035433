"""Chance: texts drawn blindly, what every figure must be far from."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from mnemic.bench.adapters.texts import Kept
from mnemic.bench.system import Found
from mnemic.core.events import Event
from mnemic.sources.questions import Question


class Chance:
    """Draws texts at random; the same for the same `seed`, question and texts."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._partitions: dict[str, Kept] = {}

    @property
    def name(self) -> str:
        """ "chance" and its seed."""
        return f"chance, seed {self._seed}"

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Keep them."""
        self._partitions.setdefault(partition, Kept()).take(events)

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """At most `limit` texts, each at most once."""
        kept = self._partitions.get(question.conversation)
        if kept is None:
            return []
        drawing = np.random.default_rng([self._seed, crc32(question.id.encode())])
        drawn = drawing.permutation(len(kept))[:limit]
        return [kept.found(int(number), 1 / rank) for rank, number in enumerate(drawn, 1)]

    def size(self) -> None:
        """It keeps nothing on disk."""

    def close(self) -> None:
        """Forget everything."""
        self._partitions.clear()
