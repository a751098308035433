"""Records in plain dicts and lists: the reference that every other store has to agree with.

Read this file to learn what a store does; `sqlite.py` does the same and lasts. Nothing here is
fast: a transaction works on a copy of all tables and puts it in their place when it succeeds, and
every question walks through every record. Whoever reads meanwhile keeps the tables of before.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mnemic.core.changes import CODES
from mnemic.core.clock import Micros
from mnemic.core.errors import Closed, StoreError
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.ports import Ints, Row
from mnemic.core.records import Partition, Record, Scope, Status, nobody
from mnemic.core.storage import (
    DERIVED_FROM,
    Copy,
    Entry,
    Finding,
    Identity,
    Job,
    Kept,
    LinkRow,
    Listing,
    Passage,
    PassageKey,
    Reading,
    Vectors,
    Write,
    row_of,
)
from mnemic.core.vectors import Codes, EncoderId, Floats
from mnemic.core.verbs import blank
from mnemic.store.codec import encode
from mnemic.store.faults import check_size, unfit


@dataclass(frozen=True, slots=True)
class _Item:
    """One record: every version, and what was read off the last one."""

    key: int
    versions: tuple[Record, ...]
    changed: int
    """The sequence number of its last change."""
    reading: Reading | None
    """None: forgotten. Its vectors stand in a table of their own."""

    @property
    def record(self) -> Record:
        """The current version."""
        return self.versions[-1]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of the current version."""
        return self.reading.passages if self.reading else ()


@dataclass(frozen=True, slots=True)
class _Lease:
    """A job, and who holds it until when."""

    job: Job
    added_at: Micros
    worker: str | None = None
    until: Micros = 0
    tries: int = 0


@dataclass(slots=True)
class _Tables:
    """Everything that is kept. The values in these dicts and lists are never changed in place."""

    meta: dict[str, str] = field(default_factory=dict)
    log: list[Entry] = field(default_factory=list)
    items: dict[int, _Item] = field(default_factory=dict)
    """By key, in the order of keys."""
    keys: dict[RecordId, int] = field(default_factory=dict)
    lines: dict[ChangeId, int] = field(default_factory=dict)
    """The sequence number of each change."""
    identities: dict[tuple[Partition, Identity], RecordId] = field(default_factory=dict)
    moved: dict[Partition, int] = field(default_factory=dict)
    links: dict[tuple[RecordId, str, RecordId], float] = field(default_factory=dict)
    vectors: dict[tuple[EncoderId, int, int], tuple[Codes, float]] = field(default_factory=dict)
    """(encoder, key of the record, number of the passage) → codes (size,) and scale."""
    tombstones: set[bytes] = field(default_factory=set)
    certificates: dict[str, str] = field(default_factory=dict)
    jobs: dict[int, _Lease] = field(default_factory=dict)
    copies: dict[str, Copy] = field(default_factory=dict)
    trials: dict[str, str] = field(default_factory=dict)

    def copy(self) -> _Tables:
        """The same tables, free to be changed."""
        return _Tables(*(copy.copy(getattr(self, name)) for name in self.__slots__))


