"""The program that judges the rankers counts rightly, and judges nothing by what it was taught."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnemic.retrieval.fit import Example, learn
from mnemic.retrieval.weights import FEATURES, JUDGED

FOLDER = Path(__file__).parent.parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def ranking() -> Any:
    before = list(sys.path)
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module("ranking")
    finally:
        sys.path[:] = before


def one(values: list[float], right: list[int], group: str, evidence: int = 0) -> Example:
    relevant = np.isin(np.arange(len(values)), right)
    columns = {"turn": np.array(values, np.float32)}
    return Example(columns, relevant, evidence or len(right), group)


def test_every_learned_feature_is_in_one_group(ranking: Any) -> None:
    every = [name for group in ranking.GROUPS.values() for name in group]
    assert sorted(every) == sorted(set(FEATURES) - set(JUDGED))


def test_measures_of_a_ranking(ranking: Any) -> None:
    # Of three pieces of evidence one is no candidate, one is second, one is twelfth.
    example = one([float(-place) for place in range(20)], [1, 11], "a", evidence=3)
    found = ranking.measured(example, example.values["turn"])
    assert found.tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3, 1 / 2, 0])
    all_there = one([3.0, 2.0, 1.0], [0, 1], "a")
    assert ranking.measured(all_there, all_there.values["turn"])[-1] == 1


def test_a_group_is_judged_by_weights_that_never_saw_it(ranking: Any) -> None:
    # In one group large values are right, in the other small ones.
    large = [one([1.0, 0.0, 0.5], [0], "large") for _ in range(40)]
    small = [one([1.0, 0.0, 0.5], [1], "small") for _ in range(40)]
    every = large + small
    keys = [(example.group, str(place)) for place, example in enumerate(every)]
    found = ranking.left_out(keys, every, ["turn"], start={}, strength=1.0, count=2)
    assert all(sums[0] < sums[1] for sums in found.sums[:40])
    assert all(sums[0] > sums[1] for sums in found.sums[40:])
    assert learn(large, ["turn"], {}, 1.0)["turn"] > 0


def test_a_gain_is_in_points_and_only_where_the_ranker_answers(ranking: Any) -> None:
    full = {("a", str(at)): np.array([1.0, 1.0, 1.0, 1.0, 1.0]) for at in range(4)}
    less = {key: value * 0.5 for key, value in full.items()}
    groups = {"a": list(full), "b": [("b", "1"), ("b", "2"), ("b", "3")]}
    told = ranking.gains(full, less, groups)
    assert told == {"a": {"gain": 50.0, "low": 50.0, "high": 50.0, "n": 4}}
