"""LangGraph's store: the file of its SqliteStore, and items saved as JSON.

    json.dump([item.dict() for item in store.search(("memories", "ana"), limit=1000)], file)

An item is a value under a key in a namespace. The value is any JSON object: its words are taken
from where people put them ("text", "content", "memory" ..., also one object deeper, as LangMem
does); an object without such a field is written out, one "name: value" to the line. What a
namespace means is each program's own affair: where one of its names is the wanted user, only such
namespaces are taken; where none is, all are, and that is told.

Both forms know an item by its namespace and key. Times are UTC, as SQLite writes them. The vectors
(`store_vectors`) are made anew here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin
from mnemic.sources import sqlite_file
from mnemic.sources.decode import text
from mnemic.sources.json_stream import elements
from mnemic.sources.names import Names
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part, select
from mnemic.sources.shape import mapping, string
from mnemic.sources.times import moment

FILES = re.compile(r"(?i)(^|/)(langgraph|store|items)[^/]*\.(json|jsonl|ndjson|db|sqlite3?)\Z")
TABLES: Mapping[str, frozenset[str]] = {"store": frozenset({"prefix", "key", "value"})}
"""What tells a SqliteStore from other databases."""

_UNWRAP = frozenset({"items"})
_WORDS = ("text", "content", "memory", "fact", "data", "value", "summary", "description", "note")


def recognises(value: Json) -> bool:
    """Whether a value is an item of a store, or the answer of its interface that holds items."""
    found = mapping(value)
    held = found.get("items")
    if isinstance(held, list):
        return any(map(recognises, held[:3]))
    return (
        isinstance(found.get("namespace"), list)
        and isinstance(found.get("key"), str)
        and isinstance(found.get("value"), dict)
    )


def parts(path: Path) -> list[Part]:
    """The file itself; of a folder or zip, its store*.db, items*.json and the like."""
    return select(path, FILES, "store.db or items.json")


@dataclass(frozen=True, slots=True)
class _Item:
    """An item in either form."""

    namespace: str
    """Its names joined with dots, as the database writes them."""
    key: str
    value: Json
    created: Json
    updated: Json
    expires: Json
    where: str


def read(path: Path, options: Options) -> Iterator[Event]:
    """The items, in the order of the file; session_id is the namespace.

    Raises SourceError where the file is damaged, or is not a store of LangGraph.
    """
    found = parts(path)
    spaces = {item.namespace for part in found for item in _items(part, options, first=True)}
    named = {space for space in spaces if options.user in space.split(".")}
    for part in found:
        names = Names("langgraph", part.stem)
        for item in _items(part, options):
            if named and item.namespace not in named:
                options.note(Notice.OTHERS)
                continue
            event = _event(item, names, options)
            if event is None:
                options.note(Notice.EMPTY)
                continue
            if not named and len(spaces) > 1:
                options.note(Notice.UNOWNED)
            yield event
    if not spaces:
        raise SourceError(f"no items: {str(path)!r} is an empty store. There is nothing to import")


def _event(item: _Item, names: Names, options: Options) -> Event | None:
    words, whole = _words(item.value)
    if not words:
        return None
    source, external = names.identity(item.key, words, item.namespace)
    return Event(
        text=words,
        kind="fact",
        time=moment(item.created, UTC, item.where),
        valid_to=moment(item.expires, UTC, item.where),
        session_id=item.namespace or "langgraph",
        source=source,
        external_id=external,
        position=names.place(item.namespace),
        origin=Origin.AGENT,
        metadata={
            "namespace": item.namespace,
            "key": item.key,
            **({} if whole else {"value": item.value}),
            **({"updated_at": item.updated} if item.updated not in (None, item.created) else {}),
        },
    )


def _items(part: Part, options: Options, first: bool = False) -> Iterator[_Item]:
    """The items of a file; `first`: a first look, that is not progress."""
    if sqlite_file.is_sqlite(part):
        yield from _stored(part)
        if options.progress and not first:
            options.progress(part.size)
        return
    for element in elements(text(part, options, progress=not first), str(part), _UNWRAP):
        value = mapping(element.value)
        if not recognises(value):
            raise SourceError(
                f"no item of a store: {part}, {element.where} lacks 'namespace', 'key' or 'value'. "
                "Save [item.dict() for item in store.search(...)], or name another format"
            )
        space = ".".join(string(name) or "" for name in value["namespace"])
        yield _Item(
            space,
            value["key"],
            value["value"],
            value.get("created_at") or value.get("createdAt"),
            value.get("updated_at") or value.get("updatedAt"),
            None,
            f"{part}, {element.where}",
        )


def _stored(part: Part) -> Iterator[_Item]:
    there = sqlite_file.tables(part).get("store", frozenset())
    if not there >= TABLES["store"]:
        raise SourceError(
            f"no store of LangGraph: {part} has no table 'store' with prefix, key and value. "
            "Name the file that SqliteStore was given; checkpoints are not memories"
        )
    more = ("created_at", "updated_at", "expires_at")
    asked = ", ".join(sqlite_file.column(name, there) for name in more)
    query = f"SELECT prefix, key, value, {asked} FROM store ORDER BY rowid"
    for prefix, key, value, created, updated, expires in sqlite_file.rows(part, query):
        space, name = string(prefix) or "", string(key) or ""
        where = f"{part}, item {name!r} of {space!r}"
        yield _Item(space, name, _parsed(value, where), created, updated, expires, where)


def _parsed(value: Json | bytes, where: str) -> Json:
    """The value of a row, which holds JSON."""
    written = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return next((found.value for found in elements([written], where)), None)


def _words(value: Json) -> tuple[str, bool]:
    """What a value says, and whether that is all that it holds."""
    if not isinstance(value, dict):
        return string(value) or "", True
    for key in _WORDS:
        said = value.get(key)
        if isinstance(said, dict):
            inner = next((found for name in _WORDS if (found := _text(said.get(name)))), "")
            if inner:
                return inner, False
        if found := _text(said):
            return found, len(value) == 1
    return "\n".join(_lines(value)), False


def _lines(value: dict[str, Json], before: str = "") -> Iterable[str]:
    """An object as "name: value", one to the line; what lies deeper under joined names."""
    for key, held in value.items():
        name = f"{before}{key}"
        if isinstance(held, dict):
            yield from _lines(held, f"{name}.")
        elif isinstance(held, list):
            said = [found for one in held if (found := string(one))]
            if said:
                yield f"{name}: {', '.join(said)}"
        elif (found := string(held)) is not None:
            yield f"{name}: {found}"


def _text(value: Json) -> str:
    return value if isinstance(value, str) and value.strip() else ""
