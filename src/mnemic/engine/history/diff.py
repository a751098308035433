"""Diff: what the store knew at one point against what it knew at another, as a value to read.

Only what could be found at either point counts: a record that was put and deleted in between is in
neither, and so in no diff. What has been forgotten is named by its id, and tells nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.receipts import counted
from mnemic.core.records import Partition, Record, Status
from mnemic.core.storage import LinkRow
from mnemic.engine.history.between import Between, Edge, Point, between, seq_of
from mnemic.engine.history.undo import REVISED
from mnemic.engine.parts import Parts
from mnemic.engine.supersede import SUPERSEDES

FIELDS = (*REVISED, "weight")
"""What may differ between two versions of a record that is found at both points."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A record that is found at both points, and differs."""

    before: Record
    after: Record
    fields: tuple[str, ...]
    """Which of its fields differ."""

    def __str__(self) -> str:
        if "text" in self.fields:
            return f"{self.before} → {self.after}"
        told = [
            f"{name} {_plain(getattr(self.before, name))} → {_plain(getattr(self.after, name))}"
            for name in self.fields
        ]
        return f"{self.after} ({', '.join(told)})"


@dataclass(frozen=True, slots=True)
class Superseded:
    """A record that another one took the place of."""

    old: Record
    new: Record

    def __str__(self) -> str:
        ended = f" on {self.old.valid_to}" if self.old.valid_to else ""
        return f"{self.old} was superseded by {self.new.text!r}{ended}"


@dataclass(frozen=True, slots=True)
class Diff:
    """What is known at `until` and was not, or was otherwise, at `since`."""

    since: int
    """The log's sequence number at the earlier point; `undo(since=...)` takes it."""
    until: int
    added: tuple[Record, ...] = ()
    """Records that are new, as they are at the later point."""
    changed: tuple[Altered, ...] = ()
    gone: tuple[Record, ...] = ()
    """Records that were deleted or held back, as they were."""
    returned: tuple[Record, ...] = ()
    """Records that had been deleted or held back before, as they are."""
    forgotten: tuple[RecordId, ...] = ()
    superseded: tuple[Superseded, ...] = ()
    """Pairs. The new record is mostly among the added as well, the old one among the changed."""
    linked: tuple[LinkRow, ...] = field(default=(), repr=False)
    """Links that are new, or have another weight."""
    unlinked: tuple[LinkRow, ...] = field(default=(), repr=False)
    """Links that are gone, or had another weight, as they were."""

    def __bool__(self) -> bool:
        """Whether anything differs."""
        records = self.added or self.changed or self.gone or self.returned or self.forgotten
        return bool(records or self.linked or self.unlinked)

    def __str__(self) -> str:
        """A count, and a line for each record: + - ~ as diffs have them, > for a superseding."""
        return "\n".join(["; ".join(self._counts()) or "nothing changed", *self._lines()])

    def _counts(self) -> list[str]:
        shown = (
            (len(self._new()), "added"),
            (len(self.superseded), "superseded"),
            (len(self._altered()), "changed"),
            (len(self.gone), "gone"),
            (len(self.returned), "returned"),
            (len(self.forgotten), "forgotten"),
        )
        links = len(self._links())
        told = [f"{count} {word}" for count, word in shown if count]
        return [*told, *([f"{counted(links, 'link')} set or removed"] if links else [])]

    def _lines(self) -> Iterator[str]:
        yield from (f"+ {record}" for record in self._new())
        yield from (f"> {pair}" for pair in self.superseded)
        yield from (f"~ {altered}" for altered in self._altered())
        yield from (f"- {record}" for record in self.gone)
        yield from (f"+ {record} (again)" for record in self.returned)
        yield from (f"x {id} was forgotten" for id in self.forgotten)
        yield from self._links()

    def _links(self) -> list[str]:
        """A line for each link of which no pair tells."""
        paired = {(pair.new.id, SUPERSEDES, pair.old.id) for pair in self.superseded}
        kept = {(row.source, row.relation, row.target) for row in self.linked}
        return [
            f"{sign} {row.source} {row.relation} {row.target}"
            for sign, rows in (("+", self.linked), ("-", self.unlinked))
            for row in rows
            if (edge := (row.source, row.relation, row.target)) not in paired
            and (sign == "+" or edge not in kept)
        ]

    def _new(self) -> list[Record]:
        """The added records that do not stand in a pair already."""
        paired = {pair.new.id for pair in self.superseded}
        return [record for record in self.added if record.id not in paired]

    def _altered(self) -> list[Altered]:
        """The changed records of which a pair does not tell everything."""
        paired = {pair.old.id for pair in self.superseded}
        return [
            one
            for one in self.changed
            if one.before.id not in paired or set(one.fields) != {"valid_to"}
        ]


def diff(
    parts: Parts,
    earlier: Point,
    later: Point | None = None,
    partitions: Collection[Partition] | None = None,
) -> Diff:
    """What differs between two points of transaction time; `later` None: what is known now.

    `partitions`: whose memories are meant; None: everybody's. Raises InputError when the points
    are the wrong way round, else as `seq_of` does.
    """
    store = parts.store
    with store.reading():
        since = seq_of(store, earlier, parts.zone)
        until = store.head() if later is None else seq_of(store, later, parts.zone)
        if since > until:
            raise InputError(
                f"the first point ({earlier}, line {since} of the log) is later than the second "
                f"({later}, line {until}). Give them the other way round"
            )
        return _told(since, until, between(store, since, until, partitions))


def _told(since: int, until: int, found: Between) -> Diff:
    added: list[Record] = []
    changed: list[Altered] = []
    gone: list[Record] = []
    returned: list[Record] = []
    for each in found.records:
        then, now = _seen(each.first), _seen(each.last)
        if then is None and now is not None:
            (added if each.first is None else returned).append(now)
        elif then is not None and now is None:
            gone.append(then)
        elif then is not None and now is not None and (fields := _differing(then, now)):
            changed.append(Altered(then, now, fields))
    return Diff(
        since,
        until,
        tuple(added),
        tuple(changed),
        tuple(gone),
        tuple(returned),
        tuple(each.id for each in found.records if each.erased and each.last is None),
        tuple(_pairs(found)),
        tuple(_rows((one.edge, one.last) for one in found.links if one.first != one.last)),
        tuple(_rows((one.edge, one.first) for one in found.links if one.first != one.last)),
    )


def _seen(record: Record | None) -> Record | None:
    return record if record is not None and record.status is Status.ACTIVE else None


def _differing(then: Record, now: Record) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if getattr(then, name) != getattr(now, name))


def _pairs(found: Between) -> Iterator[Superseded]:
    now = {each.id: seen for each in found.records if (seen := _seen(each.last)) is not None}
    for one in found.links:
        new, relation, old = one.edge
        fresh = relation == SUPERSEDES and one.first is None and one.last is not None
        if fresh and new in now and old in now:
            yield Superseded(now[old], now[new])


def _rows(states: Iterable[tuple[Edge, float | None]]) -> Iterator[LinkRow]:
    for edge, weight in states:
        if weight is not None:
            yield LinkRow(*edge, weight)


def _plain(value: object) -> str:
    return "none" if value is None else str(value)
