"""What is left of words in the bytes of the files, in whatever form it may stand there.

A text can lie in a file as it is, escaped in JSON, as UTF-16, or cut up between pages; and as what
was read off it: analysed tokens, token ids, a mark, vectors. Pictures stand there in base64. And
when everything else is gone, a word that nobody else has said, in the dictionary of the text index,
tells that it was said. All of these are sought at once, in every file of the store and in every
copy that it knows of; cubes are unpacked for it.

Bytes that are found may be those of another memory, which says the same: such findings are marked.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from mnemic.core.records import REMAINING, Json, Record, Status
from mnemic.core.storage import Listing, Store
from mnemic.engine.forgetting.finder import Finder
from mnemic.engine.paging import listed, logged
from mnemic.engine.parts import Parts
from mnemic.engine.reader import Reader, Words
from mnemic.store import raw
from mnemic.store.codec import encode

TELLING: Final = 16
"""Characters, from which on bytes prove something: shorter texts ("thanks!") occur anywhere."""
_PIECE: Final = 64
"""Characters of a text that are sought as one: a long text lies on several pages of the file."""
_PIECES: Final = 256
"""Pieces of one text, at most: all of 16,000 characters, and as many of a book."""
_WORD: Final = 5
"""Letters of a term that is sought in the bytes; shorter ones are parts of other words."""
_NAME: Final = 6
"""Characters of a name or another short value."""
_IDS: Final = 6
"""Token ids in a row that are sought."""
_SETTINGS: Final = ("analyser", "language", "encoders", "rankers")
_READ: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class Trace:
    """Bytes that something would leave: what it was, in which form."""

    text: str
    """What was sought: a stretch of a text, a name, a term."""
    form: str
    """`text`, `JSON`, `UTF-16`, `base64`, `bytes`, `tokens`, `token ids`, `mark`, `vector` or
    `term`."""
    data: bytes
    plain: bytes
    """How it would stand in a memory that says it, too: for texts UTF-8, else as `data`."""
    telling: bool = True
    """Whether its bytes prove something by themselves."""


@dataclass(frozen=True, slots=True)
class Residue:
    """Something that was found."""

    text: str
    form: str
    """As in `Trace`; `index`: the text index knows the term, and nothing that remains says it."""
    file: str
    offset: int | None
    """Of the file, or of the member of a cube; None: in the text index."""
    elsewhere: bool = False
    """Another memory, or the file's own tables, say it as well, so it proves nothing."""
    telling: bool = True

    def __str__(self) -> str:
        place = "" if self.offset is None else f" at byte {self.offset}"
        also = " (said elsewhere, too)" if self.elsewhere else ""
        return f"{self.form} of {self.text!r} in {self.file}{place}{also}"


def residue_scan(parts: Parts, texts: Sequence[str], *, copies: bool = True) -> list[Residue]:
    """Everything that the files hold of these texts, in whatever form.

    Searched are the store's files and, with `copies`, those exports and backups that it knows of.
    A store in memory has no files, and nothing is found. Terms are told only where nothing that
    remains says them; marks of words only as said by nobody in particular.
    """
    sought = [trace for text in texts for trace in traces_of_words(parts.reader, text)]
    terms = [trace for text in texts for trace in traces_of_terms(parts.reader, text)]
    found = search(parts, [*sought, *terms], files(parts.store, copies=copies))
    return [one for one in found if not (one.form == "term" and one.elsewhere)]


def files(store: Store, *, copies: bool) -> list[str]:
    """The files of a store, and of the copies that are still where they were made."""
    found = store.files()
    if found and copies:
        noted = [copy.path + ending for copy in store.copies() for ending in ("", "-wal", "-shm")]
        found += [path for path in noted if path not in found and Path(path).is_file()]
    return found


# -- what something would leave


def traces_of_text(text: str, *, least: int = 1) -> Iterator[Trace]:
    """A text as it is, escaped and in UTF-16, in pieces; none of a text shorter than `least`."""
    if len(text) < least:
        return
    step = _PIECE if len(text) >= _PIECE + TELLING else len(text)
    for start in _some(range(0, len(text), step)):
        piece = text[start : start + step]
        if start and len(piece) < TELLING:
            piece = text[-TELLING:]
        plain, telling = piece.encode("utf-8"), len(piece) >= TELLING
        yield Trace(piece, "text", plain, plain, telling)
        for ascii_only in (True, False):
            escaped = json.dumps(piece, ensure_ascii=ascii_only)[1:-1].encode("utf-8")
            if escaped != plain:
                yield Trace(piece, "JSON", escaped, plain, telling)
        yield Trace(piece, "UTF-16", piece.encode("utf-16-le"), plain, telling)


