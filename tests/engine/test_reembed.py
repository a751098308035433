"""A file changes its encoder while it is in use: old vectors serve until the new are complete."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import mnemic
from mnemic import Memory
from mnemic.core.vectors import EncoderId, Floats
from mnemic.engine import build
from mnemic.engine.vectors.encoders import Choice, chosen, groups, plan
from mnemic.models.choose import choose
from mnemic.models.fake import FakeEncoder


class Gated(FakeEncoder):
    """An encoder of the background that reads nothing until its gate is opened."""

    def __init__(self, name: str, size: int = 64) -> None:
        super().__init__(inline=False, name=name, size=size)
        self.gate = threading.Event()

    def encode(self, texts):  # type: ignore[no-untyped-def]
        assert self.gate.wait(30)
        return super().encode(texts)

    def encode_query(self, text: str) -> Floats:
        row: Floats = super().encode([text])[0]
        return row


@pytest.fixture
def first(monkeypatch: pytest.MonkeyPatch) -> Gated:
    return known(monkeypatch)["first"]


def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, Gated]:
    """Two encoders of different sizes that this process can find by name."""
    ours = {"first": Gated("first"), "second": Gated("second", size=32)}

    def find(spec, **options):  # type: ignore[no-untyped-def]
        return ours[spec] if spec in ours else choose(spec, **options)

    monkeypatch.setattr(build, "choose", find)
    return ours


def serving(memory: Memory, user: str = "ana") -> str:
    found = memory.search("garden", user_id=user, explain=True)
    (searched,) = found.explanation["searched"].values()
    return str(searched["encoder"])


def models(memory: Memory) -> set[str]:
    return {id.model for id, _ in memory._parts.store.encoders()}


def test_old_vectors_serve_until_the_new_are_complete(
    memory: Memory, reopen: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = known(monkeypatch)
    memory.add([f"note {n} about the garden" for n in range(300)], user_id="ana")
    memory.add("of another, about a garden", user_id="bo")
    ours["first"].gate.set()
    told = memory.reembed("first")
    assert str(told) == "everything by first: 2 partitions to read"
    memory.flush()
    assert serving(memory).startswith("first@1 (64-d")
    assert memory.stats().encoder == "first@1 (64-d int8)"
    memory.reembed("second")
    with reopen() as other:
        for reader in (memory, other):
            assert serving(reader).startswith("first"), "the old one, not that of the write path"
        memory.add("one more about the garden", user_id="ana")
        for reader in (memory, other):
            assert len(reader.search("garden", user_id="ana", limit=400)) == 301
        ours["second"].gate.set()
        memory.flush()
        assert serving(memory).startswith("second@1 (32-d")
        assert serving(other).startswith("second@1 (32-d")
        assert serving(other, "bo").startswith("second")
        assert models(other) == {"static", "second"} or "first" not in models(other)
        assert [choice.name for choice in plan(other._parts.store)] == ["second"]
    with reopen() as again:
        assert serving(again).startswith("second"), "the file remembers it"
        again.add("written later, garden", user_id="ana")
        again.flush()
        assert serving(again).startswith("second")
        assert again.doctor().ok


def test_back_to_the_table_and_to_words_alone(
    memory: Memory, reopen: Callable[..., Memory], first: Gated
) -> None:
    memory.add("about the garden", user_id="ana")
    first.gate.set()
    memory.reembed("first")
    memory.flush()
    assert str(memory.reembed("static")) == "everything by static: done"
    assert "static" in serving(memory)
    assert "first" not in models(memory)
    memory.reembed(None)
    assert serving(memory) == "None"
    assert memory.stats().encoder is None
    with reopen() as again:
        again.add("words alone in the garden", user_id="ana")
        assert serving(again) == "None"
        assert again._parts.reader.encoder is None
        again.reembed("static")
        assert "static" in serving(again)
        assert len(again.search("garden", user_id="ana")) == 2
        assert again.doctor().ok


def test_kinds_have_encoders_of_their_own(
    memory: Memory, reopen: Callable[..., Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = known(monkeypatch)
    for one in ours.values():
        one.gate.set()
    memory.add([f"said {n} about the garden" for n in range(5)], user_id="ana")
    memory.add([f"page {n} on a garden" for n in range(5)], user_id="ana", kind="document")
    alone = memory.search("garden", user_id="ana", limit=20)
    memory.reembed("first", kinds=["document"])
    memory.flush()
    assert ours["first"].texts < 12, "turns were not read by it"
    found = memory.search("garden", user_id="ana", limit=20, explain=True)
    assert {hit.record.id for hit in found} == {hit.record.id for hit in alone}
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    (searched,) = found.explanation["searched"].values()
    assert [part["encoder"].split("@")[0] for part in searched["parts"]] == [
        "mnemic-static-english",
        "first",
    ] or len(searched["parts"]) == 2
    memory.add("a new page, garden", user_id="ana", kind="document")
    memory.flush()
    assert {
        hit.record.kind for hit in memory.search("page", user_id="ana", kinds=["document"])
    } == {"document"}
    memory.reembed("second")
    memory.flush()
    with reopen() as other:
        assert serving(other).startswith("second"), "a choice for all replaces those for some"
        assert "first" not in models(other)


def test_an_encoder_without_a_name_is_refused(memory: Memory) -> None:
    with pytest.raises(mnemic.InputError, match=r"takes the name of an encoder.*Memory\(encoder="):
        memory.reembed(FakeEncoder())  # type: ignore[arg-type]
    with pytest.raises(mnemic.InputError, match="no encoder 'nonsense'"):
        memory.reembed("nonsense")
    assert plan(memory._parts.store) == ()


def test_a_wrong_width_is_not_kept(memory: Memory) -> None:
    class Liar(FakeEncoder):
        @property
        def id(self) -> EncoderId:
            return EncoderId("liar", "1", "int8", 65)

    with Memory(":memory:", encoder=Liar()) as wrong:
        with pytest.raises(mnemic.StoreError, match="have 64 numbers, not 65"):
            wrong.add("a text", user_id="ana")
        assert wrong.stats().records == 0


WORKER = """
import sys, mnemic
with mnemic.Memory(sys.argv[1]) as memory:
    print("open", flush=True)
    memory.flush()
    print("done", flush=True)
