"""What users hand to `add`, read into events; what cannot be read is refused whole.

A text, a message (`{"role", "content", "name", "timestamp", "metadata", ...}`) or a list of both.
Messages in the form of the OpenAI and Anthropic chat interfaces are taken as they are. Everything
is looked at before anything is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeAlias

from mnemic.core.clock import Moment, TimeLike
from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.core.ids import RecordId
from mnemic.core.kinds import kind as find_kind
from mnemic.core.records import Json, Media, Origin

Message: TypeAlias = str | Mapping[str, Any] | Event

MAX_CHARACTERS: Final = 1_000_000
"""Longer texts are documents: they are imported in parts, not added as one message."""

_FIELDS: Final = {
    "role", "content", "text", "name", "speaker", "timestamp", "metadata", "id", "external_id",
    "source", "session_id", "kind", "origin", "position",
}  # fmt: skip
_IGNORED: Final = {"tool_calls", "tool_call_id", "function_call", "refusal", "annotations", "audio"}
"""Parts of chat interfaces that say nothing to remember; the tool call's id is kept."""

_KNOWN: Final = _FIELDS | _IGNORED

_ORIGINS: Final = {
    "user": Origin.USER,
    "assistant": Origin.ASSISTANT,
    "tool": Origin.TOOL,
    "function": Origin.TOOL,
    "system": Origin.AGENT,
    "developer": Origin.AGENT,
}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What `add`'s keyword arguments say of every message that does not say it itself."""

    session_id: str | None = None
    speaker: str | None = None
    role: str | None = None
    timestamp: TimeLike | None = None
    kind: str = "turn"
    metadata: Mapping[str, Json] | None = None
    source: str | None = None
    external_id: str | None = None
    origin: str | None = None
    derived_from: tuple[RecordId, ...] = ()
    media: Media | None = None


def events(
    messages: Message | Sequence[Message],
    defaults: Defaults,
    *,
    zone: tzinfo,
    now: Callable[[], Moment],
) -> list[Event]:
    """The events that `messages` stand for; a message without a time happened `now()`.

    Raises InputError or TimestampError, with the place of the message.
    """
    single = isinstance(messages, str | Mapping | Event)
    given: Sequence[Message] = [messages] if single else messages  # type: ignore[list-item,assignment]
    if isinstance(given, bytes) or not isinstance(given, Sequence):
        raise InputError(
            f"not a message: {_short(given)}. Give a text, a dict such as "
            '{"role": "user", "content": "..."}, or a list of these'
        )
    if defaults.external_id is not None and len(given) != 1:
        raise InputError(
            f"external_id={defaults.external_id!r} names one message, and {len(given)} were "
            'given. Give each message its own "id"'
        )
    return [
        _event(message, defaults, zone, now, "" if single else f"message {place}: ")
        for place, message in enumerate(given)
    ]


def _event(
    message: Message, defaults: Defaults, zone: tzinfo, now: Callable[[], Moment], where: str
) -> Event:
    if isinstance(message, Event):
        event = _filled(message, defaults, zone)
    elif isinstance(message, str):
        event = _from_fields({"content": message}, defaults, zone, now, where)
    elif isinstance(message, Mapping):
        event = _from_fields(message, defaults, zone, now, where)
    else:
        raise InputError(f"{where}not a message: {_short(message)}. Give a text or a dict")
    check_text(event.text, where)
    find_kind(event.kind)
    if event.media is not None and not isinstance(event.media, Media):
        raise InputError(f"{where}the media is {_short(event.media)}. Give a mnemic.Media")
    return event


def _from_fields(
    fields: Mapping[str, Any],
    defaults: Defaults,
    zone: tzinfo,
    now: Callable[[], Moment],
    where: str,
) -> Event:
    if not _KNOWN.issuperset(fields):
        unknown = min(str(name) for name in fields if name not in _KNOWN)
        raise InputError(
            f"{where}unknown field {unknown!r}. Known: {', '.join(sorted(_FIELDS))}; anything "
            'else belongs into "metadata"'
        )
    role = _text(fields.get("role", defaults.role), "role", where)
    time = fields.get("timestamp", defaults.timestamp)
    metadata = dict(defaults.metadata or {}) | dict(_mapping(fields.get("metadata"), where))
    if isinstance(fields.get("tool_call_id"), str):
        metadata["tool_call_id"] = fields["tool_call_id"]
    if metadata:
        check_metadata(metadata, where)
    return Event(
        text=_content(fields.get("content", fields.get("text")), where),
        kind=_text(fields.get("kind"), "kind", where) or defaults.kind,
        speaker=_text(fields.get("name", fields.get("speaker", defaults.speaker)), "name", where),
        role=role,
        time=now() if time is None else Moment.parse(time, zone),
        session_id=_text(fields.get("session_id", defaults.session_id), "session_id", where),
        source=_text(fields.get("source", defaults.source), "source", where),
        external_id=_text(
            fields.get("external_id", fields.get("id", defaults.external_id)), "id", where
        ),
        position=_position(fields.get("position"), where),
        origin=origin(
            fields.get("origin", defaults.origin), role, where, drawn=bool(defaults.derived_from)
        ),
        derived_from=defaults.derived_from,
        metadata=metadata,
        media=defaults.media,
    )


def _filled(event: Event, defaults: Defaults, zone: tzinfo) -> Event:
    """An event with what the keyword arguments say of messages that do not say it themselves."""
    time = event.time
    if time is None and defaults.timestamp is not None:
        time = Moment.parse(defaults.timestamp, zone)
    if time is not None and not isinstance(time, Moment):
        raise InputError(f"an event's time is {_short(time)}. Give a mnemic.Moment, or None")
    return replace(
        event,
        time=time,
        session_id=event.session_id or defaults.session_id,
        speaker=event.speaker or defaults.speaker,
        role=event.role or defaults.role,
        source=event.source or defaults.source,
        external_id=event.external_id or defaults.external_id,
        metadata=dict(defaults.metadata or {}) | dict(event.metadata),
    )


