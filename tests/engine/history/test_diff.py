"""Diff: what was known at one point against another, and its laws."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mnemic
from mnemic import Memory
from mnemic.core.changes import Link, Retire
from mnemic.core.ids import RecordId
from mnemic.core.records import Partition, Record
from mnemic.core.storage import LinkRow
from mnemic.engine.history.between import Point
from mnemic.engine.history.diff import FIELDS, Diff, diff
from mnemic.engine.history.undo import undo_since
from mnemic.engine.write import commit
from mnemic.store.ram import RamStore


@pytest.fixture(params=["sqlite", "ram"])
def memory(request: pytest.FixtureRequest, tmp_path: Any, clock: Any) -> Iterator[Memory]:
    store = RamStore() if request.param == "ram" else None
    with Memory(tmp_path / "memory.db", clock=clock, store=store, encoder=None) as opened:
        yield opened


def between(memory: Memory, one: Point, other: Point | None = None, *users: str) -> Diff:
    return diff(memory._parts, one, other, [Partition(user_id=user) for user in users] or None)


def test_a_week_reads_as_it_went(memory: Memory) -> None:
    porto = memory.add("Ana lives in Porto", user_id="ana", kind="fact", timestamp="2024-01-01").id
    tea, milk, key = memory.add(["tea", "milk", "the key is blue"], user_id="ana").ids
    memory.delete(milk)
    at = memory.log()[-1].seq
    memory.add("Bo called", user_id="ana", speaker="Iris", timestamp="2026-01-02")
    lisbon = memory.supersede(porto, text="Ana lives in Lisbon", valid_from="2025-05-01").id
    memory.update(tea, text="green tea")
    memory.update(tea, weight=2.0)
    memory.restore(milk)
    memory.delete(key)
    memory.link(tea, "beside", milk)
    short = memory.add("put and deleted", user_id="ana").id
    memory.delete(short)
    found = between(memory, at)
    assert str(found).replace("2026-01-01T12:00", "…").splitlines() == [
        "1 added; 1 superseded; 1 changed; 1 gone; 1 returned; 1 link set or removed",
        "+ 2026-01-02 Iris: Bo called",
        "> 2024-01-01 Ana lives in Porto was superseded by 'Ana lives in Lisbon' on 2025-05-01",
        f"~ {memory.get(tea)} → {memory.get(tea)}".replace("green tea →", "tea →").replace(
            "2026-01-01T12:00", "…"
        ),
        f"- {memory._parts.store.versions(RecordId(key))[0]}".replace("2026-01-01T12:00", "…"),
        f"+ {memory.get(milk)} (again)".replace("2026-01-01T12:00", "…"),
        f"+ {tea} beside {milk}",
    ]
    assert {record.id for record in found.added} == {lisbon, found.added[0].id}
    (altered,) = [one for one in found.changed if one.before.id == tea]
    assert altered.fields == ("text", "weight")
    assert found and not between(memory, found.until)


def test_what_only_other_fields_say(memory: Memory) -> None:
    id = memory.add("tea", user_id="ana", timestamp="2026").id
    at = memory.log()[-1].seq
    memory.update(id, weight=2.0, valid_to="2027")
    assert str(between(memory, at)) == (
        "1 changed\n~ 2026 tea (valid_to none → 2027, weight 1.0 → 2.0)"
    )


def test_nothing_and_the_wrong_way_round(memory: Memory) -> None:
    memory.add("tea", user_id="ana")
    memory.add("milk", user_id="ana")
    assert str(between(memory, 1, 1)) == "nothing changed"
    with pytest.raises(mnemic.InputError, match="the other way round"):
        between(memory, 2, 1)


def test_a_diff_of_one_user_tells_nothing_of_another(memory: Memory) -> None:
    ana, bo = memory.add("tea", user_id="ana").id, memory.add("milk", user_id="bo").id
    memory.link(bo, "about", ana)
    memory.supersede(bo, text="cheese")
    found = between(memory, 0, None, "ana")
    assert [record.text for record in found.added] == ["tea"]
    assert not found.linked and not found.superseded and not found.changed


def test_what_was_forgotten_is_an_id(memory: Memory) -> None:
    id = memory.add("Ana's secret", user_id="ana").id
    memory.update(id, text="Ana's other secret")
    at = memory.log()[-1].seq
    late = memory.add("a later secret", user_id="ana").id
    memory.forget([id, late])
    assert between(memory, at).forgotten == (id,)
    assert "secret" not in repr(between(memory, at)) + str(between(memory, at))
    assert not between(memory, 0, at)
    assert not between(memory, 0)


def test_by_time(memory: Memory, clock: Any) -> None:
    memory.add("tea", user_id="ana")
    clock.micros += 86_400_000_000
    memory.add("milk", user_id="ana")
    clock.micros += 86_400_000_000
    memory.add("cheese", user_id="ana")
    found = between(memory, "2026-01-02", "2026-01-03")
    assert [record.text for record in found.added] == ["milk"]


# -- laws

Content = tuple[Any, ...]
Edge = tuple[str, str, str]
State = tuple[dict[str, Content], dict[Edge, float]]


def content(record: Record) -> Content:
    return tuple(
        dict(value) if isinstance(value, Mapping) else value
        for value in (getattr(record, name) for name in FIELDS)
    )


def known(memory: Memory, seq: int) -> State:
    """What was known at a point, replayed from the log line by line."""
    records: dict[str, Record] = {}
    links: dict[Edge, float] = {}
    store = memory._parts.store
    for line in store.log(0, seq):
        if line.verb != "link":
            records[line.record] = store.versions(line.record)[line.version - 1]
        elif line.detail:
            edge = (line.record, line.detail["relation"], line.detail["target"])
            links.pop(edge, None)
            if not line.detail["remove"]:
                links[edge] = line.detail["weight"]
    forgotten = {id for id, one in store.get(list(records)).items() if one.status == "forgotten"}
    return (
        {
            id: content(one)
            for id, one in records.items()
            if one.status == "active" and id not in forgotten
        },
        {edge: w for edge, w in links.items() if forgotten.isdisjoint((edge[0], edge[2]))},
    )


def applied(state: State, found: Diff) -> State:
    records, links = dict(state[0]), dict(state[1])
    for record in found.gone:
        assert records.pop(record.id) == content(record)
    for one in found.changed:
        assert records[one.before.id] == content(one.before)
        records[one.after.id] = content(one.after)
    for record in (*found.added, *found.returned):
        assert record.id not in records
        records[record.id] = content(record)
    for row in found.unlinked:
        assert links.pop(_edge(row)) == row.weight
    for row in found.linked:
        links[_edge(row)] = row.weight
    return records, links


def _edge(row: LinkRow) -> Edge:
    return row.source, row.relation, row.target


def live(memory: Memory, chance: random.Random, steps: int) -> None:
    for _ in range(steps):
        ids = [record.id for record in memory.list(all_scopes=True, deleted=True, limit=1000)]
        one, other = (RecordId(id) for id in chance.sample(ids, 2))
        acts = [
            lambda: memory.add("a note", user_id=chance.choice(["ana", "bo"])),
            lambda: memory.update(one, text=f"{chance.randrange(3)}", weight=chance.random()),  # noqa: B023
            lambda: memory.delete(one),  # noqa: B023
            lambda: memory.restore(one),  # noqa: B023
            lambda: memory.supersede(one, text="newer"),  # noqa: B023
            lambda: memory.link(one, "about", other, weight=chance.random()),  # noqa: B023
            lambda: commit(memory._parts, [Link(one, "about", other, remove=True)]),  # noqa: B023
            lambda: commit(memory._parts, [Retire(one, hold=True)]),  # noqa: B023
            lambda: memory.forget(one) if chance.random() < 0.2 else None,  # noqa: B023
            lambda: undo_since(memory._parts, chance.randrange(memory._parts.store.head())),
        ]
        try:
            chance.choice(acts)()
        except mnemic.InputError:
            continue


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 15))
def test_a_diff_leads_from_one_state_to_the_other(memory: Memory, seed: int, steps: int) -> None:
    chance = random.Random(seed)
    memory.add([f"note {number}" for number in range(4)], user_id="ana", timestamp="2024")
    live(memory, chance, steps)
    head = memory._parts.store.head()
    a, b, c = sorted(chance.randrange(head + 1) for _ in range(3))
    at_a, at_b, at_c = (known(memory, seq) for seq in (a, b, c))
    assert not between(memory, a, a)
    assert applied(at_a, between(memory, a, c)) == at_c
    assert applied(applied(at_a, between(memory, a, b)), between(memory, b, c)) == at_c
    assert applied(at_b, between(memory, b)) == known(memory, head)
    assert bool(between(memory, a, c)) or (at_a == at_c)
