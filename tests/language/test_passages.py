"""Passages: they cover the text in order, keep the limit, and end where a reader would pause."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.language.passages import Passage, passages
from mnemic.language.wordpiece import WordPiece
from mnemic.language.words import words

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PIECES = WordPiece(
    ["[UNK]", *LETTERS, *(f"##{each}" for each in LETTERS), *".,!?;:'\"()-。！？，、「」"]
)
BLANKS = " \t\n\r\u00a0\u2009\u3000"
TEXTS = st.lists(
    st.one_of(
        st.text(LETTERS, max_size=12),
        st.text(LETTERS + ".,!?-'", max_size=40),
        st.text("東京大阪。！，、「」", max_size=60),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.sampled_from([" ", "  ", "\n", "\n\n", ". ", "! ", " \u3000"]),
    ),
    max_size=30,
).map("".join)


def covered(text: str, found: list[Passage]) -> bool:
    """In order, without overlap, and only blanks left out."""
    ends = [0, *(passage.end for passage in found)]
    starts = [*(passage.start for passage in found), len(text)]
    gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    return all(end <= start for end, start in zip(ends, starts, strict=True)) and not any(
        gap.strip(BLANKS) for gap in gaps
    )


@given(TEXTS, st.sampled_from([8, 20, 64]))
def test_passages_cover_the_text_within_the_limit(text: str, limit: int) -> None:
    found = passages(text, PIECES.ids, limit=limit)
    assert covered(text, found)
    for passage in found:
        assert len(passage.ids) <= limit
        assert list(passage.ids) == PIECES.ids(text[passage.start : passage.end])
        assert text[passage.start : passage.end].strip()


@given(TEXTS, st.sampled_from([8, 20]))
def test_without_a_model_words_are_counted(text: str, limit: int) -> None:
    found = passages(text, count=lambda part: len(words(part)), limit=limit)
    assert covered(text, found)
    for passage in found:
        assert passage.ids == ()
        assert len(words(text[passage.start : passage.end])) <= limit
    assert covered(text, passages(text, limit=limit))


@given(TEXTS)
def test_cut_at_blanks_the_tokens_stay_the_same(text: str) -> None:
    spaced = " ".join(text.split())
    found = passages(spaced, PIECES.ids)
    if all(len(PIECES.ids(word)) <= 64 for word in spaced.split()):
        together = [token for passage in found for token in passage.ids]
        assert together == PIECES.ids(spaced)


@given(TEXTS)
def test_what_fits_is_one_passage_unchanged(text: str) -> None:
    if text.strip() and len(PIECES.ids(text)) <= 64:
        found = passages(text, PIECES.ids)
        assert found == [Passage(0, len(text), tuple(PIECES.ids(text)))]


def texts(text: str, limit: int) -> list[str]:
    return [text[found.start : found.end] for found in passages(text, limit=limit)]


def test_sentences_are_kept_together() -> None:
    text = "She moved to Lisbon last May. Dr. Silva found her a flat. Her brother stayed in Porto."
    assert texts(text, 12) == [
        "She moved to Lisbon last May.",
        "Dr. Silva found her a flat. Her brother stayed in Porto.",
    ]
    assert texts("one two three\n\nfour five six seven eight nine ten", 8)[0] == "one two three"


def test_a_small_rest_is_shared_out() -> None:
    assert [len(words(part)) for part in texts("word " * 66, 64)] == [33, 33]
    assert [len(words(part)) for part in texts("word " * 200, 64)] == [64, 64, 36, 36]


def test_only_the_blank_nearest_to_the_middle_parts_a_sentence() -> None:
    """Its neighbours are too short to stand alone, and it is too long to stand with one of them."""
    assert texts(f"So it was. {'word ' * 62}end. And so on.", 64) == [
        f"So it was. {'word ' * 31}word",
        f"{'word ' * 30}end. And so on.",
    ]


def test_chinese_is_cut_after_its_own_stops() -> None:
    text = "我昨天去了东京。那里的寿司很好吃，下次还想去！你呢？"
    assert texts(text, 16) == ["我昨天去了东京。", "那里的寿司很好吃，下次还想去！你呢？"]


def test_a_limit_that_one_character_could_break_is_refused() -> None:
    with pytest.raises(InputError, match="limit of 8"):
        passages("text", limit=7)


@pytest.mark.parametrize("text", ["", " \n ", "\u3000"])
def test_blank_texts_have_no_passages(text: str) -> None:
    assert passages(text, PIECES.ids) == []


@pytest.mark.parametrize(
    "text",
    [
        "Cats can jump. They do. " * 8_000,
        "。" * 100_000,
        "a,b,c," * 30_000,
        "漢" * 100_000,
        "ab12/+" * 30_000,
        ". " * 30_000,
        "e.g. " * 30_000,
        " " * 500_000 + "x",
    ],
    ids=["prose", "stops", "csv", "Han", "base64", "dots", "abbreviations", "blanks"],
)
def test_time_is_linear(text: str) -> None:
    for measure in (PIECES.ids, None):
        begun = time.process_time()
        assert covered(text, passages(text, measure))
        assert time.process_time() - begun < 3
