"""What comes in: one thing that was said, written or seen, as a source gives it.

Sources turn files of the world into events; `Memory.add` turns its arguments into events; the
engine turns events into changes. An event has no id and no ordinal: those are given when it is
applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mnemic.core.clock import Moment
from mnemic.core.ids import RecordId
from mnemic.core.records import Json, Media, Origin


@dataclass(frozen=True, slots=True)
class Event:
    """One message, note or observation on its way into memory."""

    text: str
    kind: str = "turn"
    speaker: str | None = None
    role: str | None = None
    time: Moment | None = None
    """When it was said, or began to hold."""
    valid_to: Moment | None = None
    """When it ceased to hold, where a source knows that."""
    session_id: str | None = None
    source: str | None = None
    """What it was read from; with `external_id` its identity, so that a second import is none."""
    external_id: str | None = None
    position: int | None = None
    """Its place in its session as the source knows it; None: after what is there."""
    origin: Origin = Origin.USER
    derived_from: tuple[RecordId, ...] = ()
    """The records that it was drawn from, if it was."""
    metadata: Mapping[str, Json] = field(default_factory=dict)
    media: Media | None = None
