"""Erasure: what is forgotten is gone from every place, with all that was drawn from it.

    select ids → walk the lineage → draw again what has other sources → blank, in one transaction
    → erase in the copies → clear free space → search the bytes → certificate

A derived record may hold any word of its sources. What was drawn from the forgotten alone goes with
it; what had other sources is drawn again from these alone, as a new record (`formation/redraw.py`),
and the old one goes. Before the transaction ends the survivors are held against what they were; if
they differ, nothing was done. `residue.py` searches, `copied.py` reaches exports and backups.

A keyed hash of each identity stays, so that a later import does not bring the text back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mnemic.core.changes import CODES, Change, Link, Put
from mnemic.core.clock import Micros
from mnemic.core.errors import Closed, NotFound, StoreError
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import Certificate, counted
from mnemic.core.records import Record, Status
from mnemic.core.storage import DERIVED_FROM, EVERY_LINE, Entry, Store
from mnemic.engine.epoch import turn
from mnemic.engine.forgetting import copied, regression, residue
from mnemic.engine.forgetting.certificates import certificates, to_json
from mnemic.engine.forgetting.lineage import with_drawn
from mnemic.engine.parts import Parts
from mnemic.engine.tombstones import tombstone
from mnemic.engine.write import commit
from mnemic.formation.redraw import redrawn

_METHOD: Final = (
    "all versions blanked",
    "text index, passages, token ids and vectors deleted",
    "log fields redacted, and the same reasons where linked records bear them",
    "links removed",
    "text index optimised, write-ahead log truncated, all pages written anew",
)
_SEARCHED: Final = 2000
"""Records, at most, whose words are sought in the files; of more, as many from all along."""


def forget(
    parts: Parts,
    ids: Sequence[RecordId],
    reason: str,
    *,
    selection: str = "",
    scrub: bool = True,
) -> Certificate:
    """Erase these records and all that was drawn from them; nothing undoes it.

    `selection`: the conditions that chose them, in words. Without `scrub` files are left as they
    are, for a transaction that will be rolled back. Raises NotFound, before anything is touched,
    when one of the ids is unknown. Records that were forgotten before are passed over.
    """
    store = parts.store
    with store.writing():
        asked = _asked(store, ids)
        now = parts.clock()
        plan = _plan(parts, asked, now)
        doomed = plan.doomed
        sought = _sought(parts, doomed) if scrub else []
        copies = copied.concerned(
            store, [record.scope.partition for record in doomed.values()], _first(store, doomed)
        )
        certificate = Certificate(
            id=parts.new_id(),
            status="pending" if scrub else "dry run",
            at=now,
            reason=reason,
            ids=tuple(doomed),
            asked=tuple(asked),
            selection=selection,
            redrawn=plan.redrawn,
            method=_METHOD,
        )
        if not doomed:
            return _nothing(store, certificate)
        before = regression.survivors(store, doomed, plan.new)
        certificate = replace(certificate, regression=regression.said(before))
        _carry_out(parts, plan, certificate)
        wrong = regression.lost(store, before)
        if wrong:
            raise StoreError(
                f"nothing was forgotten, because it would have changed others: {'; '.join(wrong)}. "
                "Run Memory.doctor(repair=True), then try again"
            )
    parts.shelves.drop()
    if not scrub:
        return certificate
    reach = copied.erase_copies(store, copies, certificate)
    certificate = _with_reach(certificate, reach)
    return _complete(store, certificate, _Search(parts, sought, len(doomed), reach.files))


def _nothing(store: Store, certificate: Certificate) -> Certificate:
    """Nothing was meant that is still there; that is certified as well."""
    status = "erased" if certificate.status == "pending" else certificate.status
    done = replace(certificate, status=status, method=(), verified=("nothing was there",))
    store.settle(to_json(done))
    return done


def complete(store: Store) -> list[Certificate]:
    """Finish erasures that another process's open read had held back, or a crash cut short."""
    return [_resume(store, certificate) for certificate in certificates(store, pending=True)]


def forgotten(store: Store, secret: bytes, records: Iterable[Record]) -> list[RecordId]:
    """Which of these records, of whatever file, were forgotten here: they must not come back."""
    marks = {tombstone(secret, one.scope.partition, ("", one.id)): one.id for one in records}
    return [marks[mark] for mark in sorted(store.buried(list(marks)))]


# -- what goes, and what is drawn again


@dataclass(frozen=True, slots=True)
class _Plan:
    doomed: dict[RecordId, Record]
    """The asked records first, then what was drawn from them, sources before what they gave."""
    redrawn: dict[RecordId, RecordId]
    changes: list[Change]
    """New records, and the links that they take over."""

    @property
    def new(self) -> list[Record]:
        return [change.record for change in self.changes if isinstance(change, Put)]


