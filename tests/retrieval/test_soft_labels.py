from __future__ import annotations

import numpy as np
import pytest

from mnemic.core.asks import Ask
from mnemic.core.errors import InputError, ModelError
from mnemic.core.records import Json
from mnemic.retrieval.soft_labels import LEVELS, compared, level_values, levels, soft
from mnemic.retrieval.teachers import NOTHING, Asking, Noisy

WORTH = {"best": 1.0, "good": 0.75, "half": 0.5, "poor": 0.25, "none": 0.0}


def worth(query: str, text: str) -> float:
    return WORTH[text]


def test_noisy_teachers_agree_on_the_levels() -> None:
    teachers = [Noisy(worth, sharpness=6, seed=seed) for seed in range(12)]
    pairs, won = compared("?", list(WORTH), teachers, rounds=4)
    found = levels(pairs, won, len(WORTH))
    assert (np.diff(found) <= 0).all()
    assert found[0] == 4
    assert found[-1] == 0
    labels = soft(found)
    assert ((labels >= 0) & (labels <= 1)).all()


def test_every_text_is_compared_with_nothing_and_with_others() -> None:
    asked: list[tuple[str, str]] = []

    def teacher(query: str, first: str, second: str) -> float:
        asked.append((first, second))
        return 1.0

    pairs, won = compared("?", ["a", "b", "c"], [teacher], rounds=2, seed=1)
    assert [(first, NOTHING) for first in "abc"] == asked[:3]
    assert len(pairs) == len(won) == 3 * (2 + 1)
    assert np.bincount(pairs[3:].ravel()).tolist() == [4, 4, 4]
    assert compared("?", ["a"], [teacher])[0].tolist() == [[0, 1]]
    assert compared("?", [], [teacher])[0].shape == (0, 2)


def test_alone_with_nothing_a_text_is_useful_or_not() -> None:
    one = np.array([[0, 1]] * 40)
    assert levels(one, np.ones(40), 1).tolist() == [4]
    assert levels(one, np.zeros(40), 1).tolist() == [0]
    assert levels(one, np.full(40, 0.5), 1).tolist() == [2]


def test_levels_are_worth_what_of_them_was_gold() -> None:
    found = np.repeat(np.arange(5), 100)
    gold = np.concatenate([np.arange(100) < share for share in (1, 5, 40, 30, 90)])
    values = level_values(found, gold)
    assert values == pytest.approx((0.01, 0.05, 0.35, 0.35, 0.9))
    assert soft(np.array([4, 0]), values).tolist() == pytest.approx([0.9, 0.01])
    with pytest.raises(InputError, match="no candidate"):
        level_values(np.zeros(0, np.int64), [])
    assert len(LEVELS) == 5


def test_a_noisy_teacher_errs_as_often_as_it_says_and_never_contradicts_itself() -> None:
    def place(query: str, text: str) -> float:
        return float(text)

    teacher = Noisy(place, sharpness=1.5)
    right = [teacher(str(number), "1", "0") for number in range(2000)]
    assert np.mean(right) == pytest.approx(1 / (1 + np.exp(-1.5)), abs=0.03)
    assert all(teacher(str(n), "0", "1") == 1 - right[n] for n in range(50))
    assert Noisy(place, sharpness=1.5, seed=1)("7", "1", "0") in (0.0, 1.0)


def test_a_language_model_that_prefers_a_place_is_a_draw() -> None:
    assert Asking(lambda ask: {"better": "first"})("?", "a", "b") == 0.5

    def knows(ask: Ask) -> Json:
        assert ask.purpose == "compare"
        return {"better": "first" if '"first": "a"' in ask.messages[1].text else "second"}

    assert Asking(knows)("?", "a", "b") == 1.0
    assert Asking(knows)("?", "b", "a") == 0.0


@pytest.mark.parametrize("told", [None, "first", [], {}, {"better": 1}, {"better": ["first"]}])
def test_an_answer_that_is_none_is_a_draw(told: Json) -> None:
    assert Asking(lambda ask: told)("?", "a", "b") == 0.5


def test_a_model_that_fails_is_a_draw() -> None:
    def fails(ask: Ask) -> Json:
        raise ModelError("out of reach. Try later")

    assert Asking(fails)("?", "a", "b") == 0.5
