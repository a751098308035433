"""MemPalace: the palace itself (chroma.sqlite3), or what `mempalace export` writes.

    mempalace export --format jsonl          # without --format, and in older versions: Markdown

A drawer, the text that MemPalace keeps word for word, is a record; wing and room are its session.
Drawers have the same ids in all three forms. When a drawer was filed is not when it was said: it is
its time only for what was filed as it happened, and stays in the metadata for what was mined from
files. Closets, the palace's own index, are made anew here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path, PurePosixPath

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin
from mnemic.sources import sqlite_file
from mnemic.sources.decode import lines, text
from mnemic.sources.json_stream import elements
from mnemic.sources.names import Names
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part, census, is_plain
from mnemic.sources.parts import parts as parts_of
from mnemic.sources.shape import mapping, string
from mnemic.sources.times import moment

PALACE = re.compile(r"(^|/)chroma\.sqlite3\Z")
_JSONL = re.compile(r"\.jsonl\Z")
_ROOMS = re.compile(r"/(?!(index|overview)\.md\Z)[^/]+\.md\Z")
TABLES: Mapping[str, frozenset[str]] = {
    "embeddings": frozenset({"id", "segment_id", "embedding_id"}),
    "embedding_metadata": frozenset({"id", "key", "string_value"}),
    "segments": frozenset({"id", "collection"}),
    "collections": frozenset({"id", "name"}),
}
"""What tells a Chroma database from others; `is_palace` says whether it is a palace."""

_DOCUMENT = "chroma:document"
_TIMES = ("timestamp", "event_date", "date", "created_at")
_FIELDS = {"Source": "source_file", "Filed": "filed_at", "Added by": "added_by"}
_TITLES = ("# Palace Export", "# Snapshot Index", "# Palace Snapshot")


def recognises(value: Json) -> bool:
    """Whether a value is a drawer of the JSONL export."""
    found = mapping(value)
    about = mapping(found.get("metadata"))
    return isinstance(found.get("document"), str) and "id" in found and ("wing" in about)


def recognises_index(head: list[str]) -> bool:
    """Whether a page begins as the index of the Markdown export does."""
    return bool(head) and head[0].startswith(_TITLES)


def is_palace(part: Part) -> bool:
    """Whether a Chroma database holds drawers."""
    names = "SELECT name FROM collections WHERE name LIKE '%mempalace%' LIMIT 1"
    wings = "SELECT 1 FROM embedding_metadata WHERE key = 'wing' LIMIT 1"
    return any(next(sqlite_file.rows(part, query), None) for query in (names, wings))


def parts(path: Path) -> list[Part]:
    """The file itself; of a folder its chroma.sqlite3, else its .jsonl, else its rooms' .md."""
    found = parts_of(path)
    if is_plain(path, found):
        return found
    for pattern in (PALACE, _JSONL, _ROOMS):
        chosen = [part for part in found if pattern.search(part.name)]
        if chosen:
            return chosen
    raise SourceError(
        f"no palace in {str(path)!r}: {census(found)}. Name the folder with chroma.sqlite3, or "
        "what mempalace export wrote"
    )


def read(path: Path, options: Options) -> Iterator[Event]:
    """The drawers, file by file.

    session_id is wing/room. Raises SourceError where a file is damaged or holds no drawers.
    """
    for part in parts(path):
        if sqlite_file.is_sqlite(part):
            found = _stored(part, options)
        elif part.name.lower().endswith(".md"):
            found = _room(part, options)
        else:
            found = _exported(part, options)
        names = Names("mempalace", part.stem)
        empty = True
        for id, words, about in found:
            empty = False
            if not words.strip():
                options.note(Notice.EMPTY)
                continue
            yield _event(id, words, about, names, part, options)
        if empty:
            raise SourceError(f"no drawers: {part}. Name what mempalace export wrote")


