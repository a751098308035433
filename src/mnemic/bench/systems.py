"""Systems under test by name: `mnemic:minilm`, `bm25`, `chromadb`, or one of your own.

What follows the colon is an encoder for those that search vectors, a seed for chance; all of them
get the same texts, and the same vectors where they take any. `python:module:name` calls what a
module of yours offers under that name; it must give a `System`.

Nothing is imported for a system that is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from mnemic.bench.adapters.libraries import CHROMADB, LANGGRAPH, MEM0, TXTAI, Library
from mnemic.bench.named import PYTHON, named
from mnemic.bench.system import System
from mnemic.core.errors import InputError, MissingExtra

if TYPE_CHECKING:
    from mnemic.core.ports import Encoder

Options: TypeAlias = Callable[[str], Mapping[str, Any]]
"""Name of an encoder → its options on this machine."""


@dataclass(frozen=True, slots=True)
class SystemInfo:
    """A system as `mnemic bench list` shows it."""

    name: str
    about: str
    takes: str | None = None
    """What may follow a colon."""
    ready: bool = True
    """Whether it can be run as things stand."""
    remedy: str | None = None
    """The command that makes it usable, where it is not."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was asked for: the part after the colon, and where to keep things."""

    argument: str
    folder: Path | None
    options: Options

    def encoder(self) -> Encoder:
        from mnemic.models.choose import choose

        chosen = choose(self.argument, **self.options(self.argument))
        if chosen is None:
            raise InputError("this system searches vectors. Name an encoder other than 'none'")
        return chosen


@dataclass(frozen=True, slots=True)
class _Entry:
    about: str
    make: Callable[[_Choice], System]
    takes: str | None = None
    usual: str = ""
    """What stands for a part after the colon that is left out."""
    library: Library | None = None


def _mnemic(choice: _Choice) -> System:
    from mnemic.bench.adapters.mnemic_memory import MnemicMemory

    encoder = None if choice.argument == "none" else choice.argument
    options = choice.options(choice.argument)
    return MnemicMemory(encoder, folder=choice.folder, encoder_options=options)


def _bm25(choice: _Choice) -> System:
    from mnemic.bench.adapters.bm25 import Bm25

    return Bm25()


def _vectors(choice: _Choice) -> System:
    from mnemic.bench.adapters.plain_vectors import PlainVectors

    return PlainVectors(choice.encoder(), choice.argument)


def _full_context(choice: _Choice) -> System:
    from mnemic.bench.adapters.full_context import FullContext

    orders = {"latest": False, "oldest": True}
    if choice.argument not in orders:
        raise InputError(f"no order {choice.argument!r}. Use one of {', '.join(orders)}")
    return FullContext(oldest_first=orders[choice.argument])


def _chance(choice: _Choice) -> System:
    from mnemic.bench.adapters.chance import Chance

    if not choice.argument.isdecimal():
        raise InputError(f"the seed of chance is {choice.argument!r}. Give a whole number from 0")
    return Chance(int(choice.argument))


def _mem0(choice: _Choice) -> System:
    from mnemic.bench.adapters.mem0 import Mem0

    return Mem0(choice.encoder(), choice.argument, folder=choice.folder)


def _chromadb(choice: _Choice) -> System:
    from mnemic.bench.adapters.chromadb import Chroma

    return Chroma(choice.encoder(), choice.argument, folder=choice.folder)


def _langgraph(choice: _Choice) -> System:
    from mnemic.bench.adapters.langgraph import LangGraph

    return LangGraph(choice.encoder(), choice.argument, folder=choice.folder)


def _txtai(choice: _Choice) -> System:
    from mnemic.bench.adapters.txtai import Txtai

    return Txtai(choice.encoder(), choice.argument, folder=choice.folder)


def _txtai_hybrid(choice: _Choice) -> System:
    from mnemic.bench.adapters.txtai import Txtai

    return Txtai(choice.encoder(), choice.argument, hybrid=True, folder=choice.folder)


def _searching(
    about: str, make: Callable[[_Choice], System], library: Library | None = None
) -> _Entry:
    """A system that searches vectors: its encoder follows the colon."""
    return _Entry(about, make, "encoder", "static", library)


_SYSTEMS: Final[Mapping[str, _Entry]] = {
    "mnemic": _searching("this package, told all that is known", _mnemic),
    "bm25": _Entry("the floor: BM25, untuned", _bm25),
    "vectors": _searching("the floor: cosine of whole texts, exact", _vectors),
    "full-context": _Entry(
        "no memory: the latest texts, or all (with a large --limit)", _full_context,
        takes="latest or oldest", usual="latest",
    ),
    "chance": _Entry("texts drawn blindly", _chance, takes="seed", usual="0"),
    "mem0": _searching("mem0 with infer=False: verbatim, no language model", _mem0, MEM0),
    "chromadb": _searching("chromadb's persistent client", _chromadb, CHROMADB),
    "langgraph": _searching("LangGraph's SqliteStore with its vector index", _langgraph, LANGGRAPH),
    "txtai": _searching("txtai, dense alone", _txtai, TXTAI),
    "txtai-hybrid": _searching("txtai, dense and BM25", _txtai_hybrid, TXTAI),
}  # fmt: skip


def systems() -> list[SystemInfo]:
    """The systems that `system` knows, and which of them can be run here; nothing is loaded."""
    return [
        SystemInfo(
            name,
            entry.about,
            entry.takes,
            ready=entry.library is None or entry.library.here,
            remedy=entry.library.command if entry.library and not entry.library.here else None,
        )
        for name, entry in _SYSTEMS.items()
    ]


def system(
    spec: str, *, folder: Path | None = None, options: Options = lambda encoder: {}
) -> System:
    """The system that `spec` names, empty; whoever asks for it closes it.

    `folder` is where it keeps its files, a new one for each; None is a temporary one. `options`
    says what an encoder must know of the machine, such as where it was built.

    Raises InputError for an unknown name, MissingExtra where its library is not installed,
    ModelError where its encoder cannot be used.

    >>> system("bm25").name
    'BM25 k1=1.2 b=0.75'
    """
    name, _, argument = spec.partition(":")
    if name == PYTHON:
        return cast("Callable[[], System]", named(argument))()
    entry = _entry(spec)
    return entry.make(_Choice(argument or entry.usual, folder, options))


def complete(spec: str, encoder: str | None) -> str:
    """A system's whole name: with `encoder`, where it takes one and names none.

    Raises InputError for an unknown name, MissingExtra where its library is not installed.

    >>> complete("mnemic", "minilm"), complete("mnemic:none", "minilm"), complete("bm25", "minilm")
    ('mnemic:minilm', 'mnemic:none', 'bm25')
    """
    name, colon, _ = spec.partition(":")
    if name == PYTHON:
        return spec
    entry = _entry(spec)
    if entry.library is not None and not entry.library.here:
        raise MissingExtra(
            f"{name} is not installed. Run {entry.library.command}, or make peers, which installs "
            "all such systems into an environment of their own"
        )
    return f"{name}:{encoder}" if encoder and not colon and entry.takes == "encoder" else spec


def _entry(spec: str) -> _Entry:
    name, colon, argument = spec.partition(":")
    entry = _SYSTEMS.get(name)
    if entry is None:
        known = ", ".join([*_SYSTEMS, f"{PYTHON}:module:name"])
        raise InputError(f"no system {spec!r}. Use one of {known}")
    if (entry.takes is None and colon) or (colon and not argument):
        takes = f"takes {entry.takes}" if entry.takes else "takes nothing"
        raise InputError(f"no system {spec!r}: after a colon {name!r} {takes}")
    return entry
