"""Pairs of segments for SORT: which of two passages of an excerpt comes first?

The procedure of Pink et al. (2024, arXiv 2410.08133): excerpts of L_E words; two segments of L_S
words that begin with sentences and do not overlap; in each excerpt one pair for each bin of
distances; labels balanced exactly. Where they draw positions and test that these are uniform, the
text is cut into as many slices as excerpts are wanted and one is drawn from each, so that they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

from mnemic.bench.tasks.sort_text import Text

_LONG: Final = 10_000
"""Excerpts from here on have a bin edge at 1,000 words."""
_TRIES: Final = 50


@dataclass(frozen=True, slots=True)
class Bin:
    """Distances between the starts of two segments, in words: above `low`, up to `high`."""

    low: int
    high: int
    name: str
    """The same for texts of different lengths."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text."""

    start: int
    """Its first word in the text."""
    length: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two segments of an excerpt."""

    excerpt: int
    """Number of the excerpt within its text."""
    bin: Bin
    first: int
    """The segment that comes first: place of its first word in the text."""
    second: int
    swapped: bool
    """Whether the later segment is shown as A; so in half of the pairs."""


def bins(length: int, segment: int, whole: bool = False) -> tuple[Bin, ...]:
    """The bins of distances for excerpts of `length` words: four, of a whole text five.

    >>> [one.name for one in bins(1000, 20)]
    ['20-250 words', '250-333 words', '333-500 words', '500-1000 words']
    >>> bins(40_000, 20, whole=True)[3]
    Bin(low=10000, high=20000, name='1/4-1/2 of the text')
    """
    if whole:
        edges = [segment, 250, 1000, length // 4, length // 2, length]
    elif length >= _LONG:
        edges = [segment, 1000, length // 4, length // 2, length]
    else:
        edges = [segment, length // 4, length // 3, length // 2, length]
    names = [f"{low}-{high} words" for low, high in pairwise(edges)]
    if whole:
        names[2:] = ["1000 words-1/4 of the text", "1/4-1/2 of the text", "1/2-1 of the text"]
    spans = zip(pairwise(edges), names, strict=True)
    return tuple(Bin(low, high, name) for (low, high), name in spans if low < high)


def excerpts(text: Text, length: int, count: int, random: Random) -> list[Excerpt]:
    """`count` excerpts of `length` words that begin with a sentence, one from each slice of a text.

    Fewer where a slice holds no sentence to begin with; none where the text is too short. Length 0
    is the whole text, once.
    """
    if not length:
        return [Excerpt(0, len(text.words))]
    last = len(text.words) - length
    found = []
    for number in range(count if last >= 0 else 0):
        low, high = number * (last + 1) // count, (number + 1) * (last + 1) // count
        starts = text.starts[bisect_left(text.starts, low) : bisect_left(text.starts, high)]
        if starts:
            found.append(Excerpt(random.choice(starts), length))
    return found


def pairs(
    text: Text, drawn: Sequence[Excerpt], segment: int, each: int, whole: bool, random: Random
) -> list[Pair]:
    """`each` pairs for every bin of every excerpt; half of each bin's pairs are swapped.

    A bin that an excerpt has no two sentences for is left out there.
    """
    by_bin: dict[Bin, list[tuple[int, int, int]]] = {}
    for number, excerpt in enumerate(drawn):
        for one in bins(excerpt.length, segment, whole):
            for _ in range(each):
                if found := _pair(text, excerpt, segment, one, random):
                    by_bin.setdefault(one, []).append((number, *found))
    result = []
    for one, found_ones in by_bin.items():
        swaps = [place % 2 == 1 for place in range(len(found_ones))]
        random.shuffle(swaps)
        result += [
            Pair(number, one, first, second, swapped)
            for (number, first, second), swapped in zip(found_ones, swaps, strict=True)
        ]
    return result


def _pair(
    text: Text, excerpt: Excerpt, segment: int, wanted: Bin, random: Random
) -> tuple[int, int] | None:
    starts = text.starts
    low = bisect_left(starts, excerpt.start)
    end = excerpt.start + excerpt.length - segment
    high = bisect_right(starts, end - max(wanted.low, segment))
    if low >= high:
        return None
    for _ in range(_TRIES):
        first = starts[random.randrange(low, high)]
        near = bisect_left(starts, first + max(wanted.low + 1, segment))
        far = bisect_right(starts, min(first + wanted.high, end))
        if near < far:
            return first, starts[random.randrange(near, far)]
    return None
