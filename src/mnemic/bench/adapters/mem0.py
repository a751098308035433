"""mem0 with `infer=False`: verbatim, no language model; vectors in local Qdrant, telemetry off.

mem0 gives up all hits that score below 0.1 unless it is told otherwise; here it is (threshold 0),
because the benchmark asks for a number of texts and not for confident ones.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mnemic.bench.adapters.libraries import MEM0
from mnemic.bench.adapters.texts import Kept, Place, spoken
from mnemic.bench.system import Found
from mnemic.core.events import Event
from mnemic.core.ports import Encoder
from mnemic.sources.questions import Question


class Mem0:
    """mem0, fed with the vectors of `encoder`; conversations are its users.

    Raises MissingExtra without the library.
    """

    def __init__(self, encoder: Encoder, label: str, *, folder: Path | None = None) -> None:
        self._place = Place(folder)
        # It reads these when it is imported, and has no other way to be told.
        os.environ["MEM0_TELEMETRY"] = "False"
        os.environ.setdefault("MEM0_DIR", str(self._place.folder / "mem0"))
        library = MEM0.load()
        qdrant = {
            "collection_name": "memories",
            "embedding_model_dims": encoder.id.size,
            "path": str(self._place.folder / "qdrant"),
            "on_disk": True,
        }
        unused = {"provider": "openai", "config": {"api_key": "none"}}  # clients never called
        self._memory = library.Memory.from_config(
            {
                "vector_store": {"provider": "qdrant", "config": qdrant},
                "history_db_path": str(self._place.folder / "history.db"),
                "llm": unused,
                "embedder": unused,
            }
        )
        self._given = _Given(encoder)
        self._memory.embedding_model = self._given
        self._name = f"mem0 {MEM0.version} infer=False {label}"
        self._kept = Kept()
        self._numbers: dict[str, int] = {}

    @property
    def name(self) -> str:
        """ "mem0", its version and the encoder."""
        return self._name

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Add the texts as messages of a user."""
        texts = [spoken(event) for event in events]
        if not texts:  # which it refuses
            return
        self._given.know(texts)
        messages = [{"role": "user", "content": text} for text in texts]
        added = self._memory.add(messages, user_id=partition, infer=False)["results"]
        for number, made in zip(self._kept.take(events), added, strict=True):
            self._numbers[made["id"]] = number

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """What its search finds."""
        found = self._memory.search(
            question.text, filters={"user_id": question.conversation}, top_k=limit, threshold=0.0
        )
        return [
            self._kept.found(self._numbers[each["id"]], each["score"]) for each in found["results"]
        ]

    def size(self) -> int:
        """Bytes of its folder."""
        return self._place.size()

    def close(self) -> None:
        """Close its stores, and delete a temporary folder."""
        self._memory.vector_store.client.close()
        self._memory.close()
        self._place.close()


class _Given:
    """In place of mem0's encoder: texts that go in were encoded together, questions are now."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, list[float]] = {}

    def know(self, texts: Sequence[str]) -> None:
        self._rows = dict(zip(texts, self._encoder.encode(texts).tolist(), strict=True))

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        if memory_action == "add":
            return self._rows[text]
        row: list[float] = self._encoder.encode_query(text).tolist()
        return row

    def embed_batch(self, texts: Sequence[str], memory_action: str = "add") -> list[list[float]]:
        return [self.embed(text, memory_action) for text in texts]
