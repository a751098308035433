"""The shape of an encoder's vectors over a corpus, and whether it foretells robustness.

Vectors that crowd in a cone, or that vary along few directions, leave little room between texts,
so that a small change of a question, or one planted text, reaches many of them. "Robustness of
LLM-based dense retrievers" (2026, arXiv 2604.16576) finds such figures to predict how far a
retriever falls. Vectors come in as rows of length 1; who made them is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnemic.core.errors import InputError
from mnemic.core.vectors import Floats


@dataclass(frozen=True, slots=True)
class Geometry:
    """How vectors lie."""

    mean_cosine: float
    """Of two different texts: 0 where they point everywhere, 1 where all point one way."""
    isoscore: float
    """1: all directions vary alike, 0: only one does. Rudman et al. 2022, arXiv 2108.07344."""
    partition: float
    """Least share of the largest partition function: 1 where no direction stands out. Mu and
    Viswanath 2018, arXiv 1702.01417."""
    effective_rank: float
    """Directions that count: e to the entropy of the singular values, of centred rows. Roy and
    Vetterli 2007."""
    spectral_norm: float
    """Largest singular value over the root of the number of texts, not centred: 1 where all are
    the same."""
    size: int
    """Dimensions."""
    n: int


def geometry(vectors: Floats) -> Geometry:
    """Figures of unit rows (n, size); rows that are zero are left out.

    Raises InputError for fewer than two rows or dimensions.

    >>> corners = np.eye(4, dtype=np.float32)
    >>> round(geometry(np.concatenate([corners, -corners])).isoscore, 3)
    1.0
    """
    kept = np.asarray(vectors, np.float64)
    kept = kept[np.any(kept != 0, axis=1)] if kept.ndim == 2 else kept
    if kept.ndim != 2 or min(kept.shape) < 2:
        raise InputError(
            f"vectors of shape {np.shape(vectors)} have no geometry. Give two rows that are not "
            "zero, or more, of two dimensions or more"
        )
    n, size = kept.shape
    total = kept.sum(axis=0)
    centred = kept - kept.mean(axis=0)
    values, directions = np.linalg.eigh(kept.T @ kept)
    variances = np.maximum(np.linalg.eigvalsh(centred.T @ centred), 0)
    reached = np.exp(kept @ np.concatenate([directions, -directions], axis=1)).sum(axis=0)
    return Geometry(
        mean_cosine=float((total @ total - np.einsum("ij,ij->", kept, kept)) / (n * (n - 1))),
        isoscore=_isoscore(variances),
        partition=float(reached.min() / reached.max()),
        effective_rank=_effective_rank(np.sqrt(variances)),
        spectral_norm=float(np.sqrt(max(values[-1], 0) / n)),
        size=size,
        n=n,
    )


def _isoscore(variances: NDArray[np.float64]) -> float:
    """How evenly variance is spread over the principal directions (size,).

    With the variances scaled to length √d, δ is their distance from all ones over the largest that
    is possible, and φ = (d - δ²(d - √d))² / d² the share of directions that are used; the score is
    (dφ - 1) / (d - 1).
    """
    size, length = len(variances), float(np.linalg.norm(variances))
    if not length:
        return 0.0
    root = np.sqrt(size)
    defect = np.linalg.norm(variances * root / length - 1) / np.sqrt(2 * (size - root))
    used = (size - defect**2 * (size - root)) ** 2 / size**2
    return float(max(0.0, (size * used - 1) / (size - 1)))


def _effective_rank(singular: NDArray[np.float64]) -> float:
    held = singular[singular > 0]
    if not len(held):
        return 1.0
    shares = held / held.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def rank_correlation(first: ArrayLike, second: ArrayLike) -> float:
    """Spearman's ρ of paired figures (n,), of which equal ones share their ranks; 0 if one is flat.

    One pair for each encoder: a figure of its geometry, and what a change of questions costs it.
    From a handful of encoders it is a hint and no proof.

    >>> rank_correlation([1, 2, 3, 4], [10, 20, 40, 30])
    0.8
    """
    one, other = _ranks(first), _ranks(second)
    if len(one) != len(other) or len(one) < 2:
        raise InputError(
            f"{len(one)} and {len(other)} figures do not pair. Give as many of both, two or more"
        )
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale else 0.0


def _ranks(values: ArrayLike) -> NDArray[np.float64]:
    given = np.asarray(values, np.float64).ravel()
    _, place, counts = np.unique(given, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], np.float64)
