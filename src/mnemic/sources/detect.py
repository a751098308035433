"""Which format a file or folder has, from what it holds; names only decide what it looks into."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from contextlib import suppress
from itertools import islice
from pathlib import Path, PurePosixPath

from mnemic.core.errors import SourceError
from mnemic.core.records import Json
from mnemic.sources import (
    basic_memory,
    beam,
    chatgpt,
    claude,
    exports,
    graphiti,
    jsonl,
    langgraph,
    locomo,
    longmemeval,
    markdown,
    mem0,
    mempalace,
    openclaw,
    sqlite_file,
    transcript,
    whatsapp,
)
from mnemic.sources.decode import lines, text
from mnemic.sources.json_stream import elements
from mnemic.sources.options import Options
from mnemic.sources.parts import Part, census, is_plain, parts

NAMES = (
    "chatgpt", "claude", "whatsapp", "jsonl", "markdown", "transcript",
    "mem0", "graphiti", "langgraph", "mempalace", "basic-memory", "openclaw",
    "locomo", "longmemeval", "beam",
)  # fmt: skip

_LOOK = 200
"""Lines at the start of a text that are looked at."""
_HEAD = 1 << 20
"""Characters at the start of a text that are looked at; a first message may be a pasted page."""
_DATA = re.compile(r"(?i)\.(json|jsonl|ndjson)(\.gz)?\Z")
"""What may hold conversations beside notes."""
_ABOUT = re.compile(
    r"(?i)(^|/)(readme|source|licen[sc]e|notice|changelog|citation)\b[^/]*\.(md|markdown)\Z"
)
"""Notes that tell of the files beside them."""

_JSON = {
    "chatgpt": chatgpt.recognises,
    "claude": claude.recognises,
    "longmemeval": longmemeval.recognises,
    "locomo": locomo.recognises,
    "beam": beam.recognises,
    "mem0": mem0.recognises,
    "graphiti": graphiti.recognises,
    "langgraph": langgraph.recognises,
    "mempalace": mempalace.recognises,
    "jsonl": jsonl.recognises,
}
_TABLES = {
    "langgraph": langgraph.TABLES,
    "mem0": mem0.TABLES,
    "mempalace": mempalace.TABLES,
}
_DATABASE = re.compile(r"(?i)(^|/)(chroma\.sqlite3|history\.db|store[^/]*\.(db|sqlite3?))\Z")
"""What other memory systems call their databases."""
_NOTES = 50
"""Notes of a folder that are looked into, to see whether a program keeps it."""
_REMEDY = f"Name the format yourself, one of {', '.join(NAMES)}, if you know that it is one"


def detect(path: Path, encoding: str | None = None) -> str:
    """The name of the format of a file, a zip or a folder.

    Raises SourceError, saying what was seen and which formats there are, when it is none of them;
    and when the path is not there, empty, binary or damaged where it is looked at.
    """
    options = Options(encoding=encoding)
    found = parts(path)
    _refuse_ours(path, found)
    return _file(found[0], options) if is_plain(path, found) else _many(path, found, options)


def _refuse_ours(path: Path, found: list[Part]) -> None:
    """Files of mnemic itself are not imported: they bring their whole history by another way."""
    if {"manifest.json", "changes.jsonl"} <= {part.name for part in found}:
        raise SourceError(f"{path} is a cube of mnemic. Take it over with Memory.load")
    if is_plain(path, found) and sqlite_file.is_sqlite(found[0]) and sqlite_file.is_ours(found[0]):
        raise SourceError(
            f"{path} is a database of mnemic. Write it to a cube with Memory.export, and take that "
            "over with Memory.load"
        )


def _many(path: Path, found: list[Part], options: Options) -> str:
    """The format of a folder or zip, from the first of its files that says something."""
    near = [part for part in found if part.name.count("/") <= 1]
    telling = [part for part in near if exports.FILES.search(part.name)]
    telling += [part for part in near if PurePosixPath(part.name).name == "_chat.txt"]
    telling += [part for part in found if beam.FILES.search(part.name)]
    written = [part for part in found if markdown.FILES.search(part.name)]
    notes = len(written)
    logs = [part for part in found if jsonl.FILES.search(part.name)]
    if not telling and (kept := _kept(found, near)):
        return kept
    if telling or len(logs) > notes:
        return _file([*telling, *logs][0], options)
    if written:
        name = _beside(path, written, near, options)
        return name if name != "markdown" else _notes(written, options)
    texts = [part for part in found if part.name.lower().endswith(".txt") and part.size]
    for part in texts[:20]:
        head = _lines(_start(part, options))
        if whatsapp.recognises(head):
            return "whatsapp"
        if transcript.recognises(head):
            return "transcript"
    raise SourceError(
        f"nothing to import in {str(path)!r}: {census(found)}, and no notes (.md), no "
        f"conversations.json, no chat. {_REMEDY}, or name the file to read"
    )


def _kept(found: list[Part], near: list[Part]) -> str | None:
    """The memory system that keeps a folder, by its database or its names; None for any other."""
    for part in near:
        if _DATABASE.search(part.name) and part.member is None:
            with suppress(SourceError):  # any program may keep a database beside notes
                if sqlite_file.is_sqlite(part) and (
                    name := _system(sqlite_file.tables(part), part)
                ):
                    return name
    return "openclaw" if openclaw.recognises([part.name for part in found]) else None


def _notes(written: list[Part], options: Options) -> str:
    """The format of a folder of notes: of the program that wrote them, where one did."""
    pages = [part for part in written if part.name in ("index.md", "overview.md")]
    for part in [*pages, *written[:_NOTES]]:
        with suppress(SourceError):  # what cannot be decoded is told when it is read
            head = _lines(_start(part, options))
            if part in pages and mempalace.recognises_index(head):
                return "mempalace"
            if basic_memory.recognises(head):
                return "basic-memory"
    return "markdown"


def _database(part: Part) -> str:
    """The format of a SQLite file, from its tables."""
    there = sqlite_file.tables(part)
    name = _system(there, part)
    if name is None:
        shown = ", ".join(sorted(there)[:8]) or "none"
        raise SourceError(f"unknown database: {part} has the tables {shown}. {_REMEDY}")
    return name


def _system(there: Mapping[str, Set[str]], part: Part) -> str | None:
    """The memory system that keeps a database with these tables."""
    for name, expected in _TABLES.items():
        if all(there.get(table, frozenset()) >= held for table, held in expected.items()):
            return name if name != "mempalace" or mempalace.is_palace(part) else None
    return None


def _beside(path: Path, written: list[Part], near: list[Part], options: Options) -> str:
    """The format of a folder with notes: of the data beside them, where they only tell of it.

    Raises SourceError where there is data that would be left out, and names it.
    """
    for part in [part for part in near if _DATA.search(part.name) and part.size][:20]:
        try:
            name = _json(part, options)
        except (SourceError, RecursionError):
            continue  # settings, tables and the like lie beside notes too
        told = all(_ABOUT.search(note.name) for note in written)
        if name == "jsonl" and jsonl.FILES.search(part.name) and told:
            return name
        raise SourceError(
            f"both data and notes: {str(path)!r} holds {part.name} ({name}) beside "
            f"{written[0].name}. Import the file by its name, {part}; or, for the notes alone, "
            "name the format markdown"
        )
    return "markdown"


def _file(part: Part, options: Options) -> str:
    if sqlite_file.is_sqlite(part):
        return _database(part)
    start = _start(part, options).lstrip("\ufeff \t\r\n")
    if not start:
        raise SourceError(f"empty: {part}. There is nothing in it to import; check the file")
    head = _lines(start)
    talk = start[0] == "[" and (whatsapp.recognises(head) or transcript.recognises(head))
    if start[0] in "[{" and not talk:
        return _json(part, options)
    if "\0" in start:
        raise SourceError(f"not text: {part} is a binary file. {_REMEDY}")
    if markdown.FILES.search(part.name):
        return "basic-memory" if basic_memory.recognises(head) else "markdown"
    if _is_chat(part, head):
        return "whatsapp"
    if transcript.recognises(head):
        return "transcript"
    prose = PurePosixPath(part.name).suffix.lower() in ("", ".txt", ".text")
    if prose and (head[0] == "---" or any(line.startswith(("# ", "## ")) for line in head)):
        return "markdown"
    hint = ""
    if start[:200].lower().startswith(("<!doctype html", "<html")):
        hint = "It is a web page: take the conversations.json that came with it. "
    elif any(":" in line for line in head):
        hint = "If its lines are of the form 'Name: text', say --format transcript. "
    raise SourceError(f"unknown format: {part} begins with {start[:40]!r}. {hint}{_REMEDY}")


def _json(part: Part, options: Options) -> str:
    """The format of a JSON file, from its first element."""
    first = next(elements(text(part, options), str(part), exports.UNWRAP), None)
    if first is None:
        raise SourceError(f"empty: {part} is a list without items. There is nothing to import")
    for name, recognises in _JSON.items():
        if recognises(first.value):
            return name
    raise SourceError(f"unknown format: {part}, its first item is {_shape(first.value)}. {_REMEDY}")


def _is_chat(part: Part, head: list[str]) -> bool:
    """Whether it is a WhatsApp chat rather than a transcript with times, which looks alike."""
    if not whatsapp.recognises(head):
        return False
    if "whatsapp" in f"{part.path.name} {part.name}".lower() or part.name.endswith("_chat.txt"):
        return True
    ours = [line for line in head if whatsapp.header(line)]
    return not all(
        line.startswith("[") and line[5:6] == "-" and line[17:18] == "]" for line in ours
    )


def _lines(start: str) -> list[str]:
    return list(islice(lines([start]), _LOOK))


def _start(part: Part, options: Options) -> str:
    """The first characters of a part."""
    start = ""
    for piece in text(part, options, progress=False):
        start += piece[:_HEAD]
        if len(start) >= _HEAD:
            break
    return start


def _shape(value: Json) -> str:
    if isinstance(value, dict):
        return f"an object with {', '.join(map(repr, list(value)[:8])) or 'nothing in it'}"
    return "a list" if isinstance(value, list) else f"{str(value)[:40]!r}"
