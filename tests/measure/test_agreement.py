from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.measure.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha

PAIRS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=30).filter(
    lambda pairs: len({label for pair in pairs for label in pair}) > 1
)

# Krippendorff (2011), example C: four observers, twelve units, values missing.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]

# Fleiss (1971) as usually quoted: ten subjects, fourteen raters, five categories.
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip


def test_cohen_of_fifty_grant_proposals() -> None:
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)


WEIGHTS = st.sampled_from(["equal", "linear", "quadratic"])


@given(PAIRS, WEIGHTS)
def test_cohen_against_the_definition(
    pairs: list[tuple[int, int]], weights: Literal["equal", "linear", "quadratic"]
) -> None:
    costs = {"equal": bool, "linear": abs, "quadratic": lambda step: step**2}
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    seen = np.mean([float(costs[weights](a - b)) for a, b in pairs])
    by_chance = np.mean([float(costs[weights](a - b)) for a in first for b in second])
    if by_chance == 0:
        with pytest.raises(InputError):
            cohen_kappa(first, second, weights=weights, order=[1, 2, 3, 4])
        return
    found = cohen_kappa(first, second, weights=weights, order=[1, 2, 3, 4])
    assert found == pytest.approx(1 - seen / by_chance)


@pytest.mark.slow  # to import the reference takes longer than all the other tests of this file
@given(PAIRS, WEIGHTS)
def test_cohen_agrees_with_statsmodels(
    pairs: list[tuple[int, int]], weights: Literal["equal", "linear", "quadratic"]
) -> None:
    rater = pytest.importorskip("statsmodels.stats.inter_rater")
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    table = np.zeros((4, 4))
    for one, other in pairs:
        table[one - 1, other - 1] += 1
    try:
        found = cohen_kappa(first, second, weights=weights, order=[1, 2, 3, 4])
    except InputError:
        assert len(set(first)) == len(set(second)) == 1
        return
    with np.errstate(all="ignore"):
        known = rater.cohens_kappa(table, wt=None if weights == "equal" else weights)
    assert found == pytest.approx(known.kappa)


def test_a_near_miss_costs_less_with_weights() -> None:
    near = cohen_kappa([1, 2, 3, 3], [1, 2, 3, 2], weights="quadratic", order=[1, 2, 3])
    far = cohen_kappa([1, 2, 3, 3], [1, 2, 3, 1], weights="quadratic", order=[1, 2, 3])
    assert near > far


def test_fleiss_of_his_table() -> None:
    ratings = [
        [category for category, count in enumerate(row) for _ in range(count)] for row in FLEISS
    ]
    assert fleiss_kappa(ratings) == pytest.approx(0.210, abs=5e-4)


@pytest.mark.parametrize(
    ("level", "known"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_krippendorff_of_his_example(
    level: Literal["nominal", "ordinal", "interval"], known: float
) -> None:
    assert krippendorff_alpha(OBSERVERS, level=level) == pytest.approx(known, abs=5e-4)


def test_krippendorff_with_three_coders() -> None:
    # The well-known example of three coders and fifteen units, with items that one coder saw.
    rows = ["*****34121133*3", "1*213343*******", "**21344*21133*4"]
    ratings = [[None if mark == "*" else int(mark) for mark in row] for row in rows]
    assert krippendorff_alpha(ratings) == pytest.approx(0.691, abs=5e-4)
    assert krippendorff_alpha(ratings, level="interval") == pytest.approx(0.811, abs=5e-4)


@given(PAIRS)
def test_full_agreement_is_one_and_names_are_nothing(pairs: list[tuple[int, int]]) -> None:
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    everything = first + second
    assert cohen_kappa(everything, everything) == pytest.approx(1)
    assert krippendorff_alpha([everything, everything], level="ordinal") == pytest.approx(1)
    assert fleiss_kappa([[label, label] for label in everything]) == pytest.approx(1)
    named = krippendorff_alpha([[f"n{v}" for v in first], [f"n{v}" for v in second]])
    assert named == pytest.approx(krippendorff_alpha([first, second]))
    assert named == pytest.approx(krippendorff_alpha([second, first]))


def test_ordinal_labels_may_be_words() -> None:
    order = ["none", "some", "all"]
    words = [["none", "some", "all", "all"], ["none", "all", "all", "some"]]
    numbers = [[order.index(word) for word in row] for row in words]
    found = krippendorff_alpha(words, level="ordinal", order=order)
    assert found == pytest.approx(krippendorff_alpha(numbers, level="ordinal"))


def test_what_cannot_be_used_is_said() -> None:
    with pytest.raises(InputError, match="only one label occurs"):
        cohen_kappa(["a", "a"], ["a", "a"])
    with pytest.raises(InputError, match="only one label occurs"):
        krippendorff_alpha([["a", "a"], ["a", None]])
    with pytest.raises(InputError, match="1 and 2 labels do not pair"):
        cohen_kappa(["a"], ["a", "b"])
    with pytest.raises(InputError, match="need steps to count"):
        cohen_kappa(["a", "b"], ["a", "b"], weights="linear")
    with pytest.raises(InputError, match="the label 'c' is not in order"):
        cohen_kappa(["a", "c"], ["a", "b"], order=["a", "b"])
    with pytest.raises(InputError, match=r"items have \[1, 2\] ratings"):
        fleiss_kappa([["a", "b"], ["a"]])
    with pytest.raises(InputError, match="different length"):
        krippendorff_alpha([[1, 2], [1]])
    with pytest.raises(InputError, match="no item has two labels"):
        krippendorff_alpha([[1, None], [None, 2]])
    with pytest.raises(InputError, match="'a' is no number"):
        krippendorff_alpha([["a", "b"], ["a", "b"]], level="interval")
