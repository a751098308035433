"""A misspelt word of a question, put right by the words that a memory holds.

    text ─▶ words that no record holds, and that are no ordinary words
         ─▶ what lies one slip of the finger away (two small ones for long words)
         ─▶ the likeliest of those that records hold

The index keeps hashes and no words, so nothing can be searched for what is similar: the variants of
the misspelt word are made, and all are looked up at once. Making a stem takes a hundred times as
long as looking it up, so the slip is undone in the stem as well as in the word, the stems are
looked up (also shorter by up to three letters: `cermaics` gives `cermaic`, but `ceramics` gives
`ceram`), and only the few words that are likely then are stemmed in truth. A slip in the ending
(`runnign`) leaves a stem that is no stem; such words are found where they are ordinary ones, and
else by what they begin with.

Where nothing is misspelt nothing happens. Words with digits, of fewer than four letters, and of
scripts other than Latin are left alone. Kinds of slips after Damerau (1964); that the first letter
is seldom wrong, after Yannakoudakis and Fawthrop (1983).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.language.analyser import Analyser
from mnemic.language.stopwords import stop_words
from mnemic.language.words import located

Held: TypeAlias = Callable[[Sequence[str]], Sequence[int] | NDArray[np.int64]]
"""How many records hold each of some tokens; asked for hundreds at once."""

Ordinary: TypeAlias = Callable[[str], bool]
"""Whether a word in lower case is one that people use; it need not be complete."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a word is looked at, and how likely each slip is."""

    shortest: int = 4
    """Letters of a word that is looked at."""
    shortest_name: int = 5
    """The same where it is written as a name: short names are near to other short names."""
    two_slips: int = 8
    """Letters from which on two small slips are thought of."""
    unknown: int = 8
    """Words up to which unknown ones are slips; where more are, the text is of another language or
    kind (a log, a table), and to look for slips in it takes seconds."""
    tried: int = 8
    """Words whose stem is made, of the likeliest."""
    ordinary: float = 1.0
    """How much likelier an ordinary word is than another; logarithms, as all that follow."""
    frequent: float = 0.5
    """For each e-fold of the records that hold it."""
    function_word: float = -2.0
    """A function word: a question can do without it, and every record holds it."""
    first: float = -2.0
    """A slip in the first letter."""
    beside: float = -0.3
    """Another key, next to the right one."""
    other: float = -1.0
    """Another key elsewhere, one missing, or one too many; letters swapped or doubled cost none."""
    ending: float = -2.0
    """The word holds a known stem, and its ending is none; and again for each letter of it."""
    second: float = -3.0
    """Two slips."""


LIMITS: Final = Limits()


class Change(NamedTuple):
    """A word as it was written, and as it is held."""

    wrong: str
    right: str


class Repaired(NamedTuple):
    """A text with its misspelt words put right."""

    text: str
    changes: tuple[Change, ...]


class _Variant(NamedTuple):
    """What might have been meant."""

    word: str
    token: str
    """Its stem, as far as one can tell without making it."""
    likely: float
    place: int
    """Where in the word the slip was."""


_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_LATIN: Final = re.compile("[a-z\u00df-\u024f]+\\Z")
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LONGEST: Final = 24
_CUT: Final = 3
"""Letters by which the stem of the right word may be shorter than that of the wrong one."""
_FEWEST: Final = 0.6
"""Share of a word that a stem found at its beginning must be."""


def _neighbours() -> dict[str, frozenset[str]]:
    """The keys around each key; rows are shifted by half a key."""
    places = {key: (row, place) for row, keys in enumerate(_ROWS) for place, key in enumerate(keys)}
    return {
        key: frozenset(
            other
            for other, (r, p) in places.items()
            if other != key and abs(r - row) <= 1 and abs((p + r / 2) - (place + row / 2)) <= 1
        )
        for key, (row, place) in places.items()
    }


_BESIDE: Final = _neighbours()


def repaired(
    text: str,
    analyser: Analyser,
    held: Held,
    ordinary: Ordinary = lambda word: False,
    limits: Limits = LIMITS,
) -> Repaired:
    """A question with its misspelt words put right; the very text where there are none.

    analyser: the one that the records were analysed with.
    held: how many records hold each token; see `Postings.holding`.
    ordinary: words it knows are not repaired, and are preferred as what was meant.

    >>> there = {"ceram": 3, "class": 5}
    >>> def held(tokens):
    ...     return [there.get(token, 0) for token in tokens]
    >>> repaired("The cermaics class?", Analyser(), held).text
    'The ceramics class?'
    """
    runs = [run for run in located(text) if _worth(run[0], limits)]
    if not runs:
        return Repaired(text, ())
    tokens = [analyser.tokens(run[0]) for run in runs]
    counts = iter(held([token for each in tokens for token in each]))
    missing = [
        (run, each[0])
        for run, each in zip(runs, tokens, strict=True)
        if not sum([next(counts) for _ in each])
        and len(each) == 1
        and not ordinary(_bare(run[0]).lower())
    ]
    if not 0 < len(missing) <= limits.unknown:
        return Repaired(text, ())
    parts, changes, done = [], [], 0
    plain = missing[0][0].string
    for run, token in missing:
        wrong = _bare(run[0])
        right = _meant(wrong.lower(), token, analyser, held, ordinary, limits)
        if right is None:
            continue
        right = _cased(right, wrong)
        changes.append(Change(wrong, right))
        parts += [plain[done : run.start()], right, run[0][len(wrong) :]]
        done = run.end()
    return Repaired("".join([*parts, plain[done:]]), tuple(changes)) if changes else _same(text)


