"""The recipe for a reranker: soft labels, then contrast, then calibration.

    stage 1   cross-entropy against soft labels: what an answer looks like
    stage 2   InfoNCE against hard negatives of the same topic: which of the likely ones it is
    then      a map from logits to probabilities, fitted on questions that were not learned from

After MemReranker (2026, arXiv 2605.06132), which does it with language models of 0.6 and 4 billion
weights; what it leaves open (temperature, mix, epochs) is an argument here. The recipe moves any
`Student`: the networks over features of `networks.py`, or a cross-encoder in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnemic.core.errors import InputError
from mnemic.core.ports import Ints, Mask
from mnemic.measure.calibration import Isotonic, Platt, fit_isotonic, fit_platt
from mnemic.retrieval.fit import Example, fit_odds
from mnemic.retrieval.losses import cross_entropy, hard_negatives, info_nce
from mnemic.retrieval.rank import probabilities
from mnemic.retrieval.weights import Odds

Doubles: TypeAlias = NDArray[np.float64]
I = TypeVar("I")  # noqa: E741
"""What a student reads of one question's candidates: a matrix of features, or pairs of texts."""
Reads = TypeVar("Reads", contravariant=True)


class Student(Protocol[Reads]):
    """What can be taught: it gives logits, and moves against the slopes of a loss by them."""

    def logits(self, inputs: Sequence[Reads]) -> Sequence[Doubles]:
        """The logits (n,) of each question's candidates."""
        ...

    def learn(self, slopes: Sequence[Doubles]) -> None:
        """One step against the slopes (n,) by the logits that were last given."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Lesson(Generic[I]):
    """One question with its candidates."""

    inputs: I
    soft: Doubles
    """How good each candidate is, in [0, 1] (n,): gold, or what `soft_labels` made."""
    group: str = ""
    """The conversation. Calibration is never fitted on the conversation that was learned from."""
    topic: Ints | None = None
    """The session of each candidate (n,); negatives of a positive's own session are hard ones."""
    gold: Mask | None = None
    """Which candidates are right (n,), where it is known; else those above one half."""

    @property
    def right(self) -> Mask:
        """Which candidates count as right (n,)."""
        return self.soft > 0.5 if self.gold is None else self.gold


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long, and against what. A stage of 0 epochs is left out."""

    soft_epochs: int = 15
    contrast_epochs: int = 15
    batch: int = 16
    """Questions in a step."""
    hard: int = 60
    """Negatives that each positive is contrasted with."""
    temperature: float = 1.0
    keep: float = 0.1
    """Share of the soft labels' loss in stage 2, so that logits keep their level."""
    calibration: Literal["rivals", "platt", "isotonic"] = "rivals"
    """Contrast teaches differences within a question, so its logits are no odds across questions:
    "rivals" also reads the best and the tenth logit of the question (the first of each question was
    off by .15 on LoCoMo, by .39 with "platt"). The others map each logit by itself."""
    folds: int = 3
    """Parts that conversations are dealt into for calibration: each is judged by a student of the
    others."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Rivals:
    """Logits of all candidates of one question → probabilities; what rivals score counts too."""

    odds: Odds

    def __call__(self, logits: ArrayLike) -> Doubles:
        """Probabilities (n,) for the logits (n,) of one question."""
        return probabilities(np.asarray(logits, np.float32), self.odds).astype(np.float64)


Calibration: TypeAlias = Rivals | Platt | Isotonic


@dataclass(frozen=True, slots=True, eq=False)
class Learned(Generic[I]):
    """A student that has learned, with the map that makes its logits probabilities."""

    student: Student[I]
    calibration: Calibration

    def __call__(self, inputs: I) -> Doubles:
        """The probability that each candidate is right (n,)."""
        return self.calibration(self.student.logits([inputs])[0])


def train(
    make: Callable[[Sequence[Lesson[I]]], Student[I]],
    lessons: Sequence[Lesson[I]],
    recipe: Recipe | None = None,
    held_out: Sequence[Lesson[I]] = (),
) -> Learned[I]:
    """Teach a student all lessons, and calibrate it on what it has not seen.

    `make` makes a fresh student for the lessons that it will learn from. With `held_out` lessons
    calibration is fitted on those; else on the lessons themselves, each judged by a student that
    was made and taught without its fold of conversations (`recipe.folds` more students).

    Raises InputError without lessons, or where calibration has nothing of its own.
    """
    chosen = recipe or Recipe()
    if not lessons:
        raise InputError("no lessons to learn from. Give questions with their candidates")
    if held_out:
        student = taught(make(lessons), lessons, chosen)
        return Learned(student, calibrated(_judged(student, held_out), held_out, chosen))
    judged = cross_fitted(make, lessons, chosen)
    calibration = calibrated([one for _, one in judged], [one for one, _ in judged], chosen)
    return Learned(taught(make(lessons), lessons, chosen), calibration)


def cross_fitted(
    make: Callable[[Sequence[Lesson[I]]], Student[I]],
    lessons: Sequence[Lesson[I]],
    recipe: Recipe,
) -> list[tuple[Lesson[I], Doubles]]:
    """Each lesson with logits (n,) from a student that never saw its conversation.

    What a threshold, or anything else about scores, is chosen on. Raises InputError if all lessons
    are of one group, or `recipe.folds` < 2.
    """
    judged: list[tuple[Lesson[I], Doubles]] = []
    for inside, outside in _folds(lessons, recipe):
        student = taught(make(inside), inside, recipe)
        judged += zip(outside, _judged(student, outside), strict=True)
    return judged


def taught(student: Student[I], lessons: Sequence[Lesson[I]], recipe: Recipe) -> Student[I]:
    """Both stages, one after the other; the same student, changed."""
    chance = np.random.default_rng(recipe.seed)
    for stage, epochs in ((1, recipe.soft_epochs), (2, recipe.contrast_epochs)):
        for _ in range(epochs):
            for batch in _batches(lessons, recipe.batch, chance):
                logits = student.logits([one.inputs for one in batch])
                slopes = [
                    (_soft if stage == 1 else _contrast)(given, one, recipe) / len(batch)
                    for given, one in zip(logits, batch, strict=True)
                ]
                student.learn(slopes)
    return student


def calibrated(
    logits: Sequence[Doubles], lessons: Sequence[Lesson[I]], recipe: Recipe
) -> Calibration:
    """The map from a question's logits to probabilities that fits the lessons' `right`."""
    if recipe.calibration == "rivals":
        examples = [Example({}, one.right, int(one.right.sum()), one.group) for one in lessons]
        return Rivals(fit_odds(examples, [one.astype(np.float32) for one in logits]))
    fit = fit_platt if recipe.calibration == "platt" else fit_isotonic
    return fit(np.concatenate(logits), np.concatenate([one.right for one in lessons]))


def _soft(logits: Doubles, lesson: Lesson[I], recipe: Recipe) -> Doubles:
    return cross_entropy(logits, lesson.soft)[1]


def _contrast(logits: Doubles, lesson: Lesson[I], recipe: Recipe) -> Doubles:
    right = lesson.right
    hard = hard_negatives(logits, right, lesson.topic, recipe.hard)
    contrast = info_nce(logits, right, hard, recipe.temperature)[1]
    return (1 - recipe.keep) * contrast + recipe.keep * cross_entropy(logits, lesson.soft)[1]


def _judged(student: Student[I], lessons: Sequence[Lesson[I]]) -> list[Doubles]:
    return [student.logits([one.inputs])[0] for one in lessons]


def _batches(
    lessons: Sequence[Lesson[I]], size: int, chance: np.random.Generator
) -> Iterator[list[Lesson[I]]]:
    order = chance.permutation(len(lessons)).tolist()
    for start in range(0, len(order), size):
        yield [lessons[place] for place in order[start : start + size]]


def _folds(
    lessons: Sequence[Lesson[I]], recipe: Recipe
) -> Iterator[tuple[list[Lesson[I]], list[Lesson[I]]]]:
    """(learned from, judged), so that every conversation is judged once."""
    groups = list(dict.fromkeys(one.group for one in lessons))
    count = min(recipe.folds, len(groups))
    if count < 2:
        raise InputError(
            f"calibration needs conversations of its own: {len(groups)} group and "
            f"folds={recipe.folds}. Name each lesson's group, or give held_out lessons"
        )
    order = np.random.default_rng(recipe.seed).permutation(len(groups)).tolist()
    fold = {groups[place]: number % count for number, place in enumerate(order)}
    for number in range(count):
        yield (
            [one for one in lessons if fold[one.group] != number],
            [one for one in lessons if fold[one.group] == number],
        )
