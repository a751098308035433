"""WhatsApp's "export chat": a text file, or the zip that holds it as `_chat.txt`.

Phones write it in the form of their country: Android `2/6/25, 10:15 - Ana: text`, iOS
`[02.06.25, 10:15:07] Ana: text`, with 12 or 24 hours, in any order of day and month, with invisible
marks and narrow blanks, in any digits, but one file in one form. A line that does not begin so
belongs to the message before, and so does one with a date that does not exist. All dates are looked
at first, to learn their order (see `whatsapp_dates.py`).

The file names neither chat nor messages. A message is known by its minute, speaker and words, and
by who wrote before it and when: the same words sent to two chats in one minute are two messages,
and a later export, even one whose beginning is cut off, is recognised. The chat's title comes from
the name that WhatsApp gives to the file; sessions are sittings (see `sittings.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from mnemic.core.clock import Moment, Precision
from mnemic.core.errors import SourceError, TimestampError
from mnemic.core.events import Event
from mnemic.core.records import Json
from mnemic.sources.decode import lines, text
from mnemic.sources.identity import Occurrences, digest
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part, is_plain
from mnemic.sources.parts import parts as parts_of
from mnemic.sources.sittings import Sittings
from mnemic.sources.whatsapp_dates import AFTERNOON, MORNING, Numbers, hour_of, on, order_of

_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_S = rf"[\s{_MARKS}]{{0,4}}"
_HALF = (
    r"[ap]\.?\s?m\.?|π\.?\s?μ\.?|μ\.?\s?μ\.?|dop\.|odp\.|de\.|du\.|"
    + "|".join(sorted(AFTERNOON | MORNING, key=len, reverse=True))
)  # fmt: skip
_DATE = (
    rf"(?P<a>\d{{1,4}}){_S}(?P<parting>[./\-年년]){_S}(?P<b>\d{{1,2}}){_S}[./\-月월]{_S}"
    r"(?P<c>\d{1,4})[.日일]?"
)
_CLOCK = (
    rf"(?:(?:klo|kl\.|at|um|à|às|a las|в)\s)?(?:(?P<before>{_HALF}){_S})?(?P<hour>\d{{1,2}})[:.]"
    rf"(?P<minute>\d{{2}})(?:[:.](?P<second>\d{{2}}))?(?:{_S}(?P<after>{_HALF}))?"
)
_HEADERS = tuple(
    re.compile(rf"{_S}{form}", re.I)
    for form in (
        rf"{_DATE}[,،、]?{_S}{_CLOCK}{_S}[-–—]\s",  # Android
        rf"\[{_S}{_DATE}[,،、]?{_S}{_CLOCK}{_S}\]\s?",  # iOS
        rf"\[{_S}{_CLOCK},{_S}{_DATE}{_S}\]\s?",  # copied out of WhatsApp Web
        rf"{_DATE}[,،、]?{_S}{_CLOCK}:\s",  # iOS before 2016
    )
)
_SPEAKER = re.compile(
    rf"{_S}(?:~{_S})?(?P<name>[^\n]{{1,100}}?){_S}:(?:[ \u00a0]|\Z|(?=[{_MARKS}]))"
)
_QUOTES = frozenset('"“”«»„')

_OMITTED = re.compile(
    r"<[^<>\n]*(?:medi|mídi|multim|omit|omis|omess|omíd|weggelat|ausgeschl|ficheiro|медиа|файл|"
    r"多媒|媒体|媒體|メディア|미디어|وسائط|मीडिया)[^<>\n]*>\Z",
    re.I,
)
_ATTACHED = re.compile(
    rf"[{_MARKS}]*+(?:<[^<>:\n]{{3,30}}:\s?(?P<ios>[^<>\n]+\.\w{{2,5}})>"
    r"|(?P<android>[^\n]+\.\w{2,5}) \((?:file attached|archivo adjunto|arquivo anexado|"
    r"ficheiro anexado|datei angehängt|fichier joint|file allegato|bestand bijgevoegd|"
    r"dosya ekli|файл добавлен|文件附件|檔案已附加|添付ファイル|파일 첨부됨)\))\Z",
    re.I,
)
_EDITED = re.compile(
    rf"\s?(?:[{_MARKS}]<[^<>\n]{{4,60}}>|<(?:this message was edited|se editó este mensaje|"
    "este mensaje fue editado|esta mensagem foi editada|mensagem editada|"
    "diese nachricht wurde bearbeitet|ce message a été modifié|"
    r"questo messaggio è stato modificato|dit bericht is bewerkt)\.?>)\Z",
    re.I,
)
_DELETED = frozenset({
    "this message was deleted", "you deleted this message",
    "se eliminó este mensaje", "eliminaste este mensaje", "este mensaje fue eliminado",
    "mensagem apagada", "esta mensagem foi apagada", "você apagou esta mensagem",
    "esta mensagem foi eliminada", "eliminou esta mensagem",
    "diese nachricht wurde gelöscht", "du hast diese nachricht gelöscht",
    "ce message a été supprimé", "vous avez supprimé ce message",
    "questo messaggio è stato eliminato", "hai eliminato questo messaggio",
    "dit bericht is verwijderd", "je hebt dit bericht verwijderd",
})  # fmt: skip
_TITLE = re.compile(
    r".*?whats[\s_]?app(?![a-z]).*?(?:[\s_]-[\s_]|[\s_](?:with|mit|con|com|avec|met|dengan|с)[\s_])(.+)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Header:
    """The beginning of a message: when, as the phone wrote it, and where the rest begins."""

    numbers: Numbers
    hour: int
    minute: int
    second: int | None
    end: int
    form: int
    """Which of the forms it has; a file has one."""
    american: bool
    """Written as phones in the USA do: 6/2/25, 10:15 AM."""


def header(line: str, form: int | None = None) -> Header | None:
    """Read the date and time that begin a line; None when it belongs to the message before.

    `form`: the only form to look for; None looks for all.

    >>> header("02.06.25, 22:15 - Ana: hi").hour
    22
    >>> header("[6/2/25, 10:15:07\\u202fPM] Ana: hi").hour
    22
    """
    for number in range(len(_HEADERS)) if form is None else (form,):
        found = _HEADERS[number].match(line)
        if found:
            half = found["before"] or found["after"] or ""
            hour = hour_of(int(found["hour"]), half)
            minute, second = int(found["minute"]), found["second"]
            if hour > 23 or minute > 59 or int(second or 0) > 59:
                return None
            numbers = (int(found["a"]), int(found["b"]), int(found["c"]))
            american = found["parting"] == "/" and half in ("AM", "PM") and numbers[2] < 100
            seconds = int(second) if second else None
            return Header(numbers, hour, minute, seconds, found.end(), number, american)
    return None


def recognises(head: list[str]) -> bool:
    """Whether one of the first lines of a file begins as messages do here."""
    return any(header(line) is not None for line in head[:20])


def parts(path: Path) -> list[Part]:
    """The chats of a path: a text file; of a zip or folder `_chat.txt`, or its text files."""
    found = parts_of(path)
    if is_plain(path, found):
        return found
    named = [part for part in found if part.name.lower().endswith(".txt")]
    chats = [part for part in named if PurePosixPath(part.name).name == "_chat.txt"]
    chats = chats or [part for part in named if "whatsapp" in part.name.lower()] or named
    if not chats:
        raise SourceError(f"no WhatsApp chat in {str(path)!r}. Name the exported .txt or .zip")
    return chats


def read(path: Path, options: Options) -> Iterator[Event]:
    """The messages of a chat, in the order of the file.

    session_id is the chat's title and the begin of the sitting, metadata["chat"] the title.
    Notices of the app, deleted messages and media without words are left out, and noted. Raises
    SourceError when no line begins as messages do, or no order of day and month fits all dates.
    """
    for part in parts(path):
        yield from _chat(part, options)


def _chat(part: Part, options: Options) -> Iterator[Event]:
    form, order = _survey(part, options)
    title = _title(part)
    sittings, seen = Sittings(title), Occurrences()
    before: tuple[str, str] | None = None
    for number, head, day, said in _messages(part, form, order, options):
        found = _SPEAKER.match(said)
        name = _unmarked(found["name"]) if found else ""
        if found is None or not name or _QUOTES & set(name):
            options.note(Notice.SYSTEM)
            continue
        time, minute = _time(head, day, options, f"{part}, line {number}")
        words, extra = _words(said[found.end() :])
        own, before_it = (name, minute), before
        if extra is not Notice.SYSTEM:
            before = own
        if isinstance(extra, Notice):
            options.note(extra)
            continue
        key = digest(*own, words, *(before_it or (None, None)))
        session, position = sittings.place(time)
        yield Event(
            text=words,
            speaker=name,
            time=time,
            session_id=session,
            source="whatsapp",
            external_id=seen.name(key),
            position=position,
            metadata={"chat": title, **extra},
        )


def _messages(
    part: Part, form: int, order: str, options: Options
) -> Iterator[tuple[int, Header, date, str]]:
    """The number of each message's first line, its header, its day, and what follows the header."""
    begun: tuple[int, Header, date] | None = None
    said: list[str] = []
    for number, line in enumerate(lines(text(part, options)), 1):
        head = header(line, form)
        day = on(head.numbers, order) if head else None
        if head is None or day is None:
            if begun is not None:
                said.append(line)
            elif line.strip():
                options.note(Notice.STRAY)
            continue
        if begun is not None:
            yield *begun, "\n".join(said)
        begun, said = (number, head, day), [line[head.end :]]
    if begun is not None:
        yield *begun, "\n".join(said)


