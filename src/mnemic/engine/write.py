"""One step around `apply`: commit changes and say what else has to happen because of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mnemic.core.changes import Change
from mnemic.core.clock import Micros
from mnemic.core.ids import RecordId
from mnemic.core.receipts import Applied, Receipt
from mnemic.core.storage import Reading
from mnemic.engine.apply import apply
from mnemic.engine.parts import Parts
from mnemic.engine.vectors.encoders import ENCODE


def commit(
    parts: Parts,
    changes: Sequence[Change],
    ready: Mapping[RecordId, Reading] | None = None,
    now: Micros | None = None,
) -> list[Applied]:
    """Apply changes in one transaction, and leave a job for vectors that come later."""
    now = parts.clock() if now is None else now
    with parts.store.writing():
        applied = apply(
            parts.store,
            changes,
            now=now,
            actor=parts.actor,
            new_id=parts.new_id,
            read=parts.reader.read_records,
            readings=ready,
        )
        later = parts.encoders.later(parts.store) if applied else ()
        if later:
            records = parts.store.get([change.record for change in applied])
            for partition in {record.scope.partition for record in records.values()}:
                for name in later:
                    parts.store.enqueue(ENCODE, partition, name, now)
    if later:
        parts.wake()
    return applied


def receipt(applied: Sequence[Applied]) -> Receipt:
    """The receipt of changes that a verb of `Memory` made."""
    ids = tuple(change.record for change in applied if change.verb == "put")
    return Receipt(ids=ids, changes=tuple(applied))
