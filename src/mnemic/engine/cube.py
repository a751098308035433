"""Cubes: memories in one portable file, with their whole history.

A cube is a zip: `manifest.json` (format, version, counts, SHA-256 of the other member) and
`changes.jsonl`, one line per change in the order of the log: the log's line and, where it made a
version, the record after it. Loading plays the changes into the log of another store: ids, texts,
times and versions stay the same. What is there already is passed over; what was forgotten there
does not come back.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mnemic.core.errors import SourceError
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import counted
from mnemic.core.records import Partition, Record, Status
from mnemic.core.storage import Entry, LinkRow, Listing, Write
from mnemic.engine.intake import tombstone
from mnemic.engine.parts import Parts
from mnemic.store.codec import decode, encode

FORMAT: Final = "mnemic cube"
VERSION: Final = 1
_BATCH: Final = 500
_EVERY: Final = ("id", "at", "actor", "record", "version", "why")
_MADE: Final = ("namespace", "user_id", "text", "state")
_LINKED: Final = ("detail",)
"""Fields of every change, of those that made a version, and of links."""


@dataclass(frozen=True, slots=True)
class Cube:
    """What a cube holds, or what was taken over from one."""

    path: str
    records: int
    changes: int
    already: int = 0
    """Records that were there."""
    refused: int = 0
    """Records that were forgotten earlier."""

    def __str__(self) -> str:
        parts = [f"{counted(self.records, 'record')}, {counted(self.changes, 'change')}"]
        parts += [f"{self.already} already there"] if self.already else []
        parts += [f"{self.refused} forgotten earlier"] if self.refused else []
        return ", ".join(parts)


def save(parts: Parts, path: Path, partitions: Sequence[Partition]) -> Cube:
    """Write the partitions' records, with history and links, to `path`.

    The file appears whole or not at all. Forgotten records are not in it.
    """
    digest, records, changes = hashlib.sha256(), 0, 0
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with parts.store.reading(), zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as cube:
            with cube.open("changes.jsonl", "w") as lines:
                for line, first in _lines(parts, partitions):
                    data = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8")
                    lines.write(data)
                    digest.update(data)
                    changes += 1
                    records += first
            manifest = {
                "format": FORMAT,
                "version": VERSION,
                "records": records,
                "changes": changes,
                "sha256": digest.hexdigest(),
            }
            cube.writestr("manifest.json", json.dumps(manifest, indent=1))
        draft.replace(path)
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror}. Choose another place") from error
    finally:
        draft.unlink(missing_ok=True)
    return Cube(str(path), records, changes)


def _lines(parts: Parts, partitions: Sequence[Partition]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each change as JSON, and whether it is the first of its record."""
    store = parts.store
    everything = Listing(tuple(partitions), retired=True)
    ids: set[RecordId] = set()
    after = 0
    while batch := store.listing(everything, after, _BATCH):
        ids.update(record.id for _, record in batch)
        after = batch[-1][0]
    since = 0
    while entries := store.log(since, _BATCH):
        since = entries[-1].seq
        for entry in entries:
            # The detail of a link to something that was forgotten is gone: such a line stays here.
            other = entry.detail.get("target") if entry.verb == "link" else entry.record
            if entry.record not in ids or other not in ids:
                continue
            line: dict[str, Any] = {
                "id": entry.id,
                "at": entry.at,
                "actor": entry.actor,
                "verb": entry.verb,
                "record": entry.record,
                "version": entry.version,
                "why": entry.why,
            }
            if entry.verb == "link":
                line["detail"] = dict(entry.detail)
            else:
                record = store.versions(entry.record)[entry.version - 1]
                line["namespace"] = record.scope.partition.namespace
                line["user_id"] = record.scope.partition.user_id
                line["text"] = record.text
                line["state"] = json.loads(encode(record))
            yield line, entry.verb == "put"


def load(parts: Parts, path: Path) -> Cube:
    """Take over the records of a cube that are not here; all of them, or none.

    Raises SourceError when the file is no cube, is damaged, or of a later version.
    """
    _check(path)
    store = parts.store
    already: set[str] = set()
    refused: set[str] = set()
    taken: set[str] = set()
    changes = 0
    with store.writing():
        for batch in _read(path):
            new = [line for line in batch if line["verb"] == "put" and line["version"] == 1]
            here = store.get([RecordId(line["record"]) for line in new])
            already |= {id for id in here if id not in taken}
            buried = _buried(parts, new)
            refused |= buried
            already |= _known_by_identity(parts, new) - taken
            passed = already | refused
            fresh = [
                line
                for line in batch
                if line["record"] not in passed
                and line.get("detail", {}).get("target", line["record"]) not in passed
                and store.entry(ChangeId(line["id"])) is None
            ]
            taken |= {line["record"] for line in fresh}
            store.write(_writes(parts, fresh))
            changes += len(fresh)
    parts.shelves.drop()
    return Cube(str(path), len(taken), changes, len(already), len(refused))


