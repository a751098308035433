"""Change the encoder of a file, while it is in use.

The choice goes into the file's plan (`vectors/encoders.py`), with a job for each partition; whoever
works on the file does them, in batches, and goes on where another stopped. Reads are served from
the old vectors until a partition has all of the new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mnemic.core.errors import InputError
from mnemic.core.receipts import counted
from mnemic.engine.parts import Parts
from mnemic.engine.trying import refuse
from mnemic.engine.vectors.encoders import (
    ENCODE,
    NONE,
    STATIC,
    Choice,
    chosen,
    plan,
    put_plan,
    settle,
)


@dataclass(frozen=True, slots=True)
class Reembedding:
    """What a change of encoder set going; `flush()` waits for its end, `stats()` shows how far."""

    encoder: str
    kinds: tuple[str, ...] | None
    """The kinds of record that are read by it; None: all."""
    jobs: int
    """Partitions that have to be read."""

    def __str__(self) -> str:
        what = "everything" if self.kinds is None else ", ".join(self.kinds)
        left = f"{counted(self.jobs, 'partition')} to read" if self.jobs else "done"
        return f"{what} by {self.encoder}: {left}"


def reembed(parts: Parts, encoder: object, kinds: Sequence[str] | None = None) -> Reembedding:
    """Choose an encoder by its name for all records, or for those of some kinds.

    Raises InputError for what has no name or an unknown one, and for no kinds, ModelError or
    MissingExtra where it cannot be used on this machine; nothing is changed then.
    """
    refuse(parts.store, "a change of encoder")
    if encoder is not None and not isinstance(encoder, str):
        raise InputError(
            f"reembed takes the name of an encoder, not {encoder!r}, because other processes "
            "have to find it. Open the file with Memory(encoder=...) to use an object"
        )
    if kinds is not None and not kinds:
        raise InputError("kinds is empty: nothing would be read by it. Name some, or leave it out")
    name = NONE if encoder is None else encoder
    named = parts.encoders.table if name == STATIC else parts.encoders.named(name)
    later = name not in (STATIC, NONE)
    about = None if kinds is None else tuple(dict.fromkeys(kinds))
    choice = Choice(name, about, named.id if named and later else None)
    store = parts.store
    with store.writing():
        put_plan(store, chosen(plan(store), choice))
        jobs = 0
        for partition, _ in store.partitions():
            # What the table has not read yet was written while the file had words alone.
            if later or (named and store.unencoded(partition, named.id, 1)):
                store.enqueue(ENCODE, partition, name, parts.clock())
                jobs += 1
        if not jobs:
            settle(store)
    parts.encoders.follow_plan()
    if kinds is None:
        # What is written from now on; other processes do so when they open the file again.
        parts.encoders.inline = None if name == NONE else parts.encoders.table
        parts.reader.encoder = parts.encoders.inline
    if jobs:
        parts.wake()
    return Reembedding(name, choice.kinds, jobs)
