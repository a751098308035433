"""Erasure: what is forgotten is gone from every place, with all that was drawn from it.

The lineage is walked from the asked records to everything derived from them. No rule that could
draw a derived record again without the forgotten source exists yet, so it goes too: a summary may
hold any word of its sources. Then versions are blanked, derived rows dropped, free space cleared,
and the bytes of the files searched for what was erased.

A keyed hash of each identity stays, so that a later import does not bring the text back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from mnemic.core.errors import NotFound
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import Certificate, counted
from mnemic.core.records import Record, Status
from mnemic.core.storage import Entry, Identity, Listing, Store
from mnemic.engine.intake import tombstone
from mnemic.engine.parts import Parts

_METHOD: Final = (
    "all versions blanked",
    "text index, passages, token ids and vectors deleted",
    "log fields redacted",
    "links removed",
    "text index optimised, write-ahead log truncated, free pages overwritten",
)
_TELLING: Final = 16
"""Shorter texts ("thanks!") occur anywhere by chance, so their bytes prove nothing."""


def forget(parts: Parts, ids: Sequence[RecordId], reason: str) -> Certificate:
    """Erase these records and all that was drawn from them; nothing undoes it.

    Raises NotFound, before anything is touched, when one of the ids is unknown. Records that were
    forgotten before are passed over.
    """
    store = parts.store
    with store.writing():
        asked = _asked(store, ids)
        doomed = _lineage(store, asked)
        words = [version.text for id in doomed for version in store.versions(id)]
        now = parts.clock()
        certificate = Certificate(
            id=parts.new_id(),
            status="pending",
            at=now,
            reason=reason,
            ids=tuple(doomed),
            asked=tuple(asked),
            method=_METHOD,
        )
        entries = [
            Entry(0, ChangeId(parts.new_id()), now, parts.actor, "forget", id, 0, reason)
            for id in doomed
        ]
        store.erase(entries, _graves(parts, doomed.values()), _to_json(certificate))
    parts.shelves.drop()
    return _complete(store, certificate, words)


def complete(store: Store) -> list[Certificate]:
    """Finish erasures that another process's open read had held back."""
    pending = [_from_json(body) for body in store.certificates(pending=True)]
    return [_complete(store, certificate, None) for certificate in pending]


def _asked(store: Store, ids: Sequence[RecordId]) -> dict[RecordId, Record]:
    there = store.get(list(dict.fromkeys(ids)))
    unknown = [id for id in ids if id not in there]
    if unknown:
        raise NotFound(f"no record {unknown[0]!r}; nothing was forgotten")
    return {id: record for id, record in there.items() if record.status is not Status.FORGOTTEN}


def _lineage(store: Store, asked: dict[RecordId, Record]) -> dict[RecordId, Record]:
    """The asked records and everything drawn from them, however far."""
    doomed = dict(asked)
    edge = list(asked)
    while edge:
        drawn = {link.source for link in store.links(edge, "derived_from", incoming=True)}
        edge = [id for id in sorted(drawn) if id not in doomed]
        doomed |= store.get(edge)
    return doomed


def _graves(parts: Parts, records: Iterable[Record]) -> list[bytes]:
    marks: list[bytes] = []
    for record in records:
        provenance, partition = record.provenance, record.scope.partition
        names: list[Identity] = [("", record.id)]
        if provenance.external_id is not None:
            names.append((provenance.source or "", provenance.external_id))
        marks += [tombstone(parts.secret, partition, name) for name in names]
    return marks


def _complete(store: Store, certificate: Certificate, words: Sequence[str] | None) -> Certificate:
    """Clear free space and say so; `words` None: they are gone, so no bytes can be compared."""
    blocker = store.scrub()
    if blocker is not None:
        return replace(certificate, blocker=blocker)
    verified = [*certificate.verified, _rows_are_gone(store, certificate)]
    if words is None:
        verified.append("bytes were not searched: the words were gone before this last step")
    else:
        telling = sorted({text for text in words if len(text) >= _TELLING})
        found = residue_scan(store, telling)
        left = len(found) - len(_said_elsewhere(store, found))
        if left:
            return replace(certificate, blocker=f"bytes of {counted(left, 'text')} are still there")
        verified.append(
            f"bytes of the files searched for {counted(len(telling), 'text')} of {_TELLING} "
            "characters and more: "
            + (f"{len(found)} found, which other memories say too" if found else "none found")
        )
    done = replace(certificate, status="erased", blocker=None, verified=tuple(verified))
    with store.writing():
        store.settle(_to_json(done))
    return done


def _said_elsewhere(store: Store, texts: Sequence[str]) -> set[str]:
    """Those texts that memories which were not forgotten hold as well."""
    found: set[str] = set()
    if not texts:
        return found
    everything = Listing(tuple(p for p, _ in store.partitions()), retired=True)
    after = 0
    while batch := store.listing(everything, after, 500):
        after = batch[-1][0]
        for _, record in batch:
            versions = [record] if record.version == 1 else store.versions(record.id)
            found.update(text for text in texts if any(text in one.text for one in versions))
    return found


def _rows_are_gone(store: Store, certificate: Certificate) -> str:
    records = store.get(certificate.ids).values()
    blank = all(record.status is Status.FORGOTTEN and not record.text for record in records)
    assert blank, "an erased record still has words"
    return f"{counted(len(certificate.ids), 'record')} read back: blank"


def residue_scan(store: Store, texts: Sequence[str]) -> list[str]:
    """Which of these texts stand in the raw bytes of the store's files, plain or JSON-escaped.

    Reads the files in pieces of 16 MB. A store in memory has no files, and nothing is found.
    """
    needles = {
        text: {text.encode("utf-8"), json.dumps(text)[1:-1].encode("ascii")} for text in texts
    }
    longest = max((len(form) for forms in needles.values() for form in forms), default=0)
    found: set[str] = set()
    for file in store.files():
        with Path(file).open("rb") as bytes_of:
            tail = b""
            while piece := bytes_of.read(1 << 24):
                piece = tail + piece
                found |= {text for text, forms in needles.items() if any(f in piece for f in forms)}
                tail = piece[-longest:] if longest else b""
    return sorted(found)


def _to_json(certificate: Certificate) -> str:
    return json.dumps(asdict(certificate))


def _from_json(body: str) -> Certificate:
    fields: dict[str, Any] = json.loads(body)
    for name in ("ids", "asked", "method", "verified"):
        fields[name] = tuple(fields[name])
    return Certificate(**fields)
