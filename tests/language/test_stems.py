"""Stems: every language that is offered works, and nothing depends on what else is installed."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest

from mnemic.core.errors import InputError
from mnemic.language import stems


@pytest.mark.parametrize("language", stems.languages())
def test_every_language_stems(language: str) -> None:
    assert stems.stem("nation", language)


@pytest.mark.parametrize(
    ("language", "word", "stem"),
    [
        ("english", "consistently", "consist"),  # the Snowball site's own example
        ("english", "memories", "memori"),
        ("portuguese", "recordações", "record"),
        ("spanish", "cantando", "cant"),
        ("german", "häuser", "haus"),
        ("french", "mangeait", "mang"),
        ("hindi", "लड़कियों", "लड़क"),
        ("none", "memories", "memories"),
    ],
)
def test_known_stems(language: str, word: str, stem: str) -> None:
    assert stems.stem(word, language) == stem


def test_what_is_no_word_of_a_language_is_its_own_stem() -> None:
    for word in ("b2bs", "2023", "a" * 33 + "ings"):
        assert stems.stem(word) == word


def test_an_unknown_language_is_told_the_choices() -> None:
    with pytest.raises(InputError, match=r"unknown language 'klingon'. Use one of .*english.*none"):
        stems.stem("word", "klingon")


def test_pystemmer_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """`snowballstemmer.stemmer` hands out PyStemmer's classes where they are installed."""
    import snowballstemmer

    other = ModuleType("Stemmer")
    monkeypatch.setitem(sys.modules, "Stemmer", other)
    monkeypatch.setattr(snowballstemmer, "stemmer", None)
    stems.stem.cache_clear()
    assert stems.stem("running") == "run"


def test_threads_do_not_disturb_each_other() -> None:
    """A stemmer keeps its word in itself."""
    words = [f"{letter}relational{end}" for letter in "abcdefgh" for end in ("", "s", "ly", "ity")]
    expected = [stems.stem(word) for word in words]
    stems.stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(stems.stem, words * 8))
    assert found == expected * 8
