"""Spreading activation over a typed, weighted graph: what is near to what was found.

    a[d+1](v) = combine over edges u → v of  a[d](u) · weight(u → v) · prior(relation) · decay

One function serves three systems that differ in the graph they give it. AdaMem (2026): two seeds,
one hop, decay .85, the best path counts. G-Memory (Zhang et al. 2025, arXiv 2506.07398): the best
queries and their neighbours one hop away. PlugMem (2026): tags vote for the facts that bear them,
each vote divided by the fact's number of tags and five times as heavy where the tag is the very
word (`ballots`, `divided`, then `combine="sum"` with one hop and no decay).

Nodes are numbers; what they stand for, and where edges come from, is told by `retrieval/graph.py`.
Cost: hops times the number of edges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from mnemic.core.errors import InputError
from mnemic.core.ports import Ints, Mask
from mnemic.core.vectors import Floats

DECAY: Final = 0.85
"""Share of an activation that survives a hop, beside the edge's own weight (AdaMem)."""

EXACT: Final = 5.0
"""How much heavier the vote of a tag is that is the very word of the question (PlugMem)."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Directed edges between the nodes 0 to `nodes` - 1, as arrays of shape (edges,)."""

    nodes: int
    source: Ints
    target: Ints
    weight: Floats
    """How strong each edge is: 1 passes everything on that `decay` lets through."""
    relation: Ints
    """Codes into `relations`."""
    relations: tuple[str, ...] = ("related",)

    def __post_init__(self) -> None:
        parts = (self.source, self.target, self.weight, self.relation)
        if len({part.shape for part in parts}) != 1 or self.source.ndim != 1:
            raise InputError(
                f"edges of different lengths: {[part.shape for part in parts]}. "
                "Give source, target, weight and relation of each edge"
            )
        ends = np.concatenate((self.source, self.target))
        if len(ends) and (ends.min() < 0 or ends.max() >= self.nodes):
            raise InputError(
                f"an edge between nodes {ends.min()} and {ends.max()}, where there are "
                f"{self.nodes}. Number the nodes from 0"
            )
        if len(self.weight) and not (np.isfinite(self.weight).all() and self.weight.min() >= 0):
            raise InputError("an edge with a weight that is no number from 0 up. Leave it out")


def spread(
    seeds: Floats,
    edges: Edges,
    *,
    hops: int = 1,
    decay: float = DECAY,
    combine: Literal["max", "sum"] = "max",
    priors: Mapping[str, float] | None = None,
) -> Floats:
    """The activation of each node (nodes,) when the seeds have spread over the edges.

    seeds: activation of each node at the start (nodes,), 0 where there is none.
    hops: how far it spreads; 0 gives the seeds back. One is best for tasks and dialogues, from two
        on the noise grows faster than what is found (G-Memory).
    decay: share that survives each hop.
    combine: "max": a node is as active as its best path makes it, and none exceeds the best seed as
        long as no weight exceeds 1. "sum": all paths add up, as votes do.
    priors: relation → factor of its edges; a relation that is not named counts fully.

    >>> line = Edges(3, np.array([0, 1]), np.array([1, 2]), np.array([0.7, 0.7], np.float32),
    ...              np.array([0, 0]), ("next",))
    >>> spread(np.array([1, 0, 0], np.float32), line, hops=2).round(3)
    array([1.   , 0.595, 0.354], dtype=float32)
    """
    if hops < 0 or not 0 <= decay <= 1:
        raise InputError(f"hops={hops}, decay={decay}. Use hops from 0 up and a decay of 0 to 1")
    if seeds.shape != (edges.nodes,):
        raise InputError(f"{seeds.shape} seeds for {edges.nodes} nodes. Give one number for each")
    passed = edges.weight.astype(np.float64) * decay * _factors(edges, priors)
    total = seeds.astype(np.float64)
    front = total.copy()
    for _ in range(hops):
        arriving = front[edges.source] * passed
        if combine == "sum":
            front = np.bincount(edges.target, arriving, edges.nodes).astype(np.float64)
            total += front
        else:
            front = np.zeros(edges.nodes)
            np.maximum.at(front, edges.target, arriving)
            np.maximum(total, front, out=total)
        if not front.any():
            break
    return total.astype(np.float32)


def divided(edges: Edges) -> Edges:
    """The same edges, each weight divided by how many edges lead to its target.

    A fact with ten tags is no more about each of them than a fact with one: its votes are shared.
    """
    arriving = np.bincount(edges.target, minlength=edges.nodes)[edges.target]
    return replace(edges, weight=(edges.weight / np.maximum(arriving, 1)).astype(np.float32))


def ballots(importance: Floats, named: Mask, exact: Mask, factor: float = EXACT) -> Floats:
    """The votes of tags, to be used as seeds (nodes,).

    importance: of each tag, 0 for nodes that are no tags.
    named: whether the question names the tag, or something near enough to it.
    exact: whether it names it with the very words; these count `factor` times.

    >>> ballots(np.array([1, 2, 1], np.float32), np.array([True, True, False]),
    ...         np.array([False, True, False])).tolist()
    [1.0, 10.0, 0.0]
    """
    votes = np.where(exact, np.float32(factor), np.float32(1)) * importance
    return np.where(named | exact, votes, np.float32(0)).astype(np.float32)


def _factors(edges: Edges, priors: Mapping[str, float] | None) -> Floats:
    """The prior of each edge (edges,)."""
    known = priors or {}
    table = np.array([known.get(name, 1.0) for name in edges.relations] or [1.0], np.float32)
    return table[edges.relation]
