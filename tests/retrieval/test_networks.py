from __future__ import annotations

import json

import numpy as np
import pytest

from mnemic.core.errors import InputError
from mnemic.retrieval.losses import cross_entropy
from mnemic.retrieval.networks import Network, NetworkStudent

ROWS = np.random.default_rng(3).normal(5, 2, (7, 3))


def test_a_linear_network_is_a_weighted_sum_of_standardised_features() -> None:
    weights = np.array([[1.0], [-2.0], [0.5]])
    network = Network(ROWS.mean(axis=0), ROWS.std(axis=0), ((weights, np.array([0.25])),))
    expected = ((ROWS - ROWS.mean(axis=0)) / ROWS.std(axis=0)) @ weights[:, 0] + 0.25
    np.testing.assert_allclose(network.logits(ROWS), expected)


@pytest.mark.parametrize("hidden", [(), (4,), (4, 3)])
def test_slopes_through_the_layers_are_what_differences_say(hidden: tuple[int, ...]) -> None:
    """The first step of Adam is `rate` times the sign of each slope: so signs are compared."""
    soft = np.linspace(0, 1, 7)
    student = NetworkStudent([ROWS], hidden=hidden, rate=1e-6, decay=0, seed=2)
    chance = np.random.default_rng(0)
    layers = tuple((chance.normal(0, 1, w.shape), b) for w, b in student.network.layers)
    before = Network(student.network.mean, student.network.spread, layers)
    student.network = before
    [logits] = student.logits([ROWS])
    student.learn([cross_entropy(logits, soft)[1]])
    for place, (weights, _) in enumerate(before.layers):
        moved = student.network.layers[place][0] - weights
        for spot in np.ndindex(weights.shape):
            sides = []
            for step in (1e-5, -1e-5):
                other = [(w.copy(), b) for w, b in before.layers]
                other[place][0][spot] += step
                tried = Network(before.mean, before.spread, tuple(other))
                sides.append(cross_entropy(tried.logits(ROWS), soft)[0])
            slope = (sides[0] - sides[1]) / 2e-5
            if abs(slope) > 1e-4:
                assert moved[spot] == pytest.approx(-1e-6 * np.sign(slope), rel=1e-2)


def test_a_student_gives_each_question_its_own_logits() -> None:
    student = NetworkStudent([ROWS], hidden=(4,), seed=1)
    whole = student.network.logits(ROWS)
    parts = student.logits([ROWS[:2], ROWS[2:2], ROWS[2:]])
    assert [len(part) for part in parts] == [2, 0, 5]
    np.testing.assert_allclose(np.concatenate(parts), whole)


def test_a_feature_that_never_changes_does_no_harm() -> None:
    rows = np.column_stack([ROWS, np.full(7, 3.0)])
    student = NetworkStudent([rows])
    [logits] = student.logits([rows])
    student.learn([cross_entropy(logits, np.linspace(0, 1, 7))[1]])
    assert np.isfinite(student.network.logits(rows)).all()


def test_a_network_comes_back_from_json() -> None:
    network = NetworkStudent([ROWS], hidden=(4,), seed=1).network
    back = Network.from_json(json.loads(json.dumps(network.to_json())))
    assert (back.logits(ROWS) == network.logits(ROWS)).all()
    told = network.to_json()
    for broken in (
        {},
        {**told, "layers": []},
        {**told, "layers": told["layers"][:1]},
        {**told, "mean": [0.0]},
        {**told, "layers": [["x", "y"]]},
        {**told, "layers": 3},
    ):
        with pytest.raises(InputError, match="not a network"):
            Network.from_json(broken)
    with pytest.raises(InputError, match="no examples"):
        NetworkStudent([])
