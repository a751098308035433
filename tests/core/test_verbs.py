"""What each verb does to a record: laws that hold for every record and change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.changes import (
    KEEP,
    VERBS,
    Change,
    Forget,
    Link,
    Put,
    Restore,
    Retire,
    Revise,
    Reweigh,
)
from mnemic.core.clock import Moment
from mnemic.core.errors import Forgotten, InputError
from mnemic.core.ids import RecordId
from mnemic.core.records import Record, Scope, Status
from mnemic.core.verbs import after, blank, target
from mnemic.testing.pen import Pen
from mnemic.testing.strategies import changes, records

NOW = 2**53 + 1
ID = RecordId("0" * 26)


def drawn() -> st.SearchStrategy[Any]:
    same = st.just(0)
    return st.tuples(records(id=same), changes(ID))


def settled(record: Record, change: Change) -> Record | None:
    try:
        return after(record, change, NOW)
    except InputError:
        return None


@given(drawn())
def test_a_change_makes_the_next_version_or_none(case: tuple[Record, Change]) -> None:
    record, change = case
    later = settled(record, change)
    if later is None:
        assert isinstance(change, Revise)
    elif later is not record:
        assert (later.version, later.recorded_at) == (record.version + 1, NOW)
        assert (later.id, later.kind, later.scope) == (record.id, record.kind, record.scope)
        assert (later.ordinal, later.provenance) == (record.ordinal, record.provenance)


@given(drawn())
def test_doing_it_twice_is_doing_it_once(case: tuple[Record, Change]) -> None:
    record, change = case
    once = settled(record, change)
    if once is not None:
        assert after(once, change, NOW + 1) is once


@given(records())
def test_restore_takes_retire_back(record: Record) -> None:
    gone = after(record, Retire(record.id), NOW)
    assert (gone.status, gone.retired_at) == (Status.RETIRED, NOW)
    back = after(gone, Restore(record.id), NOW + 1)
    assert (back.status, back.retired_at, back.text) == (Status.ACTIVE, None, record.text)
    assert after(record, Restore(record.id), NOW) is record


@given(records(), records())
def test_revising_back_says_what_was_said(record: Record, other: Record) -> None:
    there = Revise(
        record.id,
        text=other.text,
        valid_from=None,
        valid_to=other.valid_to,
        speaker=other.speaker,
        metadata=other.metadata,
    )
    back = Revise(
        record.id,
        text=record.text,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        speaker=record.speaker,
        metadata=record.metadata,
    )
    again = after(after(record, there, NOW), back, NOW)
    for name in ("text", "valid_from", "valid_to", "speaker", "metadata"):
        assert getattr(again, name) == getattr(record, name)


@given(records())
def test_what_is_kept_is_kept(record: Record) -> None:
    assert after(record, Revise(record.id), NOW) is record
    assert after(record, Put(record), NOW) is record
    assert after(record, Link(record.id, "before", ID), NOW) is record
    assert repr(KEEP) == "KEEP"


@given(records())
def test_nothing_but_its_place_is_left_of_what_is_forgotten(record: Record) -> None:
    ghost = after(record, Forget(record.id), NOW)
    assert ghost == blank(record, NOW)
    assert (ghost.id, ghost.version, ghost.status) == (
        record.id,
        record.version + 1,
        Status.FORGOTTEN,
    )
    assert ghost.scope == Scope(record.scope.partition)
    plain = Record(
        id=record.id,
        text="",
        kind=record.kind,
        scope=ghost.scope,
        ordinal=record.ordinal,
        recorded_at=NOW,
        version=record.version + 1,
        status=Status.FORGOTTEN,
        retired_at=NOW,
        provenance=ghost.provenance,
    )
    assert ghost == plain
    assert ghost.provenance.formed_by == "forgotten"


@given(drawn())
def test_what_is_forgotten_takes_no_change(case: tuple[Record, Change]) -> None:
    record, change = case
    with pytest.raises(Forgotten, match=r"was forgotten\. Nothing of it can come back"):
        after(blank(record, NOW), change, NOW)


@pytest.mark.parametrize("weight", [-0.1, 1e308, float("inf"), float("nan"), float("-inf")])
def test_weights_are_numbers_from_nought_up(weight: float) -> None:
    with pytest.raises(InputError, match=r"not a weight: .*Use a number from 0 to 1e\+06"):
        after(Pen().record("a"), Reweigh(ID, weight), NOW)


def test_nothing_ends_before_it_begins() -> None:
    record = Pen().record("a", valid_from=Moment.parse("2025-06"))
    with pytest.raises(InputError, match=r"would end before it begins: valid_from=2025-06, .*2025"):
        after(record, Revise(record.id, valid_to=Moment.parse("2025-05")), NOW)
    assert after(record, Revise(record.id, valid_to=Moment.parse("2025-06")), NOW).valid_to


def test_each_verb_has_a_name_and_a_target() -> None:
    record = Pen().record("a")
    made: list[Change] = [
        Put(record),
        Revise(record.id),
        Link(record.id, "before", ID),
        Retire(record.id),
        Restore(record.id),
        Reweigh(record.id, 1),
        Forget(record.id),
    ]
    assert [type(change) for change in made] == list(VERBS)
    assert {target(change) for change in made} == {record.id}
    assert list(VERBS.values()) == [type(change).__name__.lower() for change in made]
