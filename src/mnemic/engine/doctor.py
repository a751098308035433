"""Doctor: hold everything that is derived against the truth, and make it anew where it differs.

The store compares its tables with each other; here every text is read again, and tokens, cues,
marks, passages and the vectors of the write path's encoder are compared with what is kept: all of
them, no sample. Vectors of a background encoder cost money or minutes, so of them only number and
size are looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from mnemic.core.errors import Busy, Closed, DiskFull, ReadOnly, StoreError
from mnemic.core.receipts import Diagnosis, counted
from mnemic.core.records import Status
from mnemic.core.storage import Finding, Kept, Passage, Reading
from mnemic.engine.epoch import turn
from mnemic.engine.parts import Parts

_BATCH: Final = 500
_SHOWN: Final = 20
"""Findings told one by one for each part of the memory; of the others, their number."""

_PASSING: Final = (Busy, Closed, DiskFull, ReadOnly)
"""Errors that say nothing of damage."""

_ROUNDED: Final = 1
"""Steps of a code by which two machines may round differently."""


def examine(parts: Parts, *, repair: bool = False) -> Diagnosis:
    """What does not agree; with `repair`, what is derived is made anew first.

    Damage of the truth itself (log, versions) is told and never touched. Other processes load what
    was made anew with their next search.
    """
    derived, failed = 0, list[Finding]()
    if repair:
        found, _ = _findings(parts)
        derived = sum(finding.count for finding in found if finding.derived)
        if derived or parts.store.wear(parts.clock()).get("versions without a sum"):
            try:
                rebuild(parts, mend=True)
            except _PASSING:
                raise
            except StoreError as error:
                failed.append(Finding("file", f"it could not be repaired: {error}", derived=False))
    findings, waiting = _findings(parts)
    findings += failed
    left = sum(finding.count for finding in findings if finding.derived)
    repaired = max(derived - left, 0)
    sizes = parts.store.sizes()
    wear = dict(parts.store.wear(parts.clock()))
    checked = {
        "records": sizes["active"] + sizes["retired"] + sizes["held"],
        "forgotten": sizes["forgotten"],
        "changes": sizes["changes"],
        "versions": sizes["versions"],
        "links": sizes["links"],
        "passages": sizes["passages"],
        "vectors": sizes["vectors"],
        "jobs": sizes["jobs"],
        "bytes": sizes["bytes"],
    }
    checked |= {name: wear[name] for name in ("pages", "free pages", "settings") if name in wear}
    return Diagnosis(tuple(findings), checked, repaired, tuple(_notes(parts, wear, waiting)))


def rebuild(parts: Parts, *, mend: bool = False) -> int:
    """Read every record again and write what is derived from it; returns how many.

    Records that cannot be read are passed over. Whoever holds a partition loads it anew.
    """
    count = 0
    if mend:
        with parts.store.writing():
            parts.store.mend()
            turn(parts.store)
    for batch in _batches(parts, vectors=False):
        readable = [(kept.key, kept.record) for kept in batch if kept.record is not None]
        readings: list[Reading] = parts.reader.read_records([record for _, record in readable])
        with parts.store.writing():
            parts.store.rewrite(zip((key for key, _ in readable), readings, strict=True))
            turn(parts.store)  # with each batch: whoever ends us leaves nobody with old rows
        count += len(readable)
    parts.shelves.drop()
    return count


def _batches(parts: Parts, *, vectors: bool) -> Iterator[list[Kept]]:
    encoder = parts.reader.encoder.id if vectors and parts.reader.encoder else None
    after = 0
    while batch := parts.store.kept(after, _BATCH, encoder):
        yield batch
        after = batch[-1].key


def _findings(parts: Parts) -> tuple[list[Finding], int]:
    """What does not agree, and how many records wait for a vector."""
    findings, waiting = parts.store.check(), 0
    try:
        told, waiting = _misread(parts)
        findings += told
    except _PASSING:
        raise
    except StoreError as error:
        findings.append(Finding("file", f"not every record can be read: {error}", derived=False))
    return findings, waiting


def _misread(parts: Parts) -> tuple[list[Finding], int]:
    """What a fresh reading of every text says otherwise, and how many records wait for vectors."""
    told: dict[tuple[str, bool], list[str]] = {}
    waiting = 0
    for batch in _batches(parts, vectors=True):
        readable = [(kept, kept.record) for kept in batch if kept.record is not None]
        readings = parts.reader.read_records([record for _, record in readable])
        for (kept, record), reading in zip(readable, readings, strict=True):
            for where, what in _differences(kept, reading):
                told.setdefault((where, True), []).append(f"record {record.id} {what}")
            active = record.status is Status.ACTIVE  # others wait until they are seen again
            waiting += active and reading.vectors is not None and not kept.vectors
        for kept in batch:
            if kept.record is None:
                what = f"the record with key {kept.key} cannot be read"
                told.setdefault(("records", False), []).append(what)
    findings = []
    for (where, derived), lines in told.items():
        findings += [Finding(where, line, derived) for line in lines[:_SHOWN]]
        rest = len(lines) - _SHOWN
        if rest > 0:
            findings.append(Finding(where, f"and {rest} more of this kind", derived, rest))
    return findings, waiting


def _differences(kept: Kept, reading: Reading) -> Iterator[tuple[str, str]]:
    """Where what is kept differs from a fresh reading; what is missing is the store's to tell."""
    if kept.tokens not in (None, reading.tokens):
        yield "text index", "is indexed by other words than it says"
    if (kept.cues, kept.mark) != (reading.cues, reading.mark):
        yield "records", "has other cues, or another mark, than its words give"
    if not kept.passages:
        return
    if not _same_passages(kept.passages, reading.passages):
        yield "passages", "has other passages than its text"
    elif not _same_vectors(kept, reading):
        yield "vectors", "has other vectors than its passages give"
    elif kept.vectors and len(kept.vectors) < len(kept.passages):
        # One that has none at all gets them with the next search: the encoder was changed.
        yield "vectors", f"has {len(kept.vectors)} of {counted(len(kept.passages), 'vector')}"


