"""Accuracy against latency: which operating points are worth having, and one number for all.

LAFS is the latency-accuracy frontier score of LongMemEval-V2 (2026, arXiv 2605.12493): the best
accuracy that is to be had within T seconds, averaged over the logarithm of T. A system that is
never in time adds nothing; one that is quick and poor lifts the frontier where nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, log

from mnemic.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Point:
    """A system at one setting."""

    seconds: float
    """For one question."""
    accuracy: float
    """In any unit; larger is better, and 0 is what a system gets that does not answer."""
    name: str = ""


def frontier(points: Iterable[Point]) -> tuple[Point, ...]:
    """The points that no other beats in both, quickest first; of equals the first stays.

    >>> [p.name for p in frontier([Point(9, 60, "c"), Point(1, 50, "a"), Point(4, 40, "b")])]
    ['a', 'c']
    """
    kept: list[Point] = []
    for point in sorted(_checked(points), key=lambda point: (point.seconds, -point.accuracy)):
        if not kept or point.accuracy > kept[-1].accuracy:
            kept.append(point)
    return tuple(kept)


def lafs(points: Iterable[Point], *, shortest: float = 1.0, longest: float = 200.0) -> float:
    """1 / ln(longest / shortest) × ∫ best accuracy within T seconds d(ln T), in accuracy's unit.

    Raises InputError unless 0 < shortest < longest.

    >>> round(lafs([Point(0.2, 40), Point(10, 80)], shortest=1, longest=100), 9)
    60.0
    """
    if not 0 < shortest < longest:
        raise InputError(
            f"LAFS from {shortest} to {longest} s has no width. Give 0 < shortest < longest"
        )
    best = frontier(points)
    ends = [*(point.seconds for point in best[1:]), longest]
    area = 0.0
    for point, end in zip(best, ends, strict=True) if best else ():
        begin, end = max(point.seconds, shortest), min(end, longest)
        if begin < end and point.accuracy > 0:
            area += point.accuracy * log(end / begin)
    return area / log(longest / shortest)


def lafs_gain(
    fixed: Sequence[Point],
    added: Iterable[Point],
    *,
    shortest: float = 1.0,
    longest: float = 200.0,
) -> float:
    """How much points lift the LAFS of a fixed set of them; never negative.

    >>> round(lafs_gain([Point(1, 50)], [Point(10, 70)], shortest=1, longest=100), 9)
    10.0
    """
    before = lafs(fixed, shortest=shortest, longest=longest)
    return max(0.0, lafs([*fixed, *added], shortest=shortest, longest=longest) - before)


def _checked(points: Iterable[Point]) -> list[Point]:
    """The points; InputError if one is nowhere."""
    listed = list(points)
    for point in listed:
        if not (isfinite(point.seconds) and point.seconds >= 0 and isfinite(point.accuracy)):
            raise InputError(
                f"{point} is no operating point. Give seconds of 0 or more and a finite accuracy"
            )
    return listed
