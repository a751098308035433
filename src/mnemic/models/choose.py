"""Encoders by name, and what this machine has of them.

Nothing is imported for an encoder that is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import Any, Final

from mnemic.core.errors import InputError, ModelError
from mnemic.core.ports import Encoder
from mnemic.models.cache import cache_folder

_ENCODERS: Final = {
    "static": ("static_table", "StaticTable"),
    "minilm": ("minilm", "MiniLM"),
    "fake": ("fake", "FakeEncoder"),
    "openai": ("openai", "OpenAIEncoder"),
    "sentence-transformers": ("sentence_transformers", "SentenceTransformerEncoder"),
}
"""Name → file of this folder and class."""
_NAMED: Final = frozenset({"openai", "sentence-transformers"})
"""Those that need a model's name after a colon."""
_NONE: Final = "none"

_BUILD: Final = "mnemic models build minilm"
_INSTALL: Final = 'pip install "mnemic[{}]"'


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """An encoder as `mnemic models list` shows it."""

    name: str
    """What to give as `encoder`; `<model>` is for the user to fill in."""
    about: str
    ready: bool = True
    """Whether it can be used as things stand."""
    bytes: int | None = None
    """Size on disk, where that is known."""
    where: Path | None = None
    remedy: str | None = None
    """The command that makes it usable, where it is not."""


def choose(spec: str | Encoder | None, **options: Any) -> Encoder | None:
    """The encoder that `spec` names; an encoder or None is returned as it is.

    "static" (option `folder`), "minilm" (`folder`, `threads`), "openai:<model>" (`base_url`,
    `api_key`, `dimensions`, `revision`, `timeout`, `batch`, `tries`),
    "sentence-transformers:<model>" (`revision`, `device`, `batch`), "fake" (`size`, `inline`,
    `name`), or "none". Options that are None count as not given.

    Raises InputError for an unknown name or option, ModelError or MissingExtra if the encoder
    cannot be used on this machine.

    >>> choose("static").id.model
    'static'
    """
    if not isinstance(spec, str):
        return spec
    if spec == _NONE:
        return None
    kind, colon, model = spec.partition(":")
    if kind not in _ENCODERS or bool(model) != (kind in _NAMED) or bool(colon) != bool(model):
        names = [f"{name}:<model>" if name in _NAMED else name for name in (*_ENCODERS, _NONE)]
        raise InputError(f"no encoder {spec!r}. Use one of {', '.join(names)}, or an Encoder")
    file, name = _ENCODERS[kind]
    make: Callable[..., Encoder] = getattr(import_module(f"mnemic.models.{file}"), name)
    given = {name: value for name, value in options.items() if value is not None}
    takes = [name for name in signature(make).parameters if name != "model"]
    unknown = sorted(given.keys() - set(takes))
    if unknown:
        raise InputError(
            f"the encoder {spec!r} has no option {', '.join(unknown)}. It takes {', '.join(takes)}"
        )
    return make(model, **given) if model else make(**given)


def available(cache: Path | None = None) -> list[ModelInfo]:
    """The encoders that `choose` knows, and which of them can be used here.

    `cache` is where built models are kept; None is the user's cache folder. Nothing is loaded.
    """
    from mnemic.models.minilm_build import FOLDER
    from mnemic.models.static_table import TABLES

    table = TABLES / "english"
    library = find_spec("sentence_transformers") is not None
    return [
        ModelInfo("static", "token table, English; the default", bytes=_size(table), where=table),
        _minilm((cache_folder() if cache is None else cache) / FOLDER),
        ModelInfo("openai:<model>", "any OpenAI-compatible service, over the network"),
        ModelInfo(
            "sentence-transformers:<model>",
            "any model of that library, through PyTorch",
            ready=library,
            remedy=None if library else _INSTALL.format("sentence-transformers"),
        ),
        ModelInfo("fake", "hashed words, for tests"),
        ModelInfo(_NONE, "no vectors: words alone"),
    ]


def _minilm(folder: Path) -> ModelInfo:
    from mnemic.models.minilm import manifest

    about = "all-MiniLM-L6-v2 through onnxruntime, in the background"
    try:
        built = manifest(folder).onnx.is_file()
    except ModelError:
        built = False
    runtime = find_spec("onnxruntime") is not None
    return ModelInfo(
        "minilm",
        about,
        ready=built and runtime,
        bytes=_size(folder) if built else None,
        where=folder if built else None,
        remedy=_INSTALL.format("minilm") if not runtime else None if built else _BUILD,
    )


def _size(folder: Path) -> int:
    """Bytes of the files in a folder."""
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
