"""Encoders for systems that are handed their vectors: our table, or our MiniLM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnemic.core.ports import Encoder
from mnemic.core.vectors import Floats
from mnemic.models.static_table import StaticTable


@dataclass(frozen=True, slots=True)
class Sized:
    """An encoder and its number of dimensions."""

    encoder: Encoder
    size: int

    def encode(self, texts: Sequence[str]) -> Floats:
        return self.encoder.encode(texts)

    def encode_query(self, text: str) -> Floats:
        return self.encoder.encode_query(text)


def encoder(vectors: str, minilm: str | None) -> Sized | None:
    """What encodes for a peer; None where its own default does.

    With "given", turns come with their vectors, and questions are encoded by the same table.
    """
    if vectors == "default":
        return None
    if vectors == "minilm":
        from mnemic.models.minilm import MiniLM

        return _sized(MiniLM(None if minilm is None else Path(minilm)))
    return _sized(StaticTable())


def _sized(chosen: Encoder) -> Sized:
    return Sized(chosen, chosen.id.size)


def whole(texts: Sequence[str]) -> Floats:
    """A vector for each text as it stands (len(texts), 128), by our table."""
    rows: Floats = np.ascontiguousarray(StaticTable().encode(texts))
    return rows
