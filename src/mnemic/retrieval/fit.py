"""Labelled questions → weights: a ranker is learned, calibrated, and judged on the unseen.

Weights maximise the chance that a row which holds the answer is preferred to the candidates that do
not (a softmax over each question's candidates, one positive at a time; Cao et al. 2007, "Learning
to rank: from pairwise approach to listwise approach"), with a Gaussian prior around the weights
that one starts from. The problem is concave, so Newton's method finds the one answer in a few
steps. The odds are a logistic regression over the best candidates, from sums that each question got
from weights fitted without its conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnemic.core.ports import Mask
from mnemic.core.vectors import Floats
from mnemic.retrieval.rank import probabilities, total
from mnemic.retrieval.weights import Odds, Ranker

_Matrix = NDArray[np.float64]

_STEPS = 30
_CLOSE = 1e-6
_LOOKED_AT = 20
"""Candidates of each question, best first, that the odds are fitted on and judged by."""
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one question, and which of them hold the answer."""

    values: Mapping[str, Floats]
    """Feature → values (candidates,)."""
    relevant: Mask
    """(candidates,); all false where nothing answers the question."""
    evidence: int
    """Records that hold the answer, those that are no candidates included."""
    group: str
    """The conversation, or whatever must not be split between fitting and judging."""
    weight: float = 1.0


