"""What is planted is learned; the mathematics is right; nothing is judged by what it was taught."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.vectors import Floats
from mnemic.retrieval.fit import (
    Example,
    _listwise,
    chances,
    fit_odds,
    folds,
    learn,
    recall_at,
    sums_unseen,
)
from mnemic.retrieval.rank import probabilities, total
from mnemic.retrieval.weights import Odds, Ranker

NAMES = ("turn", "date", "speaker")
TRUE = np.array([3.0, -1.5, 0.0])


def planted(
    questions: int, seed: int = 0, candidates: int = 30, groups: int = 10
) -> tuple[list[Example], list[Floats]]:
    """Questions whose answer is drawn by odds over `TRUE` sums, and those sums."""
    chance = np.random.default_rng(seed)
    examples, sums = [], []
    for place in range(questions):
        values = chance.standard_normal((candidates, 3)) * [1.0, 2.0, 0.5]
        level = values @ TRUE
        shares = np.exp(level - level.max())
        right = chance.choice(candidates, p=shares / shares.sum())
        relevant = np.arange(candidates) == right
        columns = dict(zip(NAMES, values.T.astype(np.float32), strict=True))
        examples.append(Example(columns, relevant, 1, f"g{place % groups}"))
        sums.append(level.astype(np.float32))
    return examples, sums


def test_a_planted_order_is_recovered() -> None:
    examples, _ = planted(600)
    found = learn(examples, NAMES, strength=1.0)
    assert [found[name] for name in NAMES] == pytest.approx(TRUE.tolist(), abs=0.35)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 4), st.floats(0, 50), st.integers(2, 7))
def test_gradient_and_curvature_are_those_of_the_likelihood(
    seed: int, lists: int, strength: float, candidates: int
) -> None:
    chance = np.random.default_rng(seed)
    told = [
        (
            chance.standard_normal((candidates, 3)),
            np.arange(candidates) < chance.integers(1, candidates),
            float(chance.uniform(0.2, 3)),
        )
        for _ in range(lists)
    ]
    weights, centre = chance.standard_normal((2, 3))
    gain, slope, curve = _listwise(told, weights, centre, strength)
    assert np.isfinite(gain)
    step = 1e-5
    for axis, change in enumerate(step * np.eye(3)):
        up = _listwise(told, weights + change, centre, strength)
        down = _listwise(told, weights - change, centre, strength)
        assert slope[axis] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-4, abs=1e-4)
        assert curve[axis] == pytest.approx((down[1] - up[1]) / (2 * step), rel=1e-4, abs=1e-4)
    assert np.linalg.eigvalsh(curve).min() > -1e-9  # concave, so that there is one answer


def test_each_answer_is_compared_with_what_is_wrong_and_not_with_another_answer() -> None:
    """Cao et al. 2007, one answer at a time, by hand: two answers at 1 and 0, one wrong at 0."""
    values = np.array([[1.0], [0.0], [0.0]])
    right = np.array([True, True, False])
    gain, _, _ = _listwise([(values, right, 2.0)], np.array([1.0]), np.array([1.0]), 5.0)
    wanted = np.log(np.e / (np.e + 1)) + np.log(1 / 2)  # weight 2, shared by two answers
    assert gain == pytest.approx(float(wanted))


def test_a_prior_without_end_gives_the_start() -> None:
    start = {"turn": 0.5, "date": 2.0, "speaker": -1.0}
    examples, _ = planted(60)
    for strength, tolerance in ((1e9, 1e-5), (1e4, 0.05)):
        assert learn(examples, NAMES, start, strength) == pytest.approx(start, abs=tolerance)
    near, far = (
        sum(abs(learn(examples, NAMES, start, strength)[name] - start[name]) for name in NAMES)
        for strength in (1000.0, 1.0)
    )
    assert near < far


def test_what_tells_nothing_keeps_its_start() -> None:
    """Features that never vary, and questions without an answer or without a wrong candidate."""
    examples, _ = planted(40)
    start = {"turn": 1.0, "weight": 0.7}
    found = learn(examples, ("turn", "weight"), start, 1.0)
    assert found["weight"] == pytest.approx(0.7)
    silent = [
        Example(one.values, np.full(30, answered), 1, one.group)
        for one, answered in zip(examples, [True, False] * 20, strict=True)
    ]
    assert learn(silent, NAMES, start) == {"turn": 1.0, "date": 0.0, "speaker": 0.0}
    assert learn([*examples, *silent], NAMES, start) == learn(examples, NAMES, start)
    assert learn([], NAMES, start) == {"turn": 1.0, "date": 0.0, "speaker": 0.0}


def test_the_unit_of_a_feature_does_not_matter() -> None:
    """The prior is in units of spread: metres or kilometres, the order is the same."""
    examples, _ = planted(80)
    large = [
        Example({**one.values, "turn": 1000 * one.values["turn"]}, one.relevant, 1, one.group)
        for one in examples
    ]
    small, big = (learn(some, NAMES, strength=20.0) for some in (examples, large))
    assert 1000 * big["turn"] == pytest.approx(small["turn"], rel=1e-3)
    assert big["date"] == pytest.approx(small["date"], rel=1e-3)


def test_a_weight_of_two_is_two_questions() -> None:
    examples, _ = planted(30)
    twice = [Example(one.values, one.relevant, 1, one.group, 2.0) for one in examples]
    found, wanted = learn(twice, NAMES), learn(examples * 2, NAMES)
    assert found == pytest.approx(wanted, rel=1e-4)


def test_a_feature_that_always_tells_has_a_finite_weight() -> None:
    """Without a prior its weight would have no end."""
    chance = np.random.default_rng(5)
    examples = []
    for place in range(50):
        relevant = np.arange(20) == chance.integers(20)
        values = {"turn": relevant.astype(np.float32), "date": chance.random(20).astype("f")}
        examples.append(Example(values, relevant, 1, str(place)))
    for strength in (30.0, 1e-6):
        found = learn(examples, ("turn", "date"), strength=strength)
        assert np.isfinite(list(found.values())).all()
        assert found["turn"] > 1 > abs(found["date"])


def test_weights_that_are_sure_of_an_order_are_no_division_by_zero() -> None:
    """Sums that lie a thousand apart once left no mass on one side."""
    relevant = np.arange(20) == 3
    examples = [Example({"turn": relevant.astype("f")}, relevant, 1, str(n)) for n in range(10)]
    assert learn(examples, ("turn",), {"turn": 1000.0}, 1.0)["turn"] == pytest.approx(1000)
    assert learn(examples, ("turn",), {"turn": -1000.0}, 1.0)["turn"] > -1000


GROUPS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30)


@given(GROUPS, st.integers(1, 8))
def test_folds_judge_each_question_once_and_never_split_a_group(
    groups: list[str], count: int
) -> None:
    examples = [Example({}, np.zeros(1, bool), 0, group) for group in groups]
    made = folds(examples, count)
    assert sorted(place for _, judged in made for place in judged) == list(range(len(groups)))
    for fitted, judged in made:
        assert sorted(fitted + judged) == list(range(len(groups)))
        assert not {groups[place] for place in fitted} & {groups[place] for place in judged}


def test_what_is_judged_was_not_taught() -> None:
    """A group's answers turned upside down change nothing of what it is judged by."""
    examples, _ = planted(60, groups=5)
    before = sums_unseen(examples, NAMES)
    turned = [
        Example(one.values, np.roll(one.relevant, 7), 1, one.group) if one.group == "g2" else one
        for one in examples
    ]
    after = sums_unseen(turned, NAMES)
    mine = [one.group == "g2" for one in examples]
    for own, old, new in zip(mine, before, after, strict=True):
        assert (old.tolist() == new.tolist()) == own


