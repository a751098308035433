"""Cosines and pooled cosines equal those of vectors that are pooled for real."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.ports import Row
from mnemic.core.vectors import Floats, dequantise, quantise, unit
from mnemic.index.columns import PartitionColumns
from mnemic.index.exact import MISSING, Exact, Passages

SIZE = 5
COUNTS = st.lists(st.integers(0, 3), max_size=20)
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "query"]), st.integers(0, 30), st.integers(0, 3)),
    max_size=20,
)


def vectors(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    draws = np.random.default_rng(seed).standard_normal((count, SIZE)).astype(np.float32)
    return quantise(unit(draws))


def query(seed: int = 7) -> Floats:
    return unit(np.random.default_rng(seed).standard_normal((1, SIZE)).astype(np.float32))[0]


def together(parts: dict[int, tuple[np.ndarray, np.ndarray]]) -> Passages:
    keys = [key for key, (codes, _) in parts.items() for _ in range(len(codes))]
    codes = np.concatenate([np.zeros((0, SIZE), np.int8), *(codes for codes, _ in parts.values())])
    scales = np.concatenate([np.zeros(0, np.float32), *(scales for _, scales in parts.values())])
    return Passages(np.array(keys, np.int64), codes, scales)


def direction(part: tuple[np.ndarray, np.ndarray] | None) -> Floats:
    if part is None or not len(part[0]):
        return np.zeros(SIZE, np.float32)
    return unit(dequantise(*part).sum(axis=0)[None])[0]


def compare(
    columns: PartitionColumns, index: Exact, parts: dict[int, tuple[np.ndarray, np.ndarray]]
) -> None:
    asked = query()
    best, pooled = index.cosine(asked), index.cosine_pooled(asked, 0.25)
    for place in np.flatnonzero(columns.alive):
        part = parts[int(columns.keys[place])]
        if not len(part[0]):
            assert best[place] == pooled[place] == MISSING
            continue
        assert best[place] == pytest.approx(float((dequantise(*part) @ asked).max()), abs=1e-5)
        around = [columns.previous[place], columns.following[place]]
        sum_of = direction(part) + sum(
            0.25 * direction(parts[int(columns.keys[other])]) for other in around if other >= 0
        )
        expected = float(unit(sum_of[None])[0] @ asked)
        assert pooled[place] == pytest.approx(expected, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(COUNTS, STEPS)
def test_scores_are_those_of_real_vectors(
    loaded: list[int], steps: list[tuple[str, int, int]]
) -> None:
    parts = {key: vectors(key, count) for key, count in enumerate(loaded)}
    columns = PartitionColumns([Row(key, "", "turn", f"s{key % 2}", key) for key in parts])
    index = Exact(columns, SIZE)
    index.extend(together(parts))
    for number, (step, place, count) in enumerate(steps, 100):
        if step == "add":
            parts[number] = vectors(number, count)
            columns.append(Row(number, "", "turn", f"s{place % 2}", place))
            index.append(*parts[number])
        elif step == "remove" and columns.living:
            key = sorted(int(key) for key in columns.keys[columns.alive])[place % columns.living]
            columns.remove(key)
        else:
            compare(columns, index, parts)
    compare(columns, index, parts)


def test_passages_come_in_any_order_and_strangers_are_left() -> None:
    parts = {key: vectors(key, 1 + key % 2) for key in (5, 3, 9)}
    columns = PartitionColumns([Row(key, "", "turn", "s", 0) for key in (3, 5, 9)])
    index = Exact(columns, SIZE)
    index.extend(together({**parts, 77: vectors(77, 2)}))
    compare(columns, index, parts)


def test_a_scan_in_blocks_is_one_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnemic.index.exact._BLOCK_NUMBERS", 3 * SIZE)
    monkeypatch.setattr("mnemic.index.exact._BLOCK_ROWS", 4)
    parts = {key: vectors(key, 1) for key in range(17)}
    columns = PartitionColumns([Row(key, "", "turn", "s", key) for key in parts])
    index = Exact(columns, SIZE)
    index.extend(together(parts))
    compare(columns, index, parts)


def test_zero_vectors_are_as_good_as_none() -> None:
    parts = {1: vectors(1, 1), 2: quantise(np.zeros((1, SIZE), np.float32))}
    columns = PartitionColumns([Row(key, "", "turn", "s", key) for key in parts])
    index = Exact(columns, SIZE)
    index.extend(together(parts))
    assert index.cosine(query())[1] == MISSING
    assert index.cosine_pooled(query())[1] == MISSING
    alone = float(dequantise(*parts[1])[0] @ query())
    assert index.cosine_pooled(query())[0] == pytest.approx(alone, abs=1e-2)


def test_nothing_is_found_where_nothing_is() -> None:
    index = Exact(PartitionColumns(), SIZE)
    index.extend(Passages.none(SIZE))
    assert index.cosine(query()).shape == index.cosine_pooled(query()).shape == (0,)


def test_another_query_is_another_scan() -> None:
    parts = {key: vectors(key, 1) for key in range(3)}
    columns = PartitionColumns([Row(key, "", "turn", None, key) for key in parts])
    index = Exact(columns, SIZE)
    index.extend(together(parts))
    first = index.cosine(query(1))
    assert not np.allclose(first, index.cosine(query(2)))
    assert np.array_equal(first, index.cosine(query(1)))