def _survey(part: Part, options: Options) -> tuple[int, str]:
    """A first look at the whole file: the form of its lines, and the order of its dates."""
    dates: list[Numbers] = []
    form: int | None = None
    american = False
    quiet = Options(encoding=options.encoding)
    for line in lines(text(part, quiet, progress=False)):
        head = header(line, form)
        if head is not None:
            form = head.form
            american = american or head.american
            if not dates or dates[-1] != head.numbers:
                dates.append(head.numbers)
    if form is None:
        raise SourceError(
            f"no WhatsApp chat: {part}, no line begins with a date and a time, such as "
            "'02/06/2025, 10:15 - Ana: ...'. Export the chat again, or use format=\"auto\""
        )
    order = order_of(dates, options.day_first, american)
    if order is None:
        raise SourceError(
            f"dates that contradict each other: {part}, no order of day and month fits its "
            f"{len(dates)} dates, such as {_written(dates[0])} and {_written(dates[-1])}. "
            "Import the parts that were written with one setting of the phone by themselves"
            + ("" if options.day_first is None else ", or leave out day_first")
        )
    return form, order


def _time(head: Header, day: date, options: Options, where: str) -> tuple[Moment, str]:
    """When it was sent, and a name of the minute that does not depend on the order of the date."""
    local = datetime(day.year, day.month, day.day, head.hour, head.minute, head.second or 0)
    try:
        time = Moment.parse(local, options.zone)
    except TimestampError as reason:
        raise SourceError(f"{where}: {reason}") from None
    if head.second is None:
        time = Moment(time.micros, time.offset, Precision.MINUTE)
    low, high = sorted((day.month, day.day))
    return time, f"{day.year} {low} {high} {head.hour}:{head.minute}"


