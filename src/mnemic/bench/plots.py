"""Reports → pictures: by number of texts, tokens, category, milliseconds; claims against truth.

Each function takes reports on the same data and returns the bytes of a picture, SVG or PNG. The
colours are those of Okabe and Ito (2008), which people with other colour vision can tell apart, and
each system has a mark of its own. matplotlib draws, without a window and without its global state;
it is imported when a picture is drawn and not before.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from typing import Any, Final, Literal, TypeAlias

from mnemic.bench.report import headline, labels
from mnemic.bench.result import Report
from mnemic.core.errors import InputError, MissingExtra
from mnemic.measure.cost import Point, frontier
from mnemic.measure.intervals import Estimate

Format: TypeAlias = Literal["svg", "png"]

_COLOURS: Final = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D00",
)  # fmt: skip
_MARKS: Final = "osD^vPX"
"""One fewer than the colours, so that 56 systems differ in one or the other."""
_INK: Final = "#333333"
_STYLE: Final = {
    "axes.edgecolor": "#999999",
    "axes.grid": True,
    "axes.labelcolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.titlesize": 11,
    "axes.titlepad": 12,
    "font.size": 10,
    "grid.color": "#e4e4e4",
    "legend.frameon": False,
    "legend.fontsize": 9,
    "svg.hashsalt": "mnemic",
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def by_count(reports: Sequence[Report], *, format: Format = "svg") -> bytes:
    """The share of the gold among the first k texts, with intervals.

    Raises InputError if no report has such a curve, MissingExtra without matplotlib.
    """
    curves = [report.by_count for report in reports]
    with _picture("Evidence among the first k texts", format, _height(reports)) as (axes, out):
        _curves(axes, labels(reports), curves, log=False)
        ticks = sorted({k for curve in curves for k in curve})
        axes.set_xticks(ticks, [f"{k:,}" for k in ticks])
        axes.set_xlabel("k: texts looked at")
        axes.set_ylabel("share of the evidence")
    return out.getvalue()


def by_tokens(reports: Sequence[Report], *, format: Format = "svg") -> bytes:
    """The share of the gold in the first texts that fit in a number of tokens, with intervals.

    Raises as `by_count`.
    """
    curves = [report.by_tokens for report in reports]
    with _picture("Evidence within a budget of tokens", format, _height(reports)) as (axes, out):
        _curves(axes, labels(reports), curves, log=True)
        ticks = sorted({budget for curve in curves for budget in curve})
        axes.set_xticks(ticks, [f"{budget:,}" for budget in ticks])
        axes.set_xticks([], minor=True)
        axes.set_xlabel("tokens of the packed texts (estimate, log scale)")
        axes.set_ylabel("share of the evidence")
    return out.getvalue()


def by_category(
    reports: Sequence[Report], measure: str | None = None, *, format: Format = "svg"
) -> bytes:
    """One measure in each category, with intervals; the headline if None.

    Raises InputError if no category has the measure, MissingExtra without matplotlib.
    """
    shown = headline(reports) if measure is None else measure
    names = [
        name
        for name in dict.fromkeys(name for report in reports for name in report.categories)
        if any(shown in report.categories.get(name, {}) for report in reports)
    ]
    if not names:
        raise InputError(f"no category has {shown!r}. Name a measure that the task gives")
    height = 1.4 + len(names) * (0.24 + 0.13 * len(reports))
    with _picture(f"{shown} by category", format, height=height) as (axes, out):
        step = min(0.16, 0.7 / len(reports))
        for place, (label, report) in enumerate(zip(labels(reports), reports, strict=True)):
            shift = (place - (len(reports) - 1) / 2) * step
            having = [
                (row + shift, report.categories[name][shown])
                for row, name in enumerate(names)
                if shown in report.categories.get(name, {})
            ]
            _marks(axes, place, label, having, across=True)
        axes.set_yticks(range(len(names)), [_safe(_counted(reports, n, shown)) for n in names])
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.grid(axis="y", visible=False)
        for line in range(1, len(names)):
            axes.axhline(line - 0.5, color="#e4e4e4", linewidth=0.8)
        _within(axes, "x", [figure for report in reports for figure in _inside(report, shown)])
        axes.set_xlabel(_safe(shown))
        _legend(axes)
    return out.getvalue()


def by_milliseconds(
    reports: Sequence[Report], measure: str | None = None, *, format: Format = "svg"
) -> bytes:
    """One measure against the median milliseconds of a question, and the frontier of the best.

    Raises InputError if no report has the measure, MissingExtra without matplotlib.
    """
    shown = headline(reports) if measure is None else measure
    having = [
        (place, label, report)
        for place, (label, report) in enumerate(zip(labels(reports), reports, strict=True))
        if shown in report.figures
    ]
    if not having:
        raise InputError(f"no report has {shown!r}. Name a measure that the task gives")
    with _picture(f"{shown} against milliseconds", format, _height(reports)) as (axes, out):
        best = frontier(
            Point(report.cost.query_p50, report.figures[shown].mean) for _, _, report in having
        )
        axes.set_xscale("log")
        for place, label, report in having:
            at = max(report.cost.query_p50, 1e-3)
            _marks(axes, place, label, [(at, report.figures[shown])], across=False)
        times = [max(report.cost.query_p50, 1e-3) for _, _, report in having]
        left, right = min(times) / 3, max(times) * 3
        steps = [max(point.seconds, 1e-3) for point in best]
        levels = [point.accuracy for point in best]
        axes.step(
            [*steps, right], [*levels, levels[-1]], where="post", color="#bbbbbb", zorder=0,
            linewidth=1,
        )  # fmt: skip
        axes.set_xlim(left, right)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        _within(axes, "y", [report.figures[shown] for _, _, report in having])
        axes.set_xlabel("milliseconds of a question (median, log scale)")
        axes.set_ylabel(_safe(shown))
        _legend(axes)
    return out.getvalue()


def reliability(reports: Sequence[Report], *, format: Format = "svg") -> bytes:
    """What was claimed against what came true; on the dashed line a claim is kept.

    A larger mark stands for more texts. Raises InputError if no system claims probabilities,
    MissingExtra without matplotlib.
    """
    having = [
        (place, label, report.calibration)
        for place, (label, report) in enumerate(zip(labels(reports), reports, strict=True))
        if report.calibration
    ]
    if not having:
        raise InputError("no system claims probabilities. Name one whose scores are calibrated")
    most = max(one.n for _, _, told in having for one in told.bins)
    with _picture("Claimed probability and what came true", format) as (axes, out):
        axes.plot([0, 1], [0, 1], color="#999999", linestyle="--", linewidth=1, zorder=0)
        for place, label, told in having:
            colour, mark = _look(place)
            claimed, true = [one.claimed for one in told.bins], [one.true for one in told.bins]
            axes.plot(
                claimed, true, color=colour, marker=mark, markersize=5, linewidth=1.2,
                label=_safe(f"{label}: ECE {told.error:.3f}"),
            )  # fmt: skip
            sizes = [300 * one.n / most for one in told.bins]
            axes.scatter(claimed, true, s=sizes, color=colour, alpha=0.2, linewidth=0)
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        axes.set_xlabel("claimed: mean score of the texts in a tenth")
        axes.set_ylabel("true: share that holds the answer")
        _legend(axes)
    return out.getvalue()


def _height(reports: Sequence[Report]) -> float:
    """Inches that leave the axes their room above a long legend."""
    return 4.2 + 0.16 * max(0, len(reports) // 2 - 2)


@contextmanager
def _picture(title: str, format: Format, height: float = 4.2) -> Iterator[tuple[Any, BytesIO]]:
    """Axes to draw on; when it ends, the picture is in the buffer."""
    figures, library = _library()
    out = BytesIO()
    with library.rc_context(_STYLE), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box; that is no reason to stop.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = figures.Figure(figsize=(7.0, height), layout="constrained")
        axes = figure.add_subplot()
        axes.set_axisbelow(True)
        axes.set_title(_safe(title))
        yield axes, out
        dated = {"Date": None} if format == "svg" else {}  # the same picture gives the same bytes
        figure.savefig(out, format=format, dpi=150, metadata=dated)


def _library() -> tuple[Any, Any]:
    """matplotlib's figures and itself, or a MissingExtra that says how to get them."""
    try:
        return import_module("matplotlib.figure"), import_module("matplotlib")
    except ImportError as error:
        raise MissingExtra(
            "matplotlib is not installed, and pictures need it. "
            'Run pip install "mnemic[plots]"; the tables do without'
        ) from error


