"""The zip of a cube: which members it has, that they are whole, and that they are what they say.

`docs/reference/cube-format.md` describes it for those who write a reader of their own. A file is
read as if somebody had meant harm: only members that the manifest names, each with its size and
SHA-256, none that unpacks to absurdly more than it is, and no line that does not say exactly what
a line says. Nothing is ever unpacked to the disk, and no name of a member is used as a path.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from mnemic.core.clock import Micros
from mnemic.core.errors import SourceError
from mnemic.core.ids import RecordId
from mnemic.core.records import Partition, Record
from mnemic.core.storage import Identity
from mnemic.core.vectors import EncoderId
from mnemic.engine.cubes.lines import (
    Line,
    VectorLine,
    read_forgotten,
    read_line,
    read_vectors,
    write_forgotten,
    write_line,
    write_vectors,
)

FORMAT: Final = "mnemic cube"
VERSION: Final = 2
CHANGES: Final = "changes.jsonl"
FORGOTTEN: Final = "forgotten.jsonl"
_MANIFEST: Final = "manifest.json"
_VECTORS: Final = re.compile(r"vectors/[0-9]{1,3}\.jsonl")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every member, so that the same content makes the same bytes."""
_PIECE: Final = 1 << 20
_MANIFEST_BYTES: Final = 64 << 20
_LINE_BYTES: Final = 1 << 30
"""A row of SQLite holds no more."""
_SMALL: Final = 64 << 20
_RATIO: Final = 200
"""How much more a member above 64 MB may be than what is stored of it; texts shrink to a third, and
every line holds two ids of chance that do not shrink at all."""
_REMEDY: Final = "Give a file that `mnemic export` wrote"
_AGAIN: Final = "Take another copy"

_DAMAGE: Final = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    RuntimeError,  # an encrypted member; one nested too deep; a method that is not known
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
"""What a damaged zip makes the library raise."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file within the zip."""

    sha256: str
    bytes: int | None
    """None: version 1 did not say."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a cube says of itself."""

    version: int
    made_at: Micros | None
    made_by: str | None
    language: str | None
    analyser: str | None
    members: Mapping[str, Member]
    vectors: Mapping[str, EncoderId] = field(default_factory=dict)
    """Member → the encoder whose vectors it holds."""


