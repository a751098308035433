"""Plain transcripts: lines of `Name: text`, with or without times, cut into sessions.

    # 2025-06-02
    [10:00] Ana: Did you book the train?
    [10:01] Ben: Yes,
      the one at nine.

A line that is indented, or does not begin with a name, belongs to the message before; a blank line
ends nothing. A heading, a line that is only a date, "Session 3 (2025-06-02)" and a rule (---) begin
a session where a message comes next; without any, where times are given, sessions are sittings.
When one line of the file has a time, only lines with a time begin a message. A name is capitalised,
or a role (user, assistant), or occurs more than once.

A message is known by the name of the file, its time, its speaker and its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from mnemic.core.clock import Moment
from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.sources.decode import lines, text
from mnemic.sources.identity import Occurrences, digest
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part, select
from mnemic.sources.roles import origin_of, role_of
from mnemic.sources.sittings import Sittings
from mnemic.sources.times import in_prose, moment

FILES = re.compile(r"(?i)\.(txt|text|log)(\.gz)?\Z")

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:\s?[ap]\.?m\.?)?"
_STAMP = re.compile(
    rf"[\[(]?(?P<stamp>\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}(?:(?:T|,?\s+){_CLOCK}\s?(?:Z|UTC|[+-]\d\d:?\d\d)?)?"
    rf"|{_CLOCK})[\])]?(?:\s*[-–—|]\s+|\s+|:\s+)(?=\S)",
    re.I,
)
_NAME = re.compile(
    r"(?:\*\*|__)?(?P<name>(?:[^\W_]|\+\d)[^:：\n*\[\]{}<>=|\"]{0,47}?)(?:\*\*|__)?\s?"
    r"[:：](?:\*\*|__)?(?:[ \t]+|\Z|(?<=：))"
)
_WORDS_IN_NAME = 5
_NO_NAMES = frozenset((
    "note", "ps", "p.s", "todo", "warning", "example", "edit", "update", "http", "https", "file",
    "error", "info", "debug", "trace",
))  # fmt: skip
_RULE = re.compile(r"([-=*_])(?:\s*\1){2,}\s*\Z")
_HEADING = re.compile(r"#{1,6}\s++(?P<title>.*\S)")
_SESSION = re.compile(
    r"(?i)(?!\s)\W{0,6}(?P<title>(?:session|conversation|dialogue|meeting|chat|day|part)\b\s*[#\d(][^:]*(?::\s*\S.*)?)\Z"
)
_DATE_ONLY = re.compile(
    r"(?i)(?!\s)\W{0,6}(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s+)?"
    r"(?:\d{4}-\d{2}-\d{2}(?:[T\s,]+\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}\s+[a-z]{3,9},?\s+\d{4}|[a-z]{3,9}\s+\d{1,2},?\s+\d{4})\W{0,6}\Z"
)


@dataclass(frozen=True, slots=True)
class _Start:
    """How a line begins a message."""

    stamp: str | None
    name: str
    text: str


def _start(line: str) -> _Start | None:
    """Read `[time] Name: text`; None for a line of another form."""
    if not line or line[0].isspace():
        return None
    stamp = _STAMP.match(line)
    begin = stamp.end() if stamp else 0
    found = _NAME.match(line, begin)
    if not found:
        return None
    name = found["name"].strip()
    if len(name.split()) > _WORDS_IN_NAME or name.lower() in _NO_NAMES or name[-1] in ".,;!?":
        return None
    if name[0] != "+" and not any(letter.isalpha() for letter in name):
        return None
    return _Start(stamp["stamp"] if stamp else None, name, line[found.end() :])


def _session(line: str) -> str | None:
    """The title of the session that a line begins, "" when it has none; None for other lines."""
    if _RULE.match(line):
        return ""
    heading = _HEADING.match(line)
    if heading:
        return heading["title"]
    if _DATE_ONLY.match(line):
        return line.strip(" -=*_#\t")
    found = _SESSION.match(line)
    return found["title"].strip(" -=*_#\t") if found else None


def recognises(head: list[str]) -> bool:
    """Whether lines from the start of a file read as a transcript.

    A third of the lines begin messages, and two lines have a speaker in common or a time; or every
    line begins one, and there are two speakers or more.
    """
    written = [line for line in head if line.strip() and _session(line) is None]
    starts = [start for line in written if (start := _start(line)) and _likely(start, {})]
    names = Counter(start.name for start in starts)
    clear = any(start.stamp for start in starts) or any(
        count > 1 or role_of(name) for name, count in names.items()
    )
    if len(names) >= 2 and len(starts) == sum(bool(line.strip()) for line in head):
        return True
    return clear and len(starts) >= 2 and len(starts) * 3 >= len(written)


def parts(path: Path) -> list[Part]:
    """The file itself; of a folder or zip, its .txt files."""
    return select(path, FILES, ".txt file")


def read(path: Path, options: Options) -> Iterator[Event]:
    """The messages, in the order of the file.

    session_id is the name of the file with the title or number of the session. Raises SourceError
    when no line begins a message.
    """
    for part in parts(path):
        yield from _transcript(part, options)


def _likely(start: _Start, names: dict[str, int]) -> bool:
    """Whether the name is one: capitalised or without case, a role, or seen more than once."""
    first = start.name[0]
    return not first.islower() or role_of(start.name) is not None or names.get(start.name, 0) > 1


def _survey(part: Part, options: Options) -> tuple[dict[str, int], bool]:
    """A first look at the file: how often each name occurs, and whether lines have times."""
    names: Counter[str] = Counter()
    timed = False
    quiet = Options(encoding=options.encoding)
    for line in lines(text(part, quiet, progress=False)):
        start = _start(line) if _session(line) is None else None
        if start:
            names[start.name] += 1
            timed = timed or start.stamp is not None
    return dict(names), timed


def _transcript(part: Part, options: Options) -> Iterator[Event]:
    names, timed = _survey(part, options)
    source = f"transcript:{part.stem}"
    place, seen, found = _Place(part.stem, options), Occurrences(), False
    for number, start, rest in _blocks(part, names, timed, options):
        if isinstance(start, str):
            place.begin(start)
            continue
        found = True
        words = "\n".join([start.text, dedent("\n".join(rest))]).strip()
        if not words:
            options.note(Notice.EMPTY)
            continue
        time, clock = place.time(start.stamp, f"{part}, line {number}")
        session, position = place.next(time)
        role = role_of(start.name)
        yield Event(
            text=words,
            speaker=None if role else start.name,
            role=role,
            time=time,
            session_id=session,
            source=source,
            external_id=seen.name(digest(start.stamp, start.name, words)),
            position=position,
            origin=origin_of(role),
            metadata={"clock": clock} if clock else {},
        )
    if not found:
        raise SourceError(
            f"no transcript: {part}, no line begins as 'Name: text' or '[2025-06-02 10:00] Name: "
            'text\' does. Write the names so, or read it as a note with format="markdown"'
        )


def _blocks(
    part: Part, names: dict[str, int], timed: bool, options: Options
) -> Iterator[tuple[int, _Start | str, list[str]]]:
    """Messages with the lines that follow, and titles of sessions, each with its line number.

    What looks like a title is one only if a message or another title comes next: answers hold
    headings and rules too.
    """
    begun: tuple[int, _Start] | None = None
    rest: list[str] = []
    titles: list[tuple[int, str]] = []
    since: list[str] = []
    for number, line in enumerate(lines(text(part, options)), 1):
        title = _session(line)
        start = _start(line) if title is None else None
        if start and ((timed and start.stamp is None) or not _likely(start, names)):
            start = None
        if start:
            if begun is not None:
                yield *begun, rest
            for at, held in titles:
                yield at, held, []
            begun, rest, titles, since = (number, start), [], [], []
        elif title is not None:
            titles.append((number, title))
            since.append(line)
        elif titles and not line.strip():
            since.append(line)
        elif begun is not None:
            rest += [*since, line]
            titles, since = [], []
        elif line.strip():
            options.note(Notice.STRAY)
    if begun is not None:
        yield *begun, rest


class _Place:
    """Where in its sessions a transcript stands."""

    def __init__(self, stem: str, options: Options) -> None:
        self._stem = stem
        self._options = options
        self._sittings: Sittings | None = Sittings(stem)
        self._session = stem
        self._title = ""
        self._places: dict[str, int] = {}
        self._number = 1
        self._day: Moment | None = None

    def begin(self, title: str) -> None:
        """A session begins; titles without a message between them are one title."""
        self._sittings = None
        if self._places.get(self._session):
            self._number += 1
            self._title, self._day = title, None
        else:
            self._title = f"{self._title} {title}".strip()
        self._session = f"{self._stem}/{self._title or self._number}"
        if self._places.get(self._session):
            self._session = f"{self._session} ({self._number})"
        self._day = (in_prose(title, self._options.zone) if title else None) or self._day

    def next(self, time: Moment | None) -> tuple[str, int]:
        """Session id and position of the next message."""
        if self._sittings:
            self._session, position = self._sittings.place(time)
        else:
            position = self._places.get(self._session, 0)
        self._places[self._session] = position + 1
        return self._session, position

    def time(self, stamp: str | None, where: str) -> tuple[Moment | None, str | None]:
        """The time of a message; a clock time without a day is given back as it is written."""
        zone = self._options.zone
        if stamp is None:
            return self._day, None
        if not re.match(r"\d{4}", stamp):
            if self._day is None:
                return None, stamp
            dated = in_prose(f"{self._day.as_datetime:%Y-%m-%d} {stamp}", zone)
            return dated, None if dated else stamp
        dated = in_prose(stamp, zone) if re.search(r"(?i)[ap]\.?m", stamp) else None
        return dated or moment(re.sub(r",?\s+", " ", stamp), zone, where), None
