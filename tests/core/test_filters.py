"""Filters: every operator, absent values, nested names; what is malformed is an error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import FilterError
from mnemic.core.filters import FIELDS, check, matches
from mnemic.core.records import Origin, Provenance, Record, Scope
from mnemic.testing.pen import Pen
from mnemic.testing.strategies import records

RECORD = Pen().record(
    "a",
    kind="fact",
    scope=Scope(agent_id="planner", session_id="s1"),
    speaker="Ana",
    provenance=Provenance("chat", "m1", Origin.TOOL),
    metadata={
        "turn": "D7:3",
        "price": 5,
        "none": None,
        "flag": False,
        "tags": ["a", "b"],
        "address": {"city": "Lisbon", "geo": {"lat": 38.7}},
        "dotted.name": "x",
        "role": "shadows the field",
    },
)


def meets(filters: dict[str, Any]) -> bool:
    check(filters)
    return matches(RECORD, filters)


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"turn": "D7:3"},
        {"turn": {"eq": "D7:3"}},
        {"turn": {"in": ["D7:3", "D7:4"]}},
        {"turn": {"in": {"D7:3"}}},
        {"price": {"gte": 5}},
        {"price": {"lte": 5.0}},
        {"price": {"gte": 3, "lte": 9}},
        {"price": {"not": {"gte": 6}}},
        {"turn": {"not": "D7:4"}},
        {"turn": {"not": {"in": ["D7:4"]}}},
        {"turn": {"not": {"not": "D7:3"}}},
        {"turn": {"exists": True}},
        {"none": {"exists": True}},
        {"none": None},
        {"flag": False},
        {"tags": ["a", "b"]},
        {"absent": {"exists": False}},
        {"absent": {"not": "x"}},
        {"absent": {"not": {"in": ["x"]}}},
        {"absent": {"not": {"gte": 0}}},
        {"address.city": "Lisbon"},
        {"address.geo.lat": {"gte": 38, "lte": 39}},
        {"address": {"eq": {"city": "Lisbon", "geo": {"lat": 38.7}}}},
        {"address.street": {"exists": False}},
        {"turn.deeper": {"exists": False}},
        {"dotted.name": "x"},
        {"speaker": "Ana", "kind": "fact", "agent_id": "planner", "session_id": "s1"},
        {"source": "chat", "origin": "tool"},
        {"role": "shadows the field"},
    ],
)
def test_what_is_met(filters: dict[str, Any]) -> None:
    assert meets(filters)


@pytest.mark.parametrize(
    "filters",
    [
        {"turn": "D7:4"},
        {"turn": "D7:3", "price": 6},
        {"turn": {"in": []}},
        {"price": {"gte": 6}},
        {"price": {"gte": 3, "lte": 4}},
        {"price": {"gte": "3"}},
        {"turn": {"gte": 3}},
        {"none": {"lte": 3}},
        {"turn": {"exists": False}},
        {"absent": {"exists": True}},
        {"absent": "x"},
        {"absent": None},
        {"absent": {"eq": None}},
        {"absent": {"in": ["x", None]}},
        {"absent": {"gte": 0}},
        {"tags": {"in": {"a", "b"}}},
        {"tags": {"in": ["a", "b"]}},
        {"address": {"not": {"exists": True}}},
        {"Turn": "D7:3"},
    ],
)
def test_what_is_not_met(filters: dict[str, Any]) -> None:
    assert not meets(filters)


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (
            {"turn": {"contains": "D7"}},
            r"unknown operator 'contains' for 'turn'\. Use one of eq, in",
        ),
        ({"turn": {"eq": 1, "$gt": 2}}, r"unknown operator '\$gt'"),
        ({"turn": {"not": {"like": "x"}}}, "unknown operator 'like'"),
        ({"turn": {}}, "no condition for 'turn'"),
        ({"turn": {"not": {}}}, "no condition for 'turn'"),
        ({"turn": {"in": "D7:3"}}, "'in' for 'turn' needs a list"),
        ({"turn": {"in": 3}}, "'in' for 'turn' needs a list"),
        ({"turn": {"exists": 1}}, "'exists' for 'turn' needs True or False"),
        ({3: "x"}, "not the name of a field: 3"),
        ([("turn", "x")], "not filters"),
        ("turn", "not filters"),
    ],
)
def test_what_is_malformed(filters: Any, said: str) -> None:
    with pytest.raises(FilterError, match=said):
        check(filters)


def test_a_field_that_is_not_set_is_absent() -> None:
    plain = Pen().record("a")
    for name in ("speaker", "role", "agent_id", "session_id", "source"):
        assert matches(plain, {name: {"exists": False}})
    assert matches(plain, {"kind": {"exists": True}, "origin": "user"})


VALUES = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=2)
CONDITIONS = st.recursive(
    st.one_of(
        st.builds(lambda value: {"eq": value}, VALUES),
        st.builds(lambda values: {"in": values}, st.lists(VALUES, max_size=3)),
        st.builds(lambda value: {"gte": value}, VALUES),
        st.builds(lambda value: {"lte": value}, VALUES),
        st.builds(lambda value: {"exists": value}, st.booleans()),
    ),
    lambda inner: inner.map(lambda condition: {"not": condition}),
    max_leaves=3,
)


@given(records(), CONDITIONS, st.sampled_from(["a", "b.c", *FIELDS]))
def test_not_turns_every_condition_around(record: Record, condition: Any, name: str) -> None:
    check({name: condition})
    assert matches(record, {name: condition}) != matches(record, {name: {"not": condition}})