@dataclass(slots=True)
class Outline:
    """What a whole cube holds, line by line checked: small enough to be kept."""

    versions: dict[RecordId, int] = field(default_factory=dict)
    words: dict[RecordId, int] = field(default_factory=dict)
    """The version since which a record's words are what they are."""
    forgotten: set[RecordId] = field(default_factory=set)
    partitions: set[Partition] = field(default_factory=set)
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """What is to be written, read in the order of its fields."""

    lines: Iterable[Line]
    forgotten: Iterable[RecordId] = ()
    vectors: Iterable[tuple[EncoderId, Iterable[VectorLine]]] = ()
    made_at: Micros | None = None
    language: str | None = None
    analyser: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What came to be in a file."""

    records: int
    changes: int
    forgotten: int


class CubeFile:
    """An open cube whose manifest has been held against its members."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = file
        with _damage(path):
            self.manifest = _manifest(path, file)
            _check_members(path, file, self.manifest)

    def lines(self) -> Iterator[Line]:
        """Every change, in order."""
        for where, data in self._raw(CHANGES):
            yield read_line(data, where)

    def forgotten(self) -> Iterator[RecordId]:
        """The ids of records that were forgotten where the cube was made."""
        if FORGOTTEN in self.manifest.members:
            for where, data in self._raw(FORGOTTEN):
                yield read_forgotten(data, where)

    def vectors(self, member: str) -> Iterator[VectorLine]:
        """The vectors of a member."""
        encoder = self.manifest.vectors[member]
        for where, data in self._raw(member):
            yield read_vectors(data, where, encoder)

    def outline(self) -> Outline:
        """Read everything, to the last line. Raises SourceError for what contradicts itself.

        A record's versions are counted from 1 without a gap; what a record is drawn from, and what
        a link leads to, comes before; no two records of a partition have the same identity.
        """
        outline = Outline()
        last: dict[RecordId, tuple[int, int]] = {}
        identities: set[tuple[Partition, Identity]] = set()
        for number, line in enumerate(self.lines(), 1):
            wrong = _contradiction(outline, line, identities, self.manifest.version)
            if wrong is not None:
                raise SourceError(f"{self.path}, {CHANGES}, line {number}: {wrong}. {_AGAIN}")
            outline.changes += 1
            record = line.record
            if record is not None:
                outline.versions[record.id] = record.version
                outline.partitions.add(record.scope.partition)
                said, stays = hash(words(record)), hash(_what_stays(record))
                before = last.get(record.id, (None, stays))
                if before[1] != stays:
                    wrong = f"version {record.version} of record {record.id} is of another record"
                    raise SourceError(f"{self.path}, {CHANGES}, line {number}: {wrong}. {_AGAIN}")
                if before[0] != said:
                    last[record.id] = (said, stays)
                    outline.words[record.id] = record.version
        for id in self.forgotten():
            if id in outline.versions:
                raise SourceError(f"{self.path}: record {id} is forgotten and is not. {_AGAIN}")
            outline.forgotten.add(id)
        for member in self.manifest.vectors:
            for vectors in self.vectors(member):
                if not vectors.version <= outline.versions.get(vectors.record, 0):
                    raise SourceError(
                        f"{self.path}, {member}: vectors of version {vectors.version} of record "
                        f"{vectors.record}, which is not there. {_AGAIN}"
                    )
        return outline

    def _raw(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Each line of a member with its place; its size and hash are held against the manifest."""
        expected, digest, size = self.manifest.members[name], hashlib.sha256(), 0
        number, rest, held = 0, [b""], 0
        with _damage(self.path, name):
            file = self._zip.open(name)
        with file:
            while piece := _read(self.path, name, file):
                digest.update(piece)
                size += len(piece)
                held += len(piece)
                if held > _LINE_BYTES:
                    raise SourceError(f"{self.path}, {name}: a line is too long. {_AGAIN}")
                head, *lines = piece.split(b"\n")
                rest.append(head)
                for line in lines:
                    number += 1
                    yield f"{self.path}, {name}, line {number}", b"".join(rest)
                    rest, held = [line], len(line)
            if tail := b"".join(rest):
                yield f"{self.path}, {name}, line {number + 1}", tail
        if digest.hexdigest() != expected.sha256 or expected.bytes not in (None, size):
            raise SourceError(f"{self.path} is damaged: the checksum of {name} differs. {_AGAIN}")


@contextmanager
def opened(path: Path) -> Iterator[CubeFile]:
    """A cube, to be read. Raises SourceError unless it is one of a version that is known."""
    try:
        file = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise SourceError(f"no file {path}. {_REMEDY}") from None
    except _DAMAGE as error:
        raise SourceError(f"{path} is not a cube ({error}). {_REMEDY}") from error
    with file:
        yield CubeFile(path, file)


def write(path: Path, contents: Contents, mode: int = 0o600) -> Written:
    """Write a cube: the file appears whole, with all of it on the disk, or not at all.

    It takes the place of another cube, and of no other file. Raises SourceError when it cannot be
    written.
    """
    _check_target(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as cube:
                written = _fill(cube, contents)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror}. Choose another place") from error
    except ValueError as error:  # half a character in its name
        raise SourceError(f"cannot write {str(path)!r}: {error}. Choose another place") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return written


def _check_target(path: Path) -> None:
    """Raise SourceError where something else than a cube would be lost, such as a database."""
    try:
        there = bool(path.name) and path.exists()
        if there and path.is_file() and (not path.stat().st_size or _is_cube(path)):
            return
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot write {str(path)!r}: {error}. Choose another place") from error
    if there:
        raise SourceError(f"{path} is there already, and is no cube. Name another file")
    if not path.name:
        raise SourceError(f"cannot write {str(path)!r}: that names no file. Name one")


def _is_cube(path: Path) -> bool:
    """Whether a file is a zip with a manifest, which office documents are not."""
    try:
        with zipfile.ZipFile(path) as file:
            return _MANIFEST in file.namelist()
    except _DAMAGE:
        return False


def sync_folder(folder: Path) -> None:
    """Have the folder's list of files on the disk, where the system can do so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def words(record: Record) -> tuple[object, ...]:
    """What the text index and the vectors of a record are made from."""
    return record.text, record.speaker, record.valid_from


def _what_stays(record: Record) -> tuple[object, ...]:
    """What no change of a record alters."""
    provenance = record.provenance
    named = (provenance.source, provenance.external_id, provenance.origin)
    return record.scope, record.kind, record.ordinal, record.role, named


def _fill(cube: zipfile.ZipFile, contents: Contents) -> Written:
    members: dict[str, dict[str, Any]] = {}
    encoders: list[dict[str, Any]] = []
    counts = {"records": 0, "changes": 0, "forgotten": 0}
    partitions: set[Partition] = set()
    with _member(cube, CHANGES, members) as put:
        for line in contents.lines:
            put(write_line(line))
            counts["changes"] += 1
            if line.record is not None and line.record.version == 1:
                counts["records"] += 1
                partitions.add(line.record.scope.partition)
    with _member(cube, FORGOTTEN, members) as put:
        for id in contents.forgotten:
            put(write_forgotten(id))
            counts["forgotten"] += 1
    for number, (encoder, lines) in enumerate(contents.vectors):
        name, passages = f"vectors/{number}.jsonl", 0
        with _member(cube, name, members) as put:
            for vectors in lines:
                put(write_vectors(vectors))
                passages += len(vectors.passages)
        encoders.append(
            {
                "member": name,
                "model": encoder.model,
                "revision": encoder.revision,
                "quantisation": encoder.quantisation,
                "size": encoder.size,
                "passages": passages,
            }
        )
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": contents.made_at,
        "made_by": _made_by(),
        **counts,
        "partitions": [[each.namespace, each.user_id] for each in sorted(partitions)],
        "language": contents.language,
        "analyser": contents.analyser,
        "vectors": encoders,
        "members": members,
    }
    told = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    cube.writestr(_info(_MANIFEST), told.encode("utf-8"))
    return Written(**counts)


