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
from itertools import accumulate, chain
from typing import Final, NamedTuple

from mnemic.core.errors import InputError
from mnemic.language.words import count, runs

LIMIT: Final = 64
"""Tokens of a passage."""

_SMALLEST_LIMIT: Final = 8
"""One character can be several tokens, and must fit."""

# What WordPiece takes for a blank. Python's `\s` also holds controls that WordPiece drops, and
# cutting there would make two words of one.
_BLANKS = "\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_STRIPPED = _BLANKS.replace("-", "".join(map(chr, range(0x2001, 0x200A))))
_STOPS = ".!?؟।"
_CJK_STOPS = "。！？；：，、．…"

_CLOSING = "”’」』）】〉》"
_QUOTES = f"\"')\\]*_{_CLOSING}"

# A stretch without blanks, cut further after Chinese and Japanese punctuation (with the closing
# brackets and quotes that belong to it), and the blanks behind it.
_ATOM = re.compile(
    f"([^{_BLANKS}{_CJK_STOPS}]*[{_CJK_STOPS}]+[{_CLOSING}]*|[^{_BLANKS}{_CJK_STOPS}]+)"
    f"([{_BLANKS}]*)"
)
# Where a sentence may end: a line, or punctuation that an atom ends with. The pattern begins with
# one set of characters, which the engine looks for four times as fast as for three branches. The
# blanks behind a stop are asked for afterwards: a search that fails for want of them would begin
# again at every character of "?????".
_BOUNDARY = re.compile(
    f"[\n{_CJK_STOPS}{_STOPS}](?:(?<=\n)[{_BLANKS}]*"
    f"|(?<=[{_CJK_STOPS}])[{_CJK_STOPS}]*[{_CLOSING}]*[{_BLANKS}]*"
    f"|(?<=[{_STOPS}])[{_STOPS}{_QUOTES}]*[{_BLANKS}]*)"
)
_ENDS_SENTENCE = re.compile(f"[.!?。！？．…؟।][{_QUOTES}]*\\Z")
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
    """What is not cut any further unless it must be: a sentence, or a word with its punctuation."""

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
    # Nearly every turn ends here. Longer texts are rarely worth the attempt: a token has four to
    # five characters.
    if len(text) <= 6 * limit:
        size, found = measure(text)
        if size <= limit:
            return [Passage(0, len(text), tuple(found))] if text.strip() else []
    cut = list(_pack(text, _sentences(text, measure), measure, limit))
    return [Passage(0, len(text), cut[0].ids)] if len(cut) == 1 else cut


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
    return len(runs(text)) if text.isascii() else count(text)


def _sentences(text: str, measure: _Measure) -> Iterator[_Atom]:
    """The text as sentences. Most passages are put together from these, without a look within."""
    start = len(text) - len(text.lstrip(_STRIPPED))
    for match in _BOUNDARY.finditer(text, start):
        found = match[0]
        if found[0] in _STOPS and found[-1] not in _STRIPPED:
            continue
        if "\n" not in found:
            stop = match.start() + len(found.rstrip(_STRIPPED))
            if not _closes(text[max(start, stop - 16) : stop]):
                continue
        # Only what ends is cut out: a text of nothing but abbreviations takes linear time.
        sentence = text[start : match.end()].rstrip(_STRIPPED)
        size, ids = measure(sentence)
        yield _Atom(start, start + len(sentence), size, ids, closes=True)
        start = match.end()
    rest = text[start:].rstrip(_STRIPPED)
    if rest:
        size, ids = measure(rest)
        yield _Atom(start, start + len(rest), size, ids, _closes(rest[-16:]))


def _words(text: str, sentence: _Atom, measure: _Measure, limit: int) -> Iterator[_Atom]:
    """A sentence as words; what is too long for a passage comes in pieces."""
    last: _Atom | None = None
    for match in _ATOM.finditer(text, sentence.start, sentence.end):
        if last is not None:
            yield last
        start, end = match.span(1)
        size, ids = measure(match[1])
        last = None
        if size > limit:
            yield from _pieces(text, start, end, measure, limit)
        else:
            last = _Atom(start, end, size, ids, closes=False)
    if last is not None:
        yield last._replace(closes=sentence.closes)


def _closes(tail: str) -> bool:
    """Whether a sentence ends with what is at the end of `tail`."""
    if tail[-1] == ".":
        return _ABBREVIATION.search(tail) is None
    return _ENDS_SENTENCE.search(tail) is not None


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


def _pack(
    text: str, sentences: Iterator[_Atom], measure: _Measure, limit: int
) -> Iterator[Passage]:
    """Put sentences together to passages, looking ahead at most two passages' worth."""
    waiting: list[_Atom] = []
    tokens = 0
    for atom in _fitting(text, sentences, measure, limit):
        if atom.alone:
            yield from _share_out(text, waiting, measure, limit)
            yield _passage([atom])
            waiting, tokens = [], 0
            continue
        waiting.append(atom)
        tokens += atom.size
        while tokens > 2 * limit:
            waiting, cut = _cut(text, waiting, measure, limit // 4, limit)
            yield _passage(waiting[:cut])
            tokens -= sum(each.size for each in waiting[:cut])
            waiting = waiting[cut:]
    yield from _share_out(text, waiting, measure, limit)


def _fitting(
    text: str, sentences: Iterator[_Atom], measure: _Measure, limit: int
) -> Iterator[_Atom]:
    """Sentences, and the words of those that fill a passage by themselves."""
    for sentence in sentences:
        if sentence.size > limit:
            yield from _words(text, sentence, measure, limit)
        else:
            yield sentence


def _share_out(text: str, atoms: list[_Atom], measure: _Measure, limit: int) -> Iterator[Passage]:
    """The last atoms, in as few passages of about the same size as will do."""
    while (tokens := sum(atom.size for atom in atoms)) > limit:
        least = max(limit // 4, tokens - limit)
        atoms, cut = _cut(text, atoms, measure, least, limit, aim=tokens / 2)
        yield _passage(atoms[:cut])
        atoms = atoms[cut:]
    if atoms:
        yield _passage(atoms)


def _cut(
    text: str,
    atoms: list[_Atom],
    measure: _Measure,
    least: int,
    most: int,
    aim: float | None = None,
) -> tuple[list[_Atom], int]:
    """How many atoms the next passage takes: at most `most` tokens, and at least `least` if it can.

    The sentence end nearest to `aim` tokens (None: the last one); else the blank nearest to it, for
    which the sentence around it is taken apart. Returns the atoms, and how many of them.
    """
    goal = most if aim is None else aim
    places: list[tuple[bool, float, int]] = []
    size = 0
    for place, atom in enumerate(atoms, 1):
        size += atom.size
        if size > most:
            break
        places.append((atom.closes and size >= least, -abs(goal - size), place))
    if places and max(places)[0]:
        return atoms, max(places)[2]
    within = _reached(atoms, goal)
    words = list(_words(text, atoms[within], measure, most))
    if len(words) > 1:
        apart = [*atoms[:within], *words, *atoms[within + 1 :]]
        return _cut(text, apart, measure, least, most, aim)
    return atoms, max(places)[2] if places else 1


def _reached(atoms: list[_Atom], goal: float) -> int:
    """The place of the atom within which `goal` tokens are reached: the nearest blank is there."""
    sizes = accumulate(atom.size for atom in atoms)
    return next((place for place, size in enumerate(sizes) if size > goal), len(atoms) - 1)


def _passage(atoms: Sequence[_Atom]) -> Passage:
    ids = tuple(chain.from_iterable([atom.ids for atom in atoms]))
    return Passage(atoms[0].start, atoms[-1].end, ids)
