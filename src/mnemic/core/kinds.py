"""Kinds of record, and the quadrant each stands in.

The taxonomy joins three surveys: form (arXiv 2404.13501 and 2512.13564: token, latent,
parametric), function (2512.13564: factual, experiential, working) and object (2504.15965:
personal, system). The registry is open: `declare` adds a kind of your own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mnemic.core.errors import InputError

Form = Literal["token", "latent", "parametric"]
Function = Literal["factual", "experiential", "working"]
Object = Literal["personal", "system"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record and its place in the taxonomy."""

    name: str
    form: Form
    function: Function
    object: Object
    meaning: str


_KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("turn", "token", "experiential", "personal", "what was said, word for word"),
        Kind("document", "token", "factual", "personal", "a part of a note or a page"),
        Kind("event", "token", "experiential", "personal", "who did what, where and when"),
        Kind("fact", "token", "factual", "personal", "something that holds, for a time"),
        Kind("trait", "token", "factual", "personal", "what somebody is like"),
        Kind("gist", "token", "experiential", "personal", "a summary of other records"),
        Kind("concept", "token", "factual", "system", "what many records have in common"),
        Kind("rule", "token", "experiential", "system", "an insight about how to act"),
        Kind("procedure", "token", "experiential", "system", "steps that reach a goal"),
        Kind("state", "token", "working", "system", "what an environment looked like"),
        Kind("frame", "latent", "working", "system", "a piece of an endless stream"),
    )
}


def kind(name: str) -> Kind:
    """The kind of this name; InputError, naming the known ones, when there is none."""
    try:
        return _KINDS[name]
    except KeyError:
        raise InputError(
            f"unknown kind {name!r}. Known: {', '.join(sorted(_KINDS))}; "
            "declare your own with mnemic.declare_kind(mnemic.Kind(...))"
        ) from None


def kinds() -> tuple[Kind, ...]:
    """All kinds that are declared."""
    return tuple(_KINDS.values())


def declare(new: Kind) -> None:
    """Add a kind; declaring the same twice is fine, redefining one is an InputError."""
    if not new.name.isidentifier():
        raise InputError(f"not a name for a kind: {new.name!r}. Use letters, digits and _")
    if _KINDS.setdefault(new.name, new) != new:
        raise InputError(f"kind {new.name!r} is declared already, as {_KINDS[new.name]}")
