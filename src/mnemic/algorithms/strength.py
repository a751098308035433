"""Strengths from comparisons: who is how good, told by who beat whom, where judges err.

Two fits of one model, P(i beats j) = 1 / (1 + exp(b_j - b_i)): Bradley-Terry looks at all
comparisons at once, Elo at one after the other. A strength is the natural logarithm of the odds
against an item of strength 0; `ELO` of it is one on the scale that chess players know. Only
differences mean anything, so strengths are centred on 0, or on an item that the caller names.

Bradley and Terry (1952); MM iterations: Hunter (2004); Elo (1978).
"""

from __future__ import annotations

from math import log
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnemic.core.errors import InputError

Doubles: TypeAlias = NDArray[np.float64]
Pairs: TypeAlias = NDArray[np.int64]

ELO: Final = 400 / log(10)
"""Points of Elo's scale in one unit of strength: 400 points are odds of ten to one."""


def bradley_terry(
    pairs: ArrayLike,
    won: ArrayLike | None = None,
    *,
    items: int | None = None,
    prior: float = 0.1,
    iterations: int = 1000,
    tolerance: float = 1e-6,
) -> Doubles:
    """The strengths (items,) under which these comparisons are most probable; their mean is 0.

    `pairs` (m, 2) holds the two items of each comparison, from 0. `won` (m,) is the share of it
    that the first one won: 1 (default), 0, 0.5 for a draw, or a judge's probability. `items` is how
    many there are, if not all were compared. `prior` adds, for each item, that many wins and as
    many defeats against an item of strength 0: more draws strengths together, and with none an
    item that never lost would be infinitely strong. It stops after `iterations`, or when no
    strength moves by more than `tolerance`.

    Raises InputError for items that are not there, an item compared with itself, shares outside
    [0, 1] or a prior that is not positive.

    >>> bradley_terry([(0, 1), (0, 1), (1, 0), (1, 2)]).argsort().tolist()
    [2, 1, 0]
    """
    both, shares, count = _read(pairs, won, items)
    if not prior > 0:
        raise InputError(f"prior={prior}: without one, who never lost is infinite. Give 0.1 or so")
    first, second = both.T
    wins = np.bincount(first, shares, count) + np.bincount(second, 1 - shares, count) + prior
    strong = np.ones(count)
    for _ in range(iterations):
        each = 1 / (strong[first] + strong[second])
        met = np.bincount(first, each, count) + np.bincount(second, each, count)
        better = wins / (met + 2 * prior / (strong + 1))
        # Only the prior holds the common level, so weakly that it would take thousands of rounds:
        # one step of Newton's method moves all items to where it pulls no longer.
        share = better / (better + 1)
        better *= np.exp((count / 2 - share.sum()) / max((share * (1 - share)).sum(), 1e-9))
        moved = np.abs(np.log(better / strong)).max(initial=0.0)
        strong = better
        if moved <= tolerance:
            break
    strengths: Doubles = np.log(strong)
    return strengths - strengths.mean() if count else strengths


def elo(
    pairs: ArrayLike,
    won: ArrayLike | None = None,
    *,
    items: int | None = None,
    step: float = 32.0,
    passes: int = 1,
    seed: int | None = None,
) -> Doubles:
    """Elo ratings (items,), mean 0, after the comparisons in their order.

    `pairs`, `won` and `items` as for `bradley_terry`. After each comparison the winner takes from
    the loser `step` points times how unexpected it was: more follows faster and is noisier. With
    `passes` above 1 all comparisons are seen again with smaller steps (`step` / pass); with a
    `seed` each pass shuffles them, so that their order means nothing.

    Raises InputError as `bradley_terry`.

    >>> elo([(0, 1)]).tolist()
    [16.0, -16.0]
    """
    both, shares, count = _read(pairs, won, items)
    ratings = np.zeros(count)
    chance = None if seed is None else np.random.default_rng(seed)
    for number in range(1, passes + 1):
        order = np.arange(len(both)) if chance is None else chance.permutation(len(both))
        for place in order:
            one, other = both[place]
            gained = step / number * (shares[place] - expected(ratings[one], ratings[other]))
            ratings[one] += gained
            ratings[other] -= gained
    return ratings


def expected(rating: float, other: float) -> float:
    """How probably an item of this Elo rating beats another.

    >>> round(expected(400, 0), 3)
    0.909
    """
    odds = 10 ** ((other - rating) / 400)
    return float(1 / (1 + odds))


def _read(pairs: ArrayLike, won: ArrayLike | None, items: int | None) -> tuple[Pairs, Doubles, int]:
    """Pairs (m, 2), the share that the first won (m,), the number of items."""
    both = np.asarray(pairs, np.int64).reshape(-1, 2)
    shares = np.ones(len(both)) if won is None else np.asarray(won, np.float64)
    highest = int(both.max(initial=-1)) + 1
    count = highest if items is None else items
    if (both < 0).any() or highest > count:
        raise InputError(f"a comparison names an item outside 0 to {count - 1}. Count from 0")
    if (both[:, 0] == both[:, 1]).any():
        raise InputError("an item was compared with itself. Leave such comparisons out")
    if shares.shape != (len(both),) or not ((shares >= 0) & (shares <= 1)).all():
        raise InputError("won does not fit. Give one share from 0 to 1 for each comparison")
    return both, shares, count
