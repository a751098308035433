from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.algorithms.strength import ELO, Doubles, Pairs, bradley_terry, elo, expected
from mnemic.core.errors import InputError

ITEMS = 20
PLANTED = np.linspace(-3, 3, ITEMS)


def noisy(seed: int, comparisons: int = 3000) -> tuple[Pairs, Doubles]:
    """Comparisons of random pairs by a judge who errs as the model says, about one in six."""
    chance = np.random.default_rng(seed)
    first = chance.integers(0, ITEMS, comparisons)
    second = (first + chance.integers(1, ITEMS, comparisons)) % ITEMS
    better = 1 / (1 + np.exp(PLANTED[second] - PLANTED[first]))
    return np.stack([first, second], 1), (chance.random(comparisons) < better).astype(float)


def tau(one: Doubles, other: Doubles) -> float:
    """Kendall's tau: the share of pairs in the same order, less the share in another."""
    upper = np.triu_indices(len(one), 1)
    signs = np.sign(np.subtract.outer(one, one)) * np.sign(np.subtract.outer(other, other))
    return float(signs[upper].mean())


@pytest.mark.parametrize("seed", range(3))
def test_the_planted_order_is_recovered_from_noisy_comparisons(seed: int) -> None:
    pairs, won = noisy(seed)
    mistakes = (PLANTED[pairs[:, 0]] > PLANTED[pairs[:, 1]]) != won.astype(bool)
    assert mistakes.mean() > 0.1
    strengths = bradley_terry(pairs, won)
    assert tau(strengths, PLANTED) >= 0.9
    assert np.abs(strengths - PLANTED).max() < 0.6
    ratings = elo(pairs, won, passes=5, seed=seed)
    assert tau(ratings, PLANTED) >= 0.9
    assert np.abs(ratings / ELO - PLANTED).max() < 1.2


def test_two_items_have_the_odds_of_their_games() -> None:
    # Three of four games won: with hardly a prior, the difference is ln 3.
    strengths = bradley_terry([(0, 1)] * 4, [1, 1, 1, 0], prior=1e-9)
    assert strengths.tolist() == pytest.approx([np.log(3) / 2, -np.log(3) / 2], abs=1e-6)


def test_the_fit_is_where_expected_wins_are_the_wins() -> None:
    """The stationary point of the likelihood, which MM must reach (Hunter 2004)."""
    pairs, won = noisy(0, 400)
    prior = 0.1
    strengths = bradley_terry(pairs, won, prior=prior, tolerance=1e-9)
    better = 1 / (1 + np.exp(strengths[pairs[:, 1]] - strengths[pairs[:, 0]]))
    surplus = np.bincount(pairs[:, 0], won - better, ITEMS)
    surplus -= np.bincount(pairs[:, 1], won - better, ITEMS)
    # The mean was taken away, and with it the level of the item of strength 0: look for it.
    levels = strengths[:, None] + np.linspace(-1, 1, 20001)
    pulls = prior - 2 * prior / (1 + np.exp(-levels))
    pull = pulls[:, np.abs(pulls.sum(axis=0)).argmin()]
    np.testing.assert_allclose(surplus + pull, 0, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)), st.integers(0, 1000))
def test_names_and_order_of_comparisons_mean_nothing(names: list[int], seed: int) -> None:
    chance = np.random.default_rng(seed)
    first = chance.integers(0, 6, 40)
    pairs = np.stack([first, (first + chance.integers(1, 6, 40)) % 6], 1)
    strengths = bradley_terry(pairs, items=6)
    renamed = bradley_terry(np.array(names)[pairs][chance.permutation(40)], items=6)
    np.testing.assert_allclose(renamed[names], strengths, atol=1e-4)
    turned = bradley_terry(pairs[:, ::-1], np.zeros(40), items=6)
    np.testing.assert_allclose(turned, strengths, atol=1e-6)


def test_who_never_lost_is_finite_and_who_never_played_is_average() -> None:
    strengths = bradley_terry([(0, 1), (0, 1)], items=3)
    assert np.isfinite(strengths).all()
    assert strengths[0] > strengths[2] > strengths[1]
    assert bradley_terry([]).tolist() == []
    assert bradley_terry([], items=2).tolist() == [0, 0]


@settings(max_examples=30, deadline=None)
@given(st.floats(-2000, 2000), st.floats(-2000, 2000))
def test_one_of_two_wins(one: float, other: float) -> None:
    assert expected(one, other) + expected(other, one) == pytest.approx(1)
    assert expected(one, other) == pytest.approx(1 / (1 + np.exp((other - one) / ELO)))


def test_points_are_taken_never_made() -> None:
    pairs, won = noisy(1, 200)
    assert float(elo(pairs, won).sum()) == pytest.approx(0, abs=1e-9)
    assert (elo(pairs, won, passes=2, seed=4) == elo(pairs, won, passes=2, seed=4)).all()


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="with itself"):
        bradley_terry([(0, 0)])
    with pytest.raises(InputError, match="outside 0 to 1"):
        bradley_terry([(0, 2)], items=2)
    with pytest.raises(InputError, match="outside"):
        elo([(-1, 0)])
    with pytest.raises(InputError, match="share from 0 to 1"):
        elo([(0, 1)], [2])
    with pytest.raises(InputError, match="prior=0"):
        bradley_terry([(0, 1)], prior=0)
