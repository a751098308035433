"""Lineage: everything that was drawn from some records, and from what was drawn from them."""

from __future__ import annotations

from collections.abc import Sequence

from mnemic.core.ids import RecordId
from mnemic.core.records import Record, Status
from mnemic.core.storage import DERIVED_FROM, Store


def with_drawn(store: Store, ids: Sequence[RecordId]) -> dict[RecordId, Record]:
    """These records first, as far as they are there and not forgotten, then all drawn from them."""
    found: dict[RecordId, Record] = {}
    edge = list(ids)
    while edge:
        there = store.get(edge)
        found |= {id: one for id, one in there.items() if one.status is not Status.FORGOTTEN}
        drawn = {link.source for link in store.links(list(there), DERIVED_FROM, incoming=True)}
        edge = [id for id in sorted(drawn) if id not in found]
    return found
