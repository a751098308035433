"""Reports side by side, as tables in plain text or Markdown.

Every table says on how many questions of which data it rests, and what of mnemic was tuned on them.
Pictures are left to `plots.py`, the page to `html.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from mnemic.bench.comparison import Comparison, Difference, compare
from mnemic.bench.result import Report, load_report
from mnemic.bench.tables import NOTHING, amount, chance, grid, number, size, spread
from mnemic.core.errors import InputError

__all__ = [
    "Comparison",
    "Difference",
    "Report",
    "calibration_cells",
    "category_cells",
    "category_table",
    "compare",
    "comparison_cells",
    "comparison_table",
    "conversation_cells",
    "cost_cells",
    "figure_cells",
    "headline",
    "labels",
    "load_report",
    "overview",
    "overview_cells",
    "remarks",
    "same_data",
    "summary_cells",
    "table",
]

HEADLINES = ("recall@10", "ndcg@10")
"""What is looked at first, where a task has it."""

Cells = tuple[list[str], list[list[str]]]
"""Head and rows of a table."""

_Value = TypeVar("_Value")


def table(
    reports: Sequence[Report],
    *,
    markdown: bool = False,
    measures: Collection[str] | None = None,
) -> str:
    """Measures as rows, systems as columns, cost below; a block for each task and data.

    Every mean has its 95 % interval. `measures` are the ones to show, all if None.

    Raises InputError if there is no report.
    """
    blocks = []
    for group in same_data(reports):
        head, rows = figure_cells(group, measures)
        below = summary_cells(group, measures)[1]
        below += calibration_cells(group)[1] + cost_cells(group)[1]
        blocks.append(_block(group, (head, rows + below), markdown))
    return "\n\n".join(blocks)


def overview(
    reports: Sequence[Report],
    measures: Sequence[str] | None = None,
    *,
    markdown: bool = False,
) -> str:
    """Systems as rows, some measures and the cost as columns; a block for each task and data.

    `measures` are the columns, the headline if None. "ECE" is among them where a system claims
    probabilities. Raises InputError if there is no report, or none has a figure.
    """
    return "\n\n".join(
        _block(group, overview_cells(group, measures), markdown) for group in same_data(reports)
    )


def category_table(
    reports: Sequence[Report], measure: str | None = None, *, markdown: bool = False
) -> str:
    """Categories as rows, systems as columns, for one measure; the headline if None.

    Raises InputError if there is no report, or none has a figure.
    """
    return "\n\n".join(
        _block(group, category_cells(group, measure), markdown) for group in same_data(reports)
    )


def comparison_table(comparison: Comparison, *, markdown: bool = False) -> str:
    """Differences as rows: both means, the difference with its interval, p values."""
    title = f"{comparison.task}: {comparison.second} against {comparison.first}"
    lines = [f"Tuned: {comparison.tuned}"] if comparison.tuned else []
    lines += [f"Note: {note}" for note in comparison.notes]
    head, rows = comparison_cells(comparison)
    return _lines(title, lines, grid(head, rows, markdown=markdown), markdown)


def figure_cells(group: Sequence[Report], measures: Collection[str] | None = None) -> Cells:
    """Means with their intervals, for reports on the same data."""
    rows = []
    for name in _names(report.figures for report in group):
        if measures is None or name in measures:
            figures = [report.figures.get(name) for report in group]
            rows.append([name, *map(spread, figures), _sizes(one.n for one in figures if one)])
    return ["", *labels(group), "n"], rows


def conversation_cells(group: Sequence[Report]) -> Cells:
    """Means with the intervals over conversations, where there are enough of them."""
    rows = []
    for name in _names(report.by_conversation for report in group):
        figures = [report.by_conversation.get(name) for report in group]
        rows.append([name, *map(spread, figures), _sizes(one.n for one in figures if one)])
    return ["", *labels(group), "n"], rows


def summary_cells(group: Sequence[Report], measures: Collection[str] | None = None) -> Cells:
    """The task's own figures of the whole, for reports on the same data."""
    rows = [
        [name, *(number(report.summary.get(name)) for report in group), ""]
        for name in _names(report.summary for report in group)
        if measures is None or name in measures
    ]
    return ["", *labels(group), ""], rows


def calibration_cells(group: Sequence[Report]) -> Cells:
    """How far scores that claim to be probabilities are off, for reports on the same data."""
    told = [report.calibration for report in group]
    texts = _sizes(one.n for one in told if one)
    rows = [
        ["calibration error (ECE)", *(number(one.error if one else None) for one in told), texts],
        ["Brier score", *(number(one.brier if one else None) for one in told), texts],
    ]
    return ["", *labels(group), "texts"], rows if any(told) else []


def cost_cells(group: Sequence[Report]) -> Cells:
    """Times, bytes and memory, for reports on the same data."""
    costs = [report.cost for report in group]
    texts = _sizes(cost.inserted for cost in costs)
    asked = _sizes(len(report.rows) for report in group)
    rows = [
        ["ms per text stored", *(amount(cost.insert_ms) for cost in costs), texts],
        ["ms per question, median", *(amount(cost.query_p50) for cost in costs), asked],
        ["ms per question, 95 %", *(amount(cost.query_p95) for cost in costs), asked],
        ["ms per answer, median", *(amount(cost.answer_p50) for cost in costs), asked],
        ["on disk", *(size(cost.bytes) for cost in costs), ""],
        ["peak memory of the process", *(size(cost.peak) for cost in costs), ""],
    ]
    return ["", *labels(group), "n"], [row for row in rows if {*row[1:-1]} != {NOTHING}]


