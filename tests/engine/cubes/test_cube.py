"""Cubes: out and in again, the same to the last version; and nothing else gets in."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mnemic
from mnemic import Memory
from mnemic.core.changes import Change, Link, Put, Restore, Retire
from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.records import REMAINING, Partition, Provenance, Record, Scope, Status
from mnemic.core.storage import Listing
from mnemic.core.vectors import EncoderId
from mnemic.engine.cubes import cube
from mnemic.engine.write import commit
from mnemic.testing import strategies
from mnemic.testing.picture import picture

OLD = Path(__file__).parents[2] / "files" / "cube-1.zip"
"""A cube that the code of version 1 wrote."""

PARTITIONS = (Partition(), Partition(user_id="ana"), Partition("work", "陈"))


def fresh(path: str | Path = ":memory:", **settings: Any) -> Memory:
    """A memory whose clock goes on by a second whenever it is read."""
    ticks = count(1_750_000_000_000_000, 1_000_000)
    return Memory(path, **{"clock": lambda: next(ticks), "encoder": None, **settings})


def remaining(memory: Memory) -> list[Record]:
    """Every record that was not forgotten, in the order in which they came."""
    store = memory._parts.store
    partitions = tuple(partition for partition, _ in store.partitions())
    listed = store.listing(Listing(partitions, statuses=REMAINING), 0, 10**6)
    return [record for _, record in listed]


def told(memory: Memory) -> dict[RecordId, Any]:
    """Each record's versions with the changes that made them, and its links."""
    store = memory._parts.store
    ids = [record.id for record in remaining(memory)]
    return {
        id: (
            store.versions(id),
            [
                (line.id, line.at, line.actor, line.verb, line.version, line.why, dict(line.detail))
                for line in store.log(0, 10**6, id)
                if line.verb != "link" or line.detail.get("target") in ids
            ],
            store.links([id]),
        )
        for id in ids
    }


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """What happens to a memory, in order; records are named by a number, whatever it falls on."""
    put = st.tuples(st.just("put"), strategies.records(scope=_scopes(), ordinal=st.integers(0, 9)))
    change = st.tuples(st.just("change"), strategies.changes(RecordId("x")))
    others = st.sampled_from(["hide", "hold", "link", "unlink"])
    some = st.lists(
        st.tuples(
            st.one_of(put, put, change, change, st.tuples(others, strategies.names())),
            st.integers(0, 99),
            st.integers(0, 99),
        ),
        max_size=12,
    )
    return [("put", draw(put)[1], 0, 0), *((kind, what, a, b) for (kind, what), a, b in draw(some))]


def _scopes() -> st.SearchStrategy[Scope]:
    names = st.none() | strategies.names()
    return st.builds(Scope, st.sampled_from(PARTITIONS), names, names)


def play(memory: Memory, history: list[Any]) -> None:
    """Do these steps; those that do not fit are passed over."""
    for kind, what, a, b in history:
        there = remaining(memory)
        change = _change(memory, kind, what, there, a, b)
        if change is None:
            continue
        try:
            commit(memory._parts, [change])
        except InputError:
            continue


def _change(
    memory: Memory, kind: str, what: Any, there: list[Record], a: int, b: int
) -> Change | None:
    if kind == "put":
        store, partition = memory._parts.store, what.scope.partition
        provenance: Provenance = what.provenance
        name = (provenance.source or "", provenance.external_id or "")
        if provenance.external_id is not None and store.identities(partition, [name]):
            provenance = replace(provenance, external_id=None)
        drawn = {there[a % len(there)].id, there[b % len(there)].id} if there and a % 3 == 0 else ()
        provenance = replace(provenance, derived_from=tuple(sorted(drawn)))
        if store.get([what.id]):
            return None
        return Put(replace(what, provenance=provenance))
    one, other = there[a % len(there)], there[b % len(there)]
    if kind == "change":
        return replace(what, id=one.id)
    if kind in ("hide", "hold"):
        active = one.status is Status.ACTIVE
        return Retire(one.id, hold=kind == "hold") if active else Restore(one.id)
    if one.id == other.id:
        return None
    return Link(one.id, what, other.id, 0.5, remove=kind == "unlink")


def parts_of(path: Path) -> dict[str, bytes]:
    """The members of a cube."""
    with zipfile.ZipFile(path) as cube:
        return {name: cube.read(name) for name in cube.namelist()}


