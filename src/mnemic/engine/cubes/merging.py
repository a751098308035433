"""Two cubes → a third, without a memory: one history of each record, and what conflicts.

    in one only           it is taken as it is
    in both, and one's    the longer history is taken
    history begins the
    other's
    in both, diverged     one history is kept as `prefer` says; its fields and the other's are told
    two ids for what      one record is kept; links and lineage of the other lead to it
    came from one source
    forgotten in one      it stays forgotten, with all that was drawn from it

Lines are merged by their time, and each waits until what it speaks of has been written. What is
held in memory is some 300 bytes per change.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import merge as in_order
from pathlib import Path
from typing import Final, Literal, TypeAlias

from mnemic.core.clock import Micros
from mnemic.core.errors import InputError, SourceError
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.records import Partition, Record
from mnemic.core.storage import Identity
from mnemic.core.vectors import EncoderId
from mnemic.engine.cubes.format import Contents, CubeFile, Outline, opened, write
from mnemic.engine.cubes.lines import Line, VectorLine, write_line
from mnemic.engine.cubes.loading import identity
from mnemic.engine.cubes.told import Conflict, Merged, differing
from mnemic.engine.inputs import named_path

Prefer: TypeAlias = Literal["first", "second", "newer"]
_Side: TypeAlias = Literal["first", "second"]
_SIDES: Final[tuple[_Side, _Side]] = ("first", "second")


def merge(
    first: Path, second: Path, out: Path, *, prefer: Prefer = "newer", now: Micros | None = None
) -> Merged:
    """Write to `out` what two cubes hold together.

    `prefer` decides between two histories of one record: the one whose last change is later (of
    two at the same time the first cube's), or always the first or second cube's. `now`: when it
    was made, for its manifest. Raises SourceError when one is no cube, or the file cannot be
    written.
    """
    if prefer not in ("first", "second", "newer"):
        raise InputError(f'prefer is {prefer!r}. Use "first", "second" or "newer"')
    first, second, out = named_path(first), named_path(second), named_path(out)
    with opened(first) as one, opened(second) as other:
        plan = _plan(_side(one), _side(other), prefer)
        files: dict[_Side, CubeFile] = {"first": one, "second": other}
        conflicts = tuple(_conflicts(files, plan))
        languages = {file.manifest.language for file in files.values()}
        analysers = {file.manifest.analyser for file in files.values()}
        written = write(
            out,
            Contents(
                lines=_Weaver(plan).lines(files),
                forgotten=sorted(plan.forgotten),
                vectors=_vectors(files, plan),
                made_at=now,
                language=languages.pop() if len(languages) == 1 else None,
                analyser=analysers.pop() if len(analysers) == 1 else None,
            ),
        )
    return Merged(
        path=str(out),
        records=written.records,
        changes=written.changes,
        conflicts=conflicts,
        advanced=plan.advanced,
        buried=tuple(sorted(plan.buried)),
        forgotten=written.forgotten,
    )


@dataclass(slots=True)
class _Brief:
    """What has to be known of a record to decide about it."""

    named: tuple[Partition, Identity] | None
    drawn: tuple[RecordId, ...]
    versions: list[bytes] = field(default_factory=list)
    """A hash of each."""
    last: Micros = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """One of the two cubes."""

    outline: Outline
    briefs: dict[RecordId, _Brief]


@dataclass(slots=True)
class _Plan:
    """What is taken from where."""

    chosen: dict[RecordId, _Side | None] = field(default_factory=dict)
    """Whose history is taken; None: both, for one begins the other."""
    longer: dict[RecordId, _Side] = field(default_factory=dict)
    """Where a record's last version is."""
    alias: dict[RecordId, RecordId] = field(default_factory=dict)
    """The id of a record that is left out → that of the one from the same source."""
    words: dict[RecordId, int] = field(default_factory=dict)
    """The version since which a record's words are what they are at the end."""
    rivals: list[tuple[RecordId, _Side, RecordId]] = field(default_factory=list)
    """A record that is kept, and where the history that was left out is."""
    buried: set[RecordId] = field(default_factory=set)
    forgotten: set[RecordId] = field(default_factory=set)
    advanced: int = 0


def _side(file: CubeFile) -> _Held:
    outline = file.outline()
    briefs: dict[RecordId, _Brief] = {}
    for line in file.lines():
        record = line.record
        if record is None:
            continue
        if record.version == 1:
            name = identity(record)
            named = None if name is None else (record.scope.partition, name)
            briefs[record.id] = _Brief(named, record.provenance.derived_from)
        brief = briefs[record.id]
        brief.versions.append(_hash(line, record))
        brief.last = line.entry.at
    return _Held(outline, briefs)


def _hash(line: Line, record: Record) -> bytes:
    """Of a version and the change that made it; lineage may have been cut, reasons blanked."""
    bare = replace(record, provenance=replace(record.provenance, derived_from=()))
    entry = replace(line.entry, why="")
    return hashlib.blake2b(write_line(Line(entry, bare)), digest_size=16).digest()


def _plan(one: _Held, other: _Held, prefer: Prefer) -> _Plan:
    plan = _Plan(forgotten=one.outline.forgotten | other.outline.forgotten)
    held: dict[_Side, dict[RecordId, _Brief]] = {"first": one.briefs, "second": other.briefs}
    plan.buried = _buried(held, plan.forgotten)
    for id in {**one.briefs, **other.briefs}:
        if id in plan.buried:
            continue
        if id in one.briefs and id in other.briefs:
            _choose(plan, id, one.briefs[id], other.briefs[id], prefer)
        else:
            side: _Side = "first" if id in one.briefs else "second"
            plan.chosen[id] = plan.longer[id] = side
    outlines: dict[_Side, Outline] = {"first": one.outline, "second": other.outline}
    plan.words = {id: outlines[side].words[id] for id, side in plan.longer.items()}
    _name(plan, held, prefer)
    return plan


def _buried(
    held: Mapping[_Side, Mapping[RecordId, _Brief]], forgotten: set[RecordId]
) -> set[RecordId]:
    """The records that were forgotten in the other cube, and all that was drawn from them."""
    buried = {id for briefs in held.values() for id in briefs if id in forgotten}
    grown = True
    while grown:  # within a cube sources come first, so this ends after two or three rounds
        before = len(buried)
        for briefs in held.values():
            buried |= {id for id, brief in briefs.items() if not buried.isdisjoint(brief.drawn)}
        grown = len(buried) > before
    return buried


def _choose(plan: _Plan, id: RecordId, one: _Brief, other: _Brief, prefer: Prefer) -> None:
    length = min(len(one.versions), len(other.versions))
    if one.versions[:length] == other.versions[:length]:
        plan.chosen[id] = None
        plan.longer[id] = "first" if len(one.versions) >= len(other.versions) else "second"
        plan.advanced += len(one.versions) != len(other.versions)
        return
    kept = _preferred(one, other, prefer)
    plan.chosen[id] = plan.longer[id] = kept
    plan.rivals.append((id, _SIDES[kept == "first"], id))


def _preferred(one: _Brief, other: _Brief, prefer: Prefer) -> _Side:
    if prefer == "newer":
        return "first" if one.last >= other.last else "second"
    return prefer


def _name(plan: _Plan, held: Mapping[_Side, Mapping[RecordId, _Brief]], prefer: Prefer) -> None:
    """Find what came from the same source under two ids."""
    names: dict[tuple[Partition, Identity], RecordId] = {}
    for id, side in plan.longer.items():
        brief = held[side][id]
        if brief.named is None:
            continue
        rival = names.setdefault(brief.named, id)
        if rival == id:
            continue
        # The first cube's records come first, so the rival is one of it.
        kept = (
            id if _preferred(held[plan.longer[rival]][rival], brief, prefer) == "second" else rival
        )
        left = rival if kept == id else id
        names[brief.named] = kept
        plan.alias[left] = kept
        plan.rivals.append((kept, plan.longer[left], left))


def _conflicts(files: Mapping[_Side, CubeFile], plan: _Plan) -> Iterator[Conflict]:
    """Both last versions of each record with two histories."""
    if not plan.rivals:
        return
    wanted = {(plan.longer[id], id) for id, _, _ in plan.rivals}
    wanted |= {(side, left) for _, side, left in plan.rivals}
    last: dict[tuple[_Side, RecordId], Record] = {}
    for side, file in files.items():
        for line in file.lines():
            if line.record is not None and (side, line.record.id) in wanted:
                last[side, line.record.id] = line.record
    for id, other, rival in plan.rivals:
        side = plan.longer[id]
        kept, left = last[side, id], last[other, rival]
        differs = differing(kept, left)
        # The same message, taken in twice, differs in its ids alone, and that is no conflict.
        if left.id == id or not {"history", "provenance"}.issuperset(differs):
            yield Conflict(id, differs, kept, left, side)


def _timed(side: _Side, file: CubeFile) -> Iterator[tuple[Micros, _Side, Line]]:
    return ((line.entry.at, side, line) for line in file.lines())


class _Weaver:
    """Lines of both cubes in one order: each after what it speaks of."""

    def __init__(self, plan: _Plan) -> None:
        self._plan = plan
        self._written: dict[RecordId, int] = {}
        """The last version of each record that was written."""
        self._changes: set[ChangeId] = set()
        self._waiting: dict[RecordId, list[tuple[_Side, Line]]] = {}

    def lines(self, files: Mapping[_Side, CubeFile]) -> Iterator[Line]:
        """Everything that is kept. Raises SourceError for records drawn from each other."""
        streams = [_timed(side, files[side]) for side in _SIDES]
        for _, side, line in in_order(*streams, key=lambda each: each[:2]):
            due = deque([(side, line)])
            while due:
                next_side, next_line = due.popleft()
                woven = self._weave(next_side, next_line)
                if woven is None:
                    continue
                yield woven
                due.extendleft(reversed(self._waiting.pop(woven.entry.record, [])))
        if self._waiting:
            id = min(self._waiting)
            raise SourceError(
                f"the cubes cannot be merged: their records around {id} are drawn from each other. "
                "Load one, then the other, into a new memory instead"
            )

    def _weave(self, side: _Side, line: Line) -> Line | None:
        """The line as it is to be written; None when it waits, or is left out."""
        plan, entry, record = self._plan, line.entry, line.record
        if entry.record in plan.buried or entry.detail.get("target") in plan.buried:
            return None
        if record is None:
            return self._link(side, line)
        if record.id in plan.alias or plan.chosen[record.id] not in (None, side):
            return None
        written = self._written.get(record.id, 0)
        if record.version <= written:
            return None
        if record.version > written + 1:
            self._wait(record.id, side, line)
            return None
        drawn = record.provenance.derived_from
        lineage = tuple(
            dict.fromkeys(
                named
                for named in (plan.alias.get(id, id) for id in drawn)
                if named in plan.chosen and named != record.id
            )
        )
        for id in lineage:
            if id not in self._written:
                self._wait(id, side, line)
                return None
        self._once(entry.id)
        self._written[record.id] = record.version
        if lineage != drawn:
            record = replace(record, provenance=replace(record.provenance, derived_from=lineage))
        return Line(entry, record)

    def _link(self, side: _Side, line: Line) -> Line | None:
        entry = line.entry
        if entry.id in self._changes:
            return None
        ends = [entry.record, RecordId(entry.detail["target"])]
        source, target = (self._plan.alias.get(end, end) for end in ends)
        if source == target:
            return None
        for end in (source, target):
            if end not in self._written:
                self._wait(end, side, line)
                return None
        self._once(entry.id)
        detail = {**entry.detail, "target": target}
        version = min(entry.version, self._written[source])
        return Line(replace(entry, record=source, version=version, detail=detail), None)

    def _once(self, id: ChangeId) -> None:
        if id in self._changes:
            raise SourceError(f"the cubes cannot be merged: change {id} is two changes")
        self._changes.add(id)

    def _wait(self, id: RecordId, side: _Side, line: Line) -> None:
        self._waiting.setdefault(id, []).append((side, line))


def _vectors(
    files: Mapping[_Side, CubeFile], plan: _Plan
) -> Iterator[tuple[EncoderId, Iterator[VectorLine]]]:
    """The vectors of both, each record's from where its last version is."""
    encoders = {id for file in files.values() for id in file.manifest.vectors.values()}
    for encoder in sorted(encoders, key=str):
        yield encoder, _vectors_of(files, plan, encoder)


def _vectors_of(
    files: Mapping[_Side, CubeFile], plan: _Plan, encoder: EncoderId
) -> Iterator[VectorLine]:
    done: set[RecordId] = set()
    for side, file in files.items():
        for member, id in file.manifest.vectors.items():
            if id != encoder:
                continue
            for line in file.vectors(member):
                if line.record in plan.alias or line.record in done:
                    continue
                if plan.chosen.get(line.record, "neither") not in (None, side):
                    continue
                if line.version >= plan.words[line.record]:
                    done.add(line.record)
                    yield line
