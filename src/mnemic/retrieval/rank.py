"""Features and weights → order, with the share of each feature in each score.

A linear sum, because it can be read: `shares` add up to it, and the score is its logistic. The
score is monotone in the sum and lies in [0, 1]; it is not yet a probability that the row answers
the question (calibration belongs to the ranker that is fitted).
"""

from __future__ import annotations

import numpy as np

from mnemic.algorithms.fuse import weighted
from mnemic.core.ports import Ints
from mnemic.core.queries import Ranked
from mnemic.core.vectors import Floats
from mnemic.retrieval.weights import Weights


def rank(
    rows: Ints, values: dict[str, Floats], keys: Ints, weights: Weights, limit: int
) -> list[Ranked]:
    """The best `limit` candidates, best first; of equals the newer record (larger key) first."""
    if not len(rows):
        return []
    sums = weighted([(getattr(weights, name), value) for name, value in values.items()])
    order = np.lexsort((-keys[rows], -sums))[:limit]
    scores = squash(sums[order], weights)
    return [
        Ranked(
            row=int(rows[place]),
            score=float(score),
            shares={
                name: float(getattr(weights, name) * value[place]) for name, value in values.items()
            },
            features={name: float(value[place]) for name, value in values.items()},
        )
        for place, score in zip(order, scores, strict=True)
    ]


def squash(sums: Floats, weights: Weights) -> Floats:
    """Scores in [0, 1] for sums of any size (rows,); `middle` becomes 0.5."""
    exponent = np.clip((weights.middle - sums) / weights.spread, -60, 60)
    return np.asarray(1 / (1 + np.exp(exponent)), np.float32)
