"""How good a ranking is: pure functions over ranked ids and the set of those that were wanted.

`found` is best first; an id that comes twice holds both places and gains once. A cut `k` looks at
the first k places; None looks at all. With an empty `gold` nothing can be said and every function
raises InputError: a task leaves the measure out for such a question. Gains are binary.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import log2

from mnemic.core.errors import InputError


def recall_at(found: Sequence[str], gold: Collection[str], k: int | None = None) -> float:
    """The share of the gold that is among the first k.

    >>> recall_at(["a", "x", "b"], {"a", "b"}, 2)
    0.5
    """
    return len(_ranks(found, gold, k)) / len(set(gold))


def recall_capped_at(found: Sequence[str], gold: Collection[str], k: int) -> float:
    """The share of the gold that k places could hold: hits / min(k, gold); LMEB's `R_cap`.

    It reaches 1 even where there is more gold than places. LMEB (2026, arXiv 2603.12572).

    >>> recall_capped_at(["a", "x"], {"a", "b", "c"}, 2)
    0.5
    """
    return len(_ranks(found, gold, k)) / min(k, len(set(gold)))


def any_at(found: Sequence[str], gold: Collection[str], k: int | None = None) -> float:
    """1 if at least one of the gold is among the first k, else 0.

    >>> any_at(["x", "a"], {"a", "b"}, 2), any_at(["x", "a"], {"a", "b"}, 1)
    (1.0, 0.0)
    """
    return float(bool(_ranks(found, gold, k)))


def all_at(found: Sequence[str], gold: Collection[str], k: int | None = None) -> float:
    """1 if all of the gold is among the first k, else 0.

    >>> all_at(["b", "a"], {"a", "b"}, 2), all_at(["b", "a"], {"a", "b"}, 1)
    (1.0, 0.0)
    """
    return float(len(_ranks(found, gold, k)) == len(set(gold)))


def precision_at(found: Sequence[str], gold: Collection[str], k: int) -> float:
    """The share of k places that hold gold; a place that was left empty holds none.

    >>> precision_at(["a", "x", "b"], {"a", "b"}, 4)
    0.5
    """
    return len(_ranks(found, gold, k)) / k


def reciprocal_rank(found: Sequence[str], gold: Collection[str], k: int | None = None) -> float:
    """1 / the rank of the first gold, 0 if none was found; its mean over questions is MRR.

    >>> reciprocal_rank(["x", "a"], {"a"})
    0.5
    """
    ranks = _ranks(found, gold, k)
    return 1 / ranks[0] if ranks else 0.0


def average_precision(found: Sequence[str], gold: Collection[str], k: int | None = None) -> float:
    """The mean over the gold of the precision at its rank, 0 if not found; its mean is MAP.

    >>> average_precision(["a", "x", "b", "y"], {"a", "b"})  # (1/1 + 2/3) / 2
    0.8333333333333333
    """
    ranks = _ranks(found, gold, k)
    return sum(hits / rank for hits, rank in enumerate(ranks, 1)) / len(set(gold))


def ndcg_at(found: Sequence[str], gold: Collection[str], k: int | None = None) -> float:
    """Gains discounted by 1 / log2(rank + 1), as a share of the best that is possible.

    Järvelin and Kekäläinen (2002).

    >>> round(ndcg_at(["x", "a"], {"a"}), 4)  # 1 / log2(3)
    0.6309
    """
    return _discounted(found, gold, k, lambda rank: 1 / log2(rank + 1))


def ndcg_longmemeval(found: Sequence[str], gold: Collection[str], k: int | None = None) -> float:
    """NDCG as LongMemEval computes it: rank 1 is not discounted, later ranks by 1 / log2(rank).

    Ranks 1 and 2 weigh the same, so that it is not comparable with `ndcg_at`. LongMemEval (2024,
    arXiv 2410.10813).

    >>> ndcg_longmemeval(["x", "a"], {"a"})
    1.0
    """
    return _discounted(found, gold, k, lambda rank: 1 / log2(max(rank, 2)))


def _discounted(
    found: Sequence[str],
    gold: Collection[str],
    k: int | None,
    weight: Callable[[int], float],
) -> float:
    """The weights of the ranks where gold was found, over those of the first ranks."""
    gained = sum(weight(rank) for rank in _ranks(found, gold, k))
    wanted = len(set(gold))
    places = wanted if k is None else min(k, wanted)
    return gained / sum(weight(rank) for rank in range(1, places + 1))


def _ranks(found: Sequence[str], gold: Collection[str], k: int | None) -> list[int]:
    """Ranks, from 1, at which gold is found for the first time; ascending."""
    if k is not None and k < 1:
        raise InputError(f"a ranking cannot be cut at {k}. Give a k of 1 or more, or None for all")
    missing = set(gold)
    if not missing:
        raise InputError(
            "no gold: a ranking cannot be scored for a question that wants nothing. "
            "Leave such questions out of the measure"
        )
    ranks = []
    for rank, id in enumerate(found[:k], 1):
        if id in missing:
            missing.remove(id)
            ranks.append(rank)
    return ranks
