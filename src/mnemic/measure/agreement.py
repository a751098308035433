"""How far people or judges agree beyond chance: Cohen's and Fleiss' kappa, Krippendorff's alpha.

1 is full agreement, 0 what chance would give, below 0 is disagreement. Where only one label ever
occurs chance alone agrees fully, nothing can be said, and every function raises InputError.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.errors import InputError

Doubles: TypeAlias = NDArray[np.float64]

Weights: TypeAlias = Literal["equal", "linear", "quadratic"]
"""How much worse it is to be further apart: not at all, by the distance, by its square."""

Level: TypeAlias = Literal["nominal", "ordinal", "interval"]
"""Whether labels are only different, in an order, or numbers with distances."""


def cohen_kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    weights: Weights = "equal",
    order: Sequence[Hashable] | None = None,
) -> float:
    """The agreement of two raters on the same items.

    `weights` other than "equal" count steps between labels in `order`, which must then be given.
    Cohen (1960; weighted 1968).

    Raises InputError for different numbers of items, a label that `order` lacks, or one label only.

    >>> cohen_kappa(["yes", "yes", "no", "no"], ["yes", "no", "no", "no"])
    0.5
    """
    if len(first) != len(second) or not first:
        raise InputError(
            f"{len(first)} and {len(second)} labels do not pair. "
            "Give both raters' labels of the same one or more items"
        )
    if order is None and weights != "equal":
        raise InputError(f"weights={weights!r} need steps to count. Give the labels in order=")
    labels = list(dict.fromkeys([*first, *second] if order is None else order))
    place = {label: number for number, label in enumerate(labels)}
    unknown = next((label for label in [*first, *second] if label not in place), None)
    if unknown is not None:
        raise InputError(f"the label {unknown!r} is not in order={labels!r}. Add it")
    seen = np.zeros((len(labels), len(labels)))
    for one, other in zip(first, second, strict=True):
        seen[place[one], place[other]] += 1
    by_chance = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / len(first)
    steps = np.abs(np.subtract.outer(np.arange(len(labels)), np.arange(len(labels))))
    apart = {"equal": steps > 0, "linear": steps, "quadratic": steps**2}[weights]
    return _beyond_chance(float((apart * seen).sum()), float((apart * by_chance).sum()))


def fleiss_kappa(ratings: Sequence[Sequence[Hashable]]) -> float:
    """The agreement of many raters, who need not be the same for each item.

    `ratings` holds the labels of each item: two or more, and the same number for every item. Fleiss
    (1971).

    Raises InputError for no items, other numbers of ratings, or one label only.

    >>> fleiss_kappa([["a", "a", "a"], ["b", "b", "b"], ["a", "b", "b"]])
    0.55
    """
    sizes = {len(item) for item in ratings}
    if len(sizes) != 1 or min(sizes) < 2:
        raise InputError(
            f"items have {sorted(sizes)} ratings. Give each item the same number, two or more; "
            "krippendorff_alpha takes items with missing ratings"
        )
    raters = sizes.pop()
    labels = dict.fromkeys(label for item in ratings for label in item)
    counts = np.array([[list(item).count(label) for label in labels] for item in ratings], float)
    agreeing = ((counts**2).sum() - counts.sum()) / (len(ratings) * raters * (raters - 1))
    by_chance = ((counts.sum(axis=0) / counts.sum()) ** 2).sum()
    return _beyond_chance(1 - float(agreeing), 1 - float(by_chance))


def krippendorff_alpha(
    ratings: Sequence[Sequence[Hashable | None]],
    *,
    level: Level = "nominal",
    order: Sequence[Hashable] | None = None,
) -> float:
    """The agreement of any number of raters, with values missing.

    `ratings` holds a row for each rater with a label, or None, for each item; items with fewer than
    two labels say nothing. `order` lists the labels from low to high for level "ordinal"; without
    it, and for "interval", labels must be numbers. Krippendorff (2011, Computing Krippendorff's
    Alpha-Reliability).

    Raises InputError for rows of different length, no pair of labels, labels that are no numbers
    where numbers are needed, or one label only.

    >>> krippendorff_alpha([[1, 2, None, 2], [1, 2, 3, 1]], level="interval")
    0.4444444444444444
    """
    if len({len(row) for row in ratings}) != 1:
        raise InputError("raters have rows of different length. Give None where a label is missing")
    items = [[label for label in item if label is not None] for item in zip(*ratings, strict=True)]
    items = [item for item in items if len(item) > 1]
    if not items:
        raise InputError("no item has two labels. Let two raters label the same items")
    present = list(dict.fromkeys(label for item in items for label in item))
    labels = _arranged(present, level, order)
    place = {label: number for number, label in enumerate(labels)}
    pairs = np.zeros((len(labels), len(labels)))
    for item in items:
        counts = np.bincount([place[label] for label in item], minlength=len(labels))
        pairs += (np.outer(counts, counts) - np.diag(counts)) / (len(item) - 1)
    totals = pairs.sum(axis=1)
    apart = _distances(labels, totals, level)
    by_chance = (np.outer(totals, totals) - np.diag(totals)) / (totals.sum() - 1)
    return _beyond_chance(float((apart * pairs).sum()), float((apart * by_chance).sum()))


def _arranged(
    present: Sequence[Hashable], level: Level, order: Sequence[Hashable] | None
) -> Sequence[Hashable]:
    """The labels that occur, from low to high where that means something."""
    if level == "nominal":
        return present
    if level == "ordinal" and order is not None:
        unknown = next((label for label in present if label not in order), None)
        if unknown is not None:
            raise InputError(f"the label {unknown!r} is not in order={list(order)!r}. Add it")
        return [label for label in dict.fromkeys(order) if label in present]
    numbers = [label for label in present if isinstance(label, int | float)]
    if len(numbers) != len(present):
        wrong = next(label for label in present if not isinstance(label, int | float))
        raise InputError(
            f"the label {wrong!r} is no number, and level={level!r} needs numbers. "
            'Give numbers, or level="ordinal" with order='
        )
    return sorted(numbers)


def _distances(labels: Sequence[Hashable], totals: Doubles, level: Level) -> Doubles:
    """How far labels are apart, squared (labels, labels)."""
    if level == "nominal":
        return 1 - np.eye(len(labels))
    if level == "interval":
        values = np.array(labels, np.float64)
        return np.asarray(np.subtract.outer(values, values) ** 2, np.float64)
    middles = np.cumsum(totals) - totals / 2  # ranks between two labels, half of each end
    return np.asarray(np.subtract.outer(middles, middles) ** 2, np.float64)


def _beyond_chance(seen: float, by_chance: float) -> float:
    """1 - disagreement seen / disagreement by chance."""
    if by_chance < 1e-12:
        raise InputError(
            "only one label occurs, so that agreement and chance are the same. "
            "Agreement needs items that differ"
        )
    return 1 - seen / by_chance
