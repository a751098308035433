"""What comes in: events → readings → changes → one transaction → a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mnemic.core.changes import Put
from mnemic.core.events import Event
from mnemic.core.ids import RecordId
from mnemic.core.receipts import Receipt
from mnemic.core.records import Partition, Record
from mnemic.core.storage import Identity, Reading, Store
from mnemic.engine.parts import Parts
from mnemic.engine.reader import Words
from mnemic.engine.tombstones import tombstone
from mnemic.engine.trust.door import Passed, passing
from mnemic.engine.write import commit
from mnemic.formation.verbatim import Known, identity, plan

_NO_MARK: Final = 0
"""Of an event that was not read; no echo has it."""


def take_in(
    parts: Parts,
    events: Sequence[Event],
    partition: Partition,
    agent_id: str | None = None,
    *,
    why: str = "added",
) -> Receipt:
    """Remember these events: all of them, or none when anything fails.

    They pass the door (`trust/door.py`) first. They are read (tokens, passages, vectors) before the
    transaction begins, so that other processes wait for the writing only.
    """
    if not events:
        return Receipt()
    receipt = None
    while receipt is None:
        passed = passing(parts, events)
        readings = _read(parts, passed.events, partition)
        with parts.store.writing():
            # Judged again if another process has changed the rules meanwhile.
            if parts.rules.now() is passed.rules:
                receipt = _keep(parts, passed, readings, partition, agent_id, why)
    return receipt


def _keep(
    parts: Parts,
    passed: Passed,
    readings: Sequence[Reading | None],
    partition: Partition,
    agent_id: str | None,
    why: str,
) -> Receipt:
    events, now = passed.events, parts.clock()
    planned = plan(
        events,
        [reading.mark if reading else _NO_MARK for reading in readings],
        _known(parts, events, readings, partition),
        partition=partition,
        agent_id=agent_id,
        now=now,
        new_id=parts.new_id,
        why=why,
        hold=passed.hold,
        bar=passed.bar,
    )
    ready: dict[RecordId, Reading] = {}
    for change, place in zip(planned.changes, planned.places, strict=True):
        reading = readings[place]
        if isinstance(change, Put) and reading is not None:
            ready[change.record.id] = reading
    applied = commit(parts, planned.changes, ready, now)
    held = set(planned.held)
    put = [change.record for change in applied if change.verb == "put"]
    return Receipt(
        ids=tuple(id for id in put if id not in held),
        duplicates=planned.duplicates,
        changes=tuple(applied),
        refused=planned.refused,
        held=planned.held,
        barred=planned.barred,
    )


def _read(parts: Parts, events: Sequence[Event], partition: Partition) -> list[Reading | None]:
    """The reading of each event; None for those that are there already, word for word."""
    there = _there(parts.store, events, partition)
    names = [identity(event) for event in events]
    new = [
        place
        for place, (event, name) in enumerate(zip(events, names, strict=True))
        if name is None or name not in there or there[name].text != event.text
    ]
    words = [Words(events[at].text, events[at].speaker, events[at].time) for at in new]
    readings: list[Reading | None] = [None] * len(events)
    for place, reading in zip(new, parts.reader.read(words), strict=True):
        readings[place] = reading
    return readings


def _there(store: Store, events: Sequence[Event], partition: Partition) -> dict[Identity, Record]:
    """The records of those events that are there already, by identity."""
    names = [name for name in map(identity, events) if name is not None]
    if not names:
        return {}
    ids = store.identities(partition, names)
    records = store.get(list(ids.values()))
    return {name: records[id] for name, id in ids.items()}


def _known(
    parts: Parts,
    events: Sequence[Event],
    readings: Sequence[Reading | None],
    partition: Partition,
) -> Known:
    store = parts.store
    names = [name for name in map(identity, events) if name is not None]
    forgotten: frozenset[Identity] = frozenset()
    if names:
        graves = {tombstone(parts.secret, partition, name): name for name in names}
        forgotten = frozenset(graves[mark] for mark in store.buried(list(graves)))
    sessions = {event.session_id for event in events}
    return Known(
        identities=_there(store, events, partition),
        forgotten=forgotten,
        echoes=store.echoes(partition, [reading.mark for reading in readings if reading]),
        ordinals={session: store.next_ordinal(partition, session) for session in sessions},
    )
