"""What stays of the forgotten: a keyed hash of each identity, so that an import recognises it."""

from __future__ import annotations

import hashlib

from mnemic.core.records import Partition, Record
from mnemic.core.storage import Identity


def tombstone(secret: bytes, partition: Partition, name: Identity) -> bytes:
    """A keyed hash of an identity: recognises what was forgotten, and tells nothing of it."""
    fields = (partition.namespace, partition.user_id, *name)
    return hashlib.blake2b(repr(fields).encode("utf-8"), key=secret, digest_size=16).digest()


def tombstones(secret: bytes, record: Record) -> list[bytes]:
    """All by which a record would be recognised: by its id, and by its name at its source."""
    provenance, partition = record.provenance, record.scope.partition
    names: list[Identity] = [("", record.id)]
    if provenance.external_id is not None:
        names.append((provenance.source or "", provenance.external_id))
    return [tombstone(secret, partition, name) for name in names]
