"""Reports → one HTML page that needs nothing else: tables, pictures as data URIs, all the notes.

The page has no script and asks the network for nothing; its own policy forbids both. Every word
that comes from a report is escaped: names and notes may come from anywhere.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from html import escape
from string import Template
from typing import Final

from mnemic.bench import plots
from mnemic.bench.comparison import compare
from mnemic.bench.report import (
    Cells,
    calibration_cells,
    category_cells,
    comparison_cells,
    conversation_cells,
    cost_cells,
    figure_cells,
    headline,
    labels,
    overview_cells,
    same_data,
    summary_cells,
)
from mnemic.bench.result import Report
from mnemic.bench.tables import size
from mnemic.core.errors import InputError, MissingExtra

_PAGE: Final = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>$title</title>
<style>
$style
</style>
</head>
<body>
<header>
<h1>$title</h1>
<p>$subtitle</p>
$contents
</header>
<main>
$body
</main>
<footer>Made by <code>mnemic bench report</code>. Brackets hold 95&nbsp;% bootstrap intervals over
questions, n the number of questions that a mean rests on.</footer>
</body>
</html>
""")

_BESIDE: Final = 4
"""Systems that fit beside each other as columns; of more, each is a row."""

_STYLE: Final = """\
:root { color-scheme: light; --ink: #222; --soft: #666; --line: #ddd; --tint: #f6f7f9; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 2.5rem 1.5rem 4rem; color: var(--ink);
  background: #fff; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { margin: 0; font-size: 1.9rem; letter-spacing: -.01em; }
h2 { margin: 0 0 .3rem; font-size: 1.45rem; }
h3 { margin: 2.2rem 0 .6rem; font-size: 1.05rem; }
header p, footer { color: var(--soft); }
nav a { display: inline-block; margin-right: 1rem; }
section { margin-top: 2.5rem; padding-top: 2rem; border-top: 2px solid var(--ink); }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .25rem 1rem; margin: 1rem 0;
  font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.tuned { padding: .7rem 1rem; border-left: 4px solid #d55e00; background: #fdf3ec; }
.notes { padding: .7rem 1rem .7rem 2.2rem; margin: 1rem 0; background: var(--tint); }
.scroll { overflow-x: auto; }
.scroll + .scroll { margin-top: 1.4rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .34rem .7rem; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
thead th { vertical-align: bottom; border-bottom: 1.5px solid var(--ink); }
tbody th { font-weight: 400; }
th:first-child { position: sticky; left: 0; background: #fff; }
.wide small { display: block; }
.wide thead th { white-space: normal; }
tbody tr:hover, tbody tr:hover th { background: var(--tint); }
small { color: var(--soft); font-size: .8em; }
.pictures { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 1.5rem 0; }
.pictures figure { flex: 1 1 30rem; max-width: 34rem; margin: 0; }
.pictures img { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .85rem; }
summary { margin: 1.2rem 0 .5rem; cursor: pointer; font-weight: 600; }
footer { margin-top: 3rem; font-size: .85rem; }
@media print { body { max-width: none; padding: 0; } section { break-before: page; }
  figure, tr { break-inside: avoid; } }"""


def page(reports: Sequence[Report]) -> str:
    """One self-contained HTML page: a section for each task and data.

    Where several systems were asked the same, each is compared with the first: give the floor
    first. Without matplotlib the page has no pictures, and says so.

    Raises InputError if there is no report.
    """
    groups = same_data(reports)
    tasks = list(dict.fromkeys(group[0].task for group in groups))
    systems = list(dict.fromkeys(report.system for report in reports))
    dates = sorted(report.environment.date[:10] for report in reports)
    period = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
    links = [
        f'<a href="#task-{number}">{escape(group[0].task)}</a>'
        for number, group in enumerate(groups, 1)
    ]
    return _PAGE.substitute(
        title=escape(f"Memory benchmarks: {', '.join(tasks)}"),
        style=_STYLE,
        subtitle=escape(f"{', '.join(systems)}. Run {period}."),
        contents=f"<nav>{''.join(links)}</nav>" if len(links) > 1 else "",
        body="\n".join(_section(number, group) for number, group in enumerate(groups, 1)),
    )


