"""Vectors as they are kept: int8 with one scale per row.

`value = code * scale`, scale = max|row| / 127. On unit vectors of 64 to 384 dimensions nothing
measurable is lost in ranking (static-table measurements in docs/design/encoders.md), and a row of
64 dimensions takes 68 bytes. All zero rows stay zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
_TINY = np.float32(1e-30)
_STEP = np.float32(1 / 127)

Codes: TypeAlias = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class EncoderId:
    """What a vector was made by; vectors of different encoders are never compared."""

    model: str
    revision: str
    quantisation: str
    size: int
    """Number of dimensions."""

    def __str__(self) -> str:
        return f"{self.model}@{self.revision} ({self.size}-d {self.quantisation})"


def quantise(rows: Floats) -> tuple[Codes, Floats]:
    """Codes (n, d) int8 and scales (n,) float32 of float rows (n, d)."""
    if not rows.size:
        return np.zeros(rows.shape, np.int8), np.zeros(len(rows), np.float32)
    peak = np.maximum(rows.max(axis=1), -rows.min(axis=1))
    # A zero row has no direction; dividing it by a number above 0 leaves it zero.
    stretched = rows * (127 / np.maximum(peak, _TINY))[:, None]
    return np.rint(stretched).astype(np.int8), peak * _STEP


def dequantise(codes: Codes, scales: Floats) -> Floats:
    """Float rows (n, d) from codes (n, d) and scales (n,)."""
    return np.asarray(codes.astype(np.float32) * scales[:, None], dtype=np.float32)


def unit(rows: Floats) -> Floats:
    """Rows (n, d) scaled to length 1; zero rows stay zero."""
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return np.asarray(rows / np.where(norms > 0, norms, 1), dtype=np.float32)
