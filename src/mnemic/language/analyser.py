"""What is indexed of a text, and what is looked up for a question.

    >>> english = Analyser()
    >>> english.tokens("She was moving to São Paulo.")
    ['she', 'was', 'move', 'to', 'sao', 'paulo']
    >>> english.query_terms("When will Will move to São Paulo?")
    ['will', 'move', 'sao', 'paulo']

A token is the stem of a word without its accents (people type `Sao Paulo`). Documents keep all
their words: "to be or not to be" can be found, and a name such as Will or May is not lost.
Questions lose their function words (+6 points of R@10 on LoCoMo, lexical) unless nothing else
remains.

A token holds only a-z, 0-9 and characters beyond ASCII; see `words.py`. The version is stored with
an index and a mismatch rebuilds it. It tells of the rules here and in `words.py` (`_RULES`), the
language and the installed stemmers; stop words are left out of it, since no index holds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from mnemic.language import stems
from mnemic.language.stopwords import stop_words
from mnemic.language.words import LONGEST, located, paired, pieces, runs, unaccented

_RULES: Final = 2
"""Raise it whenever a text's tokens change."""

_KEPT: Final = 32_768
"""Runs whose tokens are remembered; 5 MB when full."""

_BEFORE_A_MONTH: Final = frozenset(
    {"in", "of", "by", "last", "this", "next", "past", "every", "since", "until", "till", "during"}
    | {"before", "after", "early", "mid", "late"}
)


@dataclass(frozen=True, slots=True)
class Analyser:
    """The text analysis of one language.

    `language` decides stems and stop words: a Snowball language, or "none" for words as they are.
    Raises InputError, naming the choices, for any other.
    """

    language: str = "english"

    def __post_init__(self) -> None:
        stems.check(self.language)

    @property
    def version(self) -> str:
        """What an index was made with: rules, language and stemmers.

        >>> Analyser("none").version
        'words-2 none'
        """
        if self.language == stems.NONE:
            return f"words-{_RULES} {self.language}"
        return f"words-{_RULES} {self.language} snowball-{stems.version()}"

    def tokens(self, text: str) -> list[str]:
        """What is indexed of a text: every word's token, in order."""
        return " ".join(map(_memo(self.language).__getitem__, runs(text))).split()

    def query_terms(self, text: str) -> list[str]:
        """The tokens that a question looks for: each once, in order, function words dropped.

        Function words are kept where nothing else remains, where they are a month (`in may`,
        `May 8`), and where they are written as a name (`May` and `Will` within a sentence,
        `US` in a question that is not all capitals).
        """
        stop = stop_words(self.language)
        found = located(text)
        shouted = text.isupper()
        every: dict[str, None] = {}
        content: dict[str, None] = {}
        for place, run in enumerate(found):
            terms = _terms if len(run[0]) > LONGEST else _terms_again
            for word, token in terms(run[0], self.language):
                every[token] = None
                if (
                    word not in stop.words
                    or (len(word) > 1 and run[0].isupper() and not shouted)
                    or (word in stop.names and _is_name(found, place))
                ):
                    content[token] = None
        return list(content or every)


def _is_name(found: list[re.Match[str]], place: int) -> bool:
    """Whether a word that is also a name or a month is one here.

    Capitals at the beginning of a sentence say nothing, unless a genitive follows (`Will's`); a
    number beside it or a preposition before it makes it a month without capitals.
    """
    run = found[place][0]
    before = found[place - 1][0].lower() if place else ""
    after = found[place + 1][0] if place + 1 < len(found) else ""
    if before in _BEFORE_A_MONTH or before[:1].isdigit() or after[:1].isdigit():
        return True
    return run[0].isupper() and (run.endswith("'s") or not _opens_sentence(found[place]))


def _opens_sentence(run: re.Match[str]) -> bool:
    before = run.string[max(0, run.start() - 16) : run.start()].rstrip(" \"'“”(¿¡")
    return not before or before[-1] in ".!?:;…。！？\n"


def _terms(run: str, language: str) -> tuple[tuple[str, str], ...]:
    """The words of a run, each with its token."""
    return tuple((word, _token(word, language)) for word in pieces(run))


_terms_again = lru_cache(maxsize=4096)(_terms)


def _token(word: str, language: str) -> str:
    return word if paired(word) else unaccented(stems.stem(word, language))


class _Memo(dict[str, str]):
    """Run → its tokens, parted by blanks; forgets everything when it is full.

    Neither runs of scripts without blanks (sentences, never seen again) nor very long ones are
    kept, so its size is bounded.
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def __missing__(self, run: str) -> str:
        parts = pieces(run)
        tokens = " ".join([_token(word, self.language) for word in parts])
        if len(run) <= LONGEST and not any(map(paired, parts)):
            if len(self) >= _KEPT:
                self.clear()
            self[run] = tokens
        return tokens


@cache
def _memo(language: str) -> _Memo:
    return _Memo(language)
