"""Planted texts made for an encoder: words are exchanged until the vector is where questions are.

HotFlip (Ebrahimi et al. 2018, arXiv 1712.06751) as corpus poisoning (Zhong et al. 2023, arXiv
2310.19156): the questions that the attacker knows are clustered, and for each cluster one text
climbs towards its mean. A text's vector is a weighted sum of token rows where the encoder is a
static table, so every exchange of one word by any other is valued exactly, not only to first order.
Of any other encoder nothing but vectors is asked: some words are tried at a place, the best stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnemic.bench.tasks.robustness_poison import WORDS
from mnemic.core.ports import Encoder
from mnemic.core.vectors import Floats, unit
from mnemic.language.words import words
from mnemic.models.static_table import StaticTable

_PASSES: Final = 3
"""Over all places of a text; after three hardly any word changes."""
_NEAR: Final = 4096
"""Words of a table that are looked at for one text."""
TRIES: Final = 24
"""Words that are tried at one place of a text, where each costs an encoding."""
STEPS: Final = 40
"""Places that are tried in a text, likewise."""
_ROUNDS: Final = 20
"""Of the clustering."""


def flipped(
    questions: Sequence[str],
    encoder: Encoder,
    count: int,
    random: Random,
    length: int = WORDS,
    *,
    tries: int = TRIES,
    steps: int = STEPS,
) -> list[str]:
    """`count` texts of `length` words whose vectors lie as near as can be to the questions' own.

    `tries` and `steps` bound the encodings, count · steps · tries, of an encoder that is no table.
    Without questions there is nothing to go by, and the result is empty.
    """
    asked = [text for text in questions if text.strip()]
    if not asked:
        return []
    vectors = np.array([encoder.encode_query(text) for text in asked], np.float32)
    groups = cluster(vectors, count, random)
    lexicon = _Lexicon.of(encoder) if isinstance(encoder, StaticTable) else None
    texts = []
    for number in range(count):
        group = number % (int(groups.max()) + 1)
        own = [text for text, of in zip(asked, groups, strict=True) if of == group]
        target = vectors[groups == group].mean(axis=0)
        if lexicon is not None:
            texts.append(_climb_table(own, target, lexicon, random, length))
        else:
            texts.append(_climb(own, asked, target, encoder, random, length, tries, steps))
    return texts


def cluster(vectors: Floats, count: int, random: Random) -> NDArray[np.intp]:
    """The cluster of each unit row (n,), from 0, no more than `count` and none empty; k-means."""
    centres = vectors[random.sample(range(len(vectors)), min(count, len(vectors)))]
    groups = np.zeros(len(vectors), np.intp)
    for _ in range(_ROUNDS):
        nearest = np.argmax(vectors @ centres.T, axis=1)
        kept, groups = np.unique(nearest, return_inverse=True)
        sums = np.zeros((len(kept), vectors.shape[1]), np.float32)
        np.add.at(sums, groups, vectors)
        moved = unit(sums)
        if moved.shape == centres.shape and np.allclose(moved, centres, atol=1e-6):
            break
        centres = moved
    return groups


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words that a table reads as one token: written with blanks they stay those tokens."""

    names: tuple[str, ...]
    rows: Floats
    """(words, size): what each adds to a text."""

    @staticmethod
    @lru_cache(maxsize=1)
    def of(table: StaticTable) -> _Lexicon:
        spelt = [
            word
            for word in table.pieces.vocabulary
            if word.isascii() and word.isalpha() and word.islower()
        ]
        ids = np.array([table.pieces.id(word) for word in spelt], np.intp)
        known = np.flatnonzero(table.weights(ids) > 0)
        return _Lexicon(tuple(spelt[place] for place in known), table.summands(ids[known]))

    def near(self, target: Floats) -> _Lexicon:
        """Those that point most towards a target; the others are never chosen."""
        if len(self.names) <= _NEAR:
            return self
        places = np.argpartition(-(unit(self.rows) @ target), _NEAR)[:_NEAR]
        return _Lexicon(tuple(self.names[place] for place in places), self.rows[places])


def _climb_table(
    questions: Sequence[str], target: Floats, whole: _Lexicon, random: Random, length: int
) -> str:
    """Exchange one word at a time for the best of all words, until none is better.

    With s the sum of the other rows and r a word's row, the cosine with the target t is
    (s + r) · t / |s + r|; s · r for all words is one product of a matrix and a vector.
    """
    if not target.any():  # a script that the table does not know
        return " ".join(
            random.choices([word for text in questions for word in words(text)], k=length)
        )
    lexicon = whole.near(target)
    rows, names = lexicon.rows, lexicon.names
    squares = np.einsum("ij,ij->i", rows, rows)
    towards = rows @ target
    chosen = [random.randrange(len(names)) for _ in range(length)]
    for _ in range(_PASSES):
        before = list(chosen)
        for place in random.sample(range(length), length):
            others = rows[chosen].sum(axis=0) - rows[chosen[place]]
            lengths = np.sqrt(np.maximum(others @ others + 2 * rows @ others + squares, 1e-12))
            chosen[place] = int(np.argmax((others @ target + towards) / lengths))
        if chosen == before:
            break
    return " ".join(names[place] for place in chosen)


def _climb(
    own: Sequence[str],
    every: Sequence[str],
    target: Floats,
    encoder: Encoder,
    random: Random,
    length: int,
    tries: int,
    steps: int,
) -> str:
    """At one place after the other, try words of the questions, and keep the best."""
    near = Counter(word for text in own for word in words(text))
    far = [word for text in every for word in words(text)] or [""]
    pool = list(near) or far
    chosen = random.choices(pool, weights=list(near.values()) or None, k=length)
    best = float(encoder.encode([" ".join(chosen)])[0] @ target)
    for step in range(steps):
        place = step % length
        tried = [random.choice(pool if attempt % 2 else far) for attempt in range(tries)]
        texts = [" ".join([*chosen[:place], word, *chosen[place + 1 :]]) for word in tried]
        values = encoder.encode(texts) @ target
        at = int(np.argmax(values))
        if values[at] > best:
            best, chosen[place] = float(values[at]), tried[at]
    return " ".join(chosen)
