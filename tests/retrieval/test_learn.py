from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mnemic.core.errors import InputError
from mnemic.measure.calibration import expected_calibration_error
from mnemic.retrieval.learn import Lesson, Recipe, taught, train
from mnemic.retrieval.networks import NetworkStudent
from mnemic.retrieval.soft_labels import compared, levels, soft
from mnemic.retrieval.teachers import Noisy

Matrix = NDArray[np.float64]
SHORT = Recipe(soft_epochs=6, contrast_epochs=6)


def world(questions: int, seed: int, bent: bool = False, size: int = 20) -> list[Lesson[Matrix]]:
    """Candidates of five features, of which two tell how probably one answers.

    `bent`: only if both say the same, which no weighted sum can tell.
    """
    chance = np.random.default_rng(seed)
    made = []
    for number in range(questions):
        rows = chance.normal(size=(size, 5))
        told = 3 * rows[:, 0] * rows[:, 1] if bent else 2 * rows[:, 0] - 1.5 * rows[:, 1]
        right = chance.random(size) < 1 / (1 + np.exp(-(told - 2)))
        topic = chance.integers(0, 4, size)
        made.append(Lesson(rows, right.astype(float), f"talk {number % 6}", topic))
    return made


def linear(examples: Sequence[Lesson[Matrix]]) -> NetworkStudent:
    return NetworkStudent([one.inputs for one in examples], rate=0.03)


def small(examples: Sequence[Lesson[Matrix]]) -> NetworkStudent:
    return NetworkStudent([one.inputs for one in examples], hidden=(8,), rate=0.02)


def right_first(model: object, examples: Sequence[Lesson[Matrix]]) -> float:
    """How often a right candidate is first, where there is one."""
    asked = [one for one in examples if one.right.any()]
    return float(np.mean([one.right[np.argmax(model(one.inputs))] for one in asked]))  # type: ignore[operator]


def test_what_was_planted_is_learned_and_calibrated_on_unseen_questions() -> None:
    learned = train(linear, world(120, 0), SHORT)
    unseen = world(120, 1)
    assert right_first(learned, unseen) > 0.8
    claimed = np.concatenate([learned(one.inputs) for one in unseen])
    true = np.concatenate([one.right for one in unseen])
    assert expected_calibration_error(claimed, true) <= 0.05
    weights = learned.student.network.layers[0][0][:, 0]  # type: ignore[attr-defined]
    assert weights[0] > 0 > weights[1]
    assert np.abs(weights[2:]).max() < weights[0] / 4


def test_a_hidden_layer_learns_what_no_weighted_sum_can() -> None:
    unseen = world(80, 1, bent=True)
    recipe = replace(SHORT, soft_epochs=20, contrast_epochs=15)
    bent = taught(small(world(150, 0, bent=True)), world(150, 0, bent=True), recipe)
    straight = taught(linear(world(150, 0, bent=True)), world(150, 0, bent=True), recipe)
    found = [right_first(lambda x, s=s: s.logits([x])[0], unseen) for s in (bent, straight)]  # type: ignore[misc]
    assert found[0] > 0.7
    assert found[0] > found[1] + 0.2


def test_a_seed_decides_everything() -> None:
    one, two = (train(small, world(30, 0), replace(SHORT, seed=5)) for _ in range(2))
    rows = world(1, 9)[0].inputs
    assert (one(rows) == two(rows)).all()
    assert (train(small, world(30, 0), replace(SHORT, seed=6))(rows) != one(rows)).any()


def test_noisy_teachers_are_as_good_as_gold_for_learning_the_order() -> None:
    """Comparisons that err one time in five → strengths → levels → the same ranking."""
    gold = world(60, 0, size=12)
    made = []
    for number, one in enumerate(gold):
        truth = {f"text {place}": float(right) for place, right in enumerate(one.right)}
        teachers = [
            Noisy(lambda query, text, truth=truth: truth[text], 3, seed=seed)  # type: ignore[misc]
            for seed in range(4)
        ]
        pairs, won = compared(str(number), list(truth), teachers, rounds=2, seed=number)
        labels = soft(levels(pairs, won, len(truth)))
        made.append(replace(one, soft=labels))
    assert {float(label) for one in made for label in one.soft} <= {0, 0.25, 0.5, 0.75, 1}
    unseen = world(120, 1)
    by_teachers = right_first(train(linear, made, SHORT), unseen)
    by_gold = right_first(train(linear, gold, SHORT), unseen)
    assert by_teachers > by_gold - 0.05


def test_held_out_examples_calibrate_alone() -> None:
    examples = [replace(one, group="one talk") for one in world(40, 0)]
    with pytest.raises(InputError, match="conversations of its own: 1 group"):
        train(linear, examples, SHORT)
    learned = train(linear, examples, SHORT, held_out=world(40, 2))
    assert right_first(learned, world(40, 1)) > 0.7
    rows = world(1, 9)[0].inputs
    order = np.argsort(learned(rows))
    for calibration in ("platt", "isotonic"):
        other = train(linear, examples, replace(SHORT, calibration=calibration), world(40, 2))
        assert (np.diff(other(rows)[order]) >= 0).all()  # a calibration never changes the order


def test_what_is_only_told_within_a_question_is_calibrated_by_its_rivals() -> None:
    """A shift of all candidates of a question, which contrast cannot see, must not count."""
    chance = np.random.default_rng(4)

    def shifted(seed: int) -> list[Lesson[Matrix]]:
        return [
            replace(one, inputs=one.inputs + np.array([chance.normal(0, 3), 0, 0, 0, 0]))
            for one in world(150, seed)
            if one.right.any()
        ]

    seen, unseen = shifted(0), shifted(1)
    errors = []
    for calibration in ("rivals", "platt"):
        recipe = replace(SHORT, soft_epochs=0, keep=0, calibration=calibration)
        learned = train(linear, seen, recipe)
        claimed = [learned(one.inputs) for one in unseen]
        first = [int(np.argmax(one)) for one in claimed]
        told = [one[at] for one, at in zip(claimed, first, strict=True)]
        true = [one.right[at] for one, at in zip(unseen, first, strict=True)]
        errors.append(expected_calibration_error(told, true, bins=5, by="mass"))
    assert errors[0] < 0.12
    assert errors[0] < errors[1]


def test_without_examples_there_is_nothing_to_learn() -> None:
    with pytest.raises(InputError, match="no lessons to learn from"):
        train(linear, [])


def test_right_is_gold_or_more_than_half() -> None:
    labels = np.array([0.25, 0.5, 0.75])
    assert Lesson(None, labels).right.tolist() == [False, False, True]
    gold = np.array([True, False, False])
    assert Lesson(None, labels, gold=gold).right.tolist() == gold.tolist()
