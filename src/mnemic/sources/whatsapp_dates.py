"""The dates and clock times of a WhatsApp export, which depend on the phone that wrote them.

3/4/25 is the third of April in most of the world and the fourth of March in the USA. One line does
not tell, the whole file does: an order of day, month and year is kept only if the dates of the
file exist in it (and are not older than WhatsApp), and of those left the one wins in which time
runs backwards least often.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import TypeAlias

Numbers: TypeAlias = tuple[int, int, int]
"""The three numbers of a date, as written."""

_ORDERS = {"DMY": (2, 1, 0), "MDY": (2, 0, 1), "YMD": (0, 1, 2)}
"""Where year, month and day stand among the three numbers."""

_BUDDHIST = 543
_FIRST_YEAR, _LAST_YEAR = 2009, 2100
_FOREIGN = 0.05
"""The share of dates that may not fit."""

AFTERNOON = frozenset((
    "pm", "μμ", "odp", "du", "ös", "ch", "ptg", "م", "अपराह्न",
    "下午", "中午", "晚上", "午後", "오후",
))  # fmt: skip
MORNING = frozenset((
    "am", "πμ", "dop", "de", "öö", "sa", "pg", "ص", "पूर्वाह्न",
    "上午", "凌晨", "早上", "清晨", "午前", "오전",
))  # fmt: skip
"""The halves of the day in the languages of phones, in lower case, without blanks and dots."""


def on(numbers: Numbers, order: str) -> date | None:
    """The day that three numbers mean in an order; None where there is no such day.

    >>> on((3, 4, 25), "DMY"), on((13, 4, 25), "MDY")
    (datetime.date(2025, 4, 3), None)
    """
    year, month, day = (numbers[place] for place in _ORDERS[order])
    year += 2000 if year < 100 else -_BUDDHIST if year > 2400 else 0
    try:
        return date(year, month, day)
    except ValueError:
        return None


def order_of(dates: Sequence[Numbers], day_first: bool | None, american: bool) -> str | None:
    """The order that fits the dates of a file, given in the file's order.

    day_first: what the user says of the order; None leaves the choice to the dates.
    american: whether, with nothing else to go by, the month is likely to come first.

    Returns DMY, MDY or YMD; None when none fits. One date in twenty may be foreign: people paste
    parts of other chats.

    >>> order_of([(1, 2, 25), (2, 14, 25)], None, False)
    'MDY'
    >>> order_of([(3, 4, 25), (4, 4, 25), (3, 5, 25)], None, True)
    'DMY'
    """
    likely = ["MDY", "DMY", "YMD"] if american else ["DMY", "MDY", "YMD"]
    if day_first is not None:
        likely = ["DMY" if day_first else "MDY"]
        likely += ["YMD"] if any(first > 31 for first, _, _ in dates) else []
    for modern in (True, False):
        fitting = []
        for rank, order in enumerate(likely):
            days = _days(dates, order, modern)
            foreign = len(dates) - len(days)
            if foreign <= len(dates) * _FOREIGN:
                fitting.append((foreign, _backwards(days), rank, order))
        if fitting:
            return min(fitting)[-1]
    return None


def hour_of(hour: int, half: str) -> int:
    """The hour from 0 to 23; `half` is the mark of the half of the day, "" when there is none.

    >>> hour_of(12, "a. m."), hour_of(1, "PM"), hour_of(15, "下午")
    (0, 13, 15)
    """
    mark = "".join(half.lower().replace(".", "").split())
    if mark in AFTERNOON and hour < 12:
        return hour + 12
    return 0 if mark in MORNING and hour == 12 else hour


def _days(dates: Sequence[Numbers], order: str, modern: bool) -> list[date]:
    """The dates that exist in an order; `modern`: and are not older than WhatsApp."""
    days = filter(None, (on(numbers, order) for numbers in dates))
    return [day for day in days if not modern or _FIRST_YEAR <= day.year <= _LAST_YEAR]


def _backwards(days: list[date]) -> int:
    return sum(later < earlier for earlier, later in pairwise(days))
