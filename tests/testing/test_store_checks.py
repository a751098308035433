"""The shared checks find stores that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from mnemic.core.ids import RecordId
from mnemic.core.records import Partition, Record
from mnemic.core.storage import Entry, Listing, Row, Write
from mnemic.store.ram import RamStore
from mnemic.testing.store_checks import check_all
from mnemic.testing.store_machine import store_machine


class LosesTheLastOfABatch(RamStore):
    def write(self, writes: Iterable[Write]) -> list[int]:
        kept = list(writes)
        return super().write(kept[:-1] if len(kept) > 2 else kept)


class KeepsFailedWrites(RamStore):
    def writing(self) -> Any:
        return self.reading()


class LeaksAcrossPartitions(RamStore):
    def matches(self, partition: Partition, term: str, limit: int) -> list[int]:
        return [
            key
            for p, _ in self.partitions()
            for key in super(type(self), self).matches(p, term, limit)
        ]


class ForgetsNothing(RamStore):
    def erase(self, entries: Sequence[Entry], marks: Sequence[bytes], certificate: str) -> None:
        self.settle(certificate)


class PagesTwice(RamStore):
    def listing(self, which: Listing, after: int, limit: int) -> list[tuple[int, Record]]:
        return super().listing(which, max(0, after - 1), limit)


class ShowsWhatIsRetired(RamStore):
    def rows(self, partition: Partition, since: int | None = None) -> tuple[list[Row], list[int]]:
        rows, _ = super().rows(partition, since)
        return rows, []


class ForgetsVersions(RamStore):
    def versions(self, id: RecordId) -> list[Record]:
        return super().versions(id)[-3:]


WRONG = [
    LosesTheLastOfABatch,
    KeepsFailedWrites,
    LeaksAcrossPartitions,
    ForgetsNothing,
    PagesTwice,
    ShowsWhatIsRetired,
    ForgetsVersions,
]


@pytest.mark.parametrize("store", WRONG)
def test_a_wrong_store_fails(store: Callable[[], RamStore]) -> None:
    with pytest.raises(AssertionError):
        check_all(store)


def test_the_machine_finds_it_too() -> None:
    machine = store_machine(lambda file: ShowsWhatIsRetired(), RamStore)
    machine.reopen = lambda self: None  # nothing lasts in memory
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=30,
                stateful_step_count=30,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
