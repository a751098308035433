"""A memory with a clock that the test moves, on either store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import mnemic
from mnemic.core.clock import Moment


class Clock:
    """Starts in January 2026 and moves a second each time it is read."""

    def __init__(self) -> None:
        self.micros = Moment.parse("2026-01-01T12:00Z").micros

    def __call__(self) -> int:
        self.micros += 1_000_000
        return self.micros


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


@pytest.fixture
def memory(path: Path, clock: Clock) -> Iterator[mnemic.Memory]:
    with mnemic.Memory(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def reopen(path: Path, clock: Clock) -> Callable[..., mnemic.Memory]:
    """Opens the same file once more, as another process would."""

    def again(**settings: object) -> mnemic.Memory:
        return mnemic.Memory(path, **{"clock": clock, **settings})  # type: ignore[arg-type]

    return again
