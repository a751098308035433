"""Everything that a store answers, as one plain value: two stores agree if their pictures do.

Also the way to say "nothing has changed": take a picture before and one after.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mnemic.core.ids import RecordId
from mnemic.core.records import REMAINING, Partition
from mnemic.core.storage import Listing, Passage, Store
from mnemic.core.vectors import EncoderId
from mnemic.testing.readings import FAKE

_ALL = 10**9


def picture(store: Store, encoders: Sequence[EncoderId] = (FAKE,)) -> dict[str, Any]:
    """What every reading method of the port says, for every record and partition of `store`.

    The number of bytes is left out: it is the one thing in which stores may differ.
    """
    log = store.log(0, _ALL)
    ids = list(dict.fromkeys(entry.record for entry in log))
    records = store.get(ids)
    partitions = sorted({record.scope.partition for record in records.values()})
    return {
        "head": store.head(),
        "log": log,
        "lines": {entry.id: store.entry(entry.id) for entry in log},
        "partitions": store.partitions(),
        "sizes": {name: count for name, count in store.sizes().items() if name != "bytes"},
        "records": records,
        "versions": {id: store.versions(id) for id in ids},
        "links": store.links(ids),
        "incoming": store.links(ids, incoming=True),
        "certificates": store.certificates(),
        "pending": store.certificates(pending=True),
        "waiting": store.waiting(),
        **{str(partition): _partition(store, partition, ids, encoders) for partition in partitions},
    }


def _partition(
    store: Store, partition: Partition, ids: list[RecordId], encoders: Sequence[EncoderId]
) -> dict[str, Any]:
    listing = store.listing(Listing((partition,), statuses=REMAINING), 0, _ALL)
    keys = [key for key, _ in listing]
    rows, _ = store.rows(partition)
    half = store.head() // 2
    records = [record for _, record in listing]
    times = sorted({line.at for line in store.log(0, _ALL)})
    tokens = store.tokens(keys)
    words = sorted({word for text in tokens.values() for word in text.split()[:2]})
    return {
        "moved": store.moved(partition),
        "listing": listing,
        "by key": store.by_key(keys),
        "rows": rows,
        "rows since": (half, store.rows(partition, half)),
        "known": {at: list(store.known(partition, at)) for at in times[:: len(times) // 4 + 1]},
        "passages": {key: [_plain(passage) for passage in store.passages(key)] for key in keys},
        "tokens": tokens,
        "matches": {word: store.matches(partition, word, _ALL) for word in words},
        "frequency": {word: store.frequency(partition, word) for word in words},
        "census": store.census(partition, 0),
        "near": {key: store.rows_near([key]) for key in keys},
        "vectors": {encoder: _vectors(store, partition, encoder) for encoder in encoders},
        "unencoded": {encoder: store.unencoded(partition, encoder, _ALL) for encoder in encoders},
        "identities": store.identities(
            partition,
            [
                (record.provenance.source or "", record.provenance.external_id or "")
                for record in records
            ],
        ),
        "ordinals": {
            session: store.next_ordinal(partition, session)
            for session in [None, *(record.scope.session_id for record in records)]
        },
    }


def _plain(passage: Passage) -> tuple[int, int, list[int] | None]:
    ids = passage.token_ids
    return passage.start, passage.end, None if ids is None else ids.tolist()


def _vectors(store: Store, partition: Partition, encoder: EncoderId) -> list[Any]:
    owners, codes, scales = store.vectors(partition, encoder)
    return list(zip(owners.tolist(), codes.tolist(), scales.tolist(), strict=True))
