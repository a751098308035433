"""The quarantine: what an admission rule holds back, and somebody's decision about it.

A held record is kept and found by nothing: no search, context, answer or list. It leaves by
`admit` (into memory) or `reject` (deleted, as if by hand); `hold` puts an active one in. Each is a
change in the log with its reason. Two people who decide at once: the second is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mnemic.core.changes import Change, Restore, Retire
from mnemic.core.clock import Micros
from mnemic.core.errors import Forgotten, InputError, NotFound
from mnemic.core.ids import RecordId
from mnemic.core.receipts import Receipt
from mnemic.core.records import Partition, Record, Status
from mnemic.core.storage import EVERY_LINE, Listing
from mnemic.engine.paging import everything
from mnemic.engine.parts import Parts
from mnemic.engine.write import commit, receipt


@dataclass(frozen=True, slots=True)
class Held:
    """A record that waits for a review, and why."""

    record: Record
    why: str
    """The rule that held it, or the reason that somebody gave."""
    at: Micros
    """Since when."""

    def __str__(self) -> str:
        origin = self.record.provenance.origin.value
        return f"{self.record.id} ({origin}, {self.why}): {self.record}"


def waiting(
    parts: Parts,
    partitions: Sequence[Partition],
    *,
    agent_id: str | None = None,
    session_id: str | None = None,
) -> tuple[Held, ...]:
    """What waits for a review in these partitions, in the order in which it came."""
    which = Listing(
        tuple(partitions), agent_id=agent_id, session_id=session_id, statuses=(Status.HELD,)
    )
    with parts.store.reading():
        return tuple(_held(parts, record) for record in everything(parts.store, which))


def admit(parts: Parts, ids: Sequence[RecordId], why: str = "reviewed") -> Receipt:
    """Let held records into memory; the next search finds them.

    Raises NotFound, Forgotten, or InputError for one that is not held; nothing is done then.
    """
    return _settle(parts, ids, Status.HELD, lambda id, at: Restore(id, f"admitted: {why}", at))


def reject(parts: Parts, ids: Sequence[RecordId], why: str = "reviewed") -> Receipt:
    """Delete held records; `forget` erases them for good. Raises what `admit` raises."""
    return _settle(parts, ids, Status.HELD, lambda id, at: Retire(id, f"rejected: {why}", at))


def hold(parts: Parts, ids: Sequence[RecordId], why: str = "to be reviewed") -> Receipt:
    """Put records that are in memory into quarantine.

    Raises NotFound, Forgotten, or InputError for one that is not active; nothing is done then.
    """
    return _settle(
        parts, ids, Status.ACTIVE, lambda id, at: Retire(id, f"held: {why}", at, hold=True)
    )


def restore(parts: Parts, id: RecordId, why: str = "restored") -> Receipt:
    """Bring a deleted record back; one that waits for a review comes in by `admit` alone.

    Raises NotFound, Forgotten, or InputError for one that is held.
    """
    with parts.store.writing():
        if (record := parts.store.get([id]).get(id)) and record.status is Status.HELD:
            raise InputError(f"record {id} is held for a review, not deleted. Use Memory.admit")
        return receipt(commit(parts, [Restore(id, why)]))


def _settle(
    parts: Parts,
    ids: Sequence[RecordId],
    status: Status,
    change: Callable[[RecordId, dict[RecordId, int]], Change],
) -> Receipt:
    with parts.store.writing():
        return receipt(commit(parts, list(_changes(parts, ids, status, change))))


def _changes(
    parts: Parts,
    ids: Sequence[RecordId],
    status: Status,
    change: Callable[[RecordId, dict[RecordId, int]], Change],
) -> Iterator[Change]:
    there = parts.store.get(list(dict.fromkeys(ids)))
    for id in dict.fromkeys(ids):
        if id not in there:
            raise NotFound(f"no record {id!r}. Memory.held() lists what waits for a review")
        if there[id].status is Status.FORGOTTEN:
            raise Forgotten(f"record {id} was forgotten. Nothing of it can come back")
        if there[id].status is not status:
            raise InputError(
                f"record {id} is {there[id].status.value}, not {status.value}: somebody may have "
                "decided about it already (its history says who)"
            )
        yield change(id, {id: there[id].version})


def _held(parts: Parts, record: Record) -> Held:
    """With the change that put it there: the last by which it was retired, or came in held."""
    entries = parts.store.log(0, EVERY_LINE, record.id)
    last = next((entry for entry in reversed(entries) if entry.verb in ("retire", "put")), None)
    why = last.why.removeprefix("held: ") if last else ""
    return Held(record, why, last.at if last else record.recorded_at)
