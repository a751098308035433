"""The one writer: changes in, one transaction, log lines and new states out.

Whoever plans changes (formation, evolution, `Memory`'s own verbs, undo) hands them here. All are
kept, with log, versions, text index and vectors, or none is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mnemic.core.changes import VERBS, Change, Forget, Link, Put
from mnemic.core.clock import Micros
from mnemic.core.errors import Forgotten, InputError, NotFound, Stale
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import Applied
from mnemic.core.records import Record, Status
from mnemic.core.storage import Entry, LinkRow, Reading, Store, Write
from mnemic.core.verbs import after, target

Read = Callable[[Sequence[Record]], list[Reading]]
"""Reads what is derived off records: tokens, cues, passages, vectors."""


def apply(
    store: Store,
    changes: Sequence[Change],
    *,
    now: Micros,
    actor: str,
    new_id: Callable[[], str],
    read: Read,
    readings: Mapping[RecordId, Reading] | None = None,
) -> list[Applied]:
    """Make these changes, in order, within the transaction that is open.

    `readings` are those made before the transaction began; what lacks one is read here. A change
    that alters nothing is left out. Raises Stale when a record is not at the version that a change
    expects, NotFound or Forgotten when it is not there; the transaction then keeps nothing.
    """
    states = _states(store, changes)
    writes: list[tuple[Write, bool]] = []
    for change in changes:
        _expect(change, states)
        before = states.get(RecordId(target(change)))
        if isinstance(change, Forget):
            raise InputError("a Forget is not applied with other changes. Use Memory.forget")
        if isinstance(change, Put):
            record = _new(change, states, now)
        elif before is None:
            raise NotFound(f"no record {target(change)!r}. Memory.list() shows what is there")
        else:
            record = after(before, change, now)
            if record is before and not isinstance(change, Link):
                continue
        entry = Entry(
            0,
            ChangeId(new_id()),
            now,
            actor,
            VERBS[type(change)],
            record.id,
            record.version,
            change.why,
            _detail(change),
        )
        link = _link(change, states) if isinstance(change, Link) else None
        rewords = link is None and (before is None or _words(before) != _words(record))
        writes.append((Write(entry, record, link=link), rewords))
        states[record.id] = record
    store.write(_with_readings(writes, readings or {}, read))
    return [
        Applied(write.entry.id, write.entry.verb, write.entry.record, write.entry.why)
        for write, _ in writes
    ]


def _states(store: Store, changes: Sequence[Change]) -> dict[RecordId, Record]:
    wanted: set[RecordId] = set()
    for change in changes:
        wanted.update(change.expects)
        if isinstance(change, Put):
            wanted.update(change.record.provenance.derived_from)
        elif isinstance(change, Link):
            wanted.update((change.source, change.target))
        else:
            wanted.add(change.id)
    return store.get(sorted(wanted)) if wanted else {}


def _expect(change: Change, states: Mapping[RecordId, Record]) -> None:
    for id, version in change.expects.items():
        if id not in states:
            raise NotFound(f"no record {id!r}, which this change expects at version {version}")
        if states[id].version != version:
            raise Stale(
                f"record {id} is at version {states[id].version}, not {version}: somebody changed "
                "it since. Read it again with Memory.get, then decide"
            )


def _new(change: Put, states: Mapping[RecordId, Record], now: Micros) -> Record:
    record = change.record
    if record.id in states:
        raise InputError(f"record {record.id} is there already. Use Revise")
    for source in record.provenance.derived_from:
        if source not in states:
            raise NotFound(f"no record {source!r}, from which this one is said to be drawn")
        if states[source].status is Status.FORGOTTEN:
            raise Forgotten(f"record {source} was forgotten; nothing can be drawn from it")
    # The store learns it now, whenever it was planned.
    return record if record.recorded_at == now else replace(record, recorded_at=now)


def _link(change: Link, states: Mapping[RecordId, Record]) -> LinkRow:
    if change.target not in states:
        raise NotFound(f"no record {change.target!r} to link to")
    if change.source == change.target:
        raise InputError(f"record {change.source} cannot be linked to itself")
    return LinkRow(change.source, change.relation, change.target, change.weight, change.remove)


def _detail(change: Change) -> dict[str, object]:
    if not isinstance(change, Link):
        return {}
    detail: dict[str, object] = {"relation": change.relation, "target": change.target}
    return detail | {"weight": change.weight, "remove": change.remove}


def _words(record: Record) -> tuple[object, ...]:
    """What the text index and the vectors are made from."""
    return record.text, record.speaker, record.valid_from


def _with_readings(
    writes: Sequence[tuple[Write, bool]], ready: Mapping[RecordId, Reading], read: Read
) -> list[Write]:
    missing = [
        place
        for place, (write, rewords) in enumerate(writes)
        if rewords and write.record.id not in ready
    ]
    fresh = (
        dict(zip(missing, read([writes[place][0].record for place in missing]), strict=True))
        if missing
        else {}
    )
    return [
        Write(
            write.entry,
            write.record,
            (ready.get(write.record.id) or fresh[place]) if rewords else None,
            write.link,
        )
        for place, (write, rewords) in enumerate(writes)
    ]
