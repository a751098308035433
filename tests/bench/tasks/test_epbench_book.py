"""Generated chapters: what each must hold, and that a seed decides everything."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.tasks import epbench_prose, epbench_world
from mnemic.bench.tasks.epbench import generate
from mnemic.bench.tasks.epbench_book import MOST_PARAGRAPHS
from mnemic.bench.tasks.epbench_questions import day
from mnemic.bench.tasks.epbench_world import UNIVERSES, VALUES, happenings, universe
from mnemic.core.errors import InputError

BOOK = generate(200)


def text(number: int) -> str:
    return "\n".join(BOOK.chapters[number - 1].paragraphs)


@pytest.mark.parametrize("name", UNIVERSES)
def test_a_universe_has_a_hundred_values_of_each_coordinate(name: str) -> None:
    found = universe(name, 0)
    for values in (found.dates, found.places, found.people, found.contents):
        assert len(set(values)) == VALUES
    assert all(len(set(content.details)) == 30 for content in found.contents)
    assert all(
        content.name.lower() not in " ".join((*content.paraphrases, *content.details)).lower()
        for content in found.contents
    )
    with pytest.raises(InputError, match="no universe 'moon'"):
        universe("moon", 0)


@given(st.integers(0, 2**32))
def test_nobody_is_in_two_places_on_one_day_and_no_place_sees_two_events(seed: int) -> None:
    found = happenings(universe("coast", 1), 60, Random(seed))
    assert len(found) == 60
    assert len({(one.date, one.person) for one in found}) == 60
    assert len({(one.date, one.place) for one in found}) == 60


def test_first_values_come_again_and_again() -> None:
    found = universe("coast", 0)
    counts = Counter(one.content for one in happenings(found, 2000, Random(0)))
    assert [counts[content] for content in found.contents[:3]] == pytest.approx(
        [200, 180, 162], rel=0.25
    )


def test_too_many_chapters_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="more than this universe holds"):
        happenings(universe("coast", 0), 10_001, Random(0))
    monkeypatch.setattr(epbench_world, "_PATIENCE", 3)
    with pytest.raises(InputError, match="more than this universe holds"):
        happenings(universe("coast", 0), 5_000, Random(0))


def test_each_name_stands_in_its_chapter_exactly_once() -> None:
    for chapter in BOOK.chapters:
        whole = text(chapter.number)
        gold = chapter.gold
        assert [whole.count(name) for name in (gold.time, gold.space, gold.entity)] == [1, 1, 1]
        assert gold.others is not None
        assert all(other in whole for other in gold.others)


def test_no_chapter_names_the_date_or_place_of_another() -> None:
    found = universe("coast", 0)
    people = [person.name for person in found.people]
    for chapter in BOOK.chapters:
        whole = text(chapter.number)
        for values, own in (
            (found.dates, chapter.gold.time),
            (found.places, chapter.gold.space),
            (people, chapter.gold.entity),
        ):
            assert [value for value in values if value in whole] == [own]


def test_about_half_of_the_chapters_only_describe_their_content() -> None:
    named = sum(one.gold.content.lower() in text(one.number).lower() for one in BOOK.chapters)
    assert 0.35 < named / len(BOOK.chapters) < 0.55


def test_chapters_have_the_shape_of_the_authors() -> None:
    assert {len(chapter.paragraphs) for chapter in BOOK.chapters} == {
        *range(1, MOST_PARAGRAPHS + 1)
    }
    assert all(400 <= len(text(one.number).split()) <= 1100 for one in BOOK.chapters)
    assert len({chapter.style for chapter in BOOK.chapters}) == 8
    dates = [day(chapter.gold.time) for chapter in BOOK.chapters]
    assert any(first > second for first, second in pairwise(dates))


def test_no_slot_is_left_open_and_no_article_is_wrong() -> None:
    for chapter in BOOK.chapters:
        whole = text(chapter.number)
        assert "{" not in whole and "  " not in whole
        assert " a a" not in whole and " a o" not in whole.replace(" a one", "")


def test_every_slot_of_a_sentence_is_known() -> None:
    # A slot that no chapter of this seed happened to use would fail in another.
    sentences = [
        sentence
        for table in (
            epbench_prose.SCENES, epbench_prose.PEOPLE, epbench_prose.THINGS,
            epbench_prose.THOUGHTS, epbench_prose.TALK, epbench_prose.TURNS, epbench_prose.TIME,
            epbench_prose.PLACE, epbench_prose.WHO, epbench_prose.WHAT, epbench_prose.WHAT_ELSE,
            epbench_prose.DEED, *epbench_prose.STYLES.values(), *epbench_prose.PHRASES.values(),
        )
        for sentence in table
    ]  # fmt: skip
    known = {*epbench_prose.PHRASES, "s", "o", "p", "S", "P", "self", "other", "thing", "date"}
    known |= {"place", "name", "first", "detail", "content", "paraphrase"}
    known |= {"month", "year", "day", "stem", "kind"}
    slots = {part.split("}")[0] for sentence in sentences for part in sentence.split("{")[1:]}
    assert slots <= known
    assert len(sentences) == len(set(sentences)) or len(sentences) > 400


@pytest.mark.parametrize("name", UNIVERSES)
def test_others_share_no_whole_name_with_protagonists(name: str) -> None:
    names = universe(name, 0).names
    assert not {*names.she, *names.he} & set(names.other_first)
    assert not set(names.last) & set(names.other_last)
    assert not set(names.she) & set(names.he)


def test_the_other_universe_makes_books_as_well() -> None:
    chapters = generate(60, world="inland").chapters
    for chapter in chapters:
        whole = "\n".join(chapter.paragraphs)
        gold = chapter.gold
        assert [whole.count(name) for name in (gold.time, gold.space, gold.entity)] == [1, 1, 1]


def test_a_seed_decides_everything() -> None:
    assert generate(40, 3) == generate(40, 3)
    assert generate(40, 3).chapters != generate(40, 4).chapters


@pytest.mark.slow
def test_a_long_book_is_written_quickly() -> None:
    begun = time.perf_counter()
    assert len(generate(2000).chapters) == 2000
    assert time.perf_counter() - begun < 30
