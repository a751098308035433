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
_MICRO = timedelta(microseconds=1)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2}))?\Z")
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
            return Moment._text(value.strip(), zone)
        except (ValueError, TypeError, OverflowError, AttributeError) as reason:
            raise TimestampError(f"not a time: {value!r} ({reason}). {_REMEDY}") from None

    @staticmethod
    def _text(text: str, zone: tzinfo) -> Moment:
        partial = _PARTIAL.match(text)
        if partial:
            month = int(partial[2] or 1)
            precision = Precision.MONTH if partial[2] else Precision.YEAR
            return Moment._of(datetime(int(partial[1]), month, 1), zone, precision)
        if "T" not in text and " " not in text:
            return Moment._of(datetime.fromisoformat(text), zone, Precision.DAY)
        colons = re.split(r"[T ]", text, maxsplit=1)[1].split("+")[0].split("-")[0].count(":")
        precision = {0: Precision.HOUR, 1: Precision.MINUTE}.get(colons, Precision.SECOND)
        return Moment._of(datetime.fromisoformat(text), zone, precision)

    @staticmethod
    def _of(moment: datetime, zone: tzinfo, precision: Precision) -> Moment:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        offset = moment.utcoffset() or timedelta()
        return Moment((moment - _EPOCH) // _MICRO, round(offset.total_seconds() / 60), precision)

    @property
    def as_datetime(self) -> datetime:
        """The instant as an aware datetime in the zone it was given in."""
        zone = timezone(timedelta(minutes=self.offset)) if self.offset else UTC
        return (_EPOCH + timedelta(microseconds=self.micros)).astimezone(zone)

    @property
    def end(self) -> Micros:
        """The first microsecond after the span that the precision leaves open."""
        here = self.as_datetime
        if self.precision is Precision.YEAR:
            until = here.replace(year=here.year + 1) if here.year < 9999 else here
        elif self.precision is Precision.MONTH:
            until = (here.replace(day=1) + timedelta(days=32)).replace(day=1)
        else:
            seconds = {Precision.DAY: 86400, Precision.HOUR: 3600, Precision.MINUTE: 60}
            until = here + timedelta(seconds=seconds.get(self.precision, 1))
        return (until - _EPOCH) // _MICRO

    def __str__(self) -> str:
        """ISO 8601, cut to the precision; midnight in Greenwich is written with a Z."""
        here = self.as_datetime
        shapes = {Precision.YEAR: "%Y", Precision.MONTH: "%Y-%m", Precision.DAY: "%Y-%m-%d"}
        if self.precision in shapes:
            return here.strftime(shapes[self.precision])
        clock = {Precision.HOUR: "minutes", Precision.MINUTE: "minutes"}.get(self.precision)
        text = here.isoformat(timespec=clock or ("microseconds" if here.microsecond else "seconds"))
        return text.removesuffix("+00:00") + "Z" if self.offset == 0 else text
