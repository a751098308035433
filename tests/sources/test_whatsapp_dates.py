from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.sources.whatsapp_dates import Numbers, hour_of, on, order_of

days = st.dates(date(2010, 1, 1), date(2099, 12, 31))


def written(day: date, order: str, short: bool) -> Numbers:
    fields = {"Y": day.year % 100 if short else day.year, "M": day.month, "D": day.day}
    first, second, third = (fields[letter] for letter in order)
    return first, second, third


@settings(deadline=None, max_examples=100)
@given(days, st.sampled_from(["DMY", "MDY", "YMD"]), st.booleans())
def test_a_day_is_read_as_it_was_written(day: date, order: str, short: bool) -> None:
    assert on(written(day, order, short), order) == day


@settings(deadline=None, max_examples=100)
@given(days, st.lists(st.integers(0, 9), min_size=40, max_size=40), st.sampled_from(["DMY", "MDY"]))
def test_a_chat_of_some_weeks_tells_its_order(day: date, gaps: list[int], order: str) -> None:
    sequence = [day := day + timedelta(days=gap) for gap in gaps]
    known = sequence[-1] - sequence[0] > timedelta(days=45)
    if known and sequence[-1].year < 2100:
        numbers = [written(one, order, False) for one in sequence]
        assert order_of(numbers, None, False) == order_of(numbers, None, True) == order


def test_time_that_runs_backwards_decides_what_the_numbers_leave_open() -> None:
    assert order_of([(3, 4, 25), (4, 4, 25), (3, 5, 25)], None, True) == "DMY"
    assert order_of([(4, 3, 25), (4, 4, 25), (5, 3, 25)], None, False) == "MDY"
    assert order_of([(25, 6, 2), (25, 6, 12)], None, False) == "YMD"


def test_what_stays_open_is_decided_by_the_user_else_by_the_country() -> None:
    assert order_of([(3, 4, 25)], None, False) == "DMY"
    assert order_of([(3, 4, 25)], None, True) == "MDY"
    assert order_of([(3, 4, 25)], True, True) == "DMY"
    assert order_of([(13, 4, 25)], False, False) is None


def test_dates_that_contradict_each_other_have_no_order() -> None:
    assert order_of([(13, 4, 2025), (4, 13, 2025)], None, False) is None


def test_halves_of_the_day() -> None:
    assert [hour_of(12, "AM"), hour_of(12, "PM"), hour_of(3, "p. m."), hour_of(3, "م")] == [
        0,
        12,
        15,
        15,
    ]
    assert [hour_of(3, "오후"), hour_of(11, "上午"), hour_of(12, "凌晨"), hour_of(15, "PM")] == [
        15,
        11,
        0,
        15,
    ]
    assert on((2, 6, 2568), "DMY") == date(2025, 6, 2)  # the Thai calendar