def _curves(
    axes: Any, names: Sequence[str], curves: Sequence[Mapping[int, Estimate]], *, log: bool
) -> None:
    """A line for each system, its interval shaded."""
    if not any(curves):
        raise InputError(
            "no report has such a curve: the data tell no evidence, or too few texts were asked for"
        )
    if log:
        axes.set_xscale("log")
    for place, (name, curve) in enumerate(zip(names, curves, strict=True)):
        colour, mark = _look(place)
        at = sorted(curve)
        axes.plot(
            at, [curve[x].mean for x in at], color=colour, marker=mark, markersize=5,
            linewidth=1.6, label=_safe(name),
        )  # fmt: skip
        lows, highs = [curve[x].low for x in at], [curve[x].high for x in at]
        axes.fill_between(at, lows, highs, color=colour, alpha=0.13, linewidth=0)
    axes.set_ylim(-0.02, 1.02)
    _legend(axes)


def _marks(
    axes: Any, place: int, label: str, points: Sequence[tuple[float, Estimate]], *, across: bool
) -> None:
    """A mark with its interval at each place; `across` for intervals from left to right."""
    colour, mark = _look(place)
    at = [where for where, _ in points]
    means = [figure.mean for _, figure in points]
    reach = [
        [max(0.0, figure.mean - figure.low) for _, figure in points],
        [max(0.0, figure.high - figure.mean) for _, figure in points],
    ]
    axes.errorbar(
        means if across else at,
        at if across else means,
        xerr=reach if across else None,
        yerr=None if across else reach,
        color=colour, fmt=mark, markersize=5.5, linewidth=1.4, label=_safe(label),
    )  # fmt: skip


