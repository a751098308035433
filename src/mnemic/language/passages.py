"""A long text in passages of at most 64 tokens, which are what is encoded and compared.

Whole messages and chapters make poor vectors: on messages of 314 words MaxSim finds 25 % of the
evidence over whole messages and 44 % over pieces of this size. A passage ends where a sentence
does, if that leaves it a quarter full or more; else at a blank; else, in a stretch without any,
anywhere. What is left at the end is shared out, so that the last passage is no scrap.

Passages follow one another and leave out only blanks. A text that fits is one passage, unchanged.
Time is linear in the text. How tokens are made is an argument (`WordPiece.ids`), so that a store
without an encoder has the same passages by counting words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from mnemic.core.errors import InputError
from mnemic.language.words import runs, words

LIMIT: Final = 64
"""Tokens of a passage."""

_SMALLEST_LIMIT: Final = 8
"""One character can be several tokens, and must fit."""

# What WordPiece takes for a blank. Python's `\s` also holds controls that WordPiece drops, and
# cutting there would make two words of one.
_BLANKS = "\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CJK_STOPS = "。！？；：，、．…"

# A stretch without blanks, cut further after Chinese and Japanese punctuation (with the closing
# brackets and quotes that belong to it), and the blanks behind it.
_ATOM = re.compile(
    f"([^{_BLANKS}{_CJK_STOPS}]*[{_CJK_STOPS}]+[”’」』）】〉》]*|[^{_BLANKS}{_CJK_STOPS}]+)"
    f"([{_BLANKS}]*)"
)
_ENDS_SENTENCE = re.compile(r"""[.!?。！？．…؟।]["'”’」』）)\]】〉》*_]*\Z""")
_ABBREVIATION = re.compile(
    r"(?:^|[^\w])(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Sr|Sra|St|vs|etc|e\.g|i\.e|No|Fig|approx|ca|bzw|z\.B)"
    r"\.\Z"
)

Ids = Callable[[str], Sequence[int]]
Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text, `text[start:end]`, with its token ids (empty if only counted)."""

    start: int
    end: int
    ids: tuple[int, ...] = ()


class _Atom(NamedTuple):
    """What is not cut any further: usually a word with its punctuation."""

    start: int
    end: int
    size: int
    ids: Sequence[int]
    closes: bool
    """A sentence or a paragraph ends with it."""
    alone: bool = False
    """A piece of something too long: joined with its neighbour, its tokens could change."""


def passages(
    text: str, ids: Ids | None = None, *, count: Count | None = None, limit: int = LIMIT
) -> list[Passage]:
    """Cut a text into passages of at most `limit` tokens.

    `ids` makes the tokens of a text (`WordPiece.ids`); its results must not depend on what stands
    beyond a blank. Without it `count` says how many tokens a text has; without both, words count.
    A blank text has no passages. Raises InputError for a limit below 8.

    >>> text = "She moved to Lisbon last May. Her brother stayed in Porto with their parents."
    >>> [text[p.start:p.end] for p in passages(text, limit=10)]
    ['She moved to Lisbon last May.', 'Her brother stayed in Porto with their parents.']
    """
    if limit < _SMALLEST_LIMIT:
        raise InputError(f"passages of {limit} tokens. Use a limit of {_SMALLEST_LIMIT} or more")
    measure = _measure(ids, count)
    # Nearly every turn ends here. Longer texts would be worth the attempt only to find out that
    # they are long; a token is rarely below a character.
    if len(text) <= 16 * limit:
        size, found = measure(text)
        if size <= limit:
            whole = text.strip()
            return [Passage(0, len(text), tuple(found))] if whole else []
    return list(_pack(_atoms(text, measure, limit), limit))


_Measure = Callable[[str], tuple[int, Sequence[int]]]


def _measure(ids: Ids | None, count: Count | None) -> _Measure:
    """A function text → (tokens, their ids)."""
    if ids is not None:

        def by_ids(text: str) -> tuple[int, Sequence[int]]:
            found = ids(text)
            return len(found), found

        return by_ids
    counted = count or _count_words
    return lambda text: (counted(text), ())


def _count_words(text: str) -> int:
    # Runs are words but for `l'homme` and the like; they are counted eight times as fast.
    return len(runs(text) if text.isascii() else words(text))


def _atoms(text: str, measure: _Measure, limit: int) -> Iterator[_Atom]:
    for match in _ATOM.finditer(text):
        start, end = match.span(1)
        body, blanks = match.groups()
        size, ids = measure(body)
        if size > limit:
            yield from _pieces(text, start, end, measure, limit)
        else:
            yield _Atom(start, end, size, ids, _closes(body, blanks))


def _closes(body: str, blanks: str) -> bool:
    if "\n" in blanks:
        return True
    if body[-1].isalnum():  # nearly every word, at a tenth of the cost
        return False
    tail = body[-16:]
    return _ENDS_SENTENCE.search(tail) is not None and _ABBREVIATION.search(tail) is None


def _pieces(text: str, start: int, end: int, measure: _Measure, limit: int) -> Iterator[_Atom]:
    """Cut a stretch without blanks anywhere, into the longest pieces that halving finds."""
    step = 4 * limit
    while start < end:
        stop = min(end, start + step)
        size, ids = measure(text[start:stop])
        if size > limit and stop - start > 1:
            step = max(1, (stop - start) // 2)
            continue
        yield _Atom(start, stop, size, ids, closes=False, alone=True)
        start = stop
        step = min(4 * limit, 2 * step)


def _pack(atoms: Iterator[_Atom], limit: int) -> Iterator[Passage]:
    """Put atoms together to passages, looking ahead at most two passages' worth."""
    waiting: list[_Atom] = []
    tokens = 0
    for atom in atoms:
        if atom.alone:
            yield from _share_out(waiting, limit)
            yield _passage([atom])
            waiting, tokens = [], 0
            continue
        waiting.append(atom)
        tokens += atom.size
        while tokens > 2 * limit:
            cut = _cut(waiting, limit // 4, limit)
            yield _passage(waiting[:cut])
            tokens -= sum(each.size for each in waiting[:cut])
            waiting = waiting[cut:]
    yield from _share_out(waiting, limit)


def _share_out(atoms: list[_Atom], limit: int) -> Iterator[Passage]:
    """The last atoms, in as few passages of about the same size as will do."""
    while (tokens := sum(atom.size for atom in atoms)) > limit:
        cut = _cut(atoms, max(limit // 4, tokens - limit), limit, aim=tokens / 2)
        yield _passage(atoms[:cut])
        atoms = atoms[cut:]
    if atoms:
        yield _passage(atoms)


def _cut(atoms: list[_Atom], least: int, most: int, aim: float | None = None) -> int:
    """How many atoms the next passage takes: at most `most` tokens, and at least `least` if it can.

    The sentence end nearest to `aim` tokens (None: the last one); else the blank nearest to it.
    """
    goal = most if aim is None else aim
    places: list[tuple[bool, float, int]] = []
    size = 0
    for place, atom in enumerate(atoms, 1):
        size += atom.size
        if size > most:
            break
        places.append((atom.closes and size >= least, -abs(goal - size), place))
    return max(places)[2] if places else 1


def _passage(atoms: Sequence[_Atom]) -> Passage:
    ids = tuple(token for atom in atoms for token in atom.ids)
    return Passage(atoms[0].start, atoms[-1].end, ids)
