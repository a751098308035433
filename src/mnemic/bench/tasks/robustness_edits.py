"""A question changed as people change questions: misspelt, in another order, in other words.

The misspellings are those of "Robustness of LLM-based dense retrievers" (2026, arXiv 2604.16576):
two neighbours swapped, a letter replaced, one beside it on the keyboard hit, one left out, one too
many; in words of three letters or more that are no function words. In scripts without blanks the
characters of a run stand for the letters of a word, and no keyboard is known. An edit that finds
nothing to change gives the text as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from string import ascii_lowercase
from typing import Final, TypeAlias

from mnemic.bench.tasks.robustness_words import other_words
from mnemic.language.stopwords import stop_words
from mnemic.language.words import paired, words

Edit: TypeAlias = Callable[[str, Random], str]
"""A text and a source of chance → the changed text."""

SHARE: Final = 0.2
"""Of a question's words that `typos` misspells: the card's second step."""

_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LEAST: Final = 3
_END: Final = re.compile(r"\s*[?!.。？！…]*\s*$")
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours() -> dict[str, str]:
    """Key → the keys around it; a row lies half a key to the right of the one above."""
    places = {
        key: (number, place + 0.5 * number)
        for number, row in enumerate(_ROWS)
        for place, key in enumerate(row)
    }
    return {
        key: "".join(
            other
            for other, (line, beside) in places.items()
            if other != key and abs(line - row) <= 1 and abs(beside - at) <= 1
        )
        for key, (row, at) in places.items()
    }


_BESIDE: Final = _neighbours()


def typo(text: str, random: Random) -> str:
    """One word misspelt.

    >>> typo("Where did Caroline move?", Random(1))
    'Where did Csroline move?'
    """
    return _misspell(text, 1, random)


def typos(text: str, random: Random) -> str:
    """A fifth of the words misspelt, at least one, as far as there are words that count.

    >>> typos("Which lake did Caroline and her two sisters visit last summer?", Random(1))
    'Which lake did Carloine and her two sisters viist last summer?'
    """
    return _misspell(text, max(1, round(SHARE * len(_LETTERS.findall(text)))), random)


def reorder(text: str, random: Random) -> str:
    """The words in another order; the mark at the end stays there.

    A text that can be put into another order is.

    >>> reorder("Where did Caroline move?", Random(0))
    'Caroline Where did move?'
    """
    end = _END.search(text)
    mark = end[0] if end else ""
    given = text[: len(text) - len(mark)].split()
    if len(set(given)) < 2:
        return text
    shuffled = list(given)
    while shuffled == given:
        random.shuffle(shuffled)
    return " ".join(shuffled) + mark


def synonym(text: str, random: Random) -> str:
    """Every word for which the table knows another one, in that other one.

    >>> synonym("What made her happy to purchase it?", Random(0))
    'What made her joyful to buy it?'
    """

    def other(found: re.Match[str]) -> str:
        choices = other_words(found[0].lower())
        if not choices:
            return found[0]
        chosen = random.choice(choices)
        return chosen.capitalize() if found[0][0].isupper() else chosen

    return _LETTERS.sub(other, text)


def paraphrased(table: Mapping[str, str]) -> Edit:
    """The edit that looks a whole question up in a table; spaces and capitals do not matter.

    >>> paraphrased({"Where is it?": "In what place is it?"})("where is  it?", Random(0))
    'In what place is it?'
    """
    known = {_key(question): other for question, other in table.items()}
    return lambda text, random: known.get(_key(text), text)


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


EDITS: Final[Mapping[str, Edit]] = {
    "typo": typo,
    "typos": typos,
    "reorder": reorder,
    "synonym": synonym,
}
"""The edits that need no table of the user's."""


def _misspell(text: str, count: int, random: Random) -> str:
    """So many of the words that count misspelt; all of them where there are fewer."""
    able = [found for found in _LETTERS.finditer(text) if _counts(found[0])]
    for found in sorted(
        random.sample(able, min(count, len(able))), key=lambda each: -each.start()
    ):  # from the end, so that places before it stay
        text = text[: found.start()] + _slip(found[0], random) + text[found.end() :]
    return text


def _counts(word: str) -> bool:
    """Whether a word is long enough to be misspelt, and says something."""
    if len(word) < _LEAST:
        return False
    stop = stop_words("english").words
    return any(piece not in stop for piece in words(word))


def _slip(word: str, random: Random) -> str:
    """A word with one slip in it, always another word than it was."""
    slips = [_swap, _omit, _insert]
    if all(letter in _BESIDE for letter in word.lower() if letter not in "'’"):
        slips += [_replace, _miss]
    while True:
        slipped = random.choice(slips)(word, random)
        if slipped != word:
            return slipped


def _swap(word: str, random: Random) -> str:
    place = random.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _omit(word: str, random: Random) -> str:
    place = random.randrange(len(word))
    return word[:place] + word[place + 1 :]


def _insert(word: str, random: Random) -> str:
    """One letter too many: any, or in other scripts the one before again."""
    place = random.randrange(len(word))
    latin = not paired(word) and word.isascii()
    letter = random.choice(ascii_lowercase) if latin else word[place]
    return word[: place + 1] + letter + word[place + 1 :]


def _replace(word: str, random: Random) -> str:
    return _put(word, random.randrange(len(word)), random.choice(ascii_lowercase))


def _miss(word: str, random: Random) -> str:
    """The key beside the right one."""
    place = random.randrange(len(word))
    return _put(word, place, random.choice(_BESIDE.get(word[place].lower(), word[place])))


def _put(word: str, place: int, letter: str) -> str:
    return word[:place] + (letter.upper() if word[place].isupper() else letter) + word[place + 1 :]
