"""One record per message, word for word: the formation that needs nothing else.

It decides what is new. A message with an identity (source, external id) that is there already adds
nothing; if its words have changed since, the record is revised; if it was forgotten, it stays
forgotten. The words alone never decide: people repeat themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from mnemic.core.changes import Change, Put, Retire, Revise
from mnemic.core.clock import Micros, Moment
from mnemic.core.events import Event
from mnemic.core.ids import RecordId
from mnemic.core.receipts import Duplicate
from mnemic.core.records import Partition, Provenance, Record, Scope, Status
from mnemic.core.storage import Identity
from mnemic.language.secrets import SENSITIVE


@dataclass(frozen=True, slots=True)
class Known:
    """What the store says of the events before they are taken in."""

    identities: Mapping[Identity, Record] = field(default_factory=dict)
    forgotten: frozenset[Identity] = frozenset()
    echoes: Mapping[int, RecordId] = field(default_factory=dict)
    """Mark of some words → a record that holds them."""
    ordinals: Mapping[str | None, int] = field(default_factory=dict)
    """Session → the next free ordinal."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes, and for each the place of the event that it comes from."""

    changes: tuple[Change, ...]
    places: tuple[int, ...]
    duplicates: tuple[Duplicate, ...]
    refused: tuple[int, ...]
    barred: tuple[int, ...] = ()
    held: tuple[RecordId, ...] = ()
    """Records that are put out of sight as soon as they are written."""


def identity(event: Event) -> Identity | None:
    """(source, external id), or None for an event that names neither."""
    if event.external_id is None:
        return None
    return event.source or "", event.external_id


def plan(
    events: Sequence[Event],
    marks: Sequence[int],
    known: Known,
    *,
    partition: Partition,
    agent_id: str | None,
    now: Micros,
    new_id: Callable[[], str],
    why: str = "added",
    hold: Mapping[int, str] = MappingProxyType({}),
    bar: Set[int] = frozenset(),
) -> Plan:
    """Turn events into changes.

    `hold`: places of events that wait for a review, and why; `bar`: places of those that do not
    come in, neither as a record nor as new words of one.
    `marks` holds a keyed hash of each event's words; `new_id` mints ids. Events of a session get
    ordinals in the order given, after what is there, unless the source knows their position.
    """
    changes: list[Change] = []
    places: list[int] = []
    duplicates: list[Duplicate] = []
    refused: list[int] = []
    barred: list[int] = []
    held: list[RecordId] = []
    here: dict[Identity, Record] = dict(known.identities)
    ordinals = dict(known.ordinals)
    for place, (event, mark) in enumerate(zip(events, marks, strict=True)):
        name = identity(event)
        if name is not None and name in known.forgotten:
            refused.append(place)
            continue
        there = here.get(name) if name is not None else None
        if place in bar and (there is None or there.text != event.text):
            barred.append(place)
            continue
        if there is not None:
            duplicates.append(Duplicate(place, there.id, written=False))
            if there.text != event.text:
                changes.append(_revise(there, event))
                places.append(place)
                if place in hold and there.status in (Status.ACTIVE, Status.HELD):
                    # A deleted record stays deleted: a review must not bring it back.
                    changes.append(Retire(there.id, f"held: {hold[place]}", hold=True))
                    places.append(place)
                    held.append(there.id)
            continue
        following = ordinals.get(event.session_id, 0)
        ordinal = following if event.position is None else event.position
        ordinals[event.session_id] = max(following, ordinal + 1)
        record = _record(event, ordinal, partition, agent_id, now, RecordId(new_id()))
        if name is not None:
            here[name] = record
        if mark in known.echoes:
            duplicates.append(Duplicate(place, known.echoes[mark], written=True))
        places.append(place)
        if place in hold:
            # In one change: no point of the log lies between its coming and its being held.
            record = replace(record, status=Status.HELD, retired_at=now)
            changes.append(Put(record, why=f"held: {hold[place]}"))
            held.append(record.id)
        else:
            changes.append(Put(record, why=why))
    return Plan(
        tuple(changes),
        tuple(places),
        tuple(duplicates),
        tuple(refused),
        tuple(barred),
        tuple(held),
    )


def _revise(there: Record, event: Event) -> Revise:
    """The new words of a record, and what was found to be sensitive in them."""
    found = event.metadata.get(SENSITIVE)
    if found is None or found == there.metadata.get(SENSITIVE):
        return Revise(there.id, text=event.text, why="changed at its source")
    metadata = {**there.metadata, SENSITIVE: found}
    return Revise(there.id, text=event.text, metadata=metadata, why="changed at its source")


def _record(
    event: Event,
    ordinal: int,
    partition: Partition,
    agent_id: str | None,
    now: Micros,
    id: RecordId,
) -> Record:
    time: Moment | None = event.time
    return Record(
        id=id,
        text=event.text,
        kind=event.kind,
        scope=Scope(partition, agent_id, event.session_id),
        ordinal=ordinal,
        recorded_at=now,
        speaker=event.speaker,
        role=event.role,
        valid_from=time,
        valid_to=event.valid_to,
        provenance=Provenance(
            source=event.source if event.external_id is None else event.source or "",
            external_id=event.external_id,
            origin=event.origin,
            derived_from=event.derived_from,
        ),
        metadata=event.metadata,
        media=event.media,
    )