"""


def test_another_process_goes_on_where_one_was_killed(path: Path) -> None:
    with Memory(path, clock=mnemic.core.clock.system_clock) as memory:
        for start in range(0, 3000, 500):
            memory.add([f"note {n} on gardens" for n in range(start, start + 500)], user_id="ana")
        memory._parts.encoders.later(memory._parts.store)
    with Memory(path) as memory:
        memory._worker.stop()  # this process leaves the work to others
        memory.reembed("fake")
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path)], stdout=subprocess.PIPE, text=True
    )
    with Memory(path) as memory:
        memory._worker.stop()
        store = memory._parts.store
        deadline = time.monotonic() + 30
        while {id.model: n for id, n in store.encoders()}.get("fake", 0) < 256:
            assert time.monotonic() < deadline
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate()
        kept = {id.model: n for id, n in store.encoders()}["fake"]
        assert kept % 256 == 0 or kept == 3000, "whole batches"
        with store.writing():  # its lease runs out; here at once, for nobody waits two minutes
            store._db.run("UPDATE jobs SET until = 0")  # type: ignore[attr-defined]
        done = subprocess.run(
            [sys.executable, "-c", WORKER, str(path)], capture_output=True, text=True, timeout=60
        )
        assert done.stdout.split() == ["open", "done"], done.stderr
        assert serving(memory).startswith("fake@1")
        assert memory.doctor().ok


def test_plans_put_the_newest_first_and_kinds_together() -> None:
    docs, notes = ("document",), ("document", "gist")
    assert groups(()) == groups((Choice("a"),))[:0] + groups(())
    usual, own = groups((Choice("b", docs), Choice("a")))
    assert (usual.names, usual.others) == (("a",), docs)
    assert (own.names, own.only) == (("b", "a"), docs)
    (whole,) = groups((Choice("c"), Choice("c", docs)))[:1]
    assert whole.names == ("c",)
    assert len(groups((Choice("c", notes), Choice("a")))) == 2
    assert [one.name for one in chosen((Choice("a"), Choice("b", docs)), Choice("b"))] == ["b", "a"]


def test_whoever_searches_goes_on_with_what_was_begun(
    memory: Memory, reopen: Callable[..., Memory]
) -> None:
    memory.add("about the garden", user_id="ana")
    memory._worker._ended = True  # as if this process had died here
    memory.reembed("fake")
    with reopen() as reader:
        assert "static" in serving(reader)
        for _ in range(200):
            if reader.stats().waiting == 0:
                break
            time.sleep(0.02)
        assert "fake" in serving(reader)


def test_a_process_whose_options_fit_another_encoder_still_searches(
    memory: Memory, reopen: Callable[..., Memory]
) -> None:
    memory.add("about the garden", user_id="ana")
    memory.reembed("fake")
    memory.flush()
    with reopen(encoder_options={"threads": 2}) as other:
        other.add("more about the garden", user_id="ana")
        assert len(other.search("garden", user_id="ana")) == 2
        assert "no option threads" in str(other.stats().encoder)
        with pytest.raises(mnemic.InputError, match="no option threads"):
            other.flush()
    memory.flush()
    assert "fake" in serving(memory)


def test_no_kinds_are_not_all_kinds(memory: Memory) -> None:
    with pytest.raises(mnemic.InputError, match="kinds is empty"):
        memory.reembed("fake", kinds=[])
    assert memory.reembed("fake", kinds=["turn", "turn"]).kinds == ("turn",)
    assert [choice.kinds for choice in plan(memory._parts.store)] == [("turn",)]
