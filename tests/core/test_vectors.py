"""Vectors: what int8 costs, and that nothing else is lost."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.vectors import EncoderId, Floats, dequantise, quantise, unit


def rows() -> st.SearchStrategy[Floats]:
    numbers = st.floats(-1e6, 1e6, width=32, allow_subnormal=False)
    shapes = st.tuples(st.integers(0, 6), st.integers(1, 8))
    return shapes.flatmap(
        lambda shape: st.lists(
            numbers.map(lambda number: 0.0 if abs(number) < 1e-20 else number),
            min_size=shape[0] * shape[1],
            max_size=shape[0] * shape[1],
        ).map(lambda values: np.array(values, np.float32).reshape(shape))
    )


@given(rows())
def test_a_value_moves_by_half_a_step_at_most(given: Floats) -> None:
    codes, scales = quantise(given)
    assert (codes.dtype, scales.dtype) == (np.dtype(np.int8), np.dtype(np.float32))
    assert (codes.shape, scales.shape) == (given.shape, (len(given),))
    back = dequantise(codes, scales)
    assert back.dtype == np.float32
    assert (np.abs(back - given) <= scales[:, None] * 0.5001).all()


@given(rows())
def test_codes_keep_signs_and_use_their_whole_range(given: Floats) -> None:
    codes, _ = quantise(given)
    assert (codes * np.sign(given) >= 0).all()
    filled = np.abs(given).max(axis=1, initial=0) > 0
    assert (np.abs(codes.astype(int)).max(axis=1, initial=0)[filled] == 127).all()


@given(rows())
def test_quantising_again_changes_nothing(given: Floats) -> None:
    codes, scales = quantise(given)
    again, scales_again = quantise(dequantise(codes, scales))
    assert np.array_equal(again, codes)
    assert np.allclose(scales_again, scales, rtol=1e-6)


@given(rows())
def test_unit_rows_have_length_one_and_zeros_stay(given: Floats) -> None:
    lengths = np.linalg.norm(unit(given), axis=1)
    # Lengths are squared on the way: numbers far below one have none in 32 bits.
    large = np.abs(given).max(axis=1, initial=0) > 1e-15
    assert np.allclose(lengths[large], 1, atol=1e-5)
    assert (unit(np.zeros((2, 3), np.float32)) == 0).all()


def test_cosines_survive() -> None:
    chance = np.random.default_rng(0)
    given = unit(chance.standard_normal((200, 64)).astype(np.float32))
    back = unit(dequantise(*quantise(given)))
    assert np.abs(back @ back.T - given @ given.T).max() < 0.01


def test_an_encoder_prints_what_it_is() -> None:
    assert str(EncoderId("static", "3", "int8", 64)) == "static@3 (64-d int8)"