def remade(path: Path, members: dict[str, bytes], **manifest: Any) -> Path:
    """A cube of these members, whose manifest has their hashes and sizes."""
    kept = {name: data for name, data in members.items() if name != "manifest.json"}
    told = json.loads(members["manifest.json"])
    told["members"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in kept.items()
    }
    if told["version"] == 1:
        told["sha256"] = told["members"]["changes.jsonl"]["sha256"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as cube:
        for name, data in kept.items():
            cube.writestr(name, data)
        cube.writestr("manifest.json", json.dumps(told | manifest))
    return path


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
    assert full._parts.store.copies() == []


# -- the round trip


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(history=steps())
def test_a_random_history_comes_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, history: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("cubes")
    with fresh() as memory, fresh() as other:
        play(memory, history)
        saved = memory.export(folder / "one.zip")
        assert saved.records == len(remaining(memory))
        loaded = other.load(folder / "one.zip")
        assert (loaded.records, loaded.changes) == (saved.records, saved.changes)
        assert (loaded.already, loaded.refused, loaded.conflicts) == (0, 0, ())
        assert told(other) == told(memory)
        ours, theirs = picture(memory._parts.store, ()), picture(other._parts.store, ())
        assert theirs == ours
        other.export(folder / "two.zip")
        one, two = parts_of(folder / "one.zip"), parts_of(folder / "two.zip")
        assert one["changes.jsonl"] == two["changes.jsonl"]
        again = other.load(folder / "one.zip")
        assert (again.records, again.changes, again.made) == (0, 0, ())
        assert again.already == saved.records


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(history=steps(), cut=st.integers(0, 12), numbers=st.lists(st.integers(0, 99), max_size=2))
def test_what_went_on_there_goes_on_here_and_the_forgotten_stay_away(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[Any],
    cut: int,
    numbers: list[int],
) -> None:
    folder = tmp_path_factory.mktemp("cubes")
    with fresh() as memory, fresh() as other:
        play(memory, history[: cut + 1])
        aside(memory, folder / "early.zip")
        other.load(folder / "early.zip")
        play(memory, history[cut + 1 :])
        for number in numbers:
            if there := remaining(memory):
                memory.forget(there[number % len(there)].id)
        memory.export(folder / "late.zip")
        loaded = other.load(folder / "late.zip")
        assert loaded.conflicts == ()
        gone = set(loaded.outlived)
        assert {id: what for id, what in told(other).items() if id not in gone}.keys() == told(
            memory
        ).keys()
        if not numbers:
            assert told(other) == told(memory)
        # An older export does not bring back what a later one says was forgotten.
        with fresh() as third:
            third.load(folder / "late.zip")
            third.load(folder / "early.zip")
            assert told(third).keys() == told(memory).keys()


def test_the_same_content_makes_the_same_bytes(full: Memory, tmp_path: Path) -> None:
    parts = replace(full._parts, clock=lambda: 7)
    everything = [partition for partition, _ in parts.store.partitions()]
    for name in ("one.zip", "two.zip"):
        cube.save(parts, tmp_path / name, everything, vectors=True)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (tmp_path / "one.zip").stat().st_mode & 0o777 == 0o600


def test_a_cube_of_version_1_still_loads(tmp_path: Path) -> None:
    with fresh() as memory:
        loaded = memory.load(OLD)
        assert (loaded.records, loaded.changes) == (9, 17)
        assert memory.doctor().ok
        hit = memory.list(user_id="ana", kinds=["fact"])[0]
        assert hit.text == "Ana avoids walnuts." and len(hit.provenance.derived_from) == 1
        memory.export(tmp_path / "new.zip")
    assert parts_of(tmp_path / "new.zip")["changes.jsonl"] == parts_of(OLD)["changes.jsonl"]


# -- vectors


class Counting:
    """An encoder that counts the texts it was asked for."""

    id = EncoderId("counting", "1", "int8", 4)
    inline = True

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: list[str]) -> Any:

        self.texts += texts
        return self._rows(texts)

    def encode_query(self, text: str) -> Any:
        return self._rows([text])[0]

    def _rows(self, texts: list[str]) -> Any:
        return np.array([[len(t), t.count("a"), t.count("e"), 1] for t in texts], np.float32)


def saved(memory: Memory, path: Path, *, vectors: bool = False) -> cube.Cube:
    parts = memory._parts
    everything = [partition for partition, _ in parts.store.partitions()]
    return cube.save(parts, path, everything, vectors=vectors)


