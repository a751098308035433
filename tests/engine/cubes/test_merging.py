"""Merging two cubes: one history of each record, and every conflict told."""

from __future__ import annotations

import zipfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mnemic
from mnemic import Memory
from mnemic.core.ids import RecordId
from mnemic.core.vectors import EncoderId
from mnemic.engine.cubes import cube
from mnemic.engine.cubes.merging import merge
from mnemic.models.static_table import StaticTable


def fresh(start: int = 0, **settings: Any) -> Memory:
    """A memory whose clock goes on by a second whenever it is read."""
    ticks = count(1_750_000_000_000_000 + start * 3_600_000_000, 1_000_000)
    return Memory(":memory:", **{"clock": lambda: next(ticks), "encoder": None, **settings})


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return tmp_path / "one.zip"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    return tmp_path / "two.zip"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.zip"


def changes(path: Path) -> bytes:
    with zipfile.ZipFile(path) as file:
        return file.read("changes.jsonl")


def texts(path: Path) -> list[str]:
    """What a memory says that loads the cube; it must find itself healthy."""
    with fresh() as memory:
        memory.load(path)
        assert memory.doctor().ok
        users = [scope.user_id or "" for scope in memory.scopes()]
        return sorted(record.text for user in users for record in memory.list(user_id=user))


def test_two_that_share_nothing_become_one(one: Path, two: Path, out: Path) -> None:
    with fresh() as memory, fresh(1) as other:
        memory.link(
            memory.add("tea", user_id="ana").id, "with", memory.add("milk", user_id="ana").id
        )
        other.add("coffee", user_id="bo")
        memory.export(one)
        other.export(two)
    merged = merge(one, two, out, now=5)
    assert (merged.records, merged.changes, merged.conflicts) == (3, 4, ())
    assert texts(out) == ["coffee", "milk", "tea"]
    assert changes(out) == changes(one) + changes(two)
    assert str(merged) == "3 records, 4 changes"


def test_a_longer_history_is_taken(one: Path, two: Path, out: Path) -> None:
    with fresh() as memory:
        id = memory.add("Ana lives in Porto", user_id="ana").id
        memory.export(one)
        memory.update(id, text="Ana lives in Lisbon")
        memory.add("tea", user_id="ana", derived_from=[id])
        memory.export(two)
    for first, second in ((one, two), (two, one)):
        merged = merge(first, second, out)
        assert (merged.records, merged.advanced, merged.conflicts) == (2, 1, ())
        assert changes(out) == changes(two)


@pytest.mark.parametrize(
    ("prefer", "kept"), [("newer", "Faro"), ("first", "Lisbon"), ("second", "Faro")]
)
def test_two_histories_are_told_and_one_is_kept(
    one: Path, two: Path, out: Path, prefer: Any, kept: str
) -> None:
    with fresh() as memory, fresh(1) as other:
        id = memory.add("Ana lives in Porto", user_id="ana").id
        memory.export(one)
        other.load(one)
        memory.update(id, text="Ana lives in Lisbon")
        other.update(id, text="Ana lives in Faro", metadata={"sure": True})
        memory.add("from Lisbon", user_id="ana", derived_from=[id])
        memory.export(one)
        other.export(two)
    merged = merge(one, two, out, prefer=prefer)
    (conflict,) = merged.conflicts
    assert (conflict.id, conflict.differs) == (id, ("text", "metadata"))
    assert kept in conflict.kept.text and kept not in conflict.left.text
    assert conflict.kept_from == ("first" if kept == "Lisbon" else "second")
    assert texts(out) == [f"Ana lives in {kept}", "from Lisbon"]
    assert "1 conflict" in str(merged)


def test_what_came_from_one_source_is_one_record(one: Path, two: Path, out: Path) -> None:
    with fresh() as memory, fresh(1) as other:
        ours = memory.add("hello", user_id="ana", source="chat", external_id="1").id
        fact = memory.add("greets", user_id="ana", kind="fact", derived_from=[ours]).id
        memory.link(fact, "about", ours)
        theirs = other.add("hello!", user_id="ana", source="chat", external_id="1").id
        other.link(other.add("tea", user_id="ana").id, "after", theirs)
        memory.export(one)
        other.export(two)
    merged = merge(one, two, out, prefer="newer")
    (conflict,) = merged.conflicts
    assert (conflict.kept.id, conflict.left.id, merged.records) == (theirs, ours, 3)
    with fresh() as memory:
        memory.load(out)
        assert memory.get(fact).provenance.derived_from == (theirs,)
        links = memory._parts.store.links([theirs], incoming=True)
        assert sorted(link.relation for link in links) == ["about", "after", "derived_from"]


