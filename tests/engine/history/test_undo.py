"""Undo: of changes by their inverses, of all that came after a point by states."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mnemic
from mnemic import Memory
from mnemic.core.changes import Link, Restore, Retire, Revise
from mnemic.core.ids import RecordId
from mnemic.core.receipts import Receipt
from mnemic.core.records import REMAINING, Partition, Status
from mnemic.core.storage import Listing
from mnemic.engine.history.between import Point, seq_of
from mnemic.engine.history.undo import undo_since
from mnemic.engine.write import commit, receipt
from mnemic.store.ram import RamStore
from mnemic.testing.pen import Pen

ANA = Partition(user_id="ana")


@pytest.fixture(params=["sqlite", "ram"])
def memory(request: pytest.FixtureRequest, tmp_path: Any, clock: Any) -> Iterator[Memory]:
    store = RamStore() if request.param == "ram" else None
    with Memory(tmp_path / "memory.db", clock=clock, store=store, encoder=None) as opened:
        yield opened


def state(memory: Memory) -> dict[str, Any]:
    """What is there: every record that is not deleted, and every link between what remains."""
    store = memory._parts.store
    everyone = tuple(partition for partition, _ in store.partitions())
    records = [one for _, one in store.listing(Listing(everyone, statuses=REMAINING), 0, 10**6)]
    shown = [one for one in records if one.status is not Status.RETIRED]
    said = {
        one.id: (
            *(one.text, one.speaker, one.valid_from, one.valid_to),
            *(one.weight, one.status, dict(one.metadata)),
        )
        for one in shown
    }
    here = set(said)
    links = set(store.links(sorted(one.id for one in records)))
    return {
        "records": said,
        "links": {link for link in links if link.source in here and link.target in here},
    }


def head(memory: Memory) -> int:
    return memory._parts.store.head()


def since(memory: Memory, point: Point, *users: str) -> Receipt:
    return undo_since(memory._parts, point, [Partition(user_id=user) for user in users] or None)


def change(memory: Memory, *changes: Any) -> Receipt:
    return receipt(commit(memory._parts, changes))


# -- some changes


def test_a_link_goes_back_to_the_weight_that_it_had(memory: Memory) -> None:
    one, other = memory.add(["one", "other"], user_id="ana").ids
    first = memory.link(one, "about", other, weight=0.5)
    second = memory.link(one, "about", other, weight=2.0)
    with pytest.raises(mnemic.Stale, match="set or removed again since"):
        memory.undo(first)
    memory.undo(second)
    (link,) = memory._parts.store.links([RecordId(one)])
    assert link.weight == 0.5
    memory.undo(first)
    assert not memory._parts.store.links([RecordId(one)])


def test_undo_of_a_hold_and_of_its_end(memory: Memory) -> None:
    id = RecordId(memory.add("one", user_id="ana").id)
    held = change(memory, Retire(id, "suspect", hold=True))
    assert memory.get(id).status is Status.HELD
    admitted = change(memory, Restore(id, "reviewed"))
    memory.undo(admitted)
    assert memory.get(id).status is Status.HELD
    with pytest.raises(mnemic.Stale):
        memory.undo(held)
    deleted = memory.delete(id)
    assert memory.get(id).status is Status.RETIRED
    memory.undo(deleted)
    assert memory.get(id).status is Status.HELD


def test_a_long_undo_is_one_transaction(memory: Memory) -> None:
    ids = memory.add(["one", "two", "three"], user_id="ana").ids
    receipts = [memory.update(ids[0], text=f"one {number}") for number in range(5)]
    before = head(memory)
    with pytest.raises(mnemic.NotFound):
        memory.undo([*(r.changes[0].id for r in receipts), "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
    assert head(memory) == before
    memory.undo([r.changes[0].id for r in receipts])
    assert memory.get(ids[0]).text == "one"
    assert len(memory.history(ids[0])) == 11


# -- points


def test_a_point_is_a_number_a_change_a_receipt_or_a_time(memory: Memory, clock: Any) -> None:
    first = memory.add("one", user_id="ana")
    noon = clock() / 1e6
    second = memory.add(["two", "three"], user_id="ana")
    store, zone = memory._parts.store, memory._parts.zone
    at = memory.log()[0].at
    assert seq_of(store, 2, zone) == 2
    assert seq_of(store, first, zone) == seq_of(store, first.changes[0].id, zone) == 1
    assert seq_of(store, second, zone) == 3
    assert seq_of(store, noon, zone) == 1
    assert seq_of(store, "2025", zone) == 0
    assert seq_of(store, "2027-01-01", zone) == 3
    assert seq_of(store, at / 1e6, zone) == 1  # a line written at that instant stays
    for wrong, error in (
        (4, mnemic.InputError),
        (-1, mnemic.InputError),
        (True, mnemic.TimestampError),
        ("yesterday or so", mnemic.TimestampError),
        ("陈", mnemic.TimestampError),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", mnemic.NotFound),
        (Receipt(), mnemic.InputError),
    ):
        with pytest.raises(error):
            seq_of(store, wrong, zone)  # type: ignore[arg-type]


# -- everything since a point


def test_a_superseding_is_taken_back_whole(memory: Memory) -> None:
    old = memory.add("Ana lives in Porto", user_id="ana", kind="fact", timestamp="2024-01-01")
    before = state(memory)
    new = memory.supersede(old.id, text="Ana lives in Lisbon", valid_from="2025-05-01")
    memory.supersede(new.id, text="Ana lives in Faro", valid_from="2026-01-01")
    memory.update(old.id, metadata={"seen": True}, weight=2.0)
    point = head(memory)
    taken = since(memory, old)
    assert state(memory) == before
    assert len(memory.history(old.id)) > 2
    assert head(memory) > point
    since(memory, point)  # undo of the undo
    assert [record.text for record in memory.list(user_id="ana")] == [
        "Ana lives in Porto",
        "Ana lives in Lisbon",
        "Ana lives in Faro",
    ]
    memory.undo([change.id for change in since(memory, taken).changes])
    assert len(memory.history(old.id)) > 8
    assert memory.doctor().ok


def test_nothing_since_is_nothing_to_undo(memory: Memory) -> None:
    memory.add("one", user_id="ana")
    at = head(memory)
    assert since(memory, at) == Receipt()
    memory.update(memory.list(user_id="ana")[0].id, text="two")
    memory.update(memory.list(user_id="ana")[0].id, text="one")
    assert since(memory, at) == Receipt()
    assert head(memory) == at + 2


def test_only_what_happened_to_one_user(memory: Memory) -> None:
    ana, bo = memory.add("one", user_id="ana"), memory.add("two", user_id="bo")
    at = head(memory)
    memory.update(ana.id, text="one more")
    memory.update(bo.id, text="two more")
    memory.add("three", user_id="bo")
    since(memory, at, "bo")
    assert memory.get(ana.id).text == "one more"
    assert [record.text for record in memory.list(user_id="bo")] == ["two"]
    assert since(memory, at, "bo", "nobody") == Receipt()


def test_what_was_forgotten_since_is_named_and_left(memory: Memory) -> None:
    kept, gone = memory.add(["kept", "the secret of Ana"], user_id="ana").ids
    at = head(memory)
    memory.update(gone, text="the other secret of Ana")
    late = memory.add("put and forgotten since", user_id="ana").id
    memory.link(kept, "about", gone)
    memory.update(kept, text="kept well")
    memory.forget([gone, late])
    receipt = since(memory, at)
    assert receipt.lost == (gone,)
    assert memory.get(kept).text == "kept"
    assert "gone for good" in str(receipt)
    assert memory.doctor().ok


def test_words_drawn_from_what_was_forgotten_do_not_come_back(memory: Memory) -> None:
    source = RecordId(memory.add("Ana's number is 4711", user_id="ana").id)
    fact = RecordId(memory.add("call 4711", user_id="ana", kind="fact", derived_from=[source]).id)
    at = head(memory)
    memory.update(fact, text="call somebody", weight=3.0)
    store = memory._parts.store
    # A rule that can draw a record again without one of its sources forgets that one alone.
    Pen(seed=9).forget(store, source)
    receipt = since(memory, at)
    assert set(receipt.lost) == {source, fact}
    assert (memory.get(fact).text, memory.get(fact).weight) == ("call somebody", 1.0)


def test_what_was_drawn_again_stays(memory: Memory) -> None:
    one, two = memory.add(["Ana likes tea.", "Bo likes milk."], user_id="ana").ids
    fact = memory.add(
        "Ana likes tea. Bo likes milk.", user_id="ana", kind="fact", derived_from=[one, two]
    ).id
    at = head(memory)
    certificate = memory.forget([one])
    assert set(since(memory, at).lost) == {one, fact}
    assert memory.get(certificate.redrawn[RecordId(fact)]).text == "Bo likes milk."
    assert since(memory, at).changes == ()
    since(memory, 0)
    assert not memory.list(user_id="ana")


def test_lineage_stays_for_forget_to_find(memory: Memory) -> None:
    source = memory.add("Ana's number is 4711", user_id="ana").id
    at = head(memory)
    fact = memory.add("call 4711", user_id="ana", kind="fact", derived_from=[source]).id
    memory.link(fact, "derived_from", source, weight=2.0)
    since(memory, at)
    assert fact in memory.forget([source]).ids


def test_what_another_writes_meanwhile_is_taken_back_too(memory: Memory) -> None:
    id = memory.add("one", user_id="ana").id
    at = head(memory)
    memory.update(id, text="two")
    read = memory._parts.reader.read_records

    def slowly(records: Any) -> Any:
        memory._parts.reader.read_records = read  # type: ignore[method-assign]
        commit(memory._parts, [Revise(RecordId(id), text="three")])
        return read(records)

    memory._parts.reader.read_records = slowly  # type: ignore[method-assign]
    since(memory, at)
    assert memory.get(id).text == "one"
    assert memory.doctor().ok


ACTS: list[Callable[[Memory, random.Random, list[str]], object]] = [
    lambda m, r, ids: m.add([f"note {r.random()}", "tea"], user_id=r.choice(["ana", "bo"])),
    lambda m, r, ids: m.add("drawn", user_id="ana", kind="fact", derived_from=r.sample(ids, 2)),
    lambda m, r, ids: m.update(r.choice(ids), text=f"other {r.randrange(4)}", weight=r.random()),
    lambda m, r, ids: m.update(r.choice(ids), speaker=r.choice([None, "Ana"]), metadata={"a": 1}),
    lambda m, r, ids: m.update(r.choice(ids), valid_to=r.choice([None, "2033"])),
    lambda m, r, ids: m.delete(r.choice(ids)),
    lambda m, r, ids: m.restore(r.choice(ids)),
    lambda m, r, ids: m.link(*_pair(r, ids), weight=r.random()),
    lambda m, r, ids: change(m, Link(*map(RecordId, _pair(r, ids)), remove=True)),
    lambda m, r, ids: change(m, Retire(RecordId(r.choice(ids)), hold=True)),
    lambda m, r, ids: m.supersede(r.choice(ids), text=f"newer {r.random()}"),
    lambda m, r, ids: m.undo(m.log(limit=1)[0].id),
    lambda m, r, ids: since(m, max(0, head(m) - r.randrange(6))),
]


def _pair(chance: random.Random, ids: list[str]) -> tuple[str, str, str]:
    one, other = chance.sample(ids, 2)
    return one, chance.choice(["about", "derived_from"]), other


def live(memory: Memory, chance: random.Random, steps: int) -> None:
    """Some steps of a life; what does not fit is refused, and that is all."""
    for _ in range(steps):
        ids = [record.id for record in memory.list(all_scopes=True, deleted=True, limit=1000)]
        try:
            chance.choice(ACTS)(memory, chance, ids)
        except (mnemic.Stale, mnemic.InputError):
            continue


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), before=st.integers(0, 12), after=st.integers(1, 12))
def test_whatever_happened_the_state_is_the_one_of_the_point(
    memory: Memory, seed: int, before: int, after: int
) -> None:
    chance = random.Random(seed)
    memory.add(["one", "two", "three"], user_id="ana", kind="fact", timestamp="2024-01-01")
    live(memory, chance, before)
    at, then, length = head(memory), state(memory), head(memory)
    live(memory, chance, after)
    middle, between = head(memory), state(memory)
    taken = since(memory, at)
    assert state(memory) == then
    assert head(memory) >= length
    if chance.random() < 0.5:
        since(memory, middle)
    else:
        memory.undo(taken)
    assert state(memory) == between, "the undo of an undo gives the state before"
    assert memory.doctor().ok


def test_a_thousand_records_take_a_moment(memory: Memory) -> None:
    memory.add([f"note {number}" for number in range(1000)], user_id="ana")
    at = head(memory)
    first = [record.id for record in memory.list(user_id="ana", limit=1000)]
    added = memory.add([f"more {number}" for number in range(1000)], user_id="ana")
    for id in first[:50]:
        memory.update(id, text=f"{id} again")
    begun = time.perf_counter()
    taken = since(memory, at)
    spent = time.perf_counter() - begun
    assert (len(taken.changes), len(added.ids)) == (1050, 1000)
    assert spent < 5
    assert len(memory.list(user_id="ana", limit=5000)) == 1000
