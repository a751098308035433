"""An encoder and a reranker for tests: no model, the same on every machine; they count calls.

Each word becomes a vector of +1 and -1 drawn from its hash; a text is the sum of its words, scaled
to length 1. Texts that share words are similar, others are nearly orthogonal: enough to test
everything around an encoder, and nothing that understands.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from typing import Final

import numpy as np

from mnemic.core.vectors import EncoderId, Floats, unit

_WORD = re.compile(r"\w+")


class FakeEncoder:
    """Hashed words. `inline` says which path it pretends to be fit for; `name` tells two apart.

    >>> fake = FakeEncoder()
    >>> tea, green, dog = fake.encode(["a cup of tea", "a cup of green tea", "dogs bark"])
    >>> bool(tea @ green > 0.8 > 0.4 > tea @ dog)
    True
    >>> fake.calls, fake.texts
    (1, 3)
    """

    def __init__(self, *, size: int = 64, inline: bool = True, name: str = "fake") -> None:
        self.inline = inline
        self.calls = 0
        """How often `encode` and `encode_query` were called."""
        self.texts = 0
        """How many texts they were given."""
        self._id = EncoderId(name, "1", "int8", size)
        self._lock = threading.Lock()

    @property
    def id(self) -> EncoderId:
        """The given name, revision "1"."""
        return self._id

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows (len(texts), size); zero for a text without a word."""
        with self._lock:
            self.calls += 1
            self.texts += len(texts)
        rows = np.zeros((len(texts), self._id.size), dtype=np.float32)
        for place, text in enumerate(texts):
            for word in _WORD.findall(text.casefold()):
                rows[place] += _signs(word, self._id.size)
        return unit(rows)

    def encode_query(self, text: str) -> Floats:
        """One unit row (size,)."""
        row: Floats = self.encode([text])[0]
        return row


@cache
def _signs(word: str, size: int) -> Floats:
    """+1 and -1 (size,), from the bits of the word's hash."""
    data = word.encode("utf-8", "surrogatepass")
    blocks = range(-(-size // 512))
    bits = b"".join(blake2b(data, salt=bytes([block])).digest() for block in blocks)
    return np.unpackbits(np.frombuffer(bits, np.uint8))[:size].astype(np.float32) * 2 - 1


class FakeReranker:
    """The share of the question's and the dialogue's words that a candidate has.

    >>> FakeReranker().rerank("green tea", ["a cup of green tea", "tea", "dogs"]).tolist()
    [1.0, 0.5, 0.0]
    """

    name: Final = "fake"

    def __init__(self) -> None:
        self.calls = 0
        """How often `rerank` was called."""

    def rerank(self, query: str, candidates: Sequence[str], dialogue: Sequence[str] = ()) -> Floats:
        """Scores in [0, 1] (len(candidates),)."""
        self.calls += 1
        asked = set(_WORD.findall(" ".join([*dialogue, query]).casefold()))
        shared = [len(asked & set(_WORD.findall(text.casefold()))) for text in candidates]
        return np.array(shared, np.float32) / np.float32(max(len(asked), 1))
