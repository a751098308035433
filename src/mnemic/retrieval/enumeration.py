"""Answers by enumeration: every record that holds what the question names, and from each the value.

This is for records that tell an event as a whole, such as chapters, notes and diary entries. It is
what a fixed number of hits cannot do: a question about seventeen events needs all seventeen, and
one about none needs to hear that there is none.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mnemic.core.queries import Hit
from mnemic.language.asked import Asked, Order, Want
from mnemic.retrieval import attributes
from mnemic.retrieval.coordinates import Coordinates
from mnemic.retrieval.evidence import Match, happened


@dataclass(frozen=True, slots=True)
class Enumerated:
    """The records that hold what was named, and the values they give."""

    values: tuple[str, ...]
    matches: tuple[Match, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Limits:
    """From which share of the topic's information on a record is about it."""

    alone: float = 0.55
    """Without any hard coordinate."""
    beside: float = 0.3
    """Where the record holds hard coordinates already."""
    relative: float = 0.6
    """Share of the best record's that the others must reach."""
    likely: float = 0.4
    """From which score on a record that holds hard coordinates is about a topic whatever its
    words: the ranker knows other words for it."""
    likely_relative: float = 0.7
    """Share of the best such record's score that the others must reach."""
    told: float = 0.8
    """From which share on a record tells the topic in the question's own words; then these, and
    not the score, say which others are about it."""


LIMITS = Limits()


def matching(matches: Sequence[Match], wanted: Coordinates, limits: Limits = LIMITS) -> list[Match]:
    """The matches that hold all hard coordinates, and enough of the topic."""
    whole = [one for one in matches if one.whole]
    if not wanted.terms:
        return whole if wanted.hard else []
    best = max((_topical(one) for one in whole), default=0.0)
    if not wanted.topics and wanted.hard:
        # What is left of a question is about its form, unless a record says all of it at once.
        said = len(wanted.terms) > 1 and max((one.near for one in whole), default=0.0) > 0.9
        if not said:
            return whole
    least = limits.beside if wanted.hard else limits.alone
    least = max(least, limits.relative * best)
    likely = _likely(whole, wanted, limits)
    return [one for one in whole if _topical(one) >= least or one.hit.score >= likely]


def _likely(whole: Sequence[Match], wanted: Coordinates, limits: Limits) -> float:
    """The score from which on a record is about the topic in whatever words it tells it.

    Only beside a name or a day: what all these records share cannot have raised one above another.
    """
    told = max((_topical(one) for one in whole), default=0.0) >= limits.told
    if told or not (wanted.topics and wanted.hard):
        return math.inf
    best = max((one.hit.score for one in whole), default=0.0)
    return max(limits.likely, limits.likely_relative * best)


def _topical(one: Match) -> float:
    """How much a record is about the topic: all of its words, the better within a sentence."""
    return 0.8 * one.about + 0.2 * one.near


def enumerate_all(
    asked: Asked, wanted: Coordinates, matches: Sequence[Match], every: Sequence[Hit]
) -> Enumerated | None:
    """The values of matching records, in the order asked for; None where they give none."""
    kept = list(matches)
    if asked.order is not None:
        kept = sorted(kept, key=lambda one: happened(one.hit))
        if asked.order in (Order.FALLING, Order.LATEST):
            kept.reverse()
    of_events = asked.want in (Want.EVENT, Want.THING)
    phrases = attributes.event_phrases(every) if of_events else Counter()
    lows = [hit.text.lower() for hit in every] if of_events else []
    told: dict[str, None] = {}
    used: list[Match] = []
    for one in kept:
        values = _values(asked, wanted, one.hit, every, lows, phrases)
        if values:
            used.append(one)
        told.update((value, None) for value in values)
        if values and asked.order in (Order.LATEST, Order.FIRST) and not asked.several:
            break
    if not used:
        return None
    return Enumerated(tuple(told), tuple(used), _rule(asked, wanted, len(used)))


def _values(
    asked: Asked,
    wanted: Coordinates,
    hit: Hit,
    every: Sequence[Hit],
    lows: Sequence[str],
    phrases: Counter[str],
) -> list[str]:
    """What one record gives."""
    named = [*(name.text for name in wanted.names), *wanted.left_out]
    match asked.want:
        case Want.DATE:
            found = attributes.days(hit)[:1]
            said = hit.record.valid_from
            return found or ([str(said)[:10]] if said else [])
        case Want.PLACE:
            return attributes.places(hit, every, named)[:1]
        case Want.PERSON:
            found = attributes.people(hit, every, named)
            if asked.others and not named:
                return found[1:]  # other than the one whom it is about
            return found[:1] if asked.leading else found
        case Want.EVENT | Want.THING:
            return attributes.events(hit, lows, phrases)[:1]
        case _:
            return [" ".join(hit.text.split())]


def _rule(asked: Asked, wanted: Coordinates, count: int) -> str:
    by = [name.text for name in wanted.names] + [date.text for date in wanted.dates]
    named = ", ".join([*by, *wanted.topics]) or "the words of the question"
    order = f" {asked.order.value}" if asked.order else ""
    records = "record that holds" if count == 1 else "records that hold"
    return f"{asked.want.value}{order} of {count} {records} {named}"
