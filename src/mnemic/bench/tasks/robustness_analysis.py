"""Reports of the robustness task, of several systems and data → marginal means with intervals.

A bare mean over Cranfield, LoCoMo and a book says which of them has most questions. The model of
`measure/mixed.py` has systems and what was done to the questions as fixed effects, conversations
and the questions in them as random ones, as "Robustness of LLM-based dense retrievers" (2026, arXiv
2604.16576) has; the runs of several seeds are averaged beforehand, for they are no further
questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mnemic.bench.result import Report, Row
from mnemic.bench.tables import grid
from mnemic.bench.tasks import robustness
from mnemic.bench.tasks.robustness import CLEAN
from mnemic.core.errors import InputError
from mnemic.measure.mixed import MixedModel, fit_mixed

_FACTORS: Final = ("system", "kind")


def marginal_model(
    reports: Sequence[Report],
    measure: str = "ndcg@10",
    kinds: Sequence[str] = (),
    *,
    members: bool = True,
) -> MixedModel:
    """Fit `measure ~ system * kind + (1 | conversation / question)` on rows of the task.

    `kinds` are those to compare, default all that have the measure. `members` gives each question
    an intercept of its own, which is right where systems and kinds share their questions; a
    conversation of several hundred questions then takes minutes.

    A factor of one level is left out. Raises InputError for reports of other tasks, rows of which
    none has the measure, or what `fit_mixed` refuses, such as data of one conversation only;
    MissingExtra without statsmodels.
    """
    other = next((report for report in reports if report.task != robustness.TASK.name), None)
    if other is not None:
        raise InputError(f"a report of {other.task!r}. Give reports of {robustness.TASK.name!r}")
    held: dict[tuple[str, str, str, str], list[float]] = {}
    for report in reports:
        for row in report.rows:
            if measure in row.scores and (not kinds or row.category in kinds):
                group = f"{report.data.split(' ', 1)[0]} {_conversation(row)}"
                place = (report.system, row.category, group, row.id.rsplit("/", 2)[0])
                held.setdefault(place, []).append(row.scores[measure])
    if not held:
        raise InputError(f"no row has {measure!r}. Choose another measure, or other kinds")
    columns = dict(
        zip(_FACTORS, zip(*((one[0], one[1]) for one in held), strict=True), strict=True)
    )
    groups = [group for _, _, group, _ in held]
    return fit_mixed(
        [sum(values) / len(values) for values in held.values()],
        {name: column for name, column in columns.items() if len(set(column)) > 1},
        groups,
        [f"{group}/{question}" for _, _, group, question in held] if members else None,
    )


def _conversation(row: Row) -> str:
    """The conversation that a row's partition was made from."""
    return row.conversation.partition(f"+{row.category}+")[0]


def marginal_table(model: MixedModel, *, markdown: bool = False) -> str:
    """A line for each kind, a column for each system: marginal mean and 95 % interval.

    Unchanged questions come first.
    """
    systems = model.factors.get("system", ("",))
    kinds = sorted(model.factors.get("kind", ("",)), key=lambda kind: kind != CLEAN)
    cells = {
        (mean.levels.get("system", ""), mean.levels.get("kind", "")): mean
        for mean in model.marginal_means()
    }
    rows = []
    for kind in kinds:
        means = [cells[system, kind] for system in systems]
        rows.append([kind, *(f"{one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]" for one in means)])
    return grid(["", *systems], rows, markdown=markdown)
