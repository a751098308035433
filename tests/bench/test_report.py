"""Comparisons and tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mnemic.bench.report import (
    category_table,
    compare,
    comparison_table,
    headline,
    labels,
    overview,
    table,
)
from mnemic.bench.run import run
from mnemic.core.errors import InputError


def test_a_system_that_is_better_everywhere(toy: Any) -> None:
    data = toy.data(8)
    found = compare(toy.report("slow", 4, data=data), toy.report("quick", 1, data=data))
    overall = {one.measure: one for one in found.differences if one.category is None}
    mrr = overall["mrr"]
    assert (found.first, found.second) == ("slow", "quick")
    assert mrr.first < mrr.second == 1
    assert mrr.difference == pytest.approx(mrr.second - mrr.first)
    assert 0 < mrr.low <= mrr.difference <= mrr.high
    assert mrr.p < 0.001
    assert mrr.adjusted >= mrr.p
    assert mrr.n == 24
    assert overall["recall@5"].p == 1  # both find all of it
    city = next(one for one in found.differences if (one.measure, one.category) == ("mrr", "city"))
    assert (city.first, city.n) == (pytest.approx(1 / 5), 8)


def test_there_and_back(toy: Any) -> None:
    first, second = toy.report("a", 4), toy.report("b", 2)
    there, back = compare(first, second), compare(second, first)
    for one, other in zip(there.differences, back.differences, strict=True):
        assert one.difference == pytest.approx(-other.difference)
        assert one.p == pytest.approx(other.p)
    assert all(one.p == 1 for one in compare(first, first).differences)


def test_conversations_as_the_unit(toy: Any) -> None:
    data = toy.data(10)
    first, second = toy.report("a", 4, data=data), toy.report("b", 1, data=data)
    found = compare(first, second, by_conversation=True, categories=False)
    mrr = next(one for one in found.differences if one.measure == "mrr")
    assert mrr.low == pytest.approx(mrr.high)  # every conversation shows the same difference
    assert all(one.category is None for one in found.differences)


def test_different_data_are_refused(toy: Any) -> None:
    first = toy.report("a")
    other = toy.report("b", data=toy.data(revision="toy-2"))
    with pytest.raises(InputError, match=r"different data: toy-1 and toy-2\. Run both"):
        compare(first, other)
    with pytest.raises(InputError, match="toy and other are different tasks"):
        compare(first, toy.report("b", task=toy.task(name="other")))
    with pytest.raises(InputError, match="no question with a measure in common"):
        compare(first, replace(first, system="b", rows=()))


def test_a_run_that_was_broken_off_is_compared_on_what_it_has(toy: Any) -> None:
    part = run(toy.task(), toy.system("part", 2, stop_at="qqq"), toy.data(), resamples=10)
    found = compare(toy.report("whole"), part)
    assert {one.n for one in found.differences if one.category is None} == {2}
    assert "compared on the 2 questions that both were asked, of 12 and 2" in found.notes
    assert "interrupted: 2 of 12 questions were asked" in found.notes


def test_other_limits_and_machines_are_noted(toy: Any) -> None:
    first, second = toy.report("a"), toy.report("b", limit=5)
    elsewhere = replace(second.environment, machine="an abacus")
    notes = compare(first, replace(second, environment=elsewhere)).notes
    assert "a was asked for 10 texts, b for 5" in notes
    assert "the runs are from different machines, whose times do not compare" in notes


def test_a_table_says_all_there_is_to_know(toy: Any) -> None:
    text = table([toy.report("first", 1), toy.report("second", 4)])
    lines = text.splitlines()
    assert lines[0] == "toy"
    assert "Tuned: the dog was seen" in lines
    assert "Note: only a toy" in lines
    assert "Where was it? Nobody (2026). Data: CC0, toy-1." in lines
    mrr = next(line for line in lines if line.startswith("mrr  "))
    assert mrr.split()[:5] == ["mrr", "1.000", "[1.000,", "1.000]", "0.217"]
    assert mrr.split()[-1] == "9"
    assert any(line.startswith("mrr (all)") and line.endswith("0.217") for line in lines)
    for cost in ("ms per text stored", "ms per question, 95 %", "on disk", "peak memory"):
        assert any(line.startswith(cost) for line in lines)
    assert "4.1 kB" in text
    assert "ms per answer" not in text


def test_a_table_of_some_measures(toy: Any) -> None:
    text = table([toy.report()], measures=["mrr"])
    assert "mrr" in text and "recall@" not in text


def test_each_task_and_data_has_its_block(toy: Any) -> None:
    reports = [
        toy.report("a"),
        toy.report("a", data=toy.data(revision="toy-2")),
        toy.report("b"),
    ]
    blocks = table(reports).split("\n\ntoy\n")
    assert len(blocks) == 2
    assert "toy-1" in blocks[0] and "toy-2" in blocks[1]
    with pytest.raises(InputError, match="no report to show"):
        table([])


def test_markdown_keeps_its_columns(toy: Any) -> None:
    text = table([toy.report("a|b")], markdown=True)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows[0].replace("\\|", "/").count("|") == rows[1].count("|") == rows[2].count("|") == 4
    assert "a\\|b" in rows[0]
    assert text.startswith("### toy\n\n")


def test_an_overview_for_a_readme(toy: Any) -> None:
    rows = overview([toy.report("a"), toy.report("b", 4)], ["mrr"], markdown=True).splitlines()
    assert [cell.strip() for cell in rows[-4].split("|")[1:-1]] == [
        "", "mrr", "ms per question", "95 %", "ms per text", "on disk", "peak memory", "questions",
    ]  # fmt: skip
    assert rows[-2].startswith("| a")
    assert rows[-1].startswith("| b")


def test_categories(toy: Any) -> None:
    lines = category_table([toy.report("a", 4)], "mrr").splitlines()
    assert lines[-2].split() == ["city", "0.200", "[0.200,", "0.200]", "3"]
    assert lines[-1].split()[:2] == ["dog", "0.225"]


def test_the_headline(toy: Any) -> None:
    plain = toy.report()
    assert headline([plain]) == "ndcg@10"
    figures = {"f1": plain.figures["mrr"]}
    assert headline([replace(plain, figures=figures)]) == "f1"
    with pytest.raises(InputError, match="no report has a figure"):
        headline([replace(plain, figures={})])


def test_systems_of_the_same_name_are_numbered(toy: Any) -> None:
    reports = [toy.report("a"), toy.report("b"), toy.report("a", 4)]
    assert labels(reports) == ["a (1)", "b", "a (2)"]


def test_differences_as_a_table(toy: Any) -> None:
    data = toy.data(8)
    found = compare(toy.report("a", 4, data=data), toy.report("b", data=data))
    lines = comparison_table(found).splitlines()
    assert lines[0] == "toy: b against a"
    assert "Tuned: the dog was seen" in lines
    mrr = next(line for line in lines if line.startswith("mrr "))
    assert "+0.783 [+0." in mrr and "<0.001" in mrr
    assert any(line.startswith("city: mrr") for line in lines)
    assert comparison_table(found, markdown=True).startswith("### toy: b against a\n\n")
