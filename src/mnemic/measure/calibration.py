"""Whether a score is a probability, and how one is made of a score.

A calibrated 0.8 is right eight times in ten. The reliability table shows it bin by bin, the
expected calibration error adds up how far the bins are off, the Brier score also asks for
sharpness. `Platt` and `Isotonic` are maps that were fitted; both are small values to be kept in
JSON. Fit on other conversations than you judge on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnemic.core.errors import InputError

Doubles: TypeAlias = NDArray[np.float64]

Binning: TypeAlias = Literal["width", "mass"]
"""Bins of the same width in probability, or of about the same number of values."""

_STEPS = 100
_SMALLEST_STEP = 1e-10


@dataclass(frozen=True, slots=True)
class Bin:
    """A row of the reliability table."""

    low: float
    """The least probability in it (by mass), or its lower edge (by width)."""
    high: float
    claimed: float
    """The mean probability."""
    true: float
    """The share that came true."""
    n: int


def reliability(
    probabilities: ArrayLike, outcomes: ArrayLike, *, bins: int = 10, by: Binning = "width"
) -> tuple[Bin, ...]:
    """What was claimed and what came true, bin by bin; empty bins are left out.

    `probabilities` and `outcomes` (0 or 1) are (n,). By width, a bin holds its lower edge, the last
    one also 1. By mass, equal probabilities share a bin, so that the order of values is nothing.

    Raises InputError for no values, values outside [0, 1], other sizes or fewer than one bin.

    >>> reliability([0.9, 0.8, 0.2], [1, 0, 0], bins=2)[1]
    Bin(low=0.5, high=1.0, claimed=0.8500000000000001, true=0.5, n=2)
    """
    claimed, true = _pairs(probabilities, outcomes)
    if ((claimed < 0) | (claimed > 1)).any():
        raise InputError("probabilities lie outside [0, 1]. Calibrate the scores first")
    if bins < 1:
        raise InputError(f"bins={bins}: nothing to sort into. Give at least 1")
    if by == "width":
        place = np.minimum((claimed * bins).astype(int), bins - 1)
        edges = [(number / bins, (number + 1) / bins) for number in range(bins)]
    else:
        place = _by_mass(claimed, bins)
        groups = [claimed[place == number] for number in range(bins)]
        edges = [(float(g.min()), float(g.max())) if len(g) else (0.0, 0.0) for g in groups]
    rows = []
    for number, (low, high) in enumerate(edges):
        inside = place == number
        count = int(inside.sum())
        if count:
            means = float(claimed[inside].mean()), float(true[inside].mean())
            rows.append(Bin(low, high, *means, count))
    return tuple(rows)


def expected_calibration_error(
    probabilities: ArrayLike, outcomes: ArrayLike, *, bins: int = 10, by: Binning = "width"
) -> float:
    """The mean distance between what was claimed and what came true, bins weighted by size.

    More bins see more and are noisier: with few values even a calibrated score gets more than 0.
    Parameters and errors as for `reliability`. Naeini, Cooper and Hauskrecht (AAAI 2015); by mass:
    Nixon and others (2019, arXiv 1904.01685).

    >>> round(expected_calibration_error([0.9, 0.8, 0.2], [1, 0, 0], bins=2), 4)
    0.3
    """
    rows = reliability(probabilities, outcomes, bins=bins, by=by)
    return sum(row.n * abs(row.claimed - row.true) for row in rows) / sum(row.n for row in rows)


def brier(probabilities: ArrayLike, outcomes: ArrayLike) -> float:
    """The mean squared distance of probability and outcome; 0 is best, 0.25 is always saying 0.5.

    Brier (1950). Raises InputError for no values and for other sizes than fit.

    >>> brier([1.0, 0.5], [1, 0])
    0.125
    """
    claimed, true = _pairs(probabilities, outcomes)
    return float(np.mean((claimed - true) ** 2))


@dataclass(frozen=True, slots=True)
class Platt:
    """score → 1 / (1 + exp(-(slope × score + offset)))."""

    slope: float
    offset: float

    def __call__(self, scores: ArrayLike) -> Doubles:
        """Probabilities for scores of any shape."""
        sums = self.slope * np.asarray(scores, np.float64) + self.offset
        return np.asarray(1 / (1 + np.exp(-np.clip(sums, -700, 700))), np.float64)


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A rising map through points; straight between them, level beyond the ends."""

    scores: tuple[float, ...]
    """Ascending."""
    probabilities: tuple[float, ...]
    """Never falling."""

    def __call__(self, scores: ArrayLike) -> Doubles:
        """Probabilities for scores of any shape."""
        values = np.interp(np.asarray(scores, np.float64), self.scores, self.probabilities)
        return np.asarray(values, np.float64)


