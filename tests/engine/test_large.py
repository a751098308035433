"""A partition too big to hold is searched through the text index, with the same answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnemic import Memory
from mnemic.engine.vectors import shelves
from mnemic.store.ram import RamStore

WORDS = ("garden", "river", "bakery", "lisbon", "diver", "violin", "ferry", "orchard", "lantern")


def fill(memory: Memory) -> None:
    for session in range(30):
        memory.add(
            [
                {
                    "content": f"{WORDS[turn % 9]} and {WORDS[(turn * 7 + session) % 9]}, "
                    f"said {'very ' * (turn % 4)}quietly, number {session * 20 + turn}",
                    "name": "Ana" if turn % 2 else "Bruno",
                }
                for turn in range(20)
            ],
            user_id="ana",
            session_id=f"s{session}",
        )


@pytest.mark.parametrize("store", ["sqlite", "ram"])
def test_the_same_hits_as_when_it_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    questions = ["number 417", "Who spoke of the violin, number 33?", "lantern orchard number 599"]
    kept = RamStore() if store == "ram" else None
    with Memory(tmp_path / "memory.db", store=kept, encoder=None) as memory:
        fill(memory)
        whole = [[hit.id for hit in memory.search(q, user_id="ana", limit=3)] for q in questions]
        monkeypatch.setattr(shelves, "LARGE", 100)
        memory._parts.shelves.drop()
        part = [memory.search(q, user_id="ana", limit=3, explain=True) for q in questions]
        for hits, expected in zip(part, whole, strict=True):
            assert hits[0].id == expected[0]
            # Session scores see only the part, so close seconds may change places.
            assert {hit.id for hit in hits} == set(expected)
        for hits in part:
            (searched,) = hits.explanation["searched"].values()
            assert searched["rows"] < 600
        new = memory.add("number 4711, a lighthouse", user_id="ana", session_id="s3").id
        assert memory.search("the lighthouse", user_id="ana")[0].id == new
        memory.delete(new)
        assert not [hit for hit in memory.search("lighthouse", user_id="ana") if hit.id == new]


def test_the_file_s_encoder_reads_a_large_partition_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "LARGE", 100)

    def serving(memory: Memory) -> str:
        found = memory.search("the violin, number 33", user_id="ana", explain=True)
        (searched,) = found.explanation["searched"].values()
        assert searched["rows"] < 600
        return str(searched["encoder"])

    with Memory(tmp_path / "memory.db") as memory:
        fill(memory)
        assert "static" in serving(memory)
        memory._worker._ended = True  # it is left undone
        memory.reembed("fake")
        assert "static" in serving(memory)
        memory.flush()
        assert "fake" in serving(memory)
        memory.reembed(None)
        assert serving(memory) == "None"
