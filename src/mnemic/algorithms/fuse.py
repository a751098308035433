"""One score out of several: weighted z-scores, and reciprocal ranks to compare with.

Scores of different kinds (a BM25 sum, a cosine) have different units. A z-score says how far a row
stands out among all rows in the unit of their spread, so that a signal that separates nothing
weighs nothing. On LoCoMo turns a weighted sum of z-scores finds 3.2 points [2.0, 4.3] more at 10
than reciprocal ranks do, which throw the distances away.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mnemic.core.ports import Ints, Mask
from mnemic.core.vectors import Floats

_FLAT = 1e-6


def z_scores(values: Floats, among: Mask | None = None) -> Floats:
    """How many standard deviations each value lies above the mean (rows,).

    `among` says which rows the mean and the spread are taken from; the others get 0, as something
    of which nothing is known. Where all values are the same, and where there are fewer than two,
    none stands out and all are 0.

    >>> z_scores(np.array([1, 1, 4], np.float32))
    array([-0.70710677, -0.70710677,  1.4142135 ], dtype=float32)
    >>> z_scores(np.array([7.0], np.float32)).tolist()
    [0.0]
    """
    scores = np.zeros(len(values), np.float32)
    chosen = slice(None) if among is None or among.all() else among
    known = values[chosen]
    if len(known) < 2:
        return scores
    mean = known.mean()
    above = known - mean
    spread = float(np.sqrt(above @ above / len(known)))
    if spread > _FLAT * max(1.0, abs(float(mean))):
        scores[chosen] = above / np.float32(spread)
    return scores


def weighted(signals: Sequence[tuple[float, Floats]]) -> Floats:
    """The weighted sum of signals of one shape (rows,), of which there is at least one.

    >>> words, meaning = np.array([0, 2], np.float32), np.array([4, 0], np.float32)
    >>> weighted([(1.0, words), (0.5, meaning)]).tolist()
    [2.0, 2.0]
    """
    total = np.zeros_like(signals[0][1])
    for weight, values in signals:
        total += np.float32(weight) * values
    return total


def reciprocal_ranks(rankings: Sequence[Ints], rows: int, k: int = 60) -> Floats:
    """Reciprocal rank fusion: the sum of 1 / (k + rank) over rankings, best first (rows,).

    Each ranking holds rows, the best first; a row that it leaves out gets nothing from it. A larger
    `k` lets the first places matter less. Cormack, Clarke and Büttcher (SIGIR 2009).

    >>> reciprocal_ranks([np.array([2, 0]), np.array([2])], rows=3)
    array([0.01612903, 0.        , 0.03278688], dtype=float32)
    """
    scores = np.zeros(rows, np.float32)
    for ranking in rankings:
        scores[ranking] += (1.0 / (k + 1 + np.arange(len(ranking)))).astype(np.float32)
    return scores