def test_one_group_alone_is_judged_by_what_one_starts_from() -> None:
    examples, _ = planted(12, groups=1)
    start = {"turn": 2.0}
    for one, sums in zip(examples, sums_unseen(examples, NAMES, start), strict=True):
        assert sums == pytest.approx(total(dict(one.values), Ranker(start), 30))


def binned_error(told: Floats, held: np.ndarray, bins: int = 10) -> float:
    """ECE over bins with as many each (Guo et al. 2017)."""
    parts = np.array_split(np.argsort(told), bins)
    gaps = [abs(float(told[part].mean() - held[part].mean())) * len(part) for part in parts]
    return sum(gaps) / len(told)


def uncertain(questions: int, seed: int) -> tuple[list[Example], list[Floats]]:
    """Questions of which a third have no answer; where there is one, it tends to score more."""
    chance = np.random.default_rng(seed)
    examples, sums = [], []
    for place in range(questions):
        level = chance.standard_normal(40)
        relevant = np.zeros(40, bool)
        if place % 3:
            relevant[0] = True
            level[0] += chance.normal(2.5, 1.5)
        examples.append(Example({}, relevant, int(relevant.sum()), str(place)))
        sums.append((2 * level + 1).astype(np.float32))
    return examples, sums


def test_odds_are_calibrated_on_questions_that_they_did_not_see() -> None:
    odds = fit_odds(*uncertain(600, 1))
    told, held = chances(*uncertain(1200, 2), odds)
    assert binned_error(told, held) <= 0.05
    first, right = told.reshape(-1, 10)[:, 0], held.reshape(-1, 10)[:, 0]
    assert first[right].mean() > first[~right].mean() + 0.1  # they tell one from the other


