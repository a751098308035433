"""From comparisons to labels: teachers → strengths → five levels → a number in [0, 1].

Gold says yes or no, and is silent on what is half an answer. Teachers compare candidates of one
question with each other and with nothing at all; Bradley-Terry makes strengths of it; how probably
a candidate beats nothing, in fifths, is its level. MemReranker (2026, arXiv 2605.06132) has the
idea; the anchor on nothing is ours, since strengths alone know no zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from mnemic.algorithms.strength import Doubles, Pairs, bradley_terry
from mnemic.core.errors import InputError
from mnemic.core.ports import Ints
from mnemic.measure.calibration import fit_isotonic
from mnemic.retrieval.teachers import NOTHING, Teacher

LEVELS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of no use, hardly, half an answer, nearly, the answer."""


def compared(
    query: str,
    texts: Sequence[str],
    teachers: Sequence[Teacher],
    *,
    rounds: int = 3,
    seed: int = 0,
) -> tuple[Pairs, Doubles]:
    """What teachers say of pairs: `pairs` (m, 2) and the share that the first won (m,).

    Item `len(texts)` is nothing at all: every text is compared with it by every teacher. In each of
    `rounds` the texts stand in a ring, drawn by `seed`, and neighbours are compared: two
    comparisons a text, and nobody is left out of the order. Costs teachers * (rounds + 1) * texts.
    """
    chance = np.random.default_rng(seed)
    count = len(texts)
    pairs = [(place, count) for place in range(count)]
    if count > 1:
        for _ in range(rounds):
            ring = chance.permutation(count).tolist()
            pairs += zip(ring, [*ring[1:], ring[0]], strict=True)
    shown = [*texts, NOTHING]
    won = [teach(query, shown[one], shown[other]) for teach in teachers for one, other in pairs]
    return np.array(pairs * len(teachers), np.int64).reshape(-1, 2), np.array(won, np.float64)


def levels(pairs: Pairs, won: Doubles, texts: int) -> Ints:
    """The level of each text (texts,), 0 to 4, from comparisons as `compared` gives them."""
    strengths = bradley_terry(pairs, won, items=texts + 1, tolerance=1e-3)
    useful = 1 / (1 + np.exp(strengths[-1] - strengths[:-1]))
    return np.asarray(np.minimum(useful * len(LEVELS), len(LEVELS) - 1), np.int64)


def soft(levels: Ints, values: Sequence[float] = LEVELS) -> Doubles:
    """The label of each level (n,).

    >>> soft(np.array([0, 3])).tolist()
    [0.0, 0.75]
    """
    return np.asarray(values, np.float64)[levels]


def level_values(levels: Ints, gold: ArrayLike) -> tuple[float, ...]:
    """What each level is worth: the share of it that was gold, made to rise from level to level.

    `levels` and `gold` (n,), 0 or 1, of candidates of many questions. A level that no candidate has
    gets what its neighbours say. Raises InputError without an example.
    """
    if not len(levels):
        raise InputError("no candidate to value the levels by. Give some with their gold")
    rising = fit_isotonic(levels, gold)
    return tuple(rising(np.arange(len(LEVELS))).tolist())
