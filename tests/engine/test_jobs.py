"""Vectors that come after the receipt: kept work, taken over, never half served."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

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
