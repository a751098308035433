"""The ways in which files write a time.

`Moment.parse` reads ISO 8601; this file adds what exports and logs hold: seconds, milliseconds,
microseconds or nanoseconds since 1970, RFC 2822 dates, slashes with the year first, and English
dates in prose ("1:56 pm on 8 May, 2023", "March-15-2024"). 03/04/2025 is refused: it is two days.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from mnemic.core.clock import Moment, Precision
from mnemic.core.errors import SourceError, TimestampError
from mnemic.core.records import Json

_NUMBER = re.compile(r"-?\d{9,20}(\.\d+)?\Z")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DATES = (
    re.compile(r"\b(?P<year>\d{4})[-/](?P<number>\d{1,2})[-/](?P<day>\d{1,2})\b"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH},?[\s-]+(?P<year>\d{{4}})\b"
    ),
    re.compile(rf"\b{_MONTH}[\s-]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[\s-]+(?P<year>\d{{4}})\b"),
)
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?m\b)?", re.I
)


def moment(value: Json, zone: tzinfo, where: str) -> Moment | None:
    """A time as files write it; None for what is absent (null, "").

    A number is read by its size: seconds up to the year 5138, then milli-, micro-, nanoseconds.
    Raises SourceError, beginning with `where`, for what is no time.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        return Moment.parse(_plain(value), zone)
    except TimestampError as reason:
        mailed = _mailed(value)
        if mailed is None:
            raise SourceError(f"{where}: {reason}") from None
        return Moment.parse(mailed, zone)


def in_prose(text: str, zone: tzinfo) -> Moment | None:
    """The first date in a text, with the clock time beside it if there is one; else None.

    >>> from datetime import UTC
    >>> str(in_prose("1:56 pm on 8 May, 2023", UTC))
    '2023-05-08T13:56Z'
    >>> str(in_prose("Session 3 (2025-06-02)", UTC))
    '2025-06-02'
    """
    for form in _DATES:
        for found in form.finditer(text):
            month = _month(found.groupdict())
            if month:
                rest = text[: found.start()] + " " + text[found.end() :]
                return _built(int(found["year"]), month, int(found["day"]), rest, zone)
    return None


def clock(text: str) -> tuple[int, int, int | None] | None:
    """Hour, minute and second (None when not given) of the first clock time in a text."""
    found = _CLOCK.search(text)
    if not found:
        return None
    hour, minute = int(found["hour"]), int(found["minute"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (found["half"][0] in "pP")
    second = int(found["second"]) if found["second"] else None
    return (hour, minute, second) if hour < 24 and minute < 60 and (second or 0) < 60 else None


def _plain(value: Json) -> Json:
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.match(text):
            text = _YEAR_FIRST.sub(r"\1-\2-\3", text, count=1)
            text = re.sub(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", _padded, text, count=1)
            return re.sub(
                r"\s*\b(UTC|GMT|utc)\Z", "Z", re.sub(r"\s+(?=[+-]\d\d:?\d\d\Z)", "", text)
            )
        value = float(text) if "." in text else int(text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        for bound, scale in ((1e17, 10**9), (1e14, 10**6), (1e11, 10**3)):
            if bound <= abs(value) < 1e20:
                return value / scale
    return value


def _padded(date: re.Match[str]) -> str:
    return f"{date[1]}-{int(date[2]):02d}-{int(date[3]):02d}"


def _mailed(value: Json) -> datetime | None:
    """A date as mail writes it: Mon, 02 Jun 2025 10:00:00 +0000."""
    if not isinstance(value, str) or not re.match(
        r"([A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} ", value
    ):
        return None
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value)
    except (ValueError, OverflowError, IndexError):
        return None


def _month(groups: dict[str, str | None]) -> int | None:
    name = (groups.get("month") or "").lower()
    if not name:
        return int(groups["number"] or 0)
    names = [index for index, month in enumerate(_MONTHS, 1) if month.startswith(name[:3])]
    return names[0] if names and _MONTHS[names[0] - 1].startswith(name[:4]) else None


def _built(year: int, month: int, day: int, rest: str, zone: tzinfo) -> Moment | None:
    at = clock(rest)
    try:
        if at is None:
            return Moment.parse(datetime(year, month, day).date(), zone)
        hour, minute, second = at
        whole = Moment.parse(datetime(year, month, day, hour, minute, second or 0), zone)
    except (ValueError, TimestampError):
        return None
    precision = Precision.MINUTE if second is None else Precision.SECOND
    return Moment(whole.micros, whole.offset, precision)
