"""The page: whole, escaped, and silent towards the network."""

from __future__ import annotations

import re
import sys
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from mnemic.bench import plots
from mnemic.bench.html import page
from mnemic.bench.result import Calibration
from mnemic.bench.run import run
from mnemic.core.errors import InputError
from mnemic.measure.calibration import Bin

VOID = {"meta", "img", "br"}


class Outline(HTMLParser):
    """Tags that are open, and what was met on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    found.close()
    assert found.open == []
    return found


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without matplotlib, which would take most of the time."""
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)


def test_a_whole_page_that_asks_nobody_for_anything(toy: Any) -> None:
    pytest.importorskip("matplotlib")
    task = toy.task(limit=30)
    claims = Calibration(0.043, 0.1, 30, (Bin(0, 0.1, 0.05, 0.05, 30),))
    second = replace(toy.report("b", 4, task=task), calibration=claims)
    text = page([toy.report("a", 1, task=task), second])
    found = outline(text)
    assert text.startswith("<!doctype html>")
    assert found.links and all(link.startswith(("data:image/svg+xml", "#")) for link in found.links)
    assert len(found.links) == 5
    for link in found.links:
        ElementTree.fromstring(b64decode(link.partition(",")[2]))
    assert "script" not in found.tags and "link" not in found.tags
    assert "default-src 'none'" in text
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style and "@import" not in style
    shown = " ".join(found.text)
    for expected in (
        "the dog was seen", "only a toy", "CC0", "toy-1", "Nobody (2026)", "mrr", "b against a",
        "p (Holm)", "0.043", "4.1 kB", "12 of 12 questions",
    ):  # fmt: skip
        assert expected in shown


def test_every_word_of_a_report_is_escaped(toy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("by_count", "by_tokens", "by_category", "by_milliseconds", "reliability"):
        monkeypatch.setattr(plots, name, lambda group: b"<svg/>")  # test_plots.py draws them
    evil = '<script>alert("1")</script>&\'"'
    report = toy.report(evil)
    category = {f"{evil} {name}": one for name, one in report.categories.items()}
    report = replace(
        report, task=evil, about=evil, licence=evil, citation=evil, tuned=evil, data=evil,
        notes=(evil,), categories=category, summary={evil: 1.0},
        figures=report.figures | {evil: report.figures["mrr"]},
        environment=replace(
            report.environment, machine=evil, versions={evil: evil}, date=evil, revision=evil
        ),
    )  # fmt: skip
    other = replace(report, system=f"{evil} 2", notes=())
    text = page([report, other])
    found = outline(text)
    assert "script" not in found.tags
    assert "<script" not in text
    assert evil in "".join(found.text)


@pytest.mark.usefixtures("no_pictures")
def test_a_page_of_several_tasks_has_contents(toy: Any) -> None:
    text = page([toy.report("a"), toy.report("a", task=toy.task(name="other"))])
    found = outline(text)
    assert [link for link in found.links if link.startswith("#")] == ["#task-1", "#task-2"]
    assert set(re.findall(r'id="(task-\d)"', text)) == {"task-1", "task-2"}


@pytest.mark.usefixtures("no_pictures")
def test_of_many_systems_each_is_a_row(toy: Any) -> None:
    text = page([toy.report(f"system {n}", n + 1) for n in range(5)])
    figures = text[text.index("All figures") : text.index("Figures of the whole")]
    assert re.findall(r'scope="col">([^<]*)<', figures)[:3] == ["", "recall@1", "any@1"]
    rows = re.findall(r'scope="row">([^<]*)<', figures)
    assert rows == [*(f"system {n}" for n in range(5)), "n"]
    assert text.count("against system 0</summary>") == 4
    outline(text)


@pytest.mark.usefixtures("no_pictures")
def test_a_run_that_was_broken_off_is_shown_as_such(toy: Any) -> None:
    part = run(toy.task(), toy.system("part", stop_at="qqq"), toy.data(), resamples=10)
    text = "".join(outline(page([part])).text)
    assert "interrupted: 2 of 12 questions were asked" in text


def test_without_figures_there_is_still_a_page(toy: Any) -> None:
    bare = toy.report(task=toy.task(score=lambda outcome: {}))
    outline(page([bare, replace(bare, system="b")]))
    with pytest.raises(InputError, match="no report to show"):
        page([])


@pytest.mark.usefixtures("no_pictures")
def test_without_matplotlib_the_page_says_so(toy: Any) -> None:
    found = outline(page([toy.report("a"), toy.report("b", 4)]))
    assert 'pip install "mnemic[plots]"' in "".join(found.text)
    assert "img" not in found.tags
