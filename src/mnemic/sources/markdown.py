"""Notes in Markdown: one file, or a folder of them; one document for each section.

A section begins at a heading (# or underlined; not inside a code fence) and is known by the file
and the headings above it, so that an edited section is recognised. Its text begins with those
headings, for "Budget" alone says little. Front matter between --- lines is read simply: names,
texts, and lists of texts. The date of a section is the one that begins a heading, or the one in the
front matter (date, created ...), or in the name of the file (2025-06-02.md, journal/2025/06/02.md):
never the file's time on disk, which copying changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mnemic.core.clock import Moment
from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin
from mnemic.sources.decode import lines, text
from mnemic.sources.identity import Repeats
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part, select
from mnemic.sources.times import in_prose, moment

FILES = re.compile(r"(?i)\.(md|markdown)\Z")

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*\Z")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_FIELD = re.compile(r"([A-Za-z][\w -]*?)\s*:(?:\s+(.*)|)\Z")
_DATES = ("date", "created", "created_at", "created at", "creation date", "day", "datetime")
_DIARY = re.compile(r"(?i)\W*(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\W+)?\d{4}-\d\d-\d\d\b")
_DATED_NAME = re.compile(r"(?<!\d)(\d{4})[-_./]?(\d{2})[-_./]?(\d{2})(?:\d{4}|\d{6})?(?!\d)")


@dataclass(slots=True)
class _Section:
    """A section while it is read."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def parts(path: Path) -> list[Part]:
    """The note itself, or every note of a folder and its folders."""
    found = select(path, FILES, ".md file")
    if any(part.member for part in found):
        raise SourceError(f"notes in a zip: {str(path)!r}. Unpack it and name the folder")
    return found


def read(path: Path, options: Options) -> Iterator[Event]:
    """The sections of all notes, file by file in the order of their names.

    session_id is the path of the note within the folder, position the number of the section; the
    headings, title and tags are in the metadata.
    """
    root = path.resolve()
    folder = root if root.is_dir() else root.parent
    for part in parts(path):
        said = lines(text(part, options))
        yield from note(part, f"markdown:{folder.name}/{part.name}", options, said)


def note(part: Part, source: str, options: Options, said: Iterable[str]) -> Iterator[Event]:
    """The sections of one note, from its lines; `source` is what they are known by."""
    about, sections = _parse(iter(said))
    title = about.get("title")
    written = written_at(about, part, options)
    repeats = Repeats()
    for position, section in enumerate(sections):
        headings = [heading for _, heading in section.headings if heading]
        body = "\n".join(section.body).strip("\n")
        following = sections[position + 1 : position + 2]
        parent = bool(following) and following[0].headings[: len(section.headings)] == (
            section.headings
        )
        if not body.strip() and (parent or not headings):
            continue  # its heading is said again by the sections below it
        key = " > ".join(f"{'#' * level} {heading}" for level, heading in section.headings)
        words = "\n\n".join(
            filter(None, [" > ".join(headings or filter(None, [str(title or "")])), body])
        )
        metadata: dict[str, Json] = {"path": part.name}
        if headings:
            metadata["headings"] = headings
        metadata |= {name: about[name] for name in ("title", "tags", "aliases") if about.get(name)}
        yield Event(
            text=words,
            kind="document",
            time=_dated(headings, options) or written,
            session_id=part.name,
            source=source,
            external_id=repeats.name(key or "top"),
            position=position,
            origin=Origin.DOCUMENT,
            metadata=metadata,
        )


def _parse(written: Iterator[str]) -> tuple[dict[str, Json], list[_Section]]:
    """Front matter, and the sections of a note, the first of which has no heading."""
    about: dict[str, Json] = {}
    sections = [_Section()]
    fence = ""
    for number, line in enumerate(written):
        if number == 0 and line.rstrip() == "---":
            matter = _matter(written)
            about = front_matter(matter[:-1]) if matter[-1:] in (["---"], ["..."]) else {}
            sections[-1].body += [] if about else ["---", *matter]
            continue
        here = sections[-1]
        mark = _FENCE.match(line)
        if fence or mark:
            here.body.append(line)
            if mark and not fence:
                fence = mark[1]
            elif mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
            continue
        heading = _HEADING.match(line)
        underline = _UNDERLINE.match(line)
        if heading:
            sections.append(_Section(_under(here, len(heading[1]), heading[2] or "")))
        elif underline and here.body and _may_be_title(here.body):
            level = 1 if "=" in underline[1] else 2
            sections.append(_Section(_under(here, level, here.body.pop().strip())))
        else:
            here.body.append(line)
    return about, sections


def _under(section: _Section, level: int, heading: str) -> list[tuple[int, str]]:
    above = [(depth, title) for depth, title in section.headings if depth < level]
    return [*above, (level, heading.strip())]


def _may_be_title(body: list[str]) -> bool:
    """Whether the last line can be a heading underlined: one line of plain text by itself."""
    alone = len(body) == 1 or not body[-2].strip()
    return (
        alone and bool(body[-1].strip()) and not re.match(r"\s*([-*+>|]|\d+[.)])\s|\s{4}", body[-1])
    )


def _matter(written: Iterator[str]) -> list[str]:
    """The lines up to the next ---, or to the end."""
    seen: list[str] = []
    for line in written:
        seen.append(line.rstrip())
        if seen[-1] in ("---", "..."):
            break
    return seen


def front_matter(matter: list[str]) -> dict[str, Json]:
    """Names with texts, and with lists of texts."""
    fields: dict[str, Json] = {}
    name = ""
    for line in matter:
        found = _FIELD.match(line)
        item = re.match(r"\s*-\s+(.*\S)", line)
        if found:
            name = found[1].strip().lower()
            fields[name] = _value(found[2] or "")
        elif item and name:
            before = fields[name]
            fields[name] = [*(before if isinstance(before, list) else []), _bare(item[1])]
    return fields


def _value(written: str) -> Json:
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        return [bare for item in written[1:-1].split(",") if (bare := _bare(item))]
    return _bare(written)


def _bare(written: str) -> str:
    written = written.strip()
    quoted = len(written) > 1 and written[0] == written[-1] and written[0] in "\"'"
    return written[1:-1] if quoted else written


def written_at(about: dict[str, Json], part: Part, options: Options) -> Moment | None:
    """The date of the note: from its front matter, or from its name."""
    for name in _DATES:
        value = about.get(name)
        if isinstance(value, str) and value:
            try:
                return moment(value, options.zone, str(part))
            except SourceError:
                found = in_prose(value, options.zone)
            if found:
                return found
            options.note(Notice.UNTIMED)
    found_name = _DATED_NAME.search(part.name)
    return in_prose("-".join(found_name.groups()), options.zone) if found_name else None


def _dated(headings: list[str], options: Options) -> Moment | None:
    """The date with which the innermost of the headings begins that begins with one."""
    days = filter(None, (_DIARY.match(heading) for heading in reversed(headings)))
    return next(filter(None, (in_prose(day[0], options.zone) for day in days)), None)
