"""The shape of vectors: the ends of each scale, and what they do not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.tasks.robustness_geometry import geometry, rank_correlation
from mnemic.core.errors import InputError
from mnemic.core.vectors import unit


def ball(n=4000, size=16, seed=0):
    return unit(np.random.default_rng(seed).normal(size=(n, size)).astype(np.float32))


def test_a_ball_is_isotropic():
    shape = geometry(ball())
    assert abs(shape.mean_cosine) < 0.01
    assert shape.isoscore > 0.97
    assert shape.partition > 0.9
    assert shape.effective_rank > 15.9
    assert shape.spectral_norm == pytest.approx(16**-0.5, rel=0.1)
    assert (shape.size, shape.n) == (16, 4000)


def test_a_line_is_not():
    line = np.zeros((100, 16), np.float32)
    line[:50, 0], line[50:, 0] = 1, -1
    shape = geometry(line)
    assert shape.isoscore == pytest.approx(0, abs=1e-9)
    assert shape.effective_rank == pytest.approx(1, abs=1e-3)
    assert shape.spectral_norm == pytest.approx(1)


def test_a_cone_raises_the_mean_cosine_and_lowers_the_partition():
    cone = unit(ball() + np.float32(0.5))
    assert geometry(cone).mean_cosine > 0.5
    assert geometry(cone).partition < geometry(ball()).partition


def test_the_mean_cosine_is_that_of_all_pairs():
    rows = ball(30, 5)
    cosines = rows @ rows.T
    pairs = cosines[~np.eye(30, dtype=bool)]
    assert geometry(rows).mean_cosine == pytest.approx(float(pairs.mean()), abs=1e-6)


def test_turning_all_vectors_changes_nothing():
    rows = ball(200, 6, 1) * np.array([3, 2, 1, 1, 1, 1], np.float32)
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(6, 6)))[0].astype(np.float32)
    one, other = geometry(unit(rows)), geometry(unit(rows @ turn))
    assert one.isoscore == pytest.approx(other.isoscore, abs=1e-4)
    assert one.partition == pytest.approx(other.partition, abs=1e-4)
    assert one.effective_rank == pytest.approx(other.effective_rank, abs=1e-3)


def test_rows_without_a_direction_are_left_out():
    assert geometry(np.vstack([ball(50, 4), np.zeros((9, 4), np.float32)])).n == 50
    with pytest.raises(InputError, match="have no geometry"):
        geometry(np.zeros((5, 4), np.float32))


def test_equal_vectors_have_one_direction():
    shape = geometry(np.tile(np.array([[0.6, 0.8]], np.float32), (5, 1)))
    assert shape.mean_cosine == pytest.approx(1)
    assert shape.isoscore == pytest.approx(0, abs=1e-6)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=12))
def test_rank_correlation_knows_order_alone(pairs):
    first, second = zip(*pairs, strict=True)
    value = rank_correlation(first, second)
    assert -1 - 1e-9 <= value <= 1 + 1e-9
    assert value == pytest.approx(rank_correlation(second, first))
    assert value == pytest.approx(rank_correlation([one**3 for one in first], second))
    if len(set(first)) > 1:
        assert rank_correlation(first, first) == pytest.approx(1)


def test_figures_that_do_not_pair():
    with pytest.raises(InputError, match="2 and 3 figures do not pair"):
        rank_correlation([1, 2], [1, 2, 3])
