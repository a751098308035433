"""The floor: BM25 as it comes, with the usual constants and nothing tuned.

Lower-case words with their speaker in front, no stems, no stop list, no neighbours, no vectors.
A memory system that does not beat it has not earned its place.

    score(d) = Σ_t ln(1 + (N - n_t + ½) / (n_t + ½)) · f_t (k1+1) / (f_t + k1 (1 - b + b |d|/avg))

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond". Written
independently of the index that mnemic searches with, so that the floor stays where it is.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnemic.bench.adapters.texts import Kept, spoken
from mnemic.bench.system import Found
from mnemic.core.events import Event
from mnemic.language.words import words
from mnemic.sources.questions import Question

K1: Final = 1.2
B: Final = 0.75


class Bm25:
    """Untuned BM25, in memory."""

    name: Final = f"BM25 k1={K1} b={B}"

    def __init__(self) -> None:
        self._partitions: dict[str, _Partition] = {}

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Count the words of each text."""
        self._partitions.setdefault(partition, _Partition()).add(events)

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """Texts that share a word with the question, by score; of equals the older first."""
        held = self._partitions.get(question.conversation)
        if held is None:
            return []
        scores = held.scores(words(question.text))
        best = np.argsort(-scores, kind="stable")[:limit]
        return [held.kept.found(int(at), float(scores[at])) for at in best if scores[at] > 0]

    def size(self) -> None:
        """It keeps nothing on disk."""

    def close(self) -> None:
        """Forget everything."""
        self._partitions.clear()


class _Partition:
    """The words of one conversation."""

    def __init__(self) -> None:
        self.kept = Kept()
        self._lengths: list[int] = []
        self._postings: dict[str, tuple[array[int], array[int]]] = {}
        """Word → the texts that hold it, and how often each does."""

    def add(self, events: Sequence[Event]) -> None:
        for number, event in zip(self.kept.take(events), events, strict=True):
            said = words(spoken(event))
            self._lengths.append(len(said))
            for word, count in Counter(said).items():
                places, counts = self._postings.setdefault(word, (array("q"), array("q")))
                places.append(number)
                counts.append(count)

    def scores(self, terms: Iterable[str]) -> NDArray[np.float64]:
        """One score a text; a term that is asked twice counts twice."""
        lengths = np.array(self._lengths, dtype=np.float64)
        scores = np.zeros(len(lengths))
        if not lengths.any():
            return scores
        norms = K1 * (1 - B + B * lengths / lengths.mean())
        for term in terms:
            if term in self._postings:
                places, counts = (np.frombuffer(held, int) for held in self._postings[term])
                rarity = np.log1p((len(lengths) - len(places) + 0.5) / (len(places) + 0.5))
                scores[places] += rarity * counts * (K1 + 1) / (counts + norms[places])
        return scores