def _legend(axes: Any) -> None:
    """Below the axes, where it covers no point."""
    _, names = axes.get_legend_handles_labels()
    fits = [
        count for count in range(1, len(names) + 1) if count * (max(map(len, names)) + 7) <= 100
    ]
    columns = max(fits, default=1)
    axes.figure.legend(loc="outside lower left", ncols=columns)


def _within(axes: Any, side: Literal["x", "y"], figures: Sequence[Estimate]) -> None:
    """From 0 to 1 where the measure stays in it, so that pictures can be held side by side."""
    if all(figure.low >= 0 and figure.high <= 1 for figure in figures):
        (axes.set_xlim if side == "x" else axes.set_ylim)(-0.02, 1.02)


def _inside(report: Report, measure: str) -> list[Estimate]:
    """A measure's figures in all categories."""
    return [figures[measure] for figures in report.categories.values() if measure in figures]


def _counted(reports: Sequence[Report], category: str, measure: str) -> str:
    """A category with the number of its questions."""
    sizes = [
        report.categories[category][measure].n
        for report in reports
        if measure in report.categories.get(category, {})
    ]
    return f"{category} ({max(sizes):,})"


def _look(place: int) -> tuple[str, str]:
    """Colour and mark of the system at a place."""
    return _COLOURS[place % len(_COLOURS)], _MARKS[place % len(_MARKS)]


def _safe(text: str) -> str:
    """A text that matplotlib does not take for a formula."""
    return text.replace("$", r"\$")
