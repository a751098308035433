"""all-MiniLM-L6-v2 through onnxruntime: vectors that know word order and meaning, 384 dimensions.

It runs from files that `minilm_build.py` makes once; 8 to 10 ms for a passage of 64 tokens on one
thread, so it works in the background (`inline` is False). Texts longer than 64 tokens are cut:
passages are made no longer than that (`language/passages.py`). A text's vector does not depend on
the texts beside it, except in the seventh digit (see `minilm_graph.py`).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mnemic.core.errors import MissingExtra, ModelError
from mnemic.core.vectors import EncoderId, Floats
from mnemic.language.wordpiece import WordPiece
from mnemic.models.cache import cache_folder
from mnemic.models.latin import reads
from mnemic.models.minilm_build import FOLDER, MANIFEST
from mnemic.models.onnx_errors import runtime_errors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

LONGEST: Final = 64
"""Tokens of a passage that are read; [CLS] and [SEP] come on top."""
_BATCH: Final = 8
"""Texts in one run: small enough that a layer's numbers stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Files:
    """A built model: its id and where its files are."""

    id: EncoderId
    onnx: Path
    vocabulary: Path


class MiniLM:
    """Encodes with the full transformer; threads may share it.

    `folder` holds the files that `minilm_build.build` made, by default in the user's cache.
    `threads` is how many threads one run may use: more shorten the wait for one batch and cost
    more processor time in all. The model is loaded at the first text (0.3 s, 95 MB).

    Raises ModelError if the model has not been built, MissingExtra without `onnxruntime`.
    """

    inline: Final = False

    def __init__(self, folder: str | Path | None = None, *, threads: int = 1) -> None:
        place = cache_folder() / FOLDER if folder is None else Path(folder).expanduser()
        self._files = manifest(place)
        if find_spec("onnxruntime") is None:
            raise MissingExtra(
                'onnxruntime is not installed. Run pip install "mnemic[minilm]", or use '
                'encoder="static"'
            )
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: tuple[InferenceSession, WordPiece] | None = None

    @property
    def id(self) -> EncoderId:
        """Model "minilm", the hash of its weights, int8, 384."""
        return self._files.id

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows (len(texts), 384); zero for a text without a token. Raises ModelError."""
        session, pieces = self._session()
        first, last = pieces.id("[CLS]"), pieces.id("[SEP]")
        ids = [pieces.ids(text)[:LONGEST] for text in texts]
        rows = np.zeros((len(texts), self.id.size), dtype=np.float32)
        for places in _batches([len(tokens) for tokens in ids]):
            longest = len(ids[places[-1]]) + 2
            batch = np.zeros((len(places), longest), dtype=np.int64)
            mask = np.zeros_like(batch)
            for row, place in enumerate(places):
                tokens = [first, *ids[place], last]
                batch[row, : len(tokens)] = tokens
                mask[row, : len(tokens)] = 1
            rows[places] = self._run(session, batch, mask)
        return rows

    def encode_query(self, text: str) -> Floats:
        """One unit row (384,); zero if the text has no token or is not in Latin letters.

        Raises ModelError.
        """
        if not reads(text):
            return np.zeros(self.id.size, dtype=np.float32)
        row: Floats = self.encode([text])[0]
        return row

    def _run(self, session: InferenceSession, batch: Any, mask: Any) -> Any:
        try:
            return session.run(["embedding"], {"ids": batch, "mask": mask})[0]
        except runtime_errors() as error:
            raise ModelError(
                f"{self._files.onnx.name} failed on a batch of {batch.shape}: {error}. "
                "Build it again with mnemic models build minilm"
            ) from error

    def _session(self) -> tuple[InferenceSession, WordPiece]:
        """The model, loaded once, whichever thread asks first."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._files, self._threads)
            return self._loaded


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts that run together: of similar length, so that little is padded."""
    order = sorted((place for place, n in enumerate(lengths) if n), key=lengths.__getitem__)
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def manifest(folder: Path) -> Files:
    """What the manifest of a built model says. Raises ModelError if there is none."""
    try:
        entry = json.loads((folder / MANIFEST).read_bytes())
        files = Files(
            EncoderId(str(entry["model"]), str(entry["revision"]), "int8", int(entry["size"])),
            folder / str(entry["onnx"]),
            folder / str(entry["vocabulary"]),
        )
    except FileNotFoundError as error:
        raise ModelError(
            f"the model minilm has not been built: nothing in {str(folder)!r}. Run mnemic models "
            'build minilm, or use encoder="static"'
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the model in {str(folder)!r} cannot be read: {error}. Run mnemic models build minilm"
        ) from error
    return files


def _load(files: Files, threads: int) -> tuple[InferenceSession, WordPiece]:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    failures: tuple[type[Exception], ...] = (OSError, UnicodeDecodeError, *runtime_errors())
    try:
        words = files.vocabulary.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        session = onnxruntime.InferenceSession(
            str(files.onnx), options, providers=["CPUExecutionProvider"]
        )
    except failures as error:
        raise ModelError(
            f"the model {str(files.onnx)!r} cannot be loaded: {error}. Delete it and run mnemic "
            "models build minilm"
        ) from error
    return session, WordPiece(words)
