"""basic-memory: its project folder of Markdown notes, with observations and relations.

    - [decision] Tokens end after 15 minutes #security (after the audit)      an observation
    - depends_on [[User Database]] (since May)                                a relation

Each observation and each relation becomes a fact that begins with the title of its note; what else
a note says becomes documents, section by section, as with other notes. A note is known by its
permalink, which stays when the file is moved, an observation by its words. Its category, tags and
context, and the type and target of a relation, are in the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from mnemic.core.clock import Moment
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin
from mnemic.sources import markdown
from mnemic.sources.decode import lines, text
from mnemic.sources.identity import Repeats, digest
from mnemic.sources.options import Options
from mnemic.sources.parts import Part

parts = markdown.parts

_ITEM = re.compile(r"\s*[-*+] +")
_CATEGORY = re.compile(r"\[([^\[\]()]{1,60})\] +(\S.*)")
_TASK = frozenset({"", "x", "X", "-", "/", ">", "!", "?"})
"""What stands between the brackets of a task's box."""
_TARGET = re.compile(r"([^\[\]]{0,60})\[\[([^\[\]]{1,300})\]\](.*)")
_TAG = re.compile(r"(?<!\S)#([^\s#]+)")


@dataclass(slots=True)
class _Note:
    """What stands in a note besides its prose."""

    matter: list[str] = field(default_factory=list)
    facts: list[tuple[str, str, dict[str, Json]]] = field(default_factory=list)
    """Key, words and metadata of each observation and relation."""

    @property
    def about(self) -> dict[str, Json]:
        """The front matter."""
        return markdown.front_matter(self.matter)


def recognises(head: Iterable[str]) -> bool:
    """Whether a note has a permalink in its front matter, and an observation or a relation."""
    note = _Note()
    for _ in _prose(head, note):
        pass
    return bool(note.facts) and bool(note.about.get("permalink"))


def read(path: Path, options: Options) -> Iterator[Event]:
    """Prose, observations and relations, note by note; session_id is the permalink."""
    root = path.resolve()
    folder = root if root.is_dir() else root.parent
    for part in parts(path):
        note = _Note()
        said = list(_prose(lines(text(part, options)), note))
        about = note.about
        link = _one(about.get("permalink")) or f"{folder.name}/{part.name}"
        title = _one(about.get("title")) or part.stem
        shared: dict[str, Json] = {
            name: held
            for name, held in about.items()
            if name not in ("title", "tags", "aliases") and held
        }
        source = f"basic-memory:{link}"
        place = 0
        front = ["---", *note.matter, "---"] if note.matter else []
        for event in markdown.note(part, source, options, [*front, *said]):
            if note.facts and event.text == " > ".join(_texts(event.metadata.get("headings"))):
                continue  # a heading of which only observations were below
            place += 1
            yield replace(
                event,
                session_id=link,
                position=place - 1,
                metadata={**shared, **event.metadata},
            )
        time = markdown.written_at(about, part, Options(zone=options.zone))
        yield from _facts(note, title, time, place, source, link, part, shared)


def _facts(
    note: _Note,
    title: str,
    time: Moment | None,
    place: int,
    source: str,
    link: str,
    part: Part,
    shared: dict[str, Json],
) -> Iterator[Event]:
    repeats = Repeats()
    for number, (key, words, own) in enumerate(note.facts, place):
        yield Event(
            text=f"{title}: {words}",
            kind="fact",
            time=time,
            session_id=link,
            source=source,
            external_id=repeats.name(key),
            position=number,
            origin=Origin.DOCUMENT,
            metadata={**shared, "path": part.name, "title": title, **own},
        )


def _prose(written: Iterable[str], note: _Note) -> Iterator[str]:
    """The lines of a note but for front matter, observations and relations, which go to `note`."""
    said = list(written)
    if said and said[0].rstrip() == "---":
        ends = (at for at, line in enumerate(said[1:], 1) if line.rstrip() in ("---", "..."))
        end = next(ends, None)
        if end is not None:
            note.matter = [line.rstrip() for line in said[1:end]]
            said = said[end + 1 :]
    fence = False
    for line in said:
        if line.lstrip().startswith(("```", "~~~")):
            fence = not fence
        found = None if fence else _fact(line)
        if found is None:
            yield line
        else:
            note.facts.append(found)


def _fact(line: str) -> tuple[str, str, dict[str, Json]] | None:
    """Key, words and metadata of an observation or a relation; None for any other line."""
    item = _ITEM.match(line)
    if item is None:
        return None
    said = line[item.end() :].strip()
    observed = _CATEGORY.match(said)
    if observed and observed[1].strip() not in _TASK:
        category = observed[1].strip()
        tags = _TAG.findall(observed[2])
        own: dict[str, Json] = {"category": category, **({"tags": list(tags)} if tags else {})}
        return f"[{category}] {digest(observed[2])}", observed[2], own
    related = _TARGET.match(said)
    if related and related[1].strip():
        relation, target = related[1].strip().strip("\"'"), related[2].strip()
        words = " ".join(filter(None, (relation.replace("_", " "), target, related[3].strip())))
        return f"{relation} [[{target}]]", words, {"relation": relation, "target": target}
    return None


def _one(value: Json) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _texts(value: Json) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
