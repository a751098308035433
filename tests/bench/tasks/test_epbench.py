"""The task: the authors' files and generated books become texts and questions, and are scored."""

from __future__ import annotations

import doctest
import json
import statistics
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from mnemic.bench.adapters.bm25 import Bm25
from mnemic.bench.system import Answered, Found
from mnemic.bench.task import Data, Outcome, Scores
from mnemic.bench.tasks.epbench import TASK
from mnemic.core.errors import InputError, SourceError
from mnemic.sources.questions import Question

BOOK = """Chapter 1

On April 09, 2026 the rain fell on
Saltgate Library.

Ada Quill played chess.

Chapter 2

At Heron Point Ada Quill sang on January 03,
2025.
"""
TRUTH = [
    {"chapter": 1, "date": "April 09, 2026", "location": "Saltgate Library",
     "entity": "Ada Quill", "content": "Chess Tournament"},
    {"chapter": 2, "date": "January 03, 2025", "location": "Heron Point",
     "entity": "Ada Quill", "content": "Choir Competition"},
]  # fmt: skip


def asked(**more: Any) -> dict[str, Any]:
    return {
        "q_idx": 33, "cue": "(*, *, ent, *)", "retrieval_type": "Times", "get": "chronological",
        "question": "When was Ada Quill seen, in order?", "bin": "2",
        "answer": ["January 03, 2025", "April 09, 2026"], "answer_chapters": [2, 1],
        "n_matching_chapters": 2,
    } | more  # fmt: skip


QUESTIONS = [
    asked(),
    asked(get="latest", answer=["April 09, 2026"], answer_chapters=[1]),
    asked(get="all", cue="(t, s, ent, c)", retrieval_type="Other entities", answer=None,
          answer_chapters=[1], n_matching_chapters=1),
    asked(get="all", retrieval_type="Full event details", answer=["Chapter 1 ..."],
          answer_chapters=[1], n_matching_chapters=1),
    asked(get="all", answer=[], answer_chapters=[], n_matching_chapters=0),
]  # fmt: skip


MODULES = ("epbench", *(f"epbench_{name}" for name in ("files", "questions", "score", "world")))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(import_module(f"mnemic.bench.tasks.{name}")).failed == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tiny.book.txt").write_text(BOOK, encoding="utf-8")
    (tmp_path / "tiny.groundtruth.json").write_text(json.dumps(TRUTH), encoding="utf-8")
    (tmp_path / "tiny.qa5.json").write_text(json.dumps(QUESTIONS), encoding="utf-8")
    return tmp_path


def outcome(question: Question, found: list[str], *values: str) -> Outcome:
    texts = [Found(id, 1.0) for id in found]
    return Outcome(question, texts, Answered(values, abstained=not values), 0.0)


def test_the_authors_files(folder: Path) -> None:
    data = TASK.load(folder, {})
    assert [event.text for event in data.partitions["tiny"]] == [
        "On April 09, 2026 the rain fell on Saltgate Library.\n\nAda Quill played chess.",
        "At Heron Point Ada Quill sang on January 03, 2025.",
    ]
    assert [question.category for question in data.questions] == [
        "chronological", "latest", "1 match", "1 match", "0 matches",
    ]  # fmt: skip
    assert data.questions[0].evidence == ("2", "1")
    assert data.questions[0].metadata["given"] == "e"
    assert [question.answer for question in data.questions[2:]] == [None, None, ""]
    assert any("tiny.book.txt" in note for note in data.notes)  # not the pinned one


def test_a_paragraph_goes_by_its_chapter(folder: Path) -> None:
    data = TASK.load(folder, {"unit": "paragraph"})
    turns = [event.metadata["turn"] for event in data.partitions["tiny"]]
    assert turns == ["1", "1", "2"]
    scores = TASK.score(outcome(data.questions[0], ["1", "1", "2"]))
    assert scores["recall@5"] == 1 and scores["all@gold"] == 1


def test_a_file_instead_of_its_folder(folder: Path) -> None:
    assert TASK.load(folder / "tiny.book.txt", {}).questions
    with pytest.raises(InputError, match="no book"):
        TASK.load(folder / "tiny.qa5.json", {})


def test_what_is_missing_or_damaged_is_told(folder: Path) -> None:
    (folder / "tiny.groundtruth.json").write_text(json.dumps([{"chapter": 9}]), encoding="utf-8")
    with pytest.raises(SourceError, match=r"chapters that tiny\.book\.txt has not"):
        TASK.load(folder, {})
    (folder / "tiny.groundtruth.json").unlink()
    (folder / "tiny.qa5.json").write_text("[{", encoding="utf-8")
    with pytest.raises(SourceError, match="not JSON"):
        TASK.load(folder, {})
    (folder / "tiny.qa5.json").write_text('[{"cue": "*"}]', encoding="utf-8")
    with pytest.raises(SourceError, match="no question of EpBench"):
        TASK.load(folder, {})
    (folder / "tiny.qa5.json").unlink()
    with pytest.raises(InputError, match="no questions on"):
        TASK.load(folder, {})


