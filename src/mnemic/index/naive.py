"""BM25 as one would write it on a blackboard: the specification of `postings.py` and `fts5.py`.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with the
idf that is never negative. The statistics (how many rows hold a term, how long a row is on
average) are those of the rows given: one partition's, never another's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log


def idf(holding: int, rows: int) -> float:
    """How rare a term is that `holding` of `rows` rows contain; never negative."""
    return log(1 + (rows - holding + 0.5) / (holding + 0.5))


def gain(count: float, length: float, average: float, k1: float, b: float) -> float:
    """What `count` occurrences in a text of `length` tokens are worth, before idf.

    `k1` is how long repetition keeps paying (0: one occurrence counts as much as ten); `b` how
    much long texts are held back (0: not at all, 1: in proportion to their length).
    """
    return count * (k1 + 1) / (count + k1 * (1 - b + b * length / average)) if count else 0.0


def bm25(texts: Sequence[str], terms: Sequence[str], k1: float, b: float) -> list[float]:
    """BM25 of each text (tokens parted by blanks) for the query terms.

    >>> [round(score, 2) for score in bm25(["move lisbon", "tea"], ["lisbon"], k1=1.2, b=0.75)]
    [0.61, 0.0]
    """
    return bm25_window(texts, terms, [()] * len(texts), k1, b)


def bm25_window(
    texts: Sequence[str],
    terms: Sequence[str],
    neighbours: Sequence[Sequence[int]],
    k1: float,
    b: float,
) -> list[float]:
    """BM25 of each text read together with its neighbours; idf stays that of single texts."""
    words = [text.split() for text in texts]
    holding = Counter(term for text in words for term in set(text))
    windows = [
        sum((words[other] for other in near), text)
        for text, near in zip(words, neighbours, strict=True)
    ]
    average = sum(map(len, windows)) / len(windows) if any(windows) else 1.0
    return [
        sum(
            idf(holding[term], len(texts)) * gain(window.count(term), len(window), average, k1, b)
            for term in terms
        )
        for window in windows
    ]
