"""What is meant when something is to be forgotten: conditions, read into the ids that meet them.

Every condition must hold. Words find what `search` finds for them, so only what is in sight; all
other conditions also meet what was deleted or is held for review. What is forgotten cannot come
back, so a selection that names nothing is an error and never means everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mnemic.core.clock import Moment
from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.queries import Query
from mnemic.core.records import REMAINING, Origin, Partition, Record
from mnemic.core.storage import Listing, Store
from mnemic.engine.paging import everything
from mnemic.engine.parts import Parts
from mnemic.engine.recall import search

THRESHOLD: Final = 0.5
"""How likely a hit of a query has to be, where nobody says: more likely than not."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The conditions; None is one that is not made."""

    partitions: tuple[Partition, ...]
    agent_id: str | None = None
    session_id: str | None = None
    scoped: bool = False
    """Whether somebody named a user, agent, session or namespace, which is a condition, too."""
    query: str | None = None
    threshold: float | None = None
    """Of the query; None: `THRESHOLD`."""
    since: Moment | None = None
    until: Moment | None = None
    """To its end: "2025-06" means all of June."""
    origin: Origin | None = None
    kinds: tuple[str, ...] | None = None

    def __str__(self) -> str:
        """The conditions in words, for a certificate: without names, and without the query."""
        made = [
            ("in one scope", self.scoped),
            ("of one agent", self.agent_id is not None),
            ("of one session", self.session_id is not None),
            (f"found by a query at {self._least:g} or more", self.query is not None),
            (f"from {self.since} on", self.since is not None),
            (f"up to {self.until}", self.until is not None),
            (f"of origin {self.origin}", self.origin is not None),
            (f"of kind {' or '.join(self.kinds or ()) or 'none'}", self.kinds is not None),
        ]
        return "; ".join(words for words, holds in made if holds)

    @property
    def _least(self) -> float:
        return THRESHOLD if self.threshold is None else self.threshold


def origin(name: str | None) -> Origin | None:
    """The origin of this name; InputError, naming the known ones, when there is none."""
    try:
        return None if name is None else Origin(name)
    except ValueError:
        known = ", ".join(each.value for each in Origin)
        raise InputError(f"no origin {name!r}. Known: {known}") from None


def select(parts: Parts, which: Selection) -> list[RecordId]:
    """The ids of all records that meet every condition, in the order in which they came.

    Raises InputError where no condition is made, and for a threshold without a query.
    """
    if not str(which):
        raise InputError(
            "say what to forget: ids=[...], a scope such as user_id=..., query=..., since=..., "
            "until=..., origin=... or kinds=[...]"
        )
    since, until = which.since, which.until
    if since is not None and until is not None and until.end <= since.micros:
        raise InputError(f"until={until} lies before since={since}. Give them the other way round")
    if which.query is None and which.threshold is not None:
        raise InputError(f"threshold is {which.threshold}, but no query was given for it")
    # Before the view is taken: a search may have to write vectors, which no old view can.
    found = _sought(parts, which) if which.query is not None else _listed(parts.store, which)
    with parts.store.reading():
        return [record.id for record in found if _meets(parts.store, record, which)]


def _listed(store: Store, which: Selection) -> Iterator[Record]:
    listing = Listing(
        which.partitions, which.kinds, which.agent_id, which.session_id, statuses=REMAINING
    )
    return everything(store, listing)


def _sought(parts: Parts, which: Selection) -> list[Record]:
    assert which.query is not None
    count = sum(n for partition, n in parts.store.partitions() if partition in which.partitions)
    query = Query(
        which.query,
        which.partitions,
        parts.now(),
        limit=max(1, count),
        agent_id=which.agent_id,
        session_id=which.session_id,
        kinds=which.kinds,
        threshold=which._least,
    )
    return sorted((hit.record for hit in search(parts, query)), key=lambda record: record.id)


def _meets(store: Store, record: Record, which: Selection) -> bool:
    if which.origin not in (None, record.provenance.origin):
        return False
    if which.since is None and which.until is None:
        return True
    said = record.valid_from.micros if record.valid_from else _learned(store, record)
    late = which.since is None or said >= which.since.micros
    return late and (which.until is None or said < which.until.end)


def _learned(store: Store, record: Record) -> int:
    """When its first version was kept."""
    return record.recorded_at if record.version == 1 else store.versions(record.id)[0].recorded_at
