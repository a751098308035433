"""Coordinates × records: how far each record holds what a question names.

A name counts where the text holds it as a whole, or where it is the speaker's. A date counts where
the text writes it; a text that writes no date happened when it was said. What the question is about
counts by the share of its information that the record holds: rare words weigh more, and a word that
no record holds weighs most, so that an unknown topic is never covered.

Texts are looked through as they are. That is a few milliseconds for a thousand chapters, and it
keeps nothing that an erasure would have to reach.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mnemic.core.clock import Moment, Precision
from mnemic.core.queries import Hit
from mnemic.language.dates import DateSpan
from mnemic.language.entities import moments, occurrences
from mnemic.retrieval.coordinates import Coordinates

_LONG = 120
"""Words from which on a record tells a whole event, and not a part of a talk."""


@dataclass(frozen=True, slots=True)
class Match:
    """A record, held against the coordinates of a question."""

    hit: Hit
    held: tuple[bool, ...]
    """For each name and, if any, for the dates: whether the record holds it."""
    about: float
    """Share of the topic's information that it holds, 0 to 1; 1 without a topic."""
    near: float
    """The same within its best sentence."""

    @property
    def whole(self) -> bool:
        """Whether it holds every hard coordinate."""
        return all(self.held)


def is_long(text: str) -> bool:
    """Whether a text is long enough to tell an event as a whole."""
    return text.count(" ") + text.count("\n") >= _LONG or len(text) > 6 * _LONG


def match(hits: Sequence[Hit], wanted: Coordinates) -> list[Match]:
    """Hold records against the coordinates of a question, in the order in which they came."""
    lows = [hit.text.lower() for hit in hits]
    # With one pattern per term and text in lower case; a stem stands at the beginning of a word.
    patterns = [_beginning(term) for term in wanted.terms]
    present = [
        [_holds(term, pattern, low) for low in lows]
        for term, pattern in zip(wanted.terms, patterns, strict=True)
    ]
    weights = [_information(sum(column), len(hits)) for column in present]
    total = sum(weights)
    made = []
    for place, (hit, low) in enumerate(zip(hits, lows, strict=True)):
        held = [_names(name.text, hit, low) for name in wanted.names]
        if wanted.dates:
            held.append(_dated(hit, wanted.dates))
        about = near = 1.0
        if total > 0:
            about = (
                sum(w for w, column in zip(weights, present, strict=True) if column[place]) / total
            )
            near = _nearest(low, patterns, weights) / total if about > 0 else 0.0
        made.append(Match(hit, tuple(held), about, near))
    return made


def own_dates(hit: Hit) -> list[DateSpan]:
    """The days that a text itself writes, in its order."""
    said = hit.record.valid_from or Moment(hit.record.recorded_at)
    return [
        span for span in moments(hit.text, said, absolute=True) if span.precision >= Precision.DAY
    ]


def happened(hit: Hit) -> int:
    """When what a record tells happened: the day that it writes, else when it was said."""
    written = own_dates(hit)
    if written:
        return written[0].start
    return hit.record.valid_from.micros if hit.record.valid_from else hit.record.recorded_at


def _names(name: str, hit: Hit, low: str) -> bool:
    speaker = (hit.record.speaker or "").lower()
    said = name.lower()
    if speaker and (speaker == said or said in speaker.split()):
        return True
    return bool(occurrences(name, low))


def _dated(hit: Hit, dates: Sequence[DateSpan]) -> bool:
    written = own_dates(hit)
    if written:
        return any(
            span.start < date.end and date.start < span.end for span in written for date in dates
        )
    said = hit.record.valid_from
    return said is not None and any(date.start <= said.micros < date.end for date in dates)


def _beginning(term: str) -> re.Pattern[str]:
    if ord(term[0]) >= 0x2E80:
        return re.compile(re.escape(term))
    # Short stems are the beginning of too many other words.
    tail = r"\w{0,3}\b" if len(term) <= 3 else r"\w{0,6}\b"
    stem = re.escape(term[:-1]) + "[iy]" if term[-1] == "i" and len(term) > 2 else re.escape(term)
    return re.compile(rf"\b{stem}{tail}")


def _holds(term: str, pattern: re.Pattern[str], low: str) -> bool:
    return (term[-1] == "i" or term in low) and pattern.search(low) is not None


def _information(holding: int, records: int) -> float:
    return math.log((records + 1) / (holding + 0.5))


def _nearest(low: str, patterns: Sequence[re.Pattern[str]], weights: Sequence[float]) -> float:
    """The most information of the topic within any 120 characters."""
    places = sorted(
        (found.start(), number)
        for number, pattern in enumerate(patterns)
        for found in pattern.finditer(low)
    )
    best = 0.0
    for first, (start, _) in enumerate(places):
        seen = {number for place, number in places[first : first + 12] if place - start < 120}
        best = max(best, sum(weights[number] for number in seen))
    return best
