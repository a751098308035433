"""Dates as words, and the periods that a text names.

`date_words` is indexed with a turn, so that "8 May 2023" finds what was said then (+2.5 points of
R@10 on LoCoMo). `spans` reads the periods out of a question, so that what was said in them is
preferred (+1.4). Relative expressions are resolved against `now`, in its zone.

A memory is asked about the past: "May", "8 May", "Friday" and "summer" without a year are the
latest that has begun, unless the text speaks of the future or says `next`. "05/08/2023" has two
readings and gives both, since a span is a preference and never a filter. Seasons are those of the
northern hemisphere, weeks begin on Monday, and "two weeks ago" is a week long.

English in full; Portuguese, Spanish, German, French, Italian, Chinese, Japanese and Korean for
dates, weekdays, `yesterday`, `last week`, `two weeks ago` and the like. `expressions.py` finds
them, `periods.py` does the arithmetic, `calendars.py` has the names; here they are put together:
"between May and July", "since Friday", "the week before 9 June".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mnemic.core.clock import Micros, Moment, Precision
from mnemic.language import calendars, periods
from mnemic.language.expressions import Expression, expressions
from mnemic.language.periods import Now, Period

_LONGEST: Final = 4096
"""Characters of a question that are read."""

_AHEAD: Final = re.compile(
    r"\b(?:will|shall|going to|gonna|upcoming|coming up|vai|vou|vamos|va a|voy a|wird|werde|werden"
    r"|wirst|vais|vont|sera|será)\b|将|將|打算|予定|つもり|할 ?것|예정"
)
_UNITS: Final = "|".join(sorted(calendars.UNITS, key=len, reverse=True))
_COUNTS: Final = "|".join(sorted(calendars.COUNTS, key=len, reverse=True))
_WEEKDAYS: Final = {name: day for day, name in enumerate(calendars.WEEKDAYS["english"])}

_BESIDE = re.compile(
    rf"(?<!\w)(?P<count>\d{{1,4}}|last|{_COUNTS})\s+(?:(?P<unit>{_UNITS})|(?P<weekday>"
    rf"{'|'.join(_WEEKDAYS)}))\s+(?P<side>before|prior to|preceding|leading up to|after|following)"
    r"\s+(?:the\s+)?\Z"
)
_SIDE = re.compile(
    r"(?<!\w)(?P<side>since|starting|desde|seit|depuis|ab|before|prior to|until|till|up to|"
    r"antes de|até|hasta|vor dem|bis|avant|jusqu'au|after|following|depois de|después de|nach|"
    r"nach dem|après)\s+(?:the\s+|el\s+|le\s+|dem\s+)?\Z"
)
_SIDES: Final = {
    **dict.fromkeys(("since", "starting", "desde", "seit", "depuis", "ab"), "since"),
    **dict.fromkeys(("before", "prior to", "until", "till", "up to", "antes de", "até"), "before"),
    **dict.fromkeys(("hasta", "vor dem", "bis", "avant", "jusqu'au"), "before"),
    **dict.fromkeys(("after", "following", "depois de", "después de", "nach", "nach dem"), "after"),
    "après": "after",
}
_PAIR = re.compile(r"(?<!\w)(?:between|entre|zwischen)\s+(?:the\s+|dem\s+|le\s+)?\Z|从|從|自")
_AND: Final = frozenset({"and", "to", "e", "y", "und", "et", "a", "au", "bis", "und dem", "et le"})
_TO: Final = frozenset(
    {"to", "-", "–", "—", "~", "until", "till", "through", "bis", "até", "hasta"}
    | {"到", "至", "から", "부터"}
)


@dataclass(frozen=True, slots=True, order=True)
class DateSpan:
    """A period that a text names."""

    start: Micros
    end: Micros
    """The first microsecond after it."""
    precision: Precision
    text: str
    """The words that name it."""
    place: int
    """Where they begin in the text."""


def date_words(moment: Moment, language: str = "english") -> str:
    """The words by which a time is looked up, to be indexed with what was said then.

    As exact as the moment is, in the zone that it was given in; `language` names month and weekday
    (English where it has no table).

    >>> date_words(Moment.parse("2023-05-08T13:56Z"))
    '8 may 2023 monday 2023-05-08'
    >>> date_words(Moment.parse("2023-05"), "portuguese")
    'maio 2023 2023-05'
    """
    here = moment.as_datetime
    year = f"{here.year:04}"
    if moment.precision is Precision.YEAR:
        return year
    english = calendars.MONTHS["english"]
    month = calendars.MONTHS.get(language, english)[here.month - 1]
    if moment.precision is Precision.MONTH:
        return f"{month} {year} {year}-{here.month:02}"
    weekday = calendars.WEEKDAYS.get(language, calendars.WEEKDAYS["english"])[here.weekday()]
    return f"{here.day} {month} {year} {weekday} {year}-{here.month:02}-{here.day:02}"


def spans(text: str, now: Moment) -> list[DateSpan]:
    """The periods that a text names, in the order of the text; each once.

    The first 4,096 characters are read. Relative expressions are taken from `now`, in its zone.
    Dates that cannot be (30 February, the year 12000) are left out. Open ends ("before 2020") reach
    to the ends of the calendar.

    >>> [(str(Moment(span.start))[:10], span.text)
    ...  for span in spans("the week before 9 June 2023", Moment.parse("2024-01-01"))]
    [('2023-06-02', 'the week before 9 June 2023'), ('2023-06-09', '9 June 2023')]
    """
    text = text[:_LONGEST]
    low = _lower(text)
    here = Now(now, ahead=_AHEAD.search(low) is not None)
    found: dict[tuple[Micros, Micros], DateSpan] = {}
    for each in _combined(low, expressions(low, text, here), here):
        start, end, precision = each.period
        span = DateSpan(
            here.world(start), here.world(end), precision, text[each.place : each.stop], each.place
        )
        found.setdefault((start, end), span)
    return sorted(found.values(), key=lambda span: (span.place, span.start))


def _lower(text: str) -> str:
    """The text in lower case, of the same length."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(lower if len(lower := each.lower()) == 1 else each for each in text)
    return low.replace("’", "'").replace("\u00a0", " ")


