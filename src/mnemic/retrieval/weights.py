"""How much each thing that is known about a candidate counts: numbers, each with its reason.

The unit is a tenth of the information in the question: a row that holds every term of the question
scores `turn` = 10 by its words alone, and as much again by its window. Priors are soft, and a
question's words can always outweigh them: a hard speaker filter loses 65 of 88 points on questions
about something that the other one said. Nothing here was fitted; what was chosen on which data, and
what each choice is worth, is in docs/design/recall.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a linear sum, and the sizes that its rules speak of."""

    turn: float = 10.0
    """BM25 of the row alone, as the share of the most the question could score."""
    window: float = 10.0
    """BM25 of the row with its neighbours: an answer often stands beside the question's words."""
    dense: float = 1.0
    """Cosine with the row's best passage, in standard deviations among all rows."""
    pooled: float = 0.5
    """Cosine with the row and its neighbours, likewise."""
    session: float = 0.2
    """Mean of the best three text and vector scores in the row's session: the talk is about it."""
    dialogue: float = 1.5
    """BM25 for the words said just before the question, as a share of the most they could score."""
    speaker: float = 3.0
    """The question names whoever speaks in the row."""
    date: float = 5.0
    """The row lies in a period that the question names."""
    soon_after: float = 0.5
    """Share of `date` for the weeks after it: people tell what happened when they next meet."""
    when: float = 1.5
    """The question asks when, and the row holds a time expression."""
    question: float = -2.5
    """The row asks something itself, and says little else."""
    user: float = 2.0
    """The row is the user's own, where user and assistant talk: memory is about the user."""
    untrusted: float = -2.0
    """The row comes from the web or a tool."""
    weight: float = 3.0
    """For each doubling of a record's weight."""

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
    soon_days: float = 35.0
    """Days after a period that still count."""
    neighbour: float = 0.25
    """Share of each neighbour's vector in the pooled one."""
    pool: int = 100
    """Candidates drawn by text, by vectors and by date, each."""
    middle: float = 10.0
    """The sum that becomes a score of 0.5."""
    spread: float = 4.0
    """The difference that moves the odds by a factor of e."""

    def bm25(self, mean_words: float) -> tuple[float, float]:
        """k1 and b for rows of this mean length, between those for short and for long texts.

        >>> WEIGHTS.bm25(20), WEIGHTS.bm25(1000)
        ((0.4, 0.1), (1.2, 0.75))
        """
        short, long = self.lengths
        share = log(max(mean_words, 1.0) / short) / log(long / short)
        share = min(max(share, 0.0), 1.0)
        k1, b = ((1 - share) * low + share * high for low, high in (self.k1, self.b))
        return k1, b


WEIGHTS = Weights()
