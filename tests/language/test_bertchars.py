"""Characters as BERT's uncased models see them, beside `test_wordpiece.py`'s comparison."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.language.bertchars import normal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Résumé naïve ÅNGSTRÖM", "resume naive angstrom"),
        ("a\u00adb\u200bc\x00d\ufffde", "abcde"),
        ("a\u3000b\u2028c\u00a0d", "a b c d"),
        ("東京へ", "東 京 へ"),
        ("¿qué? “x”…", "¿ que ? “ x ” …"),
        ("ΟΔΟΣ", "οδοσ"),  # character by character: no final sigma
        ("\u037e", ";"),
        ("\uac00", "\u1100\u1161"),
        ("\u0c3c\u07fd", "\u0c3c\u07fd"),  # marks of 2018 and later stay
        ("\u2e52", "\u2e52"),  # punctuation of 2020 is a letter
    ],
)
def test_known_characters(text: str, words: str) -> None:
    assert normal(text).split() == words.split()


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_it_is_idempotent_on_words(text: str) -> None:
    """Each word and each mark stands for itself afterwards."""
    once = normal(text).split()
    assert [word for each in once for word in normal(each).split()] == once


def test_marks_that_stay_are_put_in_order_in_no_time() -> None:
    assert normal("a\u302e\u1b44") == "a\u1b44\u302e"  # classes 224 and 9
    begun = time.process_time()
    assert len(normal("a" + "\u302e\u1b44" * 50_000)) == 100_001
    assert time.process_time() - begun < 3