def test_vectors_are_taken_over_and_not_computed_again(tmp_path: Path) -> None:
    encoder, again = Counting(), Counting()
    with fresh(encoder=encoder) as memory, fresh(encoder=again) as other:
        first = memory.add("Ana lives in Porto. " * 200, user_id="ana").id
        memory.add(["tea", "coffee"], user_id="ana")
        memory.update(first, text="Ana lives in Lisbon. " * 200)
        memory.delete(memory.add("gone", user_id="ana").id)
        saved(memory, tmp_path / "all.zip", vectors=True)
        other.load(tmp_path / "all.zip")
        assert again.texts == ["gone"]  # what is out of sight is exported without
        ids = (Counting.id,)
        assert picture(other._parts.store, ids) == picture(memory._parts.store, ids)
        saved(other, tmp_path / "again.zip", vectors=True)
    one, two = parts_of(tmp_path / "all.zip"), parts_of(tmp_path / "again.zip")
    assert one["vectors/0.jsonl"] == two["vectors/0.jsonl"]


def test_vectors_of_other_passages_are_computed_anew(tmp_path: Path) -> None:
    with fresh(encoder=Counting()) as memory:
        memory.add("tea with Ana", user_id="ana")
        saved(memory, tmp_path / "all.zip", vectors=True)
    members = parts_of(tmp_path / "all.zip")
    line = json.loads(members["vectors/0.jsonl"])
    members["vectors/0.jsonl"] = json.dumps(line | {"passages": [[0, 3]]}).encode()
    again = Counting()
    with fresh(encoder=again) as other:
        other.load(remade(tmp_path / "cut.zip", members))
        assert again.texts == []
        assert other.search("tea", user_id="ana")[0].text == "tea with Ana"
        assert "tea with Ana" in again.texts


def test_without_a_word_there_are_no_vectors(full: Memory, tmp_path: Path) -> None:
    saved(full, tmp_path / "all.zip")
    assert [*parts_of(tmp_path / "all.zip")] == [
        "changes.jsonl",
        "forgotten.jsonl",
        "manifest.json",
    ]


# -- what is here, and what was forgotten


def aside(memory: Memory, path: Path) -> None:
    """A cube whose place the memory does not know, so that `forget` does not reach it."""
    memory.export(path.with_suffix(".moved"))
    path.with_suffix(".moved").rename(path)


def test_another_history_is_told_and_what_is_here_stays(tmp_path: Path) -> None:
    with fresh() as memory, fresh() as other:
        id = memory.add("Ana lives in Porto", user_id="ana").id
        memory.export(tmp_path / "begin.zip")
        other.load(tmp_path / "begin.zip")
        memory.update(id, text="Ana lives in Lisbon")
        other.update(id, text="Ana lives in Faro")
        memory.export(tmp_path / "all.zip")
        loaded = other.load(tmp_path / "all.zip")
        (conflict,) = loaded.conflicts
        assert (conflict.id, conflict.differs, conflict.kept_from) == (id, ("text",), "here")
        assert (conflict.kept.text, conflict.left.text) == (
            "Ana lives in Faro",
            "Ana lives in Lisbon",
        )
        assert other.get(id).text == "Ana lives in Faro"
        assert loaded.changes == 0 and "1 conflict" in str(loaded) and "Lisbon" in str(loaded)


def test_what_went_on_in_the_cube_goes_on_here_and_can_be_undone(tmp_path: Path) -> None:
    with fresh() as memory, fresh() as other:
        id = memory.add("Ana lives in Porto", user_id="ana").id
        memory.export(tmp_path / "begin.zip")
        other.load(tmp_path / "begin.zip")
        memory.update(id, text="Ana lives in Lisbon")
        memory.link(memory.add("tea", user_id="ana").id, "about", id)
        memory.export(tmp_path / "all.zip")
        loaded = other.load(tmp_path / "all.zip")
        assert (loaded.records, loaded.advanced, loaded.already) == (1, 1, 0)
        assert told(other) == told(memory)
        other.undo(loaded.made)
        assert other.get(id).text == "Ana lives in Porto"
        assert [record.text for record in other.list(user_id="ana")] == ["Ana lives in Porto"]


