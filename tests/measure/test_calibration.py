from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.measure.calibration import (
    Isotonic,
    Platt,
    brier,
    expected_calibration_error,
    fit_isotonic,
    fit_platt,
    reliability,
)

PAIRS = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40)


@given(PAIRS, st.integers(1, 12), st.sampled_from(["width", "mass"]))
def test_the_order_of_values_is_nothing(pairs: list[tuple[int, bool]], bins: int, by: str) -> None:
    claimed = [score / 20 for score, _ in pairs]
    true = [outcome for _, outcome in pairs]
    rows = reliability(claimed, true, bins=bins, by=by)  # type: ignore[arg-type]
    turned = reliability(claimed[::-1], true[::-1], bins=bins, by=by)  # type: ignore[arg-type]
    assert [(row.low, row.high, row.n) for row in rows] == [
        (row.low, row.high, row.n) for row in turned
    ]
    assert [row.true for row in rows] == pytest.approx([row.true for row in turned])
    assert sum(row.n for row in rows) == len(pairs)
    assert all(row.low <= row.claimed + 1e-9 and row.claimed <= row.high + 1e-9 for row in rows)
    assert len(rows) <= bins


@given(PAIRS, st.integers(1, 12))
def test_the_error_against_its_definition(pairs: list[tuple[int, bool]], bins: int) -> None:
    claimed = np.array([score / 20 for score, _ in pairs])
    true = np.array([outcome for _, outcome in pairs], float)
    expected = 0.0
    for number in range(bins):
        place = np.minimum(np.floor(claimed * bins), bins - 1) == number
        if place.any():
            expected += place.mean() * abs(claimed[place].mean() - true[place].mean())
    assert expected_calibration_error(claimed, true, bins=bins) == pytest.approx(expected)


def test_calibrated_claims_have_no_error_and_a_brier_score() -> None:
    claimed = [0.25] * 4 + [0.75] * 4
    true = [1, 0, 0, 0, 1, 1, 1, 0]
    assert expected_calibration_error(claimed, true) == 0
    assert expected_calibration_error(claimed, true, by="mass", bins=2) == 0
    assert brier(claimed, true) == pytest.approx(0.1875)


def test_bins_of_the_same_mass() -> None:
    claimed = [0.01, 0.02, 0.03, 0.04, 0.9, 0.95]
    rows = reliability(claimed, [0, 0, 0, 1, 1, 1], bins=3, by="mass")
    assert [row.n for row in rows] == [2, 2, 2]
    assert (rows[2].low, rows[2].high) == (0.9, 0.95)


@given(PAIRS)
def test_isotonic_is_the_min_max_of_means(pairs: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in pairs], float)
    true = np.array([outcome for _, outcome in pairs], float)
    fitted = fit_isotonic(scores, true)
    levels = np.unique(scores)
    for at in levels:
        expected = max(
            min(true[(scores >= low) & (scores <= high)].mean() for high in levels if high >= at)
            for low in levels
            if low <= at
        )
        assert float(fitted(at)) == pytest.approx(expected)


@given(PAIRS)
def test_isotonic_rises_keeps_the_mean_and_is_calibrated_where_it_was_fitted(
    pairs: list[tuple[int, bool]],
) -> None:
    scores, true = [score for score, _ in pairs], [outcome for _, outcome in pairs]
    fitted = fit_isotonic(scores, true)
    given_ = fitted(scores)
    assert (np.diff(fitted(np.arange(-3, 25))) >= 0).all()
    assert given_.mean() == pytest.approx(np.mean(true))
    again = fit_isotonic(scores, true, weights=[2.5] * len(pairs))
    assert again(scores) == pytest.approx(given_)


def test_isotonic_weights_count_like_repeats() -> None:
    scores, true = [1, 2, 3], [1, 0, 1]
    weighted = fit_isotonic(scores, true, weights=[1, 3, 1])
    repeated = fit_isotonic([1, 2, 2, 2, 3], [1, 0, 0, 0, 1])
    assert weighted(scores) == pytest.approx(repeated(scores))
    assert weighted(1) == 0.25


