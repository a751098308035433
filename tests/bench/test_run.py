"""A run: what is asked in which order, what is measured, and that nothing finished is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mnemic.bench.lazy import streamed
from mnemic.bench.result import load_report
from mnemic.bench.run import run
from mnemic.bench.sample import sample
from mnemic.core.errors import InputError
from mnemic.sources.questions import Question


def test_figures_of_a_system_that_finds_everything(toy: Any) -> None:
    report = toy.report(rank=1)
    assert report.figures["recall@1"].mean == report.figures["mrr"].mean == 1
    assert (report.figures["mrr"].low, report.figures["mrr"].high) == (1, 1)
    assert report.figures["mrr"].n == 9  # three of twelve questions have no evidence
    assert list(report.categories) == ["city", "dog", "none"]
    assert report.categories["dog"]["recall@5"].n == 6
    assert report.categories["none"] == {}
    assert report.summary["mrr (all)"] == 1


def test_figures_of_one_that_does_not(toy: Any) -> None:
    report = toy.report(rank=4)  # rank 4 for ids of even length, else 5
    assert report.figures["recall@1"].mean == 0
    assert report.figures["recall@5"].mean == 1
    assert report.categories["city"]["mrr"].mean == pytest.approx(1 / 5)
    assert report.figures["mrr"].mean == pytest.approx((2 / 5 + 1 / 4) / 3)
    assert report.figures["mrr"].low < report.figures["mrr"].mean < report.figures["mrr"].high


def test_rows_stand_in_the_order_of_the_data_and_are_asked_by_partition(toy: Any) -> None:
    system, data = toy.system(), toy.data()
    report = run(toy.task(), system, data, resamples=10)
    asked = [(question.conversation, question.id) for question in data.questions]
    assert [(row.conversation, row.id) for row in report.rows] == asked
    assert system.asked == ["q", "qq", "qqq", "qqqq"] * 3
    row = report.rows[0]
    assert row.found[0] == row.gold[0] == "c0:0"
    assert len(row.found) == report.limit == 10
    assert row.milliseconds >= 0


def test_what_stands_in_a_report(toy: Any) -> None:
    report = toy.report(seed=7, revision="abc123")
    assert (report.task, report.system, report.data) == ("toy", "toy", "toy-1")
    assert report.tuned == "the dog was seen"
    assert report.notes == ("only a toy",)
    assert report.total == len(report.rows) == 12
    assert not report.interrupted
    assert report.environment.date == "2026-03-01T12:00:00+00:00"
    assert (report.environment.seed, report.environment.revision) == (7, "abc123")
    assert {"python", "numpy", "sqlite"} <= set(report.environment.versions)
    assert "cores" in report.environment.machine
    assert report.cost.inserted == 90
    assert report.cost.bytes == 4096
    assert report.cost.query_p50 <= report.cost.query_p95
    assert report.cost.insert_ms is not None and report.cost.insert_ms >= 0
    assert report.cost.answer_p50 is None


def test_no_word_of_the_data_stands_in_a_report(toy: Any, tmp_path: Path) -> None:
    text = toy.report().save(tmp_path / "r.json").read_text(encoding="utf-8")
    assert "park" not in text and "where?" not in text and "Lisbon" not in text


def test_curves(toy: Any) -> None:
    report = toy.report(rank=4, cuts=(2, 5, 10, 50))
    assert [(k, one.mean) for k, one in report.by_count.items()] == [
        (1, 0),
        (2, 0),
        (5, 1),
        (10, 1),
    ]
    # Ten texts of nine tokens are asked for: of 100 tokens they do not fill nobody can tell.
    assert report.by_tokens == {}
    longer = toy.report(rank=4, task=toy.task(limit=30))
    assert {budget: one.mean for budget, one in longer.by_tokens.items()} == {100: 1, 250: 1}
    late = toy.report(rank=20, task=toy.task(limit=30))
    assert {budget: one.mean for budget, one in late.by_tokens.items()} == {100: 0, 250: 1}


def test_a_conversation_that_is_used_up_fills_every_budget(toy: Any) -> None:
    report = toy.report(task=toy.task(limit=31))
    assert list(report.by_tokens) == [100, 250, 500, 1000, 2000, 4000, 8000]


def test_conversations_are_drawn_where_there_are_ten(toy: Any) -> None:
    assert toy.report().by_conversation == {}
    many = toy.report(rank=4, data=toy.data(10))
    assert many.by_conversation["mrr"].mean == many.figures["mrr"].mean
    assert many.by_conversation["mrr"].low == many.by_conversation["mrr"].high  # all are alike


def test_answers_are_asked_for_where_task_and_system_have_them(toy: Any) -> None:
    task = toy.task(answers=True)
    report = run(task, toy.answering(), toy.data(), resamples=10)
    assert report.figures["answers"].mean == 0.5
    assert [row.abstained for row in report.rows if row.category == "dog"] == [True] * 6
    assert report.rows[0].confidence == 0.9
    assert report.cost.answer_p50 is not None
    silent = run(task, toy.system(), toy.data(), resamples=10)
    assert "answers" not in silent.figures
    assert silent.rows[0].abstained is None
    unasked = run(toy.task(), toy.answering(), toy.data(), resamples=10)
    assert "answers" not in unasked.figures


def test_progress_counts_partitions_and_questions(toy: Any) -> None:
    seen: list[tuple[int, int]] = []
    toy.report(on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 15) for done in range(1, 16)]


@pytest.mark.parametrize("drawn", [None, 7])
def test_data_in_a_file_are_read_once_and_in_their_order(toy: Any, drawn: int | None) -> None:
    data, begun = toy.data(4), []

    def read() -> Any:
        begun.append(1)
        yield from data.partitions.items()

    lazy = replace(data, partitions=streamed(list(data.partitions), read))
    backwards = replace(lazy, questions=data.questions[::-1])
    run(toy.task(), toy.system(), sample(backwards, drawn) if drawn else backwards, resamples=10)
    assert len(begun) == 1


def test_each_text_is_counted_once(toy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    monkeypatch.setattr("mnemic.bench.run.count_tokens", lambda text: counted.append(text) or 9)
    toy.report()
    assert len(counted) == 3  # in each of the three conversations all texts are alike


class Sure:
    """Claims a probability for each text: .9 for the first, .1 for the others."""

    calibrated = True
    claims = (0.9, 0.1)

    def score(self, place: int) -> float:
        return self.claims[min(place, 1)]


def test_claims_are_held_against_the_gold(toy: Any) -> None:
    class Claiming(Sure, toy.system):  # type: ignore[misc]
        def query(self, question: Question, limit: int) -> Any:
            found = super().query(question, limit)
            return [replace(one, score=self.score(place)) for place, one in enumerate(found)]

    told = run(toy.task(limit=30), Claiming(), toy.data(), resamples=10).calibration
    assert told is not None
    assert told.n == 9 * 10  # the first ten texts of the nine questions that have gold
    assert told.error == pytest.approx(0.1)  # the first is always right, the others never
    assert told.brier == pytest.approx(0.01)
    assert [(one.claimed, one.true, one.n) for one in told.bins] == [
        (pytest.approx(0.1), 0, 81),
        (pytest.approx(0.9), 1, 9),
    ]
    Claiming.claims = (1.7, 0.1)
    with pytest.raises(InputError, match=r"claims probabilities, and gives 1\.7 on question 'q'"):
        run(toy.task(), Claiming(), toy.data())
    Claiming.calibrated = False
    assert run(toy.task(), Claiming(), toy.data(), resamples=10).calibration is None
    assert toy.report().calibration is None


def test_an_interrupt_keeps_what_was_finished(toy: Any, tmp_path: Path) -> None:
    system = toy.system(stop_at="qqq")
    report = run(toy.task(), system, toy.data(), resamples=10)
    assert report.interrupted
    assert [(row.conversation, row.id) for row in report.rows] == [("c0", "q"), ("c0", "qq")]
    assert report.total == 12
    assert report.notes[-1] == "interrupted: 2 of 12 questions were asked"
    assert report.figures["mrr"].n == 2
    assert report.cost.inserted == 30
    assert load_report(report.save(tmp_path / "part.json")) == report


def test_an_interrupt_before_the_first_answer_travels_on(toy: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(toy.task(), toy.system(stop_at="q"), toy.data(), resamples=10)


def test_a_limit_of_ones_own_is_noted(toy: Any) -> None:
    report = toy.report(limit=3, rank=4)
    assert report.limit == 3
    assert all(len(row.found) == 3 for row in report.rows)
    assert report.figures["recall@5"].mean == 0
    assert report.notes[-1] == "3 texts were asked for a question; the task's own number is 10"
    assert list(report.by_count) == [1]


def test_what_a_system_gives_beyond_the_limit_is_not_seen(toy: Any) -> None:
    class Generous(toy.system):  # type: ignore[misc]
        def query(self, question: Question, limit: int) -> Any:
            return super().query(question, 30)

    report = run(toy.task(), Generous(), toy.data(), resamples=10)
    assert all(len(row.found) == 10 for row in report.rows)


def test_only_partitions_that_are_asked_about_are_stored(toy: Any) -> None:
    data, system = toy.data(), toy.system()
    some = replace(data, questions=[q for q in data.questions if q.conversation == "c1"])
    run(toy.task(), system, some, resamples=10)
    assert list(system.held) == ["c1"]


def test_the_same_run_gives_the_same_report_but_for_time(toy: Any) -> None:
    def timeless(report: Any) -> Any:
        rows = tuple(replace(row, milliseconds=0) for row in report.rows)
        return replace(report, rows=rows, cost=None)

    assert timeless(toy.report(rank=4)) == timeless(toy.report(rank=4))


def test_what_cannot_be_run_is_said_before_anything_is_stored(toy: Any) -> None:
    data, system = toy.data(), toy.system()
    one = data.questions[0]
    for questions, message in [
        ([], "hold no question"),
        ([replace(one, conversation="c9")], "about 'c9', which is not among the 3 partitions"),
        ([one, one], "two questions about 'c0' are called 'q'"),
    ]:
        with pytest.raises(InputError, match=message):
            run(toy.task(), system, replace(data, questions=questions))
    with pytest.raises(InputError, match="limit=0 asks for no text"):
        run(toy.task(), system, data, limit=0)
    assert not system.held


def test_a_score_that_is_no_number_names_its_question(toy: Any) -> None:
    task = toy.task(score=lambda outcome: {"f1": float("nan")})
    with pytest.raises(InputError, match="toy on question 'q' gives f1 = nan"):
        toy.report(task=task)


@pytest.mark.parametrize("answers", [True, False])
def test_a_report_comes_back_as_it_was_saved(toy: Any, tmp_path: Path, answers: bool) -> None:
    task = toy.task(answers=answers, tuned="東京 — “ü”\n\x1b", limit=31)

    class Claiming(Sure, toy.answering):  # type: ignore[misc]
        pass

    report = run(task, Claiming(rank=3), toy.data(10), resamples=20)
    assert report.calibration is not None
    file = report.save(tmp_path / "deep" / "report.json")
    assert load_report(file) == report
    assert list(file.parent.iterdir()) == [file]  # nothing half written stays behind
    lines = file.read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith('  {"id"') for line in lines) == len(report.rows)


def test_files_that_are_no_reports(toy: Any, tmp_path: Path) -> None:
    good = toy.report().save(tmp_path / "good.json")
    value = json.loads(good.read_text(encoding="utf-8"))
    damaged = {name: entry for name, entry in value.items() if name != "rows"}
    for text, message in [
        ("{", "is no JSON"),
        ("[]", "is no report"),
        ('{"format": "other"}', "is no report"),
        (json.dumps(value | {"version": 99}), "version 99, and this mnemic reads 1. Upgrade"),
        (json.dumps(damaged), "is damaged: KeyError"),
        (json.dumps(value | {"surplus": 1}), "is damaged: TypeError"),
    ]:
        file = tmp_path / "bad.json"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=message):
            load_report(file)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        load_report(tmp_path / "none.json")
    with pytest.raises(InputError, match="cannot be written"):
        toy.report().save(good / "below-a-file.json")
