"""Events as dates: "two weeks before the wedding" is a period, once the wedding is found.

    question ─▶ anchored: how far, which side, which event     ("two weeks", before, "the wedding")
             ─▶ the caller searches for the event
    hits     ─▶ resolved: when the event was, and so the period

When an event was is read off the texts that tell of it: the day that such a text names beside the
event's words, counted from when it was said ("our wedding is next Saturday"); else the time of the
text itself, which is when people talk of an event, and only roughly when it was. The arithmetic is
that of `language/periods.py`. English in full; Portuguese, Spanish, German, French, Italian and
Chinese with a number and a unit, and with `before` and `after` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, NamedTuple

from mnemic.core.clock import Micros, Moment, Precision
from mnemic.language import calendars, periods
from mnemic.language.analyser import Analyser
from mnemic.language.dates import DateSpan, spans
from mnemic.language.periods import Now, Period

_LONGEST: Final = 1024
_LONG_TEXT: Final = 4096


@dataclass(frozen=True, slots=True)
class Anchored:
    """A time that a question gives by an event."""

    event: str
    """The words for the event, without an article: `wedding`."""
    side: int
    """-1 before it, 1 after it, 0 at its time."""
    unit: str = ""
    """day, week, month ...; empty where no distance is given."""
    least: int = 1
    most: int = 1
    text: str = ""
    """The words of the question that were read."""


class Told(NamedTuple):
    """A text that may tell of an event."""

    text: str
    time: Moment
    """When it was said."""


_SIDES: Final = {
    "before": -1, "prior to": -1, "preceding": -1, "leading up to": -1,
    "after": 1, "following": 1, "since": 1,
    "during": 0, "at the time of": 0, "on the day of": 0,
    "antes": -1, "depois": 1, "após": 1, "durante": 0, "después": 1, "despues": 1,
    "vor": -1, "nach": 1, "während": 0, "avant": -1, "après": 1, "pendant": 0,
    "prima": -1, "dopo": 1,
    "之前": -1, "以前": -1, "前": -1, "之后": 1, "之後": 1, "以后": 1, "後": 1, "后": 1,
}  # fmt: skip

_ARTICLES: Final = (
    r"(?:(?:the|a|an|my|his|her|their|our|your|its|de|do|da|dos|das|del|della|du|des|o|os|as|el|la|"
    r"los|las|le|les|l'|der|die|das|dem|den|il|lo|gli|meu|minha|mi|su|seu|sua|mon|ma|son|sa|mein|"
    r"meine|meiner|meinem|unser|unsere|unserer)\s+|l'|d')*"
)
_EVENT: Final = r"(?P<event>[^\s?!.,;:，。？！、][^?!.,;:，。？！]*)"
_ASKS_HOW_FAR: Final = re.compile(
    r"\b(?:how (?:long|soon|many \w+)|quanto tempo|cuánto tiempo|wie lange|combien de temps)\s*\Z"
)
_CLAUSE_END: Final = re.compile(
    r"\s+(?:did|does|do|was|were|is|are|had|has|have|would|and|but|that|which|who|when|where|what)\b"
    r".*|\s+(?:in|on|at|with)\s+(?=\d).*"
)
_CHINESE: Final = re.compile(
    r"(?P<event>[\u4e00-\u9fff]{1,8}?)(?:的)?"
    r"(?P<side>之前|以前|之后|之後|以后|前|后|後)(?:的)?"
    r"(?:第)?(?:(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})(?:个|個)?(?P<unit>天|日|周|週|星期|礼拜|月|年))"
)
_CHINESE_UNITS: Final = {
    **dict.fromkeys("天日", "day"), **dict.fromkeys(("周", "週", "星期", "礼拜"), "week"),
    "月": "month", "年": "year",
}  # fmt: skip
_CHINESE_DIGITS: Final = {each: n for n, each in enumerate("一二三四五六七八九", 1)} | {"两": 2}


def anchored(question: str) -> Anchored | None:
    """The time that a question gives by an event; None if it gives none so, or by a date.

    >>> found = anchored("What did Ana buy two weeks before the wedding?")
    >>> found.event, found.side, found.unit, found.least
    ('wedding', -1, 'week', 2)
    >>> anchored("What did Ana buy two weeks before 9 June?") is None
    True
    """
    text = question[:_LONGEST].replace("’", "'")
    chinese = _CHINESE.search(text)
    if chinese:
        count = _chinese_number(chinese["count"])
        unit = _CHINESE_UNITS[chinese["unit"]]
        return Anchored(
            _bare(chinese["event"]), _SIDES[chinese["side"]], unit, count, count, chinese[0]
        )
    low = text.lower()
    if len(low) != len(text):
        low = text
    match = _distance().search(low) or _alone().search(low)
    if match is None or _ASKS_HOW_FAR.search(low[: match.start()]):
        return None
    start, stop = match.span("event")
    event = _CLAUSE_END.sub("", text[start:stop]).strip(" \"'")
    if not re.search(r"[^\W\d_]{3}", event) or _is_date(event) or _ago().match(event.lower()):
        return None
    found = match.groupdict()
    said = text[match.start() : start + len(event)]
    if not found.get("unit"):
        return Anchored(event, _SIDES[match["side"]], text=said)
    number = found["count"]
    least, most = (
        (int(number), int(number)) if number.isdecimal() else calendars.COUNTS.get(number, (1, 1))
    )
    side = _SIDES[match["side"]]
    return Anchored(event, side, calendars.UNITS[found["unit"]], least, most, said)


def resolved(
    asked: Anchored, told: Sequence[Told], analyser: Analyser, now: Moment
) -> DateSpan | None:
    """The period that is meant, from texts that may tell of the event, best first.

    told: what a search for `asked.event` found.
    now: the time of the question; the zone of its calendar.

    None where no text holds the event's words. A text that names a day beside them is believed
    before one that does not.
    """
    event = event_time(asked, told, analyser)
    if event is None:
        return None
    here = Now(now)
    anchor = Period(_local(event.start, now), _local(event.end, now), event.precision)
    try:
        period = _beside(anchor, asked, here)
    except (ValueError, OverflowError):  # beyond the calendar
        return None
    return DateSpan(
        here.world(period.start), here.world(period.end), period.precision, asked.text, 0
    )


def event_time(asked: Anchored, told: Sequence[Told], analyser: Analyser) -> DateSpan | None:
    """When the event was, as far as these texts tell; None if none holds its words."""
    wanted = set(analyser.query_terms(asked.event))
    said: DateSpan | None = None
    for each in told:
        if not wanted <= set(analyser.tokens(each.text)):
            continue
        named = _named_day(each, wanted, analyser)
        if named is not None:
            return named
        if said is None:
            start = Moment(each.time.micros, each.time.offset, Precision.DAY)
            day = periods.day(start.as_datetime.date().toordinal())
            zone = each.time.offset * 60_000_000
            said = DateSpan(day.start - zone, day.end - zone, Precision.DAY, "", 0)
    return said


def _named_day(told: Told, wanted: set[str], analyser: Analyser) -> DateSpan | None:
    """The period that a text names nearest to the event's words, in one of their sentences."""
    best: tuple[int, DateSpan] | None = None
    text = told.text[:_LONG_TEXT]
    for sentence in re.split(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+", text):
        if not wanted & set(analyser.tokens(sentence)):
            continue
        places = [
            match.start()
            for match in re.finditer(r"\w+", sentence)
            if wanted & set(analyser.tokens(match[0]))
        ]
        for span in _nearest(sentence, told.time):
            if span.end - span.start > 366 * periods.DAY:
                continue  # "since 2019" is when something else began
            near = min((abs(place - span.place) for place in places), default=len(sentence))
            if best is None or near < best[0]:
                best = near, span
    return best[1] if best else None


_AHEAD: Final = "will "


def _nearest(sentence: str, time: Moment) -> list[DateSpan]:
    """The periods that a sentence names; of the past and the coming 24 June, the nearer one.

    What people tell of an event they tell shortly before or after it.
    """
    past = spans(sentence, time)
    ahead = {(span.text, span.place - len(_AHEAD)): span for span in spans(_AHEAD + sentence, time)}
    return [
        replace(
            min(span, ahead.get((span.text, span.place), span), key=lambda one: _apart(one, time)),
            place=span.place,
        )
        for span in past
    ]


def _apart(span: DateSpan, time: Moment) -> Micros:
    return max(span.start - time.micros, time.micros - span.end, 0)


def _beside(anchor: Period, asked: Anchored, now: Now) -> Period:
    if asked.side == 0:
        return anchor
    if not asked.unit:
        return periods.before(anchor) if asked.side < 0 else periods.after(anchor)
    first = periods.beside(anchor, now, asked.unit, asked.least, asked.side)
    last = periods.beside(anchor, now, asked.unit, asked.most, asked.side)
    return Period(min(first.start, last.start), max(first.end, last.end), first.precision)


def _local(micros: Micros, now: Moment) -> Micros:
    return micros + now.offset * 60_000_000


def _bare(event: str) -> str:
    """Chinese words for an event, without the pronoun or the question's subject before them."""
    return re.sub(r"^(?:在|我们|我|你|他们|她们|他|她)(?:的)?", "", event) or event


def _chinese_number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    tens, _, ones = written.rpartition("十")
    if "十" not in written:
        return _CHINESE_DIGITS.get(written, 1)
    return 10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0)


