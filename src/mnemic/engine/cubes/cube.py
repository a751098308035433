"""Cubes: memories in one portable file, with their whole history.

A cube is a zip of JSON lines (`docs/reference/cube-format.md`): every change in the order of the
log and, where it made a version, the record after it; the ids of what was forgotten; and, if asked
for, vectors. Loading plays the changes into the log of another store (`loading.py`): ids, texts,
times and versions stay the same.

How the file is read and written is told in `format.py`, a line of it in `lines.py`; two
cubes become one in `merging.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import Final

from mnemic.core.changes import CODES
from mnemic.core.errors import SourceError
from mnemic.core.ids import RecordId
from mnemic.core.records import REMAINING, Partition, Record
from mnemic.core.storage import Copy, Listing, Store
from mnemic.core.vectors import EncoderId
from mnemic.engine import trying
from mnemic.engine.cubes.format import Contents, CubeFile, Written, opened, write
from mnemic.engine.cubes.lines import Line, VectorLine, lineage_within
from mnemic.engine.cubes.loading import load
from mnemic.engine.cubes.noting import noted
from mnemic.engine.cubes.told import Cube
from mnemic.engine.paging import everything, logged
from mnemic.engine.parts import Parts

__all__ = ["Cube", "load", "look", "save", "without"]

_BATCH: Final = 500
_REDACTED: Final = "redacted"


def save(
    parts: Parts, path: Path, partitions: Sequence[Partition], *, vectors: bool = False
) -> Cube:
    """Write the partitions' records, with history and links, to `path`.

    The file appears whole or not at all, and the memory remembers where it is. Of what was
    forgotten it holds the ids, so that whoever loads it does not bring it back from elsewhere;
    of records of other partitions it names none. `vectors`: those that were computed, as well.
    Raises SourceError when the file cannot be written.
    """
    trying.refuse(parts.store, "an export")
    store, now = parts.store, parts.clock()
    if any(str(path.absolute()) == file or _same(path, file) for file in store.files()):
        raise SourceError(f"{path} belongs to the memory itself. Name another file")
    whole = {partition for partition, _ in store.partitions()} <= set(partitions)
    named = () if whole else tuple(sorted(partitions))
    with noted(store, Copy(str(path.absolute()), "cube", now, named)), store.reading():
        ids = _ids(store, partitions)
        gone: list[RecordId] = []
        contents = Contents(
            lines=_lines(store, ids, gone),
            forgotten=_forgotten(store, gone, None if whole else frozenset(partitions)),
            vectors=_vectors(store, sorted(partitions)) if vectors else (),
            made_at=now,
            language=parts.reader.analyser.language,
            analyser=parts.reader.analyser.version,
        )
        written = write(path, contents)
    return _told(path, written)


def _same(path: Path, file: str) -> bool:
    try:
        return path.samefile(file)
    except (OSError, ValueError):
        return False


def look(path: Path) -> Cube:
    """What a cube holds; all of it is read and checked.

    Raises SourceError when the file is no cube, is damaged, or of a later version.
    """
    with opened(path) as file:
        outline = file.outline()
    return _told(path, Written(len(outline.versions), outline.changes, len(outline.forgotten)))


def without(path: Path, ids: Sequence[RecordId]) -> int:
    """Take records out of a cube, and all that was drawn from them; returns how many went.

    Their links, vectors and versions go with them, reasons that repeat their words are blanked, and
    their ids stand among the forgotten. The new file takes the old one's place whole; with 0 the
    file is as it was. A cube of version 1 becomes one of version 2. Raises SourceError when it is
    no cube or cannot be written.
    """
    with opened(path) as file:
        outline = file.outline()
        doomed, words, reasons = _doomed(file, frozenset(ids))
        if not doomed:
            return 0
        contents = Contents(
            lines=_spared(file, doomed, words, reasons),
            forgotten=sorted(outline.forgotten | doomed),
            vectors=_spared_vectors(file, doomed),
            made_at=file.manifest.made_at,
            language=file.manifest.language,
            analyser=file.manifest.analyser,
        )
        write(path, contents, mode=path.stat().st_mode & 0o777)
    return len(doomed)


def _told(path: Path, written: Written) -> Cube:
    return Cube(str(path), written.records, written.changes, forgotten=written.forgotten)


def _ids(store: Store, partitions: Sequence[Partition]) -> set[RecordId]:
    which = Listing(tuple(partitions), statuses=REMAINING)
    return {record.id for record in everything(store, which)}


def _lines(store: Store, ids: AbstractSet[RecordId], gone: list[RecordId]) -> Iterator[Line]:
    """The changes of these records; `gone` is given the ids of what was forgotten."""
    histories: dict[RecordId, list[Record]] = {}
    for entries in logged(store):
        histories.clear()
        for entry in entries:
            if entry.verb == "forget":
                gone.append(entry.record)
            # The detail of a link to something that was forgotten is gone: such a line stays here.
            other = entry.detail.get("target") if entry.verb == "link" else entry.record
            if entry.record not in ids or other not in ids:
                continue
            plain = replace(entry, seq=0)
            if entry.verb == "link":
                yield Line(plain, None)
                continue
            if entry.record not in histories:
                histories[entry.record] = store.versions(entry.record)
            record = histories[entry.record][entry.version - 1]
            yield Line(plain, lineage_within(record, ids))


def _forgotten(
    store: Store, gone: Sequence[RecordId], among: AbstractSet[Partition] | None
) -> Iterator[RecordId]:
    """Those of the forgotten that were of these partitions; `gone` is filled by then."""
    for start in range(0, len(gone), _BATCH):
        ids = gone[start : start + _BATCH]
        records = store.get(ids)
        yield from (id for id in ids if among is None or records[id].scope.partition in among)


def _vectors(
    store: Store, partitions: Sequence[Partition]
) -> Iterator[tuple[EncoderId, Iterator[VectorLine]]]:
    for encoder in sorted((encoder for encoder, _ in store.encoders()), key=str):
        yield encoder, _vectors_of(store, partitions, encoder)


def _vectors_of(
    store: Store, partitions: Sequence[Partition], encoder: EncoderId
) -> Iterator[VectorLine]:
    for partition in partitions:
        owners, codes, scales = store.vectors(partition, encoder)
        keys = list(dict.fromkeys(owners.tolist()))
        begin = 0
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            records = store.by_key(batch)
            for key in batch:
                passages = tuple((each.start, each.end) for each in store.passages(key))
                end = begin
                while end < len(owners) and owners[end] == key:
                    end += 1
                if end - begin == len(passages):  # else some are still to be computed
                    record = records[key]
                    yield VectorLine(
                        record.id, record.version, passages, codes[begin:end], scales[begin:end]
                    )
                begin = end


def _doomed(
    file: CubeFile, ids: AbstractSet[RecordId]
) -> tuple[set[RecordId], set[str], set[tuple[RecordId, str]]]:
    """The records that go, those drawn from them included, and what their versions said.

    And the reasons of their changes, each with a record that is linked with one of them: a change
    of several records gives all of them the same.
    """
    doomed: set[RecordId] = set()
    words: set[str] = set()
    given: dict[RecordId, set[str]] = {}
    ties: set[tuple[RecordId, RecordId]] = set()
    for line in file.lines():
        record, entry = line.record, line.entry
        if entry.why not in CODES:
            given.setdefault(entry.record, set()).add(entry.why)
        if record is None:
            ends = entry.record, RecordId(entry.detail["target"])
            ties.update((ends, ends[::-1]))
            if entry.why not in CODES:
                given.setdefault(ends[1], set()).add(entry.why)
        if record is None:
            continue
        if record.id in ids or not doomed.isdisjoint(record.provenance.derived_from):
            doomed.add(record.id)
        if record.id in doomed:
            words.add(record.text)
    reasons = {(near, why) for one, near in ties if one in doomed for why in given.get(one, ())}
    return doomed, words, reasons


def _spared(
    file: CubeFile,
    doomed: AbstractSet[RecordId],
    words: AbstractSet[str],
    reasons: AbstractSet[tuple[RecordId, str]],
) -> Iterator[Line]:
    for line in file.lines():
        entry = line.entry
        if entry.record in doomed or entry.detail.get("target") in doomed:
            continue
        if (entry.record, entry.why) in reasons or any(text in entry.why for text in words):
            entry = replace(entry, why=_REDACTED)
        yield Line(entry, line.record)


def _spared_vectors(
    file: CubeFile, doomed: AbstractSet[RecordId]
) -> Iterator[tuple[EncoderId, Iterator[VectorLine]]]:
    for member, encoder in file.manifest.vectors.items():
        lines = (line for line in file.vectors(member) if line.record not in doomed)
        yield encoder, lines
