"""Questions on a book: templates, bins, and gold that agrees with the events."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from mnemic.bench.tasks.epbench import generate
from mnemic.bench.tasks.epbench_questions import (
    EACH,
    TEMPLATES,
    WORDINGS,
    Asked,
    bin_of,
    day,
    questions,
)
from mnemic.bench.tasks.epbench_world import Gold, universe

BOOK = generate(200)
GOLDS = [chapter.gold for chapter in BOOK.chapters]


def value(gold: Gold, asks: str) -> str:
    return {
        "times": gold.time, "spaces": gold.space, "entities": gold.entity, "contents": gold.content
    }[asks]  # fmt: skip


def test_there_are_36_templates_as_in_the_paper() -> None:
    kinds = Counter(template.get for template in TEMPLATES)
    assert kinds == {"all": 30, "latest": 3, "chronological": 3}
    assert len({template.given for template in TEMPLATES}) == 15
    assert len({(one.given, one.asks, one.get) for one in TEMPLATES}) == 36
    for template in TEMPLATES:
        for wording in WORDINGS:
            slots = {part[0] for part in template.texts[wording].split("{")[1:]}
            assert slots == set(template.given)


def test_at_most_five_in_each_bin_of_a_template() -> None:
    counts = Counter((one.template, bin_of(one.matches)) for one in BOOK.asked)
    assert max(counts.values()) == EACH
    assert {name for _, name in counts} == {"0", "1", "2", "3-5", "6+"}
    assert 600 < len(BOOK.asked) < 760  # the authors' long book has 686


def test_gold_agrees_with_the_events_that_match_the_cue() -> None:
    for one in BOOK.asked:
        chosen = [GOLDS[chapter - 1] for chapter in one.chapters]
        for gold in chosen:
            given = [
                value(gold, asks)
                for letter, asks in zip("tsec", ("times", "spaces", "entities", "contents"),
                                        strict=True)
                if letter in one.given
            ]  # fmt: skip
            assert all(name.lower() in one.text.lower() for name in given)
        if one.asks in ("times", "spaces", "entities", "contents"):
            assert one.values is not None
            assert set(one.values) == {value(gold, one.asks) for gold in chosen}
        if one.get == "chronological":
            days = [day(gold.time) for gold in chosen]
            assert days == sorted(days)
        if one.get == "latest" and one.matches:
            assert len(one.chapters) == 1


def test_of_the_latest_there_is_no_later() -> None:
    for one in BOOK.asked:
        if one.get == "latest" and one.matches:
            last = GOLDS[one.chapters[0] - 1]
            same = [gold for gold in GOLDS if gold.entity == last.entity]
            assert len(same) == one.matches
            assert day(last.time) == max(day(gold.time) for gold in same)


def test_nothing_matches_an_empty_question() -> None:
    empty = [one for one in BOOK.asked if not one.matches]
    assert len(empty) == 180
    for one in empty:
        assert one.values == () and one.chapters == ()
        for gold in GOLDS:
            names = dict(
                zip("tsec", (gold.time, gold.space, gold.entity, gold.content), strict=True)
            )
            assert not all(names[letter].lower() in one.text.lower() for letter in one.given)


def test_some_empty_questions_name_only_what_the_book_knows() -> None:
    used = {gold.entity for gold in GOLDS}
    pairs = [one for one in BOOK.asked if not one.matches and one.given == "te"]
    known = [one for one in pairs if any(name in one.text for name in used)]
    assert len(known) > 0


def test_both_wordings_ask_the_same() -> None:
    def without_text(asked: tuple[Asked, ...]) -> list[tuple[object, ...]]:
        return [(one.template, one.values, one.chapters) for one in asked]

    oblique = generate(40, wording="oblique")
    assert without_text(oblique.asked) == without_text(generate(40).asked)
    assert {one.text for one in oblique.asked}.isdisjoint(one.text for one in generate(40).asked)


def test_a_book_of_one_chapter_has_questions() -> None:
    gold = Gold(1, "April 09, 2026", "Saltgate Library", "Ada Quill", "Chess Tournament", ())
    asked = questions([gold], universe("coast", 0), Random(0))
    assert {bin_of(one.matches) for one in asked} == {"0", "1"}


def test_articles_fit() -> None:
    assert not [one for one in BOOK.asked if " a a" in one.text.lower() or " a o" in one.text]


@pytest.mark.parametrize(("matches", "name"), [(0, "0"), (3, "3-5"), (5, "3-5"), (6, "6+")])
def test_bins(matches: int, name: str) -> None:
    assert bin_of(matches) == name
