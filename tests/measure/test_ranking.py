from __future__ import annotations

from collections.abc import Callable
from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.measure import ranking

IDS = st.sampled_from("abcdefghij")
RANKINGS = st.permutations("abcdefghij").flatmap(
    lambda ids: st.integers(0, 10).map(lambda n: list(ids[:n]))
)
GOLD = st.sets(IDS, min_size=1)
CUTS = st.integers(1, 12)
MEASURES = (
    ranking.recall_at,
    ranking.recall_capped_at,
    ranking.any_at,
    ranking.all_at,
    ranking.precision_at,
    ranking.reciprocal_rank,
    ranking.average_precision,
    ranking.ndcg_at,
    ranking.ndcg_longmemeval,
)


@given(RANKINGS, GOLD, CUTS)
def test_against_the_definitions(found: list[str], gold: set[str], k: int) -> None:
    gains = [float(id in gold) for id in found[:k]]
    hits = sum(gains)
    assert ranking.recall_at(found, gold, k) == hits / len(gold)
    assert ranking.recall_capped_at(found, gold, k) == hits / min(k, len(gold))
    assert ranking.precision_at(found, gold, k) == hits / k
    assert ranking.any_at(found, gold, k) == float(hits > 0)
    assert ranking.all_at(found, gold, k) == float(gold <= set(found[:k]))
    first = gains.index(1) + 1 if hits else 0
    assert ranking.reciprocal_rank(found, gold, k) == (1 / first if first else 0)
    precisions = [sum(gains[: at + 1]) / (at + 1) for at, gain in enumerate(gains) if gain]
    assert ranking.average_precision(found, gold, k) == pytest.approx(sum(precisions) / len(gold))
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(gold)) + 1))
    gained = sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))
    assert ranking.ndcg_at(found, gold, k) == pytest.approx(gained / ideal)


@given(RANKINGS, GOLD, CUTS)
def test_ndcg_of_longmemeval_as_its_paper_writes_it(
    found: list[str], gold: set[str], k: int
) -> None:
    def dcg(gains: list[float]) -> float:
        return float(gains[0] + sum(g / log2(rank) for rank, g in enumerate(gains[1:], 2)))

    gains = [float(id in gold) for id in found[:k]] or [0.0]
    ideal = [1.0] * min(k, len(gold))
    assert ranking.ndcg_longmemeval(found, gold, k) == pytest.approx(dcg(gains) / dcg(ideal))


@given(RANKINGS, GOLD, CUTS)
def test_all_lie_between_nothing_found_and_the_gold_first(
    found: list[str], gold: set[str], k: int
) -> None:
    for measure in MEASURES:
        best = measure([*gold, "x"], gold, k)
        assert measure(["x", "y"], gold, k) == 0
        assert 0 <= measure(found, gold, k) <= best + 1e-12
        assert best <= 1 + 1e-12


@given(RANKINGS, GOLD, CUTS)
def test_what_stands_behind_the_cut_is_not_seen(found: list[str], gold: set[str], k: int) -> None:
    for measure in MEASURES:
        assert measure(found, gold, k) == measure(found[:k], gold, k)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_repeat_holds_its_place_and_gains_nothing(measure: Callable[..., float]) -> None:
    repeated = measure(["a", "a", "b"], {"a", "b"}, 3)
    assert repeated == measure(["a", "x", "b"], {"a", "b"}, 3)


@pytest.mark.parametrize("measure", MEASURES)
def test_without_gold_or_places_nothing_can_be_said(measure: Callable[..., float]) -> None:
    with pytest.raises(InputError, match=r"no gold.*Leave such questions out"):
        measure(["a"], set(), 1)
    with pytest.raises(InputError, match=r"cannot be cut at 0\. Give a k of 1 or more"):
        measure(["a"], {"a"}, 0)


def test_a_textbook_example_of_average_precision() -> None:
    # Manning, Raghavan and Schütze (2008), section 8.4: the mean of the precisions at each hit.
    found = ["r1", "n", "r2", "n2", "n3", "r3"]
    expected = np.mean([1 / 1, 2 / 3, 3 / 6, 0])
    assert ranking.average_precision(found, ["r1", "r2", "r3", "r4"]) == pytest.approx(expected)
