"""Exact BM25 for partitions too big to load: rare terms first, out of a persistent text index.

SQLite's FTS5 finds the rows that hold a term quickly, but its own rank cannot serve as a score: it
counts other partitions' rows, and takes 30 ms at 100,000. So the index is only asked who holds a
term, the rarest first, and each row found is scored from its tokens by the formula itself. Once
the best `limit` rows score more than any row could that holds only the terms not yet asked for,
asking stops, and nothing better was missed (the upper bound of Turtle and Flood, Query evaluation:
strategies and optimizations, 1995).

This file knows no database: who holds a term is asked through functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mnemic.index.naive import gain, idf
from mnemic.index.postings import Statistics


@dataclass(frozen=True, slots=True)
class Drawn:
    """The best rows for some terms, best first, and the statistics that they were scored by."""

    keys: tuple[int, ...]
    scores: tuple[float, ...]
    complete: bool
    """Whether no other row can score higher than the last of them."""
    statistics: Statistics


def draw(
    terms: Sequence[str],
    *,
    matches: Callable[[str, int], Sequence[int]],
    document_frequency: Callable[[str], int],
    tokens: Callable[[Sequence[int]], Sequence[str]],
    rows: int,
    average: float,
    k1: float,
    b: float,
    limit: int = 100,
    most: int = 5000,
) -> Drawn:
    """The `limit` rows of a partition that score highest by BM25.

    `matches(term, limit)` gives keys of rows that hold a term, `document_frequency(term)` how many
    there are, `tokens(keys)` their analysed texts; `rows` and `average` are the partition's number
    of rows and mean length in tokens. `most` bounds how many rows are read: when a common term
    would need more, what was read decides and `complete` is False.
    """
    times = Counter(terms)
    holding = {term: document_frequency(term) for term in times}
    statistics = Statistics(rows, holding, average)
    weights = {term: times[term] * idf(holding[term], rows) for term in times if holding[term]}
    asked = sorted(weights, key=lambda term: (holding[term], term))
    bound = sum(weights.values()) * (k1 + 1)
    scores: dict[int, float] = {}
    best: list[int] = []
    complete = True
    for term in asked:
        if len(best) == limit and scores[best[-1]] >= bound:
            break
        room = most - len(scores)
        # One more than there is room for tells whether some were left.
        found = matches(term, room + len(scores) + 1)
        new = [key for key in dict.fromkeys(found) if key not in scores]
        complete &= len(new) <= room and len(found) >= holding[term]
        new = new[: max(room, 0)]
        for key, text in zip(new, tokens(new) if new else (), strict=True):
            scores[key] = _score(text, weights, average, k1, b)
        best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
        bound -= weights[term] * (k1 + 1)
    return Drawn(tuple(best), tuple(scores[key] for key in best), complete, statistics)


def _score(text: str, weights: dict[str, float], average: float, k1: float, b: float) -> float:
    words = text.split()
    counts = Counter(words)
    return sum(
        weight * gain(counts[term], len(words), average or 1.0, k1, b)
        for term, weight in weights.items()
    )
