"""Bridges: what a question names, and the words that texts use instead.

    >>> sorted(set(bridges("english")["instrument"]) & {"cello", "violin", "puppi"})
    ['cello', 'violin']

"Which instrument does Ana play?" is answered by "my cello lesson", which shares no word with it.
Each language has a hand-made table, `english.txt` and so on: a line `heads : members` leads from
any of its heads, the words of questions, to its members: kinds (violin), other words for it (wages
for a salary), words that an answer is told with (landlord for where somebody lives). The way back
is not meant: a text that says "instrument" is no better for a question about a violin. The heads
of one line are each other's synonyms (mother, mom) or forms (tell, told), and lead to one another.

Words are written plainly there, and become tokens here as `analyser.Analyser` makes them. A stem
takes 50 µs, so heads and members are stemmed when they are asked for and not before: to stem all
of the English table would take half a second.

Which weight a member has beside the question's own words is for those to say who search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from mnemic.language.analyser import Analyser
from mnemic.language.words import paired, unaccented

LANGUAGES: Final = ("english", "french", "german", "portuguese", "spanish")
"""The configured languages that have a table of their own."""

_OF_A_SCRIPT: Final = "chinese"
"""Han says by itself that it is Chinese, so this table serves beside every other."""

_SHARED: Final = 2
"""Characters that a word shares with its stem; heads are kept by them, so that few are stemmed."""


@cache
def bridges(language: str) -> Mapping[str, tuple[str, ...]]:
    """Head token → tokens of the members and of the line's other heads, each once.

    All are as `Analyser(language).tokens` has them; a Chinese word of two or more characters is
    its pairs alone. A token that is no head has no entry. A language without a table has the
    Chinese one.

    Raises InputError for a language that cannot be configured.

    >>> bridges("spanish")["mascot"][:2], bridges("english")["宠物"][:2]
    (('perr', 'gat'), ('猫', '狗'))
    """
    own = (language,) if language in LANGUAGES else ()
    lines = [line for name in (*own, _OF_A_SCRIPT) for line in _lines(name)]
    return _Bridges(Analyser(language), lines)


def _lines(name: str) -> list[tuple[list[str], str]]:
    """The bridges of a table: heads, and what they lead to, not yet parted."""
    text = files(__name__).joinpath(f"{name}.txt").read_text("utf-8")
    parted = (line.partition("#")[0].partition(":") for line in text.splitlines())
    return [(heads.split(), f"{members} {heads}") for heads, colon, members in parted if colon]


class _Bridges(Mapping[str, tuple[str, ...]]):
    """The tables of a language, whose tokens are made when they are asked for."""

    def __init__(self, analyser: Analyser, lines: list[tuple[list[str], str]]) -> None:
        self._analyser = analyser
        self._plain: dict[str, list[tuple[str, str]]] = {}
        """What a head has in common with its token → heads and members, as they are written."""
        for heads, members in lines:
            for head in heads:
                self._plain.setdefault(_key(head), []).append((head, members))
        self._heads: dict[str, dict[str, list[str]]] = {}
        """The same key → head token → members, as they are written."""
        self._members: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, token: str) -> tuple[str, ...]:
        if (found := self._members.get(token)) is None:
            written = self._near(_key(token))[token]
            every = (member for word in written for member in self._tokens(word))
            found = tuple(member for member in dict.fromkeys(every) if member != token)
            self._members[token] = found
        return found

    def __iter__(self) -> Iterator[str]:
        for key in self._plain:
            yield from self._near(key)

    def __len__(self) -> int:
        return sum(len(self._near(key)) for key in self._plain)

    def _near(self, key: str) -> dict[str, list[str]]:
        if key not in self._plain:
            return {}
        if (near := self._heads.get(key)) is None:
            near = {}
            for head, members in self._plain[key]:
                for token in self._tokens(head):
                    near.setdefault(token, []).extend(members.split())
            self._heads[key] = near
        return near

    def _tokens(self, word: str) -> list[str]:
        tokens = self._analyser.tokens(word)
        pairs = [token for token in tokens if not (paired(token) and len(token) == 1)]
        return pairs or tokens


def _key(word: str) -> str:
    """What a word has in common with its token."""
    return unaccented(word)[:_SHARED]
