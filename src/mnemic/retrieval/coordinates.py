"""The coordinates that a question gives: who, where, when, and what it is about.

An event has a time, a place, people and a content (Tulving's three questions; Huet et al. 2025,
arXiv 2501.13121). A name, a place and a date are hard: a record that is asked for holds them. What
something is about may be told in other words, so it is a soft coordinate with a threshold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mnemic.core.clock import Moment, Precision
from mnemic.language.analyser import Analyser
from mnemic.language.asked import Asked
from mnemic.language.asked_words import ABOUT, META
from mnemic.language.dates import DateSpan
from mnemic.language.entities import Kind, Name, kinds_of_event, moments, names
from mnemic.language.entity_words import LEFT_OUT
from mnemic.language.stopwords import stop_words
from mnemic.language.words import words


@dataclass(frozen=True, slots=True)
class Coordinates:
    """What a question names."""

    names: tuple[Name, ...]
    """People, places and whatever else is written as a name."""
    dates: tuple[DateSpan, ...]
    """Days, months and years, however they are written."""
    topics: tuple[str, ...]
    """What it says that it is about, word for word."""
    terms: tuple[str, ...]
    """Tokens of the topics; without topics, of all that is left of the question."""

    left_out: tuple[str, ...] = ()
    """Names that it does not want to hear again ("besides Ana")."""

    @property
    def hard(self) -> int:
        """How many coordinates a record must hold."""
        return len(self.names) + bool(self.dates)


def coordinates(
    asked: Asked, speakers: Sequence[str], now: Moment, analyser: Analyser
) -> Coordinates:
    """Read the coordinates of a question; `speakers` are names that need no capitals around."""
    text = asked.focus
    dates = tuple(span for span in moments(text, now) if span.precision <= Precision.DAY)
    rest = _without(text, [(span.place, span.place + len(span.text)) for span in dates])
    found = [name for name in names(rest, speakers) if not _is_meta(name.text)]
    hard: dict[str, Name] = {}
    topics: dict[str, None] = {}
    left_out: list[str] = []
    stop = stop_words(analyser.language).words
    for name in found:
        if name.kind in (Kind.EVENT, Kind.TITLE):
            topics[name.text] = None
        elif LEFT_OUT.search(rest[: name.start]):
            left_out.append(name.text)
        else:
            hard.setdefault(name.text, name)
    left = _without(rest, [(name.start, name.stop) for name in found])
    for match in ABOUT.finditer(left):
        said = " ".join(match["topic"].split())
        kept = " ".join(word for word in said.split() if word.lower() not in META)
        if any(word not in stop for word in words(kept)):
            topics[kept] = None
    for phrase in kinds_of_event(left):
        kept = " ".join(word for word in phrase.split() if word not in META)
        if " " in kept and not any(kept in topic.lower() for topic in topics):
            topics[kept] = None
    about = " ".join(topics) if topics else _said_of_itself(left)
    # With nothing but function words, `query_terms` would keep them.
    content = any(word not in stop for word in words(about))
    terms = tuple(analyser.query_terms(about)) if content else ()
    return Coordinates(tuple(hard.values()), dates, tuple(topics), terms, tuple(left_out))


def _said_of_itself(text: str) -> str:
    """What is left of a question without the words by which questions speak of events as such."""
    return " ".join(word for word in re.findall(r"[\w'’-]+", text) if word.lower() not in META)


def _is_meta(text: str) -> bool:
    return all(word.lower().strip("'’s") in META or word.lower() in META for word in text.split())


def _without(text: str, places: Sequence[tuple[int, int]]) -> str:
    """The text with stretches blanked out, of the same length."""
    for start, stop in places:
        text = text[:start] + " " * (stop - start) + text[stop:]
    return text
