"""Random histories on a store, beside the reference store, compared after every step.

    class TestMachine(store_machine(SqliteStore, RamStore).TestCase):
        settings = settings(max_examples=10, stateful_step_count=40)

Each step is a rule: records are put, revised, retired, restored, reweighed, linked and erased,
vectors come late, transactions fail, the file is closed and opened again. Then both stores must
answer every question of the port alike, and the one under test must find itself healthy. When
they do not, hypothesis shrinks the history to the shortest that shows it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnemic.core.changes import Change, Link, Put, Restore, Retire
from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.records import Partition, Provenance, Record, Scope, Status
from mnemic.core.storage import Job, Store
from mnemic.core.vectors import EncoderId
from mnemic.core.verbs import after
from mnemic.testing import strategies
from mnemic.testing.pen import Pen
from mnemic.testing.picture import picture
from mnemic.testing.readings import FAKE, plain_reading, plain_vectors

LATE = EncoderId("late", "1", "int8", 8)
"""An encoder whose vectors come after the records."""

_Record = tuple[str, dict[str, Any]]


class _Refused(Exception):
    """Raised by the machine itself, in the middle of a transaction."""


def store_machine(open_store: Callable[[Path], Store], model: Callable[[], Store]) -> Any:
    """A hypothesis state machine that drives `open_store(file)` beside `model()`.

    `open_store` is called again with the same file after a restart.
    """
    from hypothesis import note
    from hypothesis import strategies as st
    from hypothesis.stateful import (
        RuleBasedStateMachine,
        initialize,
        invariant,
        precondition,
        rule,
    )

    near = st.builds(
        Scope, st.sampled_from([Partition(), Partition(user_id="ana")]), session_id=st.just("s1")
    )
    fresh: st.SearchStrategy[_Record] = st.tuples(
        strategies.texts(max_size=120),
        st.fixed_dictionaries(
            {
                "scope": near | strategies.scopes(),
                "speaker": st.none() | strategies.names(),
                "valid_from": st.none() | strategies.moments(),
                "weight": strategies.weights(),
                "provenance": strategies.provenances(),
                "metadata": strategies.metadata(),
            }
        ),
    )

    class StoreMachine(RuleBasedStateMachine):
        """One history."""

        def __init__(self) -> None:
            super().__init__()
            self._folder = tempfile.TemporaryDirectory(prefix="mnemic-machine-")
            self.file = Path(self._folder.name) / "memory.db"
            self.store, self.model = open_store(self.file), model()
            self.pen = Pen(seed=1)

        def teardown(self) -> None:
            """Close both stores and remove the file."""
            self.store.close()
            self.model.close()
            self._folder.cleanup()

        def _stores(self) -> tuple[Store, Store]:
            return self.store, self.model

        def _ids(self) -> list[RecordId]:
            log = self.model.log(0, 10**9)
            records = self.model.get([line.record for line in log])
            return [id for id, record in records.items() if record.status is not Status.FORGOTTEN]

        def _write(self, changes: list[Change]) -> None:
            writes = self.pen.writes(self.model, changes)
            for store in self._stores():
                with store.writing():
                    store.write(writes)

        def _new(self, drawn: _Record, drawn_from: list[RecordId] | None = None) -> Record:
            text, fields = drawn
            scope: Scope = fields["scope"]
            provenance = fields["provenance"]
            identity = (provenance.source or "", provenance.external_id or "")
            if self.model.identities(scope.partition, [identity]):
                provenance = replace(provenance, external_id=None)
            provenance = replace(provenance, derived_from=tuple(drawn_from or ()))
            ordinal = self.model.next_ordinal(scope.partition, scope.session_id)
            return self.pen.record(
                text, **(fields | {"ordinal": ordinal, "provenance": provenance})
            )

        # -- steps

        @initialize(drawn=st.lists(fresh, min_size=2, max_size=4, unique_by=lambda each: each[0]))
        def begin(self, drawn: list[_Record]) -> None:
            """The first records, in one transaction; none claims the identity of another."""
            said = Provenance()
            self._write(
                [Put(self._new((text, fields | {"provenance": said}))) for text, fields in drawn]
            )

        @rule(drawn=fresh, data=st.data())
        def put(self, drawn: _Record, data: st.DataObject) -> None:
            """A new record, perhaps drawn from others."""
            ids = self._ids()
            lineage = data.draw(st.lists(st.sampled_from(ids), max_size=2)) if ids else []
            self._write([Put(self._new(drawn, lineage))])

        @precondition(lambda self: self._ids())
        @rule(data=st.data())
        def change(self, data: st.DataObject) -> None:
            """One change, or several of one record, in one transaction."""
            id = data.draw(st.sampled_from(self._ids()))
            drawn = data.draw(st.lists(strategies.changes(id), min_size=1, max_size=3))
            self._write(_fitting(self.model.get([id])[id], drawn))

        @precondition(lambda self: self._ids())
        @rule(data=st.data())
        def hide_or_show(self, data: st.DataObject) -> None:
            """A record goes out of sight, or comes back."""
            id = data.draw(st.sampled_from(self._ids()))
            active = self.model.get([id])[id].status is Status.ACTIVE
            self._write([Retire(id) if active else Restore(id)])

        @precondition(lambda self: len(self._ids()) > 1)
        @rule(data=st.data(), relation=strategies.names(), weight=strategies.weights())
        def link(self, data: st.DataObject, relation: str, weight: float) -> None:
            """Two records are related."""
            pairs = st.lists(st.sampled_from(self._ids()), min_size=2, max_size=2, unique=True)
            source, target = data.draw(pairs)
            self._write([Link(source, relation, target, weight)])

        @precondition(lambda self: self.model.links(self._ids()))
        @rule(data=st.data())
        def unlink(self, data: st.DataObject) -> None:
            """Two records are no longer related."""
            row = data.draw(st.sampled_from(self.model.links(self._ids())))
            self._write([Link(row.source, row.relation, row.target, remove=True)])

        @precondition(lambda self: self._ids())
        @rule(data=st.data())
        def forget(self, data: st.DataObject) -> None:
            """Erase one record or two, and clear free space."""
            ids = data.draw(st.lists(st.sampled_from(self._ids()), min_size=1, max_size=2))
            lines, body = self.pen.erasure(list(dict.fromkeys(ids)))
            for store in self._stores():
                with store.writing():
                    store.erase(lines, [ids[0].encode()], body)
                assert store.scrub() is None
                assert store.buried([ids[0].encode(), b"other"]) == {ids[0].encode()}

        @precondition(lambda self: self._ids())
        @rule(data=st.data(), limit=st.integers(1, 5))
        def encode(self, data: st.DataObject, limit: int) -> None:
            """Vectors of a second encoder come late, some of them for words that are gone."""
            partition = data.draw(st.sampled_from([p for p, _ in self.model.partitions()]))
            for store in self._stores():
                waiting = store.unencoded(partition, LATE, limit)
                gone = [replace(each, text=each.text + "!") for each in waiting[:1]]
                vectors = plain_vectors([each.text for each in [*waiting, *gone]], LATE)
                with store.writing():
                    store.write_vectors([*waiting, *gone], vectors)

        @precondition(lambda self: self._ids())
        @rule(data=st.data())
        def analyse_again(self, data: st.DataObject) -> None:
            """Derived rows are made anew, with other words and the same passages."""
            id = data.draw(st.sampled_from(self._ids()))
            reading = plain_reading(self.model.get([id])[id].text, encoder=None)
            again = replace(reading, tokens=f"{reading.tokens} again".strip(), cues=1)
            for store in self._stores():
                rows = [row for p, _ in store.partitions() for row in store.rows(p)[0]]
                keys = [row.key for row in rows if store.by_key([row.key])[row.key].id == id]
                with store.writing():
                    store.rewrite([(key, again) for key in keys])

        @rule(drawn=fresh, erase=st.booleans())
        def fail(self, drawn: _Record, erase: bool) -> None:
            """A transaction that breaks off after all its work is done."""
            writes = self.pen.writes(self.model, [Put(self._new(drawn))])
            lines, body = self.pen.erasure(self._ids()[:1] if erase else [])
            for store in self._stores():
                try:
                    with store.writing():
                        store.write(writes)
                        store.erase(lines, [b"never"], body)
                        store.set_meta("never", "kept")
                        raise _Refused
                except _Refused:
                    pass
                assert store.get_meta("never") is None
                assert store.buried([b"never"]) == set()

        @rule(task=strategies.names(), partition=strategies.partitions())
        def ask(self, task: str, partition: Partition) -> None:
            """Background work is asked for, and a setting recorded."""
            self.pen.now += 1
            for store in self._stores():
                with store.writing():
                    for _ in range(2):
                        store.enqueue(task, partition, "all", self.pen.now)
                    store.set_meta("asked", task)
                assert store.awaits(task, partition, "all")
                assert store.get_meta("asked") == task

        @rule(worker=st.sampled_from(["one", "two"]), lasts=st.integers(1, 20), done=st.booleans())
        def work(self, worker: str, lasts: int, done: bool) -> None:
            """A worker takes a job, and finishes it, gives it back or falls silent."""
            self.pen.now += 10
            jobs: list[Job | None] = []
            for store in self._stores():
                with store.writing():
                    job = store.lease(worker, self.pen.now, self.pen.now + lasts)
                    if job is not None and done:
                        store.finish(job, worker)
                    elif job is not None and lasts % 2:
                        store.release(job, worker, "tired")
                jobs.append(job)
            assert jobs[0] == jobs[1]

        @rule()
        def reopen(self) -> None:
            """The process ends, and another one opens the file."""
            self.store.close()
            self.store = open_store(self.file)

        # -- what always holds

        @invariant()
        def same_answers(self) -> None:
            """Both stores answer every question alike."""
            ours, reference = (picture(store, (FAKE, LATE)) for store in self._stores())
            for name, value in reference.items():
                if ours.get(name) != value:
                    note(f"{name}: {ours.get(name)}\nbut the reference says {value}")
                assert ours.get(name) == value, name

        @invariant()
        def healthy(self) -> None:
            """The store finds nothing wrong with itself."""
            assert self.store.check() == []
            assert self.model.check() == []

    return StoreMachine


def _fitting(record: Record, changes: list[Change]) -> list[Change]:
    """The changes without those that would end the record before it begins."""
    kept: list[Change] = []
    for change in changes:
        try:
            record = after(record, change, record.recorded_at)
        except InputError:
            continue
        kept.append(change)
    return kept
