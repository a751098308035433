"""Every store passes the shared checks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic.core.storage import Store
from mnemic.store.ram import RamStore
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.store_checks import CHECKS, MakeStore, check_all

KINDS = ("ram", "sqlite in memory", "sqlite file", "sqlite file, full")


@pytest.fixture(params=KINDS)
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    makers: dict[str, Callable[[], Store]] = {
        "ram": RamStore,
        "sqlite in memory": SqliteStore,
        "sqlite file": lambda: SqliteStore(tmp_path / "memory.db"),
        "sqlite file, full": lambda: SqliteStore(tmp_path / "memory.db", durability="full"),
    }
    return makers[request.param]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_store(check: Callable[[MakeStore], None], make_store: MakeStore) -> None:
    check(make_store)


def test_all_runs_them_all() -> None:
    check_all(RamStore)
    assert len(CHECKS) > 25