def _section(number: int, group: Sequence[Report]) -> str:
    """What there is to say about one task and its data."""
    first = group[0]
    tuned = first.tuned or "Nothing of mnemic was chosen or fitted on these data."
    parts = [
        f'<section id="task-{number}">',
        f"<h2>{escape(first.task)}</h2>",
        f"<p>{escape(first.about)}</p>",
        _facts(
            {"Source": first.citation, "Licence": f"{first.licence} (data)", "Data": first.data}
        ),
        f'<p class="tuned"><strong>Tuned.</strong> {escape(tuned)}</p>',
        _notes(group),
        _glance(group),
        _pictures(group),
        *_figures(group),
        *_categories(group),
        *_comparisons(group),
        "<h3>Runs</h3>",
        *(_run(label, report) for label, report in zip(labels(group), group, strict=True)),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _notes(group: Sequence[Report]) -> str:
    """Each note once; with the system's name if it is not for all."""
    lines = []
    for label, report in zip(labels(group), group, strict=True):
        for note in report.notes:
            everyone = all(note in other.notes for other in group)
            lines.append(note if everyone else f"{label}: {note}")
    items = "".join(f"<li>{escape(line)}</li>" for line in dict.fromkeys(lines))
    return f'<ul class="notes">{items}</ul>' if items else ""


def _glance(group: Sequence[Report]) -> str:
    """The headline and the cost of each system."""
    if not any(report.figures for report in group):
        return ""
    return f"<h3>At a glance</h3>{_table(overview_cells(group))}"


def _figures(group: Sequence[Report]) -> list[str]:
    """All means, the task's own figures, and the cost."""
    parts = ["<h3>All figures</h3>", _by_system(group, figure_cells(group))]
    if any(report.by_conversation for report in group):
        parts += [
            "<details><summary>The same, with intervals over conversations</summary>"
            f"{_by_system(group, conversation_cells(group))}</details>"
        ]
    if any(report.summary for report in group):
        parts += [
            "<h3>Figures of the whole, without interval</h3>",
            _by_system(group, summary_cells(group)),
        ]
    if any(report.calibration for report in group):
        parts += [
            "<h3>Calibration</h3>",
            "<p>Of the first ten texts of each question that has evidence: whether the score is "
            "the probability that the text is among it. 0 is best.</p>",
            _table(calibration_cells([report for report in group if report.calibration])),
        ]
    return [*parts, "<h3>Cost</h3>", _by_system(group, cost_cells(group))]


def _categories(group: Sequence[Report]) -> list[str]:
    """The headline by category, and every other measure to open."""
    if not _has_categories(group):
        return []
    first = headline(group)
    parts = [
        f"<h3>{escape(first)} by category</h3>",
        _by_system(group, category_cells(group, first)),
    ]
    others = [
        name
        for name in dict.fromkeys(name for report in group for name in report.figures)
        if name != first
    ]
    if others:
        tables = "".join(
            f"<p>{escape(name)}</p>{_by_system(group, category_cells(group, name))}"
            for name in others
        )
        parts.append(
            f"<details><summary>Every other measure by category</summary>{tables}</details>"
        )
    return parts


def _has_categories(group: Sequence[Report]) -> bool:
    """Whether there is a figure to tell apart by category."""
    return any(sum(map(bool, report.categories.values())) > 1 for report in group)


def _comparisons(group: Sequence[Report]) -> list[str]:
    """Each system against the first; to open where there are many."""
    parts = []
    many = len(group) > _BESIDE
    for other in group[1:]:
        try:
            comparison = compare(group[0], other, seed=other.environment.seed, categories=False)
        except InputError:  # no question in common, as after an early Ctrl-C
            continue
        title = f"{escape(comparison.second)} against {escape(comparison.first)}"
        differences = _table(comparison_cells(comparison))
        parts.append(
            f"<details><summary>{title}</summary>{differences}</details>"
            if many
            else f"<h3>{title}</h3>{differences}"
        )
    if parts:
        if many:
            parts.insert(0, "<h3>Differences</h3>")
        parts.append(
            "<p><small>Differences question by question, 95 % paired bootstrap; p values are "
            "two-sided, and adjusted after Holm over the measures of the table.</small></p>"
        )
    return parts


def _run(label: str, report: Report) -> str:
    """How one report came to be, to open."""
    place, cost = report.environment, report.cost
    versions = ", ".join(f"{name} {version}" for name, version in place.versions.items())
    facts = {
        "Machine": place.machine,
        "Versions": versions,
        "Revision": place.revision or "not told",
        "Begun": place.date,
        "Asked": f"{len(report.rows):,} of {report.total:,} questions, {report.limit} texts each",
        "Stored": f"{cost.inserted:,} texts; on disk {size(cost.bytes)}; peak {size(cost.peak)}",
        "Intervals": f"{place.resamples:,} resamples, seed {place.seed}",
    }
    return f"<details><summary>{escape(label)}</summary>{_facts(facts)}</details>"


def _pictures(group: Sequence[Report]) -> str:
    """The pictures that these reports have something for."""
    draw: list[tuple[Callable[..., bytes], bool, str]] = [
        (
            plots.by_count,
            any(report.by_count for report in group),
            "Share of the evidence among the first k texts; shaded: 95 % intervals.",
        ),
        (
            plots.by_tokens,
            any(report.by_tokens for report in group),
            "Share of the evidence in the first texts that fit in so many tokens.",
        ),
        (
            plots.by_milliseconds,
            any(report.figures for report in group),
            "The headline measure against time; the line joins what no other system beats.",
        ),
        (
            plots.reliability,
            any(report.calibration for report in group),
            "Scores as probabilities: true on the dashed line; a larger mark holds more texts.",
        ),
        (
            plots.by_category,
            _has_categories(group),
            "The headline measure by category; in brackets the number of questions.",
        ),
    ]
    names = ", ".join(labels(group))
    try:
        figures = [
            f'<figure><img src="{_uri(picture(group))}" alt="{escape(f"{caption} {names}.")}">'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
            for picture, wanted, caption in draw
            if wanted
        ]
    except MissingExtra as error:
        return f'<p class="notes">No pictures: {escape(str(error))}</p>'
    return f'<div class="pictures">{"".join(figures)}</div>' if figures else ""


def _uri(picture: bytes) -> str:
    """An SVG as a data URI."""
    return f"data:image/svg+xml;base64,{b64encode(picture).decode('ascii')}"


def _facts(facts: dict[str, str]) -> str:
    """Names and what they are."""
    pairs = (f"<dt>{escape(name)}</dt><dd>{escape(fact)}</dd>" for name, fact in facts.items())
    return f"<dl>{''.join(pairs)}</dl>"


def _by_system(group: Sequence[Report], table: Cells) -> str:
    """A table with a column for each system, or a row for each where there are many."""
    head, rows = table
    if len(group) <= _BESIDE:
        return _table(table)
    last = head[-1] or "n"
    turned = [list(column) for column in zip(head, *rows, strict=True)]
    turned[-1][0] = last
    if not any(turned[-1][1:]):
        turned.pop()
    return _table((turned[0], turned[1:]), wide=True)


def _table(table: Cells, *, wide: bool = False) -> str:
    """Head and rows as a table; intervals in small, and below their mean in a wide one."""
    head, rows = table
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(map(_cell, row[1:]))}</tr>'
        for row in rows
    )
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    return (
        f'<div class="scroll{" wide" if wide else ""}"><table><thead><tr>{names}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    """A cell; what stands in brackets is small."""
    mean, bracket, ends = text.partition(" [")
    small = f" <small>[{escape(ends)}</small>" if bracket else ""
    return f"<td>{escape(mean)}{small}</td>"
