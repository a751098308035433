"""A cube → the memory: its changes are played into the log, all of them or none.

The whole file is read and checked before the transaction begins. Then each record meets its fate
when its first line comes:

    new         it is not here: every change of it is taken over
    here        it is: as long as its versions are the same nothing happens, and where the cube
                goes on after the last one here, its further changes are taken over
    diverged    it is here with another history: what is here stays, and the conflict is told
    known       it came here from the same source before, under another id, which takes its place
                in links and lineage
    refused     it was forgotten here, or is drawn from something that was: it does not come back

Loading erases nothing: a record that was forgotten where the cube was made, and is remembered here,
is named in what is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

import numpy as np

from mnemic.core.errors import SourceError
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.records import Partition, Record, Status
from mnemic.core.storage import Identity, LinkRow, PassageKey, Reading, Vectors, Write
from mnemic.core.vectors import EncoderId
from mnemic.engine.cubes.format import CubeFile, Outline, opened, words
from mnemic.engine.cubes.lines import Line, VectorLine
from mnemic.engine.cubes.told import Conflict, Cube, differing, same_version
from mnemic.engine.parts import Parts
from mnemic.engine.tombstones import tombstone, tombstones
from mnemic.engine.vectors.encoders import ENCODE

_T = TypeVar("_T")
_Fate: TypeAlias = Literal["new", "here", "diverged", "known", "refused"]
_BATCH: Final = 500
_AHEAD: Final = 50_000
"""Readings that are held, some 100 MB: the others are made while other processes wait."""
_ELSEWHERE: Final = Partition("", "")
"""Stands for a partition in the mark of what another memory forgot: cubes do not name it."""


def load(parts: Parts, path: Path) -> Cube:
    """Take over what a cube holds and this memory does not; all of it, or nothing.

    Raises SourceError when the file is no cube, is damaged, or of a later version.
    """
    store = parts.store
    with opened(path) as file:
        outline = file.outline()
        brought = _brought(parts, file)
        ready = _read_ahead(parts, file, outline, brought)
        with store.writing():
            before = store.head()
            taking = _Taking(parts, file, outline, brought, ready)
            for batch in _batches(file.lines()):
                taking.take(batch)
            outlived = _bury(parts, outline)
            later = parts.encoders.later(store) if taking.made else ()
            for partition in sorted(taking.partitions):
                for name in later:
                    store.enqueue(ENCODE, partition, name, parts.clock())
            if file.manifest.vectors and taking.made:
                _take_vectors(parts, file, taking, before)
    parts.shelves.drop()
    if taking.made:
        parts.wake()
    return taking.told(outlived)


def _brought(parts: Parts, file: CubeFile) -> frozenset[RecordId]:
    """Records that need not be encoded, for the cube holds what the encoder here would say."""
    encoder = parts.reader.encoder
    return frozenset(
        line.record
        for member, id in file.manifest.vectors.items()
        if encoder is not None and id == encoder.id
        for line in file.vectors(member)
    )


def _read_ahead(
    parts: Parts, file: CubeFile, outline: Outline, brought: frozenset[RecordId]
) -> dict[ChangeId, Reading]:
    """The readings of what is probably new, made while nobody has to wait for them."""
    ready: dict[ChangeId, Reading] = {}
    for batch in _batches(file.lines()):
        if len(ready) >= _AHEAD:
            break
        here = parts.store.get([line.entry.record for line in batch])
        new = [
            (line.entry.id, line.record)
            for line in batch
            if line.record is not None
            and line.record.id not in here
            and line.record.version == outline.words[line.record.id]
        ]
        for vectors in (True, False):
            some = [each for each in new if (each[1].id not in brought) == vectors]
            read = parts.reader.read_records([record for _, record in some], vectors=vectors)
            ready |= {id: reading for (id, _), reading in zip(some, read, strict=True)}
    return ready


def _batches(things: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(things)
    while batch := list(islice(rest, _BATCH)):
        yield batch


@dataclass(slots=True)
class _Taking:
    """What has been taken over so far."""

    parts: Parts
    file: CubeFile
    outline: Outline
    brought: frozenset[RecordId]
    """Records whose vectors by the encoder of the write path come with the cube."""
    ready: Mapping[ChangeId, Reading]
    """What was read before the transaction began."""
    fates: dict[RecordId, _Fate] = field(default_factory=dict)
    alias: dict[RecordId, RecordId] = field(default_factory=dict)
    """The cube's id → the id here of what came from the same source."""
    theirs: dict[RecordId, Record] = field(default_factory=dict)
    """The last version in the cube of what has another history here."""
    new: set[RecordId] = field(default_factory=set)
    advanced: set[RecordId] = field(default_factory=set)
    partitions: set[Partition] = field(default_factory=set)
    made: list[ChangeId] = field(default_factory=list)

    # -- line by line

    def take(self, batch: Sequence[Line]) -> None:
        """Take over what is new of some lines that follow one another."""
        store = self.parts.store
        current = store.get(
            [
                *(line.entry.record for line in batch),
                *(RecordId(line.entry.detail["target"]) for line in batch if line.record is None),
            ]
        )
        buried = self._buried(batch)
        versions: dict[RecordId, list[Record]] = {}
        writes: list[Write] = []
        rewords: list[int] = []
        used: set[ChangeId] = set()
        for line in batch:
            record = line.record
            if record is None:
                write = self._link(line, current, used)
                if write is not None:
                    writes.append(write)
                continue
            if record.version == 1:
                self._meet(record, current, buried)
            if not self._goes_on(line, record, current, versions):
                continue
            self._fresh(line.entry.id, used)
            kept = self._with_lineage(record)
            before = current.get(record.id)
            if before is None or words(before) != words(kept):
                rewords.append(len(writes))
            writes.append(Write(line.entry, kept))
            current[record.id] = kept
            self.partitions.add(kept.scope.partition)
        readings = self._readings(writes, rewords)
        store.write(
            replace(write, reading=readings.get(place)) for place, write in enumerate(writes)
        )
        self.made += [write.entry.id for write in writes]

    def _meet(
        self,
        record: Record,
        current: Mapping[RecordId, Record],
        buried: set[RecordId],
    ) -> None:
        """Settle a record's fate."""
        here = current.get(record.id)
        drawn = (self.fates.get(id) for id in record.provenance.derived_from)
        if (
            record.id in buried
            or "refused" in drawn
            or (here is not None and here.status is Status.FORGOTTEN)
        ):
            self.fates[record.id] = "refused"
            return
        if here is not None:
            self.fates[record.id] = "here"
            return
        name = identity(record)
        if name is not None:
            other = self.parts.store.identities(record.scope.partition, [name]).get(name)
            if other is not None:
                self.fates[record.id] = "known"
                self.alias[record.id] = other
                return
        self.fates[record.id] = "new"
        self.new.add(record.id)

    def _goes_on(
        self,
        line: Line,
        record: Record,
        current: Mapping[RecordId, Record],
        versions: dict[RecordId, list[Record]],
    ) -> bool:
        """Whether this version comes after what is here."""
        fate = self.fates[record.id]
        if fate in ("diverged", "known"):
            self.theirs[record.id] = record
        if fate != "here":
            return fate == "new"
        last = current[record.id].version
        if record.version > last:
            self.advanced.add(record.id)
            return True
        if record.id not in versions:
            versions[record.id] = self.parts.store.versions(record.id)
        entry = self.parts.store.entry(line.entry.id)
        same = entry is not None and (entry.record, entry.version) == (record.id, record.version)
        if not same or not same_version(versions[record.id][record.version - 1], record):
            self.fates[record.id] = "diverged"
            self.theirs[record.id] = record
        return False

    def _link(
        self, line: Line, current: Mapping[RecordId, Record], used: set[ChangeId]
    ) -> Write | None:
        """A link between two records that are both here now; None where it is here, too."""
        detail = line.entry.detail
        ends = [line.entry.record, RecordId(detail["target"])]
        if any(self.fates[end] == "refused" for end in ends):
            return None
        source, target = (self.alias.get(end, end) for end in ends)
        if source == target:
            return None
        there = self.parts.store.entry(line.entry.id)
        if there is not None and there.verb == "link" and there.record == source:
            return None
        self._fresh(line.entry.id, used)
        record = current.get(source) or self.parts.store.get([source])[source]
        version = min(line.entry.version, record.version)
        detail = {**detail, "target": target}
        self.partitions.add(record.scope.partition)
        return Write(
            replace(line.entry, record=source, version=version, detail=detail),
            record,
            link=LinkRow(source, detail["relation"], target, detail["weight"], detail["remove"]),
        )

    def _fresh(self, id: ChangeId, used: set[ChangeId]) -> None:
        if id in used or self.parts.store.entry(id) is not None:
            raise SourceError(
                f"{self.file.path}: change {id} is another change here. Nothing was taken over; "
                "take another copy"
            )
        used.add(id)

    def _with_lineage(self, record: Record) -> Record:
        """The record, drawn from what is here under the ids that it has here."""
        drawn = record.provenance.derived_from
        if not drawn:
            return record
        named = (self.alias.get(id, id) for id in drawn if id in self.fates)
        lineage = tuple(dict.fromkeys(id for id in named if id != record.id))
        if lineage == drawn:
            return record
        return replace(record, provenance=replace(record.provenance, derived_from=lineage))

    def _buried(self, batch: Sequence[Line]) -> set[RecordId]:
        graves: dict[bytes, RecordId] = {}
        secret = self.parts.secret
        for line in batch:
            record = line.record
            if record is None or record.version > 1:
                continue
            graves |= dict.fromkeys(tombstones(secret, record), record.id)
            graves[tombstone(secret, _ELSEWHERE, ("", record.id))] = record.id
        return {graves[mark] for mark in self.parts.store.buried(list(graves))}

    def _readings(self, writes: Sequence[Write], rewords: Sequence[int]) -> dict[int, Reading]:
        """What is read off new words; vectors only of the words that a record ends with."""
        found: dict[int, Reading] = {}
        full: list[int] = []
        plain: list[int] = []
        for place in rewords:
            record = writes[place].record
            reading = self.ready.get(writes[place].entry.id)
            if reading is not None:
                found[place] = reading
            elif record.version < self.outline.words[record.id] or record.id in self.brought:
                plain.append(place)
            else:
                full.append(place)
        for places, vectors in ((full, True), (plain, False)):
            read = self.parts.reader.read_records(
                [writes[place].record for place in places], vectors=vectors
            )
            found |= dict(zip(places, read, strict=True))
        return found

    # -- what came of it

    def told(self, outlived: tuple[RecordId, ...]) -> Cube:
        """What was done."""
        fates = list(self.fates.values())
        return Cube(
            path=str(self.file.path),
            records=len(self.new),
            changes=len(self.made),
            already=len(fates) - fates.count("new") - fates.count("refused") - len(self.advanced),
            refused=fates.count("refused"),
            advanced=len(self.advanced),
            conflicts=self._conflicts(),
            outlived=outlived,
            forgotten=len(self.outline.forgotten),
            made=tuple(self.made),
        )

    def _conflicts(self) -> tuple[Conflict, ...]:
        here = self.parts.store.get([self.alias.get(id, id) for id in self.theirs])
        found = []
        for id, left in self.theirs.items():
            kept = here[self.alias.get(id, id)]
            differs = differing(kept, left)
            # The same message, taken in twice, differs in its ids alone, and that is no conflict.
            if self.fates[id] == "diverged" or not {"history", "provenance"}.issuperset(differs):
                found.append(Conflict(kept.id, differs, kept, left, "here"))
        return tuple(found)


