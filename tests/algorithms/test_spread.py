"""Activation is what one computes by hand, grows with its seeds, and knows no order of edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.algorithms.spread import Edges, ballots, divided, spread
from mnemic.core.errors import InputError
from mnemic.core.vectors import Floats


def edges(nodes: int, *each: tuple[int, int, float, int]) -> Edges:
    source, target, weight, relation = zip(*each, strict=True) if each else ((), (), (), ())
    return Edges(
        nodes,
        np.array(source, np.int64),
        np.array(target, np.int64),
        np.array(weight, np.float32),
        np.array(relation, np.int64),
        ("next", "mentions"),
    )


def one(nodes: int, **seeds: float) -> Floats:
    values = np.zeros(nodes, np.float32)
    for name, value in seeds.items():
        values[int(name[1:])] = value
    return values


def test_adamem_by_hand() -> None:
    # 0 -next-> 1 -next-> 3; 0 -mentions-> 2 -mentions-> 3; lambda .85
    net = edges(4, (0, 1, 0.7, 0), (1, 3, 0.7, 0), (0, 2, 0.75, 1), (2, 3, 0.75, 1))
    seeds = one(4, n0=1.0)
    assert spread(seeds, net, hops=0).tolist() == [1, 0, 0, 0]
    assert spread(seeds, net) == pytest.approx([1, 0.595, 0.6375, 0])
    # the better of two paths: (.85 * .75)^2
    assert spread(seeds, net, hops=2)[3] == pytest.approx(0.40640625)
    # all paths: (.85 * .7)^2 + (.85 * .75)^2
    assert spread(seeds, net, hops=2, combine="sum")[3] == pytest.approx(0.354025 + 0.40640625)
    # a prior on one relation turns the choice
    held = spread(seeds, net, hops=2, priors={"mentions": 0.5})
    assert held == pytest.approx([1, 0.595, 0.31875, 0.354025])


def test_two_seeds_meet_and_the_better_one_counts() -> None:
    net = edges(3, (0, 2, 1.0, 0), (1, 2, 0.5, 0))
    assert spread(one(3, n0=0.4, n1=1.0), net)[2] == pytest.approx(0.425)
    assert spread(one(3, n0=0.4, n1=1.0), net, combine="sum")[2] == pytest.approx(0.34 + 0.425)


def test_plugmem_votes_by_hand() -> None:
    # Tags 0, 1, 2 of facts 3 (tags 0, 1) and 4 (tags 1, 2): tag 0 is named exactly, 1 nearly.
    net = divided(edges(5, (0, 3, 1, 0), (1, 3, 1, 0), (1, 4, 1, 0), (2, 4, 1, 0)))
    seeds = ballots(
        np.array([1, 3, 1, 0, 0], np.float32),
        named=np.array([True, True, False, False, False]),
        exact=np.array([True, False, False, False, False]),
    )
    votes = spread(seeds, net, hops=1, decay=1.0, combine="sum")
    assert votes[3:].tolist() == [(5 * 1 + 3) / 2, 3 / 2]


def test_a_cycle_ends() -> None:
    net = edges(2, (0, 1, 1.0, 0), (1, 0, 1.0, 0))
    assert spread(one(2, n0=1.0), net, hops=50) == pytest.approx([1, 0.85])
    assert spread(one(2, n0=1.0), net, hops=2, combine="sum") == pytest.approx([1.7225, 0.85])


NETS = st.integers(1, 6).flatmap(
    lambda nodes: st.tuples(
        st.lists(
            st.tuples(
                st.integers(0, nodes - 1),
                st.integers(0, nodes - 1),
                st.floats(0, 1, width=32),
                st.integers(0, 1),
            ),
            max_size=12,
        ),
        st.lists(st.floats(0, 1, width=32), min_size=nodes, max_size=nodes),
        st.lists(st.floats(0, 1, width=32), min_size=nodes, max_size=nodes),
        st.integers(0, 4),
        st.sampled_from(["max", "sum"]),
        st.randoms(use_true_random=False),
    )
)


@given(NETS)
def test_laws(case: tuple) -> None:  # type: ignore[type-arg]
    each, first, second, hops, combine, chance = case
    low, high = np.minimum(first, second), np.maximum(first, second)
    low, high = low.astype(np.float32), high.astype(np.float32)
    net = edges(len(low), *each)
    out = spread(low, net, hops=hops, combine=combine)
    more = spread(high, net, hops=hops, combine=combine)
    assert (out <= more * (1 + 1e-5) + 1e-6).all()  # monotone in the seeds
    assert (out >= low).all()  # nothing is lost
    bound = low.max(initial=0) if combine == "max" else low.sum() * (1 + len(each)) ** hops
    assert out.max(initial=0) <= bound * (1 + 1e-5)
    shuffled = list(each)
    chance.shuffle(shuffled)
    again = spread(low, edges(len(low), *shuffled), hops=hops, combine=combine)
    assert again == pytest.approx(out, rel=1e-5, abs=1e-6)
    if combine == "max":  # spreading further never takes away
        assert (spread(low, net, hops=hops + 1) >= out).all()


def test_what_cannot_be_spread() -> None:
    net = edges(2, (0, 1, 1.0, 0))
    with pytest.raises(InputError, match=r"\(3,\) seeds for 2 nodes"):
        spread(one(3), net)
    with pytest.raises(InputError, match=r"hops=-1, decay=0\.85"):
        spread(one(2), net, hops=-1)
    with pytest.raises(InputError, match="nodes 0 and 2, where there are 2"):
        edges(2, (0, 2, 1.0, 0))
    with pytest.raises(InputError, match="no number from 0 up"):
        edges(2, (0, 1, -1.0, 0))
    with pytest.raises(InputError, match="edges of different lengths"):
        Edges(2, np.array([0]), np.array([1]), np.zeros(2, np.float32), np.array([0]))
