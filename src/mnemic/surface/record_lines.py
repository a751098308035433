"""The line above a record's text: when, who, whose, what it is, and its id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from mnemic.core.records import Record, Status
from mnemic.surface.pieces import QUIET, when

_OUT_OF_SIGHT: Final = {Status.RETIRED: "deleted", Status.HELD: "held"}


def speaker(record: Record) -> str:
    """Who says it, else their part in the conversation."""
    return record.speaker or record.role or ""


def owner(record: Record) -> str:
    """Whose memory it is; of whom nobody is named, a dash."""
    partition = record.scope.partition
    space = "" if partition.namespace == "default" else f"{partition.namespace}/"
    return f"{space}{partition.user_id or '-'}"


def several(records: Iterable[Record]) -> bool:
    """Whether the records are of several users, so that it has to be told whose each is."""
    return len({record.scope.partition for record in records}) > 1


def record_line(
    record: Record, *, whose: bool = False, lead: Sequence[tuple[str, str]] = ()
) -> list[tuple[str, str]]:
    """The pieces of the line with their styles, for `pieces.heading`; `lead` stands first."""
    return [
        *lead,
        (when(record.valid_from), "cyan"),
        (speaker(record), "bold"),
        (owner(record) if whose else "", "magenta"),
        (record.kind if record.kind != "turn" else "", "magenta"),
        (_OUT_OF_SIGHT.get(record.status, ""), "red"),
        (f"until {when(record.valid_to)}" if record.valid_to else "", "yellow"),
        (record.id, QUIET),
    ]
