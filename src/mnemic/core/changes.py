"""The seven verbs: everything that can happen to memory, as values.

    Put      a new record                     Undone by Retire
    Revise   new words, times or metadata     Revise, back to what it said before
    Link     a typed edge between records     Link with `remove`
    Retire   take out of sight                Restore
    Restore  back into sight                  Retire
    Reweigh  how much it counts               Reweigh
    Forget   erase every version              nothing

Whoever wants to change memory returns a list of these, each with its reason; `engine/apply.py`
alone applies them. `expects` names the version that the author of the change saw: if the record
has moved on, the change is refused as stale instead of overwriting what somebody else wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from mnemic.core.clock import Moment
from mnemic.core.ids import RecordId
from mnemic.core.records import Json, Record

Expects: TypeAlias = Mapping[RecordId, int]


class Keep:
    """The type of KEEP: leave this field as it is (None is a value that a field may take)."""

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = Keep()


@dataclass(frozen=True, slots=True)
class Put:
    """Add a record. Its id, version and ordinal are final; `derived_from` becomes its lineage."""

    record: Record
    why: str = "added"
    expects: Expects = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revise:
    """Change what a record says or when it holds: same id, a new version."""

    id: RecordId
    text: str | Keep = KEEP
    valid_from: Moment | Keep | None = KEEP
    valid_to: Moment | Keep | None = KEEP
    speaker: str | Keep | None = KEEP
    metadata: Mapping[str, Json] | Keep = KEEP
    why: str = "revised"
    expects: Expects = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """Say how two records are related, or, with `remove`, that they no longer are."""

    source: RecordId
    relation: str
    target: RecordId
    weight: float = 1.0
    remove: bool = False
    why: str = "linked"
    expects: Expects = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retire:
    """Take a record out of sight; `Restore` brings it back."""

    id: RecordId
    why: str = "deleted"
    expects: Expects = field(default_factory=dict)
    hold: bool = False
    """Into quarantine, where it waits for a review."""


@dataclass(frozen=True, slots=True)
class Restore:
    """Bring a record back into sight that was retired, or held for a review."""

    id: RecordId
    why: str = "restored"
    expects: Expects = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reweigh:
    """Set how much a record counts in ranking: 1 is neutral, 0 never shown first."""

    id: RecordId
    weight: float
    why: str = "reweighed"
    expects: Expects = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase every version of a record, everywhere. Nothing undoes it.

    `why` is a code such as "user_request", never a text that repeats what is forgotten.
    """

    id: RecordId
    why: str = "requested"
    expects: Expects = field(default_factory=dict)


Change: TypeAlias = Put | Revise | Link | Retire | Restore | Reweigh | Forget

VERBS: Final[dict[type, str]] = {
    Put: "put",
    Revise: "revise",
    Link: "link",
    Retire: "retire",
    Restore: "restore",
    Reweigh: "reweigh",
    Forget: "forget",
}
"""The name of each verb, the same in code, SQL, CLI and docs."""

CODES: Final = frozenset(
    {
        *("added", "revised", "linked", "deleted", "restored", "reweighed", "requested"),
        *("updated", "superseded", "imported", "changed at its source", "redacted"),
    }
)
"""Reasons that say nothing of what was changed; any other may repeat its words."""