def test_the_same_source_under_another_id_takes_its_links_and_lineage(tmp_path: Path) -> None:
    with fresh() as memory, fresh() as other:
        theirs = memory.add("hello", user_id="ana", source="chat", external_id="m1").id
        fact = memory.add("greets", user_id="ana", kind="fact", derived_from=[theirs]).id
        memory.link(memory.add("tea", user_id="ana").id, "about", theirs)
        memory.export(tmp_path / "ana.zip")
        ours = other.add("hello you", user_id="ana", source="chat", external_id="m1").id
        loaded = other.load(tmp_path / "ana.zip")
        assert (loaded.records, loaded.already) == (2, 1)
        assert other.get(fact).provenance.derived_from == (ours,)
        links = other._parts.store.links([ours], incoming=True)
        assert sorted(link.relation for link in links) == ["about", "derived_from"]
        (conflict,) = loaded.conflicts
        assert (conflict.kept.id, conflict.left.id) == (ours, theirs)
        assert other.load(tmp_path / "ana.zip").changes == 0
        assert other.doctor().ok


def test_what_is_drawn_from_the_forgotten_does_not_come_back(tmp_path: Path) -> None:
    with fresh() as memory:
        source = memory.add("the PIN is four two four two", user_id="ana").id
        memory.add("PIN: 4242", user_id="ana", kind="fact", derived_from=[source])
        memory.add("tea", user_id="ana")
        aside(memory, tmp_path / "all.zip")
        memory.forget(source)
        loaded = memory.load(tmp_path / "all.zip")
        assert (loaded.records, loaded.refused, loaded.already) == (0, 2, 1)
        assert [record.text for record in memory.list(user_id="ana")] == ["tea"]


def test_loading_erases_nothing_and_says_what_was_forgotten_there(tmp_path: Path) -> None:
    with fresh() as memory, fresh() as other, fresh() as third:
        id = memory.add("the PIN is four two four two", user_id="ana").id
        memory.add("tea", user_id="ana")
        aside(memory, tmp_path / "early.zip")
        memory.forget(id)
        assert memory.export(tmp_path / "late.zip").forgotten == 1
        other.load(tmp_path / "early.zip")
        loaded = other.load(tmp_path / "late.zip")
        assert loaded.outlived == (id,) and other.get(id).text.startswith("the PIN")
        # Where it was never known, it cannot come in any more.
        third.load(tmp_path / "late.zip")
        assert third.load(tmp_path / "early.zip").refused == 1
        assert third.doctor().ok


def test_a_user_s_cube_names_nobody_else_s_records(tmp_path: Path) -> None:
    with fresh() as memory:
        theirs = memory.add("something of Bruno", user_id="bruno").id
        gone = memory.add("forgotten of Bruno", user_id="bruno").id
        memory.add("about Bruno", user_id="ana", derived_from=[theirs])
        memory.forget(gone)
        memory.export(tmp_path / "ana.zip", user_id="ana")
        for data in parts_of(tmp_path / "ana.zip").values():
            assert not any(word.encode() in data for word in (theirs, gone, "bruno"))
        with fresh() as other:
            assert other.load(tmp_path / "ana.zip").records == 1


def test_a_memory_knows_its_exports(full: Memory, tmp_path: Path) -> None:
    full.export(tmp_path / "ana.zip", user_id="ana")
    full.export(tmp_path / "all.zip")
    ana = Partition(user_id="ana")
    assert [(copy.path, copy.kind, copy.partitions) for copy in full._parts.store.copies()] == [
        (str(tmp_path / "ana.zip"), "cube", (ana,)),
        (str(tmp_path / "all.zip"), "cube", ()),
    ]


# -- taking records out of a cube