def _combined(low: str, found: list[Expression], now: Now) -> list[Expression]:
    """Expressions with what stands before and between them."""
    combined: list[Expression] = []
    place = 0
    while place < len(found):
        first = found[place]
        place += 1
        pair = _pair(low, first, found[place]) if place < len(found) else None
        if pair is not None:
            place += 1
            combined.append(pair)
            continue
        led = list(_with_lead(low, first, now))
        # "The Friday before" that day is no Friday of its own.
        combined = [
            each for each in combined if each.stop <= led[0].place or each.place >= first.place
        ]
        combined += led
    return combined


def _pair(low: str, first: Expression, last: Expression) -> Expression | None:
    """ "between May and July", "May 3 - June 5, 2023"."""
    gap = low[first.stop : last.place].strip()
    led = _PAIR.search(low[max(0, first.place - 16) : first.place]) is not None
    if gap not in _TO and not (led and gap in _AND):
        return None
    begins, ends = first.period, last.period
    try:
        if first.of_year and (not last.of_year or ends.end <= begins.start):
            # A year given at the end, or November to February: the latest that comes before.
            year = Now(Moment(ends.start)).date.year
            begins = first.of_year(year)
            if begins.start >= ends.end:
                begins = first.of_year(year - 1)
        return Expression(first.place, last.stop, periods.between(begins, ends))
    except (ValueError, OverflowError):
        return None


def _with_lead(low: str, each: Expression, now: Now) -> Iterator[Expression]:
    """ "the week before 9 June" (and 9 June, when it may have been told), "since Friday"."""
    lead = low[max(0, each.place - 40) : each.place]
    try:
        beside = _BESIDE.search(lead)
        if beside:
            start = each.place - len(lead) + beside.start()
            yield Expression(start, each.stop, _beside(beside, each.period, now))
            yield each
            return
        side = _SIDE.search(lead)
        if side and side["side"] in _SIDES:
            start = each.place - len(lead) + side.start()
            yield Expression(start, each.stop, _open(_SIDES[side["side"]], each.period, now))
            return
    except (ValueError, OverflowError):  # beyond the calendar
        pass
    yield each


def _beside(match: re.Match[str], anchor: Period, now: Now) -> Period:
    sign = 1 if match["side"] in ("after", "following") else -1
    if match["weekday"]:
        edge = anchor.start if sign < 0 else anchor.end - periods.DAY
        there = Now(Moment(now.world(edge), now.moment.offset))
        return periods.weekday(there, _WEEKDAYS[match["weekday"]], sign)
    said = match["count"]
    count = int(said) if said.isdecimal() else calendars.COUNTS.get(said, (1, 1))[0]
    return periods.beside(anchor, now, calendars.UNITS[match["unit"]], count, sign)


def _open(side: str, anchor: Period, now: Now) -> Period:
    if side == "since":
        return periods.between(anchor, periods.day(now.today))
    return periods.before(anchor) if side == "before" else periods.after(anchor)
