"""The one door to all formats: read a path, tell its size, list the formats.

    for event in read("conversations.json"):
        print(event.session_id, event.role, event.text)

Reading is lazy and can be done again from the start by calling `read` again; the same file gives
the same events with the same identities. A file that is cut short or damaged raises at that place:
to write nothing of it, read it once through before the first write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
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
    transcript,
    whatsapp,
)
from mnemic.sources.detect import detect
from mnemic.sources.options import Notice, Options, Progress
from mnemic.sources.parts import Part
from mnemic.sources.questions import Question
from mnemic.sources.shape import storable_event


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be read."""

    name: str
    meaning: str
    """One line for lists of formats."""
    parts: Callable[[Path], list[Part]]
    """The files that will be read."""
    read: Callable[[Path, Options], Iterator[Event]]
    questions: Callable[[Path, Options | None], Iterator[Question]] | None = None
    """For benchmarks: the questions with their evidence."""


FORMATS = MappingProxyType({
    one.name: one
    for one in (
        Format("chatgpt", "ChatGPT's data export: conversations.json, its zip or folder",
               exports.parts, chatgpt.read),
        Format("claude", "Claude.ai's data export: conversations.json, its zip or folder",
               exports.parts, claude.read),
        Format("whatsapp", "WhatsApp's exported chat: a .txt, or the .zip with _chat.txt",
               whatsapp.parts, whatsapp.read),
        Format("jsonl", "messages as JSON Lines or a JSON list: role, content, timestamp, ...",
               jsonl.parts, jsonl.read),
        Format("markdown", "notes: one .md file, or a folder of them",
               markdown.parts, markdown.read),
        Format("transcript", "plain text with lines of the form 'Name: text'",
               transcript.parts, transcript.read),
        Format("mem0", "mem0: what get_all() gives, as JSON, or its history.db",
               mem0.parts, mem0.read),
        Format("graphiti", "Graphiti: nodes, edges and episodes, as JSON",
               graphiti.parts, graphiti.read),
        Format("langgraph", "LangGraph: the file of a SqliteStore, or items as JSON",
               langgraph.parts, langgraph.read),
        Format("mempalace", "MemPalace: the folder of a palace, or an export of it",
               mempalace.parts, mempalace.read),
        Format("basic-memory", "basic-memory: a folder of notes with observations and relations",
               basic_memory.parts, basic_memory.read),
        Format("openclaw", "OpenClaw: an agent's workspace with MEMORY.md and memory/",
               openclaw.parts, openclaw.read),
        Format("locomo", "the LoCoMo benchmark: locomo10.json",
               locomo.parts, locomo.read, locomo.questions),
        Format("longmemeval", "the LongMemEval benchmark: longmemeval_s.json and its kin",
               longmemeval.parts, longmemeval.read, longmemeval.questions),
        Format("beam", "the BEAM benchmark: a chat.json, or a folder of chats",
               beam.parts, beam.read, beam.questions),
    )
})  # fmt: skip


def read(
    path: str | Path,
    format: str = "auto",
    *,
    zone: tzinfo = UTC,
    encoding: str | None = None,
    day_first: bool | None = None,
    branches: bool = False,
    progress: Progress | None = None,
    notice: Callable[[Notice], None] | None = None,
    user: str | None = None,
) -> Iterator[Event]:
    """The events of a file, zip or folder, in its order.

    format: one of `FORMATS`, or "auto" to recognise it by what it holds.
    zone: for times that name none.
    encoding: of texts that are not UTF-8, such as "cp1251"; None decides by the bytes.
    day_first: for a WhatsApp file whose dates can be read both ways.
    branches: also give what was edited or regenerated away in ChatGPT's and Claude's exports.
    progress: hears, again and again, how many bytes were read; together they are `size`.
    notice: hears of each thing in the file that is not among the events, and why.
    user: of a file that holds several users, the one whose memories are wanted.

    Raises SourceError: at once for an unknown format or a path that is not there; from the
    iterator, with file, line and remedy, where the file is damaged or not what it should be.
    """
    options = Options(zone, encoding, day_first, branches, progress, notice, user)
    path = Path(path)
    return _storable(_format(path, format, encoding).read(path, options), path)


def conversations(
    path: str | Path, format: str = "auto", *, zone: tzinfo = UTC
) -> Iterator[tuple[str, Iterator[Event]]]:
    """The events by conversation: (its id, its events), to put each where it belongs.

    A conversation is a benchmark's sample, else a session. Each iterator ends where the next pair
    is asked for, and only events that follow each other in the file are put together.
    """
    return groupby(
        read(path, format, zone=zone),
        lambda event: str(event.metadata.get("conversation") or event.session_id or ""),
    )


def size(path: str | Path, format: str = "auto", *, encoding: str | None = None) -> int:
    """The bytes that reading the path will report to `progress`. Raises SourceError as `read`."""
    path = Path(path)
    return sum(part.size for part in _format(path, format, encoding).parts(path))


def questions(path: str | Path, format: str = "auto", *, zone: tzinfo = UTC) -> Iterator[Question]:
    """The questions of a benchmark's file. Raises SourceError for a format that has none."""
    path = Path(path)
    chosen = _format(path, format, None)
    if chosen.questions is None:
        having = ", ".join(name for name, one in FORMATS.items() if one.questions)
        raise SourceError(
            f"no questions in the format {chosen.name!r}. Formats with them: {having}"
        )
    return chosen.questions(path, Options(zone))


def _storable(events: Iterator[Event], path: Path) -> Iterator[Event]:
    try:
        for event in events:
            yield storable_event(event)
    except RecursionError:
        raise _too_deep(path) from None


def _too_deep(path: Path) -> SourceError:
    return SourceError(f"nested too deeply: {path}. A message has no such form; check the file")


def _format(path: Path, name: str, encoding: str | None) -> Format:
    try:
        chosen = FORMATS.get(detect(path, encoding) if name == "auto" else name)
    except RecursionError:
        raise _too_deep(path) from None
    if chosen is None:
        raise SourceError(f"unknown format {name!r}. Known: auto, {', '.join(FORMATS)}")
    return chosen
