"""Words: what they may hold, how scripts are cut, and that no text takes long."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.language.words import LONGEST, paired, pieces, plain, runs, unaccented, words

WORD = re.compile(r"(?:[a-z0-9]|[^\x00-\x7f])+\Z")
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=80)
"""Lone surrogates and NUL too."""

WRITTEN = [
    ("Ana's cat", ["ana", "cat"]),
    ("Ana’s cat", ["ana", "cat"]),
    ("don't, can't, DIDN'T", ["dont", "cant", "didnt"]),
    ("I'll say we've I'd've", ["i", "say", "we", "i"]),
    ("it's the students' 'word'", ["it", "the", "students", "word"]),
    ("l’homme d'accord", ["l", "homme", "d", "accord"]),
    ("O'Brien rock'n'roll", ["o", "brien", "rock", "n", "roll"]),
    ("1,200 12,34 1,234,567 a,123", ["1200", "12", "34", "1234567", "a", "123"]),
    ("May 8th, 21st; 3.5 km", ["may", "8", "21", "3", "5", "km"]),
    ("snake_case foo-bar a@b.org", ["snake", "case", "foo", "bar", "a", "b", "org"]),
    ("ﬁne STRASSE straße İstanbul", ["fine", "strasse", "strasse", "istanbul"]),
    ("co\u00adoperate a\u200db x\ufe0f", ["cooperate", "ab", "x"]),
    ("e\u0301te\u0301 ½ Ⅷ ２０２３ ٢٠٢٣", ["été", "1", "2", "viii", "2023", "2023"]),
    ("मैंने दिल्ली देखी", ["मैंने", "दिल्ली", "देखी"]),
    ("東京", ["東京", "東", "京"]),
    ("東京都", ["東京", "京都", "東", "京", "都"]),
    ("猫", ["猫"]),
    ("食べるタワー", ["食", "べる", "タワ", "ワー"]),
    ("iPhone手机2023年", ["iphone", "手机", "手", "机", "2023", "年"]),
    ("한국어 좋아", ["한국", "국어", "좋아"]),
    ("ｱﾒﾘｶ", ["アメ", "メリ", "リカ"]),
    ("ครับ", ["ครั", "รับ"]),
    ("👩‍👧 🎉 ... __ '' \u0301", []),
    ("a\x00b\ud800c", ["a", "b", "c"]),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_words_as_people_write_them(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def holds(word: str) -> bool:
    """Whether FTS5's `ascii` tokenizer, parting at blanks, would find the word as it is."""
    return bool(WORD.match(word)) and word.split() == [word] and len(word) <= LONGEST


@given(ANYTHING)
def test_a_word_holds_only_word_characters(text: str) -> None:
    assert all(map(holds, words(text)))


def test_no_character_of_any_plane_brings_a_blank_or_punctuation_into_a_word() -> None:
    points = [*range(0x80, 0x3400), *range(0xA000, 0xAC10), *range(0xF900, 0x10000)]
    for point in (*points, *range(0x10000, 0x1F000, 3), *range(0x1F000, 0x110000, 997)):
        character = chr(point)
        assert all(map(holds, words(f"a{character}b東{character}"))), hex(point)


@given(ANYTHING)
def test_words_of_words_are_themselves(text: str) -> None:
    spaced = [word for word in words(text) if not paired(word)]
    assert words(" ".join(spaced)) == spaced


@given(ANYTHING, ANYTHING)
def test_a_blank_parts_words(left: str, right: str) -> None:
    assert words(f"{left} {right}") == words(left) + words(right)


@given(st.text(st.characters(codec="ascii")))
def test_ascii_has_the_same_words_on_both_paths(text: str) -> None:
    assert words(text + " é") == [*words(text), "é"]


@given(st.text("東京都のアメリカ人가나다กขabc1 ", max_size=30), st.integers(0, 28))
def test_a_stretch_of_one_script_is_found_inside_a_longer_one(text: str, place: int) -> None:
    part = re.match(r"[東京都人]{2,}|[アメリカ]{2,}|[가나다]{2,}|[กข]{2,}", text[place:])
    if part:
        assert set(words(part[0])) <= set(words(text))


@given(ANYTHING)
def test_pieces_of_runs_are_the_words(text: str) -> None:
    assert [word for run in runs(text) for word in pieces(run)] == words(text)


@given(ANYTHING)
def test_plain_text_is_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert all(map(holds, map(unaccented, words(text))))


def test_accents_go_where_letters_keep_their_nature() -> None:
    assert [*map(unaccented, ("são", "łódź", "œuvre", "ώρα", "й", "が", "мёд"))] == [
        "sao", "lodz", "oeuvre", "ωρα", "й", "が", "мёд",
    ]  # fmt: skip


LONG = {
    "base64": "A1b" * 100_000,
    "marks": "a" + "\u0301\u0327" * 150_000,  # hours, if normalised as it is
    "Han": "漢" * 200_000,
    "Thai marks": "ก" + "\u0e49" * 200_000,
    "apostrophes": "a'" * 100_000,
    "commas": "1,000" + ",000" * 60_000,
    "quotes": "'" * 300_000,
}


@pytest.mark.parametrize("kind", LONG)
def test_a_megabyte_without_a_blank_takes_no_time(kind: str) -> None:
    begun = time.process_time()
    found = words(LONG[kind])
    assert time.process_time() - begun < 3
    assert all(len(word) <= LONGEST for word in found)
    assert sum(map(len, found)) <= 3 * len(LONG[kind])