def test_records_are_taken_out_of_a_cube_with_all_that_tells_of_them(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with fresh(encoder=Counting()) as memory:
        pin = memory.add("my PIN is four two", user_id="ana").id
        tea = memory.add("tea", user_id="ana").id
        memory.link(tea, "said after", pin)
        memory.update(tea, text="green tea", why="she said: my PIN is four two, and green tea")
        drawn = memory.add("PIN 42", user_id="ana", kind="fact", derived_from=[pin, tea]).id
        saved(memory, path, vectors=True)
    path.chmod(0o640)
    assert cube.without(path, [pin, RecordId("unknown")]) == 2
    assert path.stat().st_mode & 0o777 == 0o640
    members = parts_of(path)
    for name in ("changes.jsonl", "vectors/0.jsonl"):
        assert not any(word.encode() in members[name] for word in (pin, drawn, "PIN"))
    assert (pin.encode() in members["forgotten.jsonl"]) and b"redacted" in members["changes.jsonl"]
    with fresh(encoder=Counting()) as other:
        assert other.load(path).records == 1
        assert other.get(tea).text == "green tea" and other.doctor().ok
    before = path.read_bytes()
    assert cube.without(path, [pin]) == 0
    assert path.read_bytes() == before


def test_what_is_no_cube_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes")
    for act in (cube.look, lambda path: cube.without(path, ["x"])):
        with pytest.raises(mnemic.SourceError, match="not a cube"):
            act(path)
    assert path.read_text() == "my notes"


# -- what somebody else may have written


def changed(members: dict[str, bytes], number: int, **fields: Any) -> dict[str, bytes]:
    lines = members["changes.jsonl"].splitlines()
    lines[number] = json.dumps(json.loads(lines[number]) | fields).encode()
    return members | {"changes.jsonl": b"\n".join(lines) + b"\n"}


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"version": 3}, "version 3"),
        ({"verb": "forget"}, "forget"),
        ({"verb": "revise"}, "version 1"),
        ({"text": " "}, "empty"),
        ({"text": "half \ud800"}, "surrogate"),
        ({"text": "a\0b"}, "NUL"),
        ({"text": 5}, "text is not"),
        ({"at": 10**30}, "at is not"),
        ({"record": "../../etc/passwd it"}, "record is not"),
        ({"state": {"kind": "turn"}}, "ordinal"),
        ({"state": {"kind": "turn", "ordinal": 0, "weight": -1}}, "weight"),
        ({"state": {"kind": "turn", "ordinal": 0, "status": "forgotten"}}, "history"),
        ({"state": {"kind": "turn", "ordinal": 0, "valid_from": [10**20, 0, 6]}}, "valid_from"),
        ({"state": {"kind": "turn", "ordinal": 0, "derived_from": ["nobody"]}}, "not there"),
        ({"state": {"kind": "turn", "ordinal": 0, "media": {"mime": "a/b"}}}, "sha256"),
    ],
)
def test_a_line_that_contradicts_itself_or_others_is_told(
    full: Memory, tmp_path: Path, fields: dict[str, Any], word: str
) -> None:
    saved(full, tmp_path / "all.zip")
    odd = remade(tmp_path / "odd.zip", changed(parts_of(tmp_path / "all.zip"), 0, **fields))
    with fresh() as other:
        with pytest.raises(mnemic.SourceError, match=word) as caught:
            other.load(odd)
        assert "line 1" in str(caught.value)
        assert other.stats().changes == 0


def test_members_are_those_of_the_manifest(full: Memory, tmp_path: Path) -> None:
    saved(full, tmp_path / "all.zip")
    members = parts_of(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip", "a") as more:
        more.writestr("../../evil.py", "x")
    with pytest.raises(mnemic.SourceError, match=r"evil\.py"):
        cube.look(tmp_path / "all.zip")
    remade(tmp_path / "odd.zip", members | {"../../evil.py": b"x"})
    with pytest.raises(mnemic.SourceError, match="garbles"):
        cube.look(tmp_path / "odd.zip")
    remade(tmp_path / "less.zip", {k: v for k, v in members.items() if k != "forgotten.jsonl"})
    with pytest.raises(mnemic.SourceError, match="garbles"):
        cube.look(tmp_path / "less.zip")


def test_a_bomb_is_not_unpacked(full: Memory, tmp_path: Path) -> None:
    saved(full, tmp_path / "all.zip")
    members = parts_of(tmp_path / "all.zip") | {"forgotten.jsonl": b"0" * (80 << 20)}
    with pytest.raises(mnemic.SourceError, match="unpack"):
        cube.look(remade(tmp_path / "bomb.zip", members))


def test_nesting_without_end_is_told(full: Memory, tmp_path: Path) -> None:
    saved(full, tmp_path / "all.zip")
    members = parts_of(tmp_path / "all.zip")
    for deep in (b"[" * 100_000, b'{"a":' * 100_000):
        with pytest.raises(mnemic.SourceError, match="line 1"):
            cube.look(remade(tmp_path / "odd.zip", members | {"changes.jsonl": deep}))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Memory]]:
    """A cube with everything in it, and a memory that holds a part of it."""
    folder = tmp_path_factory.mktemp("fuzz")
    with fresh(encoder=Counting()) as memory, fresh(encoder=Counting()) as other:
        first = memory.add("Ana lives in Porto", user_id="ana", metadata={"a": [1, None]}).id
        saved(memory, folder / "early.zip")
        other.load(folder / "early.zip")
        media = mnemic.Media("image/png", hashlib.sha256(b"x").hexdigest(), None, b"x")
        memory.add("a picture", user_id="ana", source="s", external_id="1", media=media)
        memory.supersede(first, text="Ana lives in Lisbon", valid_from="2025-08")
        memory.add("drawn", user_id="bo", kind="fact", derived_from=[first])
        memory.forget(memory.add("the PIN", user_id="ana").id)
        saved(memory, folder / "all.zip", vectors=True)
        yield folder / "all.zip", other


