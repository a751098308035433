"""What comes in: events → readings → changes → one transaction → a receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from mnemic.core.changes import Put
from mnemic.core.events import Event
from mnemic.core.receipts import Receipt
from mnemic.core.records import Partition, Record
from mnemic.core.storage import Identity, Reading
from mnemic.engine.parts import Parts
from mnemic.engine.reader import Words
from mnemic.engine.write import commit
from mnemic.formation.verbatim import Known, identity, plan


def take_in(
    parts: Parts,
    events: Sequence[Event],
    partition: Partition,
    agent_id: str | None = None,
    *,
    why: str = "added",
) -> Receipt:
    """Remember these events: all of them, or none when anything fails.

    They are read (tokens, passages, vectors) before the transaction begins, so that other
    processes wait for the writing only.
    """
    if not events:
        return Receipt()
    readings = parts.reader.read([Words(e.text, e.speaker, e.time) for e in events])
    now = parts.clock()
    with parts.store.writing():
        planned = plan(
            events,
            [reading.mark for reading in readings],
            _known(parts, events, readings, partition),
            partition=partition,
            agent_id=agent_id,
            now=now,
            new_id=parts.new_id,
            why=why,
        )
        ready = {
            change.record.id: readings[place]
            for change, place in zip(planned.changes, planned.places, strict=True)
            if isinstance(change, Put)
        }
        applied = commit(parts, planned.changes, ready, now)
    return Receipt(
        ids=tuple(change.record for change in applied if change.verb == "put"),
        duplicates=planned.duplicates,
        changes=tuple(applied),
        refused=planned.refused,
    )


def _known(
    parts: Parts, events: Sequence[Event], readings: Sequence[Reading], partition: Partition
) -> Known:
    store = parts.store
    names = [name for name in map(identity, events) if name is not None]
    there: dict[Identity, Record] = {}
    forgotten: frozenset[Identity] = frozenset()
    if names:
        ids = store.identities(partition, names)
        records = store.get(list(ids.values()))
        there = {name: records[id] for name, id in ids.items()}
        graves = {tombstone(parts.secret, partition, name): name for name in names}
        forgotten = frozenset(graves[mark] for mark in store.buried(list(graves)))
    sessions = {event.session_id for event in events}
    return Known(
        identities=there,
        forgotten=forgotten,
        echoes=store.echoes(partition, [reading.mark for reading in readings]),
        ordinals={session: store.next_ordinal(partition, session) for session in sessions},
    )


def tombstone(secret: bytes, partition: Partition, name: Identity) -> bytes:
    """A keyed hash of an identity: recognises what was forgotten, and tells nothing of it."""
    fields = (partition.namespace, partition.user_id, *name)
    return hashlib.blake2b(repr(fields).encode("utf-8"), key=secret, digest_size=16).digest()