def test_planted_odds_are_recovered() -> None:
    """The chance of the first of each question, too, which rests on all three coefficients."""
    true = Odds(bias=-2.0, sum=0.8, best=-0.4, tenth=-0.3)
    parts = []
    for seed, questions in ((1, 800), (2, 1500)):
        chance = np.random.default_rng(seed)
        shifts = chance.normal(0, 2, questions)
        sums = [(shift + 2 * chance.standard_normal(20)).astype("f") for shift in shifts]
        holds = [chance.random(20) < probabilities(one, true) for one in sums]
        parts.append(([Example({}, one, int(one.sum()), "g") for one in holds], sums))
    (taught, seen), (judged, unseen) = parts
    odds = fit_odds(taught, seen)
    assert (odds.bias, odds.sum, odds.best, odds.tenth) == pytest.approx(
        (true.bias, true.sum, true.best, true.tenth), abs=0.15
    )
    told, held = chances(judged, unseen, odds)
    assert binned_error(told, held) <= 0.05
    assert binned_error(told.reshape(-1, 10)[:, 0], held.reshape(-1, 10)[:, 0]) <= 0.05


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 15))
def test_odds_never_turn_the_order(seed: int, questions: int, candidates: int) -> None:
    """Also where the data say that a larger sum is less likely."""
    chance = np.random.default_rng(seed)
    sums = [chance.standard_normal(candidates).astype(np.float32) for _ in range(questions)]
    examples = [Example({}, one < chance.normal(-0.5, 0.5), 1, "g") for one in sums]
    odds = fit_odds(examples, sums)
    assert odds.sum > 0
    for one in sums:
        told = probabilities(one, odds)
        assert np.isfinite(told).all()
        assert (np.diff(told[np.argsort(one)]) >= 0).all()


def test_odds_of_nothing_are_the_plain_ones() -> None:
    nothing = np.zeros(0, np.float32)
    assert fit_odds([], []) == Odds()
    assert fit_odds([Example({}, np.zeros(0, bool), 1, "g")], [nothing]) == Odds()
    three = np.arange(3, dtype=np.float32)
    for answered in (True, False):
        assert fit_odds([Example({}, np.full(3, answered), 3, "g")], [three]) == Odds()
    told, held = chances([], [], Odds())
    assert told.shape == held.shape == (0,)


def test_recall_counts_all_evidence_and_leaves_out_what_has_none() -> None:
    relevant = np.array([True, False, True, False])
    sums = [np.array([1, 4, 3, 2], np.float32)] * 3
    examples = [
        Example({}, relevant, 2, "a"),
        Example({}, relevant, 4, "b"),  # two of its records were not drawn
        Example({}, np.zeros(4, bool), 0, "c"),
    ]
    assert recall_at(examples, sums, 2).tolist() == [0.5, 0.25]
    assert recall_at(examples, sums, 10).tolist() == [1.0, 0.5]


def test_chances_are_those_that_a_search_would_tell() -> None:
    examples, sums = planted(5)
    odds = Odds(-1, 0.5, 0.1, 0.1)
    told, held = chances(examples, sums, odds, cut=3)
    for place, one in enumerate(examples):
        best = np.argsort(-sums[place])[:3]
        assert told[3 * place : 3 * place + 3] == pytest.approx(
            probabilities(sums[place], odds)[best]
        )
        assert held[3 * place : 3 * place + 3].tolist() == one.relevant[best].tolist()
