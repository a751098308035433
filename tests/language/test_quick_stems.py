"""Quick stemmers give the stems of the plain ones, in every language."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.language import stems
from mnemic.language.quick_stems import quick
from mnemic.language.words import words

LANGUAGES = [language for language in stems.languages() if language != stems.NONE]
ROOT = Path(__file__).parents[2]


def plain(language: str) -> Any:
    module = import_module(f"snowballstemmer.{language}_stemmer")
    return getattr(module, "".join(map(str.capitalize, language.split("_"))) + "Stemmer")


@cache
def written() -> list[str]:
    """The words of this repository's own texts."""
    files = [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.jsonl")]
    found = {word for file in files for word in words(file.read_text(encoding="utf-8"))}
    return sorted(word for word in found if word.isalpha() and len(word) <= 32)


def endings(language: str) -> list[str]:
    """What the algorithm of a language looks for, so that hardly a branch of it is left out."""
    lists = [each for name, each in vars(plain(language)).items() if name.startswith("a_")]
    return sorted({one.s for each in lists for one in each})


@pytest.mark.parametrize("language", LANGUAGES)
def test_stems_are_those_of_the_plain_stemmer(language: str) -> None:
    slow, fast = plain(language)(), quick(plain(language))()
    found = endings(language)
    made = [first + last for first in ("", "a", found[-1], "bar") for last in found]
    # A language that is not its own takes few branches: a part of the words is enough.
    for word in made[:: len(made) // 1000 + 1] + written()[:: 1 if language == "english" else 5]:
        assert fast.stemWord(word) == slow.stemWord(word), word


@given(st.sampled_from(LANGUAGES), st.data())
def test_stems_of_what_is_no_word_are_the_same_too(language: str, data: st.DataObject) -> None:
    parts = st.sampled_from(endings(language)) | st.text("aeiouy'bglnrst", max_size=4)
    word = "".join(data.draw(st.lists(parts, max_size=4))) + data.draw(st.text(max_size=2))
    assert quick(plain(language))().stemWord(word) == plain(language)().stemWord(word)


def test_endings_are_looked_up() -> None:
    """The installed release is one that is known."""
    assert quick(plain("english")) is not plain("english")


class Base:
    def find_among(self, v: list[Any]) -> int:
        return len(v)

    def find_among_b(self, v: list[Any]) -> int:
        return len(v)


class Ending:
    def __init__(self, s: object, method: object) -> None:
        self.s, self.result, self.method = s, 1, method


class NoLists(Base):
    pass


class NamesItsMethods(Base):
    a_0 = (Ending("ing", "r_mark"),)


class Bytes(Base):
    a_0 = (Ending(b"ing", None),)


class SearchesItself(Base):
    a_0 = (Ending("ing", None),)

    def find_among_b(self, v: list[Any]) -> int:
        return 0


class Deeper(NamesItsMethods):
    a_0 = (Ending("ing", None),)


@pytest.mark.parametrize("made", [NoLists, NamesItsMethods, Bytes, SearchesItself, Deeper, Base])
def test_unfamiliar_classes_are_left_as_they_are(made: Any) -> None:
    assert quick(made) is made
