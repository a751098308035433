"""JSON Lines of messages, and plain JSON lists of them: what programs log and exchange.

One object is one message: `{"role": "user", "content": "...", "timestamp": "..."}`, under any of
the usual names (see the tables below); or a conversation that holds a list of messages, as in
fine-tuning files. `content` may be a list of parts as OpenAI's and Anthropic's interfaces write
it. What no table names is kept in the metadata.

A message is known by its id in its session. Ids that are short ("17") are good only within a file,
so its time is taken with them; a message without id is known by session, time, speaker and words;
where there is no time to the minute either, also by the name of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mnemic.core.clock import Moment, Precision
from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.kinds import kinds
from mnemic.core.records import Json
from mnemic.sources.decode import text
from mnemic.sources.identity import Occurrences, digest
from mnemic.sources.json_stream import elements
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part, select
from mnemic.sources.roles import origin_of, role_of
from mnemic.sources.shape import mapping, sequence, string
from mnemic.sources.times import moment

FILES = re.compile(r"(?i)\.(jsonl|ndjson)(\.gz)?\Z")

CONTENT = ("content", "text", "message", "value", "body", "utterance", "parts")
SPEAKER = ("name", "speaker", "author", "sender", "from", "username", "user_name")
ROLE = ("role", "type")
TIME = (
    "timestamp", "created_at", "createdAt", "create_time", "datetime", "sent_at", "time", "date",
    "ts",
)  # fmt: skip
SESSION = (
    "session_id", "conversation_id", "thread_id", "chat_id", "sessionId", "conversationId",
    "threadId", "chatId", "session", "conversation", "thread", "channel",
)  # fmt: skip
ID = ("uuid", "message_id", "messageId", "msg_id", "external_id", "id")
NESTED = ("messages", "conversations", "turns", "dialogue", "dialog")

_STRONG = 16
"""Characters from which on an id is taken to be unique in the world (a UUID has 32 or 36)."""

_MEDIA = {
    "image_url": "[image]", "image": "[image]", "input_image": "[image]", "file": "[file]",
    "input_audio": "[audio]", "audio": "[audio]", "video": "[video]",
}  # fmt: skip


def recognises(value: Json) -> bool:
    """Whether a value looks like a message, or like a conversation that holds messages."""
    found = mapping(value)
    if any(recognises(inner) for key in NESTED for inner in sequence(found.get(key))[:3]):
        return True
    said = any(found.get(key) is not None for key in CONTENT)
    return said and any(key in found for key in (*SPEAKER, *ROLE, *TIME, *SESSION, *CONTENT[:2]))


def parts(path: Path) -> list[Part]:
    """The file itself; of a folder or zip, its .jsonl files."""
    return select(path, FILES, ".jsonl file")


def read(path: Path, options: Options) -> Iterator[Event]:
    """The messages, in the order of the file.

    session_id as the file gives it, else the file's name; position the place in the session.
    Raises SourceError, with the line, for what is not JSON, no object, or has a time that is none;
    and at the end when nothing in the file is a message.
    """
    for part in parts(path):
        reading = _Reading(part, options)
        for element in elements(text(part, options), str(part)):
            if not isinstance(element.value, dict):
                raise SourceError(
                    f"no message: {part}, {element.where} is {str(element.value)[:40]!r}. Each "
                    'line or item must be an object such as {"role": "user", "content": "..."}'
                )
            default = f"{reading.stem}/{element.number}"
            yield from reading.events(element.value, _Around(None, default, {}), element.where)
        if not reading.found:
            raise SourceError(
                f"no messages: {part}, no object has any of {', '.join(CONTENT)} with text in it. "
                'Name the field with the text "content"'
            )


@dataclass(frozen=True, slots=True)
class _Around:
    """The conversation around a message."""

    session: str | None
    """Its name, if it has one."""
    default: str
    """The name of a conversation that has none: the file's name and its number there."""
    about: dict[str, Json]
    """What each of its messages keeps of it: its title."""


