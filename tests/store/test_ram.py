"""The reference store: what is peculiar to living in memory. The rest is in `test_checks.py`."""

from __future__ import annotations

import threading

import pytest

from mnemic.core.changes import Put
from mnemic.core.errors import Closed
from mnemic.core.records import Partition
from mnemic.core.storage import Store
from mnemic.store.ram import RamStore
from mnemic.testing.pen import Pen


def test_it_is_a_store() -> None:
    store: Store = RamStore()
    assert store.files() == []
    assert store.scrub() is None
    store.close()
    with pytest.raises(Closed, match="what it held is gone"):
        store.head()


def test_readers_see_a_transaction_whole_or_not_at_all() -> None:
    store, pen = RamStore(), Pen()
    half, seen = threading.Event(), list[int]()

    def read() -> None:
        half.wait()
        seen.append(len(store.rows(Partition())[0]))

    reader = threading.Thread(target=read)
    reader.start()
    with store.writing():
        store.write(pen.writes(store, [Put(pen.record("one"))]))
        half.set()
        reader.join(0.05)
        assert seen == []
        store.write(pen.writes(store, [Put(pen.record("two"))]))
    reader.join()
    assert seen == [2]


def test_what_callers_do_to_their_metadata_stays_with_them() -> None:
    store, pen = RamStore(), Pen()
    metadata = {"tags": ["a"]}
    record = pen.put(store, "a", metadata=metadata)
    metadata["tags"].append("b")
    assert store.get([record.id])[record.id].metadata == {"tags": ["a"]}
