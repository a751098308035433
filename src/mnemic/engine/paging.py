"""Records and histories in order: pages by keyset, never by counting."""

from __future__ import annotations

from collections.abc import Iterator

from mnemic.core.errors import InputError
from mnemic.core.filters import matches
from mnemic.core.ids import RecordId
from mnemic.core.queries import Filters
from mnemic.core.receipts import Page, Step
from mnemic.core.records import Record, Status
from mnemic.core.storage import Listing, Store
from mnemic.engine.supersede import SUPERSEDES

_BATCH = 500


def page(store: Store, which: Listing, filters: Filters, limit: int, cursor: str | None) -> Page:
    """The next `limit` records after `cursor` that meet the filters."""
    if limit < 1:
        raise InputError(f"limit is {limit}. Give 1 or more")
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
    return Page(tuple(record for _, record in kept), f"{kept[-1][0]:x}" if more and kept else None)


def _read_cursor(cursor: str | None) -> int:
    try:
        return 0 if cursor is None else int(cursor, 16)
    except (ValueError, TypeError):
        raise InputError(
            f"not a cursor: {cursor!r}. Give the one that the last page came with"
        ) from None


def everything(store: Store, which: Listing) -> Iterator[Record]:
    """All records of a listing."""
    after = 0
    while batch := store.listing(which, after, _BATCH):
        yield from (record for _, record in batch)
        after = batch[-1][0]


def history(store: Store, id: RecordId) -> list[Step]:
    """Every change of a record and of those that it superseded, oldest first."""
    chain, seen = [id], {id}
    while older := [
        link.target for link in store.links(chain[-1:], SUPERSEDES) if link.target not in seen
    ]:
        chain.append(older[0])
        seen.add(older[0])
    steps: list[Step] = []
    for record in chain:
        versions = {version.version: version for version in store.versions(record)}
        if versions[max(versions)].status is Status.FORGOTTEN:
            continue
        entries = store.log(limit=1_000_000, record=record)
        steps += [Step(entry, versions[entry.version]) for entry in entries if entry.verb != "link"]
    return sorted(steps, key=lambda step: step.change.seq)
