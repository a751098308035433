"""What each verb does to a record: record + change + time → the record after it.

Pure, and the only place that says so: stores keep what comes out, `engine/apply.py` decides when.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from mnemic.core.changes import Change, Forget, Keep, Link, Put, Restore, Retire, Revise, Reweigh
from mnemic.core.clock import Micros
from mnemic.core.errors import Forgotten, InputError
from mnemic.core.records import Provenance, Record, Scope, Status

HEAVIEST: Final = 1e6
"""The largest weight: indexes keep weights as 32-bit numbers, and sums of them must stay finite."""


def target(change: Change) -> str:
    """The id of the record whose state the change settles."""
    if isinstance(change, Put):
        return change.record.id
    return change.source if isinstance(change, Link) else change.id


def after(record: Record, change: Change, now: Micros) -> Record:
    """The record once `change` has happened at `now`.

    A change that alters nothing gives the same record back, at the same version. Raises Forgotten
    for an erased record, InputError where the verb does not fit the record's status.
    """
    if record.status is Status.FORGOTTEN:
        raise Forgotten(f"record {record.id} was forgotten. Nothing of it can come back")
    match change:
        case Put():
            return record
        case Link():
            return record
        case Revise():
            return _revised(record, change, now)
        case Retire():
            hidden = Status.HELD if change.hold else Status.RETIRED
            fields: dict[str, Any] = {"status": hidden, "retired_at": now}
        case Restore():
            fields = {"status": Status.ACTIVE, "retired_at": None}
        case Reweigh():
            if not 0 <= change.weight <= HEAVIEST:
                raise InputError(
                    f"not a weight: {change.weight!r}. Use a number from 0 to {HEAVIEST:g}"
                )
            fields = {"weight": change.weight}
        case Forget():
            return blank(record, now)
    if all(
        getattr(record, name) == value for name, value in fields.items() if name != "retired_at"
    ):
        return record
    return replace(record, version=record.version + 1, recorded_at=now, **fields)


def _revised(record: Record, change: Revise, now: Micros) -> Record:
    names = ("text", "valid_from", "valid_to", "speaker", "metadata")
    given = {name: getattr(change, name) for name in names}
    fields = {name: value for name, value in given.items() if not isinstance(value, Keep)}
    if all(getattr(record, name) == value for name, value in fields.items()):
        return record
    revised = replace(record, version=record.version + 1, recorded_at=now, **fields)
    begin, end = revised.valid_from, revised.valid_to
    if begin is not None and end is not None and end.micros < begin.micros:
        raise InputError(
            f"record {record.id} would end before it begins: valid_from={begin}, valid_to={end}. "
            "Give a later valid_to, or an earlier valid_from"
        )
    return revised


def blank(record: Record, now: Micros) -> Record:
    """What remains of a record that is forgotten: its id, its place, and that it was forgotten."""
    return Record(
        id=record.id,
        text="",
        kind=record.kind,
        scope=Scope(record.scope.partition),
        ordinal=record.ordinal,
        recorded_at=now,
        version=record.version + 1,
        status=Status.FORGOTTEN,
        retired_at=now,
        provenance=Provenance(formed_by="forgotten"),
    )
