"""What a form of time expressions is: a pattern, and how to read what it finds.

The forms are in `forms_european.py` and `forms_cjk.py`; `expressions.py` tries them in turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from mnemic.language import calendars, periods
from mnemic.language.periods import Now, Period

Match: TypeAlias = "re.Match[str]"
OfYear: TypeAlias = Callable[[int], Period]
Reading: TypeAlias = "Period | tuple[Period, OfYear]"
"""A period, and how to read it in a given year if the text names none."""


class Form(NamedTuple):
    """A form of time expressions."""

    pattern: re.Pattern[str]
    """Over a text in lower case. A group `said` holds the expression, if it is not the whole."""
    read: Callable[[Match, Now], Iterable[Reading]]
    """The periods that a match names: several readings, or none. ValueError: impossible."""
    needs: frozenset[str]
    """Words of which a text must hold one to be worth a look; most forms are spared by that."""


WITH_DIGITS: Final = frozenset({"0"})
"""Stands for any digit among the words of a text."""

IN_CJK: Final = frozenset({"字"})
"""Stands for any character of Han, Kana or Hangul."""

_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_CJK = re.compile(calendars.CJK)


def words_in(low: str) -> set[str]:
    """The words of a text in lower case, for `Form.needs`."""
    words = set(_WORD.findall(low))
    if _DIGIT.search(low):
        words |= WITH_DIGITS
    if _CJK.search(low):
        words |= IN_CJK
    return words


def telling(names: Iterable[str]) -> frozenset[str]:
    """The longest word of each name, which says that it may be there."""
    return frozenset(max(_WORD.findall(name), key=len) for name in names)


def any_of(names: Iterable[str]) -> str:
    """A pattern for any of some names, the longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + ")"


def phrases_of(table: dict[str, dict[int, str]]) -> dict[str, tuple[str, int]]:
    """Phrase → (unit, shift), out of a table of `calendars.py`."""
    return {
        phrase: (unit, shift)
        for unit, shifts in table.items()
        for shift, each in shifts.items()
        for phrase in each.split("|")
    }


def date_of(year: int, month: int, day: int) -> Period:
    """One day. Raises ValueError if there is none."""
    return periods.day(date(year, month, day).toordinal())


def once_a_year(
    of_year: OfYear, year: str | None, relative: str | None, now: Now, shift: int | None = None
) -> list[Reading]:
    """What comes once a year: of the year that is named, or of the one that is meant.

    `relative` is "last", "this" or "next" year; `shift` as in `periods.in_year`.
    """
    if year:
        return [of_year(int(year))]
    if relative:
        return [of_year(now.date.year + {"last": -1, "this": 0, "next": 1}[relative])]
    found = periods.in_year(now, of_year, shift)
    return [found if shift is not None else (found, of_year)]
