"""Reading JSON whose shape is not to be trusted, and making its text storable.

Exports change without notice, and files are written by hand: a reader asks for the shape that it
expects and gets something empty when it is not there, never an AttributeError.
"""

from __future__ import annotations

import re
from dataclasses import replace

from mnemic.core.events import Event
from mnemic.core.records import Json

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What UTF-8 or a database's text cannot hold: NUL, and halves of surrogate pairs."""


def mapping(value: Json) -> dict[str, Json]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Json) -> list[Json]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def string(value: Json) -> str | None:
    """A text that is more than blanks, or a number as text; None for everything else."""
    if isinstance(value, str):
        return value if value.strip() else None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def storable(value: Json) -> Json:
    """The same value with U+FFFD wherever a text holds what cannot be stored.

    >>> storable({"a": ["broken \\ud83d"]}) == {"a": ["broken \\ufffd"]}
    True
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value) if _UNSTORABLE.search(value) else value
    if isinstance(value, dict):
        return {storable(str(key)): storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    return value


def storable_event(event: Event) -> Event:
    """The event with every text in it storable."""
    names = "\n".join(
        filter(None, (event.speaker, event.session_id, event.source, event.external_id))
    )
    metadata = storable(event.metadata) if event.metadata else event.metadata
    broken = _UNSTORABLE.search(event.text) or _UNSTORABLE.search(names)
    if not broken and metadata == event.metadata:
        return event
    return replace(
        event,
        text=storable(event.text),
        speaker=storable(event.speaker),
        session_id=storable(event.session_id),
        source=storable(event.source),
        external_id=storable(event.external_id),
        metadata=metadata,
    )
