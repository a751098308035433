"""The forms that time expressions take: one rule for each, the more exact ones first.

A rule is a pattern over a text in lower case and a function from its match to the periods that it
names. Each takes its stretch of the text, and later rules do not look there again. The words of
the languages are in `calendars.py`, the arithmetic in `periods.py`; how expressions combine
("between May and July", "the week before") is left to `dates.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple, TypeAlias

from mnemic.language import calendars, periods
from mnemic.language.periods import Now, Period

OfYear: TypeAlias = Callable[[int], Period]
_Match: TypeAlias = "re.Match[str]"


class Expression(NamedTuple):
    """A stretch of a text that names a period."""

    place: int
    stop: int
    period: Period
    of_year: OfYear | None = None
    """How to read it in a given year, if it names none itself."""


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    read: Callable[[_Match, Now], Iterable[Period | tuple[Period, OfYear]]]


def expressions(low: str, text: str, now: Now) -> list[Expression]:
    """The time expressions of a text, in its order; those of one place are its several readings.

    `low` is the text in lower case, of the same length; `text` tells capitals. Expressions that
    name an impossible date are left out.
    """
    if not _DIGIT_OR_CJK.search(low) and _telling().isdisjoint(_WORD.findall(low)):
        return []
    taken: list[tuple[int, int]] = []
    found: list[Expression] = []
    for rule in _rules():
        for match in rule.pattern.finditer(low):
            start, stop = match.span("said" if "said" in rule.pattern.groupindex else 0)
            if any(start < end and begin < stop for begin, end in taken):
                continue
            if not _meant(match, low, text):
                continue
            readings = [Expression(start, stop, *each) for each in _readings(rule, match, now)]
            if readings:
                taken.append((start, stop))
                found += readings
    return sorted(found, key=lambda each: each.place)


def _readings(rule: _Rule, match: _Match, now: Now) -> list[tuple[Period, OfYear | None]]:
    try:
        return [
            (each, None) if isinstance(each, Period) else each for each in rule.read(match, now)
        ]
    except (ValueError, OverflowError):  # 30 February, or beyond the calendar
        return []


# Most questions name no time, and are spared thirty patterns by the words they hold.
_DIGIT_OR_CJK = re.compile(r"[\d\u3005-\u9fff\uac00-\ud7ff]")
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _telling() -> frozenset[str]:
    """Words of which every expression without a digit holds one."""
    tables = (_month_numbers(), _weekday_numbers(), calendars.SEASONS, calendars.HOLIDAYS)
    whole = [*calendars.UNITS, *_phrases(calendars.PHRASES), "hier", "easter", "thanksgiving"]
    names = [*whole, "quarter", *(name for table in tables for name in table)]
    return frozenset(max(_WORD.findall(name), key=len) for name in names)


# --- names that mean something else ---------------------------------------------------------

_OPENS_SENTENCE = re.compile(r"(?:\A|[.!?:;。！？\n])[\s\"'“(¿¡]*\Z")
_NO_TOMORROW = re.compile(r"(?:\bla|\bam|\bguten|\bjeden|\bheute|\bgestern)\s+\Z")
_FRENCH = re.compile(
    r"\b(?:je|j'|nous|vous|on|il|elle|ils|elles|ai|avons|avez|a fait|est|était|le|les|que|qui|qu')\b"
)


def _meant(match: _Match, low: str, text: str) -> bool:
    """Whether a name that has another meaning stands for a time here.

    A preposition or a number before it belongs to the match, and then it does.
    """
    said = match[0]
    if said in ("mañana", "morgen"):
        return not _NO_TOMORROW.search(low[max(0, match.start() - 12) : match.start()])
    if said == "hier":  # German: here
        return _FRENCH.search(low) is not None
    if said in calendars.MONTHS_WITH_OTHER_MEANINGS:
        if said in ("mars", "mayo") or not text[match.start()].isupper():
            return False
        return not _OPENS_SENTENCE.search(text[max(0, match.start() - 16) : match.start()])
    return said not in calendars.SEASONS_WITH_OTHER_MEANINGS | calendars.MONTHS_CUT_SHORT.keys()


# --- rules ----------------------------------------------------------------------------------


def _any(table: Iterable[str]) -> str:
    """A pattern for any of some names, longest first."""
    return "(?:" + "|".join(map(re.escape, sorted(table, key=len, reverse=True))) + ")"


@cache
def _month_numbers() -> dict[str, int]:
    whole = {
        name: number
        for language in calendars.MONTHS.values()
        for number, name in enumerate(language, 1)
    }
    return whole | calendars.MONTHS_SPELT_OTHERWISE | calendars.MONTHS_CUT_SHORT


@cache
def _weekday_numbers() -> dict[str, int]:
    whole = {
        name: number
        for language in calendars.WEEKDAYS.values()
        for number, name in enumerate(language)
    }
    return whole | calendars.WEEKDAYS_SPELT_OTHERWISE | calendars.WEEKDAYS_CUT_SHORT


def _phrases(table: dict[str, dict[int, str]]) -> dict[str, tuple[str, int]]:
    return {
        phrase: (unit, shift)
        for unit, shifts in table.items()
        for shift, each in shifts.items()
        for phrase in each.split("|")
    }


@cache
def _rules() -> tuple[_Rule, ...]:
    """All rules, made when the first question needs them (30 ms)."""
    return (*_numeric(), *_cjk(), *_named_dates(), *_named_periods(), *_relative(), *_years())


_YEAR = r"(?P<year>(?:1[5-9]|20|21)\d\d)(?!\d)"
_OF = r"(?:\s+(?:of|de|del|do))?,?\s*"


def _numeric() -> Iterator[_Rule]:
    yield _Rule(
        re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"),
        lambda m, now: [_date(int(m[1]), int(m[3]), int(m[4]))],
    )
    yield _Rule(
        re.compile(r"(?<![\d.,/-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2}(?!\d))(?![\d/])"),
        lambda m, now: _slashed(int(m[1]), int(m[3]), _century(m[4]), m[2]),
    )
    yield _Rule(
        re.compile(r"(?<![\d-])((?:19|20|21)\d\d)-(0[1-9]|1[0-2])(?![\d-])"),
        lambda m, now: [periods.month(int(m[1]) * 12 + int(m[2]) - 1)],
    )


def _date(year: int, month: int, day: int) -> Period:
    return periods.day(date(year, month, day).toordinal())


def _century(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _slashed(first: int, second: int, year: int, mark: str) -> list[Period]:
    """A date in numbers: month first (USA), day first (elsewhere, and always between dots)."""
    readings = [] if mark == "." else [(first, second)]
    if first != second or not readings:
        readings.append((second, first))
    return [_date(year, month, day) for month, day in readings if month <= 12]


def _named_dates() -> Iterator[_Rule]:
    months = _month_numbers()
    month = rf"(?P<month>{_any(months)})\.?(?!\w)"
    ordinal = r"(?:st|nd|rd|th|er|º|ª|\.)?"
    until = r"\s*(?:-|–|to|and|bis|und|a|au|e|et|y)\s*"

    def days(m: _Match, now: Now) -> list[Period | tuple[Period, OfYear]]:
        number, first = months[m["month"]], int(m["day"])
        last = int(m["day2"] or first)

        def of_year(year: int) -> Period:
            return periods.between(_date(year, number, first), _date(year, number, last))

        return _once_a_year(of_year, m["year"], m["relative"], now)

    relative = r"(?:\s+(?:of\s+)?(?P<relative>last|this|next) year)?"
    yield _Rule(
        re.compile(
            rf"(?<![\w.,:/-])(?P<day>\d{{1,2}}){ordinal}(?:{until}(?P<day2>\d{{1,2}}){ordinal})?"
            rf"\s*(?:day\s+)?(?:of\s+|de\s+|d')?{month}(?:{_OF}{_YEAR})?{relative}"
        ),
        days,
    )
    yield _Rule(
        re.compile(
            rf"(?<!\w){month}\s*(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:%]|[.,]\d)"
            rf"(?:{until}(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]))?(?:{_OF}{_YEAR})?{relative}"
        ),
        days,
    )
    part = r"(?:(?:early|mid|late|beginning of|start of|end of|anfang|mitte|ende|début|fin)[\s-]+)?"
    yield _Rule(
        re.compile(rf"(?<!\w){part}{month}{_OF}{_YEAR}"),
        lambda m, now: [periods.month(int(m["year"]) * 12 + months[m["month"]] - 1)],
    )
    yield _Rule(
        re.compile(
            rf"(?<!\w)(?:q(?P<quarter>[1-4])|(?P<word>first|second|third|fourth) quarter)"
            rf"(?:\s+of)?\s*{_YEAR}"
        ),
        lambda m, now: [_quarter(m["quarter"] or m["word"], int(m["year"]))],
    )


def _quarter(name: str, year: int) -> Period:
    number = {"first": 1, "second": 2, "third": 3, "fourth": 4}.get(name) or int(name)
    return periods.months(year * 12 + 3 * number - 3, year * 12 + 3 * number)


def _once_a_year(
    of_year: OfYear, year: str | None, relative: str | None, now: Now, shift: int | None = None
) -> list[Period | tuple[Period, OfYear]]:
    """What comes once a year: of the year that is named, or of the one that is meant."""
    if year:
        return [of_year(int(year))]
    if relative:
        return [of_year(now.date.year + {"last": -1, "this": 0, "next": 1}[relative])]
    found = periods.in_year(now, of_year, shift)
    return [found if shift is not None else (found, of_year)]


def _relative() -> Iterator[_Rule]:
    units = rf"(?P<unit>{_any(calendars.UNITS)})(?!\w)"
    count = rf"(?P<count>\d+|{_any(calendars.COUNTS)})"
    about = r"(?:(?:about|around|roughly|over|almost|nearly|cerca de|unos|unas|etwa|environ)\s+)?"

    def distance(sign: int) -> Callable[[_Match, Now], list[Period]]:
        def read(m: _Match, now: Now) -> list[Period]:
            least, most = _count(m["count"])
            return [periods.distant(now, calendars.UNITS[m["unit"]], least, most, sign)]

        return read

    def rolling(m: _Match, now: Now) -> list[Period]:
        count = _count(m["count"])[1] if m["count"] else 1
        return [periods.up_to_now(now, calendars.UNITS[m["unit"]], count)]

    yield _Rule(
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
    )
    yield _Rule(
        re.compile(
            r"(?<!\w)(?:a|one) year and a half ago|(?<!\w)(?:1\.5|one and a half) years ago"
        ),
        lambda m, now: [periods.distant(now, "month", 18, 18, -1)],
    )
    yield _Rule(
        re.compile(rf"(?<!\w){about}{count}\s+{units}\s+(?:ago|earlier|back|atrás|atras|fa)(?!\w)"),
        distance(-1),
    )
    yield _Rule(
        re.compile(rf"(?<!\w)(?:há|hace|vor|il y a)\s+{about}{count}\s+{units}(?:\s+atrás)?"),
        distance(-1),
    )
    yield _Rule(
        re.compile(
            rf"(?<!\w)(?:the\s+|den\s+|les\s+|los\s+|las\s+|os\s+|as\s+)?(?:last|past|previous|"
            rf"últimos|últimas|letzten|vergangenen)\s+{count}\s+{units}"
            rf"|(?<!\w)(?:over|in|during|for) the past (?P<unit2>day|week|month|year)(?!\w)"
        ),
        lambda m, now: [periods.up_to_now(now, m["unit2"], 1)] if m["unit2"] else rolling(m, now),
    )
    yield _Rule(
        re.compile(rf"(?<!\w)(?:les|ces)\s+{count}\s+(?:derniers|dernières)\s+{units}"), rolling
    )
    yield _Rule(
        re.compile(rf"(?<!\w)(?:in\s+)?{count}\s+{units}(?:\s+from now|'s? time)(?!\w)"),
        distance(1),
    )
    yield _Rule(
        re.compile(rf"(?<!\w)(?:in|dentro de|daqui a|dans)\s+{count}\s+{units}"),
        lambda m, now: distance(1)(m, now) if now.ahead else [],
    )
    phrases = _phrases(calendars.PHRASES)
    yield _Rule(
        re.compile(rf"(?<!\w)(?P<said>{_any(phrases)}|hier)(?!\w)"),
        lambda m, now: [_shifted(phrases.get(m["said"], ("day", -1)), m["said"], now)],
    )


def _count(said: str) -> tuple[int, int]:
    if said.isdecimal():
        number = int(said[:6])  # more is beyond the calendar in any unit that is asked about
        return number, number
    return calendars.COUNTS[said]


def _shifted(phrase: tuple[str, int], said: str, now: Now) -> Period:
    unit, shift = phrase
    if said == "the weekend" and now.ahead:
        shift = 0
    return periods.shifted(now, unit, shift)


def _named_periods() -> Iterator[_Rule]:
    months, weekdays = _month_numbers(), _weekday_numbers()
    shift = rf"(?P<before>{_any(calendars.BEFORE)})"
    behind = rf"(?:\s+(?P<after>{_any(calendars.AFTER)})(?!\w))?"
    relative = r"(?:\s+(?:of\s+)?(?P<relative>last|this|next) year)?"
    prepositions = calendars.PREPOSITIONS.split()
    year = rf"(?:{_OF}{_YEAR})?"

    def season(m: _Match, now: Now) -> list[Period | tuple[Period, OfYear]]:
        begins = calendars.SEASONS[m["season"]]
        return _once_a_year(
            lambda number: periods.season(number, begins), m["year"], m["relative"], now, _shift(m)
        )

    lead = r"(?:(?:in|during|over|for|of|since|no|na|en|el|la|im|à|d'|l'|(?:in |during |over )?the)\s*)"
    yield _Rule(
        re.compile(
            rf"(?<!\w)(?:{lead}{{1,2}})?(?P<said>(?:{shift}\s+)?(?P<season>{_any(calendars.SEASONS)})"
            rf"(?!\w){behind}(?:(?:\s+of)?\s+{_YEAR})?{relative})"
        ),
        season,
    )

    def holiday(m: _Match, now: Now) -> list[Period | tuple[Period, OfYear]]:
        return _once_a_year(_holiday(m["holiday"]), m["year"], m["relative"], now, _shift(m))

    yield _Rule(
        re.compile(
            rf"(?<!\w)(?:{shift}\s+)?(?P<holiday>{_any((*calendars.HOLIDAYS, 'easter', 'thanksgiving'))})"
            rf"(?!\w){behind}{year}{relative}"
        ),
        holiday,
    )

    def month(m: _Match, now: Now) -> list[Period | tuple[Period, OfYear]]:
        number = months[m["month"]]
        return _once_a_year(
            lambda year: periods.month(year * 12 + number - 1), None, m["relative"], now, _shift(m)
        )

    yield _Rule(
        re.compile(
            rf"(?<!\w)(?:{_any(prepositions)}(?:\s+the)?[\s-]+)?(?P<said>(?:{shift}\s+)?"
            rf"(?P<month>{_any(months)})\.?(?!\w){behind}{relative})"
        ),
        month,
    )

    def weekday(m: _Match, now: Now) -> list[Period]:
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
        yield _Rule(
            re.compile(rf"(?<!\w){lead}(?P<weekday>{_any(names)})(?!\w){behind}{week}"), weekday
        )


def _shift(m: _Match) -> int | None:
    if m["before"]:
        return calendars.BEFORE[m["before"]]
    return calendars.AFTER[m["after"]] if m["after"] else None


def _holiday(name: str) -> OfYear:
    if name == "easter":
        return periods.easter
    if name == "thanksgiving":
        return periods.thanksgiving
    month, day = calendars.HOLIDAYS[name]
    return lambda year: _date(year, month, day)


def _cjk() -> Iterator[_Rule]:
    digits = "".join(calendars.CJK_DIGITS)
    number = rf"(?:\d{{1,2}}|[{digits}十]{{1,3}})"
    phrases = _phrases(calendars.PHRASES_WITHOUT_BLANKS)
    years = {phrase: by for phrase, (unit, by) in phrases.items() if unit == "year"}
    which = rf"(?:(?P<year>\d{{4}}|[{digits}]{{4}})\s*[年년]|(?P<which>{_any(years)})の?)"

    def of_date(m: _Match, now: Now) -> list[Period | tuple[Period, OfYear]]:
        month, day = _cjk_number(m["month"]), _cjk_number(m["day"]) if m["day"] else 0

        def of_year(year: int) -> Period:
            return _date(year, month, day) if day else periods.month(year * 12 + month - 1)

        if m["year"]:
            return [of_year(_cjk_year(m["year"]))]
        if m["which"]:
            return [of_year(now.date.year + years[m["which"]])]
        return _once_a_year(of_year, None, None, now)

    yield _Rule(
        re.compile(
            rf"{which}?\s*(?<![\d{digits}十])(?P<month>{number})\s*[月월]份?\s*"
            rf"(?:(?P<day>{number})\s*[日号號일])?"
        ),
        of_date,
    )

    def of_season(m: _Match, now: Now) -> list[Period | tuple[Period, OfYear]]:
        begins = calendars.CJK_SEASONS[m["season"]]
        if m["year"]:
            return [periods.season(_cjk_year(m["year"]), begins)]
        if m["which"]:
            return [periods.season(now.date.year + years[m["which"]], begins)]
        if m["whole"]:
            return _once_a_year(lambda year: periods.season(year, begins), None, None, now)
        return []  # a character of a name

    yield _Rule(
        re.compile(rf"{which}?の?(?P<season>[春夏秋冬])(?P<whole>[天季])?"),
        of_season,
    )
    yield _Rule(
        re.compile(rf"(?<!\d)(\d{{4}}|(?<![{digits}])[{digits}]{{4}})\s*[年년](?![前间間後后])"),
        lambda m, now: [periods.year(_cjk_year(m[1]))],
    )
    yield _Rule(
        re.compile(r"(?<![\d月])(\d{1,2})[号號](?![楼樓线線院房])"),
        lambda m, now: [_day_of_month(int(m[1]), now)],
    )
    units = rf"(?P<unit>{_any(calendars.CJK_UNITS)})"
    count = rf"(?P<count>\d+|[{digits}十]+|[几幾数數])\s*"
    yield _Rule(
        re.compile(rf"(?:{count}{units}|(?P<half>半年))\s*(?:以前|之前|前|전)"),
        lambda m, now: [
            periods.distant(now, "month", 6, 6, -1)
            if m["half"]
            else periods.distant(now, calendars.CJK_UNITS[m["unit"]], *_cjk_count(m["count"]), -1)
        ],
    )
    yield _Rule(
        re.compile(rf"(?:最近|过去|過去|近|这|這|지난)\s*(?:的)?{count}{units}"),
        lambda m, now: [
            periods.up_to_now(now, calendars.CJK_UNITS[m["unit"]], _cjk_count(m["count"])[1])
        ],
    )
    weeks = {"上上": -2, "上": -1, "这": 0, "這": 0, "本": 0, "今": 0, "下": 1}
    yield _Rule(
        re.compile(
            r"(?P<week>上上|[上这這本今下])?[个個]?(?:周|週|星期|礼拜|禮拜)(?P<day>[一二三四五六日天])"
        ),
        lambda m, now: [
            _cjk_weekday(
                "一二三四五六日".index(m["day"].replace("天", "日")), m["week"], weeks, now
            )
        ],
    )
    east = {"先週": -1, "今週": 0, "来週": 1, "지난주": -1, "이번주": 0, "다음주": 1}
    yield _Rule(
        re.compile(
            rf"(?:(?P<week>{_any(east)})の?\s*)?(?:(?P<day>[月火水木金土日])曜|(?P<day2>[월화수목금토일])요일)"
        ),
        lambda m, now: [
            _cjk_weekday(
                "月火水木金土日".index(m["day"]) if m["day"] else "월화수목금토일".index(m["day2"]),
                m["week"],
                east,
                now,
            )
        ],
    )
    yield _Rule(re.compile(_any(phrases)), lambda m, now: [periods.shifted(now, *phrases[m[0]])])


def _cjk_weekday(number: int, week: str | None, weeks: dict[str, int], now: Now) -> Period:
    if week:
        return periods.weekday_of_week(now, number, weeks[week])
    return periods.weekday(now, number)


def _day_of_month(day: int, now: Now) -> Period:
    """The latest such day of a month."""
    for index in range(now.month, now.month - 3, -1):
        month = periods.month(index)
        found = Period(
            month.start + (day - 1) * periods.DAY,
            month.start + day * periods.DAY,
            periods.day(now.today).precision,
        )
        if day >= 1 and found.end <= month.end and found.start <= now.clock:
            return found
    raise ValueError(f"no month has a day {day}")


def _cjk_year(said: str) -> int:
    if said.isdecimal():
        return int(said)
    return int("".join(str(calendars.CJK_DIGITS[digit]) for digit in said))


def _cjk_number(said: str) -> int:
    """A number below 100 in figures or Chinese numerals: 12, 十二, 二十."""
    if said.isdecimal():
        return int(said[:6])
    if "十" not in said:
        return int("".join(str(calendars.CJK_DIGITS[digit]) for digit in said)[:6])
    tens, _, ones = said.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError(f"not a number: {said}")
    return calendars.CJK_DIGITS.get(tens, 1) * 10 + calendars.CJK_DIGITS.get(ones, 0)


def _cjk_count(said: str) -> tuple[int, int]:
    if said in "几幾数數":
        return 2, 5
    number = _cjk_number(said)
    return number, number


def _years() -> Iterator[_Rule]:
    yield _Rule(
        re.compile(r"(?<!\w)(?:the\s+)?((?:19|20)\d)0'?s(?!\w)"),
        lambda m, now: [periods.year(int(m[1]) * 10, int(m[1]) * 10 + 9)],
    )
    yield _Rule(
        re.compile(r"(?<!\w)the\s+'?([1-9])0'?s(?!\w)"),
        lambda m, now: [periods.year(_decade(int(m[1])), _decade(int(m[1])) + 9)],
    )
    yield _Rule(
        re.compile(
            r"(?<!\w)(?:in|since|of|year|by|until|till|before|after|during|from|to|desde|em|en|de|"
            r"seit|im jahr|depuis)\s+(?P<said>(?:1[5-9]|20|21)\d\d)(?![\w%]|[.,:/-]\d)"
        ),
        lambda m, now: [periods.year(int(m["said"]))],
    )
    yield _Rule(
        re.compile(r"(?<![\w.,:/$€£#+-])((?:19|20)\d\d)(?![\w%]|[.,:/-]\d|\s+[a-z]{4,}s\b)"),
        lambda m, now: [periods.year(int(m[1]))],
    )


def _decade(digit: int) -> int:
    return 1900 + 10 * digit if digit > 2 else 2000 + 10 * digit