class RamStore:
    """The port `Store` in memory; gone when it is closed."""

    def __init__(self) -> None:
        self._kept: _Tables | None = _Tables()
        self._lock = threading.RLock()
        self._depth = 0

    @property
    def _tables(self) -> _Tables:
        with self._lock:  # waits for the end of a transaction of another thread
            if self._kept is None:
                raise Closed("this store in memory was closed, and what it held is gone")
            return self._kept

    def close(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction; a block within a block joins the outer one."""
        with self._lock:
            before = self._tables
            if self._depth == 0:
                self._kept = before.copy()
            self._depth += 1
            try:
                yield
            except BaseException:
                if self._depth == 1 and self._kept is not None:
                    self._kept = before
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view: nobody writes meanwhile."""
        with self._lock:
            _ = self._tables
            yield

    def files(self) -> list[str]:
        """No files."""
        return []

    # -- facts about the whole

    def get_meta(self, name: str) -> str | None:
        """A setting."""
        return self._tables.meta.get(name)

    def set_meta(self, name: str, value: str) -> None:
        """Record a setting."""
        self._tables.meta[name] = value

    def head(self) -> int:
        """The log's last sequence number."""
        return len(self._tables.log)

    def written_by(self, at: Micros) -> int:
        """The sequence number before the first line that was written after `at`."""
        return next((line.seq - 1 for line in self._tables.log if line.at > at), self.head())

    def partitions(self) -> list[tuple[Partition, int]]:
        """Every partition with the number of its active records."""
        counts: dict[Partition, int] = {}
        for item in self._tables.items.values():
            if item.record.status is not Status.FORGOTTEN:
                partition = item.record.scope.partition
                active = item.record.status is Status.ACTIVE
                counts[partition] = counts.get(partition, 0) + active
        return sorted(counts.items())

    def moved(self, partition: Partition) -> int:
        """The sequence number of the partition's last change."""
        return self._tables.moved.get(partition, 0)

    def sizes(self, partition: Partition | None = None) -> Mapping[str, int]:
        """Counts for `stats`."""
        tables = self._tables
        items = [
            item
            for item in tables.items.values()
            if partition in (None, item.record.scope.partition)
        ]
        ids, keys = {item.record.id for item in items}, {item.key for item in items}
        found = {status.value: 0 for status in Status}
        for item in items:
            found[item.record.status.value] += 1
        return found | {
            "partitions": sum(partition in (None, one) for one, _ in self.partitions()),
            "versions": sum(len(item.versions) for item in items),
            "links": sum(source in ids for source, _, _ in tables.links),
            "passages": sum(len(item.passages) for item in items),
            "vectors": sum(key in keys for _, key, _ in tables.vectors),
            "jobs": sum(partition in (None, one.job.partition) for one in tables.jobs.values()),
            "changes": sum(line.record in ids for line in tables.log),
            "bytes": sum(len(each.text.encode()) for item in items for each in item.versions),
        }

    # -- records

    def _item(self, id: RecordId) -> _Item | None:
        tables = self._tables
        key = tables.keys.get(id)
        return None if key is None else tables.items[key]

    def _known(self, id: RecordId) -> _Item:
        item = self._item(id)
        if item is None:
            raise StoreError(f"no record {id!r} is kept. Write it before what refers to it")
        return item

    def _active(self, partition: Partition) -> list[_Item]:
        return [
            item
            for item in self._tables.items.values()
            if item.record.scope.partition == partition and item.record.status is Status.ACTIVE
        ]

    def get(self, ids: Sequence[RecordId]) -> dict[RecordId, Record]:
        """The current version of each id that is known."""
        found = {id: self._item(id) for id in ids}
        return {id: item.record for id, item in found.items() if item is not None}

    def by_key(self, keys: Sequence[int]) -> dict[int, Record]:
        """The current version of the records with these keys."""
        items = self._tables.items
        return {key: items[key].record for key in keys if key in items}

    def versions(self, id: RecordId) -> list[Record]:
        """Every version, oldest first."""
        item = self._item(id)
        return list(item.versions) if item else []

    def known(self, partition: Partition, at: Micros) -> Iterator[tuple[int, Record]]:
        """(key, record) as the store knew them at `at`."""
        for item in self._tables.items.values():
            if item.record.scope.partition != partition or item.reading is None:
                continue
            then = [version for version in item.versions if version.recorded_at <= at]
            if then and then[-1].status is Status.ACTIVE:
                yield item.key, then[-1]

    def listing(self, which: Listing, after: int, limit: int) -> list[tuple[int, Record]]:
        """(key, record) above `after`, in the order of keys."""
        found: list[tuple[int, Record]] = []
        for key, item in self._tables.items.items():
            record = item.record
            if (
                key > after
                and record.status in which.statuses
                and record.scope.partition in which.partitions
                and (which.kinds is None or record.kind in which.kinds)
                and which.agent_id in (None, record.scope.agent_id)
                and which.session_id in (None, record.scope.session_id)
            ):
                found.append((key, record))
        return found[:limit]

    def identities(
        self, partition: Partition, wanted: Sequence[Identity]
    ) -> dict[Identity, RecordId]:
        """Which of these identities are in the partition already."""
        known = self._tables.identities
        return {each: known[partition, each] for each in wanted if (partition, each) in known}

    def echoes(self, partition: Partition, marks: Sequence[int]) -> dict[int, RecordId]:
        """The first record for each mark that is there already."""
        found: dict[int, RecordId] = {}
        for item in self._active(partition):
            mark = item.reading.mark if item.reading else 0
            if mark in marks:
                found.setdefault(mark, item.record.id)
        return found

    def buried(self, marks: Sequence[bytes]) -> set[bytes]:
        """Which of these belong to something that was forgotten."""
        return self._tables.tombstones & set(marks)

    def next_ordinal(self, partition: Partition, session_id: str | None) -> int:
        """One more than the largest ordinal of the session."""
        taken = [
            item.record.ordinal
            for item in self._tables.items.values()
            if item.record.scope.partition == partition
            and item.record.scope.session_id == session_id
            and item.record.status is not Status.FORGOTTEN
        ]
        return max(taken, default=-1) + 1

    def links(
        self, ids: Sequence[RecordId], relation: str | None = None, *, incoming: bool = False
    ) -> list[LinkRow]:
        """Edges that leave these records, or lead to them."""
        return [
            LinkRow(source, name, target, weight)
            for (source, name, target), weight in sorted(self._tables.links.items())
            if (target if incoming else source) in ids and relation in (None, name)
        ]

    # -- the log

    def log(self, since: int = 0, limit: int = 100, record: RecordId | None = None) -> list[Entry]:
        """Lines above `since`, oldest first."""
        lines = [entry for entry in self._tables.log if entry.seq > since]
        return [entry for entry in lines if record in (None, entry.record)][:limit]

    def entry(self, id: ChangeId) -> Entry | None:
        """The line of this change."""
        seq = self._tables.lines.get(id)
        return None if seq is None else self._tables.log[seq - 1]

    def _append(self, entry: Entry, record: Record) -> int:
        tables = self._tables
        if entry.id in tables.lines:
            raise StoreError(f"change {entry.id} is in the log already. Mint a new id")
        seq = len(tables.log) + 1
        tables.lines[entry.id] = seq
        tables.log.append(replace(entry, seq=seq))
        tables.moved[record.scope.partition] = seq
        return seq

    # -- what the indexes read

    def rows(self, partition: Partition, since: int | None = None) -> tuple[list[Row], list[int]]:
        """Active rows and keys of inactive ones."""
        if since is None:
            return [_row(item) for item in self._active(partition)], []
        changed = [
            item
            for item in self._tables.items.values()
            if item.record.scope.partition == partition and item.changed > since
        ]
        rows = [_row(item) for item in changed if item.record.status is Status.ACTIVE]
        return rows, [item.key for item in changed if item.record.status is not Status.ACTIVE]

    def vectors(
        self, partition: Partition, encoder: EncoderId, keys: Sequence[int] | None = None
    ) -> tuple[Ints, Codes, Floats]:
        """Record key of each passage, codes and scales."""
        found = [
            (item.key, *self._tables.vectors[encoder, item.key, number])
            for item in self._active(partition)
            for number in range(len(item.passages))
            if (keys is None or item.key in keys)
            and (encoder, item.key, number) in self._tables.vectors
        ]
        codes = np.array([row[1] for row in found], np.int8).reshape(len(found), encoder.size)
        owners = np.array([row[0] for row in found], np.int64)
        return owners, codes, np.array([row[2] for row in found], np.float32)

    def token_ids(
        self, partition: Partition, keys: Sequence[int] | None = None
    ) -> tuple[Ints, Ints, NDArray[np.uint16]]:
        """Record key and number of ids of each passage, and all ids."""
        none = np.zeros(0, np.uint16)
        found = [
            (item.key, none if passage.token_ids is None else passage.token_ids)
            for item in self._active(partition)
            if keys is None or item.key in keys
            for passage in item.passages
        ]
        owners = np.array([key for key, _ in found], np.int64)
        lengths = np.array([len(ids) for _, ids in found], np.int64)
        return owners, lengths, np.concatenate([none, *(ids for _, ids in found)])

    def unencoded(
        self,
        partition: Partition,
        encoder: EncoderId,
        limit: int,
        *,
        only: Sequence[str] | None = None,
        others: Sequence[str] = (),
    ) -> list[PassageKey]:
        """Passages of active records that have no vector of this encoder yet."""
        return [
            PassageKey(item.key, number, item.record.text[passage.start : passage.end])
            for item in self._active(partition)
            if (only is None or item.record.kind in only) and item.record.kind not in others
            for number, passage in enumerate(item.passages)
            if (encoder, item.key, number) not in self._tables.vectors
        ][:limit]

    def passages(self, key: int) -> list[Passage]:
        """The passages of a record."""
        item = self._tables.items.get(key)
        return list(item.passages) if item else []

    def matches(self, partition: Partition, term: str, limit: int) -> list[int]:
        """Keys of active records that hold an analysed token."""
        items = self._active(partition)
        return [item.key for item in items if item.reading and term in item.reading.tokens.split()][
            :limit
        ]

    def tokens(self, keys: Sequence[int]) -> dict[int, str]:
        """The analysed text of these records."""
        found = {key: self._tables.items[key] for key in keys if key in self._tables.items}
        return {key: item.reading.tokens for key, item in found.items() if item.reading}

    def frequency(self, partition: Partition, term: str) -> int:
        """How many active records of the partition hold an analysed token."""
        return len(self.matches(partition, term, len(self._tables.items)))

    def census(self, partition: Partition, above: int) -> tuple[int, float] | None:
        """Active records of a partition and their mean number of tokens, where they are many."""
        lengths = [len(row.tokens.split()) for row in self.rows(partition)[0]]
        return (len(lengths), sum(lengths) / len(lengths)) if len(lengths) > above else None

    def rows_near(self, keys: Sequence[int]) -> list[Row]:
        """The active rows of these keys, and those before and after each in its session."""
        near = set(keys)
        for key in keys:
            if key not in self._tables.items:
                continue
            record = self._tables.items[key].record
            session = sorted(
                (item.record.ordinal, item.key)
                for item in self._active(record.scope.partition)
                if item.record.scope.session_id == record.scope.session_id is not None
            )
            here = (record.ordinal, key)
            near.update(other for _, other in [each for each in session if each < here][-1:])
            near.update(other for _, other in [each for each in session if each > here][:1])
        return [
            _row(item)
            for key, item in self._tables.items.items()
            if key in near and item.record.status is Status.ACTIVE
        ]

    # -- writing

    def write(self, writes: Iterable[Write]) -> list[int]:
        """Keep these changes, in order."""
        return [self._write(write) for write in writes]

    def _write(self, write: Write) -> int:
        record = _as_kept(write.record)
        tables = self._tables
        item = self._item(record.id)
        seq = self._append(write.entry, record)
        if write.link is not None:
            self._write_link(write.link)
            item = self._known(record.id)
            tables.items[item.key] = replace(item, changed=seq)
        elif item is None:
            self._write_identity(record)
            key = len(tables.items) + 1
            tables.keys[record.id] = key
            tables.items[key] = _Item(key, (record,), seq, Reading("", 0, ()))
            for source in record.provenance.derived_from:
                self._write_link(LinkRow(record.id, DERIVED_FROM, source))
        else:
            if record.version <= item.record.version:
                raise StoreError(f"record {record.id} is past version {record.version} already")
            tables.items[item.key] = replace(item, versions=(*item.versions, record), changed=seq)
        if write.reading is not None:
            key = tables.keys[record.id]
            self._forget_vectors(key)  # those of the old words are of no use
            self._write_reading(key, write.reading)
        return seq

    def _write_identity(self, record: Record) -> None:
        source, external = record.provenance.source, record.provenance.external_id
        if source is None or external is None:
            return
        name = (record.scope.partition, (source, external))
        if name in self._tables.identities:
            raise StoreError(f"{source!r} {external!r} is kept already. Ask `identities` first")
        self._tables.identities[name] = record.id

    def _write_link(self, link: LinkRow) -> None:
        for end in (link.source, link.target):
            self._known(end)
        name = (link.source, link.relation, link.target)
        if link.remove:
            self._tables.links.pop(name, None)
        else:
            self._tables.links[name] = link.weight

    def _write_reading(self, key: int, reading: Reading) -> None:
        tables = self._tables
        if reading.vectors is not None:
            check_size(reading.vectors)
            for number in range(len(reading.passages)):
                tables.vectors[reading.vectors.encoder, key, number] = _vector(
                    reading.vectors, number
                )
        tables.items[key] = replace(tables.items[key], reading=replace(reading, vectors=None))

    def _forget_vectors(self, key: int) -> None:
        for name in [name for name in self._tables.vectors if name[1] == key]:
            del self._tables.vectors[name]

    def encoders(self) -> list[tuple[EncoderId, int]]:
        """Every encoder that has vectors here, with how many."""
        counts: dict[EncoderId, int] = {}
        for encoder, _, _ in self._tables.vectors:
            counts[encoder] = counts.get(encoder, 0) + 1
        return list(counts.items())

    def drop_vectors(self, encoder: EncoderId, partition: Partition | None = None) -> int:
        """Remove an encoder's vectors; returns how many there were."""
        items = self._tables.items
        gone = [
            name
            for name in self._tables.vectors
            if name[0] == encoder and partition in (None, items[name[1]].record.scope.partition)
        ]
        for name in gone:
            del self._tables.vectors[name]
        return len(gone)

    def write_vectors(self, passages: Sequence[PassageKey], vectors: Vectors) -> None:
        """Keep vectors that were computed later."""
        check_size(vectors)
        tables = self._tables
        for place, wanted in enumerate(passages):
            item = tables.items.get(wanted.key)
            if item is None or wanted.number >= len(item.passages):
                continue
            passage = item.passages[wanted.number]
            # It may have been revised or forgotten while its vector was computed.
            if item.record.text[passage.start : passage.end] == wanted.text:
                name = (vectors.encoder, wanted.key, wanted.number)
                tables.vectors[name] = _vector(vectors, place)

    def rewrite(self, readings: Iterable[tuple[int, Reading]]) -> None:
        """Make the derived rows of these records anew; vectors whose passages stay are kept."""
        items = self._tables.items
        for key, reading in readings:
            if key not in items or items[key].reading is None:
                continue
            if _spans(items[key].passages) != _spans(reading.passages):
                self._forget_vectors(key)
            self._write_reading(key, reading)

    # -- erasure

    def erase(self, entries: Sequence[Entry], marks: Sequence[bytes], certificate: str) -> None:
        """Blank every version of the entries' records, and all that is derived from them."""
        doomed = {entry.record for entry in entries}
        partitions = {self._known(id).record.scope.partition for id in doomed}
        self._redact_reasons(doomed)
        for entry in entries:
            self._erase(entry)
        for partition in partitions:
            if not self._remains(partition):
                self._unname(partition)
        self._tables.tombstones.update(marks)
        self.settle(certificate)

    def _redact_reasons(self, doomed: set[RecordId]) -> None:
        """Where a record that is linked with a doomed one gives the same reason: blank it."""
        tables = self._tables
        ties = {ends[::2] for ends in tables.links}
        ties |= {
            (line.record, line.detail["target"])
            for line in tables.log
            if line.verb == "link" and line.detail
        }
        for id in doomed:
            lines = [line for line in tables.log if id in (line.record, line.detail.get("target"))]
            reasons = {line.why for line in lines} - CODES
            near = {other for tie in ties if id in tie for other in tie}
            for place, line in enumerate(tables.log):
                if line.why in reasons and line.record in near:
                    tables.log[place] = replace(line, why="redacted")

    def _erase(self, entry: Entry) -> None:
        tables = self._tables
        item = self._known(entry.record)
        ghost = blank(item.record, entry.at)
        for place, line in enumerate(tables.log):
            if entry.record in (line.record, line.detail.get("target")):
                tables.log[place] = replace(line, why="redacted", detail={})
        tables.links = {
            ends: weight for ends, weight in tables.links.items() if entry.record not in ends[::2]
        }
        tables.identities = {
            name: id for name, id in tables.identities.items() if id != entry.record
        }
        self._forget_vectors(item.key)
        ghosts = [
            replace(ghost, version=version.version, recorded_at=version.recorded_at)
            for version in item.versions
        ]
        seq = self._append(replace(entry, version=ghost.version, detail={}), ghost)
        tables.items[item.key] = _Item(item.key, (*ghosts, ghost), seq, None)

    def _remains(self, partition: Partition) -> bool:
        records = [item.record for item in self._tables.items.values()]
        there = [record for record in records if record.scope.partition == partition]
        return any(record.status is not Status.FORGOTTEN for record in there)

    def _unname(self, partition: Partition) -> None:
        """Nothing of a partition remains: its names go, too."""
        tables = self._tables
        items = [item for item in tables.items.values() if item.record.scope.partition == partition]
        neutral = nobody(min(item.key for item in items))
        for item in items:
            versions = [replace(each, scope=Scope(neutral)) for each in item.versions]
            tables.items[item.key] = replace(item, versions=tuple(versions))
        tables.moved[neutral] = tables.moved.pop(partition)
        tables.jobs = {
            key: lease for key, lease in tables.jobs.items() if lease.job.partition != partition
        }
        for path, copy_of in tables.copies.items():
            names = tuple(neutral if each == partition else each for each in copy_of.partitions)
            tables.copies[path] = replace(copy_of, partitions=names)

    def bury(self, marks: Sequence[bytes]) -> None:
        """Remember keyed hashes of what was forgotten elsewhere."""
        self._tables.tombstones.update(marks)

    def scrub(self) -> str | None:
        """Nothing is left in memory that has to be cleared."""
        return None

    def terms(self, among: Sequence[str]) -> dict[str, bool]:
        """Which of these tokens the rows hold; there is no index beside them."""
        readings = [item.reading for item in self._tables.items.values() if item.reading]
        held = {token for reading in readings for token in reading.tokens.split()}
        return {term: True for term in among if term in held}

    def certificates(self, *, pending: bool = False) -> list[str]:
        """Certificates of erasure, oldest first."""
        bodies = [body for _, body in sorted(self._tables.certificates.items())]
        return [b for b in bodies if not pending or json.loads(b)["status"] == "pending"]

    def settle(self, certificate: str) -> None:
        """Replace the certificate of the same id."""
        self._tables.certificates[json.loads(certificate)["id"]] = certificate

    # -- what was copied elsewhere, and what is tried out

    def copies(self) -> list[Copy]:
        """The exports and backups that were made, oldest first."""
        return sorted(self._tables.copies.values(), key=lambda copy: (copy.at, copy.path))

    def note_copy(self, copy: Copy) -> None:
        """Remember a copy; another one at the same path takes its place."""
        self._tables.copies[copy.path] = copy

    def drop_copy(self, path: str) -> None:
        """Remember a copy no longer."""
        self._tables.copies.pop(path, None)

    def trials(self, *, open: bool = False) -> list[str]:
        """Changes that were admitted on trial."""
        bodies = [body for _, body in sorted(self._tables.trials.items())]
        return [body for body in bodies if not open or json.loads(body)["open"]]

    def keep_trial(self, trial: str) -> None:
        """Keep a trial, or replace the one of the same id."""
        self._tables.trials[json.loads(trial)["id"]] = trial

    # -- background work

    def enqueue(self, task: str, partition: Partition, payload: str, now: Micros) -> None:
        """Add a job unless the same one waits already."""
        if not self.awaits(task, partition, payload):
            jobs = self._tables.jobs
            key = max(jobs, default=0) + 1
            jobs[key] = _Lease(Job(key, task, partition, payload), now)

    def lease(self, worker: str, now: Micros, until: Micros) -> Job | None:
        """Take a job that nobody else holds; the one that was tried least comes first."""
        jobs = self._tables.jobs
        free = [lease for lease in jobs.values() if lease.until <= now or lease.worker == worker]
        if not free:
            return None
        first = min(free, key=lambda lease: (lease.tries, lease.added_at, lease.job.key))
        jobs[first.job.key] = replace(first, worker=worker, until=until, tries=first.tries + 1)
        return first.job

    def _holds(self, job: Job, worker: str) -> _Lease | None:
        lease = self._tables.jobs.get(job.key)
        return lease if lease is not None and lease.worker == worker else None

    def finish(self, job: Job, worker: str) -> None:
        """Remove a job that is done."""
        if self._holds(job, worker):
            del self._tables.jobs[job.key]

    def release(self, job: Job, worker: str, error: str) -> None:
        """Give a job back; the reason is of use only to those who read the file."""
        lease = self._holds(job, worker)
        if lease is not None:
            self._tables.jobs[job.key] = replace(lease, worker=None, until=0)

    def awaits(self, task: str, partition: Partition, payload: str) -> bool:
        """Whether this job is waiting or being done."""
        wanted = (task, partition, payload)
        jobs = [lease.job for lease in self._tables.jobs.values()]
        return any((job.task, job.partition, job.payload) == wanted for job in jobs)

    def waiting(self, payload: str | None = None) -> int:
        """Number of jobs that are not done."""
        jobs = self._tables.jobs.values()
        return sum(payload in (None, lease.job.payload) for lease in jobs)

    # -- care

    def check(self) -> list[Finding]:
        """What does not agree; only a mistake in this file can bring that about."""
        tables, found = self._tables, []
        made = {(line.record, line.version) for line in tables.log if line.verb != "link"}
        for item in tables.items.values():
            id = item.record.id
            numbers = [version.version for version in item.versions]
            if numbers != list(range(1, len(numbers) + 1)):
                found.append(f"record {id} lacks versions: it has {numbers}")
            found += [f"version {n} of {id} has no line" for n in numbers if (id, n) not in made]
            if any(passage.end > len(item.record.text) for passage in item.passages):
                found.append(f"record {id} has passages beyond its text")
        for _, key, number in tables.vectors:
            if number >= len(tables.items[key].passages):
                found.append(f"vector {number} of record {key} has no passage")
        return [Finding("memory", what, derived=False) for what in found]

    def kept(self, after: int, limit: int, encoder: EncoderId | None) -> list[Kept]:
        """Records above `after`, and what was read off them."""
        vectors = self._tables.vectors
        found = [(key, item) for key, item in self._tables.items.items() if key > after]
        return [
            Kept(
                key,
                item.record,
                item.reading.tokens,
                item.reading.cues,
                item.reading.mark,
                item.passages,
                {
                    number: vectors[encoder, key, number]
                    for number in range(len(item.passages))
                    if encoder is not None and (encoder, key, number) in vectors
                },
            )
            for key, item in found
            if item.reading is not None
        ][:limit]

    def wear(self, now: Micros) -> Mapping[str, int]:
        """What is in memory does not wear."""
        return {}

    def mend(self) -> None:
        """Nothing here is kept twice, so there is nothing to mend; partitions count as changed."""
        tables = self._tables
        tables.moved = dict.fromkeys(tables.moved, len(tables.log))


def _as_kept(record: Record) -> Record:
    """The record with metadata of its own; refuses what a file could not keep."""
    try:
        record.text.encode()
        encode(record).encode()
    except UnicodeEncodeError as error:
        raise unfit(error) from error
    return replace(record, metadata=copy.deepcopy(dict(record.metadata)))


def _row(item: _Item) -> Row:
    return row_of(item.key, item.record, item.reading or Reading("", 0, ()))


def _vector(vectors: Vectors, place: int) -> tuple[Codes, float]:
    return vectors.codes[place].copy(), float(vectors.scales[place])


def _spans(passages: Sequence[Passage]) -> list[tuple[int, int]]:
    return [(passage.start, passage.end) for passage in passages]
