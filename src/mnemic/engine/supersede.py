"""Superseding: what holds now, beside what held before. Three changes that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mnemic.core.changes import Change, Link, Put, Revise
from mnemic.core.clock import Micros, Moment
from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.records import Json, Provenance, Record, Status

SUPERSEDES = "supersedes"


def superseding(
    old: Record,
    *,
    text: str,
    since: Moment,
    speaker: str | None,
    metadata: Mapping[str, Json],
    now: Micros,
    id: RecordId,
    ordinal: int,
    why: str,
) -> list[Change]:
    """Close `old` at `since`, put a new record that holds from then on, and link the two."""
    if old.status is not Status.ACTIVE:
        raise InputError(f"record {old.id} is deleted. Restore it first, or add a new one")
    if old.valid_to is not None and old.valid_to.micros <= since.micros:
        raise InputError(
            f"record {old.id} ended at {old.valid_to} already. Supersede the one that replaced it "
            "(Memory.history names it), or add a new one"
        )
    new = replace(
        old,
        id=id,
        text=text,
        ordinal=ordinal,
        version=1,
        recorded_at=now,
        speaker=speaker,
        valid_from=since,
        valid_to=None,
        weight=1.0,
        metadata=metadata,
        media=None,
        provenance=Provenance(origin=old.provenance.origin, formed_by="supersede"),
    )
    expects = {old.id: old.version}
    return [
        Put(new, why, expects),
        Revise(old.id, valid_to=since, why=why, expects=expects),
        Link(id, SUPERSEDES, old.id, why=why),
    ]
