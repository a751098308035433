"""Random histories on a real file, with restarts, beside the reference store."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from mnemic.store import sqlite_derived
from mnemic.store.ram import RamStore
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.store_machine import store_machine

Machine = store_machine(SqliteStore, RamStore)


def histories(count: int, steps: int) -> settings:
    return settings(
        max_examples=count, stateful_step_count=steps, suppress_health_check=list(HealthCheck)
    )


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short histories, too, have words that FTS5 knows and words that wait for it."""
    monkeypatch.setattr(sqlite_derived, "_BLOCK", 4)


def test_sqlite_answers_as_the_reference_does() -> None:
    run_state_machine_as_test(Machine, settings=histories(12, 30))  # about 360 steps


@pytest.mark.slow
@pytest.mark.skipif("MNEMIC_LAWS" not in os.environ, reason="takes minutes: make laws")
def test_sqlite_answers_as_the_reference_does_for_long() -> None:
    run_state_machine_as_test(Machine, settings=histories(200, 60))
