"""How far a mean can be trusted: bootstrap intervals, p values, and p values of several tests.

Percentile bootstrap (Efron 1979): questions are drawn with replacement, the mean is taken, and the
middle 95 % of many such means are the interval. Questions about one conversation resemble each
other, so that the interval over questions speaks of other questions about these conversations; with
`clusters`, whole conversations are drawn, and it speaks of other conversations. That wants many of
them: from fewer than about ten it is too narrow.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnemic.core.errors import InputError

Doubles: TypeAlias = NDArray[np.float64]

_BLOCK = 1 << 21
"""Draws that are held at a time, so that memory does not grow with questions × resamples."""

_ROUNDING = 1e-12
"""A resampled difference this near to 0 is 0: .1 + .2 - .3 must not look like an effect."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its interval."""

    mean: float
    low: float
    high: float
    n: int
    """Values that it is the mean of."""


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The mean of second minus first over pairs, its interval, and its p value."""

    mean: float
    low: float
    high: float
    p: float
    """Two-sided; at least 2 / (resamples + 1), so that more resamples can tell more."""
    n: int


def bootstrap_mean(
    values: ArrayLike,
    *,
    seed: int,
    resamples: int = 2000,
    level: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> Estimate:
    """The mean of values (n,) and its percentile interval.

    `resamples` makes the ends steadier; `level` is the share of means inside; `clusters` names the
    conversation of each value, and draws whole conversations. The same seed gives the same ends.

    Raises InputError for no values, for one that is not finite, and for other sizes than fit.

    >>> bootstrap_mean([0, 1, 1, 1], seed=0)
    Estimate(mean=0.75, low=0.25, high=1.0, n=4)
    """
    numbers = _finite(values)
    means = _means(numbers, seed, resamples, level, clusters)
    low, high = _ends(means, level)
    return Estimate(float(numbers.mean()), low, high, len(numbers))


def bootstrap_difference(
    first: ArrayLike,
    second: ArrayLike,
    *,
    seed: int,
    resamples: int = 2000,
    level: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> PairedDifference:
    """How much better `second` is than `first` on the same n questions, both (n,).

    Pairs are drawn, so that what both find easy or hard cancels out. Parameters and errors as for
    `bootstrap_mean`.

    >>> bootstrap_difference([0, 0, 1, 0], [1, 1, 1, 1], seed=0).mean
    0.75
    """
    before, after = _finite(first), _finite(second)
    if len(before) != len(after):
        raise InputError(
            f"{len(before)} and {len(after)} values cannot be paired. "
            "Give both systems' values for the same questions, in the same order"
        )
    gains = after - before
    means = _means(gains, seed, resamples, level, clusters)
    low, high = _ends(means, level)
    return PairedDifference(float(gains.mean()), low, high, two_sided_p(means), len(gains))


def two_sided_p(means: ArrayLike) -> float:
    """How often resampled differences (resamples,) lie on the rarer side of 0, doubled.

    One more is counted on that side than was seen, so that no p is 0.

    >>> two_sided_p([0.1] * 97 + [-0.1] * 2)
    0.06
    """
    drawn = _finite(means)
    rarer = min(int((drawn <= _ROUNDING).sum()), int((drawn >= -_ROUNDING).sum()))
    return min(1.0, 2 * (rarer + 1) / (len(drawn) + 1))


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted p values that keep the chance of any false alarm below the level; Holm (1979).

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    values = _probabilities(ps)
    order = np.argsort(values, kind="stable")
    raised = values[order] * np.arange(len(values), 0, -1)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1)
    return [float(p) for p in adjusted]


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Adjusted p values that keep the share of false alarms among the alarms below the level.

    Benjamini and Hochberg (1995); for tests that are independent or move together.

    >>> [round(p, 3) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
    [0.03, 0.04, 0.04]
    """
    values = _probabilities(ps)
    order = np.argsort(-values, kind="stable")
    raised = values[order] * (len(values) / np.arange(len(values), 0, -1))
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(np.minimum.accumulate(raised), 1)
    return [float(p) for p in adjusted]


def _means(
    values: Doubles,
    seed: int,
    resamples: int,
    level: float,
    clusters: Sequence[Hashable] | None,
) -> Doubles:
    """The means of `resamples` draws (resamples,)."""
    if resamples < 1 or not 0 < level < 1:
        raise InputError(
            f"resamples={resamples}, level={level}: no interval. "
            "Give at least 1 resample and a level between 0 and 1"
        )
    if clusters is None:
        sums, sizes = values, np.ones(len(values))
    else:
        sums, sizes = _by_cluster(values, clusters)
    units = len(sums)
    draw = np.random.default_rng(seed)
    block = max(1, _BLOCK // units)
    means = []
    for done in range(0, resamples, block):
        drawn = draw.integers(units, size=(min(block, resamples - done), units))
        counts = sizes[drawn].sum(axis=1) if clusters is not None else units
        means.append(sums[drawn].sum(axis=1) / counts)
    return np.concatenate(means)


def _by_cluster(values: Doubles, clusters: Sequence[Hashable]) -> tuple[Doubles, Doubles]:
    """The sum and the number of values of each cluster, in order of first appearance."""
    if len(clusters) != len(values):
        raise InputError(
            f"{len(values)} values have {len(clusters)} clusters. Name one cluster for each value"
        )
    places: dict[Hashable, int] = {}
    member = [places.setdefault(cluster, len(places)) for cluster in clusters]
    sizes = np.bincount(member, weights=np.ones(len(values)))
    sums = np.bincount(member, weights=values)
    return np.asarray(sums, np.float64), np.asarray(sizes, np.float64)


def _ends(means: Doubles, level: float) -> tuple[float, float]:
    """The quantiles that leave `level` of the means between them."""
    outside = (1 - level) / 2
    low, high = np.quantile(means, [outside, 1 - outside])
    return float(low), float(high)


def _finite(values: ArrayLike) -> Doubles:
    """Values as doubles (n,), n ≥ 1."""
    numbers: NDArray[Any] = np.asarray(values, dtype=np.float64)
    if numbers.ndim != 1 or not len(numbers):
        raise InputError(
            f"values of shape {numbers.shape} have no mean here. Give a row of one or more numbers"
        )
    if not np.isfinite(numbers).all():
        wrong = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise InputError(
            f"value {wrong} is {numbers[wrong]}. Leave out questions that have no value"
        )
    return numbers


def _probabilities(ps: Sequence[float]) -> Doubles:
    """p values as doubles (n,); none is allowed."""
    values = np.asarray(ps, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise InputError(f"{list(ps)} holds what is no p value. Give numbers from 0 to 1")
    return values
