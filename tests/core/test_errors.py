"""The error tree is the one that its file draws."""

from __future__ import annotations

import inspect
import re

import pytest

from mnemic.core import errors


def drawn() -> dict[str, str]:
    """Each class of the drawing, and the one that it hangs from."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r" {4}((?:[│ ] {3}|[├└]── )*)(\w+)(?: {2}|$)", line)
        if found is None:
            continue
        depth = len(found[1]) // 4
        path[depth:] = [found[2]]
        parents[found[2]] = path[depth - 1] if depth else "Exception"
    return parents


def test_the_drawing_is_the_tree() -> None:
    classes = {
        name: next(base.__name__ for base in cls.__bases__)
        for name, cls in inspect.getmembers(errors, inspect.isclass)
    }
    assert drawn() == classes
    assert len(classes) > 15


@pytest.mark.parametrize("name", drawn())
def test_each_is_caught_by_the_root_and_says_what_it_is(name: str) -> None:
    cls = getattr(errors, name)
    assert issubclass(cls, errors.MnemicError)
    assert cls.__doc__
    assert str(cls("what: value. Remedy")) == "what: value. Remedy"


def test_they_are_what_python_s_own_code_expects() -> None:
    assert issubclass(errors.InputError, ValueError)
    assert issubclass(errors.NotFound, LookupError)
    assert not issubclass(errors.MnemicError, MemoryError)
