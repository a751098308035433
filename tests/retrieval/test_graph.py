"""A partition's edges: who follows whom, who goes on speaking, and what is linked."""

from __future__ import annotations

import numpy as np

from mnemic.algorithms.spread import Edges, spread
from mnemic.core.ids import RecordId
from mnemic.core.ports import Ints, Mask
from mnemic.core.storage import LinkRow
from mnemic.retrieval.graph import NEXT, PRIORS, SPEAKER, Tie, graph, next_by_speaker, ties


class Few:
    """Two sessions: rows 0 1 2 (speakers 0 1 0), rows 3 4 (speakers 0, nobody)."""

    following: Ints = np.array([1, 2, -1, 4, -1])
    speaker: Ints = np.array([0, 1, 0, 0, -1])
    alive: Mask = np.ones(5, np.bool_)


def weights(net: Edges) -> dict[tuple[int, int, str], float]:
    return {
        (int(s), int(t), net.relations[r]): round(float(w), 3)
        for s, t, w, r in zip(net.source, net.target, net.weight, net.relation, strict=True)
    }


def test_order_and_speakers() -> None:
    assert next_by_speaker(Few()).tolist() == [2, -1, -1, -1, -1]
    assert weights(graph(Few())) == {
        (0, 1, NEXT): 0.7,
        (1, 2, NEXT): 0.7,
        (3, 4, NEXT): 0.7,
        (0, 2, SPEAKER): 0.9,
        (1, 0, NEXT): 0.35,
        (2, 1, NEXT): 0.35,
        (4, 3, NEXT): 0.35,
        (2, 0, SPEAKER): 0.45,
    }


def test_links_and_rows_that_went() -> None:
    class Gone(Few):
        alive = np.array([True, False, True, True, True])

    net = graph(
        Gone(), [Tie(2, 3, "supersedes", 0.8), Tie(1, 3, "mentions"), Tie(4, 4, "mentions")], back=0
    )
    assert weights(net) == {
        (3, 4, NEXT): 0.7,
        (0, 2, SPEAKER): 0.9,
        (2, 3, "supersedes"): 0.8,
    }


def test_links_of_the_store() -> None:
    a, b, c = map(RecordId, "abc")
    links = [
        LinkRow(a, "supports", b, 0.5),
        LinkRow(a, "supports", c),
        LinkRow(b, "supports", a, remove=True),
    ]
    assert ties(links, {a: 3, b: 7}) == [Tie(3, 7, "supports", 0.5)]


def test_it_spreads() -> None:
    seeds = np.array([1, 0, 0, 0, 0], np.float32)
    reached = spread(seeds, graph(Few(), [Tie(0, 3, "supports")]), priors=PRIORS)
    expected = [1, 0.85 * 0.7 * 0.7, 0.85 * 0.9 * 0.6, 0.85 * 0.9, 0]
    assert np.allclose(reached, expected, atol=1e-6)


def test_an_empty_partition() -> None:
    class Nothing:
        following: Ints = np.zeros(0, np.int64)
        speaker: Ints = np.zeros(0, np.int64)
        alive: Mask = np.zeros(0, np.bool_)

    assert spread(np.zeros(0, np.float32), graph(Nothing()), hops=2).shape == (0,)
