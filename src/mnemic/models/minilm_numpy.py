"""The forward pass of a MiniLM sentence encoder in numpy: what `minilm_graph.py` must compute.

This is the specification, written to be read beside the papers; it is slow and exact. The model is
BERT (Devlin et al. 2019, arXiv 1810.04805) distilled to six layers of 384 (MiniLM, Wang et al.
2020, arXiv 2002.10957), pooled by the mean over tokens and scaled to length 1 (Sentence-BERT,
Reimers and Gurevych 2019, arXiv 1908.10084).

Letters for shapes: B texts, T tokens of the longest text, H hidden size, N heads.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.errors import ModelError
from mnemic.core.vectors import Floats, unit
from mnemic.models.weights import Tensors

Ids: TypeAlias = NDArray[np.int64]
Watch: TypeAlias = Callable[[str, Floats], None]

EPSILON = 1e-12
"""Added to the variance in each normalisation, as BERT does."""
HEAD_SIZE = 32
"""Dimensions of one attention head in MiniLM; not recorded in the weights."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT encoder, read off its weights."""

    layers: int
    hidden: int
    heads: int
    positions: int
    words: int


def shape_of(tensors: Tensors, head_size: int = HEAD_SIZE) -> Shape:
    """The sizes of the encoder that `tensors` hold. Raises ModelError if they hold another."""
    words, hidden = array(tensors, "embeddings.word_embeddings.weight").shape
    positions = array(tensors, "embeddings.position_embeddings.weight").shape[0]
    layers = 0
    while f"encoder.layer.{layers}.output.dense.weight" in tensors:
        layers += 1
    return Shape(layers, hidden, hidden // head_size, positions, words)


def array(tensors: Tensors, name: str) -> Floats:
    """One tensor as float32. Raises ModelError if the weights have none of this name."""
    try:
        return np.asarray(tensors[name], dtype=np.float32)
    except KeyError as error:
        raise ModelError(
            f"no tensor {name!r} among {len(tensors)}: not the weights of a BERT encoder, or not "
            "all of them. Use those of all-MiniLM-L6-v2"
        ) from error


def forward(
    tensors: Tensors, shape: Shape, ids: Ids, mask: Ids, watch: Watch | None = None
) -> Floats:
    """Contextual token vectors (B, T, H) of token ids (B, T); `mask` (B, T) is 1 on real tokens.

    `watch` is told the name and the input (B, T, inputs) of every linear layer on the way.
    """
    x = _normalise(
        array(tensors, "embeddings.word_embeddings.weight")[ids]
        + array(tensors, "embeddings.position_embeddings.weight")[: ids.shape[1]]
        + array(tensors, "embeddings.token_type_embeddings.weight")[0],
        tensors,
        "embeddings.LayerNorm",
    )
    # a padded token gets weight e^-10000 = 0 in every softmax
    bias = (1.0 - mask[:, None, None, :].astype(np.float32)) * np.float32(-10_000)

    def linear(rows: Floats, name: str) -> Floats:
        if watch is not None:
            watch(name, rows)
        return _linear(rows, tensors, name)

    for layer in range(shape.layers):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            linear(x, f"{name}.attention.self.{part}") for part in ("query", "key", "value")
        )
        attended = linear(
            _attention(query, key, value, bias, shape.heads), f"{name}.attention.output.dense"
        )
        x = _normalise(x + attended, tensors, f"{name}.attention.output.LayerNorm")
        inner = _gelu(linear(x, f"{name}.intermediate.dense"))
        inner = linear(inner, f"{name}.output.dense")
        x = _normalise(x + inner, tensors, f"{name}.output.LayerNorm")
    return x


def pool(hidden: Floats, mask: Ids) -> Floats:
    """Unit sentence vectors (B, H): the mean of token vectors (B, T, H) where `mask` is 1."""
    kept = mask[:, :, None].astype(np.float32)
    return unit((hidden * kept).sum(axis=1) / np.maximum(kept.sum(axis=1), 1))


def _linear(x: Floats, tensors: Tensors, name: str) -> Floats:
    """x·Wᵀ + b; the weights are kept as (outputs, inputs)."""
    product = x @ array(tensors, f"{name}.weight").T + array(tensors, f"{name}.bias")
    return np.asarray(product, dtype=np.float32)


def _normalise(x: Floats, tensors: Tensors, name: str) -> Floats:
    """Layer normalisation over the last axis (Ba et al. 2016, arXiv 1607.06450)."""
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
    gain, shift = array(tensors, f"{name}.weight"), array(tensors, f"{name}.bias")
    return np.asarray(centred / spread * gain + shift, dtype=np.float32)


def _attention(query: Floats, key: Floats, value: Floats, bias: Floats, heads: int) -> Floats:
    """Scaled dot-product attention of each token to all (Vaswani et al. 2017, arXiv 1706.03762)."""
    texts, time, hidden = query.shape
    size = hidden // heads

    def split(rows: Floats) -> Floats:
        return rows.reshape(texts, time, heads, size).transpose(0, 2, 1, 3)

    scores = split(query) @ split(key).transpose(0, 1, 3, 2) / np.float32(math.sqrt(size)) + bias
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    mixed = (shares @ split(value)).transpose(0, 2, 1, 3).reshape(texts, time, hidden)
    return np.asarray(mixed, dtype=np.float32)


def _gelu(x: Floats) -> Floats:
    """x times the normal distribution's Φ(x) (Hendrycks and Gimpel 2016, arXiv 1606.08415)."""
    return np.asarray(x * (1 + _erf(x / math.sqrt(2))) / 2, dtype=np.float32)


def _erf(x: NDArray[Any]) -> NDArray[np.float64]:
    """The error function, within 1.5e-7 (Abramowitz and Stegun 1964, formula 7.1.26)."""
    size = np.abs(x).astype(np.float64)
    t = 1 / (1 + 0.3275911 * size)
    series = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    return np.asarray(np.sign(x) * (1 - series * np.exp(-size * size)), dtype=np.float64)
