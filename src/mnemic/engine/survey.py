"""How much a memory holds, and how it is searched."""

from __future__ import annotations

from dataclasses import dataclass

from mnemic.core.errors import ModelError
from mnemic.core.ports import Encoder
from mnemic.engine.jobs import Worker
from mnemic.engine.parts import Parts


@dataclass(frozen=True, slots=True)
class ScopeInfo:
    """A partition: whose memories, and how many can be found."""

    namespace: str
    user_id: str | None
    records: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of one memory."""

    path: str
    records: int
    deleted: int
    forgotten: int
    changes: int
    partitions: int
    passages: int
    vectors: int
    waiting: int
    """Background jobs that are not done."""
    bytes: int
    encoder: str | None
    """The encoder whose vectors are wanted; `None`: text alone."""
    language: str
    failed: str | None = None
    """Why the background encoder failed last, if it did."""


def survey(parts: Parts, worker: Worker | None) -> Stats:
    """Count."""
    sizes = parts.store.sizes()
    wanted = parts.background or parts.reader.encoder
    return Stats(
        path=parts.path,
        records=sizes["active"],
        deleted=sizes["retired"],
        forgotten=sizes["forgotten"],
        changes=sizes["changes"],
        partitions=sizes["partitions"],
        passages=sizes["passages"],
        vectors=sizes["vectors"],
        waiting=sizes["jobs"],
        bytes=sizes["bytes"],
        encoder=_name(wanted) if wanted else None,
        language=parts.reader.analyser.language,
        failed=worker.failed if worker else None,
    )


def _name(encoder: Encoder) -> str:
    try:
        return str(encoder.id)
    except ModelError as error:
        return f"not available: {error}"
