"""Which records of a pack say what cannot both hold, so that a reader is told.

Two ways to know: a link of the store (`supersedes`, `contradicts`), or two records that fill the
same slot (`metadata["slot"]`, such as "ana/home") with different words over a shared time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from mnemic.core.ids import RecordId
from mnemic.core.records import Record
from mnemic.core.storage import LinkRow

RELATIONS: Final = frozenset({"supersedes", "superseded by", "contradicts"})
SLOT: Final = "slot"

_OPEN: Final = 2**63 - 1


def conflicts(
    records: Sequence[Record], links: Iterable[LinkRow] = ()
) -> Mapping[RecordId, RecordId]:
    """For each record that another one denies, that other one; both ways round.

    Where a record has several, the newest counts. Links whose ends are not both among `records`
    are passed over.
    """
    by_id = {record.id: record for record in records}
    pairs = [
        (by_id[link.source], by_id[link.target])
        for link in links
        if not link.remove
        and link.relation in RELATIONS
        and link.source in by_id
        and link.target in by_id
    ]
    slots: defaultdict[tuple[str | None, str], list[Record]] = defaultdict(list)
    for record in records:
        slot = record.metadata.get(SLOT)
        if isinstance(slot, str) and slot:
            slots[record.speaker, slot].append(record)
    for filled in slots.values():
        filled.sort(key=lambda record: (begun(record), record.ordinal, record.id))
        pairs += [
            (one, other)
            for one, other in pairwise(filled)
            if _ended(one) > begun(other)
            and one.text.casefold().split() != other.text.casefold().split()
        ]
    found: dict[RecordId, RecordId] = {}
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            known = by_id.get(found.get(one.id, one.id), one)
            if one.id not in found or begun(other) > begun(known):
                found[one.id] = other.id
    return found


def begun(record: Record) -> int:
    """When a record began to hold, in microseconds; when it was learned if that is not known."""
    return record.valid_from.micros if record.valid_from else record.recorded_at


def _ended(record: Record) -> int:
    return record.valid_to.micros if record.valid_to else _OPEN
