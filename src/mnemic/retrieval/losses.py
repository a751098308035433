"""What a reranker is taught by: losses over one question's candidates, with their slopes.

Each gives the loss and its derivative by every logit, so that whatever made the logits, a matrix
in numpy or a transformer in PyTorch, can be moved by the same functions. A logit is the log-odds
that a candidate answers.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.ports import Ints, Mask

Doubles: TypeAlias = NDArray[np.float64]


def cross_entropy(logits: Doubles, soft: Doubles) -> tuple[float, Doubles]:
    """Binary cross-entropy against labels in [0, 1], mean over candidates; its slopes (n,).

        -[y log p + (1 - y) log(1 - p)]

    With y = .75 the best p is .75: the label is an opinion, not a verdict.

    >>> loss, slopes = cross_entropy(np.array([0.0]), np.array([0.75]))
    >>> round(loss, 3), slopes.tolist()
    (0.693, [-0.25])
    """
    if not len(logits):
        return 0.0, np.zeros(0)
    loss = np.logaddexp(0, logits) - soft * logits
    given = 1 / (1 + np.exp(-np.clip(logits, -700, 700)))
    return float(loss.mean()), (given - soft) / len(logits)


def info_nce(
    logits: Doubles, positive: Mask, negative: Mask, temperature: float = 1.0
) -> tuple[float, Doubles]:
    """Each positive against all negatives, mean over positives; its slopes (n,).

        -log( exp(s+/τ) / (exp(s+/τ) + Σ exp(s-/τ)) )

    A lower `temperature` looks at the nearest negatives alone. Nothing is lost, and nothing
    learned, where there is no positive or no negative. van den Oord and others (2018, arXiv
    1807.03748).
    """
    slopes = np.zeros(len(logits))
    count = int(positive.sum())
    if not count or not negative.any():
        return 0.0, slopes
    scaled = logits / temperature
    raised = np.exp(scaled - scaled[positive | negative].max())
    others = raised[negative].sum()
    whole = raised[positive] + others
    loss = float(np.mean(np.log(whole) - np.log(np.maximum(raised[positive], 1e-300))))
    slopes[positive] = -others / whole / (temperature * count)
    slopes[negative] = raised[negative] * (1 / whole).sum() / (temperature * count)
    return loss, slopes


def hard_negatives(logits: Doubles, positive: Mask, topic: Ints | None, most: int) -> Mask:
    """The negatives (n,) that are worth a contrast: at most `most`, those with the highest logits.

    Half of the places are for negatives of a positive's own `topic` (n,) (a session, a thread): the
    same matter at a wrong time, of a wrong person, which likeness alone cannot tell apart. What
    the topic leaves free the others take; below 0 a topic is none.
    """
    chosen = np.zeros(len(logits), np.bool_)
    ranked = np.argsort(-logits, kind="stable")
    ranked = ranked[~positive[ranked]]
    if topic is not None:
        near = np.isin(topic[ranked], topic[positive & (topic >= 0)])
        chosen[ranked[near][: most // 2]] = True
    rest = ranked[~chosen[ranked]]
    chosen[rest[: most - int(chosen.sum())]] = True
    return chosen
