"""mem0: what `get_all()` gives, saved as JSON; and the history.db that it keeps beside its vectors.

    json.dump(memory.get_all(filters={"user_id": "ana"}), file)      # {"results": [{...}, ...]}

The JSON is the better of the two: history.db (SQLite, in ~/.mem0) has the words and the times of
every memory, and not whose it is, nor its metadata. From it the last state of each memory is taken.
A memory is known by mem0's id in both, so that one completes the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin
from mnemic.sources import sqlite_file
from mnemic.sources.decode import text
from mnemic.sources.json_stream import Element, elements
from mnemic.sources.names import Names
from mnemic.sources.options import Notice, Options
from mnemic.sources.owners import choose, wanted
from mnemic.sources.parts import Part, select
from mnemic.sources.roles import origin_of, role_of
from mnemic.sources.shape import mapping, string
from mnemic.sources.times import moment

FILES = re.compile(
    r"(?i)(^|/)(mem0[^/]*|memories)\.(json|jsonl|ndjson)(\.gz)?\Z|(^|/)history\.db\Z"
)
TABLES: Mapping[str, frozenset[str]] = {
    "history": frozenset({"memory_id", "new_memory", "event"}),
}
"""What tells mem0's history.db from other databases."""

_UNWRAP = frozenset({"results", "relations", "memories"})
_SIGNS = ("user_id", "agent_id", "run_id", "app_id", "hash", "created_at", "updated_at")
_USED = frozenset({
    "id", "memory", "hash", "score", "created_at", "role", "actor_id", "run_id", "metadata",
    "expiration_date",
})  # fmt: skip
_NO_SESSION = "mem0"


def recognises(value: Json) -> bool:
    """Whether a value is a memory of mem0, or the answer of `get_all` that holds them."""
    found = mapping(value)
    held = found.get("results")
    if isinstance(held, list) and (not held or any(map(recognises, held[:3]))):
        return bool(held) or found.keys() <= {"results", "relations"}
    return isinstance(found.get("memory"), str) and any(sign in found for sign in _SIGNS)


def parts(path: Path) -> list[Part]:
    """The file itself; of a folder or zip, mem0*.json, memories.json and history.db."""
    return select(path, FILES, "mem0*.json, memories.json or history.db")


def read(path: Path, options: Options) -> Iterator[Event]:
    """The memories, in the order of the file; those of one user where it holds several.

    session_id is mem0's run_id. Raises SourceError where the file is damaged or is not mem0's, and
    where it holds several users of which none was asked for.
    """
    found = [(part, sqlite_file.is_sqlite(part)) for part in parts(path)]
    users = (user for part, packed in found if not packed for user in _users(part, options))
    chosen = choose(users, options, str(path), "user_id")
    for part, packed in found:
        yield from _history(part, options) if packed else _memories(part, options, chosen)


def _users(part: Part, options: Options) -> Iterator[str | None]:
    for element in elements(text(part, options, progress=False), str(part), _UNWRAP):
        value = mapping(element.value)
        if "memory" in value:
            yield string(value.get("user_id"))


def _memories(part: Part, options: Options, chosen: str | None) -> Iterator[Event]:
    names = Names("mem0", part.stem)
    seen = False
    for element in elements(text(part, options), str(part), _UNWRAP):
        value = mapping(element.value)
        if "memory" not in value and "source" in value and "relationship" in value:
            options.note(Notice.LINKS)  # of mem0's graph store
            continue
        if "memory" not in value:
            raise SourceError(
                f"no memory of mem0: {part}, {element.where} has no 'memory'. Save what "
                "Memory.get_all() gives, or name another format"
            )
        seen = True
        if not wanted(string(value.get("user_id")), chosen, options):
            continue
        words = string(value.get("memory"))
        if words is None:
            options.note(Notice.EMPTY)
            continue
        yield _event(words, value, names, element, part, options)
    if not seen:
        raise SourceError(f"no memories: {part} is an empty answer. Ask get_all for a user's")


def _event(
    words: str,
    value: dict[str, Json],
    names: Names,
    element: Element,
    part: Part,
    options: Options,
) -> Event:
    where = f"{part}, {element.where}"
    role = role_of(string(value.get("role")))
    id = string(value.get("id"))
    source, external = names.identity(id, words)
    session = string(value.get("run_id")) or _NO_SESSION
    about = {
        key: held
        for key, held in value.items()
        if key not in _USED and held not in (None, "", [], {})
    }
    return Event(
        text=words,
        kind="fact",
        speaker=string(value.get("actor_id")),
        role=role,
        time=moment(value.get("created_at"), options.zone, where),
        valid_to=moment(value.get("expiration_date"), options.zone, where),
        session_id=session,
        source=source,
        external_id=external,
        position=names.place(session),
        origin=origin_of(role) if role else Origin.DERIVED,
        metadata={
            **({"id": id} if id else {}),
            **about,
            **mapping(value.get("metadata")),
        },
    )


@dataclass(slots=True)
class _State:
    """A memory while its history is read."""

    created: Json = None
    words: str | None = None
    speaker: str | None = None
    role: str | None = None
    versions: int = 0
    deleted: bool = False


def _history(part: Part, options: Options) -> Iterator[Event]:
    """The last state of every memory in a history.db."""
    there = sqlite_file.tables(part)
    states = _states(part, there)
    if "messages" in there:  # the last ten of each session, for mem0's own prompts
        for _ in sqlite_file.rows(part, "SELECT 1 FROM messages"):
            options.note(Notice.HIDDEN)
    names = Names("mem0", part.stem)
    for id, state in states.items():
        if state.deleted:
            options.note(Notice.DELETED)
            continue
        if state.words is None:
            options.note(Notice.EMPTY)
            continue
        for _ in range(state.versions - 1):
            options.note(Notice.VERSIONS)
        options.note(Notice.UNOWNED)
        role = role_of(state.role)
        source, external = names.identity(id, state.words)
        yield Event(
            text=state.words,
            kind="fact",
            speaker=state.speaker,
            role=role,
            time=moment(state.created, options.zone, f"{part}, memory {id}"),
            session_id=_NO_SESSION,
            source=source,
            external_id=external,
            position=names.place(_NO_SESSION),
            origin=origin_of(role) if role else Origin.DERIVED,
            metadata={"id": id},
        )
    if options.progress:
        options.progress(part.size)


def _states(part: Part, there: Mapping[str, frozenset[str]]) -> dict[str, _State]:
    if not there.get("history", frozenset()) >= TABLES["history"]:
        raise SourceError(
            f"no history of mem0: {part} has the tables {', '.join(sorted(there)) or 'none'}. "
            "Name the history.db that mem0 keeps, or save what get_all() gives as JSON"
        )
    wanted_columns = ("created_at", "is_deleted", "actor_id", "role")
    asked = ", ".join(sqlite_file.column(name, there["history"]) for name in wanted_columns)
    states: dict[str, _State] = {}
    query = f"SELECT memory_id, new_memory, event, {asked} FROM history ORDER BY rowid"
    for id, words, event, created, gone, speaker, role in sqlite_file.rows(part, query):
        name = string(id)
        if name is None:
            continue
        state = states.setdefault(name, _State())
        state.created = state.created or created
        state.deleted = event == "DELETE" or gone in (1, "1")
        state.versions += 1
        state.words = string(words) or state.words
        state.speaker = string(speaker) or state.speaker
        state.role = string(role) or state.role
    return states
