"""Records and histories in order: pages by keyset, never by counting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mnemic.core.errors import InputError
from mnemic.core.filters import matches
from mnemic.core.ids import RecordId
from mnemic.core.queries import Filters
from mnemic.core.receipts import Page, Step
from mnemic.core.records import Partition, Record, Status
from mnemic.core.storage import EVERY_LINE, Entry, Listing, Store
from mnemic.engine.inputs import check_number
from mnemic.engine.supersede import SUPERSEDES

_BATCH = 500
_CURSOR = re.compile("after-([0-9a-f]{1,15})")


def page(store: Store, which: Listing, filters: Filters, limit: int, cursor: str | None) -> Page:
    """The next `limit` records after `cursor` that meet the filters."""
    check_number(limit, "limit", least=1, whole=True)
    after = _read_cursor(cursor)
    found: list[tuple[int, Record]] = []
    while len(found) <= limit:
        batch = store.listing(which, after, min(_BATCH, limit + 1) if not filters else _BATCH)
        if not batch:
            break
        after = batch[-1][0]
        found += [pair for pair in batch if matches(pair[1], filters)]
    more = len(found) > limit
    kept = found[:limit]
    return Page(
        tuple(record for _, record in kept), f"after-{kept[-1][0]:x}" if more and kept else None
    )


def _read_cursor(cursor: str | None) -> int:
    if cursor is None:
        return 0
    found = _CURSOR.fullmatch(cursor) if isinstance(cursor, str) else None
    if found is None:
        raise InputError(f"not a cursor: {cursor!r}. Give the one that the last page came with")
    return int(found[1], 16)


def listed(store: Store, which: Listing) -> Iterator[list[tuple[int, Record]]]:
    """All of a listing, (key, record), some hundred at a time."""
    after = 0
    while batch := store.listing(which, after, _BATCH):
        yield batch
        after = batch[-1][0]


def everything(store: Store, which: Listing) -> Iterator[Record]:
    """All records of a listing."""
    return (record for batch in listed(store, which) for _, record in batch)


def logged(store: Store, since: int = 0, id: RecordId | None = None) -> Iterator[list[Entry]]:
    """The log after `since`, of one record if it is named, oldest first, some hundred at a time."""
    while lines := store.log(since, _BATCH, id):
        yield lines
        since = lines[-1].seq


def lines(store: Store, since: int, until: int) -> Iterator[Entry]:
    """The lines of the log after `since`, up to `until`."""
    for batch in logged(store, since):
        yield from (line for line in batch if line.seq <= until)
        if batch[-1].seq >= until:
            return


def log(
    store: Store,
    since: int | None,
    limit: int,
    id: RecordId | None,
    partition: Partition | None = None,
) -> list[Entry]:
    """Changes after `since`, or the latest `limit`, oldest first; of one partition, if named."""
    if partition is None and since is not None:
        return store.log(since, limit, id)
    if partition is None and id is None:
        return store.log(max(0, store.head() - limit), limit)
    found = list(_lines_of(store, since or 0, id, partition))
    return found[:limit] if since is not None else found[-limit:]


def _lines_of(
    store: Store, since: int, id: RecordId | None, partition: Partition | None
) -> Iterator[Entry]:
    for batch in logged(store, since, id):
        records = store.get([line.record for line in batch]) if partition is not None else {}
        for line in batch:
            if partition is None or records[line.record].scope.partition == partition:
                yield line


def history(store: Store, id: RecordId) -> list[Step]:
    """Every change of a record, of those that it superseded and those that did so to it."""
    chain = [id, *_along(store, id, incoming=False), *_along(store, id, incoming=True)]
    steps: list[Step] = []
    for record in chain:
        versions = {version.version: version for version in store.versions(record)}
        if versions[max(versions)].status is Status.FORGOTTEN:
            continue
        entries = store.log(0, EVERY_LINE, record)
        steps += [Step(entry, versions[entry.version]) for entry in entries if entry.verb != "link"]
    return sorted(steps, key=lambda step: step.change.seq)


def _along(store: Store, id: RecordId, *, incoming: bool) -> list[RecordId]:
    """The records that are reached from `id` by superseding, in one direction."""
    found: list[RecordId] = []
    edge, seen = [id], {id}
    while edge:
        links = store.links(edge, SUPERSEDES, incoming=incoming)
        ends = [link.source if incoming else link.target for link in links]
        edge = [end for end in dict.fromkeys(ends) if end not in seen]
        seen.update(edge)
        found += edge
    return found
