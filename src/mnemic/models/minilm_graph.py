"""Writes a MiniLM encoder as an ONNX graph, from its weights: no PyTorch on the user's machine.

The graph computes what `minilm_numpy.py` specifies, pooling and scaling included:
`ids` (B, T) int64 and `mask` (B, T) int64 in, `embedding` (B, H) float32 out. Only operators of
the ONNX standard (version 17) are used.

Exact or int8. The int8 graph keeps every weight matrix as int8 with one scale per output channel
(embeddings: per row) and multiplies in integers. Three things keep it close to the exact one:

* Activations are rounded to 8 bits **per token**, between the smallest and largest value of its
  row. A text's vector then does not depend on the texts that share its batch, as it does with
  ONNX's own DynamicQuantizeLinear, whose scale is taken over the whole batch (measured: entries
  differ by up to .03).
* A few input channels of a layer are far louder than the others, above all for [CLS]: rounding
  beside them is coarse, and in short texts [CLS] counts for much. The four loudest, found by
  running the reference over a few examples, are multiplied exactly instead (the decomposition of
  LLM.int8(), Dettmers et al. 2022, arXiv 2208.07339). Without this "Thanks!" has cosine .989 to the
  exact vector, with it .997.
* Processors without VNNI instructions add products of neighbouring inputs in 16 bits that stop at
  32,767. Emulated on real sentences, full-range weights fall to cosine .974 there.
  `quantise_linear` therefore chooses scales such that no pair of neighbours reaches that limit,
  which costs .0001 of cosine where full range would have been safe.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mnemic.core.errors import MissingExtra
from mnemic.core.vectors import Codes, Floats, quantise
from mnemic.models.minilm_numpy import EPSILON, Shape, array, forward
from mnemic.models.weights import Tensors

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

OPSET = 17
"""The first version with LayerNormalization; onnxruntime reads it since 1.13."""
IR_VERSION = 8
LEVELS = 255
"""An activation is rounded to one of 256 levels."""
PAIR_LIMIT = 127
"""Bound on the sum of two neighbouring int8 weights of one sign: 255 * (127 + 1) < 32,768."""
LOUD = 4
"""Input channels of a layer that are multiplied exactly."""
_TINY = 1e-12
"""Keeps a row of equal values from being divided by zero."""


def graph(tensors: Tensors, shape: Shape, examples: Sequence[Sequence[int]] = ()) -> ModelProto:
    """The encoder as an ONNX model.

    `examples` are token ids of a few texts; given any, the graph is int8: a quarter of the size,
    about twice as fast, at cosine above .995 to the exact one. Raises MissingExtra without `onnx`.
    """
    return _Writer(tensors, loudest(tensors, shape, examples)).model(shape)


def loudest(
    tensors: Tensors, shape: Shape, examples: Sequence[Sequence[int]]
) -> dict[str, NDArray[np.int64]]:
    """The input channels of each linear layer with the largest values on `examples`, by name."""
    peaks: dict[str, Floats] = {}

    def watch(name: str, rows: Floats) -> None:
        peak = np.abs(rows).max(axis=(0, 1))
        peaks[name] = np.maximum(peaks.get(name, peak), peak)

    for example in examples:
        ids = np.asarray([example], dtype=np.int64)
        forward(tensors, shape, ids, np.ones_like(ids), watch)
    return {name: np.sort(np.argsort(-peak)[:LOUD]) for name, peak in peaks.items()}


def quantise_linear(weight: Floats) -> tuple[Codes, Floats]:
    """Codes (in, out) int8 and scales (out,) float32 of a layer's weights (out, in).

    No scale lets two neighbouring codes of one sign add up to more than 128, see above.

    >>> codes, scales = quantise_linear(np.float32([[1, 1, 0, 0], [1, -1, 0, 0]]))
    >>> codes.T.tolist()
    [[64, 64, 0, 0], [127, -127, 0, 0]]
    """
    pairs = weight.reshape(len(weight), -1, 2)
    reach = np.maximum(
        np.maximum(pairs, 0).sum(axis=2).max(axis=1), np.maximum(-pairs, 0).sum(axis=2).max(axis=1)
    )
    scales = (np.maximum(reach, np.abs(weight).max(axis=1)) / PAIR_LIMIT).astype(np.float32)
    safe = np.where(scales > 0, scales, 1)[:, None]
    return np.ascontiguousarray(np.rint(weight / safe).astype(np.int8).T), scales


class _Writer:
    """Collects nodes and constants; each method adds a piece and returns its output's name."""

    def __init__(self, tensors: Tensors, loud: Mapping[str, NDArray[np.int64]]) -> None:
        try:
            import onnx
        except ImportError as error:
            raise MissingExtra(
                "onnx is not installed, and the graph is written with it. "
                'Run pip install "mnemic[minilm]"'
            ) from error
        self._onnx = onnx
        self._tensors = tensors
        self._loud = loud
        self._linear = self._linear_int8 if loud else self._linear_exact
        self._embed = self._embed_int8 if loud else self._embed_exact
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []
        self._shared: dict[tuple[str, float], str] = {}

    # -- the parts of the writer -------------------------------------------------------------

    def _array(self, name: str) -> Floats:
        return array(self._tensors, name)

    def _constant(self, value: NDArray[Any]) -> str:
        name = f"c{len(self._constants)}"
        kept = np.ascontiguousarray(value).reshape(value.shape)
        self._constants.append(self._onnx.numpy_helper.from_array(kept, name))
        return name

    def _number(self, value: float, kind: type[np.generic] = np.float32) -> str:
        key = (kind.__name__, value)
        if key not in self._shared:
            self._shared[key] = self._constant(np.asarray(value, dtype=kind))
        return self._shared[key]

    def _axes(self, *values: int) -> str:
        return self._constant(np.asarray(values, dtype=np.int64))

    def _op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self._ops(kind, 1, *inputs, **attributes)[0]

    def _ops(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        names = [f"{kind}_{len(self._nodes)}_{k}" for k in range(outputs)]
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, names, **attributes))
        return names

    # -- the encoder -------------------------------------------------------------------------

    def model(self, shape: Shape) -> ModelProto:
        """The whole graph."""
        helper, kinds = self._onnx.helper, self._onnx.TensorProto
        kept = self._op("Cast", "mask", to=kinds.FLOAT)
        hidden = self._hidden(shape, kept)
        shares = self._op("Unsqueeze", kept, self._axes(2))
        total = self._op(
            "ReduceSum", self._op("Mul", hidden, shares), self._axes(1), keepdims=0
        )  # the mean's divisor falls out when the vector is scaled to length 1
        length = self._op(
            "Sqrt", self._op("ReduceSum", self._op("Mul", total, total), self._axes(1), keepdims=1)
        )
        length = self._op("Max", length, self._number(1e-12))
        self._nodes.append(helper.make_node("Div", [total, length], ["embedding"]))
        value = helper.make_tensor_value_info
        graph_of = helper.make_graph(
            self._nodes,
            "minilm",
            [value("ids", kinds.INT64, ["B", "T"]), value("mask", kinds.INT64, ["B", "T"])],
            [value("embedding", kinds.FLOAT, ["B", shape.hidden])],
            self._constants,
        )
        whole: ModelProto = helper.make_model(
            graph_of,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="mnemic",
        )
        return whole

    def _hidden(self, shape: Shape, kept: str) -> str:
        """Token vectors (B, T, H) after the last layer."""
        x = self._normalise(
            self._op("Add", self._embed(), self._positions()), "embeddings.LayerNorm"
        )
        padded = self._op("Sub", self._number(1), self._op("Unsqueeze", kept, self._axes(1, 2)))
        bias = self._op("Mul", padded, self._number(-10_000))
        for layer in range(shape.layers):
            name = f"encoder.layer.{layer}"
            attended = self._attention(x, bias, f"{name}.attention", shape)
            x = self._normalise(self._op("Add", x, attended), f"{name}.attention.output.LayerNorm")
            inner = self._gelu(self._dense(x, f"{name}.intermediate.dense"))
            inner = self._dense(inner, f"{name}.output.dense")
            x = self._normalise(self._op("Add", x, inner), f"{name}.output.LayerNorm")
        return x

    def _embed_exact(self) -> str:
        words = self._array("embeddings.word_embeddings.weight")
        return self._op("Gather", self._constant(words), "ids")

    def _embed_int8(self) -> str:
        codes, scales = quantise(self._array("embeddings.word_embeddings.weight"))
        rows = self._op("Gather", self._constant(codes), "ids")
        rows = self._op("Cast", rows, to=self._onnx.TensorProto.FLOAT)
        return self._op("Mul", rows, self._op("Gather", self._constant(scales[:, None]), "ids"))

    def _positions(self) -> str:
        """Position vectors (T, H); the vector of the one token type in use is added to them."""
        rows = self._array("embeddings.position_embeddings.weight")
        rows = rows + self._array("embeddings.token_type_embeddings.weight")[0]
        time = self._op("Slice", self._op("Shape", "ids"), self._axes(1), self._axes(2))
        return self._op("Slice", self._constant(rows), self._axes(0), time)

    def _normalise(self, x: str, name: str) -> str:
        gain = self._constant(self._array(f"{name}.weight"))
        shift = self._constant(self._array(f"{name}.bias"))
        return self._op("LayerNormalization", x, gain, shift, axis=-1, epsilon=EPSILON)

    def _attention(self, x: str, bias: str, name: str, shape: Shape) -> str:
        """Query, key and value are one product; the query is scaled in its weights."""
        size = shape.hidden // shape.heads
        parts = [f"{name}.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._array(f"{part}.weight") for part in parts])
        offset = np.concatenate([self._array(f"{part}.bias") for part in parts])
        weight[: shape.hidden] /= np.float32(math.sqrt(size))
        offset[: shape.hidden] /= np.float32(math.sqrt(size))
        split = self._ops("Split", 3, self._linear(x, weight, offset, parts[0]), axis=-1)
        heads = self._axes(0, 0, shape.heads, size)
        query, key, value = (self._op("Reshape", part, heads) for part in split)
        query = self._op("Transpose", query, perm=[0, 2, 1, 3])
        key = self._op("Transpose", key, perm=[0, 2, 3, 1])
        value = self._op("Transpose", value, perm=[0, 2, 1, 3])
        scores = self._op("Add", self._op("MatMul", query, key), bias)
        mixed = self._op("MatMul", self._op("Softmax", scores, axis=-1), value)
        mixed = self._op("Transpose", mixed, perm=[0, 2, 1, 3])
        mixed = self._op("Reshape", mixed, self._axes(0, 0, shape.hidden))
        return self._dense(mixed, f"{name}.output.dense")

    def _gelu(self, x: str) -> str:
        error = self._op("Erf", self._op("Div", x, self._number(math.sqrt(2))))
        return self._op(
            "Mul", self._op("Mul", x, self._op("Add", error, self._number(1))), self._number(0.5)
        )

    def _dense(self, x: str, name: str) -> str:
        weight, offset = self._array(f"{name}.weight"), self._array(f"{name}.bias")
        return self._linear(x, weight, offset, name)

    def _linear_exact(self, x: str, weight: Floats, offset: Floats, name: str) -> str:
        product = self._op("MatMul", x, self._constant(weight.T))
        return self._op("Add", product, self._constant(offset))

    def _linear_int8(self, x: str, weight: Floats, offset: Floats, name: str) -> str:
        """W·x + b, where x is the loud channels and, for the rest, low + step·q, q in 0..255.

        So W·x = step·(W·q) + low·ΣW + W_loud·x_loud: one product of integers, and one of five
        columns for the last two terms.
        """
        loud = self._loud[name]
        quiet = np.ones(weight.shape[1], dtype=np.float32)
        quiet[loud] = 0
        codes, scales = quantise_linear(weight * quiet)
        rest = self._op("Mul", x, self._constant(quiet))
        low = self._op("ReduceMin", rest, axes=[-1], keepdims=1)
        high = self._op("ReduceMax", rest, axes=[-1], keepdims=1)
        step = self._op("Mul", self._op("Sub", high, low), self._number(1 / LEVELS))
        step = self._op("Add", step, self._number(_TINY))
        levels = self._op("Div", self._op("Sub", rest, low), step)
        levels = self._op("QuantizeLinear", levels, self._number(1), self._number(0, np.uint8))
        product = self._op("MatMulInteger", levels, self._constant(codes))
        product = self._op("Cast", product, to=self._onnx.TensorProto.FLOAT)
        product = self._op("Mul", self._op("Mul", product, self._constant(scales)), step)
        sums = codes.sum(axis=0, dtype=np.int64) * scales
        few = self._op("Concat", low, self._op("Gather", x, self._constant(loud), axis=-1), axis=-1)
        columns = np.vstack([sums, weight[:, loud].T]).astype(np.float32)
        few = self._op("MatMul", few, self._constant(columns))
        return self._op("Add", product, self._op("Add", few, self._constant(offset)))
