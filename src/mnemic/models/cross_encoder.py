"""Cross-encoders: models that read question and candidate together and give one number.

Three ways to run one, told apart by the spec and by what a folder holds; each is imported when it
is asked for:

    cross-encoder:<name or folder>   sentence-transformers, or onnxruntime where the folder holds
                                     model.onnx and tokenizer.json
    yes-no:<name or folder>          a generative model that is asked "yes or no?" (`yes_no.py`)

All are given the dialogue before the question: its last lines stand before the question, so that
"where does she live?" has somebody to be about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any, Final

import numpy as np

from mnemic.core.errors import InputError, MissingExtra, ModelError
from mnemic.core.ports import Reranker
from mnemic.core.vectors import Floats

_RERANKERS: Final = {
    "cross-encoder": ("cross_encoder", "CrossEncoder"),
    "yes-no": ("yes_no", "YesNo"),
}
"""Kind of spec → file of this folder and class."""
_ONNX: Final = ("cross_encoder_onnx", "OnnxCrossEncoder")
_FAKE: Final = "fake"

DIALOGUE: Final = 400
"""Characters of the dialogue that are read, from its end: more would crowd out the question."""


def choose_reranker(spec: str | Reranker | None, **options: Any) -> Reranker | None:
    """The reranker that `spec` names; a reranker or None is returned as it is.

    "cross-encoder:<model>" (options `revision`, `device`, `batch`, `longest`; for a folder with
    model.onnx `batch`, `longest`, `threads`), "yes-no:<model>" (`instruction`, `revision`,
    `device`, `batch`, `longest`), or "fake". Options that are None count as not given.

    Raises InputError for an unknown name or option, ModelError or MissingExtra if the model cannot
    be used on this machine.

    >>> choose_reranker("fake").name
    'fake'
    """
    if not isinstance(spec, str):
        return spec
    kind, _, model = spec.partition(":")
    if spec == _FAKE:
        file, name = "fake", "FakeReranker"
    elif kind in _RERANKERS and model:
        onnx = kind == "cross-encoder" and (Path(model).expanduser() / "model.onnx").is_file()
        file, name = _ONNX if onnx else _RERANKERS[kind]
    else:
        names = [f"{kind}:<model>" for kind in _RERANKERS]
        raise InputError(f"no reranker {spec!r}. Use one of {', '.join(names)}, or a Reranker")
    make: Callable[..., Reranker] = getattr(import_module(f"mnemic.models.{file}"), name)
    given = {option: value for option, value in options.items() if value is not None}
    takes = [option for option in signature(make).parameters if option != "model"]
    unknown = sorted(given.keys() - set(takes))
    if unknown:
        raise InputError(
            f"the reranker {spec!r} has no option {', '.join(unknown)}. It takes "
            f"{', '.join(takes) or 'none'}"
        )
    return make(model, **given) if model else make(**given)


class CrossEncoder:
    """A cross-encoder through sentence-transformers; threads may share it.

    `model` is a name on the Hugging Face hub or a folder; the library may download it. `revision`
    pins a version there. `device` is "cpu", "cuda" and so on, chosen by the library if None.
    `batch` is how many pairs run together; `longest`, at how many tokens a pair is cut (the
    model's own limit if None).

    The model must give one number a pair; its logistic is the score, whatever the model's own
    configuration would make of it. Most models are sure of too much: fit a calibration before a
    threshold is set (`ByReading`).

    Raises MissingExtra without the library, ModelError if it cannot load the model.
    """

    def __init__(
        self,
        model: str,
        *,
        revision: str | None = None,
        device: str | None = None,
        batch: int = 32,
        longest: int | None = None,
    ) -> None:
        try:
            library = import_module("sentence_transformers")
            self._identity: Any = import_module("torch").nn.Identity()
        except ImportError as error:
            raise MissingExtra(
                f"sentence-transformers is not installed, and the reranker {model!r} needs it. "
                'Run pip install "mnemic[sentence-transformers]", or give a folder with model.onnx'
            ) from error
        try:
            self._model: Any = library.CrossEncoder(
                model, revision=revision, device=device, max_length=longest
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"sentence-transformers cannot load the cross-encoder {model!r}: {error}. Check "
                "the name, or give the folder of a model"
            ) from error
        self._batch = batch
        self._name = f"cross-encoder:{model}" + (f"@{revision}" if revision else "")
        # Version 4 of the library gave the argument another name.
        takes = signature(self._model.predict).parameters
        self._activation = "activation_fn" if "activation_fn" in takes else "activation_fct"

    @property
    def name(self) -> str:
        """ "cross-encoder:<model>", with the revision if one was given."""
        return self._name

    def rerank(self, query: str, candidates: Sequence[str], dialogue: Sequence[str] = ()) -> Floats:
        """The logistic of the model's number for each candidate (n,). Raises ModelError."""
        if not candidates:
            return np.zeros(0, np.float32)
        asked = in_dialogue(query, dialogue)
        try:
            logits = self._model.predict(
                [(asked, candidate) for candidate in candidates],
                batch_size=self._batch,
                show_progress_bar=False,
                convert_to_numpy=True,
                **{self._activation: self._identity},
            )
        except (RuntimeError, ValueError) as error:  # what PyTorch and tokenizers raise
            raise ModelError(
                f"{self._name} failed on {len(candidates)} pairs: {error}. Try a smaller batch"
            ) from error
        return logistic(logits, len(candidates), self._name)


def in_dialogue(query: str, dialogue: Sequence[str]) -> str:
    """The question with the end of what was said before it, oldest first.

    >>> in_dialogue("Where does she live?", ["Have you met Ana?"])
    'Have you met Ana?\\nWhere does she live?'
    """
    before = "\n".join(dialogue)
    if len(before) > DIALOGUE:
        before = before[-DIALOGUE:].partition(" ")[2]
    return f"{before}\n{query}" if before else query


def logistic(logits: Any, candidates: int, name: str) -> Floats:
    """Scores in [0, 1] (candidates,). Raises ModelError unless there is one number for each."""
    values = np.asarray(logits, np.float64)
    if values.shape == (candidates, 1):
        values = values[:, 0]
    if values.shape != (candidates,) or not np.isfinite(values).all():
        raise ModelError(
            f"{name} gave numbers of shape {values.shape} for {candidates} pairs. Use a model with "
            "one output, made for ranking"
        )
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))), np.float32)