def _is_date(event: str) -> bool:
    """Whether a date stands where the event would: that is read by `language/dates.py`."""
    found = spans(event, Moment.parse("2024-06-15"))
    return bool(found) and found[0].place < 4


def _any(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


@cache
def _distance() -> re.Pattern[str]:
    """ "two weeks before the ...", "duas semanas antes do ...", "zwei Wochen vor der ..."."""
    sides = _any(name for name in _SIDES if name.isalpha() or " " in name)
    units, counts = _any(calendars.UNITS), _any(calendars.COUNTS)
    return re.compile(
        rf"(?<!\w)(?:the\s+|la\s+|a\s+|die\s+)?(?P<count>\d{{1,3}}|{counts})\s+(?P<unit>{units})\s+"
        rf"(?P<side>{sides})\s+{_ARTICLES}{_EVENT}"
    )


@cache
def _ago() -> re.Pattern[str]:
    """A distance where the event would be: German `vor drei Wochen` is three weeks ago."""
    return re.compile(rf"(?:\d+|{_any(calendars.COUNTS)})\s+(?:{_any(calendars.UNITS)})\b")


@cache
def _alone() -> re.Pattern[str]:
    """ "the week before the ...", "before her ...", "depois do ...", "during the ..."."""
    sides = _any(name for name in _SIDES if name.isalpha() or " " in name)
    return re.compile(
        rf"(?<!\w)(?:the\s+(?P<count>)(?P<unit>{_any(calendars.UNITS)})\s+)?"
        rf"(?P<side>{sides})\s+{_ARTICLES}{_EVENT}"
    )
