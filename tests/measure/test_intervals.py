from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.measure import intervals
from mnemic.measure.intervals import (
    benjamini_hochberg,
    bootstrap_difference,
    bootstrap_mean,
    holm,
    two_sided_p,
)

VALUES = st.lists(st.floats(-5, 5), min_size=1, max_size=30)
PS = st.lists(st.floats(0, 1), min_size=0, max_size=12)


@given(VALUES)
def test_the_ends_lie_within_the_values_and_around_the_mean_of_means(values: list[float]) -> None:
    found = bootstrap_mean(values, seed=3, resamples=200)
    assert found.mean == pytest.approx(np.mean(values))
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found.n == len(values)


def test_the_interval_is_that_of_the_normal_law_where_it_should_be() -> None:
    values = np.random.default_rng(1).normal(2, 3, 400)
    found = bootstrap_mean(values, seed=0, resamples=4000)
    reach = 1.96 * values.std() / 20
    assert found.low == pytest.approx(values.mean() - reach, abs=0.03)
    assert found.high == pytest.approx(values.mean() + reach, abs=0.03)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    draw = np.random.default_rng(2)
    held = 0
    for _ in range(300):
        found = bootstrap_mean(draw.random(40) < 0.4, seed=0, resamples=400, level=0.9)
        held += found.low <= 0.4 <= found.high
    assert 0.84 <= held / 300 <= 0.94


def test_a_seed_gives_the_same_ends_whatever_is_held_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.arange(17.0)
    whole = bootstrap_mean(values, seed=5, resamples=300)
    monkeypatch.setattr(intervals, "_BLOCK", 40)
    assert bootstrap_mean(values, seed=5, resamples=300) == whole
    assert bootstrap_mean(values, seed=6, resamples=300) != whole


@given(VALUES)
def test_clusters_of_one_are_no_clusters(values: list[float]) -> None:
    plain = bootstrap_mean(values, seed=0, resamples=100)
    alone = bootstrap_mean(values, seed=0, resamples=100, clusters=range(len(values)))
    assert alone.low == pytest.approx(plain.low)
    assert alone.high == pytest.approx(plain.high)


def test_questions_that_move_together_widen_the_interval() -> None:
    values = [1.0] * 50 + [0.0] * 50 + [1.0] * 50 + [0.0] * 50
    clusters = [place // 50 for place in range(200)]
    plain = bootstrap_mean(values, seed=0)
    wide = bootstrap_mean(values, seed=0, clusters=clusters)
    assert wide.mean == plain.mean == 0.5
    assert (wide.low, wide.high) == (0.0, 1.0)
    assert plain.high - plain.low < 0.16


def test_a_cluster_counts_by_its_size() -> None:
    found = bootstrap_mean([1, 1, 1, 0], seed=0, clusters=["a", "a", "a", "b"])
    assert found.mean == 0.75  # not the mean of the clusters' means, 0.5
    assert {found.low, found.high} == {0.0, 1.0}


@given(VALUES)
def test_a_difference_turns_round_with_its_systems(values: list[float]) -> None:
    other = [value + (place % 3 - 1) for place, value in enumerate(values)]
    there = bootstrap_difference(values, other, seed=0, resamples=200)
    back = bootstrap_difference(other, values, seed=0, resamples=200)
    assert there.mean == pytest.approx(-back.mean, abs=1e-9)
    assert there.low == pytest.approx(-back.high, abs=1e-9)
    assert there.p == back.p


@given(VALUES)
def test_no_difference_is_no_effect(values: list[float]) -> None:
    same = bootstrap_difference(values, values, seed=0, resamples=100)
    assert (same.mean, same.low, same.high, same.p) == (0, 0, 0, 1)


@given(st.lists(st.integers(-3, 4), min_size=8, max_size=30))
def test_p_and_interval_say_the_same(gains: list[int]) -> None:
    found = bootstrap_difference([0] * len(gains), gains, seed=0, resamples=999)
    if found.p < 0.04:
        assert not found.low <= 0 <= found.high
    if found.p > 0.06:
        assert found.low <= 0 <= found.high


def test_pairs_tell_more_than_two_groups() -> None:
    draw = np.random.default_rng(0)
    easy = draw.random(200)
    first, second = easy, easy + 0.02 + draw.normal(0, 0.02, 200)
    assert bootstrap_difference(first, second, seed=0).p < 0.002
    alone = bootstrap_mean(second, seed=0)
    assert alone.low < first.mean() < alone.high


def test_rounding_is_no_effect() -> None:
    found = bootstrap_difference([0.3, 0.3], [0.1 + 0.2, 0.3], seed=0, resamples=50)
    assert found.p == 1


def test_p_is_never_zero() -> None:
    assert two_sided_p([1.0] * 999) == pytest.approx(2 / 1000)


@given(PS)
def test_adjusted_p_values_against_their_definitions(ps: list[float]) -> None:
    rising, count = sorted(ps), len(ps)
    raised = [min(1, (count - rank) * p) for rank, p in enumerate(rising)]
    stepped = [max(raised[: rank + 1]) for rank in range(count)]
    assert sorted(holm(ps)) == pytest.approx(stepped)
    shared = [min(1, count / rank * p) for rank, p in enumerate(rising, 1)]
    assert sorted(benjamini_hochberg(ps)) == pytest.approx(
        [min(shared[rank:]) for rank in range(count)]
    )


@pytest.mark.slow  # to import the reference takes longer than all the other tests of this file
@given(PS.filter(bool))
def test_adjusted_p_values_agree_with_statsmodels(ps: list[float]) -> None:
    multiple = pytest.importorskip("statsmodels.stats.multitest")
    assert holm(ps) == pytest.approx(multiple.multipletests(ps, method="holm")[1])
    found = benjamini_hochberg(ps)
    assert found == pytest.approx(multiple.multipletests(ps, method="fdr_bh")[1])


@given(PS)
def test_adjusting_raises_and_keeps_the_order(ps: list[float]) -> None:
    for adjusted in (holm(ps), benjamini_hochberg(ps)):
        assert all(p <= after <= 1 for p, after in zip(ps, adjusted, strict=True))
        order = np.argsort(ps, kind="stable")
        assert list(np.array(adjusted)[order]) == sorted(adjusted)
    assert all(b <= h + 1e-12 for b, h in zip(benjamini_hochberg(ps), holm(ps), strict=True))


def test_what_cannot_be_used_is_said() -> None:
    with pytest.raises(InputError, match=r"shape \(0,\)"):
        bootstrap_mean([], seed=0)
    with pytest.raises(InputError, match=r"value 1 is nan\. Leave out"):
        bootstrap_mean([1, float("nan")], seed=0)
    with pytest.raises(InputError, match="2 and 1 values cannot be paired"):
        bootstrap_difference([1, 2], [1], seed=0)
    with pytest.raises(InputError, match="2 values have 1 clusters"):
        bootstrap_mean([1, 2], seed=0, clusters=["a"])
    with pytest.raises(InputError, match="resamples=0"):
        bootstrap_mean([1, 2], seed=0, resamples=0)
    with pytest.raises(InputError, match="no p value"):
        holm([0.5, 1.5])