def _event(
    id: str | None, words: str, about: dict[str, Json], names: Names, part: Part, options: Options
) -> Event:
    source, external = names.identity(id, words)
    wing = string(about.get("wing")) or "unknown"
    session = f"{wing}/{string(about.get('room')) or 'general'}"
    said = next((about[key] for key in _TIMES if about.get(key)), None)
    if said is None and not about.get("source_file"):
        said = about.get("filed_at")
    return Event(
        text=words,
        kind="document",
        time=moment(said, options.zone, f"{part}, drawer {id}"),
        session_id=session,
        source=source,
        external_id=external,
        position=names.place(session),
        origin=Origin.DOCUMENT,
        metadata={**about, **({"id": id} if id else {})},
    )


_Drawer = tuple[str | None, str, dict[str, Json]]
"""Its id, its words, and what is known about it."""


def _exported(part: Part, options: Options) -> Iterator[_Drawer]:
    for element in elements(text(part, options), str(part)):
        value = mapping(element.value)
        words = value.get("document")
        if not isinstance(words, str):
            raise SourceError(
                f"no drawer: {part}, {element.where} has no 'document'. Name what mempalace export "
                "--format jsonl wrote"
            )
        yield string(value.get("id")), words, dict(mapping(value.get("metadata")))


def _stored(part: Part, options: Options) -> Iterator[_Drawer]:
    """The drawers in Chroma's own tables, in the order in which they were filed."""
    there = sqlite_file.tables(part)
    if not all(there.get(name, frozenset()) >= held for name, held in TABLES.items()):
        raise SourceError(
            f"no palace: {part} has the tables {', '.join(sorted(there)) or 'none'}. Name the "
            "chroma.sqlite3 in the folder of the palace"
        )
    others = [
        (str(name), int(count))
        for name, count in sqlite_file.rows(
            part,
            "SELECT c.name, count(*) FROM embeddings e JOIN segments s ON s.id = e.segment_id "
            "JOIN collections c ON c.id = s.collection GROUP BY c.name",
        )
    ]
    drawers = [name for name, _ in others if "drawer" in name]
    drawers = drawers or [name for name, _ in others if "closet" not in name]
    for name, count in others:
        for _ in range(0 if name in drawers else count):
            options.note(Notice.REBUILT)
    typed = ("string_value", "int_value", "float_value", "bool_value")
    values = ", ".join(sqlite_file.column(name, there["embedding_metadata"]) for name in typed)
    marks = ", ".join("?" * len(drawers))
    query = (
        f"SELECT e.id, e.embedding_id, m.key, {values} FROM embeddings e "
        "JOIN segments s ON s.id = e.segment_id JOIN collections c ON c.id = s.collection "
        f"JOIN embedding_metadata m ON m.id = e.id WHERE c.name IN ({marks}) ORDER BY e.id"
    )
    for (_, id), held in groupby(sqlite_file.rows(part, query, drawers), lambda row: row[:2]):
        about = {str(row[2]): _value(*row[3:]) for row in held}
        yield string(id), string(about.pop(_DOCUMENT, None)) or "", about
    if options.progress:
        options.progress(part.size)


def _value(written: Json, whole: Json, real: Json, truth: Json) -> Json:
    """What one row of Chroma's metadata holds, in the column of its type."""
    found = (
        bool(truth)
        if truth is not None
        else next((one for one in (written, whole, real) if one is not None), None)
    )
    return found if isinstance(found, str | int | float | bool) else None


def _room(part: Part, options: Options) -> Iterator[_Drawer]:
    """The drawers of a page of the Markdown export: each a heading, a quotation and a table."""
    held: Iterable[str] = lines(text(part, options))
    place = PurePosixPath(part.name)
    wing, room = place.parent.name or "unknown", place.stem
    id: str | None = None
    said: list[str] = []
    about: dict[str, Json] = {}
    for line in held:
        if line.startswith("# ") and " / " in line and id is None:
            wing, _, room = line[2:].partition(" / ")
        elif line.startswith("## "):
            if id is not None:
                yield id, "\n".join(said), about
            id, said, about = line[3:].strip(), [], {"wing": wing, "room": room}
        elif line.startswith(">"):
            said.append(line[1:].removeprefix(" "))
        elif line.startswith("| ") and id is not None:
            name, _, value = line.strip("| ").partition(" | ")
            if name in _FIELDS and value not in ("", "unknown"):
                about[_FIELDS[name]] = value
    if id is not None:
        yield id, "\n".join(said), about
