from __future__ import annotations

from itertools import pairwise
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.measure.cost import Point, frontier, lafs, lafs_gain

POINTS = st.lists(
    st.builds(Point, st.floats(0, 400), st.integers(0, 100).map(float)), min_size=0, max_size=8
)

# Accuracy and seconds that LongMemEval-V2 (2026) publishes: RAG, AgentRunbook-R, Codex and
# AgentRunbook-C, on its small and its medium tier.
SMALL = [Point(0.2, 51.0), Point(26.9, 58.6), Point(177.2, 69.9), Point(108.3, 74.9)]
MEDIUM = [Point(0.3, 45.9), Point(25.8, 57.0), Point(185.8, 68.7), Point(139.9, 70.1)]


def test_the_published_points() -> None:
    assert lafs(SMALL) == pytest.approx(55.8, abs=0.05)
    assert lafs(MEDIUM) == pytest.approx(51.1, abs=0.05)


@given(POINTS)
def test_against_the_integral(points: list[Point]) -> None:
    steps = np.linspace(log(1), log(200), 4001)
    middles = [exp((low + high) / 2) for low, high in pairwise(steps)]
    best = [max([p.accuracy for p in points if p.seconds <= t], default=0.0) for t in middles]
    assert lafs(points) == pytest.approx(np.mean(best), abs=0.5)


@given(POINTS, POINTS)
def test_more_points_never_hurt_and_beaten_ones_are_nothing(
    points: list[Point], more: list[Point]
) -> None:
    assert lafs_gain(points, more) >= 0
    assert lafs(points) == pytest.approx(lafs(frontier(points)))
    assert lafs([*points, *more]) == pytest.approx(lafs(points) + lafs_gain(points, more))


@given(POINTS)
def test_the_frontier_rises_and_beats_all(points: list[Point]) -> None:
    best = frontier(points)
    for before, after in pairwise(best):
        assert before.seconds < after.seconds and before.accuracy < after.accuracy
    for point in points:
        assert any(b.seconds <= point.seconds and b.accuracy >= point.accuracy for b in best)


def test_what_cannot_be_used_is_said() -> None:
    with pytest.raises(InputError, match="has no width"):
        lafs(SMALL, shortest=10, longest=10)
    with pytest.raises(InputError, match="no operating point"):
        frontier([Point(-1, 50)])
    assert lafs([]) == 0