def _some(starts: range) -> range:
    """All of these, or as many as will do from all along a very long text."""
    return starts[:: len(starts) // _PIECES + 1]


def traces_of_words(reader: Reader, text: str, words: Words | None = None) -> Iterator[Trace]:
    """A text and all that was read off it but its single terms; `words`: who said it, and when."""
    yield from traces_of_text(text)
    reading = reader.read([words or Words(text, None, None)])[0]
    tokens = reading.tokens
    if len(tokens) >= TELLING and " " in tokens:
        for start in _some(range(0, max(1, len(tokens) - TELLING), _PIECE)):
            data = tokens[start : start + _PIECE].encode("utf-8")
            yield Trace(text, "tokens", data, data)
    for passage in reading.passages:
        if passage.token_ids is not None and len(passage.token_ids) >= _IDS:
            ids = _ids(passage.token_ids)
            yield Trace(text[passage.start : passage.end], "token ids", ids, ids)
    for row in reading.vectors.codes if reading.vectors is not None else ():
        if row.any():
            yield Trace(text, "vector", row.tobytes(), row.tobytes())
    mark = reading.mark.to_bytes(8, "big")
    yield Trace(text, "mark", mark, mark)


def traces_of_terms(reader: Reader, text: str) -> Iterator[Trace]:
    """The terms by which a text is found."""
    for term in dict.fromkeys(reader.tokens(Words(text, None, None)).split()):
        yield Trace(term, "term", term.encode("utf-8"), term.encode("utf-8"), telling=False)


def traces_of_record(reader: Reader, record: Record) -> Iterator[Trace]:
    """All that one version of a record would leave."""
    words = Words(
        record.text, record.speaker, None
    )  # without the words of its date, which many say
    for trace in traces_of_words(reader, record.text, words):
        if trace.form not in ("text", "JSON", "UTF-16") or trace.telling:
            yield trace
    for value in values(record):
        yield from traces_of_text(value, least=_NAME)
        yield from traces_of_terms(reader, value)
    yield from traces_of_terms(reader, record.text)
    media = record.media
    if media is not None and media.data is not None and len(media.data) >= TELLING:
        for start in range(0, len(media.data) - TELLING, 3 * 1024):
            data = media.data[start : start + 48]
            packed = base64.b64encode(data).rstrip(b"=")
            yield Trace(media.sha256, "base64", packed, packed)
            yield Trace(media.sha256, "bytes", data, packed)


def values(record: Record) -> Iterator[str]:
    """Every value of a record but its text that somebody gave it."""
    scope, provenance, media = record.scope, record.provenance, record.media
    given = [record.speaker, scope.agent_id, scope.session_id]
    given += [provenance.source, provenance.external_id]
    given += [media.uri, media.sha256] if media is not None else []
    yield from (value for value in given if value)
    yield from _strings(record.metadata)


def _strings(value: Json) -> Iterator[str]:
    """Every text within JSON, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


# -- the search


def search(parts: Parts, sought: Sequence[Trace], among: Sequence[str]) -> list[Residue]:
    """Where these traces are in some files, and in the text index; by file and place."""
    if not among:
        return []
    held = parts.store.terms([trace.text for trace in sought if trace.form == "term"])
    found = [Residue(term, "index", among[0], None) for term, said in held.items() if not said]
    # A term that the index holds for a record that remains is not the victim's alone.
    sought = [
        trace
        for trace in sought
        if trace.form != "term" or (trace.text not in held and len(trace.text) >= _WORD)
    ]
    by_bytes: dict[bytes, list[Trace]] = {}
    for trace in dict.fromkeys(sought):
        by_bytes.setdefault(trace.data, []).append(trace)
    finder = Finder(by_bytes)
    places = [
        (data, name, at) for name, at_of in _seen(finder, among) for data, at in at_of.items()
    ]
    there = {data for data, _, _ in places}
    also = _said_elsewhere(parts, {t.plain for data in there for t in by_bytes[data]})
    for data, name, at in places:
        found += [
            Residue(trace.text, trace.form, name, at, trace.plain in also, trace.telling)
            for trace in by_bytes[data]
        ]
    return sorted(found, key=lambda one: (one.file, one.offset or 0, one.form, one.text))


def _seen(finder: Finder, among: Sequence[str]) -> Iterator[tuple[str, dict[bytes, int]]]:
    """What each file, or member of a packed one, holds, and where."""
    import zipfile  # with them come five modules that no other call needs
    import zlib

    for file in among:
        with raw.opened(file) as held:  # closing a live database's file would lose its locks
            yield file, _scan(finder, held)
            if not zipfile.is_zipfile(held):
                continue
            try:
                with zipfile.ZipFile(held) as packed:
                    for name in packed.namelist():
                        with packed.open(name) as member:
                            yield f"{file}/{name}", _scan(finder, member)
            except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError):
                continue  # damaged, or locked: its bytes were searched as they are


def _scan(finder: Finder, data: IO[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    tail, begin = b"", 0
    while piece := data.read(_READ):
        piece = tail + piece
        for pattern, place in finder.find(piece).items():
            found.setdefault(pattern, begin + place)
        tail = piece[len(piece) - max(0, finder.longest - 1) :] if finder.longest > 1 else b""
        begin += len(piece) - len(tail)
    return found


# -- what others say, too


def _said_elsewhere(parts: Parts, wanted: set[bytes]) -> set[bytes]:
    """Those of these bytes that memories which remain, or the file's own tables, hold as well."""
    said: set[bytes] = set()
    for image in _images(parts):
        left = wanted - said
        if not left:
            break
        said.update(Finder(left).find(image))
    return said


def _images(parts: Parts) -> Iterator[bytes]:
    """All that remains, as bytes, part by part."""
    store = parts.store
    own = [*_tables(), *(store.get_meta(name) or "" for name in _SETTINGS)]
    own += [*store.certificates(), *store.trials()]
    own += [f"{copy.path}\n{copy.kind}" for copy in store.copies()]
    partitions = [partition for partition, _ in store.partitions()]
    own += [f"{partition.namespace}\n{partition.user_id}" for partition in partitions]
    own += [f"{encoder}" for encoder, _ in store.encoders()]
    yield "\n".join(own).encode("utf-8")
    for lines in logged(store):
        told = [f"{line.why}\n{line.actor}\n{json.dumps(dict(line.detail))}" for line in lines]
        yield "\n".join(told).encode("utf-8")
    for partition in partitions:
        for batch in listed(store, Listing((partition,), statuses=REMAINING)):
            yield _image(parts, batch)
            keys = [key for key, _ in batch]
            for encoder, _ in store.encoders():
                yield store.vectors(partition, encoder, keys)[1].tobytes()


def _tables() -> list[str]:
    """The words with which a file describes itself."""
    from mnemic.store.migrate import migrations  # and SQLite, which a store in memory is without

    return [
        "SQLite format 3",
        "segid term pgno block version",
        *(sql for _, _, sql in migrations()),
    ]


def _image(parts: Parts, batch: Sequence[tuple[int, Record]]) -> bytes:
    """Some records: their versions, and what was read off them."""
    store = parts.store
    indexed = store.tokens([key for key, _ in batch]).values()
    said = [tokens.encode("utf-8") for tokens in indexed]
    for key, record in batch:
        versions = [record] if record.version == 1 else store.versions(record.id)
        # A backup may hold what was read off an earlier version, and of what is hidden the store
        # tells no vectors.
        hidden = versions if record.status is not Status.ACTIVE else versions[:-1]
        for reading in parts.reader.read_records(hidden):
            said.append(reading.tokens.encode("utf-8"))
            said += [_ids(passage.token_ids) for passage in reading.passages]
            said += [] if reading.vectors is None else [reading.vectors.codes.tobytes()]
        for version in versions:
            words = Words(version.text, version.speaker, version.valid_from)
            said += [version.text.encode("utf-8"), encode(version).encode("utf-8")]
            said += [value.encode("utf-8") for value in values(version)]
            said.append(parts.reader.mark(words).to_bytes(8, "big"))
        said += [_ids(passage.token_ids) for passage in store.passages(key)]
    return b"\n".join(said)


def _ids(token_ids: NDArray[np.uint16] | None) -> bytes:
    """Token ids as the file keeps them."""
    return b"" if token_ids is None else token_ids.astype("<u2").tobytes()
