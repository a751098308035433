"""Times: what people write is read as they mean it, and written back the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.clock import Moment, Precision, TimeLike, system_clock
from mnemic.core.errors import InputError, TimestampError
from mnemic.testing.strategies import moments

YEAR, MONTH, DAY, HOUR, MINUTE, SECOND = Precision
LISBON = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("given", "written", "precision"),
    [
        ("2025", "2025", YEAR),
        ("0999", "0999", YEAR),
        ("2025-06", "2025-06", MONTH),
        ("2025-6", "2025-06", MONTH),
        ("2025-06-02", "2025-06-02", DAY),
        ("20250602", "2025-06-02", DAY),
        ("2025-W23-1", "2025-06-02", DAY),
        (" 2025-06-02\n", "2025-06-02", DAY),
        (date(2025, 6, 2), "2025-06-02", DAY),
        ("2025-06-02T10", "2025-06-02T10Z", HOUR),
        ("2025-06-02T10+02:00", "2025-06-02T10+02:00", HOUR),
        ("2025-06-02T10:00Z", "2025-06-02T10:00Z", MINUTE),
        ("2025-06-02 10:00", "2025-06-02T10:00Z", MINUTE),
        ("2025-06-02t10:00z", "2025-06-02T10:00Z", MINUTE),
        ("20250602T1000", "2025-06-02T10:00Z", MINUTE),
        ("2025-06-02T10:00-05:30", "2025-06-02T10:00-05:30", MINUTE),
        ("2025-06-02T10:00:00", "2025-06-02T10:00:00Z", SECOND),
        ("20250602T100000Z", "2025-06-02T10:00:00Z", SECOND),
        ("2025-06-02T10:00:00.25+09:00", "2025-06-02T10:00:00.250000+09:00", SECOND),
        (datetime(2025, 6, 2, 10), "2025-06-02T10:00:00Z", SECOND),
        (datetime(2025, 6, 2, 10, tzinfo=LISBON), "2025-06-02T10:00:00+01:00", SECOND),
        (0, "1970-01-01T00:00:00Z", SECOND),
        (-1.5, "1969-12-31T23:59:58.500000Z", SECOND),
        (1_748_858_400, "2025-06-02T10:00:00Z", SECOND),
        ("0001-01-01", "0001-01-01", DAY),
        ("9999-12-31", "9999-12-31", DAY),
    ],
)
def test_what_is_read(given: TimeLike, written: str, precision: Precision) -> None:
    moment = Moment.parse(given)
    assert (str(moment), moment.precision) == (written, precision)


@pytest.mark.parametrize(
    "given",
    [
        "", "soon", "2025-13", "2025-02-30", "2025-06-02_10:00", "2025-06-02T25:00", "12/05/2025",
        "2025-06-02T10:00+99:00", "10:00", "２０２５-06-02x", True, None, [], b"2025", float("nan"),
        float("inf"), 10**30, 1_748_858_400_000, "0001-01-01T00:00+14:00", "9999-12-31T23:00-02:00",
    ],
)  # fmt: skip
def test_what_cannot_be_read(given: object) -> None:
    with pytest.raises(TimestampError, match=r"not a time: .*Give ISO 8601 text such as"):
        Moment.parse(given)  # type: ignore[arg-type]
    assert issubclass(TimestampError, InputError)


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        (UTC, "2025-06-02T10:00Z"),
        (LISBON, "2025-06-02T10:00+01:00"),
        (ZoneInfo("America/New_York"), "2025-06-02T10:00-04:00"),
        (ZoneInfo("Asia/Kolkata"), "2025-06-02T10:00+05:30"),
    ],
)
def test_naive_times_are_read_in_the_zone_that_is_named(zone: tzinfo, written: str) -> None:
    assert str(Moment.parse("2025-06-02T10:00", zone)) == written
    assert str(Moment.parse("2025-06-02T10:00+03:00", zone)) == "2025-06-02T10:00+03:00"


def test_midnight_stays_on_its_day_where_zones_had_odd_seconds() -> None:
    for zone in ("Europe/Amsterdam", "America/New_York", "Africa/Monrovia"):
        assert str(Moment.parse("1880-03-01", ZoneInfo(zone))) == "1880-03-01"


def test_a_moment_is_read_as_it_is() -> None:
    moment = Moment(5, 60, Precision.DAY)
    assert Moment.parse(moment, LISBON) is moment


@given(moments())
def test_round_trip(moment: Moment) -> None:
    zone = timezone(timedelta(minutes=moment.offset))
    assert Moment.parse(str(moment), zone) == moment


@given(moments())
def test_as_datetime_is_the_same_instant(moment: Moment) -> None:
    here = moment.as_datetime
    assert here.utcoffset() == timedelta(minutes=moment.offset)
    assert Moment.parse(here).micros == moment.micros


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ("2023", 365), ("2024", 366), ("2024-02", 29), ("2025-02", 28), ("2025-12", 31),
        ("2025-06-02", 1), ("9999", 366), ("9999-12", 31), ("9999-12-31", 1), ("1999", 365),
    ],
)  # fmt: skip
def test_the_span_that_is_left_open(given: str, days: int) -> None:
    moment = Moment.parse(given)
    assert moment.end - moment.micros == days * 86_400_000_000


@given(moments(), st.integers(1, 5))
def test_a_span_ends_where_the_next_begins(moment: Moment, coarser: int) -> None:
    assert moment.end > moment.micros
    precision = Precision(min(coarser, moment.precision))
    start = Moment.parse(str(Moment(moment.micros, moment.offset, precision)), _zone(moment))
    assert start.micros <= moment.micros < start.end
    following = Moment(start.end, start.offset, precision)
    assert Moment.parse(str(following), _zone(moment)).micros == start.end


def _zone(moment: Moment) -> tzinfo:
    return timezone(timedelta(minutes=moment.offset))


@given(moments(), moments())
def test_moments_are_ordered_by_instant(one: Moment, other: Moment) -> None:
    if one.micros != other.micros:
        assert (one < other) == (one.micros < other.micros)


def test_the_system_clock_counts_microseconds() -> None:
    assert abs(system_clock() / 1e6 - datetime.now(UTC).timestamp()) < 5
