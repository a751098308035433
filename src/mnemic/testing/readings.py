"""A reading by the simplest rules, so that a store can be tried without language or models.

Words are runs of letters and digits, a passage is 48 characters, and a vector is drawn by chance
from a seed that the passage's words give: the same words have the same vector, others a different
one. It is no analysis of language; that is `language/`.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

import numpy as np

from mnemic.core.storage import Passage, Reading, Vectors
from mnemic.core.vectors import EncoderId, Floats, quantise, unit

FAKE: Final = EncoderId("plain", "1", "int8", 16)
"""An encoder that exists only in tests."""

_WORD = re.compile(r"[^\W_]+")
_LENGTH = 48


def plain_reading(text: str, encoder: EncoderId | None = FAKE) -> Reading:
    """What is read off a text: its words, passages of 48 characters, and vectors by chance.

    Without an `encoder` there are no vectors.

    >>> reading = plain_reading("Ana moved to Lisbon.")
    >>> reading.tokens, len(reading.passages), reading.vectors.codes.shape
    ('ana moved to lisbon', 1, (1, 16))
    """
    tokens = " ".join(_WORD.findall(text.casefold()))
    starts = range(0, max(len(text), 1), _LENGTH)
    spans = [(start, min(start + _LENGTH, len(text))) for start in starts]
    passages = tuple(
        # One 16-bit number per character: what it was made from can be found again in a file.
        Passage(start, end, np.frombuffer(text[start:end].encode("utf-16-le"), np.uint16))
        for start, end in spans
    )
    vectors = None
    if encoder is not None:
        vectors = plain_vectors([text[start:end] for start, end in spans], encoder)
    return Reading(tokens, len(text) & 7, passages, vectors, mark=_number(tokens))


def plain_vectors(texts: list[str], encoder: EncoderId = FAKE) -> Vectors:
    """A unit vector by chance for each text; the same text gets the same one."""
    rows: Floats = np.zeros((len(texts), encoder.size), np.float32)
    for place, text in enumerate(texts):
        chance = np.random.default_rng(_number(f"{encoder} {text}") & (2**63 - 1))
        rows[place] = chance.standard_normal(encoder.size)
    return Vectors(encoder, *quantise(unit(rows)))


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