def _buried(parts: Parts, lines: Sequence[dict[str, Any]]) -> set[str]:
    graves: dict[bytes, str] = {}
    for line in lines:
        partition = Partition(line["namespace"], line["user_id"])
        graves[tombstone(parts.secret, partition, ("", line["record"]))] = line["record"]
        external = line["state"].get("external_id")
        if external is not None:
            name = (line["state"].get("source") or "", external)
            graves[tombstone(parts.secret, partition, name)] = line["record"]
    return {graves[mark] for mark in parts.store.buried(list(graves))}


def _known_by_identity(parts: Parts, lines: Sequence[dict[str, Any]]) -> set[str]:
    """Records that came in here from the same source before, under another id."""
    known: set[str] = set()
    for line in lines:
        external = line["state"].get("external_id")
        if external is not None:
            partition = Partition(line["namespace"], line["user_id"])
            name = (line["state"].get("source") or "", external)
            if parts.store.identities(partition, [name]):
                known.add(line["record"])
    return known


def _writes(parts: Parts, lines: Sequence[dict[str, Any]]) -> list[Write]:
    records = {number: _record(line) for number, line in enumerate(lines) if "state" in line}
    active = [number for number, record in records.items() if record.status != Status.FORGOTTEN]
    readings = dict(
        zip(active, parts.reader.read_records([records[n] for n in active]), strict=True)
    )
    writes = []
    for number, line in enumerate(lines):
        entry = Entry(
            0,
            ChangeId(line["id"]),
            line["at"],
            line["actor"],
            line["verb"],
            RecordId(line["record"]),
            line["version"],
            line["why"],
            line.get("detail", {}),
        )
        if number in records:
            writes.append(Write(entry, records[number], readings.get(number)))
        else:
            detail = line["detail"]
            link = LinkRow(
                entry.record,
                detail["relation"],
                RecordId(detail["target"]),
                detail["weight"],
                detail["remove"],
            )
            here = parts.store.get([entry.record]).get(entry.record)
            same = next((w.record for w in reversed(writes) if w.record.id == entry.record), here)
            assert same is not None, "a link comes after the record that it leaves"
            writes.append(Write(entry, same, link=link))
    return writes


def _record(line: dict[str, Any]) -> Record:
    return decode(
        json.dumps(line["state"]),
        id=line["record"],
        text=line["text"],
        partition=Partition(line["namespace"], line["user_id"]),
        version=line["version"],
        recorded_at=line["at"],
    )


def _check(path: Path) -> None:
    """Raise SourceError unless the file is a whole cube of a version that is known."""
    remedy = "Give a file that `mnemic export` wrote"
    try:
        with zipfile.ZipFile(path) as cube:
            manifest = json.loads(cube.read("manifest.json"))
            digest = hashlib.sha256()
            with cube.open("changes.jsonl") as lines:
                while piece := lines.read(1 << 20):
                    digest.update(piece)
    except FileNotFoundError:
        raise SourceError(f"no file {path}. {remedy}") from None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise SourceError(f"{path} is not a cube ({error}). {remedy}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise SourceError(f"{path} is not a cube: its manifest says otherwise. {remedy}")
    if not isinstance(manifest.get("version"), int) or "sha256" not in manifest:
        raise SourceError(f"{path} is damaged: its manifest lacks fields. Take another copy")
    if manifest["version"] > VERSION:
        raise SourceError(
            f"{path} was written by a later version of mnemic (cube {manifest['version']}, this "
            f"one knows {VERSION}). Upgrade with: pip install -U mnemic"
        )
    if manifest["sha256"] != digest.hexdigest():
        raise SourceError(f"{path} is damaged: its checksum differs. Take another copy")


def _read(path: Path) -> Iterator[list[dict[str, Any]]]:
    with zipfile.ZipFile(path) as cube, cube.open("changes.jsonl") as lines:
        batch: list[dict[str, Any]] = []
        for number, line in enumerate(lines, 1):
            batch.append(_change(line, f"{path}, line {number}"))
            if len(batch) == _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def _change(line: bytes, where: str) -> dict[str, Any]:
    """A line of a cube, with the fields that every change has."""
    try:
        change = json.loads(line)
        fields = ["id", "at", "actor", "verb", "record", "version", "why"]
        fields += (
            ["detail"] if change["verb"] == "link" else ["namespace", "user_id", "text", "state"]
        )
        missing = [name for name in fields if name not in change]
    except (ValueError, TypeError, KeyError) as error:
        raise SourceError(f"{where}: not a change ({error}). Take another copy") from error
    if missing:
        raise SourceError(f"{where}: a change without {missing[0]!r}. Take another copy")
    return dict(change)