@given(PAIRS)
def test_platt_finds_the_least_cross_entropy(pairs: list[tuple[int, bool]]) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    scores = np.array([score for score, _ in pairs], float)
    true = np.array([outcome for _, outcome in pairs], float)
    positive, negative = true.sum(), (1 - true).sum()
    target = np.where(true == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))

    def loss(weights: np.ndarray) -> float:
        sums = weights[0] * (scores - 10) / 6 + weights[1]
        return float(np.sum(np.logaddexp(0, sums) - target * sums))

    best = optimize.minimize(loss, [0.0, 0.0], method="BFGS", options={"gtol": 1e-8})
    found = fit_platt(scores, true)
    mine = loss(np.array([found.slope * 6, found.offset + found.slope * 10]))
    assert mine <= best.fun + 1e-6


@given(PAIRS, st.floats(0.01, 50), st.floats(-100, 100))
def test_platt_knows_no_unit(pairs: list[tuple[int, bool]], scale: float, shift: float) -> None:
    scores, true = np.array([score for score, _ in pairs], float), [out for _, out in pairs]
    plain, moved = fit_platt(scores, true), fit_platt(scores * scale + shift, true)
    assert moved(scores * scale + shift) == pytest.approx(plain(scores), abs=1e-5)


def test_platt_stays_finite_where_scores_separate() -> None:
    found = fit_platt([0, 1, 10, 11], [0, 0, 1, 1])
    assert 0 < float(found(0)) < 0.3 and 0.7 < float(found(11)) < 1
    assert np.isfinite(found([-1e9, 1e9])).all()


def test_maps_are_values_of_any_shape() -> None:
    assert Platt(1.0, 0.0)(np.zeros((2, 3))).tolist() == [[0.5] * 3] * 2
    assert Isotonic((0.0, 2.0), (0.1, 0.4))(np.array([-5, 1, 9])).tolist() == [0.1, 0.25, 0.4]
    assert fit_platt([1, 2], [0, 1]) == fit_platt([1, 2], [0, 1])


def test_fitting_lowers_the_error_elsewhere() -> None:
    draw = np.random.default_rng(0)
    scores = draw.normal(0, 2, 4000)
    true = draw.random(4000) < 1 / (1 + np.exp(-(1.5 * scores - 1)))
    raw = np.clip(scores / 8 + 0.5, 0, 1)
    half = slice(0, 2000), slice(2000, None)
    before = expected_calibration_error(raw[half[1]], true[half[1]])
    for fit in (fit_platt, fit_isotonic):
        calibrated = fit(scores[half[0]], true[half[0]])
        after = expected_calibration_error(calibrated(scores[half[1]]), true[half[1]])
        assert after < 0.03 < before


def test_what_cannot_be_used_is_said() -> None:
    with pytest.raises(InputError, match="do not pair"):
        brier([0.5], [1, 0])
    with pytest.raises(InputError, match="neither 0 nor 1"):
        brier([0.5], [2])
    with pytest.raises(InputError, match="outside"):
        expected_calibration_error([1.5], [1])
    with pytest.raises(InputError, match="bins=0"):
        reliability([0.5], [1], bins=0)
    with pytest.raises(InputError, match="not finite"):
        fit_platt([float("inf")], [1])
    with pytest.raises(InputError, match="weights do not fit"):
        fit_isotonic([1, 2], [0, 1], weights=[1, -1])


def test_platt_of_scores_that_are_all_alike_is_their_share() -> None:
    # Three times 43.40677... has a deviation of 7e-15, which was once taken for a spread.
    score = 2 * 21.0 + 1.4067716543600426
    found = fit_platt([score] * 3, [0, 0, 1])
    assert found([score]) == pytest.approx([7 / 18])  # the mean of 1/4, 1/4 and 2/3
