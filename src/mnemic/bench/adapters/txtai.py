"""txtai's embeddings database, an index for each conversation, with vectors that are handed in.

Its `external` method takes any function for its encoder, so that no model is downloaded. Dense
alone, or `hybrid`: dense and its own BM25, half each, as its documentation recommends.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mnemic.bench.adapters.libraries import TXTAI
from mnemic.bench.adapters.texts import Kept, Place, spoken
from mnemic.bench.system import Found
from mnemic.core.events import Event
from mnemic.core.ports import Encoder
from mnemic.core.vectors import Floats
from mnemic.sources.questions import Question


class Txtai:
    """txtai, fed with the vectors of `encoder`. Raises MissingExtra without the library."""

    def __init__(
        self, encoder: Encoder, label: str, *, hybrid: bool = False, folder: Path | None = None
    ) -> None:
        self._library = TXTAI.load()
        self._encoder = encoder
        self._hybrid = hybrid
        self._name = f"txtai {TXTAI.version} {'hybrid ' if hybrid else ''}{label}"
        self._place = Place(folder)
        self._asked: str | None = None
        self._partitions: dict[str, tuple[Kept, Any]] = {}

    @property
    def name(self) -> str:
        """ "txtai", its version and the encoder."""
        return self._name

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Put the texts into the conversation's index."""
        kept, index = self._partition(partition)
        numbered = zip(kept.take(events), events, strict=True)
        if events:
            index.upsert([(number, spoken(event), None) for number, event in numbered])

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """What its search finds."""
        kept, index = self._partition(question.conversation)
        self._asked = question.text
        try:
            found = index.search(question.text, limit)
        finally:
            self._asked = None
        return [kept.found(int(number), float(score)) for number, score in found]

    def _partition(self, name: str) -> tuple[Kept, Any]:
        if name not in self._partitions:

            def transform(texts: Sequence[str]) -> Floats:  # it takes functions, not methods
                return self._encode(texts)

            index = self._library.Embeddings(
                method="external", transform=transform, content=False, hybrid=self._hybrid
            )
            self._partitions[name] = Kept(), index
        return self._partitions[name]

    def _encode(self, texts: Sequence[str]) -> Floats:
        """Vectors for txtai, which asks for questions and for texts in the same way."""
        if self._asked is not None:
            return self._encoder.encode_query(self._asked)[None]
        return self._encoder.encode(list(texts))

    def size(self) -> int:
        """Bytes of what it saves; until now it held everything in memory."""
        for number, (_, index) in enumerate(self._partitions.values()):
            index.save(str(self._place.folder / str(number)))
        return self._place.size()

    def close(self) -> None:
        """Close the indexes, and delete a temporary folder."""
        for _, index in self._partitions.values():
            index.close()
        self._place.close()