def _asked(store: Store, ids: Sequence[RecordId]) -> dict[RecordId, Record]:
    there = store.get(list(dict.fromkeys(ids)))
    unknown = [id for id in ids if id not in there]
    if unknown:
        raise NotFound(f"no record {unknown[0]!r}; nothing was forgotten")
    return {id: record for id, record in there.items() if record.status is not Status.FORGOTTEN}


def _plan(parts: Parts, asked: dict[RecordId, Record], now: Micros) -> _Plan:
    store = parts.store
    doomed, sources = _lineage(store, asked)
    redrawn_as: dict[RecordId, RecordId] = {}
    new: dict[RecordId, Record] = {}
    changes: list[Change] = []
    for id, record in doomed.items():
        if id in asked:
            continue
        left = [redrawn_as.get(source, source) for source in sources[id]]
        there = store.get([source for source in left if source not in doomed]) | {
            source: new[source] for source in left if source in new
        }
        remaining = [there[source] for source in dict.fromkeys(left) if source in there]
        again = redrawn(record, remaining, id=RecordId(parts.new_id()), now=now)
        if again is not None:
            made, rule = again
            redrawn_as[id], new[made.id] = made.id, made
            changes.append(Put(made, why=f"redrawn: {rule}"))
    changes += _links(store, doomed, redrawn_as)
    return _Plan(doomed, redrawn_as, changes)


def _lineage(
    store: Store, asked: dict[RecordId, Record]
) -> tuple[dict[RecordId, Record], dict[RecordId, list[RecordId]]]:
    """All that goes, every record after those it was drawn from; and the sources of each."""
    found = with_drawn(store, list(asked))
    sources: dict[RecordId, list[RecordId]] = {id: [] for id in found}
    links = {(link.source, link.target) for link in store.links(list(found), DERIVED_FROM)}
    for source, target in sorted(links, key=lambda link: _named(found[link[0]], link[1])):
        sources[source].append(target)
    order: dict[RecordId, Record] = dict(asked)
    waiting = [id for id in found if id not in asked]
    while waiting:
        ripe = [
            id for id in waiting if all(one in order or one not in found for one in sources[id])
        ]
        # Drawn from each other in a circle: none of them has a source that could stand alone.
        order |= {id: found[id] for id in ripe or waiting}
        waiting = [id for id in waiting if id not in order]
    return order, sources


def _named(record: Record, source: RecordId) -> tuple[int, RecordId]:
    """Where a record names a source, and after these what was linked with it later."""
    names = record.provenance.derived_from
    return (names.index(source) if source in names else len(names)), source


def _links(
    store: Store, doomed: dict[RecordId, Record], redrawn_as: dict[RecordId, RecordId]
) -> Iterator[Link]:
    """The links of what is drawn again, to others that stay or are drawn again."""
    ids = list(redrawn_as)
    rows = dict.fromkeys([*store.links(ids), *store.links(ids, incoming=True)])
    for row in rows:
        ends = [redrawn_as.get(end, end) for end in (row.source, row.target)]
        if row.relation != DERIVED_FROM and not any(end in doomed for end in ends):
            yield Link(ends[0], row.relation, ends[1], row.weight, why="redrawn")


def _first(store: Store, doomed: dict[RecordId, Record]) -> Micros:
    """When the first of these came in: earlier copies cannot hold any of it."""
    versions = (store.versions(id)[0] if one.version > 1 else one for id, one in doomed.items())
    return min((version.recorded_at for version in versions), default=0)


def _carry_out(parts: Parts, plan: _Plan, certificate: Certificate) -> None:
    """Draw again, blank, and leave nothing that names who is gone; within the transaction."""
    store, now = parts.store, certificate.at
    if plan.changes:
        commit(parts, plan.changes, now=now)
    entries = [
        Entry(0, ChangeId(parts.new_id()), now, parts.actor, "forget", id, 0, certificate.reason)
        for id in plan.doomed
    ]
    texts = [version.text for id in plan.doomed for version in store.versions(id)]
    store.erase(entries, copied.graves(parts.secret, plan.doomed.values()), to_json(certificate))
    _redact_trials(store, plan.doomed, texts)
    there = {partition for partition, _ in store.partitions()}
    if any(record.scope.partition not in there for record in plan.doomed.values()):
        turn(store)  # a partition lost its names: whoever holds it in memory has to let go of it


def _redact_trials(store: Store, doomed: dict[RecordId, Record], texts: Sequence[str]) -> None:
    """Blank what changes on trial quote of the forgotten, such as why one of them was closed.

    Ids stay, so that a trial can still be judged and rolled back.
    """
    told = {text for text in texts if text}
    telling = [text for text in told if len(text) >= residue.TELLING]

    def redacted(value: Any) -> Any:
        if isinstance(value, str):
            quotes = value in told or any(text in value for text in telling)
            return "redacted" if quotes else value
        if isinstance(value, dict):
            return {name: redacted(inner) for name, inner in value.items()}
        return [redacted(inner) for inner in value] if isinstance(value, list) else value

    for body in store.trials():
        trial = json.loads(body)
        if (blanked := redacted(trial)) != trial:
            store.keep_trial(json.dumps(blanked))


