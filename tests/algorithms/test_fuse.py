from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mnemic.algorithms.fuse import reciprocal_ranks, weighted, z_scores

VALUES = arrays.arrays(np.float32, st.integers(0, 30), elements=st.floats(-100, 100, width=32))


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_z_scores_have_mean_zero_and_spread_one_or_say_nothing(values: np.ndarray) -> None:
    scores = z_scores(values)
    assert scores.shape == values.shape
    assert np.isfinite(scores).all()
    if scores.any():
        assert float(scores.mean()) == pytest.approx(0, abs=1e-2)
        assert float(scores.std()) == pytest.approx(1, abs=1e-2)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.floats(0.5, 50), st.floats(-50, 50))
def test_z_scores_know_no_unit(values: np.ndarray, scale: float, shift: float) -> None:
    if values.size > 1 and values.std() > 0.5:
        moved = (values.astype(np.float64) * scale + shift).astype(np.float32)
        assert np.allclose(z_scores(values), z_scores(moved), atol=1e-2)


def test_rows_outside_neither_count_nor_score() -> None:
    among = np.array([True, False, True, False])
    scores = z_scores(np.array([1, 900, 3, -900], np.float32), among)
    assert scores.tolist() == pytest.approx([-1, 0, 1, 0])
    assert not z_scores(np.array([1, 2], np.float32), np.array([True, False])).any()


def test_a_constant_stands_for_nothing() -> None:
    assert not z_scores(np.full(9, 0.1, np.float32)).any()


def test_a_weighted_sum() -> None:
    ones = np.ones(2, np.float32)
    assert weighted([(2.0, ones), (-0.5, ones)]).tolist() == [1.5, 1.5]


def test_reciprocal_ranks_add_up() -> None:
    scores = reciprocal_ranks([np.array([1, 0]), np.array([1])], rows=3, k=1)
    assert scores.tolist() == pytest.approx([1 / 3, 1.0, 0.0])