def learn(
    examples: Sequence[Example],
    names: Sequence[str],
    start: Mapping[str, float] | None = None,
    strength: float = 30.0,
    near: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Weights for the features `names`; those that never vary keep what they start from.

    `start` are the weights that the prior is centred on (0 where missing); `strength` says how many
    questions it is worth, in units of each feature's spread. `near` is where the search begins: a
    good guess saves time, and changes nothing else.
    """
    start = start or {}
    lists = [
        (_matrix(one, names), one.relevant, one.weight)
        for one in examples
        if one.relevant.any() and not one.relevant.all()
    ]
    centre = np.array([start.get(name, 0.0) for name in names])
    if not lists:
        return dict(zip(names, centre.tolist(), strict=True))
    spread = np.sqrt(_mean([values.var(axis=0) for values, _, _ in lists]))
    scale = np.where(spread > _CLOSE, spread, 1.0)
    lists = [(values / scale, relevant, weight) for values, relevant, weight in lists]
    centre = centre * scale
    weights = centre.copy()
    if near is not None:
        weights = np.array([near.get(name, 0.0) for name in names]) * scale
    gain, slope, curve = _listwise(lists, weights, centre, strength)
    for _ in range(_STEPS):
        step = np.linalg.solve(curve, slope)
        share = 1.0
        while True:
            there = _listwise(lists, weights + share * step, centre, strength)
            if there[0] >= gain or share < _CLOSE:
                break
            share /= 2
        better = there[0] - gain
        if better > 0:
            weights = weights + share * step
            gain, slope, curve = there
        if better < _CLOSE * abs(gain):
            break
    return dict(zip(names, (weights / scale).tolist(), strict=True))


def _matrix(example: Example, names: Sequence[str]) -> _Matrix:
    nothing = np.zeros(len(example.relevant))
    return np.stack([example.values.get(name, nothing) for name in names], axis=1, dtype=np.float64)


def _mean(arrays: Sequence[_Matrix]) -> _Matrix:
    mean: _Matrix = np.mean(np.stack(arrays), axis=0)
    return mean


def _listwise(
    lists: Sequence[tuple[_Matrix, Mask, float]], weights: _Matrix, centre: _Matrix, strength: float
) -> tuple[float, _Matrix, _Matrix]:
    """The log likelihood with its prior, its gradient, and minus its Hessian."""
    off = weights - centre
    gain = -0.5 * strength * float(off @ off)
    slope: _Matrix = -strength * off
    curve: _Matrix = strength * np.eye(len(weights))
    for values, relevant, share in lists:
        sums = values @ weights
        wrong, low = values[~relevant], sums[~relevant]
        against = np.exp(low - low.max())
        mass = float(against.sum())  # 1 at least
        level = float(low.max()) + np.log(mass)
        mean = against @ wrong / mass
        second = (wrong * against[:, None]).T @ wrong / mass
        right = values[relevant] - mean
        likely = -np.logaddexp(0, level - sums[relevant])
        chance = np.exp(likely)
        each = share / len(right)
        unsure = each * (1 - chance)
        gain += each * float(likely.sum())
        slope += unsure @ right
        # the covariance of the mixture of each of them with those that are wrong
        curve += float(unsure.sum()) * (second - np.outer(mean, mean))
        curve += (right * (unsure * chance)[:, None]).T @ right
    return gain, slope, curve


def folds(examples: Sequence[Example], count: int) -> list[tuple[list[int], list[int]]]:
    """(to fit on, to judge by) `count` times, as places in `examples`; groups stay together."""
    groups = list(dict.fromkeys(one.group for one in examples))
    count = max(2, min(count, len(groups)))
    where = {group: place % count for place, group in enumerate(groups)}
    return [
        (
            [place for place, one in enumerate(examples) if where[one.group] != fold],
            [place for place, one in enumerate(examples) if where[one.group] == fold],
        )
        for fold in range(count)
    ]


def sums_unseen(
    examples: Sequence[Example],
    names: Sequence[str],
    start: Mapping[str, float] | None = None,
    strength: float = 30.0,
    count: int = 5,
) -> list[Floats]:
    """What each question's candidates score by weights fitted without its group."""
    sums: list[Floats] = [np.zeros(0, np.float32)] * len(examples)
    for seen, unseen in folds(examples, count):
        ranker = Ranker(learn([examples[place] for place in seen], names, start, strength))
        for place in unseen:
            one = examples[place]
            sums[place] = total(dict(one.values), ranker, len(one.relevant))
    return sums


def fit_odds(examples: Sequence[Example], sums: Sequence[Floats]) -> Odds:
    """The odds that go with sums: a logistic regression over each question's best candidates."""
    told = [
        (_signals(values), one.relevant[order], np.full(len(order), one.weight))
        for one, every in zip(examples, sums, strict=True)
        if len(every)
        for order in (np.argsort(-every, kind="stable")[:_LOOKED_AT],)
        for values in ((every, order),)
    ]
    if not told:
        return Odds()
    signals = np.concatenate([signal for signal, _, _ in told])
    right = np.concatenate([relevant for _, relevant, _ in told]).astype(np.float64)
    weight = np.concatenate([each for _, _, each in told])
    if not 0 < right.sum() < len(right):
        return Odds()
    middle, scale = signals[:, 1:].mean(axis=0), signals[:, 1:].std(axis=0)
    scale = np.where(scale > _CLOSE, scale, 1.0)
    design = np.concatenate((signals[:, :1], (signals[:, 1:] - middle) / scale), axis=1)
    found = _logistic(design, right, weight)
    slopes = found[1:] / scale
    # A larger sum may never be less likely; where the data say so, the sum says nothing.
    return Odds(
        bias=float(found[0] - slopes @ middle),
        sum=max(float(slopes[0]), _CLOSE),
        best=float(slopes[1]),
        tenth=float(slopes[2]),
    )


def _signals(told: tuple[Floats, NDArray[np.intp]]) -> _Matrix:
    every, order = told
    best = every[order].astype(np.float64)
    tenth = best[min(10, len(best)) - 1]
    ones = np.ones(len(best))
    return np.stack((ones, best, ones * best[0], ones * tenth), axis=1)


def _logistic(design: _Matrix, right: _Matrix, weight: _Matrix) -> _Matrix:
    """Weights of a logistic regression with a touch of ridge, by Newton's method."""
    found: _Matrix = np.zeros(design.shape[1])
    ridge = _RIDGE * np.eye(len(found))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (weight * (right - chance)) - ridge @ found
        curve = (design * (weight * chance * (1 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(curve, slope)
        found = found + np.clip(step, -5, 5)
        if np.abs(step).max() < _CLOSE:
            break
    return found


def recall_at(examples: Sequence[Example], sums: Sequence[Floats], cut: int) -> NDArray[np.float64]:
    """The share of each question's evidence among its best `cut`; no evidence, no value."""
    return np.array(
        [
            one.relevant[np.argsort(-every, kind="stable")[:cut]].sum() / one.evidence
            for one, every in zip(examples, sums, strict=True)
            if one.evidence
        ]
    )


def chances(
    examples: Sequence[Example], sums: Sequence[Floats], odds: Odds, cut: int = 10
) -> tuple[Floats, Mask]:
    """What the best `cut` of each question were given, and whether they held the answer."""
    told, held = [np.zeros(0, np.float32)], [np.zeros(0, np.bool_)]
    for one, every in zip(examples, sums, strict=True):
        order = np.argsort(-every, kind="stable")[:cut]
        told.append(probabilities(every, odds)[order])
        held.append(one.relevant[order])
    return np.concatenate(told), np.concatenate(held)
