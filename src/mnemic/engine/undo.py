"""Undo: the change that takes another one back, as a new change. History only grows.

put → Retire      revise → Revise back      retire → Restore      restore → Retire
reweigh → Reweigh back      link → Link the other way      forget → nothing can
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mnemic.core.changes import Change, Link, Restore, Retire, Revise, Reweigh
from mnemic.core.errors import Forgotten, NotFound, Stale
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import Applied, Receipt
from mnemic.core.records import Record, Status
from mnemic.core.storage import Entry
from mnemic.engine.parts import Parts
from mnemic.engine.write import commit, receipt

_SEEN = ("put", "retire", "restore")
"""Verbs that decide whether a record is seen."""

_REVISED = ("text", "valid_from", "valid_to", "speaker", "metadata")


def undo(parts: Parts, changes: Sequence[str]) -> Receipt:
    """Take back these changes, the last first, in one transaction: all of them, or none.

    Raises NotFound for an unknown change, else what `inverse` raises.
    """
    done: list[Applied] = []
    with parts.store.writing():
        for id in reversed(changes):
            entry = parts.store.entry(ChangeId(id))
            if entry is None:
                raise NotFound(f"no change {id!r}. Memory.log() and receipts name them")
            back = inverse(entry, parts.store.versions(entry.record))
            done += commit(parts, [back])
    return receipt(done)


def inverse(entry: Entry, versions: list[Record]) -> Change:
    """The change that takes `entry` back, given every version of its record.

    Raises Stale when a later change touched the same fields (undo that one first), Forgotten when
    the record, or the entry itself, was an erasure.
    """
    current = versions[-1]
    if entry.verb == "forget" or current.status is Status.FORGOTTEN:
        raise Forgotten(f"record {entry.record} was forgotten: change {entry.id} cannot be undone")
    why = f"undo of {entry.id}"
    expects = {current.id: current.version}
    if entry.verb == "link":
        detail = entry.detail
        if not detail:
            raise Forgotten(f"change {entry.id} was about a record that was forgotten since")
        return Link(
            entry.record,
            detail["relation"],
            RecordId(detail["target"]),
            detail["weight"],
            remove=not detail["remove"],
            why=why,
        )
    by_number = {version.version: version for version in versions}
    made = by_number[entry.version]
    if entry.verb in _SEEN:
        later = versions[-1:] if entry.verb == "put" else versions[entry.version :]
        _still_so(entry, later)
        back = Restore if entry.verb == "retire" else Retire
        return back(entry.record, why, expects)
    before = by_number[entry.version - 1]
    if entry.verb == "reweigh":
        _unchanged(entry, current, made, ("weight",))
        return Reweigh(entry.record, before.weight, why, expects)
    changed = tuple(name for name in _REVISED if getattr(before, name) != getattr(made, name))
    _unchanged(entry, current, made, changed)
    fields: dict[str, Any] = {name: getattr(before, name) for name in changed}
    return Revise(entry.record, why=why, expects=expects, **fields)


def _still_so(entry: Entry, later: list[Record]) -> None:
    """Raise Stale when the record was hidden or shown again since."""
    shown = entry.verb != "retire"
    if any((version.status is Status.ACTIVE) != shown for version in later):
        raise Stale(
            f"change {entry.id} cannot be undone: record {entry.record} was deleted or restored "
            "since. Undo that first (Memory.history shows it)"
        )


def _unchanged(entry: Entry, current: Record, made: Record, names: tuple[str, ...]) -> None:
    later = [name for name in names if getattr(current, name) != getattr(made, name)]
    if later:
        raise Stale(
            f"change {entry.id} cannot be undone: a later change of record {entry.record} set "
            f"{', '.join(later)} again. Undo that one first (Memory.history shows it)"
        )