def test_answers_are_scored_where_the_gold_is_a_list(folder: Path) -> None:
    chronological, latest, others, details, empty = TASK.load(folder, {}).questions
    assert TASK.score(outcome(chronological, [], "2025-01-03", "9 April 2026"))["tau"] == 1
    assert TASK.score(outcome(latest, ["1"], "2026-04-09"))["f1"] == 1
    assert "f1" not in TASK.score(outcome(others, ["1"], "Somebody"))
    assert "f1" not in TASK.score(outcome(details, ["1"], "Everything"))
    assert TASK.score(outcome(empty, ["1"], "Something"))["hallucinated"] == 1
    assert "recall@5" not in TASK.score(outcome(empty, ["1"]))
    unasked = Outcome(latest, [], None, 0.0)
    assert "f1" not in TASK.score(unasked)


def test_what_an_abstaining_system_still_says_does_not_count(folder: Path) -> None:
    empty = TASK.load(folder, {}).questions[-1]
    said = Outcome(empty, [], Answered(("a guess",), abstained=True), 0.0)
    assert TASK.score(said)["hallucinated"] == 0


def test_more_gold_than_was_asked_for_is_not_held_against_a_system() -> None:
    gold = tuple(map(str, range(60)))
    metadata = {"values": None, "get": "all", "matches": 60}
    many = Question("1", "x", "?", None, "6+ matches", gold, metadata=metadata)
    assert "all@gold" not in TASK.score(outcome(many, ["1"]))
    assert TASK.score(outcome(many, list(gold)))["all@gold"] == 1


def test_a_generated_book_needs_no_data() -> None:
    data = TASK.load(None, {"chapters": "30", "seed": "7"})
    again = TASK.load(None, {"chapters": "30", "seed": "7"})
    assert data == again
    assert "chapters=30 seed=7" in data.revision
    (book,) = data.partitions.values()
    assert len(book) == 30
    assert all(event.time is None for event in book)  # dates stand in the text only
    ids = {event.metadata["turn"] for event in book}
    assert all(set(question.evidence) <= ids for question in data.questions)


def test_options_are_checked(folder: Path) -> None:
    with pytest.raises(InputError, match="no option 'chapter'"):
        TASK.load(None, {"chapter": "3"})
    with pytest.raises(InputError, match="chapters='0'"):
        TASK.load(None, {"chapters": "0"})
    assert any("without effect" in note for note in TASK.load(folder, {"seed": "1"}).notes)


def test_who_knows_everything_scores_everything() -> None:
    asked = TASK.load(None, {"chapters": "60"}).questions
    scores = [TASK.score(outcome(one, [], *(one.metadata["values"] or ()))) for one in asked]
    figures = TASK.summary(asked, scores)
    assert figures["simple recall"] == figures["chronological awareness"] == 1
    assert figures["hallucination"] == 0


def test_bm25_does_on_a_generated_book_as_on_the_authors_long_one() -> None:
    # The card has R@10 98.0, 90.6, 82.8 and 57.6 by number of matches; all@10 3.3 at 6 and more.
    data = TASK.load(None, {})
    system = Bm25()
    for name, events in data.partitions.items():
        system.insert(name, events)
    found: dict[str, list[Scores]] = {}
    for question in data.questions[::2]:
        if question.evidence:
            texts = system.query(question, TASK.limit)
            scores = TASK.score(Outcome(question, texts, None, 0.0))
            found.setdefault(question.category, []).append(scores)

    def mean(category: str, measure: str) -> float:
        return statistics.mean(scores[measure] for scores in found[category])

    assert 0.85 <= mean("1 match", "recall@10") <= 1
    assert 0.75 <= mean("2 matches", "recall@10") <= 0.95
    assert 0.70 <= mean("3-5 matches", "recall@10") <= 0.92
    assert 0.50 <= mean("6+ matches", "recall@10") <= 0.75
    assert mean("6+ matches", "all@10") <= 0.4


@pytest.mark.shared
def test_the_short_book(data: Path) -> None:
    read: Data = TASK.load(data / "epbench", {})
    assert read.notes == []  # it is the pinned one
    (book,) = read.partitions.values()
    assert len(book) == 19 and len(read.questions) == 456
    gold = [question.metadata["values"] for question in read.questions]
    assert sum(values is None for values in gold) == 10  # others and details of real events
    dates = [values for values in gold if values and "20" in values[0]]
    texts = " ".join(event.text for event in book)
    assert all(date in texts for values in dates for date in values)
