"""SORT: texts are cut into fair pairs, and what a store finds becomes an order."""

from __future__ import annotations

import doctest
import gzip
from collections import Counter
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.adapters.bm25 import Bm25
from mnemic.bench.adapters.reading_model import ReadingModel
from mnemic.bench.run import run
from mnemic.bench.system import Answered, Found
from mnemic.bench.task import Outcome
from mnemic.bench.tasks import sort_model
from mnemic.bench.tasks.sort import TASK, order
from mnemic.bench.tasks.sort_cues import MASK, cue, paraphrase
from mnemic.bench.tasks.sort_pairs import bins, excerpts, pairs
from mnemic.bench.tasks.sort_text import Text, body, read, texts
from mnemic.core.errors import InputError, SourceError

GUTENBERG = """The Project Gutenberg eBook of Nothing

*** START OF THE PROJECT GUTENBERG EBOOK NOTHING ***

Mr. Pip ran [Illustration: a boy] home. "Why?" She laughed! He
wept.

*** END OF THE PROJECT GUTENBERG EBOOK NOTHING ***
Licence.
"""


def story(sentences: int, seed: int = 0) -> str:
    """A text in which every sentence has words of its own."""
    random = Random(seed)
    return " ".join(
        f"Then word{number} met " + " ".join(f"x{number}y{place}" for place in range(length)) + "."
        for number in range(sentences)
        for length in [random.randint(3, 12)]
    )


STORY = read("story", story(600))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_text(story(400, 1), encoding="utf-8")
    (tmp_path / "two.txt.gz").write_bytes(gzip.compress(story(500, 2).encode()))
    (tmp_path / "README.md").write_text("Not a text of the benchmark.", encoding="utf-8")
    return tmp_path


MODULES = ("sort", "sort_cues", "sort_model", "sort_pairs", "sort_text")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    assert doctest.testmod(import_module(f"mnemic.bench.tasks.{name}")).failed == 0


# -- texts


def test_the_frame_of_project_gutenberg_is_cut() -> None:
    found = read("nothing", GUTENBERG)
    assert found.words == ("Mr.", "Pip", "ran", "home.", '"Why?"', "She", "laughed!", "He", "wept.")
    assert [found.words[start] for start in found.starts] == ["Mr.", '"Why?"', "She", "He"]
    assert body("No frame. At all.") == "No frame. At all."


def test_files_of_a_folder(folder: Path) -> None:
    found, files = texts(folder)
    assert [text.name for text in found] == ["one", "two"]
    assert list(files) == ["one.txt", "two.txt.gz"]
    assert texts(folder / "one.txt")[0] == found[:1]


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.txt"):
        texts(tmp_path)
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(b"words")[:9])
    with pytest.raises(SourceError, match="no text in UTF-8"):
        texts(tmp_path)


# -- pairs


@given(st.integers(0, 1000), st.sampled_from([250, 1000, 2500]), st.sampled_from([20, 50]))
def test_pairs_keep_their_bins_and_do_not_overlap(seed: int, length: int, segment: int) -> None:
    random = Random(seed)
    drawn = excerpts(STORY, length, 10, random)
    starts = set(STORY.starts)
    found = pairs(STORY, drawn, segment, 1, False, random)
    assert found
    for pair in found:
        excerpt = drawn[pair.excerpt]
        distance = pair.second - pair.first
        assert pair.bin.low < distance <= pair.bin.high and distance >= segment
        assert {pair.first, pair.second} <= starts
        assert excerpt.start <= pair.first
        assert pair.second + segment <= excerpt.start + excerpt.length
    for one, count in Counter(pair.bin for pair in found).items():
        swapped = sum(pair.swapped for pair in found if pair.bin == one)
        assert swapped == count // 2  # balanced in every bin


