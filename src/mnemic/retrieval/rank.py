"""Features and weights → order, with the share of each feature in each score.

A linear sum, because it can be read: `shares` add up to it. The score is the probability that the
row holds what was asked for, as calibrated on conversations that the weights were not fitted on.
"""

from __future__ import annotations

import numpy as np

from mnemic.core.ports import Ints
from mnemic.core.queries import Ranked
from mnemic.core.vectors import Floats
from mnemic.retrieval.weights import Odds, Ranker

_TENTH = 10
_SURE = 30.0  # log odds beyond which a float32 probability no longer moves


def rank(
    rows: Ints, values: dict[str, Floats], keys: Ints, ranker: Ranker, limit: int
) -> list[Ranked]:
    """The best `limit` candidates, best first; of equals the newer record (larger key) first."""
    if not len(rows):
        return []
    counted = {name: value for name, value in values.items() if name in ranker.weights}
    sums = total(counted, ranker, len(rows))
    order = np.lexsort((-keys[rows], -sums))[:limit]
    chances = probabilities(sums, ranker.odds)[order]
    return [
        Ranked(
            row=int(rows[place]),
            score=float(chance),
            shares={
                name: float(ranker.weights[name] * value[place]) for name, value in counted.items()
            },
            features={name: float(value[place]) for name, value in counted.items()},
        )
        for place, chance in zip(order, chances, strict=True)
    ]


def total(values: dict[str, Floats], ranker: Ranker, rows: int) -> Floats:
    """The weighted sum of features (rows,); those that the ranker does not know count nothing."""
    sums = np.zeros(rows, np.float32)
    for name, value in values.items():
        weight = ranker.weights.get(name)
        if weight:
            sums += np.float32(weight) * value
    return sums


def probabilities(sums: Floats, odds: Odds) -> Floats:
    """How likely each candidate holds the answer, from the sums of all of them (rows,)."""
    if not len(sums):
        return sums
    place = min(_TENTH, len(sums)) - 1
    tenth = -float(np.partition(-sums, place)[place])
    about = odds.bias + odds.best * float(sums.max()) + odds.tenth * tenth
    exponent = np.clip(about + odds.sum * sums.astype(np.float64), -_SURE, _SURE)
    return np.asarray(1 / (1 + np.exp(-exponent)), np.float32)
