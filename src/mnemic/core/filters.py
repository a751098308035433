"""Filters: conditions on metadata and fields that a row must meet before it is a candidate.

    {"turn": "D7:3"}                       equal
    {"turn": {"in": ["D7:3", "D7:4"]}}     eq, in, gte, lte, exists, not
    {"price": {"gte": 3, "lte": 9}}        all conditions must hold

A name is looked for in the metadata first (dots lead into nested values), then among the record's
own fields (`speaker`, `role`, `kind`, `session_id`, `agent_id`, `source`, `origin`). A value that
is absent meets only `{"exists": False}` and `{"not": ...}`. An unknown operator is an error,
because a filter that is silently ignored leaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from mnemic.core.errors import FilterError
from mnemic.core.records import Record

_ABSENT: Final = object()


def _compare(value: Any, other: Any, holds: Callable[[Any, Any], bool]) -> bool:
    try:
        return value is not _ABSENT and holds(value, other)
    except TypeError:
        return False  # a text is neither more nor less than a number, a list in no set


_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda value, other: value == other,
    "in": lambda value, other: _compare(value, other, lambda a, b: a in b),
    "gte": lambda value, other: _compare(value, other, lambda a, b: a >= b),
    "lte": lambda value, other: _compare(value, other, lambda a, b: a <= b),
    "exists": lambda value, other: (value is not _ABSENT) == other,
    "not": lambda value, other: not _meets(value, other),
}

FIELDS: Final[dict[str, Callable[[Record], Any]]] = {
    "speaker": lambda record: record.speaker,
    "role": lambda record: record.role,
    "kind": lambda record: record.kind,
    "agent_id": lambda record: record.scope.agent_id,
    "session_id": lambda record: record.scope.session_id,
    "source": lambda record: record.provenance.source,
    "origin": lambda record: record.provenance.origin.value,
}


def _meets(value: Any, condition: Any) -> bool:
    if not isinstance(condition, Mapping):
        return bool(value == condition)
    return all(_OPERATORS[name](value, other) for name, other in condition.items())


def _look_up(record: Record, name: str) -> Any:
    value: Any = record.metadata
    for part in [name] if name in record.metadata else name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            value = _ABSENT
            break
        value = value[part]
    if value is _ABSENT and name in FIELDS:
        field = FIELDS[name](record)
        return _ABSENT if field is None else field
    return value


def check(filters: Mapping[str, Any]) -> None:
    """Raise FilterError unless every condition is well formed."""
    if not isinstance(filters, Mapping):
        raise FilterError(f'not filters: {filters!r}. Use a dict such as {{"turn": "D7:3"}}')
    for name, condition in filters.items():
        if not isinstance(name, str):
            raise FilterError(f"not the name of a field: {name!r}. Use text")
        _check_condition(name, condition)


def _check_condition(name: str, condition: Any) -> None:
    if not isinstance(condition, Mapping):
        return
    if not condition:
        raise FilterError(f"no condition for {name!r}: {{}}. Use one of {', '.join(_OPERATORS)}")
    for operator, other in condition.items():
        if operator not in _OPERATORS:
            raise FilterError(
                f"unknown operator {operator!r} for {name!r}. Use one of {', '.join(_OPERATORS)}"
            )
        if operator == "in" and (isinstance(other, str) or not hasattr(other, "__contains__")):
            raise FilterError(f"'in' for {name!r} needs a list, not {other!r}")
        if operator == "exists" and not isinstance(other, bool):
            raise FilterError(f"'exists' for {name!r} needs True or False, not {other!r}")
        if operator == "not":
            _check_condition(name, other)


def matches(record: Record, filters: Mapping[str, Any]) -> bool:
    """Whether a record meets every condition; `filters` must have passed `check`."""
    return all(_meets(_look_up(record, name), condition) for name, condition in filters.items())