def identity(record: Record) -> Identity | None:
    """(source, external id), or None for a record that lacks one of them."""
    source, external = record.provenance.source, record.provenance.external_id
    return None if source is None or external is None else (source, external)


def _bury(parts: Parts, outline: Outline) -> tuple[RecordId, ...]:
    """Remember what was forgotten elsewhere; returns what of it is remembered here."""
    outlived: list[RecordId] = []
    for ids in _batches(sorted(outline.forgotten)):
        here = parts.store.get(ids)
        outlived += [id for id in ids if id in here and here[id].status is not Status.FORGOTTEN]
        parts.store.bury(
            [tombstone(parts.secret, _ELSEWHERE, ("", id)) for id in ids if id not in here]
        )
    return tuple(outlived)


def _take_vectors(parts: Parts, file: CubeFile, taking: _Taking, before: int) -> None:
    """Keep the vectors of what was taken over, where passages are cut here as they were there."""
    keys = _keys(parts, taking, before)
    for member, encoder in file.manifest.vectors.items():
        wanted = (
            line
            for line in file.vectors(member)
            if line.record in keys
            # Else they are of words that the record no longer says.
            and line.version >= taking.outline.words[line.record]
        )
        for batch in _batches(wanted):
            _keep_vectors(parts, encoder, batch, keys)


