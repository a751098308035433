"""Vectors that come after the receipt: kept work, taken over, never half served."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import mnemic
from mnemic import Memory
from mnemic.core.vectors import EncoderId, Floats
from mnemic.models.fake import FakeEncoder


class Slow(FakeEncoder):
    """A fake that comes in the background, and stops at a gate."""

    def __init__(self) -> None:
        super().__init__(inline=False)
        self.gate = threading.Event()

    def encode(self, texts):  # type: ignore[no-untyped-def]
        assert self.gate.wait(30)
        return super().encode(texts)


def serving(memory: Memory) -> str:
    found = memory.search("garden", user_id="ana", explain=True)
    (searched,) = found.explanation["searched"].values()
    return str(searched["encoder"])


def test_the_static_table_serves_until_the_partition_is_complete(path: Path) -> None:
    slow = Slow()
    with Memory(path, encoder=slow) as memory:
        memory.add([f"note {number} about the garden" for number in range(20)], user_id="ana")
        assert "static" in serving(memory)
        assert len(memory.search("garden", user_id="ana", limit=30)) == 20
        slow.gate.set()
        memory.flush()
        assert memory.stats().waiting == 0
        assert "fake" in serving(memory)
        memory.add("one more about the garden", user_id="ana")
        assert len(memory.search("garden", user_id="ana", limit=30)) == 21
        memory.flush()
        assert "fake" in serving(memory)
        assert memory.doctor().ok


def test_work_that_was_left_is_done_by_the_next_process(
    path: Path, reopen: Callable[..., Memory]
) -> None:
    slow = Slow()
    memory = Memory(path, encoder=slow)
    memory.add("about the garden", user_id="ana")
    closing = threading.Thread(target=memory.close)
    closing.start()
    slow.gate.set()
    closing.join(30)
    with reopen(encoder=FakeEncoder(inline=False)) as again:
        again.flush()
        assert again.stats().waiting == 0
        assert "fake" in serving(again)


def test_a_partition_that_was_there_before_is_encoded_when_asked(
    memory: Memory, reopen: Callable[..., Memory]
) -> None:
    memory.add("about the garden", user_id="ana")
    with reopen(encoder=FakeEncoder(inline=False)) as other:
        assert "static" in serving(other)
        other.flush()
        assert "fake" in serving(other)
        memory.add("written by one that knows no such encoder, garden", user_id="ana")
        assert len(other.search("garden", user_id="ana")) == 2
        other.flush()
        assert "fake" in serving(other)


class Broken(FakeEncoder):
    """An encoder that fails."""

    def __init__(self) -> None:
        super().__init__(inline=False)

    def encode(self, texts):  # type: ignore[no-untyped-def]
        raise mnemic.ModelError("the model is gone. Bring it back")


def test_a_broken_encoder_loses_nothing_and_is_named(path: Path) -> None:
    with Memory(path, encoder=Broken()) as memory:
        memory.add("about the garden", user_id="ana")
        with pytest.raises(mnemic.ModelError, match="the model is gone"):
            memory.flush()
        assert memory.search("garden", user_id="ana")[0].text == "about the garden"
        assert memory.stats().waiting == 1


class Unreachable(FakeEncoder):
    """A service that is down: it cannot even say who it is."""

    def __init__(self) -> None:
        super().__init__(inline=False)
        self.down = True

    @property
    def id(self) -> EncoderId:
        if self.down:
            raise mnemic.ModelError("no route to the service. Check the network")
        return super().id

    def encode_query(self, text: str) -> Floats:
        assert self.id
        return super().encode_query(text)


def test_a_service_that_is_down_stops_neither_add_nor_search(path: Path) -> None:
    service = Unreachable()
    with Memory(path, encoder=service) as memory:
        memory.add("about the garden", user_id="ana")
        assert "static" in serving(memory)
        assert "no route" in str(memory.stats().encoder)
        service.down = False
        memory.flush()
        assert "fake" in serving(memory)
        service.down = True
        assert "static" in serving(memory)


def test_an_inline_encoder_fills_what_text_only_processes_wrote(path: Path) -> None:
    with Memory(path, encoder=None) as memory:
        memory.add("about the garden", user_id="ana")
    with Memory(path, encoder=FakeEncoder()) as memory:
        assert "fake" in serving(memory)
        with Memory(path, encoder=None) as other:
            other.add("about the garden gate", user_id="ana")
        assert len(memory.search("garden", user_id="ana")) == 2
        assert memory.stats().vectors == 2


class Lying(FakeEncoder):
    """Gives something else than what was asked for."""

    def __init__(self, answer: Callable[[Floats], Floats]) -> None:
        super().__init__(inline=False)
        self.answer = answer

    def encode(self, texts):  # type: ignore[no-untyped-def]
        return self.answer(super().encode(texts))


@pytest.mark.parametrize(
    "answer",
    [lambda rows: rows[:-1], lambda rows: rows[:, :7], lambda rows: rows * np.float32("nan")],
    ids=["too few", "too narrow", "no numbers"],
)
def test_what_is_no_vector_is_refused_and_told(
    path: Path, answer: Callable[[Floats], Floats]
) -> None:
    with Memory(path, encoder=Lying(answer)) as memory:
        memory.add(["of the garden", "and of the house"], user_id="ana")
        with pytest.raises(mnemic.ModelError, match="nothing was kept"):
            memory.flush()
        assert memory.stats().waiting == 1
        assert "static" in serving(memory)
        assert memory.doctor().ok


def test_an_interrupted_flush_lets_go_of_its_job(path: Path) -> None:
    def interrupted(rows: Floats) -> Floats:
        raise KeyboardInterrupt

    with Memory(path, encoder=Lying(interrupted)) as memory:
        memory._worker._ended = True  # nobody else does it
        memory.add("of the garden", user_id="ana")
        with pytest.raises(KeyboardInterrupt):
            memory.flush()
        store = memory._parts.store
        with store.writing():
            assert store.lease("another", 0, 1) is not None, "it need not run out first"


def test_a_worker_that_was_ended_by_a_bug_is_followed_by_another(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda told: ended.set())
    broken = [True]

    def once(rows: Floats) -> Floats:
        if broken.pop():
            raise RuntimeError("out of memory")
        return rows

    with Memory(path, encoder=Lying(lambda rows: once(rows) if broken else rows)) as memory:
        memory.add("of the garden", user_id="ana")
        assert ended.wait(10)
        thread = memory._worker._thread
        assert thread is not None
        thread.join(10)
        memory.add("of the house", user_id="ana")
        for _ in range(200):
            if memory.stats().waiting == 0:
                break
            time.sleep(0.02)
        assert "fake" in serving(memory)


def test_a_name_that_was_forgotten_does_not_come_back_with_a_job(path: Path) -> None:
    with Memory(path, encoder=FakeEncoder(inline=False)) as memory:
        (record,) = memory.add("of the garden", user_id="heliotrope-user").ids
        partition = memory.get(record).scope.partition
        memory.forget(record)
        memory._parts.shelves._ask(partition, "")  # of a search that began before
        assert memory.stats().waiting == 0
        files = [Path(file).read_bytes() for file in memory._parts.store.files()]
        assert not any(b"heliotrope" in content for content in files)
