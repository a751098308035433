"""Random lives of a whole memory: on a real file with restarts, beside the reference store."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

import mnemic
from mnemic import Memory
from mnemic.core.clock import Clock
from mnemic.core.ids import Mint
from mnemic.store import sqlite_derived
from mnemic.store.ram import RamStore
from mnemic.testing.memory_machine import memory_machine


class Lasting(RamStore):
    """A store in memory that outlives its handles, as a file does."""

    def close(self) -> None:
        """Keep everything."""


STORES: dict[Path, Lasting] = {}


def on_file(home: Path, clock: Clock, mint: Mint) -> Memory:
    return _seeded(Memory(home / "memory.db", clock=clock), mint)


def in_memory(home: Path, clock: Clock, mint: Mint) -> Memory:
    return _seeded(Memory(store=STORES.setdefault(home, Lasting()), clock=clock), mint)


def _seeded(memory: Memory, mint: Mint) -> Memory:
    memory._parts = replace(memory._parts, mint=mint)
    return memory


Machine = memory_machine(on_file, in_memory)


def histories(count: int, steps: int) -> settings:
    return settings(
        max_examples=count, stateful_step_count=steps, suppress_health_check=list(HealthCheck)
    )


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short histories, too, have words that FTS5 knows and words that wait for it."""
    monkeypatch.setattr(sqlite_derived, "_BLOCK", 4)


def test_both_memories_do_what_the_model_says() -> None:
    run_state_machine_as_test(Machine, settings=histories(10, 30))  # about 300 steps
    STORES.clear()


def test_a_history_is_read_beside_a_writer(tmp_path: Path) -> None:
    """The machine found a read that used the writer's cursor: an error in either thread."""
    with Memory(tmp_path / "memory.db", encoder=None) as memory:
        id = memory.add("tea", user_id="ana").id
        failed: list[Exception] = []

        def write() -> None:
            try:
                for number in range(100):
                    memory.add(f"note {number}", user_id="ana")
            except mnemic.MnemicError as error:
                failed.append(error)

        writer = threading.Thread(target=write)
        writer.start()
        while writer.is_alive():
            assert len(memory.history(id)) == 1
        assert not failed


@pytest.mark.slow
@pytest.mark.skipif("MNEMIC_LAWS" not in os.environ, reason="takes minutes: make laws")
def test_both_memories_do_what_the_model_says_for_long() -> None:
    run_state_machine_as_test(Machine, settings=histories(130, 40))  # about 5,200 steps
    STORES.clear()
