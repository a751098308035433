"""Function words, one file per language: what a question can do without.

Each file holds `WORDS`, parted by blanks as in `words.words` (`don't` is `dont`), and may hold
`NAMES`: those among them that are a name or a month when they are capitalised (`May`, `Will`).
Han and Kana say by themselves which language they are, so the Chinese and Japanese lists serve
beside every configured language. Question words, auxiliaries, pronouns, articles, prepositions,
conjunctions and particles are in; anything that can be what a question is about is not.

The lists are for questions. Documents keep all their words.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final, NamedTuple

from mnemic.language.words import unaccented

LANGUAGES: Final = ("english", "french", "german", "italian", "portuguese", "spanish")
"""The configured languages that have a list; the others drop nothing."""

_OF_A_SCRIPT: Final = ("chinese", "japanese")
_TYPED_WITHOUT_ACCENTS: Final = frozenset({"french", "italian", "portuguese", "spanish"})
"""Where `nao` and `que` stand for `não` and `qué`; but German `uber` is no `über`."""


class StopWords(NamedTuple):
    """The stop words of a language."""

    words: frozenset[str]
    names: frozenset[str]
    """Those of `words` that are names when capitalised within a sentence."""


@cache
def stop_words(language: str) -> StopWords:
    """The stop words for questions in `language`, which may have none of its own.

    >>> "what" in stop_words("english").words, "什么" in stop_words("finnish").words
    (True, True)
    """
    own = (language,) if language in LANGUAGES else ()
    lists = [import_module(f"{__name__}.{name}") for name in (*own, *_OF_A_SCRIPT)]
    words = frozenset(word.casefold() for each in lists for word in each.WORDS.split())
    if language in _TYPED_WITHOUT_ACCENTS:
        words |= frozenset(map(unaccented, words))
    names = frozenset(name for each in lists for name in getattr(each, "NAMES", "").split())
    return StopWords(words, names)
