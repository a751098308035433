"""How much a memory holds, and how it is searched."""

from __future__ import annotations

from dataclasses import dataclass

from mnemic.core.errors import InputError, ModelError
from mnemic.core.records import Partition
from mnemic.engine.parts import Parts
from mnemic.engine.vectors.jobs import Worker


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
    held: int
    """In quarantine."""
    forgotten: int
    changes: int
    partitions: int
    passages: int
    vectors: int
    waiting: int
    """Background jobs that are not done."""
    bytes: int
    """Of the file; of one user, those of the texts."""
    encoder: str | None
    """The encoder whose vectors are wanted; `None`: text alone."""
    language: str
    failed: str | None = None
    """Why the background encoder failed last, if it did."""


def survey(parts: Parts, worker: Worker, partition: Partition | None = None) -> Stats:
    """Count, in one partition or in all."""
    sizes = parts.store.sizes(partition)
    return Stats(
        path=parts.path,
        records=sizes["active"],
        deleted=sizes["retired"],
        held=sizes["held"],
        forgotten=sizes["forgotten"],
        changes=sizes["changes"],
        partitions=sizes["partitions"],
        passages=sizes["passages"],
        vectors=sizes["vectors"],
        waiting=sizes["jobs"],
        bytes=sizes["bytes"],
        encoder=_wanted(parts),
        language=parts.reader.analyser.language,
        failed=_failed(worker, partition),
    )


def _failed(worker: Worker, partition: Partition | None) -> str | None:
    """What failed; of one user without the words, which may quote another's text."""
    if partition is None or worker.failed is None:
        return worker.failed
    return "background work failed. Memory.stats() without a user says why"


def _wanted(parts: Parts) -> str | None:
    """The encoder that most kinds of record are to be searched by."""
    names = parts.encoders.groups(parts.store)[0].names
    try:
        encoder = parts.encoders.named(names[0]) if names else parts.encoders.inline
        return None if encoder is None else str(encoder.id)
    except (ModelError, InputError) as error:
        return f"not available: {error}"
