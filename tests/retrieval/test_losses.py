from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.retrieval.losses import Doubles, cross_entropy, hard_negatives, info_nce

SEEDS = st.integers(0, 10_000)


def example(seed: int, size: int = 9) -> tuple[Doubles, Doubles, Doubles]:
    chance = np.random.default_rng(seed)
    return chance.normal(0, 2, size), chance.random(size), chance.random(size) < 0.3


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0.3, 3))
def test_slopes_are_what_differences_say(seed: int, temperature: float) -> None:
    logits, soft, right = example(seed)
    mask = right.astype(bool)
    for loss in (
        lambda given: cross_entropy(given, soft),
        lambda given: info_nce(given, mask, ~mask, temperature),
    ):
        slopes = loss(logits)[1]
        for place in range(len(logits)):
            step = np.zeros(len(logits))
            step[place] = 1e-5
            difference = (loss(logits + step)[0] - loss(logits - step)[0]) / 2e-5
            assert slopes[place] == pytest.approx(difference, abs=1e-6)


def test_the_card_s_formulas() -> None:
    # BCE = -[y log p + (1-y) log(1-p)]; InfoNCE = -log(e^(s+/t) / (e^(s+/t) + sum e^(s-/t)))
    logits = np.array([1.0, 0.0, -1.0])
    share = 1 / (1 + np.exp(-logits))
    soft = np.array([0.75, 0.25, 0.0])
    expected = -(soft * np.log(share) + (1 - soft) * np.log(1 - share)).mean()
    assert cross_entropy(logits, soft)[0] == pytest.approx(expected)
    first = np.array([True, False, False])
    raised = np.exp(logits / 0.5)
    assert info_nce(logits, first, ~first, 0.5)[0] == pytest.approx(
        -np.log(raised[0] / raised.sum())
    )


def test_large_logits_neither_overflow_nor_lose_their_slope() -> None:
    logits = np.array([-2000.0, 2000.0])
    first = np.array([True, False])
    loss, slopes = info_nce(logits, first, ~first)
    assert np.isfinite(loss)
    assert slopes.tolist() == pytest.approx([-1, 1])
    loss, slopes = cross_entropy(logits, np.array([1.0, 0.0]))
    assert loss == pytest.approx(2000)
    assert slopes.tolist() == pytest.approx([-0.5, 0.5])


def test_without_a_positive_or_a_negative_nothing_is_learned() -> None:
    logits, none = np.zeros(3), np.zeros(3, bool)
    for positive, negative in ((none, ~none), (~none, none)):
        loss, slopes = info_nce(logits, positive, negative)
        assert (loss, slopes.tolist()) == (0.0, [0, 0, 0])
    assert cross_entropy(np.zeros(0), np.zeros(0))[0] == 0


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 12))
def test_hard_negatives_are_negatives_and_the_highest_of_their_kind(seed: int, most: int) -> None:
    logits, _, right = example(seed, 12)
    positive = right.astype(bool)
    topic = np.random.default_rng(seed).integers(-1, 3, 12)
    chosen = hard_negatives(logits, positive, topic, most)
    assert chosen.sum() == min(most, int((~positive).sum()))
    assert not (chosen & positive).any()
    near = np.isin(topic, topic[positive & (topic >= 0)]) & ~positive
    assert (chosen & near).sum() >= min(most // 2, near.sum())
    for kind in (near, ~near & ~positive):
        if (chosen & kind).any() and (kind & ~chosen).any():
            assert logits[chosen & kind].min() >= logits[kind & ~chosen].max()
    plain = hard_negatives(logits, positive, None, most)
    assert logits[plain].min(initial=np.inf) >= logits[~plain & ~positive].max(initial=-np.inf)
