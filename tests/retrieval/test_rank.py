"""Scores fall with sums, are probabilities, and depend on rivals only as the odds say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.retrieval.rank import probabilities, rank, total
from mnemic.retrieval.weights import Odds, Ranker, shipped

SUMS = st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=40)
ODDS = st.builds(Odds, st.floats(-3, 3), st.floats(0.01, 2), st.floats(-2, 2), st.floats(-2, 2))


def logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


@given(SUMS, ODDS)
def test_probabilities_rise_with_the_sum(drawn: list[float], odds: Odds) -> None:
    sums = np.array(drawn, np.float32)
    found = probabilities(sums, odds)
    assert found.shape == sums.shape
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found[np.argsort(sums)]) >= 0).all()


def test_the_odds_are_as_they_say() -> None:
    sums = np.array([3, 1, *[0.5] * 7, -0.5, -4], np.float32)
    odds = Odds(bias=-1, sum=0.8, best=0.3, tenth=-0.4)
    found = probabilities(sums, odds)
    for one, chance in zip(sums.tolist(), found.tolist(), strict=True):
        expected = -1 + 0.8 * one + 0.3 * 3 - 0.4 * -0.5
        assert logit(chance) == pytest.approx(expected, abs=1e-4)
    few = probabilities(sums[:2], odds)  # of fewer than ten the last is the tenth
    assert logit(float(few[0])) == pytest.approx(-1 + 2.4 + 0.9 - 0.4, abs=1e-4)


@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), max_size=12))
def test_no_sum_is_too_large(drawn: list[float]) -> None:
    found = probabilities(np.array(drawn, np.float32), shipped().dense.odds)
    assert np.isfinite(found).all()


VALUES = st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=1, max_size=25)


@given(VALUES, st.integers(1, 30), st.randoms(use_true_random=False))
def test_the_order_is_that_of_sums_then_of_age(
    drawn: list[tuple[int, int]], limit: int, chance: object
) -> None:
    ranker = Ranker({"turn": 1.0, "date": 0.5})
    places = list(range(len(drawn)))
    chance.shuffle(places)  # type: ignore[attr-defined]
    keys = np.array(places, np.int64)
    turn, date = (np.array(column, np.float32) for column in zip(*drawn, strict=True))
    rows = np.arange(len(drawn))
    values = {"turn": turn, "date": date, "unheard_of": turn * 100}
    found = rank(rows, values, keys, ranker, limit)
    wanted = sorted(rows, key=lambda row: (-(turn[row] + 0.5 * date[row]), -keys[row]))
    assert [one.row for one in found] == [int(row) for row in wanted[:limit]]
    for one in found:
        assert one.features == {"turn": turn[one.row], "date": date[one.row]}
        assert sum(one.shares.values()) == pytest.approx(turn[one.row] + 0.5 * date[one.row])


def test_rows_are_found_by_their_place_among_all() -> None:
    """Candidates are some of the rows; keys are those of all of them."""
    rows, keys = np.array([1, 4]), np.array([0, 30, 0, 0, 20])
    found = rank(rows, {"turn": np.zeros(2, np.float32)}, keys, Ranker({}), 9)
    assert [(one.row, one.score) for one in found] == [(1, 0.5), (4, 0.5)]


def test_nothing_is_in_order() -> None:
    assert rank(np.zeros(0, np.int64), {}, np.zeros(0, np.int64), Ranker({}), 10) == []
    assert probabilities(np.zeros(0, np.float32), Odds()).shape == (0,)


def test_a_total_knows_its_features_only() -> None:
    values = {"turn": np.array([1, 2], np.float32), "mood": np.array([9, 9], np.float32)}
    assert total(values, Ranker({"turn": 2.0, "date": 5.0}), 2).tolist() == [2, 4]
    assert total({}, Ranker({"turn": 2.0}), 3).tolist() == [0, 0, 0]