def _words(said: str) -> tuple[str, dict[str, Json] | Notice]:
    """What a message says, with its metadata; or why there is nothing to remember in it."""
    first, _, caption = said.partition("\n")
    attached = _ATTACHED.match(first.strip())
    extra: dict[str, Json] = {}
    if attached:
        file = _unmarked(attached["ios"] or attached["android"])
        extra["file"] = file
        said = f"[file: {file}]\n{caption}"
    elif _OMITTED.match(_unmarked(first)):
        if not caption.strip():
            return "", Notice.MEDIA
        said = f"[media]\n{caption}"
    elif first.startswith("\u200e") and not caption and "://" not in first:
        return "", Notice.MEDIA if len(first.split()) <= 3 else Notice.SYSTEM
    elif _unmarked(said).rstrip(".").lower() in _DELETED:
        return "", Notice.DELETED
    edited = _EDITED.search(said)
    if edited:
        said = said[: edited.start()]
        extra["edited"] = True
    words = _unmarked(said)
    return (words, extra) if words else ("", Notice.EMPTY)


def _unmarked(said: str) -> str:
    """Without the invisible marks at either end, and without those around the names of people."""
    marks = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\ufeff"
    return said.replace("\u2068", "").replace("\u2069", "").strip(marks + " \t\r\n\u00a0\u202f")


def _title(part: Part) -> str:
    """The chat's title, from "WhatsApp Chat with Ana.txt", in whatever language."""
    stem = part.stem
    if stem == "_chat":
        stem = part.path.stem if part.member else part.path.resolve().parent.name
    found = _TITLE.match(stem)
    return re.sub(r"[\s_]*\(\d+\)\Z", "", found[1] if found else stem).strip() or stem


def _written(numbers: Numbers) -> str:
    return "/".join(map(str, numbers))