def _loads_or_tells(memory: Memory, path: Path) -> None:
    """Load a cube that may be anything: it is told as ours, and nothing changes; or it is fine."""
    before = picture(memory._parts.store, ())
    try:
        with memory._parts.store.writing():
            loaded = memory.load(path)
            assert memory._parts.store.check() == []
            str(loaded)
            for record in remaining(memory):
                memory.history(record.id)
            raise mnemic.SourceError("enough: the memory is used again")
    except mnemic.MnemicError:
        pass
    assert picture(memory._parts.store, ()) == before


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_bytes_may_be_wrong(
    sample: tuple[Path, Memory], tmp_path: Path, places: list[tuple[float, int]]
) -> None:
    path, memory = sample
    data = bytearray(path.read_bytes())
    for place, value in places:
        data[round(place * (len(data) - 1))] = value
    (tmp_path / "odd.zip").write_bytes(data)
    _loads_or_tells(memory, tmp_path / "odd.zip")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_field_may_be_wrong(
    sample: tuple[Path, Memory], tmp_path: Path, data: st.DataObject
) -> None:
    path, memory = sample
    members = parts_of(path)
    name = data.draw(st.sampled_from(sorted(members)))
    if name == "manifest.json":
        told = json.loads(members[name])
        odd = _bent(told, data)
        with zipfile.ZipFile(tmp_path / "odd.zip", "w") as made:
            for each, kept in members.items():
                made.writestr(each, json.dumps(odd) if each == name else kept)
    else:
        lines = members[name].splitlines()
        number = data.draw(st.integers(0, len(lines) - 1))
        lines[number] = json.dumps(_bent(json.loads(lines[number]), data)).encode()
        moved = data.draw(st.sampled_from([lines, lines[number:], [*lines, lines[number]]]))
        remade(tmp_path / "odd.zip", members | {name: b"\n".join(moved)})
    _loads_or_tells(memory, tmp_path / "odd.zip")


def _bent(value: Any, data: st.DataObject) -> Any:
    """The same with one value somewhere replaced, left out or added."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(value)))
        if data.draw(st.integers(0, 5)) == 0:
            return {name: kept for name, kept in value.items() if name != key}
        return value | {key: _bent(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 3)):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], _bent(value[place], data), *value[place + 1 :]]
    if isinstance(value, int | float) and data.draw(st.booleans()):
        return value + data.draw(st.sampled_from([1, -1, 2**62, 2**63, -(2**70), 0.5]))
    if isinstance(value, str) and data.draw(st.booleans()):
        return value + data.draw(st.sampled_from(["x", "\0", "\ud800", " ", "\n"]))
    return data.draw(_JSON)


def test_an_export_takes_the_place_of_no_other_file(tmp_path: Path) -> None:
    path, other = tmp_path / "memory.db", tmp_path / "thesis.txt"
    other.write_text("years of work")
    with fresh(path) as memory:
        memory.add("kept", user_id="ana")
        link = tmp_path / "link"
        link.symlink_to(path)
        for target in (path, path.with_name("memory.db-wal"), link):
            with pytest.raises(mnemic.SourceError, match="belongs to the memory"):
                memory.export(target)
        with pytest.raises(mnemic.SourceError, match="is no cube"):
            memory.export(other)
        with pytest.raises(mnemic.SourceError, match="is no cube"):
            memory.export(tmp_path)
        cubes = [tmp_path / "one.zip", tmp_path / "two.zip"]
        for target in [*cubes, cubes[0]]:
            memory.export(target)
        with pytest.raises(mnemic.SourceError, match="is no cube"):
            mnemic.merge_cubes(*cubes, path)
        assert {copy.path for copy in memory._parts.store.copies()} == set(map(str, cubes))
    assert other.read_text() == "years of work"
    with fresh(path) as memory:
        assert memory.stats().records == 1
