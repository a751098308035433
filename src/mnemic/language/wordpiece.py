"""Token ids as BERT's uncased models want them, equal to the reference library's.

WordPiece (Wu et al. 2016, arXiv 1609.08144) cuts a word into the longest pieces of its vocabulary,
left to right; pieces within a word begin with `##`; a word that cannot be cut, or has more than 100
characters, is `[UNK]` as a whole. What a word is, `bertchars.py` says.

A text repeats its words, so the ids of a word are remembered: 10 µs for a turn of 25 words.
Where vocabularies come from is not known here, and there are no vectors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import Final

from mnemic.core.errors import InputError
from mnemic.language.bertchars import normal

UNKNOWN: Final = "[UNK]"
_LONGEST_WORD: Final = 100
_KEPT: Final = 32_768
"""Words whose ids are remembered; about 6 MB when full."""

_ASCII_WORD = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")
_ASCII_CLEAN: Final = {
    **dict.fromkeys((*range(32), 127)),
    **dict.fromkeys((ord("\t"), ord("\n"), ord("\r")), " "),
}


class WordPiece:
    """A tokenizer for one vocabulary.

    `vocabulary` lists the pieces; a piece's place is its id (of a piece listed twice, the last).
    Raises InputError if `[UNK]` is not among them.

    >>> pieces = WordPiece(["[UNK]", "[CLS]", "[SEP]", "lis", "##bon", "!"])
    >>> pieces.ids("Lisbon! Porto")
    [3, 4, 5, 0]
    >>> pieces.ids("Lisbon", special=True)
    [1, 3, 4, 2]
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._id = {piece: place for place, piece in enumerate(vocabulary)}
        if UNKNOWN not in self._id:
            raise InputError(
                f"a vocabulary of {len(vocabulary)} pieces without {UNKNOWN}. "
                "Give the lines of a BERT vocab.txt, in order"
            )
        self._words = _Words(self._id)

    def __len__(self) -> int:
        """The number of pieces."""
        return len(self._id)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The pieces, each once; `id` says the id of one."""
        return tuple(self._id)

    def ids(self, text: str, *, special: bool = False) -> list[int]:
        """The ids of a text, in order; names such as `[SEP]` within it are ordinary text.

        `special` puts the ids of `[CLS]` and `[SEP]` around them; raises InputError if the
        vocabulary has none.
        """
        ids = list(chain.from_iterable(map(self._words.__getitem__, split(text))))
        return [self.id("[CLS]"), *ids, self.id("[SEP]")] if special else ids

    def id(self, piece: str) -> int:
        """The id of one piece. Raises InputError if the vocabulary does not have it."""
        try:
            return self._id[piece]
        except KeyError:
            raise InputError(
                f"no piece {piece!r} in this vocabulary of {len(self)}. Use `ids` for text"
            ) from None


def split(text: str) -> list[str]:
    """The words and punctuation marks of a text, normalised; ids are looked up for each alone.

    >>> split("Don't panic.")
    ['don', "'", 't', 'panic', '.']
    """
    if not text.isascii():
        return normal(text).split()
    if not text.isprintable():
        text = text.translate(_ASCII_CLEAN)
    return _ASCII_WORD.findall(text.lower())


class _Words(dict[str, tuple[int, ...]]):
    """Word → its ids; forgets everything when it is full, so its size is bounded."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self._unknown = (vocabulary[UNKNOWN],)
        self._first = vocabulary
        # Without the marks: a third of the time for words that fall into many pieces.
        self._inner = {p[2:]: place for p, place in vocabulary.items() if p.startswith("##")}
        self._longest_first = max(map(len, vocabulary))
        self._longest_inner = max(map(len, self._inner), default=0)

    def __missing__(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return self._unknown
        if len(self) >= _KEPT:
            self.clear()
        ids = self[word] = self._cut(word)
        return ids

    def _cut(self, word: str) -> tuple[int, ...]:
        ids: list[int] = []
        start, pieces, longest = 0, self._first, self._longest_first
        while start < len(word):
            for end in range(min(len(word), start + longest), start, -1):
                found = pieces.get(word[start:end])
                if found is not None:
                    ids.append(found)
                    break
            else:
                return self._unknown
            start, pieces, longest = end, self._inner, self._longest_inner
        return tuple(ids)
