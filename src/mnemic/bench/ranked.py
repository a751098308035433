"""The scores that every retrieval task gives: what was found against what should have been."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mnemic.bench.system import Found
from mnemic.bench.task import Scores
from mnemic.measure.ranking import (
    all_at,
    any_at,
    average_precision,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)


def ids(found: Sequence[Found]) -> list[str]:
    """The ids of what was found, each once, best first."""
    return list(dict.fromkeys(one.id for one in found))


def ranked(
    found: Sequence[str], gold: Collection[str], cuts: Sequence[int] = (5, 10, 20)
) -> dict[str, float]:
    """recall@k, any@k and all@k at each cut, MRR, NDCG@10 and MAP; nothing without gold.

    >>> ranked(["a", "b"], {"b"}, cuts=[1])
    {'recall@1': 0.0, 'any@1': 0.0, 'all@1': 0.0, 'mrr': 0.5, 'ndcg@10': 0.6309297535714575, \
'map': 0.5}
    """
    if not gold:
        return {}
    scores: dict[str, float] = {}
    for k in cuts:
        scores[f"recall@{k}"] = recall_at(found, gold, k)
        scores[f"any@{k}"] = any_at(found, gold, k)
        scores[f"all@{k}"] = all_at(found, gold, k)
    return scores | {
        "mrr": reciprocal_rank(found, gold),
        "ndcg@10": ndcg_at(found, gold, 10),
        "map": average_precision(found, gold),
    }


def means(scores: Sequence[Scores], label: str = "") -> dict[str, float]:
    """The mean of every measure over those that have it; `label` is put after its name."""
    held: dict[str, list[float]] = {}
    for one in scores:
        for name, value in one.items():
            held.setdefault(name, []).append(value)
    after = f" {label}" if label else ""
    return {f"{name}{after}": sum(values) / len(values) for name, values in held.items()}