def _made_by() -> str:
    from mnemic import __version__

    return f"mnemic {__version__}"


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info


@contextmanager
def _member(
    cube: zipfile.ZipFile, name: str, members: dict[str, dict[str, Any]]
) -> Iterator[Callable[[bytes], None]]:
    """A member to write line by line; afterwards its hash and size are in `members`."""
    digest, size = hashlib.sha256(), 0
    with cube.open(_info(name), "w", force_zip64=True) as file, io.BytesIO() as held:

        def put(data: bytes) -> None:
            nonlocal size
            digest.update(data)
            size += len(data)
            held.write(data)
            if held.tell() >= _PIECE:
                file.write(held.getvalue())
                held.seek(0)
                held.truncate()

        yield put
        file.write(held.getvalue())
    members[name] = {"sha256": digest.hexdigest(), "bytes": size}


@contextmanager
def _damage(path: Path, member: str = "") -> Iterator[None]:
    """Tell the errors of a damaged zip as ours."""
    try:
        yield
    except _DAMAGE as error:
        if isinstance(error, SourceError):
            raise
        where = f"{path}, {member}" if member else str(path)
        raise SourceError(f"{where} is damaged ({error}). {_AGAIN}") from error


def _read(path: Path, name: str, file: IO[bytes]) -> bytes:
    with _damage(path, name):
        return file.read(_PIECE)


def _manifest(path: Path, file: zipfile.ZipFile) -> Manifest:
    if _MANIFEST not in file.namelist():
        raise SourceError(f"{path} is not a cube: it has no {_MANIFEST}. {_REMEDY}")
    info = file.getinfo(_MANIFEST)
    if info.file_size > _MANIFEST_BYTES:
        raise SourceError(f"{path} is damaged: its manifest is too long. {_AGAIN}")
    told = json.loads(file.read(info).decode("utf-8"))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise SourceError(f"{path} is not a cube: its manifest says otherwise. {_REMEDY}")
    version = told.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise SourceError(f"{path} is damaged: its manifest names no version. {_AGAIN}")
    if version > VERSION:
        raise SourceError(
            f"{path} was written by a later version of mnemic (cube {version}, this one knows "
            f"{VERSION}). Upgrade with: pip install -U mnemic"
        )
    try:
        return _first(told) if version == 1 else _second(told)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceError(
            f"{path} is damaged: its manifest lacks or garbles a field ({error}). {_AGAIN}"
        ) from error


