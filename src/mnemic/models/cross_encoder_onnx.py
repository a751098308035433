"""A cross-encoder from a folder with `model.onnx` and `tokenizer.json`, without PyTorch.

That is what the usual exporters write (Optimum; many models on the Hugging Face hub have such a
folder). Inputs that the graph asks for are given if they are the tokenizer's ids, types or mask;
its first output must hold one number a pair.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from mnemic.core.errors import MissingExtra, ModelError
from mnemic.core.vectors import Floats
from mnemic.models.cross_encoder import in_dialogue, logistic
from mnemic.models.onnx_errors import runtime_errors

_INPUTS: Final = {
    "input_ids": "ids",
    "attention_mask": "attention_mask",
    "token_type_ids": "type_ids",
}
"""Name of a graph's input → what the tokenizer calls it."""


class OnnxCrossEncoder:
    """Runs on the processor; threads may share it.

    `model` is the folder. `batch` is how many pairs run together; `longest`, at how many tokens a
    pair is cut, the candidate first; `threads`, how many one run may use.

    Raises MissingExtra without onnxruntime and tokenizers, ModelError if the files cannot be used.
    """

    def __init__(
        self, model: str, *, batch: int = 16, longest: int = 256, threads: int = 1
    ) -> None:
        folder = Path(model).expanduser()
        try:
            runtime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
        except ImportError as error:
            raise MissingExtra(
                f"onnxruntime or tokenizers is not installed, and {model!r} needs both. "
                'Run pip install "mnemic[cross-encoder]"'
            ) from error
        runtime.disable_telemetry_events()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        failures: tuple[type[Exception], ...] = (OSError, ValueError, *runtime_errors())
        try:
            self._tokenizer = _tokenizer(tokenizers, folder / "tokenizer.json")
            self._session: Any = runtime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except failures as error:
            raise ModelError(
                f"the cross-encoder in {str(folder)!r} cannot be loaded: {error}. The folder must "
                "hold model.onnx and tokenizer.json, as Optimum exports them"
            ) from error
        self._wanted = [one.name for one in self._session.get_inputs()]
        unknown = sorted(set(self._wanted) - _INPUTS.keys())
        if unknown:
            raise ModelError(
                f"the graph in {str(folder)!r} asks for {', '.join(unknown)}. Export one that "
                f"asks for {', '.join(_INPUTS)} only"
            )
        self._tokenizer.enable_truncation(longest, strategy="longest_first")
        self._tokenizer.enable_padding()
        self._batch = batch
        self._lock = threading.Lock()
        self._name = f"cross-encoder:{folder.name}"

    @property
    def name(self) -> str:
        """ "cross-encoder:<name of the folder>"."""
        return self._name

    def rerank(self, query: str, candidates: Sequence[str], dialogue: Sequence[str] = ()) -> Floats:
        """The logistic of the model's number for each candidate (n,). Raises ModelError."""
        asked = in_dialogue(query, dialogue)
        # Pairs of like length run together, so that little is padded.
        order = sorted(range(len(candidates)), key=lambda place: len(candidates[place]))
        scores = np.zeros(len(candidates), np.float32)
        for start in range(0, len(order), self._batch):
            places = order[start : start + self._batch]
            scores[places] = self._run([(asked, candidates[place]) for place in places])
        return scores

    def _run(self, pairs: list[tuple[str, str]]) -> Floats:
        with self._lock:  # a tokenizer's padding is its own state
            read = self._tokenizer.encode_batch(pairs)
        given = {
            name: np.array([getattr(one, _INPUTS[name]) for one in read], np.int64)
            for name in self._wanted
        }
        try:
            output = self._session.run(None, given)[0]
        except runtime_errors() as error:
            raise ModelError(
                f"{self._name} failed on {len(pairs)} pairs: {error}. Export it again, or cut "
                "pairs at fewer tokens with longest="
            ) from error
        return logistic(output, len(pairs), self._name)


def _tokenizer(library: Any, file: Path) -> Any:
    """The tokenizer of a file. Raises OSError or ValueError."""
    text = file.read_text(encoding="utf-8")
    try:
        return library.Tokenizer.from_str(text)
    except Exception as error:
        if type(error) is not Exception:  # the library raises the base class itself
            raise
        raise ValueError(f"{file.name}: {error}") from error