def origin(name: Any, role: str | None, where: str = "", *, drawn: bool = False) -> Origin:
    """The origin that is named, else the one that the role implies, or a lineage (`drawn`)."""
    if name is None and drawn and role is None:
        return Origin.DERIVED
    if name is None:
        return _ORIGINS.get(role or "user", Origin.USER)
    try:
        return Origin(name)
    except ValueError:
        raise InputError(
            f"{where}unknown origin {name!r}. Use one of {', '.join(Origin)}"
        ) from None


def _content(content: Any, where: str) -> str:
    """The words of a message: a text, or the text parts of a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence) and not isinstance(content, bytes):
        parts = [part.get("text") for part in content if isinstance(part, Mapping)]
        return "\n".join(part for part in parts if isinstance(part, str))
    raise InputError(f'{where}"content" is {_short(content)}. Give a text')


def _text(value: Any, name: str, where: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # ids of databases
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where}{name!r} is {_short(value)}. Give a text, or leave it out")
    _encodable(value, f"{where}{name!r}")
    return value


def _position(value: Any, where: str) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise InputError(f"{where}'position' is {_short(value)}. Give a whole number from 0 up")
    return value


def _mapping(value: Any, where: str) -> Mapping[str, Json]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(f"{where}'metadata' is {_short(value)}. Give a dict")
    return value


def check_question(text: str) -> None:
    """Raise InputError for what cannot be asked."""
    if isinstance(text, str) and not text.strip():
        raise InputError("the question is empty. Say what to look for")
    check_text(text, "the question: ")


def check_text(text: str, where: str = "") -> None:
    """Raise InputError for a text that cannot be remembered."""
    if not isinstance(text, str):
        raise InputError(f"{where}the text is {_short(text)}. Give a str")
    if not text.strip():
        raise InputError(f"{where}the text is empty. Leave such messages out")
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"{where}the text has {len(text):,} characters, and a message may have "
            f"{MAX_CHARACTERS:,}. Cut it into parts, or save it as a file and use `mnemic import`"
        )
    _encodable(text, f"{where}the text")


def _encodable(text: str, what: str) -> None:
    if "\0" in text:
        raise InputError(
            f"{what} holds a NUL byte (at character {text.index(chr(0))}). "
            r'Take it out with text.replace("\0", "")'
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"{what} holds half a character (a lone surrogate, {text[error.start]!r} at character "
            f'{error.start}). Repair it with text.encode("utf-8", "replace").decode()'
        ) from None


def check_name(value: object, what: str) -> None:
    """Raise InputError unless a value is a text that can be kept, or None."""
    if value is not None and not isinstance(value, str):
        raise InputError(f"{what} is {_short(value)}. Give a text, or leave it out")
    _text(value, what, "")


def check_threshold(value: object) -> None:
    """Raise InputError unless a value is a probability."""
    check_number(value, "threshold", least=0)
    if value > 1:  # type: ignore[operator]
        raise InputError(f"threshold is {value}. Scores are probabilities: give one from 0 to 1")


def check_number(value: object, what: str, *, least: float, whole: bool = False) -> None:
    """Raise InputError unless a value is a number from `least` up."""
    kinds = int if whole else int | float
    fits = isinstance(value, kinds) and not isinstance(value, bool)
    if not fits or not least <= value < (2**63 if whole else float("inf")):  # type: ignore[operator]
        raise InputError(
            f"{what} is {_short(value)}. Give a {'whole ' if whole else ''}number from {least:g} up"
        )


def several(given: object, what: str) -> list[Any]:
    """One text, or what is in a list of them; InputError for what is neither."""
    if isinstance(given, str):
        return [given]
    if isinstance(given, bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"{what} is {_short(given)}. Give a text, or a list of texts")
    return list(given)


def named_path(given: object) -> Path:
    """A path as users give it; InputError for what names no file."""
    if not isinstance(given, str | PathLike) or not str(given).strip():
        raise InputError(f"the path is {_short(given)}. Give the name of a file")
    _encodable(str(given), "the path")
    return Path(given)


def said_before(dialogue: Any) -> tuple[str, ...]:
    """What was said before a question: texts, or messages whose content counts."""
    turns = [dialogue] if isinstance(dialogue, str | Mapping) else dialogue
    if not isinstance(turns, Sequence):
        raise InputError(f"dialogue is {_short(dialogue)}. Give a list of texts or messages")
    said = []
    for place, turn in enumerate(turns):
        text = _content(turn.get("content"), "") if isinstance(turn, Mapping) else turn
        if not isinstance(text, str):
            raise InputError(f"dialogue, turn {place}: {_short(turn)}. Give a text or a message")
        _encodable(text, f"dialogue, turn {place}:")
        said.append(text)
    return tuple(said)


def check_metadata(metadata: Mapping[str, Json], where: str = "") -> None:
    """Raise InputError unless the metadata is what JSON can hold."""
    if not isinstance(metadata, Mapping):
        raise InputError(f"{where}the metadata is {_short(metadata)}. Give a dict")
    try:
        kept = json.dumps(metadata, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{where}the metadata cannot be kept ({error}). Use texts, numbers, booleans, None, "
            "lists and dicts of these"
        ) from None
    _encodable(kept.replace("\\u0000", "\0"), f"{where}the metadata")


def _short(value: object) -> str:
    shown = repr(value)
    return f"{type(value).__name__} {shown if len(shown) <= 60 else shown[:57] + '...'}"
