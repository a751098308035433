"""WordPiece: equal to the reference library, on every plane of Unicode."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.language import wordpiece as module
from mnemic.language.wordpiece import WordPiece, split

tokenizers = pytest.importorskip("tokenizers")

POOLS = [
    [chr(point) for low, high in ranges for point in range(low, high)]
    for ranges in (
        [(0x20, 0x7F)],
        [(0, 0x250)],
        [(0x61, 0x7B), (0x300, 0x370)],
        [(0x370, 0x530)],
        [(0x590, 0x780)],  # Hebrew, Arabic, Syriac
        [(0x8D0, 0x910), (0x300, 0x310), (0x1E000, 0x1E02B), (0x1E944, 0x1E94B), (0x302E, 0x3030)],
        [(0x900, 0xE00)],
        [(0xE00, 0x1100)],  # Thai to Burmese
        [(0x1100, 0x1200), (0xAC00, 0xAD00)],  # Hangul, apart and together
        [(0x1780, 0x1820), (0x1E00, 0x2000)],
        [(0x2000, 0x2070), (0x20D0, 0x20F1), (0x3000, 0x3040)],
        [(0x4E00, 0x4F00), (0x3400, 0x3440), (0xF900, 0xFB00)],
        [(0x20000, 0x20040), (0x2B820, 0x2B920), (0x2F800, 0x2FA20), (0x30000, 0x30020)],
        [(0x1D100, 0x1D200), (0x1D400, 0x1D420)],
        [(0x1F300, 0x1F700), (0x200D, 0x200E), (0xFE0F, 0xFE10)],
        [(0x10000, 0x12000)],
        [(0x12000, 0x1F000)],
        [(0xE000, 0xE010), (0xFE00, 0x10000), (0xE0000, 0xE0200), (0x10FFF0, 0x110000)],
        [(0x20, 0xD800), (0xE000, 0x110000)],
    )
]
WORDS = ("Hello", "the", "un##aff", "ing.", "2023", "[SEP]", "don't", "東京", "São", "\t", "\n")


def reference(vocabulary: list[str]) -> Any:
    found = tokenizers.Tokenizer(
        tokenizers.models.WordPiece(
            {piece: place for place, piece in enumerate(vocabulary)},
            unk_token="[UNK]",
            max_input_chars_per_word=100,
        )
    )
    found.normalizer = tokenizers.normalizers.BertNormalizer()
    found.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return found


def varied(count: int) -> list[str]:
    """Strings of one to three alphabets, with words and long stretches among them."""
    chance = random.Random(20231)
    texts = []
    for _ in range(count):
        parts = []
        for pool in chance.choices(POOLS, k=chance.choice((1, 1, 2, 3))):
            parts += chance.choices(pool, k=chance.choice((1, 3, 8, 15, 60)))
            parts += chance.choices((" ", *WORDS), k=chance.choice((0, 1, 4)))
        if chance.random() < 0.5:
            chance.shuffle(parts)
        texts.append("".join(parts))
    return texts


def test_ten_thousand_strings_have_the_ids_of_the_reference(vocabulary: list[str]) -> None:
    theirs, ours = reference(vocabulary), WordPiece(vocabulary)
    texts = varied(10_000 if len(vocabulary) > 10_000 else 2_000)
    for text, expected in zip(texts, theirs.encode_batch(texts), strict=True):
        assert ours.ids(text) == expected.ids, [hex(ord(character)) for character in text]


def test_each_character_is_what_the_reference_makes_of_it() -> None:
    """Its tables are of 2015 and 2016: later marks and punctuation are letters to it."""
    normalise = tokenizers.normalizers.BertNormalizer().normalize_str
    divide = tokenizers.pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    small = (*range(0x3400), *range(0xA000, 0xAC10), *range(0xF900, 0x10000))
    for point in (*small, *range(0x10000, 0x1F000, 3), 0x2F800, 0xE0001):
        text = f"A{chr(point)}b"
        assert split(text) == [word for word, _ in divide(normalise(text))], hex(point)


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_split_as_by_the_reference(text: str) -> None:
    normal = tokenizers.normalizers.BertNormalizer().normalize_str(text)
    words = tokenizers.pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normal)
    assert split(text) == [word for word, _ in words]


SMALL = ["[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "want", "##ed", ",", "!", "東", "京"]


def test_the_example_of_the_paper() -> None:
    """ "unaffable" of the BERT repository's tokenizer test."""
    pieces = WordPiece(SMALL)
    assert pieces.ids("UnAffable, wanted!") == [3, 4, 5, 8, 6, 7, 9]
    assert pieces.ids("unaffables") == [0]
    assert pieces.ids("東京!") == [10, 11, 9]
    assert pieces.ids("") == pieces.ids(" \t\x00 ") == []


def test_special_ids_go_around_and_are_not_read_out_of_a_text() -> None:
    pieces = WordPiece(SMALL)
    assert pieces.ids("want", special=True) == [1, 6, 2]
    assert pieces.ids("", special=True) == [1, 2]
    assert 2 not in pieces.ids("[SEP]")


def test_a_word_of_a_hundred_characters_is_the_longest() -> None:
    pieces = WordPiece(["[UNK]", "a", "##a"])
    assert pieces.ids("a" * 100) == [1] + [2] * 99
    assert pieces.ids("a" * 101) == [0]


def test_a_list_that_is_no_vocabulary_is_refused() -> None:
    with pytest.raises(InputError, match=r"2 pieces without \[UNK\]"):
        WordPiece(["a", "b"])
    with pytest.raises(InputError, match=r"no piece '\[CLS\]'"):
        WordPiece(["[UNK]"]).ids("a", special=True)


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_nothing_crashes_it(text: str) -> None:
    assert len(WordPiece(SMALL).ids(text)) <= 4 * len(text)


def test_the_memo_forgets_rather_than_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", 50)
    pieces = WordPiece(SMALL)
    for number in range(500):
        assert pieces.ids(f"w{number} want {'x' * 200}") == [0, 6, 0]
    assert len(pieces._words) <= 50


@pytest.mark.parametrize(
    "text",
    ["A1b" * 300_000, "a" + "\u0301\u0327" * 150_000, "the cat, " * 60_000, "漢" * 200_000],
    ids=["base64", "marks", "prose", "Han"],
)
def test_time_is_linear(text: str, vocabulary: list[str]) -> None:
    begun = time.process_time()
    WordPiece(vocabulary).ids(text)
    assert time.process_time() - begun < 3