def test_excerpts_come_from_all_of_a_text() -> None:
    drawn = excerpts(STORY, 250, 20, Random(0))
    assert len(drawn) == 20
    slice_size = (len(STORY.words) - 250 + 1) / 20
    assert [int(one.start / slice_size) for one in drawn] == list(range(20))
    assert excerpts(STORY, len(STORY.words) + 1, 20, Random(0)) == []


def test_bins_are_those_of_the_paper() -> None:
    assert [(one.low, one.high) for one in bins(250, 50)] == [
        (50, 62), (62, 83), (83, 125), (125, 250)
    ]  # fmt: skip
    assert [(one.low, one.high) for one in bins(20_000, 50)] == [
        (50, 1000), (1000, 5000), (5000, 10_000), (10_000, 20_000)
    ]  # fmt: skip
    assert [one.name for one in bins(9000, 20, whole=True)] == [
        "20-250 words", "250-1000 words", "1000 words-1/4 of the text", "1/4-1/2 of the text",
        "1/2-1 of the text",
    ]  # fmt: skip


def test_a_text_too_short_for_a_bin_has_no_pair_there() -> None:
    short = Text("short", ("One", "two.", "Three", "four."), (0, 2))
    assert pairs(short, excerpts(short, 4, 1, Random(0)), 3, 1, False, Random(0)) == []


# -- cues


@given(st.integers(0, 100), st.floats(0, 1))
def test_a_masked_cue_keeps_its_length(seed: int, share: float) -> None:
    words = ["It", "was", "the", "best", "of", "times,", "it", "was", "the", "worst"]
    masked = cue(words, "masked", Random(seed), share).split()
    assert len(masked) == len(words)
    assert masked.count(MASK) == round(share * len(words))
    assert all(one in (MASK, word) for one, word in zip(masked, words, strict=True))


def test_a_paraphrase_says_it_otherwise() -> None:
    assert paraphrase("We'll go, said the old man", Random(1)) in {
        "We will go, remarked the aged fellow", "remarked the aged fellow We will go,"
    }  # fmt: skip
    assert cue(["As", "is."], "verbatim", Random(0)) == "As is."


# -- the task for stores


@pytest.mark.parametrize(
    ("first", "second", "right"), [(0.1, 0.2, 1), (0.2, 0.1, 0), (0.1, 0.1, 0.5), (None, 0.1, 0.5)]
)
def test_equal_and_missing_places_are_half_a_point(
    first: float | None, second: float | None, right: float
) -> None:
    assert order(first, second) == right


def test_a_store_that_keeps_every_word_knows_the_order(folder: Path) -> None:
    data = TASK.load(folder, {"chunk": "50", "excerpts": "5"})
    report = run(TASK, Bm25(), data, resamples=10)
    assert report.summary["accuracy at 1/2-1 of the text"] == 1
    assert report.figures["any@1"].mean > 0.9


def test_what_was_not_kept_is_not_known(folder: Path) -> None:
    data = TASK.load(folder, {"keep": "0.2,1,0.6", "chunk": "50", "excerpts": "5"})
    report = run(TASK, Bm25(), data, resamples=10)
    accuracy = [report.summary[f"accuracy{kept}"] for kept in ("", ", keep 0.6", ", keep 0.2")]
    stored = [report.summary[f"bytes a word{kept}"] for kept in ("", ", keep 0.6", ", keep 0.2")]
    assert accuracy == sorted(accuracy, reverse=True) and accuracy[0] > accuracy[2] + 0.2
    assert stored == sorted(stored, reverse=True)
    words = {
        share: set(" ".join(event.text for event in data.partitions[name]).split())
        for share, name in ((1, "one/0"), (0.6, "one/0/keep=0.6"), (0.2, "one/0/keep=0.2"))
    }
    assert words[0.2] < words[0.6] < words[1]  # what a small share keeps, a larger keeps too


