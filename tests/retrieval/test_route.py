"""The way of a question: by its form, by what there is, and never above the cap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.language.asked import asked
from mnemic.retrieval.route import (
    Effort,
    Mode,
    Name,
    Pool,
    Route,
    escalates,
    follow_up,
    route,
)
from mnemic.retrieval.shape import SHAPE

EAGER = Effort(hops=frozenset(Name), again=frozenset(Name))


def way(text: str, rows: int = 100_000, effort: Effort = EAGER, **told: object) -> Route:
    return route(text, asked(text), rows=rows, effort=effort, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("When did Ana move?", Name.TEMPORAL),
        ("What is the latest place where Ana was seen?", Name.TEMPORAL),
        ("What did Ana do after the race?", Name.TEMPORAL),
        ("Which books has Ana read?", Name.SEVERAL),
        ("How many dogs does she have?", Name.SEVERAL),
        ("Why did Ana leave the choir?", Name.RELATION),
        ("What does Ana like?", Name.ATTRIBUTE),
        ("Who is Ana's dentist?", Name.SINGLE),
        ("Quando a Ana se mudou?", Name.TEMPORAL),
        ("Warum ist Ana gegangen?", Name.RELATION),
        ("安娜为什么搬家？", Name.RELATION),
    ],
)
def test_routes_by_form(text: str, name: Name) -> None:
    found = way(text)
    assert found.name is name
    assert found.why


def test_a_small_scope_is_searched_whole() -> None:
    assert way("Who is Ana?", rows=SHAPE.small).pools == (Pool.ALL,)
    assert way("Who is Ana?", rows=SHAPE.small + 1, dated=True, links=3).pools == (
        Pool.TEXT,
        Pool.DENSE,
        Pool.DATE,
        Pool.GRAPH,
    )
    assert way("Who is Ana?", rows=SHAPE.small + 1, vectors=False).pools == (Pool.TEXT,)


def test_modes_by_the_kinds_that_are_there() -> None:
    assert way("Who is Ana's dentist?").mode is Mode.EPISODIC
    assert way("Who is Ana's dentist?", kinds=("turn", "fact")).mode is Mode.SEMANTIC
    assert way("How do I reset the router?", kinds=("turn", "procedure")).mode is Mode.PROCEDURAL
    assert way("When did Ana move?", kinds=("turn", "fact", "rule")).mode is Mode.EPISODIC


def test_what_does_not_pay_is_off() -> None:
    found = way("Why did Ana leave?", rows=10, effort=Effort(), links=5)
    assert (found.hops, found.second_round) == (0, False)
    assert not escalates(found, 0.0)


def test_a_second_round_only_where_the_first_was_not_enough() -> None:
    found = way("Why did Ana leave?", rows=10)
    assert [escalates(found, best) for best in (None, 0.49, 0.5, 0.9)] == [
        False,
        True,
        False,
        False,
    ]


@given(
    st.integers(0, 10**7),
    st.integers(1, 10**4),
    st.integers(1, 500),
    st.integers(1, 10**4),
    st.booleans(),
    st.integers(0, 2),
)
def test_the_cap_holds(
    rows: int, whole: int, pool: int, most: int, dated: bool, links: int
) -> None:
    effort = Effort(whole, pool, most, frozenset(Name), frozenset(Name))
    found = way("Why?", rows=rows, effort=effort, dated=dated, links=links)
    assert found.most * (1 + found.second_round) <= most
    assert found.most <= rows
    assert found.hops <= links


def test_the_second_question() -> None:
    asked_first = "Where does she work?"
    assert follow_up(asked_first, []) == asked_first
    assert follow_up(asked_first, ["a b", "c"], longest=2) == f"{asked_first} a b"
    assert follow_up(asked_first, ["a b"], names=["Ana", "Bob", "Ana"]) == f"{asked_first} Ana Bob"


def test_an_effort_that_cannot_be() -> None:
    with pytest.raises(InputError, match="pool=0"):
        Effort(pool=0)
    with pytest.raises(InputError, match=r"enough=1\.5"):
        Effort(enough=1.5)


def test_an_effort_is_what_is_drawn() -> None:
    assert Effort().shape == SHAPE
    wide = Effort(whole=5000, pool=400, most=300).shape
    assert (wide.small, wide.pool, wide.kept) == (300, 400, 300)
