"""Between two points of the log: what each record was that was touched, and what it became.

A point is a sequence number of the log: the store as it stood when that line was the last. `undo`
and `diff` ask here; neither reads lines of its own. Links have no versions, so what they were is
read from the lines that set them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final, TypeAlias

from mnemic.core.clock import Moment
from mnemic.core.errors import InputError, NotFound
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import Imported, Receipt
from mnemic.core.records import Partition, Record, Status
from mnemic.core.storage import DERIVED_FROM, EVERY_LINE, Entry, Store
from mnemic.engine.paging import lines

Point: TypeAlias = int | float | str | Moment | datetime | date | Receipt | Imported
"""A sequence number (int), a change's id or its receipt (the point just after it), or a time."""

Edge: TypeAlias = tuple[RecordId, str, RecordId]
"""Source, relation, target."""

_ID: Final = re.compile("[0-9A-HJKMNP-TV-Z]{26}")


def seq_of(store: Store, point: Point, zone: tzinfo) -> int:
    """The sequence number of the last line that belongs to what was before `point`.

    A time is its first instant: "2026-05" is the beginning of May, and a line that was written at
    that very instant still belongs to what was before. Raises InputError for a number beyond the
    log's end and for a receipt of nothing, NotFound for an unknown change, TimestampError.
    """
    if isinstance(point, Receipt | Imported):
        if not point.changes:
            raise InputError("this receipt changed nothing, so it marks no point. Give another")
        last = point.changes[-1]
        return _line(store, last if isinstance(last, str) else last.id)
    if isinstance(point, int) and not isinstance(point, bool):
        head = store.head()
        if not 0 <= point <= head:
            raise InputError(
                f"no point {point}: the log's sequence numbers end at {head}. Memory.log() shows "
                "them; seconds since 1970 are given as a float"
            )
        return point
    if isinstance(point, str):
        entry = store.entry(ChangeId(point)) if point.isascii() else None
        if entry is not None:
            return entry.seq
        if _ID.fullmatch(point):
            return _line(store, point)
    return store.written_by(Moment.parse(point, zone).micros)


def _line(store: Store, id: str) -> int:
    entry = store.entry(ChangeId(id))
    if entry is None:
        raise NotFound(f"no change {id!r}. Memory.log() and receipts name them")
    return entry.seq


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that some line between the points is about."""

    id: RecordId
    first: Record | None
    """At the earlier point; None: it was not there, or nothing of it can be read any more."""
    last: Record | None
    """At the later point; None: nothing of it can be read any more."""
    erased: bool = False
    """It was there at the earlier point, and what it was then has been forgotten since."""


@dataclass(frozen=True, slots=True)
class Relinked:
    """A link that some line between the points is about; None for a weight: not linked."""

    edge: Edge
    first: float | None
    last: float | None


@dataclass(frozen=True, slots=True)
class Between:
    """All that was touched between two points, in the order in which it was touched first."""

    records: tuple[Touched, ...] = ()
    links: tuple[Relinked, ...] = ()


def between(
    store: Store, since: int, until: int, partitions: Collection[Partition] | None = None
) -> Between:
    """What the lines above `since`, up to `until`, touched; None: in every partition."""
    first: dict[RecordId, int] = {}
    last: dict[RecordId, int] = {}
    erased: set[RecordId] = set()
    edges: dict[Edge, float | None] = {}
    for entry in lines(store, since, until):
        if entry.verb == "link":
            if (edge := edge_of(entry)) is not None:
                edges[edge] = weight_of(entry)
            continue
        first.setdefault(entry.record, entry.version - 1)
        last[entry.record] = entry.version
        if entry.verb == "forget":
            erased.add(entry.record)
    heads = store.get([*last, *(end for source, _, target in edges for end in (source, target))])
    mine = {
        id for id, head in heads.items() if partitions is None or head.scope.partition in partitions
    }
    here = {id for id, head in heads.items() if head.status is not Status.FORGOTTEN}
    return Between(
        tuple(
            _touched(store, heads[id], before, last[id], id in erased)
            for id, before in first.items()
            if id in mine
        ),
        tuple(
            Relinked(edge, _before(store, heads[edge[0]], edge, since, first.get(edge[0])), now)
            for edge, now in edges.items()
            if edge[0] in mine and here.issuperset((edge[0], edge[2]))
        ),
    )


def _touched(store: Store, head: Record, first: int, last: int, erased: bool) -> Touched:
    if head.status is Status.FORGOTTEN:
        return Touched(head.id, None, None, erased and first > 0)
    numbers = {head.version: head}
    if not numbers.keys() >= {last} | ({first} if first else set()):
        numbers = {version.version: version for version in store.versions(head.id)}
    before, after = numbers[first] if first else None, numbers[last]
    # A record that was drawn again without a forgotten source: its earlier words are blank.
    blank = before is not None and before.status is Status.FORGOTTEN
    return Touched(
        head.id,
        None if blank else before,
        None if after.status is Status.FORGOTTEN else after,
        blank,
    )


def _before(
    store: Store, source: Record, edge: Edge, since: int, version: int | None
) -> float | None:
    """The weight of a link at the earlier point, where its source stood at this version."""
    return None if version == 0 else linked(store, source, edge, since)


def linked(store: Store, source: Record, edge: Edge, until: int) -> float | None:
    """The weight that the lines up to `until` gave a link of this record; None: not linked."""
    weight = 1.0 if edge[1] == DERIVED_FROM and edge[2] in source.provenance.derived_from else None
    for line in store.log(0, EVERY_LINE, source.id):
        if line.seq <= until and line.verb == "link" and edge_of(line) == edge:
            weight = weight_of(line)
    return weight


def edge_of(entry: Entry) -> Edge | None:
    """The link that a line is about; None when it led to something that was forgotten."""
    detail = entry.detail
    return (entry.record, detail["relation"], RecordId(detail["target"])) if detail else None


def weight_of(entry: Entry) -> float | None:
    """The weight that a line gives its link; None: it removes it."""
    return None if entry.detail["remove"] else float(entry.detail["weight"])