def _same_passages(kept: Sequence[Passage], fresh: Sequence[Passage]) -> bool:
    return len(kept) == len(fresh) and all(
        one.start == other.start and one.end == other.end and _same_ids(one, other)
        for one, other in zip(kept, fresh, strict=True)
    )


def _same_ids(one: Passage, other: Passage) -> bool:
    if one.token_ids is None or other.token_ids is None:
        return one.token_ids is other.token_ids
    return np.array_equal(one.token_ids, other.token_ids)


def _same_vectors(kept: Kept, reading: Reading) -> bool:
    if reading.vectors is None:
        return True
    codes, scales = reading.vectors.codes, reading.vectors.scales
    for number, (row, scale) in kept.vectors.items():
        if number >= len(codes) or row.shape != codes[number].shape:
            return False
        apart = np.abs(row.astype(np.int16) - codes[number]).max(initial=0)
        if apart > _ROUNDED or not np.isclose(scale, scales[number], rtol=1e-3, atol=1e-9):
            return False
    return True


def _notes(parts: Parts, wear: dict[str, int], waiting: int) -> Iterator[str]:
    """What is no damage and yet worth knowing."""
    if waiting:
        yield f"{counted(waiting, 'record')} without vectors: the next search makes them"
    if count := wear.get("versions without a sum"):
        yield (
            f"{counted(count, 'version')} from before there were checksums: bytes that rot in them "
            "are not seen. doctor(repair=True) adds them"
        )
    if count := wear.get("pending certificates"):
        yield f"{counted(count, 'erasure')} not complete yet: flush() tries again"
    if count := wear.get("leases that ran out"):
        yield f"{counted(count, 'job')} of a process that is gone: the next worker takes over"
    if count := wear.get("drawn from the forgotten"):
        yield f"{counted(count, 'record')} drawn, among others, from what was forgotten"
    if count := wear.get("encoders without vectors"):
        yield f"{counted(count, 'encoder')} known that no vector is of"
    missing = [copy.path for copy in parts.store.copies() if not Path(copy.path).exists()]
    for path in missing[:_SHOWN]:
        yield f"a copy is no longer where it was made: {path}"
    if len(missing) > _SHOWN:
        yield f"and {len(missing) - _SHOWN} copies more are no longer where they were made"
    yield from _open_to_others(parts.store.files())


def _open_to_others(files: Sequence[str]) -> Iterator[str]:
    if os.name != "posix":
        return
    for file in files:
        mode = Path(file).stat().st_mode & 0o777
        if mode & 0o077:
            yield f"others may read {file} (mode {mode:o}). chmod 600 makes it yours alone"
