"""The forms of time expressions in English and other European languages, the more exact first.

The words are in `calendars.py`; names that mean something else too ("may", "spring") are judged in
`expressions.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from mnemic.language import calendars, periods
from mnemic.language.forms import (
    WITH_DIGITS,
    Form,
    Match,
    OfYear,
    Reading,
    any_of,
    date_of,
    once_a_year,
    phrases_of,
    telling,
)
from mnemic.language.periods import Now, Period

_RELATIVE_YEAR = r"(?:\s+(?:of\s+)?(?P<relative>last|this|next) year)?"
_YEAR = r"(?P<year>(?:1[5-9]|20|21)\d\d)(?!\d)"
_OF = r"(?:\s+(?:of|de|del|do))?,?\s*"


def forms() -> Iterator[Form]:
    """The forms, in the order in which they take their stretches of a text."""
    yield from _numeric()
    yield from _named_dates()
    yield from _named_periods()
    yield from _relative()
    yield from _years()


@cache
def month_numbers() -> dict[str, int]:
    """Name of a month → 1 to 12, abbreviations too."""
    whole = {
        name: number
        for language in calendars.MONTHS.values()
        for number, name in enumerate(language, 1)
    }
    return whole | calendars.MONTHS_SPELT_OTHERWISE | calendars.MONTHS_CUT_SHORT


@cache
def weekday_numbers() -> dict[str, int]:
    """Name of a weekday → 0 to 6 from Monday on, abbreviations too."""
    whole = {
        name: number
        for language in calendars.WEEKDAYS.values()
        for number, name in enumerate(language)
    }
    return whole | calendars.WEEKDAYS_SPELT_OTHERWISE | calendars.WEEKDAYS_CUT_SHORT


def _numeric() -> Iterator[Form]:
    yield Form(
        re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"),
        lambda m, now: [date_of(int(m[1]), int(m[3]), int(m[4]))],
        WITH_DIGITS,
    )
    yield Form(
        re.compile(r"(?<![\d.,/-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|(?<=/)\d{2})(?![\d/])"),
        lambda m, now: _in_numbers(int(m[1]), int(m[3]), _century(m[4]), m[2]),
        WITH_DIGITS,
    )
    yield Form(
        re.compile(r"(?<![\d-])((?:19|20|21)\d\d)-(0[1-9]|1[0-2])(?![\d-])"),
        lambda m, now: [periods.month(int(m[1]) * 12 + int(m[2]) - 1)],
        WITH_DIGITS,
    )


def _century(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _in_numbers(first: int, second: int, year: int, mark: str) -> list[Period]:
    """A date in numbers: month first (USA), day first (elsewhere, and always between dots)."""
    readings = [] if mark == "." else [(first, second)]
    if first != second or not readings:
        readings.append((second, first))
    return [date_of(year, month, day) for month, day in readings if month <= 12]


def _named_dates() -> Iterator[Form]:
    months = month_numbers()
    month = rf"(?P<month>{any_of(months)})\.?(?!\w)"
    ordinal = r"(?:st|nd|rd|th|er|º|ª|\.)?"
    until = r"\s*(?:-|–|to|and|bis|und|a|au|e|et|y)\s*"

    def days(m: Match, now: Now) -> list[Reading]:
        number, first = months[m["month"]], int(m["day"])
        last = int(m["day2"] or first)

        def of_year(year: int) -> Period:
            return periods.between(date_of(year, number, first), date_of(year, number, last))

        return once_a_year(of_year, m["year"], m["relative"], now)

    yield Form(
        re.compile(
            rf"(?<![\w.,:/-])(?P<day>\d{{1,2}}){ordinal}(?:{until}(?P<day2>\d{{1,2}}){ordinal})?"
            rf"\s*(?:day\s+)?(?:of\s+|de\s+|d')?{month}(?:{_OF}{_YEAR})?{_RELATIVE_YEAR}"
        ),
        days,
        telling(months),
    )
    yield Form(
        re.compile(
            rf"(?<!\w){month}\s*(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:%]|[.,]\d)"
            rf"(?:{until}(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]))?(?:{_OF}{_YEAR})?{_RELATIVE_YEAR}"
        ),
        days,
        telling(months),
    )
    part = r"(?:(?:early|mid|late|beginning of|start of|end of|anfang|mitte|ende|début|fin)[\s-]+)?"
    yield Form(
        re.compile(rf"(?<!\w){part}{month}{_OF}{_YEAR}"),
        lambda m, now: [periods.month(int(m["year"]) * 12 + months[m["month"]] - 1)],
        telling(months),
    )
    yield Form(
        re.compile(
            rf"(?<!\w)(?:q(?P<quarter>[1-4])|(?P<word>first|second|third|fourth) quarter)"
            rf"(?:\s+of)?\s*{_YEAR}"
        ),
        lambda m, now: [_quarter(m["quarter"] or m["word"], int(m["year"]))],
        WITH_DIGITS,
    )


def _quarter(name: str, year: int) -> Period:
    number = {"first": 1, "second": 2, "third": 3, "fourth": 4}.get(name) or int(name)
    return periods.months(year * 12 + 3 * number - 3, year * 12 + 3 * number)


def _relative() -> Iterator[Form]:
    units = rf"(?P<unit>{any_of(calendars.UNITS)})(?!\w)"
    count = rf"(?P<count>\d{{1,9}}|{any_of(calendars.COUNTS)})"
    about = r"(?:(?:about|around|roughly|over|almost|nearly|cerca de|unos|unas|etwa|environ)\s+)?"

    def distance(sign: int) -> Callable[[Match, Now], list[Period]]:
        def read(m: Match, now: Now) -> list[Period]:
            least, most = _count(m["count"])
            return [periods.distant(now, calendars.UNITS[m["unit"]], least, most, sign)]

        return read

    def rolling(m: Match, now: Now) -> list[Period]:
        count = _count(m["count"])[1] if m["count"] else 1
        return [periods.up_to_now(now, calendars.UNITS[m["unit"]], count)]

    yield Form(
        re.compile(r"(?<!\w)half an? (?P<unit>year|hour|decade) ago(?!\w)"),
        lambda m, now: [
            periods.distant(
                now,
                *{"year": ("month", 6, 6), "hour": ("minute", 30, 30), "decade": ("year", 5, 5)}[
                    m["unit"]
                ],
                -1,
            )
        ],
        telling(["ago"]),
    )
    yield Form(
        re.compile(
            r"(?<!\w)(?:a|one) year and a half ago|(?<!\w)(?:1\.5|one and a half) years ago"
        ),
        lambda m, now: [periods.distant(now, "month", 18, 18, -1)],
        telling(["ago"]),
    )
    yield Form(
        re.compile(rf"(?<!\w){about}{count}\s+{units}\s+(?:ago|earlier|atrás|atras|fa)(?!\w)"),
        distance(-1),
        telling(calendars.UNITS),
    )
    yield Form(
        re.compile(rf"(?<!\w)(?:há|hace|vor|il y a)\s+{about}{count}\s+{units}(?:\s+atrás)?"),
        distance(-1),
        telling(calendars.UNITS),
    )
    yield Form(
        re.compile(
            rf"(?<!\w)(?:the\s+|den\s+|les\s+|los\s+|las\s+|os\s+|as\s+)?(?:last|past|previous|"
            rf"últimos|últimas|letzten|vergangenen)\s+{count}\s+{units}"
            rf"|(?<!\w)(?:over|in|during|for) the past (?P<unit2>day|week|month|year)(?!\w)"
        ),
        lambda m, now: [periods.up_to_now(now, m["unit2"], 1)] if m["unit2"] else rolling(m, now),
        telling(calendars.UNITS),
    )
    yield Form(
        re.compile(rf"(?<!\w)(?:les|ces)\s+{count}\s+(?:derniers|dernières)\s+{units}"),
        rolling,
        telling(calendars.UNITS),
    )
    yield Form(
        re.compile(rf"(?<!\w)(?:in\s+)?{count}\s+{units}(?:\s+from now|'s? time)(?!\w)"),
        distance(1),
        telling(calendars.UNITS),
    )
    yield Form(
        re.compile(rf"(?<!\w)(?:in|dentro de|daqui a|dans)\s+{count}\s+{units}"),
        lambda m, now: distance(1)(m, now) if now.ahead else [],
        telling(calendars.UNITS),
    )
    phrases = phrases_of(calendars.PHRASES)
    yield Form(
        re.compile(rf"(?<!\w)(?P<said>{any_of(phrases)}|hier)(?!\w)"),
        lambda m, now: [_shifted(phrases.get(m["said"], ("day", -1)), m["said"], now)],
        telling([*phrases, "hier"]),
    )


def _count(said: str) -> tuple[int, int]:
    if said.isdecimal():
        if len(said) > 6:
            raise ValueError(f"{said} of anything are beyond the calendar")
        return int(said), int(said)
    return calendars.COUNTS[said]


def _shifted(phrase: tuple[str, int], said: str, now: Now) -> Period:
    unit, shift = phrase
    if said == "the weekend" and now.ahead:
        shift = 0
    return periods.shifted(now, unit, shift)


def _named_periods() -> Iterator[Form]:
    months, weekdays = month_numbers(), weekday_numbers()
    shift = rf"(?P<before>{any_of(calendars.BEFORE)})"
    behind = rf"(?:\s+(?P<after>{any_of(calendars.AFTER)})(?!\w))?"
    prepositions = calendars.PREPOSITIONS.split()
    year = rf"(?:{_OF}{_YEAR})?"

    def season(m: Match, now: Now) -> list[Reading]:
        begins = calendars.SEASONS[m["season"]]
        return once_a_year(
            lambda number: periods.season(number, begins), m["year"], m["relative"], now, _shift(m)
        )

    lead = r"(?:(?:in|during|over|for|of|since|the|no|na|en|el|la|im|à|d'|l')\s*)"
    yield Form(
        re.compile(
            rf"(?<!\w)(?:{lead}{{1,2}})?(?P<said>(?:{shift}\s+)?(?P<season>{any_of(calendars.SEASONS)})"
            rf"(?!\w){behind}(?:(?:\s+of)?\s+{_YEAR})?{_RELATIVE_YEAR})"
        ),
        season,
        telling(calendars.SEASONS),
    )

    holidays = (*calendars.HOLIDAYS, "easter", "thanksgiving")

    def holiday(m: Match, now: Now) -> list[Reading]:
        return once_a_year(_holiday(m["holiday"]), m["year"], m["relative"], now, _shift(m))

    yield Form(
        re.compile(
            rf"(?<!\w)(?:{shift}\s+)?(?P<holiday>{any_of(holidays)})(?!\w)"
            rf"{behind}{year}{_RELATIVE_YEAR}"
        ),
        holiday,
        telling(holidays),
    )

    def month(m: Match, now: Now) -> list[Reading]:
        number = months[m["month"]]
        return once_a_year(
            lambda year: periods.month(year * 12 + number - 1), None, m["relative"], now, _shift(m)
        )

    yield Form(
        re.compile(
            rf"(?<!\w)(?:{any_of(prepositions)}(?:\s+the)?[\s-]+)?(?P<said>(?:{shift}\s+)?"
            rf"(?P<month>{any_of(months)})\.?(?!\w){behind}{_RELATIVE_YEAR})"
        ),
        month,
        telling(months),
    )

    def weekday(m: Match, now: Now) -> list[Period]:
        number = weekdays[m["weekday"]]
        if m["week"]:
            return [periods.weekday_of_week(now, number, calendars.BEFORE[m["week"]])]
        return [periods.weekday(now, number, _shift(m))]

    week = r"(?:\s+(?:of\s+)?(?P<week>last|this|next) week)?"
    some = set(weekdays) - set(calendars.WEEKDAYS_CUT_SHORT)
    # What is cut short counts after `last` or `on` only, whole names everywhere.
    for names, lead in (
        (weekdays, rf"{shift}\s+"),
        (weekdays, r"(?:on|na|no|em|el|am)\s+(?P<before>)"),
        (some, r"(?<!every )(?<!each )(?P<before>)"),
    ):
        yield Form(
            re.compile(rf"(?<!\w){lead}(?P<weekday>{any_of(names)})(?!\w){behind}{week}"),
            weekday,
            telling(names),
        )


def _shift(m: Match) -> int | None:
    if m["before"]:
        return calendars.BEFORE[m["before"]]
    return calendars.AFTER[m["after"]] if m["after"] else None


def _holiday(name: str) -> OfYear:
    if name == "easter":
        return periods.easter
    if name == "thanksgiving":
        return periods.thanksgiving
    month, day = calendars.HOLIDAYS[name]
    return lambda year: date_of(year, month, day)


def _years() -> Iterator[Form]:
    yield Form(
        re.compile(r"(?<!\w)(?:the\s+)?((?:19|20)\d)0'?s(?!\w)"),
        lambda m, now: [periods.year(int(m[1]) * 10, int(m[1]) * 10 + 9)],
        WITH_DIGITS,
    )
    yield Form(
        re.compile(r"(?<!\w)the\s+'?([1-9])0'?s(?!\w)"),
        lambda m, now: [periods.year(_decade(int(m[1])), _decade(int(m[1])) + 9)],
        WITH_DIGITS,
    )
    yield Form(
        re.compile(
            r"(?<!\w)(?:in|since|of|year|by|until|till|before|after|during|from|to|desde|em|en|de|"
            r"seit|im jahr|depuis)\s+(?P<said>(?:1[5-9]|20|21)\d\d)(?![\w%]|[.,:/-]\d)"
        ),
        lambda m, now: [periods.year(int(m["said"]))],
        WITH_DIGITS,
    )
    yield Form(
        re.compile(r"(?<![\w.,:/$€£#+-])((?:19|20)\d\d)(?![\w%]|[.,:/-]\d|\s+[a-z]{4,}s\b)"),
        lambda m, now: [periods.year(int(m[1]))],
        WITH_DIGITS,
    )


def _decade(digit: int) -> int:
    return 1900 + 10 * digit if digit > 2 else 2000 + 10 * digit
