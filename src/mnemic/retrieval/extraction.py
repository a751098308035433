"""Answers read off the best hits: a date, a place, a name, a number, a side, or the sentence.

This is for talk: a turn tells a part of something, leaves out what was said before, and is found by
its rank rather than by holding everything that the question names. Times are resolved against when
the turn was said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mnemic.core.clock import Moment, Precision
from mnemic.core.queries import Hit
from mnemic.language.asked import Asked, Order, Want
from mnemic.language.asked_words import NEGATED
from mnemic.language.dates import DateSpan
from mnemic.language.entities import Kind, moments, names, numbers, occurrences, sentences
from mnemic.language.entity_words import CALENDAR_NAME, DURATION, LEANING, SOMEBODY, SOMEWHERE, YEAR
from mnemic.language.periods import DAY
from mnemic.language.when import told
from mnemic.retrieval.coordinates import Coordinates
from mnemic.retrieval.evidence import Match

_LOOKED_AT: Final = 8
"""Hits that are looked at."""
_SIDES: Final = 3
_CLOSE: Final = 0.75
"""Share of the best hit's worth from which on another counts beside it."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """The values, and the matches that they were read from."""

    values: tuple[str, ...]
    matches: tuple[Match, ...]
    rule: str
    exact: bool = True
    """Whether a value of the kind asked for was found; else it is the sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """A match with its worth for the question, and its best sentence."""

    match: Match
    worth: float
    sentence: str
    rest: str
    """The text with the best sentence first."""

    @property
    def hit(self) -> Hit:
        """The hit."""
        return self.match.hit


def weigh(matches: Sequence[Match], terms: Sequence[str]) -> list[Found]:
    """The best matches, best first: by rank, by the topic they hold, by the names they hold."""
    if not matches:
        return []
    found = []
    for rank, match in enumerate(matches[: 3 * _LOOKED_AT]):
        held = sum(match.held) / len(match.held) if match.held else 1.0
        # By rank and not by score: what the scores of the best hits differ by means little.
        worth = 0.8 / (1 + 0.3 * rank) + 0.15 * match.near + 0.05 * held
        best = _best_sentence(match.hit.text, terms)
        found.append(Found(match, worth, best, f"{best} {match.hit.text}"))
    return sorted(found, key=lambda one: -one.worth)[:_LOOKED_AT]


def extract(asked: Asked, wanted: Coordinates, found: Sequence[Found]) -> Extracted | None:
    """The answer that the best hits give; None if there are none."""
    if not found:
        return None
    named = {name.text.lower() for name in wanted.names}
    match asked.want:
        case Want.DATE:
            return _date(asked, found)
        case Want.YES_NO:
            return _yes_or_no(found)
        case Want.CHOICE:
            return _choice(asked, found)
        case Want.DURATION:
            return _each(asked, found, _durations, "duration")
        case Want.PLACE:
            return _each(asked, found, lambda one: _places(one, named), "place")
        case Want.PERSON:
            return _each(asked, found, lambda one: _people(one, named), "person")
        case Want.COUNT | Want.QUANTITY | Want.TIMES:
            return _each(asked, found, lambda one: _numbers(one, asked, wanted), "number")
    return _sentence(asked, found)


def _each(
    asked: Asked, found: Sequence[Found], read: Callable[[Found], list[str]], what: str
) -> Extracted:
    values: dict[str, None] = {}
    used: list[Match] = []
    for one in _in_order(asked, found):
        if used and one.worth < _CLOSE * found[0].worth:
            continue
        read_here = read(one)
        if not read_here:
            continue
        used.append(one.match)
        values.update((value, None) for value in (read_here if asked.several else read_here[:1]))
        if not asked.several:
            break
    if not values:
        return _sentence(asked, found)
    return Extracted(tuple(values), tuple(used), f"{what} in the best hit")


def _in_order(asked: Asked, found: Sequence[Found]) -> list[Found]:
    """The hits as they should be tried: of close ones the latest first, if that is asked."""
    if asked.order is None:
        return list(found)
    close = [one for one in found if one.worth >= _CLOSE * found[0].worth]
    rest = [one for one in found if one.worth < _CLOSE * found[0].worth]
    late = asked.order in (Order.LATEST, Order.FALLING)
    close.sort(key=lambda one: _said(one.hit).micros, reverse=late)
    return close + rest


def _date(asked: Asked, found: Sequence[Found]) -> Extracted:
    values: dict[str, None] = {}
    used: list[Match] = []
    for one in _in_order(asked, found):
        if used and (not asked.several or one.worth < _CLOSE * found[0].worth):
            break
        values[when(one)] = None
        used.append(one.match)
    return Extracted(tuple(values), tuple(used), "time told in the best hit, or when it was said")


def when(one: Found) -> str:
    """When what a hit tells happened: the time that it names, else when it was said."""
    said = _said(one.hit)
    for text in dict.fromkeys((one.sentence, one.hit.text)):
        spans = [span for span in moments(text, said) if span.precision <= Precision.DAY]
        # "This summer" says less than the day on which it was said.
        spans = [span for span in spans if not _vague(span, said)]
        if spans:
            return told(_sharpest([_nearest_year(span, said) for span in spans]), said)
    return told(DateSpan(said.micros, said.micros + 1, Precision.DAY, "", 0), said)


def _nearest_year(span: DateSpan, said: Moment) -> DateSpan:
    """A date without a year as the one next to when it was said, before or after.

    `dates.spans` takes the latest that has begun, as questions mean it; who tells of something
    speaks of plans as well.
    """
    if not CALENDAR_NAME.search(span.text) or YEAR.search(span.text) or LEANING.search(span.text):
        return span
    later = Moment(span.start + 365 * DAY + DAY // 2, said.offset).as_datetime
    here = Moment(span.start, said.offset).as_datetime
    moved = DAY * ((later.date() - here.date()).days)
    if (later.month, later.day) != (here.month, here.day):
        moved += DAY  # a leap day lies between
    if abs(span.start + moved - said.micros) >= abs(span.start - said.micros):
        return span
    return DateSpan(span.start + moved, span.end + moved, span.precision, span.text, span.place)


def _vague(span: DateSpan, said: Moment) -> bool:
    length = span.end - span.start
    return length > 400 * DAY or (length > 7 * DAY and span.start <= said.micros < span.end)


def _sharpest(spans: Sequence[DateSpan]) -> DateSpan:
    return min(spans, key=lambda span: (-span.precision, span.end - span.start, span.place))


def _yes_or_no(found: Sequence[Found]) -> Extracted:
    best = found[0]
    sides = [one for one in found[:_SIDES] if one.worth >= _CLOSE * best.worth]
    against = [one for one in sides if NEGATED.search(one.sentence.lower())]
    total = sum(one.worth for one in sides)
    no = sum(one.worth for one in against)
    value = "no" if no > total / 2 or best.match.near < 0.2 else "yes"
    return Extracted((value,), tuple(one.match for one in sides), "both sides of the best hits")


def _choice(asked: Asked, found: Sequence[Found]) -> Extracted:
    support = dict.fromkeys(asked.options, 0.0)
    used: dict[str, Match] = {}
    for option in asked.options:
        words = option.lower().split()
        for one in found:
            low = f"{one.hit.record.speaker or ''} {one.hit.text}".lower()
            share = sum(bool(occurrences(word, low)) for word in words) / len(words)
            negated = NEGATED.search(one.sentence.lower()) is not None
            support[option] += share * one.worth * (0.3 if negated else 1.0)
            if share > 0.5:
                used.setdefault(option, one.match)
    if asked.order is not None and len(used) == len(asked.options):
        late = asked.order is Order.LATEST
        pick = max if late else min
        option = pick(used, key=lambda each: _said(used[each].hit).micros)
        return Extracted((option,), tuple(used.values()), "the earlier or later of the options")
    option = max(support, key=lambda each: support[each])
    exact = support[option] > 0
    evidence = tuple(used.values()) or (found[0].match,)
    return Extracted((option,), evidence, "the option that the best hits hold", exact)


def _durations(one: Found) -> list[str]:
    return [match[0].strip() for match in DURATION.finditer(one.rest)]


def _places(one: Found, named: set[str]) -> list[str]:
    said = [name for name in names(one.rest) if name.text.lower() not in named]
    speaker = (one.hit.record.speaker or "").lower()
    likely = [
        name.text
        for name in said
        if name.kind in (Kind.PLACE, Kind.OTHER)
        and name.person < 0
        and name.text.lower() != speaker
    ]
    return list(dict.fromkeys(likely)) or [m["place"].strip() for m in SOMEWHERE.finditer(one.rest)]


def _people(one: Found, named: set[str]) -> list[str]:
    said = [
        name.text
        for name in names(one.rest)
        if name.kind is Kind.PERSON and name.text.lower() not in named
    ]
    return list(dict.fromkeys(said)) or [match[0] for match in SOMEBODY.finditer(one.rest)]


def _numbers(one: Found, asked: Asked, wanted: Coordinates) -> list[str]:
    found = [number for number in numbers(one.rest) if number.unit not in ("st", "nd", "rd", "th")]
    if asked.want is Want.TIMES:
        found = [n for n in found if n.unit in ("times", "time", "次") or n.text.lower() in _TIMES]
    elif asked.want is Want.COUNT:
        close = [n for n in found if any(n.unit.startswith(term[:5]) for term in wanted.terms)]
        found = close or found
    if asked.want is Want.QUANTITY:
        return [number.text for number in found]
    return [f"{number.value:g}" for number in found]


_TIMES: Final = frozenset({"once", "twice"})


def _sentence(asked: Asked, found: Sequence[Found]) -> Extracted:
    exact = asked.want in (Want.THING, Want.EVENT, Want.ACCOUNT)
    ordered = _in_order(asked, found)
    if asked.several or asked.want is Want.ACCOUNT:
        close = [one for one in ordered if one.worth >= _CLOSE * found[0].worth]
    else:
        close = ordered[:1]
    values = tuple(dict.fromkeys(one.sentence for one in close))
    return Extracted(values, tuple(one.match for one in close), "best sentence", exact)


def _best_sentence(text: str, terms: Sequence[str]) -> str:
    parts = [sentence for _, sentence in sentences(text)]
    if not parts:
        return text.strip()
    stems = [term[:-1] if term.endswith("i") else term for term in terms]

    def worth(sentence: str) -> float:
        low = sentence.lower()
        return sum(stem in low for stem in stems) - 0.6 * sentence.endswith(("?", "？"))

    return " ".join(max(parts, key=worth).split())


def _said(hit: Hit) -> Moment:
    return hit.record.valid_from or Moment(hit.record.recorded_at)