def test_what_was_forgotten_in_one_stays_forgotten(one: Path, two: Path, out: Path) -> None:
    with fresh() as memory:
        pin = memory.add("the PIN is four two", user_id="ana").id
        memory.add("tea", user_id="ana")
        memory.export(one.with_suffix(".moved"))
        one.with_suffix(".moved").rename(one)
        memory.forget(pin)
        memory.export(two)
        with fresh(1) as other:
            other.load(one)
            drawn = other.add("PIN 42", user_id="ana", derived_from=[pin]).id
            other.export(one)
    for first, second in ((one, two), (two, one)):
        merged = merge(first, second, out)
        assert (set(merged.buried), merged.forgotten) == ({pin, drawn}, 1)
        assert texts(out) == ["tea"] and b"PIN" not in changes(out)


def test_vectors_of_both_are_kept(one: Path, two: Path, out: Path) -> None:
    encoder = StaticTable()
    with fresh(encoder=encoder) as memory, fresh(1, encoder=encoder) as other:
        memory.add(["tea", "milk"], user_id="ana")
        other.add("coffee", user_id="ana")
        for each, path in ((memory, one), (other, two)):
            partitions = [partition for partition, _ in each._parts.store.partitions()]
            cube.save(each._parts, path, partitions, vectors=True)
    merge(one, two, out)
    with fresh(encoder=encoder) as both:
        both.load(out)
        assert both._parts.store.encoders() == [(encoder.id, 3)]
        assert isinstance(encoder.id, EncoderId) and both.doctor().ok


def test_an_unknown_preference_is_told(one: Path) -> None:
    with pytest.raises(mnemic.InputError, match="prefer"):
        merge(one, one, one, prefer="older")  # type: ignore[arg-type]


_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "derive", "update", "delete", "restore", "link", "forget", "same"]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=8,
)


def act(memory: Memory, acts: list[tuple[str, int, int]], name: str) -> None:
    """Do these things to the records that are there, as far as they can be done."""
    for number, (verb, a, b) in enumerate(acts):
        ids = [record.id for record in memory.list(user_id="ana", deleted=True)]
        one, other = ids[a % len(ids)], ids[b % len(ids)]
        if verb == "add":
            memory.add(f"{name} {number}", user_id="ana")
        elif verb == "derive":
            memory.add(f"{name} {number} drawn", user_id="ana", derived_from=[one, other])
        elif verb == "same":
            memory.add(f"{name} {b}", user_id="ana", source="chat", external_id=str(a))
        elif verb == "update":
            memory.update(one, text=f"{name} {number} again")
        elif verb == "delete":
            memory.delete(one)
        elif verb == "restore":
            memory.restore(one)
        elif verb == "link" and one != other:
            memory.link(one, "near", other)
        elif verb == "forget" and len(ids) > 2:
            memory.forget(one)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(begin=_ACTS, here=_ACTS, there=_ACTS, prefer=st.sampled_from(["first", "second", "newer"]))
def test_any_two_cubes_can_be_merged_and_loaded(
    tmp_path_factory: pytest.TempPathFactory, begin: Any, here: Any, there: Any, prefer: Any
) -> None:
    folder = tmp_path_factory.mktemp("merging")
    one, two, out = folder / "one.zip", folder / "two.zip", folder / "out.zip"
    with fresh() as memory, fresh(1) as other:
        memory.add(["a", "b", "c"], user_id="ana")
        act(memory, begin, "begin")
        memory.export(one)
        other.load(one)
        act(memory, here, "here")
        act(other, there, "there")
        memory.export(one)
        other.export(two)
    merged = merge(one, two, out, prefer=prefer)
    held = [cube.look(path) for path in (one, two, out)]
    assert held[2].records == merged.records <= held[0].records + held[1].records
    again = merge(out, out, folder / "same.zip")
    assert again.conflicts == () and changes(folder / "same.zip") == changes(out)
    with fresh() as memory:
        loaded = memory.load(out)
        assert (loaded.records, loaded.conflicts) == (merged.records, ())
        assert memory.doctor().ok
        ids = {RecordId(record.id) for record in memory.list(user_id="ana", deleted=True, limit=99)}
        memory.export(folder / "round.zip")
        assert changes(folder / "round.zip") == changes(out) and len(ids) == merged.records
        # What was merged holds all of both that is not in conflict.
        for path in (one, two):
            assert memory.load(path).records == 0
