"""Doctor: hold everything that is derived against the truth, and make it anew where it differs."""

from __future__ import annotations

from collections.abc import Iterator

from mnemic.core.receipts import Diagnosis
from mnemic.core.records import Record
from mnemic.core.storage import Finding, Listing, Reading
from mnemic.engine.parts import Parts

_BATCH = 500


def examine(parts: Parts, *, repair: bool = False) -> Diagnosis:
    """What does not agree; with `repair`, what is derived is made anew first.

    Damage of the truth itself (log, versions) is told and never touched.
    """
    repaired = 0
    if repair and (found := _findings(parts)):
        rebuild(parts, mend=True)
        repaired = sum(finding.derived for finding in found)
    findings = _findings(parts)
    sizes = parts.store.sizes()
    checked = {
        "records": sizes["active"] + sizes["retired"],
        "forgotten": sizes["forgotten"],
        "changes": sizes["changes"],
        "versions": sizes["versions"],
        "passages": sizes["passages"],
        "vectors": sizes["vectors"],
    }
    return Diagnosis(tuple(findings), checked, repaired)


def _findings(parts: Parts) -> list[Finding]:
    findings = parts.store.check()
    for batch in _batches(parts):
        held = parts.store.tokens([key for key, _ in batch])
        readings = parts.reader.read_records([record for _, record in batch], vectors=False)
        for (key, record), reading in zip(batch, readings, strict=True):
            if key in held and held[key] != reading.tokens:
                message = f"record {record.id} is indexed by other words than it says"
                findings.append(Finding("text index", message, derived=True))
    return findings


def rebuild(parts: Parts, *, mend: bool = False) -> int:
    """Read every record again and write what is derived from it; returns how many."""
    count = 0
    if mend:
        with parts.store.writing():
            parts.store.mend()
    for batch in _batches(parts):
        readings: list[Reading] = parts.reader.read_records([record for _, record in batch])
        with parts.store.writing():
            parts.store.rewrite(zip((key for key, _ in batch), readings, strict=True))
        count += len(batch)
    parts.shelves.drop()
    return count


def _batches(parts: Parts) -> Iterator[list[tuple[int, Record]]]:
    everything = Listing(tuple(p for p, _ in parts.store.partitions()), retired=True)
    after = 0
    while batch := parts.store.listing(everything, after, _BATCH):
        yield batch
        after = batch[-1][0]
