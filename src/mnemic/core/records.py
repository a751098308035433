"""The unit of memory, and where it belongs.

A `Record` is a text with its kind, scope, times, provenance and status; a versioned item in the
sense of MemOS' MemCube (Li et al. 2025, arXiv 2507.03724). It is a value: a change makes a new
version. Two clocks run beside each other: valid time (`valid_from`, `valid_to`: when it was true
in the world) and transaction time (`recorded_at`, `retired_at`: when the store knew it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from mnemic.core.clock import Micros, Moment
from mnemic.core.ids import RecordId

Json: TypeAlias = Any
"""What `json.dumps` takes: str, int, float, bool, None, lists and string-keyed dicts of these."""

NAMESPACE = "default"


class Status(StrEnum):
    """Where a record stands in its life."""

    ACTIVE = "active"
    RETIRED = "retired"
    """Deleted, and can be restored."""
    HELD = "held"
    """In quarantine: nothing finds it until somebody has reviewed it."""
    FORGOTTEN = "forgotten"
    """Erased: the id remains, nothing else does."""


class Origin(StrEnum):
    """Who a text comes from; `web` and `tool` are not to be trusted with instructions."""

    USER = "user"
    ASSISTANT = "assistant"
    AGENT = "agent"
    TOOL = "tool"
    WEB = "web"
    DOCUMENT = "document"
    DERIVED = "derived"


REMAINING = (Status.ACTIVE, Status.RETIRED, Status.HELD)
"""Everything that has not been forgotten."""


UNTRUSTED = frozenset({Origin.WEB, Origin.TOOL})


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """What is searched as one: a namespace and a user. Statistics never cross it."""

    namespace: str = NAMESPACE
    user_id: str = ""
    """Empty: memories that belong to no single user."""

    def __str__(self) -> str:
        user = f"user_id={self.user_id!r}" if self.user_id else "no user_id"
        return user if self.namespace == NAMESPACE else f"namespace={self.namespace!r}, {user}"


def nobody(key: int) -> Partition:
    """Whose a partition is when all of it was forgotten; `key` tells it from others."""
    return Partition("forgotten", f"forgotten:{key}")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose a record is: its partition, and the agent and session within it."""

    partition: Partition = Partition()
    agent_id: str | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record comes from, and how it was made."""

    source: str | None = None
    """The file or system that it was read from, such as `chatgpt:3f2c...`."""
    external_id: str | None = None
    """Its name there. (source, external_id) is its identity on import, never the text."""
    origin: Origin = Origin.USER
    formed_by: str = "verbatim"
    """The rule or model that made it."""
    derived_from: tuple[RecordId, ...] = ()
    """The records that it was drawn from: its lineage, which `forget` walks."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or file that belongs to a record; the text stays what is searched."""

    mime: str
    sha256: str
    uri: str | None = None
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One unit of memory, at one version."""

    id: RecordId
    text: str
    kind: str
    scope: Scope
    ordinal: int
    """Its place within its session."""
    recorded_at: Micros
    """When the store learned this version."""
    version: int = 1
    status: Status = Status.ACTIVE
    speaker: str | None = None
    role: str | None = None
    """The part it plays in a prompt: user, assistant, system or tool."""
    valid_from: Moment | None = None
    valid_to: Moment | None = None
    retired_at: Micros | None = None
    weight: float = 1.0
    provenance: Provenance = Provenance()
    metadata: Mapping[str, Json] = field(default_factory=dict)
    media: Media | None = None

    def __str__(self) -> str:
        when = f"{self.valid_from} " if self.valid_from else ""
        who = f"{self.speaker or self.role}: " if self.speaker or self.role else ""
        return f"{when}{who}{self.text}"
