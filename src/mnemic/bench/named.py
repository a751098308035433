"""What users bring themselves: `module:name` → the object of that name in their module."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from mnemic.core.errors import InputError

PYTHON: Final = "python"
"""What stands before the colon of a system or task that is none of ours."""


def named(place: str) -> Any:
    """The object that "package.module:name" names.

    Raises InputError where there is no such module or name.

    >>> named("math:tau") > 6
    True
    """
    module, _, name = place.partition(":")
    if not module or not name:
        raise InputError(f"{place!r} is no place. Write module:name, such as my_systems:Mine")
    try:
        found = import_module(module)
    except ModuleNotFoundError as error:
        raise InputError(
            f"no module {error.name!r} for {place!r}. Install it, or say where it lies: "
            "PYTHONPATH=folder"
        ) from error
    if not hasattr(found, name):
        raise InputError(f"the module {module!r} has no {name!r}. Write module:name")
    return getattr(found, name)