def test_gold_chunks_hold_the_segment(folder: Path) -> None:
    data = TASK.load(folder, {"excerpt": "500", "excerpts": "4", "chunk": "30"})
    assert len(data.partitions) == 8
    for question in data.questions:
        chunks = data.partitions[question.conversation]
        held = " ".join(
            event.text for event in chunks if event.metadata["turn"] in question.evidence
        )
        assert question.text in held


def test_scores_of_a_lookup(folder: Path) -> None:
    question = TASK.load(folder, {"chunk": "50"}).questions[0]
    (right, *_), last = question.evidence, question.metadata["last"]
    found = Outcome(question, [Found(right, 2.0), Found(str(last), 1.0)], None, 0.0)
    assert TASK.score(found) == {"any@1": 1, "any@5": 1, "place": int(right) / last}
    assert "place" not in TASK.score(Outcome(question, [], None, 0.0))


def test_a_lookup_without_its_partner_is_passed_over(folder: Path) -> None:
    asked = TASK.load(folder, {}).questions[:1]
    assert TASK.summary(asked, [{"place": 0.5}]) == {}


def test_options_of_stores(folder: Path) -> None:
    for given_options, message in (
        ({"keep": "half"}, "no list of shares"),
        ({"keep": "0,1"}, "no list of shares"),
        ({"mask": "101"}, "no percentage"),
        ({"excerpt": "100000"}, "no text is long enough"),
        ({"cue": "sung"}, "none of verbatim"),
    ):
        with pytest.raises(InputError, match=message):
            TASK.load(folder, given_options)
    assert TASK.load(folder, {}) == TASK.load(folder, {})
    long = TASK.load(folder, {"excerpt": "4300"})
    assert long.notes == ["1 of 2 texts are too short and left out"]


# -- the task for language models


def reads_well(prompt: str) -> str:
    """Looks both passages up in the text, if there is one."""
    text, _, asked = prompt.partition("</text>")
    if not asked:
        return ""
    a, b = (asked.split(f"Passage {label}: ")[1].split("\n\n")[0] for label in "AB")
    return "Answer: A" if text.index(a) < text.index(b) else "I would say B."


def test_a_model_that_reads_knows_and_one_that_does_not_is_at_chance(folder: Path) -> None:
    model = ReadingModel(reads_well, "toy")
    data = sort_model.TASK.load(folder, {"excerpts": "5"})
    figures = run(sort_model.TASK, model, data, resamples=10).figures
    assert figures["accuracy"].mean == 1
    assert figures["says A"].mean == pytest.approx(0.5, abs=0.1)
    unread = sort_model.TASK.load(folder, {"excerpts": "5", "text": "none"})
    assert not any(unread.partitions.values())
    figures = run(sort_model.TASK, ReadingModel(reads_well, "toy"), unread, resamples=10).figures
    assert figures["accuracy"].mean == 0.5 and figures["answers"].mean == 0


def test_who_always_says_a_is_right_half_the_time(folder: Path) -> None:
    data = sort_model.TASK.load(folder, {"excerpts": "8", "excerpt": "500"})
    figures = run(sort_model.TASK, ReadingModel(lambda _: "A", "a"), data, resamples=10).figures
    assert figures["accuracy"].mean == pytest.approx(0.5, abs=0.05)


def test_the_last_letter_counts(folder: Path) -> None:
    question = sort_model.TASK.load(folder, {}).questions[0]
    said = Answered((f"Not A, not B, but {question.answer}",))
    assert sort_model.TASK.score(Outcome(question, [], said, 0.0))["accuracy"] == 1
    assert sort_model.TASK.score(Outcome(question, [], None, 0.0)) == {}


@pytest.mark.shared
def test_the_books_of_book_sort(data: Path) -> None:
    found, _ = texts(data / "book-sort")
    assert len(found) == 9
    shortest = min(found, key=lambda text: len(text.words))
    assert shortest.name == "73017-0" and len(shortest.words) == pytest.approx(9349, rel=0.01)
    assert not any("GUTENBERG" in word for text in found for word in text.words)