def _first(told: Mapping[str, Any]) -> Manifest:
    """The manifest of version 1: one member, no forgotten ids, no vectors."""
    return Manifest(1, None, None, None, None, {CHANGES: Member(_kept(told, "sha256"), None)})


def _second(told: Mapping[str, Any]) -> Manifest:
    members = {
        name: Member(_kept(each, "sha256"), _count(each, "bytes"))
        for name, each in told["members"].items()
    }
    vectors: dict[str, EncoderId] = {}
    for each in told["vectors"]:
        member = _kept(each, "member")
        if member in vectors:
            raise ValueError(f"{member} twice")
        model, revision, quantisation = (
            _kept(each, name) for name in ("model", "revision", "quantisation")
        )
        size = _count(each, "size")
        if not 0 < size <= 1 << 16:
            raise ValueError(f"size {size}")
        vectors[member] = EncoderId(model, revision, quantisation, size)
    named = {CHANGES, FORGOTTEN, *vectors}
    if set(members) != named or not all(_VECTORS.fullmatch(name) for name in vectors):
        odd = sorted(set(members) ^ named)
        raise ValueError(f"members {', '.join(map(repr, odd)) or 'with odd names'}")
    made_at = told.get("made_at")
    return Manifest(
        version=2,
        made_at=made_at if isinstance(made_at, int) else None,
        made_by=_known(told, "made_by"),
        language=_known(told, "language"),
        analyser=_known(told, "analyser"),
        members=members,
        vectors=vectors,
    )


def _kept(told: Mapping[str, Any], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a text")
    value.encode("utf-8")
    if "\0" in value:
        raise ValueError(f"{name} holds a NUL byte")
    return value


def _count(told: Mapping[str, Any], name: str) -> int:
    value = told[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(f"{name} is not a count")
    return value


def _known(told: Mapping[str, Any], name: str) -> str | None:
    value = told.get(name)
    return value if isinstance(value, str) else None


def _check_members(path: Path, file: zipfile.ZipFile, manifest: Manifest) -> None:
    infos = file.infolist()
    names = [info.filename for info in infos]
    wanted = sorted([_MANIFEST, *manifest.members])
    if sorted(names) != wanted:
        odd = sorted(set(names) ^ set(wanted)) or sorted(names)
        raise SourceError(
            f"{path} is damaged: its members are not those of its manifest ({odd[0]!r}). {_AGAIN}"
        )
    for info in infos:
        member = manifest.members.get(info.filename)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SourceError(f"{path}: {info.filename} is packed in an unknown way. {_AGAIN}")
        if member is not None and member.bytes not in (None, info.file_size):
            raise SourceError(f"{path} is damaged: the size of {info.filename} differs. {_AGAIN}")
        if info.file_size > max(_SMALL, _RATIO * info.compress_size):
            raise SourceError(
                f"{path}: {info.filename} would unpack to {info.file_size:,} bytes from "
                f"{info.compress_size:,}, which no cube does. {_AGAIN}"
            )


def _contradiction(
    outline: Outline,
    line: Line,
    identities: set[tuple[Partition, Identity]],
    version: int,
) -> str | None:
    """What is wrong with a line after those before it, or None."""
    entry, record = line.entry, line.record
    seen = outline.versions.get(entry.record, 0)
    if record is None:
        if not 1 <= entry.version <= seen or entry.detail["target"] not in outline.versions:
            return f"a link from or to a record that is not there ({entry.record})"
        return None
    if entry.version != seen + 1:
        return f"version {entry.version} of record {entry.record} comes after version {seen}"
    if entry.version > 1:
        return None
    provenance = record.provenance
    # Version 1 kept the ids of sources that were not exported with a record.
    if version > 1 and not set(provenance.derived_from) <= outline.versions.keys():
        return f"record {record.id} is drawn from one that is not there"
    if provenance.source is not None and provenance.external_id is not None:
        name = (record.scope.partition, (provenance.source, provenance.external_id))
        if name in identities:
            return f"record {record.id} has the source and external id of another"
        identities.add(name)
    return None
