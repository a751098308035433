"""A pen: changes become writes, with a clock and ids of its own.

What `engine/apply.py` does for a memory, in the few lines that a test of a store needs: every
change is settled by `core/verbs.py` and takes a microsecond, a new record when it is made.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from mnemic.core.changes import VERBS, Change, Link, Put
from mnemic.core.clock import Micros
from mnemic.core.ids import ChangeId, Mint, RecordId
from mnemic.core.records import Record, Scope
from mnemic.core.storage import Entry, LinkRow, Store, Write
from mnemic.core.vectors import EncoderId
from mnemic.core.verbs import after, target
from mnemic.testing.readings import FAKE, plain_reading


class Pen:
    """Writes to stores; the same `seed` and calls give the same ids and times."""

    def __init__(
        self,
        *,
        seed: int = 0,
        now: Micros = 1_750_000_000_000_000,
        encoder: EncoderId | None = FAKE,
    ) -> None:
        self.now = now
        """The time of the last change; move it to let time pass."""
        self._mint = Mint(random.Random(seed))
        self._encoder = encoder

    def record(self, text: str, **fields: Any) -> Record:
        """A new record, in the default scope unless `fields` say otherwise."""
        self.now += 1
        given: dict[str, Any] = {"kind": "turn", "scope": Scope(), "ordinal": 0}
        given |= {"recorded_at": self.now, **fields}
        return Record(id=RecordId(self._mint.new(self.now)), text=text, **given)

    def writes(self, store: Store, changes: Sequence[Change]) -> list[Write]:
        """What these changes do to the records of `store`; nothing is written yet.

        Changes that alter nothing are left out. Raises as `core.verbs.after` does.
        """
        states = store.get([RecordId(target(change)) for change in changes])
        found: list[Write] = []
        for change in changes:
            id = RecordId(target(change))
            before = states.get(id)
            if isinstance(change, Put):
                record = change.record
            else:
                self.now += 1
                record = after(states[id], change, self.now)
                if record is before and not isinstance(change, Link):
                    continue
            states[id] = record
            same = before is not None and before.text == record.text
            reading = None if same else plain_reading(record.text, self._encoder)
            found.append(Write(self._entry(change, record), record, reading, _link(change)))
        return found

    def apply(self, store: Store, *changes: Change) -> list[Write]:
        """Make these changes in one transaction."""
        writes = self.writes(store, changes)
        with store.writing():
            store.write(writes)
        return writes

    def put(self, store: Store, text: str, **fields: Any) -> Record:
        """Write a new record."""
        record = self.record(text, **fields)
        self.apply(store, Put(record))
        return record

    def erasure(self, ids: Sequence[RecordId]) -> tuple[list[Entry], str]:
        """The lines and the certificate with which `Store.erase` forgets these records."""
        self.now += 1
        lines = [
            Entry(0, ChangeId(self._mint.new(self.now)), self.now, "pen", "forget", id, 0, "asked")
            for id in ids
        ]
        return lines, certificate(self._mint.new(self.now))

    def forget(self, store: Store, *ids: RecordId, marks: Sequence[bytes] = ()) -> None:
        """Erase these records in one transaction; free space is left to `Store.scrub`."""
        lines, body = self.erasure(ids)
        with store.writing():
            store.erase(lines, marks, body)

    def _entry(self, change: Change, record: Record) -> Entry:
        detail: dict[str, object] = {}
        if isinstance(change, Link):
            detail = {
                "relation": change.relation,
                "target": change.target,
                "weight": change.weight,
                "remove": change.remove,
            }
        id, verb = ChangeId(self._mint.new(self.now)), VERBS[type(change)]
        return Entry(0, id, self.now, "pen", verb, record.id, record.version, change.why, detail)


def certificate(id: str, status: str = "erased") -> str:
    """A certificate with no more than a store looks at."""
    return json.dumps({"id": id, "status": status})


def _link(change: Change) -> LinkRow | None:
    if not isinstance(change, Link):
        return None
    return LinkRow(change.source, change.relation, change.target, change.weight, change.remove)
