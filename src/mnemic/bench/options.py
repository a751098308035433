"""Options of a task, read from text: a wrong name or value is an InputError that names the right.

Options come from a command line as name=value; what each means is said by the task that has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mnemic.core.errors import InputError


def known(options: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Refuse an option that the task does not have.

    >>> known({"unti": "turn"}, {"unit": "turn or session"})
    Traceback (most recent call last):
    mnemic.core.errors.InputError: no option 'unti'. This task has: unit
    """
    for name in options:
        if name not in names:
            has = f"This task has: {', '.join(names)}" if names else "This task has none"
            raise InputError(f"no option {name!r}. {has}")


def choice(options: Mapping[str, str], name: str, values: Sequence[str]) -> str:
    """One of the values; the first is the default."""
    value = options.get(name, values[0])
    if value not in values:
        raise InputError(f"{name}={value!r} is none of {', '.join(values)}. Choose one of them")
    return value


def count(options: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    """A whole number, no less than `least`."""
    value = options.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise InputError(f"{name}={value!r} is no whole number from {least}. Give one")
    return int(value)


def counts(options: Mapping[str, str], name: str, default: Sequence[int]) -> tuple[int, ...]:
    """Whole numbers from 1, parted by commas."""
    value = options.get(name)
    if value is None:
        return tuple(default)
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) for part in parts):
        raise InputError(f'{name}={value!r} is no list of numbers. Write it as "1,10,100"')
    return tuple(sorted({int(part) for part in parts}))


def names(options: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Words parted by commas; none if the option is not given."""
    return tuple(part.strip() for part in options.get(name, "").split(",") if part.strip())
