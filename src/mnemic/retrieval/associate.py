"""What the best rows are tied to rises: activation spreads over the graph, and joins the sum.

For routes that ask for it (`route.Effort.hops`). On LoCoMo dev it gains 1.1 points of R@10, on our
own conversations nothing, so that no route asks by default; where a store holds links that somebody
drew, it may pay. Rows that no pool drew stay out: this orders anew what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mnemic.algorithms.spread import Edges, spread
from mnemic.core.queries import Ranked
from mnemic.retrieval.graph import PRIORS
from mnemic.retrieval.weights import Odds

SHARE = "graph"
"""The name of what the graph added, among the shares of a score."""

_SEEDS = 5
_WEIGHT = 3.0


def associate(
    ranked: Sequence[Ranked], edges: Edges, odds: Odds, *, hops: int = 1, weight: float = _WEIGHT
) -> list[Ranked]:
    """Ranked rows in their new order, each with the share of the activation that reached it.

    The best five are the seeds, each as active as it is likely; `weight` is what full activation
    adds to a row's sum. AdaMem (2026) fuses its graph with one hop from two seeds.
    """
    seeds = np.zeros(edges.nodes, np.float32)
    for one in ranked[:_SEEDS]:
        seeds[one.row] = one.score
    active = spread(seeds, edges, hops=hops, priors=PRIORS)
    found = []
    for one in ranked:
        added = weight * float(active[one.row])
        chance = min(max(one.score, 1e-6), 1 - 1e-6)
        raised = np.log(chance / (1 - chance)) + odds.sum * added
        score = float(1 / (1 + np.exp(-raised)))
        found.append(replace(one, score=score, shares={**one.shares, SHARE: added}))
    return sorted(found, key=lambda one: -one.score)
