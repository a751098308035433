from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from mnemic.core.errors import SourceError
from mnemic.sources.times import clock, in_prose, moment


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (1748858400, "2025-06-02T10:00:00Z"),
        (1748858400.5, "2025-06-02T10:00:00.500000Z"),
        (1748858400000, "2025-06-02T10:00:00Z"),
        (1748858400000000, "2025-06-02T10:00:00Z"),
        (1748858400000000000, "2025-06-02T10:00:00Z"),
        ("1748858400", "2025-06-02T10:00:00Z"),
        ("1748858400.000100", "2025-06-02T10:00:00.000100Z"),
        ("2025-06-02T10:00:00.000Z", "2025-06-02T10:00:00Z"),
        ("2025-06-02 10:00:00 UTC", "2025-06-02T10:00:00Z"),
        ("2025-06-02 10:00:00 +0200", "2025-06-02T10:00:00+02:00"),
        ("2025/6/2 10:00", "2025-06-02T10:00Z"),
        ("2025-06-02", "2025-06-02"),
        ("2025-06", "2025-06"),
        ("Mon, 02 Jun 2025 10:00:00 +0000", "2025-06-02T10:00:00Z"),
    ],
)
def test_what_files_write(written: Any, meant: str) -> None:
    assert str(moment(written, UTC, "line 1")) == meant


def test_a_time_without_a_zone_is_read_in_the_zone() -> None:
    zone = timezone(timedelta(hours=-3))
    assert str(moment("2025-06-02T10:00:00", zone, "")) == "2025-06-02T10:00:00-03:00"
    assert str(moment("2025-06-02T10:00:00Z", zone, "")) == "2025-06-02T10:00:00Z"


@pytest.mark.parametrize("absent", [None, "", "  "])
def test_nothing_is_no_time(absent: Any) -> None:
    assert moment(absent, UTC, "") is None


@pytest.mark.parametrize(
    "wrong",
    [
        "yesterday",
        "03/04/2025",
        "2025-13-01",
        "2025-02-30T10:00",
        True,
        [2025],
        {"$date": 1},
        1e300,
        "9" * 400,
    ],
)
def test_what_is_no_time_names_the_line_and_the_remedy(wrong: Any) -> None:
    with pytest.raises(SourceError, match=r"^line 17: not a time: .*ISO 8601"):
        moment(wrong, UTC, "line 17")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1:56 pm on 8 May, 2023", "2023-05-08T13:56Z"),
        ("12:09 am on 13 September, 2023", "2023-09-13T00:09Z"),
        ("2023/05/30 (Tue) 23:40", "2023-05-30T23:40Z"),
        ("March-15-2024", "2024-03-15"),
        ("June 2nd, 2025", "2025-06-02"),
        ("Session 3 (2025-06-02)", "2025-06-02"),
        ("2025-06-02 10:00:05", "2025-06-02T10:00:05Z"),
    ],
)
def test_dates_in_prose(text: str, meant: str) -> None:
    assert str(in_prose(text, UTC)) == meant


@pytest.mark.parametrize(
    "text", ["no date", "30 February 2025", "3/4/2025", "12 Maybe 2025", "v1.2.3"]
)
def test_no_date_in_prose(text: str) -> None:
    assert in_prose(text, UTC) is None


def test_clock_times() -> None:
    assert clock("at 12:05 AM") == (0, 5, None)
    assert clock("23:59:59") == (23, 59, 59)
    assert clock("13:00 pm") is None
    assert clock("25:00") is None
