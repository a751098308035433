"""Calendar arithmetic: days, weeks, months and years around a day, as stretches of local time.

Weeks begin on Monday. All times here are microseconds since 1970 on the wall clock of the place
that `Now` is in; `Now.world` turns them into real ones. Texts and languages are not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from mnemic.core.clock import Micros, Moment, Precision

DAY: Final = 86_400_000_000
_SECONDS: Final = {"hour": 3600, "minute": 60, "second": 1}
_EPOCH: Final = date(1970, 1, 1).toordinal()
_END: Final = date.max.toordinal()


class Period(NamedTuple):
    """A stretch of local time."""

    start: Micros
    end: Micros
    """The first microsecond after it."""
    precision: Precision


@dataclass(frozen=True, slots=True)
class Now:
    """The day and the hour that expressions are relative to."""

    moment: Moment
    ahead: bool = False
    """Whether what is spoken of lies ahead: "8 May" is then the next one."""

    @property
    def date(self) -> date:
        """The local date."""
        return self.moment.as_datetime.date()

    @property
    def today(self) -> int:
        """The local date, in days since the year 1."""
        return self.date.toordinal()

    @property
    def month(self) -> int:
        """The local month, in months since the year 0."""
        return self.date.year * 12 + self.date.month - 1

    @property
    def clock(self) -> Micros:
        """The local time."""
        return self.moment.micros + self.moment.offset * 60_000_000

    def world(self, local: Micros) -> Micros:
        """Real microseconds since 1970 of a local time."""
        return local - self.moment.offset * 60_000_000


def days(first: int, past: int, precision: Precision = Precision.DAY) -> Period:
    """From a day up to but without another. Raises ValueError beyond the calendar."""
    if not 1 <= first < past <= _END + 1:
        raise ValueError(f"days {first} to {past} are not in the calendar")
    return Period((first - _EPOCH) * DAY, (past - _EPOCH) * DAY, precision)


def day(ordinal: int) -> Period:
    """One day."""
    return days(ordinal, ordinal + 1)


def months(first: int, past: int, precision: Precision = Precision.MONTH) -> Period:
    """From a month, counted since the year 0, up to but without another."""
    return days(_month(first), _month(past), precision)


def month(index: int) -> Period:
    """One month."""
    return months(index, index + 1)


def year(number: int, last: int | None = None) -> Period:
    """One year, or the years up to and with `last`."""
    return months(number * 12, (last or number) * 12 + 12, Precision.YEAR)


def season(number: int, begins: int) -> Period:
    """The three months from month `begins` of a year; winter reaches into the next."""
    return months(number * 12 + begins - 1, number * 12 + begins + 2)


def in_year(now: Now, of_year: Callable[[int], Period], shift: int | None = None) -> Period:
    """One of what comes once a year, such as May, 8 May or summer.

    `shift`: -1 the latest that is over, 0 this year's, 1 the next to begin; None the latest that
    has begun, or the next to end if `now.ahead`. Raises ValueError if there is none within 9 years.
    """
    today = day(now.today)
    here = now.date.year
    if shift == 0:
        return of_year(here)
    every = list(_valid(of_year, range(here - 9, here + 10)))
    if shift == -1:
        return max(each for each in every if each.end <= today.start)
    if shift == 1:
        return min(each for each in every if each.start > today.start)
    if now.ahead:
        return min(each for each in every if each.end > today.start)
    return max(each for each in every if each.start <= today.start)


def weekday(now: Now, number: int, shift: int | None = None) -> Period:
    """A day of the week, 0 for Monday.

    `shift`: -1 the latest before today, 0 this week's, 1 the next after today; None as -1, or as 1
    if `now.ahead`.
    """
    if shift == 0:
        return weekday_of_week(now, number, 0)
    if shift == 1 or (shift is None and now.ahead):
        return day(now.today + 1 + (number - now.date.weekday() - 1) % 7)
    return day(now.today - 1 - (now.date.weekday() - 1 - number) % 7)


def weekday_of_week(now: Now, number: int, weeks: int) -> Period:
    """A day of this week, or of the week `weeks` later."""
    return day(_monday(now.today) + 7 * weeks + number)


def shifted(now: Now, unit: str, by: int) -> Period:
    """The calendar unit `by` units after the present one: yesterday is ("day", -1)."""
    if unit == "day":
        return day(now.today + by)
    if unit == "week":
        return days(_monday(now.today) + 7 * by, _monday(now.today) + 7 * by + 7)
    if unit == "weekend":
        return days(_monday(now.today) + 7 * by + 5, _monday(now.today) + 7 * by + 7)
    if unit == "month":
        return month(now.month + by)
    if unit == "decade":
        decade = now.date.year // 10 * 10 + 10 * by
        return year(decade, decade + 9)
    return year(now.date.year + by)


def distant(now: Now, unit: str, least: int, most: int, sign: int) -> Period:
    """From `most` to `least` units ago (`sign` -1) or ahead (1), as wide as people mean it.

    Days are days; "two weeks ago" is the week around that day; months and years are whole; of
    hours, half of one is left open on each side.
    """
    ends = sorted((sign * least, sign * most))
    if unit in _SECONDS:
        length = _SECONDS[unit] * 1_000_000
        middle = [now.clock + end * length for end in ends]
        return Period(middle[0] - length // 2, middle[1] + length // 2, Precision.HOUR)
    if unit in ("week", "fortnight"):
        step = 7 if unit == "week" else 14
        return days(now.today + ends[0] * step - 3, now.today + ends[1] * step + 4)
    first, last = (shifted(now, unit, end) for end in ends)
    return Period(first.start, last.end, first.precision)


def up_to_now(now: Now, unit: str, count: int) -> Period:
    """The last `count` units, up to the end of today."""
    return Period(_back(now, unit, count), day(now.today).end, Precision.DAY)


def beside(anchor: Period, now: Now, unit: str, count: int, sign: int) -> Period:
    """The `count`th unit before (`sign` -1) or after (1) a period: "two weeks before 9 June".

    One week, month or year is the whole of it that adjoins the period.
    """
    edge = anchor.start if sign < 0 else anchor.end - DAY
    there = Now(Moment(now.world(edge), now.moment.offset))
    if count == 1 and unit in ("week", "month", "year"):
        length = {"week": 7, "month": 30, "year": 365}[unit] * DAY
        if sign < 0:
            return Period(anchor.start - length, anchor.start, Precision.DAY)
        return Period(anchor.end, anchor.end + length, Precision.DAY)
    if unit == "weekend" and sign > 0 and shifted(there, unit, 0).start >= anchor.end:
        count -= 1  # the weekend after a Friday is the next day
    return distant(there, unit, count, count, sign)


def between(first: Period, last: Period) -> Period:
    """From the beginning of one to the end of the other. Raises ValueError if they are reversed."""
    if last.end <= first.start:
        raise ValueError("it ends before it begins")
    return Period(first.start, last.end, min(first.precision, last.precision))


def before(anchor: Period) -> Period:
    """Everything up to a period."""
    return Period(days(1, 2).start, anchor.start, anchor.precision)


def after(anchor: Period) -> Period:
    """Everything from the end of a period."""
    return Period(anchor.end, day(_END).start, anchor.precision)


def easter(number: int) -> Period:
    """Easter Sunday of a year, by the anonymous Gregorian computus (Nature, 1876)."""
    cycle = number % 19
    century, rest = divmod(number, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * cycle + century - century // 4 - correction + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (cycle + 11 * epact + 22 * sunday) // 451
    place = epact + sunday - 7 * late + 114
    return day(date(number, place // 31, place % 31 + 1).toordinal())


def thanksgiving(number: int) -> Period:
    """The fourth Thursday of November."""
    first = date(number, 11, 1)
    return day(first.toordinal() + (3 - first.weekday()) % 7 + 21)


def _back(now: Now, unit: str, count: int) -> Micros:
    if unit in _SECONDS:
        return now.clock - count * _SECONDS[unit] * 1_000_000
    if unit in ("month", "year", "decade"):
        index = now.month - count * {"month": 1, "year": 12, "decade": 120}[unit]
        begins = _month(index)
        length = _month(index + 1) - begins
        return day(begins + min(now.date.day, length) - 1).start
    return day(now.today - count * {"week": 7, "weekend": 7, "fortnight": 14}.get(unit, 1)).start


def _valid(of_year: Callable[[int], Period], numbers: range) -> Iterator[Period]:
    for number in numbers:
        try:
            yield of_year(number)
        except ValueError:  # 29 February
            continue


def _month(index: int) -> int:
    """The first day of a month; the one after the calendar's last is allowed as an end."""
    if index == (date.max.year + 1) * 12:
        return _END + 1
    return date(index // 12, index % 12 + 1, 1).toordinal()


def _monday(ordinal: int) -> int:
    return ordinal - (ordinal - 1) % 7  # day 1 was a Monday
