"""The numbers that the rules of recall speak of: lengths, spans of days, sizes of pools.

They say what a feature is; how much it counts is learned (`weights.py`). What was chosen on which
data, and what each choice is worth, is in docs/design/ranking.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Shape:
    """Constants of the features and of drawing."""

    turn: float = 10.0
    """Share of a row's own words in what draws it, and in the score of its session."""
    window: float = 10.0
    """The same of its words with its neighbours'."""
    dense: float = 1.0
    """The same of its vectors, in standard deviations."""
    pooled: float = 0.5
    """The same of its vectors with its neighbours'."""
    bridge: float = 3.0
    """The same of instances of what is asked."""
    dialogue: float = 1.5
    """The same of the words said just before the question."""
    k1: tuple[float, float] = (0.4, 1.2)
    """BM25's k1 for short and for long texts: within a turn, repetition says little."""
    b: tuple[float, float] = (0.1, 0.75)
    """BM25's b for short and for long texts: a longer turn is not a more diffuse one."""
    lengths: tuple[float, float] = (30.0, 150.0)
    """Mean tokens of a partition's rows that count as short and as long."""
    dense_words: float = 100.0
    """Tokens up to which vectors count fully; then with the square of how far it is exceeded."""
    window_words: float = 180.0
    """Tokens of a window up to which it counts fully; beyond, the row itself takes its place."""
    question_words: float = 30.0
    """Tokens up to which a row that asks says little else."""
    lists: float = 0.2
    """Share of bare lists of words up to which they stand out in a partition."""
    soon_after: float = 0.5
    """Share of `date` for the weeks after a period: people tell what happened when they meet."""
    soon_days: float = 35.0
    """Days after a period that still count."""
    neighbour: float = 0.25
    """Share of each neighbour's vector in the pooled one."""
    members: int = 80
    """Words that one word of a question may lead to."""
    pool: int = 100
    """Candidates drawn by text, by vectors and by date, each."""
    date: float = 5.0
    """What a named period adds to a row's chance to be looked at closely."""
    kept: int = 150
    """Candidates that are looked at closely."""
    small: int = 100
    """Rows up to which all are candidates."""

    def bm25(self, mean_words: float) -> tuple[float, float]:
        """k1 and b for rows of this mean length, between those for short and for long texts.

        >>> SHAPE.bm25(20), SHAPE.bm25(1000)
        ((0.4, 0.1), (1.2, 0.75))
        """
        share = self.long(mean_words)
        k1, b = ((1 - share) * low + share * high for low, high in (self.k1, self.b))
        return k1, b

    def long(self, mean_words: float) -> float:
        """How far a partition's rows are long texts, by the logarithm of their mean tokens.

        >>> SHAPE.long(30), SHAPE.long(150)
        (0.0, 1.0)
        """
        short, long = self.lengths
        share = log(max(mean_words, 1.0) / short) / log(long / short)
        return min(max(share, 0.0), 1.0)


SHAPE = Shape()
