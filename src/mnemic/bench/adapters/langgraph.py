"""LangGraph's SqliteStore: JSON values, vectors compared by the sqlite-vec extension."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from mnemic.bench.adapters.libraries import LANGGRAPH
from mnemic.bench.adapters.texts import Kept, Place, spoken
from mnemic.bench.system import Found
from mnemic.core.errors import MissingExtra
from mnemic.core.events import Event
from mnemic.core.ports import Encoder
from mnemic.sources.questions import Question


class LangGraph:
    """A LangGraph store, fed with the vectors of `encoder`; a namespace for each conversation.

    Raises MissingExtra without the library.
    """

    def __init__(self, encoder: Encoder, label: str, *, folder: Path | None = None) -> None:
        library = LANGGRAPH.load()
        from langgraph.store.base import PutOp

        self._put = PutOp
        self._encoder = encoder
        self._name = f"langgraph store {LANGGRAPH.version} {label}"
        self._place = Place(folder)
        self._asked: str | None = None
        # As SqliteStore.from_conn_string does it, with whichever SQLite may load extensions.
        self._connection = _sqlite().connect(
            str(self._place.folder / "store.db"), check_same_thread=False, isolation_level=None
        )
        # "fields" is what its documentation says, "text_fields" what 3.1.2 reads.
        fields = {"fields": ["text"], "text_fields": ["text"]}
        self._store = library.SqliteStore(
            self._connection, index={"dims": encoder.id.size, "embed": self._embed, **fields}
        )
        self._store.setup()
        self._partitions: dict[str, tuple[Kept, tuple[str, str]]] = {}

    @property
    def name(self) -> str:
        """ "langgraph store", its version and the encoder."""
        return self._name

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Put the texts in, in one batch."""
        kept, space = self._partition(partition)
        numbered = zip(kept.take(events), events, strict=True)
        self._store.batch(
            [self._put(space, str(number), {"text": spoken(event)}) for number, event in numbered]
        )

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """The nearest texts, as the store scores them."""
        kept, space = self._partition(question.conversation)
        self._asked = question.text
        try:
            found = self._store.search(space, query=question.text, limit=limit)
        finally:
            self._asked = None
        return [kept.found(int(item.key), item.score or 0.0) for item in found]

    def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors for the store, which asks for questions and for texts in the same way."""
        if self._asked is not None:
            return [self._encoder.encode_query(self._asked).tolist()]
        rows: list[list[float]] = self._encoder.encode(texts).tolist()
        return rows

    def _partition(self, name: str) -> tuple[Kept, tuple[str, str]]:
        """What it keeps of a conversation; numbered, because namespaces take no full stops."""
        if name not in self._partitions:
            self._partitions[name] = Kept(), ("memories", str(len(self._partitions)))
        return self._partitions[name]

    def size(self) -> int:
        """Bytes of its files."""
        return self._place.size()

    def close(self) -> None:
        """Close the database, and delete a temporary folder."""
        self._connection.close()
        self._place.close()


def _sqlite() -> Any:
    """The standard library's sqlite3, or pysqlite3 where Python was built without extensions."""
    if hasattr(sqlite3.Connection, "enable_load_extension"):
        return sqlite3
    try:
        return import_module("pysqlite3")
    except ImportError as error:
        raise MissingExtra(
            "this Python's sqlite3 was built without extensions, and LangGraph's store needs one. "
            "Run pip install pysqlite3-binary"
        ) from error