def _same(text: str) -> Repaired:
    return Repaired(text, ())


def _worth(run: str, limits: Limits) -> bool:
    word = _bare(run)
    least = limits.shortest_name if word[:1].isupper() and not word.isupper() else limits.shortest
    return least <= len(word) <= _LONGEST and _LATIN.match(word.lower()) is not None


def _bare(run: str) -> str:
    """A run without a genitive or clitic."""
    return run.split("'", 1)[0]


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word


def _meant(
    word: str, token: str, analyser: Analyser, held: Held, ordinary: Ordinary, limits: Limits
) -> str | None:
    """The likeliest word that records hold; None if there is none near enough."""
    likeliest = _Likeliest(analyser, held, ordinary, limits)
    small = list(_small_slips(word, token, limits))
    found = likeliest(small + list(_other_keys(word, token, limits)))
    if found is None and len(word) >= limits.two_slips:
        found = likeliest(
            [
                _Variant(twice, stem, first.likely + second + limits.second, place)
                for first in small
                for twice, stem, second, place in _small_slips(first.word, first.token, limits)
                if place >= first.place
            ]
        )
    return found or likeliest(list(_beginnings(word, limits)))


@dataclass(frozen=True, slots=True)
class _Likeliest:
    """Which of some variants was meant: the likeliest of those whose stem some record holds."""

    analyser: Analyser
    held: Held
    ordinary: Ordinary
    limits: Limits

    def __call__(self, variants: Sequence[_Variant]) -> str | None:
        """The word, or None."""
        stems = [each.token for each in variants]
        counts = self.held(
            stems + [stem[: len(stem) - cut] for cut in range(1, _CUT + 1) for stem in stems]
        )
        hopeful: dict[str, float] = {}
        every = len(variants)
        for place, each in enumerate(variants):
            known = self.ordinary(each.word)
            shorter = max(counts[every + place :: every])
            if counts[place] or shorter or known:
                worth = self._worth(each.word, counts[place] or shorter, known) + each.likely
                worth -= not (counts[place] or known)
                hopeful[each.word] = max(worth, hopeful.get(each.word, worth))
        best = sorted(hopeful, key=lambda word: (-hopeful[word], word))[: self.limits.tried]
        truly = [" ".join(self.analyser.tokens(word)) for word in best]
        function_words = stop_words(self.analyser.language).words
        for word, token, count in zip(best, truly, self.held(truly), strict=True):
            if count and (word in function_words or token not in function_words):
                return word
        return None

    def _worth(self, word: str, count: int, known: bool) -> float:
        if word in stop_words(self.analyser.language).words:
            return self.limits.function_word
        return self.limits.ordinary * known + self.limits.frequent * log(count + 1)


def _small_slips(word: str, token: str, limits: Limits) -> Iterator[_Variant]:
    """Slips that are undone without another letter: one too many, two swapped, a double missing."""
    for place, letter in enumerate(word):
        first = limits.first if place == 0 else 0.0
        before, after = word[place - 1 : place], word[place + 1 : place + 2]
        beside = _BESIDE.get(letter, "")
        slight = letter in (before, after)
        likely = 0.0 if slight else limits.beside if before in beside else limits.other
        if letter != before:
            yield _edit(word, token, place, place + 1, "", first + likely)
            yield _edit(word, token, place, place, letter, limits.beside)
        if after and after != letter:
            yield _edit(word, token, place, place + 2, after + letter, first / 2)


def _other_keys(word: str, token: str, limits: Limits) -> Iterator[_Variant]:
    """A wrong key, or one that was not struck."""
    for place in range(len(word) + 1):
        first = limits.first if place == 0 else 0.0
        letter = word[place : place + 1]
        beside = _BESIDE.get(letter, "")
        for other in _LETTERS:
            if letter and other != letter:
                likely = limits.beside if other in beside else limits.other
                yield _edit(word, token, place, place + 1, other, first + likely)
            if other not in word[max(place - 1, 0) : place + 1]:
                yield _edit(word, token, place, place, other, first + limits.other)


def _edit(word: str, token: str, start: int, stop: int, by: str, likely: float) -> _Variant:
    """The same change in the word and in its stem."""
    changed = word[:start] + by + word[stop:]
    if stop <= len(token):
        return _Variant(changed, token[:start] + by + token[stop:], likely, start)
    return _Variant(changed, changed[: len(token)], likely, start)


def _beginnings(word: str, limits: Limits) -> Iterator[_Variant]:
    """What the word begins with, as stems whose ending was misspelt."""
    for stop in range(len(word) - 1, max(limits.shortest, int(_FEWEST * len(word))) - 1, -1):
        cost = limits.ending + limits.beside * (len(word) - stop)
        yield _Variant(word[:stop], word[:stop], cost, stop)
