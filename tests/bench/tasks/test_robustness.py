"""Robustness: other tasks' data with changed questions and planted texts, and what these cost."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

from mnemic.bench.adapters.bm25 import Bm25
from mnemic.bench.run import run
from mnemic.bench.tasks import cranfield
from mnemic.bench.tasks.robustness import TASK, read_paraphrases
from mnemic.bench.tasks.robustness_poison import planted
from mnemic.core.errors import InputError, SourceError
from mnemic.core.records import Origin

PLACES = ("kitchen", "garden", "cellar", "attic", "stable", "office")
DOCUMENTS = "".join(
    f"<doc><docno>{number}</docno><text>the lantern in the {place} was bought last winter</text>"
    "</doc>"
    for number, place in enumerate(PLACES, 1)
)
QUERIES = "".join(f"<title>where is the {place} lantern ?</title>" for place in PLACES)
JUDGEMENTS = "".join(f"{number} 0 {number} 1\n" for number in range(1, len(PLACES) + 1))


@pytest.fixture
def folder(write) -> Path:
    write("cran.qry.xml", QUERIES)
    write("cranqrel.trec.txt", JUDGEMENTS)
    return write("cran.all.1400.xml", DOCUMENTS).parent


def load(folder, **given):
    return TASK.load(folder, {"seeds": "1,2", "planted": "3", **given})


@pytest.mark.parametrize("name", ["edits", "words", "poison", "geometry"])
def test_examples(name):
    module = import_module(f"mnemic.bench.tasks.robustness_{name}")
    assert doctest.testmod(module).failed == 0


def test_each_question_is_asked_clean_and_changed(folder):
    data = load(folder, kinds="typo,reorder")
    clean = [one for one in data.questions if one.category == "clean"]
    base = cranfield.load(folder, {}).questions
    assert [one.text for one in clean] == [one.text for one in base]
    assert data.partitions.keys() == {"cranfield"}
    for one in data.questions:
        before = base[int(one.id.split("/")[0]) - 1]
        assert one.evidence == before.evidence
        assert one.metadata["category"] == "abstract"
        assert (one.text == before.text) == (one.category == "clean")
    kinds = {one.category for one in data.questions}
    assert kinds == {"clean", "typo", "reorder"}


def test_the_same_options_make_the_same_data(folder):
    first, again = (load(folder, words="6") for _ in range(2))
    assert first.questions == again.questions
    assert {name: list(texts) for name, texts in first.partitions.items()} == {
        name: list(texts) for name, texts in again.partitions.items()
    }
    assert first.revision == again.revision != load(folder, kinds="clean", seed="1").revision


def test_an_attacker_never_knows_what_is_asked(folder):
    data = load(folder, kinds="stuffing", origins="user")
    asked = {}
    for name, texts in data.partitions.items():
        if "+" in name:
            poison = " ".join(one.text for one in texts if planted(one.metadata["turn"]))
            inside = [one for one in data.questions if one.conversation == name]
            asked[name] = {one.id.split("/")[0] for one in inside}
            # A question's own word stands in no text that is planted against it.
            for one in inside:
                assert one.text.split()[3] not in poison.split()
    # Both halves are asked, each once.
    first, second = asked.values()
    assert not first & second
    assert len(first | second) == len(PLACES)


def test_origins_of_planted_texts(folder):
    data = load(folder, kinds="copies", origins="web,user")
    found = {
        name: {one.origin for one in texts if planted(one.metadata["turn"])}
        for name, texts in data.partitions.items()
        if "+" in name
    }
    assert set(map(frozenset, found.values())) == {
        frozenset({Origin.WEB}), frozenset({Origin.USER})
    }  # fmt: skip
    for name, texts in data.partitions.items():
        if "+" in name:
            copies = [one for one in texts if planted(one.metadata["turn"])]
            assert len(copies) == 3
            assert len({one.text for one in copies}) == 1
            # The data's own texts are all there, and first.
            assert texts[: len(PLACES)] == data.partitions["cranfield"]


def test_scores_and_what_is_lost(folder, outcome):
    data = load(folder, kinds="typo,stuffing", seeds="1", origins="web")
    place_of = {one.id: place for place, one in enumerate(data.questions)}
    clean = TASK.score(outcome(data, place_of["1/clean/0"], ["1", "2"]))
    assert clean == {"ndcg@10": 1.0, "recall@10": 1.0, "recall@20": 1.0}
    typo = TASK.score(outcome(data, place_of["1/typo/1"], ["2", "3"]))
    poisoned = next(one for one in data.questions if one.category == "stuffing (web)")
    hit = TASK.score(
        outcome(
            data, place_of[poisoned.id], ["2", "3", "4", "5", "6", "planted/0", *poisoned.evidence]
        )
    )
    assert (hit["asr@5"], hit["asr@10"], hit["places@20"]) == (0.0, 1.0, 0.05)
    asked = [data.questions[place_of[id]] for id in ("1/clean/0", "1/typo/1")]
    figures = TASK.summary(asked, [clean, typo])
    assert figures == {"ndcg@10 lost to typo": 1.0, "recall@10 lost to typo": 1.0}
    # A change without its clean question, as in a sample, is compared with nothing.
    assert TASK.summary(asked[1:], [typo]) == {}


def test_word_order_is_nothing_to_bm25_and_stuffing_is_found(folder):
    report = run(TASK, Bm25(), load(folder, kinds="reorder,stuffing"), resamples=50)
    assert report.summary["ndcg@10 lost to reorder"] == 0.0
    assert report.categories["stuffing (web)"]["asr@10"].mean == 1.0  # "lantern" is in all


def test_a_table_of_paraphrases_is_a_kind(folder, write):
    table = write("formal.tsv", "where is the kitchen lantern ?\tin which place is it ?\n\n")
    data = load(folder, kinds="typo", paraphrases=str(table))
    (formal,) = (one for one in data.questions if one.category == "formal")
    assert formal.text == "in which place is it ?"
    assert read_paraphrases(table) == {"where is the kitchen lantern ?": formal.text}
    with pytest.raises(SourceError, match=r"bad\.tsv, line 2: no question and paraphrase"):
        read_paraphrases(write("bad.tsv", "a\tb\nno tab here\n"))
    with pytest.raises(InputError, match="has that name already"):
        load(folder, paraphrases=str(write("typo.tsv", "a\tb")))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kinds": "typoo"}, "kinds='typoo' is nothing that can be done"),
        ({"of": "beam"}, "of='beam' is none of cranfield, locomo"),
        ({"origins": "moon"}, "origins='moon' is none of web, user"),
        ({"against": "none"}, "swaps are made against vectors"),
        ({"unit": "turn"}, "no option 'unit'"),  # the other task's own, which it does not have
    ],
)
def test_options_that_cannot_be(folder, given, message):
    with pytest.raises(InputError, match=message):
        load(folder, **given)


def test_fewer_questions(folder):
    data = load(folder, kinds="typo", questions="2")
    assert {one.metadata["question"] for one in data.questions} == {"cranfield/1", "cranfield/4"}


@pytest.mark.shared
def test_the_floor_of_the_published_attack(data):
    found = TASK.load(
        data / "cranfield", {"kinds": "typo,stuffing", "origins": "user", "seeds": "1999"}
    )
    report = run(TASK, Bm25(), found, resamples=50)
    assert 0.02 < report.summary["ndcg@10 lost to typo"] < 0.09
    assert 0.07 < report.categories["stuffing (user)"]["asr@10"].mean < 0.14
    assert 0.14 < report.categories["stuffing (user)"]["asr@20"].mean < 0.24
