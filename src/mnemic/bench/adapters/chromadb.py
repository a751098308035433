"""chromadb's persistent client, as its documentation says: a collection for each conversation.

Cosine, its HNSW index with its own settings, telemetry off. Vectors are handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mnemic.bench.adapters.libraries import CHROMADB
from mnemic.bench.adapters.texts import Kept, Place, spoken
from mnemic.bench.system import Found
from mnemic.core.events import Event
from mnemic.core.ports import Encoder
from mnemic.sources.questions import Question


class Chroma:
    """chromadb, fed with the vectors of `encoder`. Raises MissingExtra without the library."""

    def __init__(self, encoder: Encoder, label: str, *, folder: Path | None = None) -> None:
        library = CHROMADB.load()
        from chromadb.config import Settings

        self._encoder = encoder
        self._name = f"chromadb {CHROMADB.version} {label}"
        self._place = Place(folder)
        self._client = library.PersistentClient(
            str(self._place.folder), settings=Settings(anonymized_telemetry=False)
        )
        self._partitions: dict[str, tuple[Kept, Any]] = {}

    @property
    def name(self) -> str:
        """ "chromadb", its version and the encoder."""
        return self._name

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Add the texts in batches as large as the client takes."""
        kept, collection = self._partition(partition)
        numbers = kept.take(events)
        texts = [spoken(event) for event in events]
        rows = self._encoder.encode(texts)
        most = self._client.get_max_batch_size()
        for begun in range(0, len(texts), most):
            some = slice(begun, begun + most)
            collection.add(
                ids=[str(number) for number in numbers[some]],
                documents=texts[some],
                embeddings=rows[some],
            )

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """The nearest texts by cosine."""
        kept, collection = self._partition(question.conversation)
        found = collection.query(
            query_embeddings=self._encoder.encode_query(question.text)[None],
            n_results=limit,
            include=["distances"],
        )
        return [
            kept.found(int(id), 1 - distance)
            for id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def _partition(self, name: str) -> tuple[Kept, Any]:
        """What it keeps of a conversation; numbered, because names of collections are narrow."""
        if name not in self._partitions:
            collection = self._client.create_collection(
                f"conversation-{len(self._partitions)}", metadata={"hnsw:space": "cosine"}
            )
            self._partitions[name] = Kept(), collection
        return self._partitions[name]

    def size(self) -> int:
        """Bytes of its folder."""
        return self._place.size()

    def close(self) -> None:
        """Delete a temporary folder; chromadb writes as it goes and has nothing to close."""
        self._place.close()
