"""Calendar arithmetic: known days, and laws that hold on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.language import periods
from mnemic.language.periods import DAY, Now, Period

DAYS = st.dates(date(1950, 1, 1), date(2150, 1, 1))


def now(day: date, *, ahead: bool = False) -> Now:
    return Now(Moment.parse(day), ahead)


def first_day(period: Period) -> date:
    return date(1970, 1, 1) + timedelta(days=period.start // DAY)


def length(period: Period) -> float:
    return (period.end - period.start) / DAY


@given(DAYS, st.integers(0, 6))
def test_weekdays_are_what_they_are_called(day: date, number: int) -> None:
    here = now(day)
    last, this, following = (periods.weekday(here, number, shift) for shift in (-1, 0, 1))
    assert {first_day(each).weekday() for each in (last, this, following)} == {number}
    assert timedelta(1) <= day - first_day(last) <= timedelta(7)
    assert timedelta(1) <= first_day(following) - day <= timedelta(7)
    assert first_day(this).isocalendar()[:2] == day.isocalendar()[:2]


@given(DAYS, st.sampled_from(["day", "week", "weekend", "month", "year", "decade"]))
def test_units_follow_one_another(day: date, unit: str) -> None:
    before, here, after = (periods.shifted(now(day), unit, by) for by in (-1, 0, 1))
    assert before.end <= here.start < here.end <= after.start
    if unit != "weekend":
        assert before.end == here.start and here.end == after.start
        assert first_day(here) <= day
    assert periods.shifted(now(first_day(here)), unit, 0) == here


@given(DAYS, st.integers(1, 12), st.booleans())
def test_a_month_without_a_year_is_the_latest_that_has_begun(
    day: date, number: int, ahead: bool
) -> None:
    found = periods.in_year(
        now(day, ahead=ahead), lambda year: periods.month(year * 12 + number - 1)
    )
    start = first_day(found)
    assert start.month == number
    if ahead:
        assert timedelta(-31) < start - day < timedelta(366)
    else:
        assert timedelta(0) <= day - start < timedelta(366)


@given(DAYS, st.integers(1, 12), st.sampled_from([-1, 1]))
def test_last_and_next_do_not_hold_today(day: date, number: int, shift: int) -> None:
    found = periods.in_year(now(day), lambda year: periods.month(year * 12 + number - 1), shift)
    today = periods.day(now(day).today)
    assert found.end <= today.start if shift < 0 else found.start > today.start


@given(DAYS, st.sampled_from(["day", "week", "month", "year"]), st.integers(1, 40))
def test_ago_lies_before_and_from_now_after(day: date, unit: str, count: int) -> None:
    here = now(day)
    past = periods.distant(here, unit, count, count, -1)
    coming = periods.distant(here, unit, count, count, 1)
    assert past.end <= here.clock + DAY and coming.start >= here.clock
    rolling = periods.up_to_now(here, unit, count)
    assert rolling.start < rolling.end == periods.day(here.today).end


@given(st.integers(1900, 2099))
def test_movable_feasts(year: int) -> None:
    easter = first_day(periods.easter(year))
    assert easter.weekday() == 6 and date(year, 3, 22) <= easter <= date(year, 4, 25)
    thanksgiving = first_day(periods.thanksgiving(year))
    assert thanksgiving.weekday() == 3 and 22 <= thanksgiving.day <= 28


@pytest.mark.parametrize("day", ["1961-04-02", "2000-04-23", "2019-04-21", "2024-03-31"])
def test_known_easters(day: str) -> None:
    assert first_day(periods.easter(int(day[:4]))) == date.fromisoformat(day)


def test_beside_a_day() -> None:
    day = periods.day(date(2023, 6, 9).toordinal())  # a Friday
    here = now(date(2024, 1, 1))

    def beside(unit: str, count: int, sign: int) -> tuple[str, float]:
        found = periods.beside(day, here, unit, count, sign)
        return str(first_day(found)), length(found)

    assert beside("day", 1, -1) == ("2023-06-08", 1)
    assert beside("day", 2, 1) == ("2023-06-11", 1)
    assert beside("week", 1, -1) == ("2023-06-02", 7)
    assert beside("week", 2, -1) == ("2023-05-23", 7)
    assert beside("weekend", 1, -1) == ("2023-06-03", 2)
    assert beside("weekend", 1, 1) == ("2023-06-10", 2)
    assert beside("month", 3, -1) == ("2023-03-01", 31)


def test_the_last_month_of_31_january_begins_in_december() -> None:
    assert first_day(periods.up_to_now(now(date(2023, 3, 31)), "month", 1)) == date(2023, 2, 28)


def test_beyond_the_calendar_is_an_error() -> None:
    for impossible in (lambda: periods.day(0), lambda: periods.year(10_000)):
        with pytest.raises(ValueError):
            impossible()
    assert periods.year(9999).end == periods.day(date.max.toordinal()).end