def fit_platt(scores: ArrayLike, outcomes: ArrayLike) -> Platt:
    """A logistic map from scores (n,) to the probability that the outcome (n,), 0 or 1, is 1.

    Two parameters: it needs few examples and cannot bend. Targets are drawn a little inwards, so
    that it stays finite where the scores separate the outcomes. Platt (1999); Newton's method with
    step halving as in Lin, Lin and Weng (2007).

    Raises InputError for no values and for other sizes than fit.

    >>> platt = fit_platt([0, 1, 2, 3, 4, 5], [0, 0, 1, 0, 1, 1])
    >>> platt([0, 2.5, 5]).round(2).tolist()
    [0.21, 0.5, 0.79]
    """
    raw, true = _pairs(scores, outcomes)
    level = raw.min() == raw.max()  # its deviation may be a rounding error instead of 0
    middle, spread = (float(raw[0]), 1.0) if level else (float(raw.mean()), float(raw.std()))
    inputs = np.column_stack([(raw - middle) / spread, np.ones(len(raw))])
    positive, negative = float(true.sum()), float(len(true) - true.sum())
    target = np.where(true == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))
    weights = np.array([0.0, np.log((positive + 1) / (negative + 1))])
    loss = _cross_entropy(inputs @ weights, target)
    for _ in range(_STEPS):
        given = 1 / (1 + np.exp(-np.clip(inputs @ weights, -700, 700)))
        slope = inputs.T @ (given - target)
        if np.abs(slope).max() < 1e-9 * len(raw):
            break
        curve = (inputs * (given * (1 - given))[:, None]).T @ inputs + 1e-12 * np.eye(2)
        step, size = np.linalg.solve(curve, slope), 1.0
        while size > _SMALLEST_STEP:
            tried = weights - size * step
            after = _cross_entropy(inputs @ tried, target)
            if after < loss - 1e-4 * size * float(slope @ step):
                break
            size /= 2
        else:
            break
        weights, loss = tried, after
    slope_of_score = float(weights[0]) / spread
    return Platt(slope_of_score, float(weights[1]) - slope_of_score * middle)


def fit_isotonic(
    scores: ArrayLike, outcomes: ArrayLike, *, weights: Sequence[float] | None = None
) -> Isotonic:
    """The rising map with the least squared error, by pooling adjacent violators.

    It bends as the examples want, so that it needs a few hundred. `weights` (n,) make an example
    count more; scores that are equal get one value. Ayer and others (1955).

    Raises InputError for no values, other sizes than fit, or a weight that is not positive.

    >>> fit_isotonic([1, 2, 3, 4], [0, 1, 0, 1]).probabilities
    (0.0, 0.5, 0.5, 1.0)
    """
    raw, true = _pairs(scores, outcomes)
    counted = np.ones(len(raw)) if weights is None else np.asarray(weights, np.float64)
    if counted.shape != raw.shape or not (counted > 0).all() or not np.isfinite(counted).all():
        raise InputError("weights do not fit. Give one positive number for each score")
    at, member = np.unique(raw, return_inverse=True)
    mass = np.bincount(member, weights=counted)
    means = np.bincount(member, weights=counted * true) / mass
    blocks: list[tuple[float, float, int]] = []  # mean, mass, number of scores
    for mean, weight in zip(means.tolist(), mass.tolist(), strict=True):
        block = (mean, weight, 1)
        while blocks and blocks[-1][0] >= block[0]:
            before = blocks.pop()
            together = before[1] + block[1]
            mean = (before[0] * before[1] + block[0] * block[1]) / together
            block = (mean, together, before[2] + block[2])
        blocks.append(block)
    points: list[tuple[float, float]] = []
    first = 0
    for mean, _, count in blocks:
        last = first + count - 1
        points += [(float(at[end]), mean) for end in dict.fromkeys((first, last))]
        first = last + 1
    return Isotonic(tuple(score for score, _ in points), tuple(level for _, level in points))


def _cross_entropy(sums: Doubles, target: Doubles) -> float:
    """The loss of logistic sums (n,) against soft targets (n,)."""
    return float(np.sum(np.logaddexp(0, sums) - target * sums))


def _by_mass(claimed: Doubles, bins: int) -> NDArray[np.int64]:
    """The bin of each value (n,); values that are equal go where the first of them belongs."""
    ordered = np.sort(claimed)
    first = np.searchsorted(ordered, claimed, side="left")
    return np.asarray(first * bins // len(claimed), np.int64)


def _pairs(values: ArrayLike, outcomes: ArrayLike) -> tuple[Doubles, Doubles]:
    """Both as doubles (n,), n ≥ 1, outcomes 0 or 1."""
    first, second = np.asarray(values, np.float64), np.asarray(outcomes, np.float64)
    if first.ndim != 1 or first.shape != second.shape or not len(first):
        raise InputError(
            f"scores of shape {first.shape} and outcomes of shape {second.shape} do not pair. "
            "Give one outcome for each of one or more scores"
        )
    if not np.isfinite(first).all():
        raise InputError("a score is not finite. Leave out what has no score")
    if not np.isin(second, (0.0, 1.0)).all():
        raise InputError("an outcome is neither 0 nor 1. Say for each score whether it was right")
    return first, second
