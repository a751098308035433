"""Cubes: out and in again, the same to the last version."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

import mnemic
from mnemic import Memory


@pytest.fixture
def full(memory: Memory) -> Memory:
    (old,) = memory.add("Ana lives in Porto", user_id="ana", kind="fact", timestamp="2024").ids
    memory.supersede(old, text="Ana lives in Lisbon", valid_from="2025-05")
    receipt = memory.add(["tea 東京", "coffee"], user_id="ana", session_id="s1", speaker="Ana")
    memory.update(receipt.ids[0], text="green tea 東京", metadata={"cups": 2})
    memory.delete(receipt.ids[1])
    memory.add("something of Bruno", user_id="bruno")
    return memory


def state(memory: Memory, user: str) -> list[object]:
    return [
        [(step.change.id, step.change.why, step.record) for step in memory.history(record.id)]
        for record in memory.list(user_id=user, deleted=True)
    ]


def test_a_round_trip_is_exact(full: Memory, tmp_path: Path) -> None:
    saved = full.export(tmp_path / "all.zip")
    assert saved.records == 5
    with Memory(tmp_path / "other.db") as other:
        loaded = other.load(tmp_path / "all.zip")
        assert (loaded.records, loaded.already) == (5, 0)
        for user in ("ana", "bruno"):
            assert state(other, user) == state(full, user)
        assert other.doctor().ok
        question = "Where does Ana live?"
        assert [hit.id for hit in other.search(question, user_id="ana")] == [
            hit.id for hit in full.search(question, user_id="ana")
        ]


def test_loading_twice_adds_nothing(full: Memory, tmp_path: Path) -> None:
    full.export(tmp_path / "all.zip")
    before = full.stats()
    assert full.load(tmp_path / "all.zip").already == 5
    assert full.stats().changes == before.changes


def test_one_user_s_cube_holds_no_other(full: Memory, tmp_path: Path) -> None:
    full.export(tmp_path / "ana.zip", user_id="ana")
    with zipfile.ZipFile(tmp_path / "ana.zip") as cube:
        assert b"Bruno" not in cube.read("changes.jsonl")


def test_what_came_from_the_same_source_is_not_doubled(memory: Memory, tmp_path: Path) -> None:
    memory.add("hello", user_id="ana", source="chat", external_id="m1")
    memory.export(tmp_path / "ana.zip")
    with Memory(tmp_path / "other.db") as other:
        other.add("hello", user_id="ana", source="chat", external_id="m1")
        loaded = other.load(tmp_path / "ana.zip")
        assert (loaded.records, loaded.already) == (0, 1)
        assert other.stats().records == 1


def test_damage_is_told_and_nothing_is_taken(full: Memory, tmp_path: Path) -> None:
    cube = tmp_path / "all.zip"
    full.export(cube)
    with zipfile.ZipFile(cube) as whole:
        manifest = json.loads(whole.read("manifest.json"))
        lines = whole.read("changes.jsonl")
    cases = {
        "cut.zip": (manifest, lines[:-30]),
        "later.zip": (manifest | {"version": 99}, lines),
        "other.zip": (manifest | {"format": "something"}, lines),
    }
    with Memory(tmp_path / "other.db") as other:
        for name, (head, body) in cases.items():
            with zipfile.ZipFile(tmp_path / name, "w") as broken:
                broken.writestr("manifest.json", json.dumps(head))
                broken.writestr("changes.jsonl", body)
            with pytest.raises(mnemic.SourceError):
                other.load(tmp_path / name)
        (tmp_path / "text.zip").write_text("no zip")
        for name in ("text.zip", "missing.zip"):
            with pytest.raises(mnemic.SourceError):
                other.load(tmp_path / name)
        assert other.stats().changes == 0


@pytest.mark.parametrize("line", [b"x", b"[]", b'{"verb": "put"}', b'{"a": 1}'])
def test_a_line_that_is_no_change_is_told(memory: Memory, tmp_path: Path, line: bytes) -> None:
    manifest = {"format": "mnemic cube", "version": 1, "sha256": hashlib.sha256(line).hexdigest()}
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as cube:
        cube.writestr("manifest.json", json.dumps(manifest))
        cube.writestr("changes.jsonl", line)
    with pytest.raises(mnemic.SourceError, match="line 1"):
        memory.load(tmp_path / "odd.zip")


def test_an_export_that_cannot_be_written_leaves_nothing(full: Memory, tmp_path: Path) -> None:
    with pytest.raises(mnemic.SourceError, match="cannot write"):
        full.export(tmp_path / "no" / "such" / "folder.zip")
