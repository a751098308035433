"""Two reports → how much better the second system is, question by question.

Two runs can be compared if they were asked the same questions of the same data; then what both find
easy or hard cancels out, and a difference has a narrower interval than the two figures have.
Looking at many measures finds something by luck, so that p values are adjusted after Holm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mnemic.bench.result import Report, Row
from mnemic.core.errors import InputError
from mnemic.measure.intervals import bootstrap_difference, holm


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first, for one measure over one category."""

    measure: str
    category: str | None
    """None: over all questions."""
    first: float
    """Mean over the questions that both have the measure for."""
    second: float
    difference: float
    low: float
    """95 %, paired bootstrap."""
    high: float
    p: float
    """Two-sided, of this difference alone."""
    adjusted: float
    """After Holm, over the measures of the same category, or of all questions."""
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on the same questions."""

    task: str
    tuned: str
    first: str
    second: str
    differences: tuple[Difference, ...]
    """Over all questions first, then category after category."""
    notes: tuple[str, ...]


def compare(
    first: Report,
    second: Report,
    *,
    seed: int = 0,
    resamples: int = 10_000,
    by_conversation: bool = False,
    categories: bool = True,
) -> Comparison:
    """How much better the second is than the first, on the questions that both were asked.

    `seed` and `resamples` as for `bootstrap_difference`; no p is below 2 / resamples, times the
    number of measures after Holm. `by_conversation` draws whole
    conversations, so that it speaks of other conversations; it wants ten of them or more.
    `categories` also looks at each category on its own: of twenty where nothing differs, one looks
    as if it did.

    Raises InputError if the tasks or the data differ, or no measure has a question in both.
    """
    _check(first, second)
    before = {(row.conversation, row.id): row for row in first.rows}
    pairs = [
        (before[row.conversation, row.id], row)
        for row in second.rows
        if (row.conversation, row.id) in before
    ]
    draw = _Draw(seed, resamples, by_conversation)
    overall = draw.differences(pairs, None)
    if not overall:
        raise InputError(
            f"{first.system} and {second.system} have no question with a measure in common on "
            f"{first.task}. Run both on the same questions"
        )
    parts = list(dict.fromkeys(row.category for row, _ in pairs)) if categories else []
    by_category = [
        difference
        for category in (parts if len(parts) > 1 else [])
        for difference in draw.differences(pairs, category)
    ]
    return Comparison(
        task=first.task,
        tuned=first.tuned,
        first=first.system,
        second=second.system,
        differences=(*overall, *by_category),
        notes=tuple(_notes(first, second, len(pairs))),
    )


@dataclass(frozen=True, slots=True)
class _Draw:
    """How intervals are taken."""

    seed: int
    resamples: int
    by_conversation: bool

    def differences(
        self, pairs: Sequence[tuple[Row, Row]], category: str | None
    ) -> list[Difference]:
        """The difference of every measure that both have, in one category or in all."""
        inside = [pair for pair in pairs if category in (None, pair[0].category)]
        differences = []
        for measure in dict.fromkeys(name for row, _ in inside for name in row.scores):
            having = [pair for pair in inside if all(measure in row.scores for row in pair)]
            if not having:
                continue
            before = [row.scores[measure] for row, _ in having]
            after = [row.scores[measure] for _, row in having]
            found = bootstrap_difference(
                before,
                after,
                seed=self.seed,
                resamples=self.resamples,
                clusters=[row.conversation for row, _ in having] if self.by_conversation else None,
            )
            differences.append(
                Difference(
                    measure=measure,
                    category=category,
                    first=sum(before) / len(before),
                    second=sum(after) / len(after),
                    difference=found.mean,
                    low=found.low,
                    high=found.high,
                    p=found.p,
                    adjusted=found.p,
                    n=found.n,
                )
            )
        return _adjusted(differences)


def _check(first: Report, second: Report) -> None:
    """InputError unless both are of the same task and data."""
    if first.task != second.task:
        raise InputError(
            f"{first.task} and {second.task} are different tasks, whose figures do not compare. "
            "Give two reports of one task"
        )
    if first.data != second.data:
        raise InputError(
            f"the reports on {first.task} are of different data: {first.data} and {second.data}. "
            "Run both systems on the same files with the same options"
        )


def _adjusted(family: Sequence[Difference]) -> list[Difference]:
    """The same with p values that know how many were looked at."""
    adjusted = holm([difference.p for difference in family])
    return [replace(each, adjusted=p) for each, p in zip(family, adjusted, strict=True)]


def _notes(first: Report, second: Report, shared: int) -> list[str]:
    """What a reader of the differences must know."""
    notes = list(dict.fromkeys([*first.notes, *second.notes]))
    if shared < max(len(first.rows), len(second.rows)):
        notes.append(
            f"compared on the {shared} questions that both were asked, of {len(first.rows)} and "
            f"{len(second.rows)}"
        )
    if first.limit != second.limit:
        notes.append(
            f"{first.system} was asked for {first.limit} texts, {second.system} for {second.limit}"
        )
    if first.environment.machine != second.environment.machine:
        notes.append("the runs are from different machines, whose times do not compare")
    return notes
