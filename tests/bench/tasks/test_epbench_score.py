"""Scores of answers: the paper's rules, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.tasks.epbench_score import answer_scores, normal, summary, tau

values = st.lists(st.sampled_from("abcdef"), max_size=6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("April 09, 2026", "2026-04-09"),
        ("April 9, 2026", "9 April 2026"),
        ("Sept. 3rd, 2026", "September 03, 2026"),
        ("the 'Night Hike'", "night hike"),
        ("St. Patrick\u2019s Cathedral", "St Patricks Cathedral"),
        ("An Archery Contest.", "archery contest"),
    ],
)
def test_the_same_value_in_another_dress(one: str, other: str) -> None:
    assert normal(one) == normal(other)


def test_different_values_stay_different() -> None:
    assert normal("April 09, 2026") != normal("April 09, 2025")
    assert normal("Anselm Vance") != normal("Adela Vance")
    assert normal("Theatre") == "theatre"  # not an article and "atre"


def test_precision_counts_no_more_predictions_than_gold() -> None:
    scores = answer_scores(["a", "x", "y", "z"], ["a", "b"], "all")
    assert scores["f1"] == 0.5  # precision 1/2, recall 1/2
    assert scores["strict f1"] == pytest.approx(1 / 3)  # precision 1/4


def test_an_empty_question_wants_an_empty_answer() -> None:
    assert answer_scores([], [], "latest")["f1"] == 1
    assert answer_scores(["a"], [], "all") == {"f1": 0, "strict f1": 0, "hallucinated": 1}
    assert answer_scores([" ."], [], "all")["hallucinated"] == 0  # nothing is said by a dot


def test_order_counts_only_when_everything_was_found() -> None:
    assert answer_scores(["a", "b"], ["a", "b", "c"], "chronological")["tau"] == 0
    assert answer_scores(["c", "b", "a"], ["a", "b", "c"], "chronological")["tau"] == -1
    assert "tau" not in answer_scores(["a"], ["a"], "chronological")
    assert "tau" not in answer_scores(["a", "b"], ["a", "b"], "all")


def test_a_value_that_comes_twice() -> None:
    gold = ["a", "b", "a"]
    assert tau(["a", "b", "a"], gold) == 1
    assert tau(["a", "b"], gold) == 1  # each said once: first mentions count
    assert tau(["b", "a"], gold) == -1
    assert answer_scores(["a"], ["a", "a"], "chronological")["tau"] == 1


@given(values, st.permutations("abcd"))
def test_tau_of_an_order_and_its_reverse_cancel(noise: list[str], order: list[str]) -> None:
    assert tau(order, "abcd") == -tau(order[::-1], "abcd")
    assert tau([*order, *noise], "abcd") == tau(order, "abcd")


@given(values, values, st.sampled_from(["all", "latest", "chronological"]))
def test_scores_stay_in_their_range(said: list[str], gold: list[str], get: str) -> None:
    scores = answer_scores(said, gold, get)
    assert 0 <= scores["strict f1"] <= scores["f1"] <= 1
    assert -1 <= scores.get("tau", 0) <= 1
    assert answer_scores(gold, gold, get)["strict f1"] == 1


def test_the_papers_summary() -> None:
    asked = [
        {"get": "all", "matches": 0},
        {"get": "all", "matches": 1},
        {"get": "all", "matches": 4},
        {"get": "latest", "matches": 1},
        {"get": "latest", "matches": 2},
        {"get": "chronological", "matches": 3},
        {"get": "chronological", "matches": 2},
        {"get": "latest", "matches": 0},
    ]
    scores = [
        {"f1": 1.0, "hallucinated": 0.0},
        {"f1": 0.5},
        {"f1": 0.6},
        {"f1": 0.0},  # one chapter has no state before: left out
        {"f1": 1.0},
        {"f1": 1.0, "found all": 1.0, "tau": 1.0},
        {"f1": 0.5, "found all": 0.0, "tau": 0.0},
        {"f1": 0.0, "hallucinated": 1.0},
    ]
    figures = summary(asked, scores)
    assert figures["simple recall"] == pytest.approx((1 + 0.5 + 0.6) / 3)
    assert figures["chronological awareness"] == pytest.approx((1 + 0.5) / 2)
    assert figures["hallucination"] == 0.5
    assert summary(asked, [{} for _ in asked]) == {}


def test_a_list_told_backwards_is_no_worse_than_none() -> None:
    asked = [{"get": "latest", "matches": 2}, {"get": "chronological", "matches": 2}]
    scores = [{"f1": 1.0}, {"f1": 1.0, "found all": 1.0, "tau": -1.0}]
    assert summary(asked, scores)["chronological awareness"] == 0.5
