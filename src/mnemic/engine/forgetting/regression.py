"""Is what was not forgotten still there, still the same, and still found?

Before an erasure the survivors are counted, and some of them noted with a word of their own; after
it, within the same transaction, all of this has to be so again. If it is not, the erasure fails and
nothing was done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mnemic.core.ids import RecordId
from mnemic.core.receipts import counted
from mnemic.core.records import REMAINING, Partition, Record, Status
from mnemic.core.storage import Listing, Store

_SAMPLE: Final = 8
"""Survivors of each partition that are looked at."""
_PARTITIONS: Final = 16
_WORDS: Final = 12
"""Words of a record among which its rarest is sought."""


@dataclass(frozen=True, slots=True)
class Survivors:
    """What has to be so afterwards."""

    remaining: int
    """Records that are not forgotten."""
    active: Mapping[Partition, int]
    """Records in sight, by partition."""
    sample: Mapping[int, Record]
    """Some of them, by key."""
    words: Mapping[int, str]
    """A word by which each is found; none of those that were not found by any."""


def survivors(
    store: Store, doomed: Mapping[RecordId, Record], new: Sequence[Record] = ()
) -> Survivors:
    """What has to be there when `doomed` is erased and `new` was put in its place."""
    partitions = dict.fromkeys(record.scope.partition for record in doomed.values())
    there = dict(store.partitions())
    active = {
        partition: there.get(partition, 0)
        - _in_sight(doomed.values(), partition)
        + _in_sight(new, partition)
        for partition in partitions
    }
    sample: dict[int, Record] = {}
    for partition in list(partitions)[:_PARTITIONS]:
        sample |= _some(store, partition, doomed)
    words = {key: word for key, record in sample.items() if (word := _own_word(store, key, record))}
    return Survivors(_remaining(store) - len(doomed) + len(new), active, sample, words)


def lost(store: Store, before: Survivors) -> list[str]:
    """What is not as it has to be, in words; nothing, when all is well."""
    wrong: list[str] = []
    if _remaining(store) != before.remaining:
        wrong.append(f"{before.remaining} records should remain, and {_remaining(store)} do")
    there = dict(store.partitions())
    if any(there.get(partition, 0) != count for partition, count in before.active.items()):
        wrong.append("a partition counts other records than before")
    records = store.by_key(list(before.sample))
    if records != before.sample:
        wrong.append("a record that was not forgotten reads otherwise than before")
    for key, word in before.words.items():
        if not _finds(store, before.sample[key], key, word):
            wrong.append("a record that was not forgotten is no longer found by its words")
    return list(dict.fromkeys(wrong))


def said(before: Survivors) -> tuple[str, ...]:
    """What was held against each other, for a certificate."""
    verb = "remains" if before.remaining == 1 else "remain"
    left = counted(before.remaining, "record")
    counts = f"{left} {verb}: those of before, less the forgotten"
    read = f"{counted(len(before.sample), 'survivor')} of the same users read back: as before"
    found = f"{counted(len(before.words), 'survivor')} found by a word of their own: as before"
    return (counts, *([read] if before.sample else []), *([found] if before.words else []))


def _remaining(store: Store) -> int:
    sizes = store.sizes()
    return sum(sizes[status.value] for status in REMAINING)


def _in_sight(records: Collection[Record], partition: Partition) -> int:
    return sum(
        record.status is Status.ACTIVE and record.scope.partition == partition for record in records
    )


def _some(
    store: Store, partition: Partition, doomed: Mapping[RecordId, Record]
) -> dict[int, Record]:
    """A few survivors from all along the partition."""
    which, last = Listing((partition,), statuses=REMAINING), store.head()
    found: dict[int, Record] = {}
    for place in range(_SAMPLE):
        near = store.listing(which, last * place // _SAMPLE, 4)
        found |= dict([pair for pair in near if pair[1].id not in doomed][:1])
    return found


def _own_word(store: Store, key: int, record: Record) -> str | None:
    """The rarest of a record's first words, if it is found by it."""
    if record.status is not Status.ACTIVE:
        return None
    tokens = list(dict.fromkeys(store.tokens([key]).get(key, "").split()))[:_WORDS]
    partition = record.scope.partition
    rarest = min(tokens, key=lambda token: store.frequency(partition, token), default=None)
    return rarest if rarest is not None and _finds(store, record, key, rarest) else None


def _finds(store: Store, record: Record, key: int, word: str) -> bool:
    partition = record.scope.partition
    return key in store.matches(partition, word, store.frequency(partition, word) or 1)
