"""Any model that the library `sentence-transformers` can load (Reimers and Gurevych 2019).

The library brings PyTorch; it is imported when such an encoder is made, never before. Models that
ask for a prompt before questions or passages get it, as their authors configured it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import numpy as np

from mnemic.core.errors import MissingExtra, ModelError
from mnemic.core.vectors import EncoderId, Floats, unit


class SentenceTransformerEncoder:
    """Encodes with a sentence-transformers model; threads may share it.

    `model` is a name on the Hugging Face hub or a folder; the library may download it. `revision`
    pins a version there. `device` is "cpu", "cuda" and so on, chosen by the library if None.
    `batch` is how many texts run together.

    Raises MissingExtra without the library, ModelError if it cannot load the model.
    """

    inline: Final = False

    def __init__(
        self,
        model: str,
        *,
        revision: str | None = None,
        device: str | None = None,
        batch: int = 32,
    ) -> None:
        try:
            library = import_module("sentence_transformers")
        except ImportError as error:
            raise MissingExtra(
                f"sentence-transformers is not installed, and the encoder {model!r} needs it. "
                'Run pip install "mnemic[sentence-transformers]"'
            ) from error
        try:
            self._model: Any = library.SentenceTransformer(model, revision=revision, device=device)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"sentence-transformers cannot load {model!r}: {error}. Check the name, or give "
                "the folder of a model"
            ) from error
        self._batch = batch
        size = len(self._rows("encode_document", ["size"])[0])
        version = revision or _commit(self._model) or "local"
        self._id = EncoderId(f"sentence-transformers:{model}", version, "int8", size)

    @property
    def id(self) -> EncoderId:
        """Model "sentence-transformers:<name>", the revision or commit if known, int8, size."""
        return self._id

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows (len(texts), size). Raises ModelError."""
        if not texts:
            return np.zeros((0, self._id.size), dtype=np.float32)
        return unit(self._rows("encode_document", list(texts)))

    def encode_query(self, text: str) -> Floats:
        """One unit row (size,). Raises ModelError."""
        row: Floats = unit(self._rows("encode_query", [text]))[0]
        return row

    def _rows(self, method: str, texts: list[str]) -> Floats:
        """What the model makes of texts; `encode` where the library is older than version 5."""
        encode = getattr(self._model, method, self._model.encode)
        try:
            rows = encode(
                texts,
                batch_size=self._batch,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        except RuntimeError as error:  # what PyTorch raises, out of memory included
            raise ModelError(
                f"{self._id.model} failed on {len(texts)} texts: {error}. Try a smaller batch"
            ) from error
        return np.asarray(rows, dtype=np.float32)


def _commit(model: Any) -> str | None:
    """The hub's commit that the weights came from, where the library knows it."""
    try:
        commit = model[0].auto_model.config._commit_hash
    except (AttributeError, IndexError, KeyError, TypeError):
        return None
    return str(commit)[:12] if commit else None