# -- the last steps, and how they are verified


@dataclass(frozen=True, slots=True)
class _Search:
    """What is sought in the files once everything is done."""

    parts: Parts
    sought: list[residue.Trace]
    records: int
    copies: Sequence[str]


def _sought(parts: Parts, doomed: dict[RecordId, Record]) -> list[residue.Trace]:
    """All that the doomed would leave in the files, gathered while they are still there."""
    store = parts.store
    if not store.files():
        return []
    ids = list(doomed)[:: len(doomed) // _SEARCHED + 1]
    traces: dict[residue.Trace, None] = {}
    for id in ids:
        for version in store.versions(id):
            traces.update(dict.fromkeys(residue.traces_of_record(parts.reader, version)))
        for line in store.log(0, EVERY_LINE, id):
            if line.why not in CODES:
                traces.update(dict.fromkeys(residue.traces_of_text(line.why, least=6)))
    return list(traces)


def _with_reach(certificate: Certificate, reach: copied.Reach) -> Certificate:
    reached = tuple(dict.fromkeys([*certificate.reached, *reach.reached]))
    return replace(certificate, reached=reached, unreached=tuple(reach.unreached))


def _resume(store: Store, certificate: Certificate) -> Certificate:
    """Take up an erasure where it stopped: copies that were not reached, then free space."""
    ghosts = store.get(certificate.ids)
    partitions = [ghost.scope.partition for ghost in ghosts.values()]
    open_still = [
        copy
        for copy in copied.concerned(store, partitions, _first(store, ghosts))
        if copy.at <= certificate.at
        and not any(line.startswith(f"{copy.path}: ") for line in certificate.reached)
    ]
    reach = copied.erase_copies(store, open_still, certificate)
    return _complete(store, _with_reach(certificate, reach), None)


def _complete(store: Store, certificate: Certificate, search: _Search | None) -> Certificate:
    """Take the last steps; a disk that fails leaves them to whoever opens the file next.

    The words are gone by then, so this is no reason to say that nothing was forgotten.
    """
    try:
        return _clear(store, certificate, search)
    except Closed:
        raise
    except StoreError as error:
        return replace(certificate, blocker=f"the last step failed: {error}")


def _clear(store: Store, certificate: Certificate, search: _Search | None) -> Certificate:
    """Clear free space and say so; without a search the words are gone already."""
    blocker = store.scrub()
    if blocker is not None:
        return _settled(store, replace(certificate, blocker=blocker))
    verified = [_rows_are_gone(store, certificate)]
    if search is None:
        verified.append("bytes were not searched: the words were gone before this last step")
    else:
        told, left, copies = _searched(store, search)
        verified += told
        certificate = replace(certificate, unreached=(*certificate.unreached, *copies))
        if left:
            blocker = f"bytes of {counted(left, 'text')} are still in the file"
            return _settled(store, replace(certificate, blocker=blocker, verified=tuple(verified)))
    done = replace(certificate, status="erased", blocker=None, verified=tuple(verified))
    return _settled(store, done)


def _settled(store: Store, certificate: Certificate) -> Certificate:
    with store.writing():
        store.settle(to_json(certificate))
    return certificate


def _searched(store: Store, search: _Search) -> tuple[list[str], int, list[str]]:
    """What the search came to, how many texts are left in the store, and in which copies."""
    own = store.files()
    if not own:
        return ["kept in memory alone: there are no bytes to search"], 0, []
    found = residue.search(search.parts, search.sought, [*own, *search.copies])
    forms = {one.data for one in search.sought}
    told = [
        f"{counted(len(own) + len(search.copies), 'file')} searched for {len(forms)} forms of "
        f"{counted(min(search.records, _SEARCHED), 'record')}: texts, names, tokens, token ids, "
        "marks, vectors"
    ]
    also = {one.text for one in found if one.elsewhere}
    if also:
        told.append(f"found, because other memories say the same: {len(also)}")
    rest = [one for one in found if not one.elsewhere]
    weak = [one for one in rest if not one.telling and one.form != "index"]
    told += [
        f"a short value is at byte {one.offset} of {one.file}; bytes so short prove nothing"
        for one in weak[:8]
    ]
    strong = [one for one in rest if one.telling or one.form == "index"]
    if not rest:
        told.append("nothing found that is the forgotten's alone")
    here = {one.text for one in strong if one.file in own}
    beyond = sorted({one.file for one in strong if one.file not in own})
    return told, len(here), [f"{file}: holds words of it still. Delete it" for file in beyond]


def _rows_are_gone(store: Store, certificate: Certificate) -> str:
    records = store.get(certificate.ids).values()
    blank = all(record.status is Status.FORGOTTEN and not record.text for record in records)
    assert blank, "an erased record still has words"
    return f"{counted(len(certificate.ids), 'record')} read back: blank"
