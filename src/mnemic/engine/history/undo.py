"""Undo: the changes that take others back, as new changes. History only grows.

A change is taken back by its inverse, unless something later touched the same:

    put → Retire      revise → Revise back      retire → Restore or Retire(hold), as it was
    restore → Retire, or back into quarantine      reweigh → Reweigh back
    link → the weight that it had, or none      forget → nothing can

What came after a point is taken back by states, not by one inverse after another: each record that
was touched becomes what it was, whatever happened in between, a merge, a superseding or an import
of a thousand lines. What was forgotten since does not come back, nor do words that were drawn from
it; the receipt names these records, and what was drawn again in their place stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mnemic.core.changes import Change, Expects, Link, Restore, Retire, Revise, Reweigh
from mnemic.core.errors import Forgotten, NotFound, Stale
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import Receipt
from mnemic.core.records import Partition, Record, Status
from mnemic.core.storage import DERIVED_FROM, Entry, Store
from mnemic.core.verbs import after
from mnemic.engine.forgetting.certificates import certificates
from mnemic.engine.history.between import (
    Edge,
    Point,
    Relinked,
    Touched,
    between,
    edge_of,
    linked,
    seq_of,
    weight_of,
)
from mnemic.engine.parts import Parts
from mnemic.engine.write import commit, receipt

_SEEN: Final = ("put", "retire", "restore")
"""Verbs that decide whether a record is seen."""

REVISED: Final = ("text", "valid_from", "valid_to", "speaker", "metadata")
"""Fields that a Revise may set."""

# -- some changes


def undo(parts: Parts, changes: Sequence[str], *, why: str | None = None) -> Receipt:
    """Take back these changes, the last first, in one transaction: all of them, or none.

    `why`: the reason in the log, instead of the id of each change that is undone.
    Raises NotFound for an unknown change, else what `inverse` raises.
    """
    store = parts.store
    with store.writing():
        now = parts.clock()
        stood: dict[RecordId, list[Record]] = {}
        stored: dict[RecordId, int] = {}
        weights: dict[Edge, float | None] = {}
        backs: list[Change] = []
        for id in reversed(changes):
            entry = store.entry(ChangeId(id))
            if entry is None:
                raise NotFound(f"no change {id!r}. Memory.log() and receipts name them")
            versions = stood.get(entry.record) or store.versions(entry.record)
            stood[entry.record] = versions
            stored.setdefault(entry.record, versions[-1].version)
            back: Change
            if entry.verb == "link":
                back = _unlinked(store, entry, versions[-1], weights)
            else:
                back = inverse(entry, versions)
                state = after(versions[-1], back, now)
                # What was taken back counts as if it had not been: neither it nor the states that
                # led here stand in the way of the change before it.
                left = [one for one in versions if one.version <= stored[entry.record]]
                stood[entry.record] = [
                    *(one for one in left if one.version != entry.version),
                    state,
                ]
            backs.append(back if why is None else replace(back, why=why))
        return receipt(commit(parts, backs, now=now))


def inverse(entry: Entry, versions: list[Record]) -> Change:
    """The change that takes `entry`, which is no link, back, given every version of its record.

    Raises Stale when a later change touched the same fields (undo that one first), Forgotten when
    the record, or the entry itself, was an erasure.
    """
    current = versions[-1]
    _remaining(entry, current)
    why, expects = f"undo of {entry.id}", {current.id: current.version}
    by_number = {version.version: version for version in versions}
    made = by_number[entry.version]
    if entry.verb in _SEEN:
        if entry.verb == "put":
            _still_so(entry, current.status is not Status.RETIRED)
            return Retire(entry.record, why, expects)
        _still_so(
            entry, all(one.status is made.status for one in versions if one.version > entry.version)
        )
        return _to(by_number[entry.version - 1].status, entry.record, why, expects)
    before = by_number[entry.version - 1]
    if before.status is Status.FORGOTTEN:
        raise Forgotten(
            f"change {entry.id} cannot be undone: what record {entry.record} was before it has "
            "been forgotten"
        )
    if entry.verb == "reweigh":
        _unchanged(entry, current, made, ("weight",))
        return Reweigh(entry.record, before.weight, why, expects)
    changed = _differing(before, made)
    _unchanged(entry, current, made, changed)
    fields: dict[str, Any] = {name: getattr(before, name) for name in changed}
    return Revise(entry.record, why=why, expects=expects, **fields)


def _unlinked(
    store: Store, entry: Entry, source: Record, weights: dict[Edge, float | None]
) -> Link:
    """The inverse of a link; `weights` holds those that were taken back in this call."""
    _remaining(entry, source)
    edge = edge_of(entry)
    if edge is None:
        raise Forgotten(f"change {entry.id} was about a record that was forgotten since")
    now = weights[edge] if edge in weights else linked(store, source, edge, store.head())
    if now != weight_of(entry):
        raise Stale(
            f"change {entry.id} cannot be undone: the link from {edge[0]} to {edge[2]} was set or "
            "removed again since. Undo that first (Memory.log shows it)"
        )
    weights[edge] = linked(store, source, edge, entry.seq - 1)
    return _link(edge, weights[edge], f"undo of {entry.id}")


def _remaining(entry: Entry, current: Record) -> None:
    if entry.verb == "forget" or current.status is Status.FORGOTTEN:
        raise Forgotten(f"record {entry.record} was forgotten: change {entry.id} cannot be undone")


def _still_so(entry: Entry, so: bool) -> None:
    """Raise Stale when the record was hidden or shown again since."""
    if not so:
        raise Stale(
            f"change {entry.id} cannot be undone: record {entry.record} was deleted or restored "
            "since. Undo that first (Memory.history shows it)"
        )


def _unchanged(entry: Entry, current: Record, made: Record, names: tuple[str, ...]) -> None:
    later = [name for name in names if getattr(current, name) != getattr(made, name)]
    if later:
        raise Stale(
            f"change {entry.id} cannot be undone: a later change of record {entry.record} set "
            f"{', '.join(later)} again. Undo that one first (Memory.history shows it)"
        )


# -- everything since


@dataclass(frozen=True, slots=True)
class _Plan:
    """What leads back to a point."""

    head: int
    """Where the log ended when this was planned."""
    changes: tuple[Change, ...]
    reworded: tuple[Record, ...]
    """Records that will say something else, as they will be."""
    lost: tuple[RecordId, ...]


def undo_since(
    parts: Parts, since: Point, partitions: Collection[Partition] | None = None
) -> Receipt:
    """Take back all that came after a point, in one transaction, by new changes.

    What is there then equals what was there at that point: texts, times, metadata, weights, links,
    who is seen. `partitions`: only what happened to these. What was forgotten since, or would say
    again what was drawn from it, is named in `lost` and left as it is. Raises as `seq_of` does.
    """
    store = parts.store
    seq = seq_of(store, since, parts.zone)
    with store.reading():
        plan = _plan(store, seq, partitions)
    # Texts are read before other processes have to wait for the writing.
    readings = parts.reader.read_records(plan.reworded)
    read = {
        record.id: (record, reading)
        for record, reading in zip(plan.reworded, readings, strict=True)
    }
    with store.writing():
        if store.head() != plan.head:
            plan = _plan(store, seq, partitions)
        ready = {
            record.id: read[record.id][1]
            for record in plan.reworded
            if record.id in read and not _rewords(read[record.id][0], record)
        }
        applied = commit(parts, plan.changes, ready) if plan.changes else []
    return replace(receipt(applied), lost=plan.lost)


def _plan(store: Store, seq: int, partitions: Collection[Partition] | None) -> _Plan:
    head = store.head()
    touched = between(store, seq, head, partitions)
    stay = _in_place(store, [record.id for record in touched.records if record.erased])
    heads = store.get([link.edge[0] for link in touched.links])
    gone = _forgotten(store, touched.records)
    why = f"undo since {seq}"
    changes = [
        change
        for link in reversed(touched.links)
        if stay.isdisjoint((link.edge[0], link.edge[2]))
        for change in _link_back(link, heads[link.edge[0]], why)
    ]
    reworded: list[Record] = []
    lost: list[RecordId] = []
    for record in reversed(touched.records):
        if record.erased or _tells(record, gone):
            lost.append(record.id)
        if record.last is None or record.erased or record.id in stay:
            continue
        backs = _back(record, record.last, why, words=not _tells(record, gone))
        changes += backs
        state = record.last
        for back in backs:
            state = after(state, back, state.recorded_at)
        if _rewords(record.last, state):
            reworded.append(state)
    return _Plan(head, tuple(changes), tuple(reworded), tuple(sorted(lost)))


def _back(touched: Touched, now: Record, why: str, *, words: bool) -> list[Change]:
    """What makes a record what it was; without `words`, all but what it says."""
    then = touched.first
    if then is None:  # it was not there, which is as much as to say that it was deleted
        return [] if now.status is Status.RETIRED else [Retire(now.id, why)]
    backs: list[Change] = []
    changed = _differing(then, now) if words else ()
    if changed:
        fields: dict[str, Any] = {name: getattr(then, name) for name in changed}
        backs.append(Revise(now.id, why=why, **fields))
    if then.weight != now.weight:
        backs.append(Reweigh(now.id, then.weight, why))
    if then.status is not now.status:
        backs.append(_to(then.status, now.id, why, {}))
    return backs


def _link_back(link: Relinked, source: Record, why: str) -> list[Change]:
    _, relation, target = link.edge
    # Its lineage belongs to a record from its first line on: `forget` must find it.
    own = relation == DERIVED_FROM and target in source.provenance.derived_from
    then = 1.0 if link.first is None and own else link.first
    return [] if then == link.last else [_link(link.edge, then, why)]


def _in_place(store: Store, lost: Sequence[RecordId]) -> set[RecordId]:
    """What was drawn again in the place of these: it belongs to an erasure, which stays."""
    if not lost:
        return set()
    drawn = {old: new for one in certificates(store) for old, new in one.redrawn.items()}
    found: set[RecordId] = set()
    edge = [drawn[id] for id in lost if id in drawn]
    while edge:
        found.update(edge)
        edge = [drawn[id] for id in edge if id in drawn]
    return found


def _forgotten(store: Store, touched: Sequence[Touched]) -> set[RecordId]:
    """Those sources of the records, as they were, that have been forgotten."""
    sources = {
        source for each in touched if each.first for source in each.first.provenance.derived_from
    }
    found = store.get(sorted(sources)).values()
    return {record.id for record in found if record.status is Status.FORGOTTEN}


def _tells(touched: Touched, gone: set[RecordId]) -> bool:
    """Whether going back would say again what was drawn from a forgotten record."""
    then, now = touched.first, touched.last
    if then is None or now is None or gone.isdisjoint(then.provenance.derived_from):
        return False
    return bool(_differing(then, now))


# -- both


def _to(status: Status, id: RecordId, why: str, expects: Expects) -> Change:
    """The change that gives a record this status."""
    if status is Status.ACTIVE:
        return Restore(id, why, expects)
    return Retire(id, why, expects, hold=status is Status.HELD)


def _link(edge: Edge, weight: float | None, why: str) -> Link:
    source, relation, target = edge
    if weight is None:
        return Link(source, relation, target, remove=True, why=why)
    return Link(source, relation, target, weight, why=why)


def _differing(one: Record, other: Record) -> tuple[str, ...]:
    return tuple(name for name in REVISED if getattr(one, name) != getattr(other, name))


def _rewords(before: Record, later: Record) -> bool:
    """Whether two versions of a record are read differently."""
    names = ("text", "speaker", "valid_from")
    return any(getattr(before, name) != getattr(later, name) for name in names)
