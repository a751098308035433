"""OpenClaw: an agent's workspace; of it what is memory, and not what instructs the agent.

    MEMORY.md, USER.md, DREAMS.md       what is to be kept
    memory/2026-04-01.md ...            day by day, and whatever else lies under memory/

Each section of these notes is a document, dated by its name or its heading as other notes are.
SOUL.md, AGENTS.md, TOOLS.md and their like tell the agent how to behave: they are counted and left
out, and everything else in the workspace is its work and not its memory. The search index
(~/.openclaw/memory/*.sqlite) holds the same words once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Origin
from mnemic.sources import markdown
from mnemic.sources.decode import lines, text
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part, census, is_plain
from mnemic.sources.parts import parts as parts_of

_KEPT = re.compile(
    r"((?P<root>[^/]+)/)?(MEMORY\.md|memory\.md|USER\.md|DREAMS\.md|memory/.+\.(md|markdown))\Z"
)
_RULES = re.compile(r"([^/]+/)?(SOUL|AGENTS|TOOLS|IDENTITY|HEARTBEAT|BOOTSTRAP|BOOT)\.md\Z")
_DAY = re.compile(r"([^/]+/)?memory/\d{4}-\d\d-\d\d[^/]*\.md\Z")
_LONG = re.compile(r"([^/]+/)?(MEMORY|memory)\.md\Z")


def recognises(names: Sequence[str]) -> bool:
    """Whether a folder with these files is a workspace: memory, beside what instructs an agent."""
    memory = any(map(_LONG.match, names)), any(map(_DAY.match, names))
    return all(memory) or (any(memory) and any(map(_RULES.match, names)))


def parts(path: Path) -> list[Part]:
    """The notes that are memory: of a workspace, or of a folder that holds workspaces."""
    found = parts_of(path)
    if any(part.member for part in found):
        raise SourceError(f"a workspace in a zip: {str(path)!r}. Unpack it and name the folder")
    if is_plain(path, found):
        return found
    chosen = [part for part in found if _KEPT.match(part.name)]
    if not chosen:
        raise SourceError(
            f"no memory in {str(path)!r}: {census(found)}. Name the workspace, the folder with "
            "MEMORY.md and memory/"
        )
    return chosen


def read(path: Path, options: Options) -> Iterator[Event]:
    """The sections of all notes, file by file; session_id is the path within the workspace."""
    root = path.resolve()
    folder = root if root.is_dir() else root.parent
    if root.is_dir():
        for part in parts_of(path):
            if _RULES.match(part.name):
                options.note(Notice.RULES)
    for part in parts(path):
        place = _KEPT.match(part.name)
        inner = place["root"] if place and place["root"] != "memory" else None
        workspace = inner or folder.name
        name = part.name.removeprefix(f"{inner}/") if inner else part.name
        source = f"openclaw:{workspace}/{name}"
        for event in markdown.note(part, source, options, lines(text(part, options))):
            yield replace(
                event,
                session_id=f"{workspace}/{name}",
                origin=Origin.AGENT,
                metadata={**event.metadata, "workspace": workspace},
            )
