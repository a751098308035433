"""Points in time as the world gives them: an instant, the zone it was said in, how exact it is.

"May 2025" and "2025-05-01T00:00:00Z" begin at the same microsecond and do not mean the same: the
first is a month long. A `Moment` keeps the precision, so that priors and answers can respect it.
Naive times are read in the zone the caller names; nothing here reads the machine's clock except
`system_clock`, which the engine passes around as a value (a `Clock`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import IntEnum
from typing import TypeAlias

from mnemic.core.errors import TimestampError

Micros: TypeAlias = int
"""Microseconds since 1970-01-01T00:00Z."""

Clock: TypeAlias = Callable[[], Micros]

TimeLike: TypeAlias = "Moment | datetime | date | str | int | float"
"""What users may write for a time: ISO 8601 text, a datetime, a date, or seconds since 1970."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2}))?\Z")
_CLOCK = re.compile(r"[T ]\d\d(:?\d\d)?(:?\d\d)?")
_REMEDY = (
    'Give ISO 8601 text such as "2025-06-02T10:00Z", "2025-06-02" or "2025-06", a datetime, '
    "or seconds since 1970"
)


class Precision(IntEnum):
    """How exact a time is; a larger number is finer."""

    YEAR = 1
    MONTH = 2
    DAY = 3
    HOUR = 4
    MINUTE = 5
    SECOND = 6


def system_clock() -> Micros:
    """The machine's time in microseconds since 1970."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An instant with the zone it was given in and its precision.

    >>> Moment.parse("2025-06").precision.name
    'MONTH'
    >>> str(Moment.parse("2025-06-02T10:00+02:00"))
    '2025-06-02T10:00+02:00'
    """

    micros: Micros
    offset: int = 0
    """Minutes east of Greenwich, as the source wrote it."""
    precision: Precision = Precision.SECOND

    @staticmethod
    def parse(value: TimeLike, zone: tzinfo = UTC) -> Moment:
        """Read what a user or a file wrote; a time without a zone is read in `zone`.

        Raises TimestampError, with the value, for anything else than `TimeLike` describes.
        """
        if isinstance(value, Moment):
            return value
        try:
            if isinstance(value, bool):
                raise ValueError("a truth value")
            if isinstance(value, datetime):
                return Moment._of(value, zone, Precision.SECOND)
            if isinstance(value, date):
                return Moment._of(datetime(value.year, value.month, value.day), zone, Precision.DAY)
            if isinstance(value, int | float):
                return Moment._of(_EPOCH + timedelta(seconds=value), zone, Precision.SECOND)
            return Moment._text(value.strip().upper(), zone)
        except (ValueError, TypeError, OverflowError, AttributeError) as reason:
            raise TimestampError(f"not a time: {value!r} ({reason}). {_REMEDY}") from None

    @staticmethod
    def _text(text: str, zone: tzinfo) -> Moment:
        partial = _PARTIAL.match(text)
        if partial:
            month = int(partial[2] or 1)
            precision = Precision.MONTH if partial[2] else Precision.YEAR
            return Moment._of(datetime(int(partial[1]), month, 1), zone, precision)
        clock = _CLOCK.search(text)
        if clock is None:
            day = datetime.combine(date.fromisoformat(text), datetime.min.time())
            return Moment._of(day, zone, Precision.DAY)
        exact = Precision.MINUTE if clock[1] else Precision.HOUR
        precision = Precision.SECOND if clock[2] else exact
        return Moment._of(datetime.fromisoformat(text), zone, precision)

    @staticmethod
    def _of(moment: datetime, zone: tzinfo, precision: Precision) -> Moment:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        # Zones of old have odd seconds: rounded up, midnight stays on its own day.
        offset = -(-(moment.utcoffset() or timedelta()) // timedelta(minutes=1))
        made = Moment((moment - _EPOCH) // _MICRO, offset, precision)
        made.as_datetime  # noqa: B018 - raises OverflowError outside the years 1 to 9999
        return made

    @property
    def as_datetime(self) -> datetime:
        """The instant as an aware datetime in the zone it was given in."""
        zone = timezone(timedelta(minutes=self.offset)) if self.offset else UTC
        return (_EPOCH + timedelta(microseconds=self.micros)).astimezone(zone)

    @property
    def end(self) -> Micros:
        """The first microsecond after the span that the precision leaves open."""
        here = self.as_datetime
        days = {Precision.YEAR: 366, Precision.MONTH: 31}.get(self.precision)
        if days is None:
            spans = {Precision.DAY: 86400, Precision.HOUR: 3600, Precision.MINUTE: 60}
            return self.micros + spans.get(self.precision, 1) * 1_000_000
        month = 1 if self.precision is Precision.YEAR else here.month
        begin = datetime(here.year, month, 1, tzinfo=here.tzinfo)
        if begin > _LAST - timedelta(days=days):
            return self.micros + days * 86400 * 1_000_000  # no later year can be written
        return ((begin + timedelta(days=days)).replace(day=1) - _EPOCH) // _MICRO

    def __str__(self) -> str:
        """ISO 8601, cut to the precision; Greenwich is written as Z."""
        here = self.as_datetime
        length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}.get(self.precision)
        if length is not None:
            return here.isoformat()[:length]
        clock = {Precision.HOUR: "hours", Precision.MINUTE: "minutes"}.get(self.precision)
        text = here.isoformat(timespec=clock or ("microseconds" if here.microsecond else "seconds"))
        return text.removesuffix("+00:00") + "Z" if self.offset == 0 else text
