"""Labelled questions as users give them: dicts, or a file with one as JSON on each line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mnemic.core.clock import TimeLike
from mnemic.core.errors import InputError

_FIELDS: Final = {"query", "relevant", "user_id", "namespace", "now", "dialogue"}


@dataclass(frozen=True, slots=True)
class Label:
    """A question, and the ids of the records that answer it."""

    query: str
    relevant: tuple[str, ...]
    """None where nothing answers it."""
    user_id: str | None = None
    namespace: str | None = None
    now: TimeLike | None = None
    dialogue: Sequence[str] = ()


def labels(examples: Iterable[Mapping[str, Any]] | str | Path) -> list[Label]:
    """Every example, checked. Raises InputError that says which one cannot be used and why."""
    if isinstance(examples, str | Path):
        return [_label(told, where) for told, where in _lines(Path(examples))]
    if isinstance(examples, Mapping) or not isinstance(examples, Iterable):
        raise InputError(f"examples is {examples!r:.60}. Give a list of examples, or a file")
    return [_label(told, f"example {place}") for place, told in enumerate(examples)]


def _lines(path: Path) -> Iterator[tuple[Any, str]]:
    try:
        # Not `splitlines`: a text may hold signs that it takes for ends of lines.
        lines = path.read_text("utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error}. Give a file of JSON lines"
        ) from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield json.loads(line), f"line {number} of {path.name}"
            except json.JSONDecodeError as error:
                raise InputError(f"line {number} of {str(path)!r} is no JSON: {error}") from None


def _label(told: Any, where: str) -> Label:
    if not isinstance(told, Mapping):
        raise InputError(f'{where} is {told!r:.60}. Give {{"query": "...", "relevant": ["id"]}}')
    unknown = sorted(str(name) for name in told if name not in _FIELDS)
    if unknown:
        raise InputError(
            f"{where}: unknown field {unknown[0]!r}. Known: {', '.join(sorted(_FIELDS))}"
        )
    query, relevant = told.get("query"), told.get("relevant", ())
    if not isinstance(query, str) or not query.strip():
        raise InputError(f'{where}: "query" is {query!r:.60}. Give the question as a text')
    if not _are_texts(relevant):
        raise InputError(f'{where}: "relevant" is {relevant!r:.60}. Give a list of ids of records')
    dialogue = told.get("dialogue", ())
    if isinstance(dialogue, str):
        dialogue = (dialogue,)
    if not _are_texts(dialogue):
        raise InputError(f'{where}: "dialogue" is {dialogue!r:.60}. Give a list of texts')
    for name in ("user_id", "namespace"):
        if not isinstance(told.get(name), str | None):
            raise InputError(f'{where}: "{name}" is {told[name]!r:.60}. Give a text')
    return Label(
        query,
        tuple(dict.fromkeys(relevant)),
        told.get("user_id"),
        told.get("namespace"),
        told.get("now"),
        tuple(dialogue),
    )


def _are_texts(value: Any) -> bool:
    several = isinstance(value, Sequence | Set) and not isinstance(value, str)
    return several and all(isinstance(one, str) for one in value)
