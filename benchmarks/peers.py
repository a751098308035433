"""Other memory systems behind two methods, so that they can be measured beside ours.

    add(texts, vectors)         keep texts; one at a time is a list of one
    search(text, vector, k)     the k texts found, best first
    batches                     whether many at once are kept in another way than one by one

Each is used as its own documentation tells users to, on disk, without a server, with telemetry off
and nothing else changed. Vectors are handed in; `vectors=None` asks for the system's own default
encoder, and `lacking(name)` says why that cannot be had. Nothing is imported before it is asked
for: these libraries are no dependency of mnemic (`make peers` installs them).
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from baseline import Baseline
from mnemic.core.vectors import Floats

USER = "ana"

SETTINGS: Mapping[str, str] = {
    "MEM0_TELEMETRY": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "OPENAI_API_KEY": "none",  # mem0 makes a client that is never called
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Environment variables: telemetry off, nothing over the network."""


class Mem0:
    """mem0 with `infer=False`: verbatim, no language model; vectors in local Qdrant."""

    batches = False

    def __init__(self, path: str, size: int) -> None:
        from mem0 import Memory

        folder = Path(path)
        folder.mkdir(exist_ok=True)
        store = {
            "collection_name": "memories",
            "embedding_model_dims": size,
            "path": str(folder / "qdrant"),
            "on_disk": True,
        }
        self._given = _Given()
        self._memory = Memory.from_config(
            {
                "vector_store": {"provider": "qdrant", "config": store},
                "history_db_path": str(folder / "history.db"),
            }
        )
        self._memory.embedding_model = self._given

    def add(self, texts: Sequence[str], vectors: Floats | None) -> None:
        self._given.know(texts, vectors)
        messages = [{"role": "user", "content": text} for text in texts]
        self._memory.add(messages, user_id=USER, infer=False)

    def search(self, text: str, vector: Floats | None, k: int) -> list[str]:
        text = text.strip()  # as mem0 does before it asks for the vector
        self._given.know([text], None if vector is None else vector[None])
        found = self._memory.search(text, filters={"user_id": USER}, top_k=k)
        return [each["memory"] for each in found["results"]]

    def close(self) -> None:
        self._memory.vector_store.client.close()
        self._memory.close()


class _Given:
    """In place of mem0's encoder: gives each text the vector that was handed in with it."""

    def __init__(self) -> None:
        self._vectors: dict[str, list[float]] = {}

    def know(self, texts: Sequence[str], vectors: Floats | None) -> None:
        assert vectors is not None, lacking("mem0")
        self._vectors = dict(zip(texts, vectors.tolist(), strict=True))

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        return self._vectors[text]

    def embed_batch(self, texts: list[str], memory_action: str = "add") -> list[list[float]]:
        return [self._vectors[text] for text in texts]


class Chroma:
    """chromadb's persistent client, cosine; a collection for each user, quicker than a filter."""

    batches = True

    def __init__(self, path: str, size: int) -> None:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(path, settings=settings)
        self._collection = self._client.get_or_create_collection(
            "memories", metadata={"hnsw:space": "cosine"}
        )

    def add(self, texts: Sequence[str], vectors: Floats | None) -> None:
        self._collection.add(
            ids=[str(uuid.uuid4()) for _ in texts],
            documents=[*texts],
            embeddings=vectors,
        )

    def search(self, text: str, vector: Floats | None, k: int) -> list[str]:
        asked: dict[str, Any] = (
            {"query_texts": [text]} if vector is None else {"query_embeddings": vector[None]}
        )
        found = self._collection.query(n_results=k, include=["documents", "distances"], **asked)
        return [*found["documents"][0]]

    def close(self) -> None:
        """Chroma writes as it goes and has nothing to close."""


class LangGraph:
    """LangGraph's SqliteStore: JSON values, vectors compared by the sqlite-vec extension."""

    batches = True

    def __init__(self, path: str, size: int) -> None:
        from langgraph.store.base import PutOp
        from langgraph.store.sqlite import SqliteStore

        self._put = PutOp
        self._vectors: dict[str, list[float]] = {}
        # As SqliteStore.from_conn_string does it, with whichever SQLite may load extensions.
        self._connection = _sqlite().connect(path, check_same_thread=False, isolation_level=None)
        # "fields" is what its documentation says, "text_fields" what 3.1.2 reads.
        fields = {"fields": ["text"], "text_fields": ["text"]}
        self._store = SqliteStore(
            self._connection, index={"dims": size, "embed": self._embed, **fields}
        )
        self._store.setup()

    def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vectors[text] for text in texts]

    def add(self, texts: Sequence[str], vectors: Floats | None) -> None:
        assert vectors is not None, lacking("langgraph")
        self._vectors = dict(zip(texts, vectors.tolist(), strict=True))
        space = ("memories", USER)
        self._store.batch([self._put(space, str(uuid.uuid4()), {"text": text}) for text in texts])

    def search(self, text: str, vector: Floats | None, k: int) -> list[str]:
        assert vector is not None, lacking("langgraph")
        self._vectors = {text: vector.tolist()}
        found = self._store.search(("memories", USER), query=text, limit=k)
        return [item.value["text"] for item in found]

    def close(self) -> None:
        self._connection.close()


def _sqlite() -> Any:
    """The standard library's sqlite3, or pysqlite3 where Python was built without extensions."""
    if hasattr(sqlite3.Connection, "enable_load_extension"):
        return sqlite3
    return import_module("pysqlite3")


SYSTEMS: Mapping[str, type[Baseline | Mem0 | Chroma | LangGraph]] = {
    "baseline": Baseline,
    "mem0": Mem0,
    "chromadb": Chroma,
    "langgraph": LangGraph,
}

_MODULES = {"mem0": "mem0", "chromadb": "chromadb", "langgraph": "langgraph.store.sqlite"}

PEERS = tuple(_MODULES)


def installed() -> list[str]:
    """The peers that can be imported here."""
    return [name for name, module in _MODULES.items() if _found(module)]


def load(name: str) -> None:
    """Import a system's library; the baseline has none."""
    if name in _MODULES:
        import_module(_MODULES[name])


def _found(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package above it
        return False


def lacking(name: str) -> str | None:
    """Why a peer's own default encoder cannot be measured here, offline; None if it can."""
    if name == "mem0":
        return "its default encoder is OpenAI's, over the network with a key"
    if name == "langgraph":
        return "it has no default encoder"
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2 as Own

    if (Path(Own.DOWNLOAD_PATH) / Own.EXTRACTED_FOLDER_NAME / "model.onnx").is_file():
        return None
    return "its default encoder, all-MiniLM-L6-v2, is downloaded on first use and is not here"