def overview_cells(group: Sequence[Report], measures: Sequence[str] | None = None) -> Cells:
    """Head and rows of `overview` for reports on the same data."""
    shown = [headline(group)] if measures is None else list(measures)
    claimed = ["ECE"] if any(report.calibration for report in group) else []
    cost = ["ms per question", "95 %", "ms per text", "on disk", "peak memory"]
    rows = [
        [
            label,
            *(_shown(report, name) for name in shown),
            *(number(told.error if (told := report.calibration) else None) for _ in claimed),
            amount(report.cost.query_p50),
            amount(report.cost.query_p95),
            amount(report.cost.insert_ms),
            size(report.cost.bytes),
            size(report.cost.peak),
            f"{len(report.rows):,}",
        ]
        for label, report in zip(labels(group), group, strict=True)
    ]
    return ["", *shown, *claimed, *cost, "questions"], rows


def category_cells(group: Sequence[Report], measure: str | None = None) -> Cells:
    """Head and rows of `category_table` for reports on the same data."""
    shown = headline(group) if measure is None else measure
    rows = []
    for category in _names(report.categories for report in group):
        figures = [report.categories.get(category, {}).get(shown) for report in group]
        if any(figures):
            rows.append([category, *map(spread, figures), _sizes(one.n for one in figures if one)])
    return [shown, *labels(group), "n"], rows


def comparison_cells(comparison: Comparison) -> Cells:
    """Head and rows of `comparison_table`."""
    rows = [
        [
            one.measure if one.category is None else f"{one.category}: {one.measure}",
            number(one.first),
            number(one.second),
            f"{one.difference:+.3f} [{one.low:+.3f}, {one.high:+.3f}]",
            chance(one.p),
            chance(one.adjusted),
            str(one.n),
        ]
        for one in comparison.differences
    ]
    return ["", comparison.first, comparison.second, "difference", "p", "p (Holm)", "n"], rows


def same_data(reports: Sequence[Report]) -> list[list[Report]]:
    """Reports on the same task and data together, in the order given.

    Raises InputError if there is none.
    """
    if not reports:
        raise InputError("there is no report to show. Give one or more")
    groups: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        groups.setdefault((report.task, report.data), []).append(report)
    return list(groups.values())


def headline(group: Sequence[Report]) -> str:
    """The measure to look at first: recall@10 or NDCG@10 if all have it, else their first.

    Raises InputError if no report has a figure.
    """
    names = _names(report.figures for report in group)
    if not names:
        raise InputError("no report has a figure. Run the task on questions that it can score")
    common = [name for name in names if all(name in report.figures for report in group)]
    return next((name for name in HEADLINES if name in common), (common or names)[0])


def labels(group: Sequence[Report]) -> list[str]:
    """What to call the systems; numbered where two have the same name."""
    names = [report.system for report in group]
    return [
        f"{name} ({names[: place + 1].count(name)})" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]


def remarks(group: Sequence[Report]) -> list[str]:
    """What every table on these data has to say."""
    first = group[0]
    machines = dict.fromkeys(report.environment.machine for report in group)
    lines = [
        f"{first.about} {first.citation}. Data: {first.licence}, {first.data}.",
        f"Tuned: {first.tuned or 'nothing of mnemic was chosen or fitted on these data'}",
        f"Intervals: 95 %, bootstrap over questions. Measured on {'; '.join(machines)}.",
    ]
    for label, report in zip(labels(group), group, strict=True):
        for note in report.notes:
            everyone = all(note in other.notes for other in group)
            lines.append(f"Note: {note}" if everyone else f"Note on {label}: {note}")
    return list(dict.fromkeys(lines))


def _shown(report: Report, measure: str) -> str:
    """A mean with its interval, or a figure of the whole."""
    if measure in report.figures:
        return spread(report.figures[measure])
    return number(report.summary.get(measure))


def _block(group: Sequence[Report], cells: Cells, markdown: bool) -> str:
    head, rows = cells
    body = grid(head, rows, markdown=markdown)
    return _lines(group[0].task, remarks(group), body, markdown)


def _lines(title: str, lines: Sequence[str], body: str, markdown: bool) -> str:
    """A title, what there is to say, and the table."""
    if not markdown:
        return "\n".join([title, *lines, "", body])
    return "\n\n".join([f"### {title}", *(" ".join(line.split()) for line in lines), body])


def _names(mappings: Iterable[Mapping[str, _Value]]) -> list[str]:
    """The keys of all of them, in the order that they first appear."""
    return list(dict.fromkeys(name for mapping in mappings for name in mapping))


def _sizes(counts: Iterable[int]) -> str:
    """How many, if all have the same; else for one after the other."""
    return "/".join(dict.fromkeys(f"{count:,}" for count in counts)) or NOTHING
