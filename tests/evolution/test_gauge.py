"""Measures by hand-made examples; bounds say what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.evolution.bounds import CARD, Bound, read, violations
from mnemic.evolution.gauge import MEASURES, Seen, measured

A, B = RecordId("a"), RecordId("b")

SEEN = st.builds(
    Seen,
    st.just((A, B)),
    wanted=st.integers(0, 7),
    right=st.lists(st.integers(0, 4), max_size=7).map(lambda places: tuple(sorted(places))),
    outdated=st.none() | st.lists(st.integers(0, 4), max_size=2).map(tuple),
    said=st.none() | st.booleans(),
    denied=st.just(2),
    settled=st.integers(0, 2),
    lines=st.just(3),
    cited=st.integers(0, 3),
    claims=st.just(1),
    unsupported=st.integers(0, 1),
    unrelated=st.booleans(),
    answer=st.sampled_from("xy"),
)


@given(st.lists(SEEN, min_size=1, max_size=6))
def test_a_change_that_changes_nothing_costs_nothing(seen: list[Seen]) -> None:
    values = measured(seen, seen)
    assert values["drawdown"] in (None, 0)
    assert values["utility kept"] in (None, 1)
    assert values["locality"] in (None, 1)


@given(st.lists(SEEN, min_size=1, max_size=5), st.lists(SEEN, min_size=5, max_size=5))
def test_measures_are_shares(before: list[Seen], other: list[Seen]) -> None:
    after = [
        replace(now, wanted=then.wanted, unrelated=then.unrelated)
        for then, now in zip(before, other, strict=False)
    ]
    assert all(value is None or 0 <= value <= 1 for value in measured(before, after).values())


def test_what_is_outdated_must_not_come_first() -> None:
    def fresh(right: tuple[int, ...], outdated: tuple[int, ...]) -> float | None:
        seen = [Seen((A, B), 1, right, outdated)]
        return MEASURES["freshness"](seen, seen)

    assert [fresh((0,), ()), fresh((0,), (1,)), fresh((1,), (0,)), fresh((), ())] == [1, 1, 0, 0]


def test_nothing_to_judge_is_none_and_breaks_nothing() -> None:
    values = measured([Seen(())], [Seen(())])
    assert set(values.values()) == {None}
    assert violations(CARD, values) == ()


def test_violations_say_the_measure_the_figure_and_the_bound() -> None:
    told = violations(CARD, {"recall@5": 0.62, "drawdown": 0.1, "freshness": 0.8})
    assert told == ("recall@5 .62 < .85", "drawdown .1 > .02")


def test_the_card() -> None:
    limits = {bound.measure: bound.least or bound.most for bound in CARD}
    assert limits == {
        "recall@5": 0.85,
        "freshness": 0.8,
        "conflict handled@5": 0.8,
        "unsupported claims": 0.05,
        "citation coverage": 0.85,
        "edit success": 0.9,
        "utility kept": 0.98,
        "drawdown": 0.02,
        "locality": 0.95,
    }
    assert set(limits) == set(MEASURES)


@pytest.mark.parametrize("told", [{"recall@9": 0.5}, {"recall@5": 2}, {"recall@5": "x"}, ["x"]])
def test_thresholds_that_are_none(told: object) -> None:
    with pytest.raises(InputError):
        read(told)  # type: ignore[arg-type]


def test_a_bound_needs_a_limit() -> None:
    with pytest.raises(InputError):
        Bound("recall@5")
