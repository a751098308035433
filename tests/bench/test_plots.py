"""Pictures: that they are drawn, whatever the reports hold, and the same each time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from mnemic.bench import plots
from mnemic.bench.result import Calibration, Report
from mnemic.core.errors import InputError, MissingExtra
from mnemic.measure.calibration import Bin

pytest.importorskip("matplotlib")

ALL = [
    plots.by_count, plots.by_tokens, plots.by_category, plots.by_milliseconds, plots.reliability,
]  # fmt: skip
CLAIMS = Calibration(0.05, 0.1, 30, (Bin(0, 0.1, 0.04, 0.05, 20), Bin(0.9, 1, 0.95, 0.9, 10)))


@pytest.fixture
def reports(toy: Any) -> list[Report]:
    """Of two systems whose names are hard to draw."""
    task = toy.task(limit=30)
    first = toy.report("$\\frac{$ <b>", task=task)
    second = replace(toy.report("東京_^", 4, task=task), calibration=CLAIMS)
    return [first, second]


@pytest.mark.parametrize("draw", ALL)
def test_svg_and_png(draw: Callable[..., bytes], reports: list[Report]) -> None:
    assert ElementTree.fromstring(draw(reports)).tag.endswith("svg")
    if draw is plots.by_category:  # what writes the bytes is the same for all
        assert draw(reports, format="png").startswith(b"\x89PNG")


def test_the_same_reports_give_the_same_picture(toy: Any) -> None:
    report = toy.report()
    assert plots.by_category([report]) == plots.by_category([report])


def test_ten_systems_and_one_question(toy: Any) -> None:
    reports = [toy.report(f"a system with a rather long name {n}", n) for n in range(1, 11)]
    ElementTree.fromstring(plots.by_category(reports))


def test_measures_beyond_one(toy: Any) -> None:
    report = toy.report(task=toy.task(score=lambda outcome: {"tokens": 250.0}))
    ElementTree.fromstring(plots.by_milliseconds([report], "tokens"))


def test_what_there_is_nothing_to_draw_of(toy: Any) -> None:
    short = toy.report()
    with pytest.raises(InputError, match="no report has such a curve"):
        plots.by_tokens([short])
    with pytest.raises(InputError, match="no category has 'f1'"):
        plots.by_category([short], "f1")
    with pytest.raises(InputError, match="no system claims probabilities"):
        plots.reliability([short])
    with pytest.raises(InputError, match="no report has 'f1'"):
        plots.by_milliseconds([short], "f1")


def test_without_matplotlib_it_says_what_to_install(
    toy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[plots\]"'):
        plots.by_count([toy.report()])
