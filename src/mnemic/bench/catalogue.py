"""Tasks by name: each file of `tasks/` that has a `TASK`, and `python:module:name` for your own.

A task's name is its file's, with `-` for `_`. A file is imported when its task is asked for; only
the list needs all of them.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from mnemic.bench.named import PYTHON, named
from mnemic.bench.task import Task
from mnemic.core.errors import InputError

_SHELF: Final = "mnemic.bench.tasks"  # by name, because a task may ask here for another


def tasks() -> list[Task]:
    """All tasks of this package, by name."""
    found = (_in(module) for module in _files())
    return sorted((task for task in found if task is not None), key=lambda task: task.name)


def task(name: str) -> Task:
    """The task of this name. Raises InputError where there is none."""
    kind, _, place = name.partition(":")
    if kind == PYTHON:
        own = named(place)
        if not isinstance(own, Task):
            raise InputError(f"{place!r} is {type(own).__name__}. Give a mnemic.bench.task.Task")
        return own
    module = name.replace("-", "_")
    found = _in(module) if module in _files() else None
    if found is None:
        names = [each.name for each in tasks()]
        near = get_close_matches(name, names, n=1)
        meant = f"Did you mean {near[0]!r}?" if near else f"Use one of {', '.join(names)}"
        raise InputError(f"no task {name!r}. {meant}")
    return found


def _files() -> list[str]:
    return [each.name for each in iter_modules(import_module(_SHELF).__path__)]


def _in(module: str) -> Task | None:
    """The task of a file; None for one that serves several tasks and is none itself."""
    found = getattr(import_module(f"{_SHELF}.{module}"), "TASK", None)
    return found if isinstance(found, Task) else None