def _keys(parts: Parts, taking: _Taking, before: int) -> dict[RecordId, int]:
    """The keys of the records that were taken over: they changed after line `before` of the log."""
    keys: dict[RecordId, int] = {}
    for partition in sorted(taking.partitions):
        rows, _ = parts.store.rows(partition, before)
        for batch in _batches(row.key for row in rows):
            for key, record in parts.store.by_key(batch).items():
                if record.id in taking.new or record.id in taking.advanced:
                    keys[record.id] = key
    return keys


def _keep_vectors(
    parts: Parts,
    encoder: EncoderId,
    batch: Sequence[VectorLine],
    keys: Mapping[RecordId, int],
) -> None:
    records = parts.store.get([line.record for line in batch])
    passages: list[PassageKey] = []
    fitting: list[VectorLine] = []
    for line in batch:
        key, text = keys[line.record], records[line.record].text
        cut = tuple((each.start, each.end) for each in parts.store.passages(key))
        if cut != line.passages:
            continue  # cut by other tokens: they are computed anew when somebody searches
        fitting.append(line)
        passages += [
            PassageKey(key, number, text[start:end]) for number, (start, end) in enumerate(cut)
        ]
    if fitting:
        codes = np.concatenate([line.codes for line in fitting])
        scales = np.concatenate([line.scales for line in fitting])
        parts.store.write_vectors(passages, Vectors(encoder, codes, scales))
