"""The forms of time expressions in Chinese, Japanese and Korean, which write dates alike.

2023年5月8日, 2023년 5월 8일, 上周五, 先週の金曜日, 三天前. Words are not parted by blanks here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mnemic.language import calendars, periods
from mnemic.language.forms import (
    IN_CJK,
    Form,
    Match,
    Reading,
    any_of,
    date_of,
    once_a_year,
    phrases_of,
)
from mnemic.language.periods import Now, Period


def forms() -> Iterator[Form]:
    """The forms, in the order in which they take their stretches of a text."""
    digits = "".join(calendars.CJK_DIGITS)
    number = rf"(?:\d{{1,2}}|[{digits}十]{{1,3}})"
    phrases = phrases_of(calendars.PHRASES_WITHOUT_BLANKS)
    years = {phrase: by for phrase, (unit, by) in phrases.items() if unit == "year"}
    which = rf"(?:(?P<year>\d{{4}}|[{digits}]{{4}})\s*[年년]|(?P<which>{any_of(years)})の?)"

    def of_date(m: Match, now: Now) -> list[Reading]:
        month, day = _cjk_number(m["month"]), _cjk_number(m["day"]) if m["day"] else 0

        def of_year(year: int) -> Period:
            return date_of(year, month, day) if day else periods.month(year * 12 + month - 1)

        if m["year"]:
            return [of_year(_cjk_year(m["year"]))]
        if m["which"]:
            return [of_year(now.date.year + years[m["which"]])]
        return once_a_year(of_year, None, None, now)

    yield Form(
        re.compile(
            rf"{which}?\s*(?<![\d{digits}十])(?P<month>{number})\s*[月월]份?\s*"
            rf"(?:(?P<day>{number})\s*[日号號일])?"
        ),
        of_date,
        IN_CJK,
    )

    def of_season(m: Match, now: Now) -> list[Reading]:
        begins = calendars.CJK_SEASONS[m["season"]]
        if m["year"]:
            return [periods.season(_cjk_year(m["year"]), begins)]
        if m["which"]:
            return [periods.season(now.date.year + years[m["which"]], begins)]
        if m["whole"]:
            return once_a_year(lambda year: periods.season(year, begins), None, None, now)
        return []  # a character of a name

    yield Form(
        re.compile(rf"{which}?の?(?P<season>[春夏秋冬])(?P<whole>[天季])?"), of_season, IN_CJK
    )
    yield Form(
        re.compile(rf"(?<!\d)(\d{{4}}|(?<![{digits}])[{digits}]{{4}})\s*[年년](?![前间間後后])"),
        lambda m, now: [periods.year(_cjk_year(m[1]))],
        IN_CJK,
    )
    yield Form(
        re.compile(r"(?<![\d月])(\d{1,2})[号號](?![楼樓线線院房])"),
        lambda m, now: [_day_of_month(int(m[1]), now)],
        IN_CJK,
    )
    units = rf"(?P<unit>{any_of(calendars.CJK_UNITS)})"
    count = rf"(?P<count>\d{{1,5}}|[{digits}十]{{1,5}}|[几幾数數])\s*"
    yield Form(
        re.compile(rf"(?:{count}{units}|(?P<half>半年))\s*(?:以前|之前|前|전)"),
        lambda m, now: [
            periods.distant(now, "month", 6, 6, -1)
            if m["half"]
            else periods.distant(now, calendars.CJK_UNITS[m["unit"]], *_cjk_count(m["count"]), -1)
        ],
        IN_CJK,
    )
    yield Form(
        re.compile(rf"(?:最近|过去|過去|近|这|這|지난)\s*(?:的)?{count}{units}"),
        lambda m, now: [
            periods.up_to_now(now, calendars.CJK_UNITS[m["unit"]], _cjk_count(m["count"])[1])
        ],
        IN_CJK,
    )
    weeks = {"上上": -2, "上": -1, "这": 0, "這": 0, "本": 0, "今": 0, "下": 1}
    yield Form(
        re.compile(
            r"(?P<week>上上|[上这這本今下])?[个個]?(?:周|週|星期|礼拜|禮拜)(?P<day>[一二三四五六日天])"
        ),
        lambda m, now: [
            _cjk_weekday(
                "一二三四五六日".index(m["day"].replace("天", "日")), m["week"], weeks, now
            )
        ],
        IN_CJK,
    )
    east = {"先週": -1, "今週": 0, "来週": 1, "지난주": -1, "이번주": 0, "다음주": 1}
    yield Form(
        re.compile(
            rf"(?:(?P<week>{any_of(east)})の?\s*)?(?:(?P<day>[月火水木金土日])曜|(?P<day2>[월화수목금토일])요일)"
        ),
        lambda m, now: [
            _cjk_weekday(
                "月火水木金土日".index(m["day"]) if m["day"] else "월화수목금토일".index(m["day2"]),
                m["week"],
                east,
                now,
            )
        ],
        IN_CJK,
    )
    yield Form(
        re.compile(any_of(phrases)),
        lambda m, now: [periods.shifted(now, *phrases[m[0]])],
        IN_CJK,
    )


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
        return int(said)
    if "十" not in said:
        return int("".join(str(calendars.CJK_DIGITS[digit]) for digit in said))
    tens, _, ones = said.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise ValueError(f"not a number: {said}")
    return calendars.CJK_DIGITS.get(tens, 1) * 10 + calendars.CJK_DIGITS.get(ones, 0)


def _cjk_count(said: str) -> tuple[int, int]:
    if said in "几幾数數":
        return 2, 5
    number = _cjk_number(said)
    return number, number
