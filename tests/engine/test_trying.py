"""Dry runs: the answer stays, and nothing else."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import mnemic
from mnemic import Memory
from mnemic.core.changes import Retire
from mnemic.core.ids import RecordId
from mnemic.core.records import Partition
from mnemic.engine.epoch import epoch, turn
from mnemic.engine.history.undo import undo_since
from mnemic.engine.parts import Parts
from mnemic.engine.trying import refuse, try_out, under_way
from mnemic.engine.write import commit, receipt
from mnemic.models.fake import FakeEncoder
from mnemic.store.ram import RamStore
from mnemic.testing.picture import picture


@pytest.fixture(params=["sqlite", "ram"])
def memory(request: pytest.FixtureRequest, tmp_path: Any, clock: Any) -> Iterator[Memory]:
    store = RamStore() if request.param == "ram" else None
    with Memory(tmp_path / "memory.db", clock=clock, store=store) as opened:
        opened.add(["about tea", "about milk", "about the garden"], user_id="ana")
        yield opened


def view(memory: Memory, parts: Parts) -> Memory:
    """The memory that `Memory.dry_run` hands on: the same, of other parts."""
    other = copy.copy(memory)
    other._parts = parts
    return other


def dry(memory: Memory, act: Any) -> Any:
    return try_out(memory._parts, lambda parts: act(view(memory, parts)))


def found(memory: Memory, words: str) -> list[str]:
    return [hit.text for hit in memory.search(words, user_id="ana", limit=50)]


def everything(memory: Memory) -> dict[str, Any]:
    store = memory._parts.store
    encoders = [encoder for encoder, _ in store.encoders()]
    return picture(store, encoders) | {"epoch": epoch(store), "trials": store.trials()}


def test_nothing_remains(memory: Memory, tmp_path: Path) -> None:
    before, files = everything(memory), sorted(each.name for each in tmp_path.iterdir())
    found(memory, "tea")
    ids = [record.id for record in memory.list(user_id="ana")]

    def act(m: Memory) -> tuple[mnemic.Receipt, list[str], int]:
        added = m.add("about coffee", user_id="ana")
        m.add("somebody else", user_id="bo", namespace="new")
        m.update(ids[0], text="about green tea")
        m.link(ids[0], "beside", ids[1])
        m.supersede(ids[1], text="about oat milk")
        m.delete(ids[2])
        m.undo(added.changes[0].id)
        undo_since(m._parts, added)
        with m._parts.store.writing():
            turn(m._parts.store)
            m._parts.store.enqueue("task", Partition(), "x", 1)
            m._parts.store.keep_trial('{"id": "t", "open": true}')
        return added, found(m, "about green tea and coffee"), m._parts.store.head()

    added, seen, head = dry(memory, act)
    assert "about oat milk" in seen or "about milk" in seen
    assert head > before["head"]
    assert everything(memory) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == files
    with pytest.raises(mnemic.NotFound):
        memory.get(added.id)
    assert memory.doctor().ok


def test_what_would_be_forgotten(memory: Memory) -> None:
    before = everything(memory)
    source = memory.list(user_id="ana")[0]
    fact = memory.add("drawn", user_id="ana", kind="fact", derived_from=[source.id]).id
    before = everything(memory)
    ids = dry(memory, lambda m: m.forget([source.id]).ids)
    assert set(ids) == {source.id, fact}
    assert everything(memory) == before
    assert not memory._parts.store.certificates()
    assert "about tea" in found(memory, "about tea")


def test_no_search_sees_it_later(memory: Memory) -> None:
    """A sequence number that was rolled back is given again; shelves must not go by it."""
    found(memory, "about")

    def act(m: Memory) -> list[str]:
        m.add("about coffee", user_id="ana")
        return found(m, "about coffee")

    assert "about coffee" in dry(memory, act)
    memory.add("about juice", user_id="ana")
    assert sorted(found(memory, "about")) == sorted(
        ["about tea", "about milk", "about the garden", "about juice"]
    )
    # The same with an act that reaches past what it was handed.
    assert "about coffee" in dry(memory, lambda m: act(memory))
    memory.add("about water", user_id="ana")
    assert sorted(found(memory, "about")) == sorted(
        ["about tea", "about milk", "about the garden", "about juice", "about water"]
    )


def test_shelves_stay_warm(memory: Memory) -> None:
    found(memory, "about")
    held = dict(memory._parts.shelves._held)
    dry(memory, lambda m: m.add("about coffee", user_id="ana"))
    assert dict(memory._parts.shelves._held) == held


def test_an_error_goes_through_and_keeps_nothing(memory: Memory) -> None:
    before = everything(memory)

    def act(m: Memory) -> None:
        m.add("about coffee", user_id="ana")
        m.get("nobody")

    with pytest.raises(mnemic.NotFound):
        dry(memory, act)
    assert everything(memory) == before
    assert not under_way(memory._parts.store)
    memory.add("about juice", user_id="ana")
    assert "about juice" in found(memory, "about juice")


def test_a_write_that_fails_within_is_no_end(memory: Memory) -> None:
    before = everything(memory)
    id = RecordId(memory.list(user_id="ana")[0].id)

    def act(m: Memory) -> int:
        with pytest.raises(mnemic.Stale):
            m.delete(id, expects=9)
        m.delete(id)
        return len(m.list(user_id="ana"))

    assert dry(memory, act) == 2
    assert everything(memory) == before


def test_what_cannot_be_taken_back_is_refused(memory: Memory) -> None:
    store = memory._parts.store
    with pytest.raises(mnemic.InputError, match="another dry run within a dry run"):
        dry(memory, lambda m: dry(m, lambda n: None))
    with pytest.raises(mnemic.InputError, match="an export within a dry run"):
        dry(memory, lambda m: refuse(store, "an export"))
    refuse(store, "an export")
    assert not under_way(store)


def test_the_worker_is_not_woken(tmp_path: Path, clock: Any) -> None:
    with Memory(tmp_path / "m.db", encoder=FakeEncoder(inline=False), clock=clock) as memory:
        memory.add("about tea", user_id="ana")
        memory.flush()
        woken: list[bool] = []
        memory._parts = replace(memory._parts, wake=lambda: woken.append(True))
        dry(memory, lambda m: (m.add("about coffee", user_id="ana"), found(m, "coffee")))
        assert not woken
        assert memory.stats().waiting == 0
        assert found(memory, "coffee") == ["about tea"]


def test_others_wait_and_do_not_hang(memory: Memory) -> None:
    """Searches and writes of other threads go on beside dry runs that search and write."""
    store = memory._parts.store
    failed: list[BaseException] = []
    ended = threading.Event()

    def others(number: int) -> None:
        try:
            while not ended.is_set():
                if number % 2:
                    memory.add(f"about thing {number}", user_id="ana")
                assert "about coffee" not in found(memory, "about coffee")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=others, args=(number,), daemon=True) for number in range(4)]
    for thread in threads:
        thread.start()

    def act(m: Memory) -> None:
        m.add("about coffee", user_id="ana")
        assert "about coffee" in found(m, "about coffee")
        m.forget(user_id="ana")
        assert not found(m, "about")

    for _ in range(8):
        dry(memory, act)
    ended.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    assert not failed
    assert len(found(memory, "about")) == min(50, store.sizes()["active"])
    assert memory.doctor().ok


def test_what_another_process_asks_meanwhile(tmp_path: Path, clock: Any) -> None:
    path = tmp_path / "m.db"
    with Memory(path, clock=clock) as one, Memory(path, clock=clock) as other:
        id = RecordId(one.add("about tea", user_id="ana").id)

        def act(m: Memory) -> list[str]:
            receipt(commit(m._parts, [Retire(id)]))
            return found(other, "about tea")

        assert dry(one, act) == ["about tea"]
        other.add("about milk", user_id="ana")
        assert found(one, "about milk")[0] == "about milk"