class _Reading:
    """What must be remembered while one file is read."""

    def __init__(self, part: Part, options: Options) -> None:
        self.part = part
        self.stem = part.stem
        self.options = options
        self.found = False
        self._places: dict[str, int] = {}
        self._seen = Occurrences()
        self._kinds = {kind.name for kind in kinds()}

    def events(self, value: dict[str, Json], around: _Around, where: str) -> Iterator[Event]:
        """The message that an object is, or all that it holds."""
        held = next((found for key in NESTED if _objects(found := value.get(key))), None)
        if held is None:
            yield from self._event(value, around, where)
            return
        session = _Fields(value).string(*SESSION, *ID) or around.session or around.default
        title = string(value.get("title"))
        about = {**around.about, "title": title} if title else around.about
        for number, message in enumerate(held, 1):
            if isinstance(message, dict):
                inner = _Around(session, f"{session}/{number}", about)
                yield from self.events(message, inner, where)

    def _event(self, value: dict[str, Json], around: _Around, where: str) -> Iterator[Event]:
        envelope = value.get("message")
        if isinstance(envelope, dict):  # a log's line around a message of an interface
            value = {**envelope, **{key: held for key, held in value.items() if key != "message"}}
        fields = _Fields(value)
        words = fields.words()
        if not words:
            self.options.note(Notice.EMPTY)
            return
        self.found = True
        written = fields.time()
        time = moment(written, self.options.zone, f"{self.part}, {where}")
        speaker, role = fields.who()
        given = fields.string(*SESSION) or around.session
        place = given or self.stem
        position = self._places.get(place, 0)
        self._places[place] = position + 1
        kind = fields.string("kind") if value.get("kind") in self._kinds else None
        name = fields.string(*ID)
        source, external = self._identity(name, given, written, time, speaker or role, words)
        about = {**around.about, "id": name} if name else around.about
        yield Event(
            text=words,
            kind=kind or "turn",
            speaker=speaker,
            role=role,
            time=time,
            session_id=place,
            source=source,
            external_id=external,
            position=position,
            origin=origin_of(role),
            metadata={**about, **fields.rest()},
        )

    def _identity(
        self,
        name: str | None,
        session: str | None,
        written: Json,
        time: Moment | None,
        who: str | None,
        words: str,
    ) -> tuple[str, str]:
        """Source and external id, from as little of the file's name as will do."""
        full = f"{session}/{name}" if session else name
        if full and name and len(name) >= _STRONG:
            return "jsonl", full
        exact = time is not None and time.precision >= Precision.MINUTE
        source = "jsonl" if exact else f"jsonl:{self.stem}"
        at = None if written is None else str(written)
        if not full:
            return source, self._seen.name(digest(session, at, who, words))
        dated = f"{full}@{at}" if at else full
        return source, dated + self._seen.suffix(digest(session, at, name))


class _Fields:
    """The fields of a message, by their many names; remembers which were used."""

    def __init__(self, value: dict[str, Json]) -> None:
        self._value = value
        self._used = {"metadata"}

    def string(self, *keys: str) -> str | None:
        """The text under the first of the keys that holds one."""
        for key in keys:
            if key in self._value and (found := string(self._value[key])):
                self._used.add(key)
                return found
        return None

    def words(self) -> str:
        """What is said."""
        for key in CONTENT:
            found = _words(self._value[key]) if key in self._value else ""
            if found:
                self._used.add(key)
                return found
        return ""

    def time(self) -> Json:
        """The time as written; a clock time beside a date is joined with it."""
        day, clock = self._value.get("date"), self._value.get("time")
        if isinstance(day, str) and isinstance(clock, str) and re.match(r"\d{1,2}:\d\d", clock):
            self._used |= {"date", "time"}
            return f"{day.strip()} {clock.strip().zfill(5)}"
        for key in TIME:
            if key in self._value and self._value[key] not in (None, ""):
                self._used.add(key)
                return self._value[key]
        return None

    def who(self) -> tuple[str | None, str | None]:
        """Speaker and role; a speaker called "user" is a role, an unknown role is a speaker."""
        author = mapping(self._value.get("author"))
        if author:
            self._used.add("author")
        name = string(author.get("name")) or self.string(*SPEAKER)
        given = string(author.get("role")) or self.string("role")
        role = role_of(given) or role_of(name)
        if role is None and role_of(string(self._value.get("type"))):
            role = role_of(self.string("type"))
        speaker = name or (given if role is None else None)
        return (None if role_of(speaker) else speaker), role

    def rest(self) -> dict[str, Json]:
        """Everything that was not used, and the metadata of the message itself."""
        rest = {
            key: held
            for key, held in self._value.items()
            if key not in self._used and held not in (None, "", [], {})
        }
        metadata = self._value.get("metadata")
        return rest | (metadata if isinstance(metadata, dict) else {})


def _objects(value: Json) -> list[Json] | None:
    """The value, if it is a list with at least one object that looks like a message."""
    return value if isinstance(value, list) and any(map(recognises, value)) else None


def _words(value: Json) -> str:
    """The text of a content field: a text, or a list of parts, or an object with either."""
    if isinstance(value, list):
        return "\n".join(said for piece in value if (said := _words(piece)))
    if isinstance(value, dict):
        media = _MEDIA.get(string(value.get("type")) or "")
        return media or _words(value.get("text")) or _words(value.get("parts"))
    return string(value) or ""
