"""What a question names: the speakers, the periods, whether it asks when, what was said before.

A speaker's name is taken out of the text that is compared by meaning. Every turn of Ana is a little
about Ana, so her name draws all of them alike and drowns what is asked (+15 to +26 points of R@10
for plain vectors on LoCoMo); who speaks is told to the ranker instead. For the comparison of words
the name stays: a rare word that is in few turns, said by others, is good evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mnemic.core.clock import Micros
from mnemic.core.queries import Query
from mnemic.language.analyser import Analyser
from mnemic.language.bridges import bridges
from mnemic.language.dates import spans
from mnemic.language.entities import names
from mnemic.language.questions import (
    asks_first,
    asks_latest,
    asks_name,
    asks_number,
    asks_when,
)
from mnemic.language.stopwords import stop_words
from mnemic.language.words import paired, plain, words
from mnemic.retrieval.shape import SHAPE

Span = tuple[Micros, Micros]
"""From, and up to but not including."""

_LAST_TURNS = 3
_DIGIT = re.compile(r"\d")
_DIALOGUE_TERMS = 24


@dataclass(frozen=True, slots=True)
class Analysis:
    """A question, read."""

    terms: tuple[str, ...]
    """The tokens to look for."""
    meaning: str
    """What an encoder should encode: the question without the names of speakers."""
    speakers: tuple[str, ...]
    """Speakers of the partition that it names, as the partition writes them."""
    spans: tuple[Span, ...]
    """Periods that it names."""
    wholes: tuple[tuple[str, ...], ...]
    """The tokens of each name and date that it gives; a row may hold them all, or only some."""
    bridges: tuple[tuple[str, ...], ...]
    """For each term that has some, the tokens by which texts tell of it."""
    asks_when: bool
    asks_number: bool
    """How many, how much, how old."""
    asks_name: bool
    """Who, where, which, what something is called."""
    asks_latest: bool
    asks_first: bool
    dialogue: tuple[str, ...]
    """Tokens of what was said just before, without those of the question."""


def analyse(query: Query, speakers: Sequence[str], analyser: Analyser) -> Analysis:
    """Read a question.

    `speakers` are the names of those who speak in the partition; `analyser` must be the one that
    the partition's texts were analysed with.
    """
    terms = tuple(analyser.query_terms(query.text))
    meaning, named = without_names(query.text, speakers, analyser.language)
    said = dict.fromkeys(
        term
        for text in reversed(query.dialogue[-_LAST_TURNS:])
        for term in analyser.query_terms(text)
    )
    named_spans = spans(query.text, query.now)
    return Analysis(
        terms=terms,
        meaning=meaning,
        speakers=named,
        spans=tuple((span.start, span.end) for span in named_spans),
        wholes=_wholes(query.text, [span.text for span in named_spans], named, analyser),
        bridges=_bridges(terms, named, analyser),
        asks_when=asks_when(query.text),
        asks_number=asks_number(query.text),
        asks_name=asks_name(query.text),
        asks_latest=asks_latest(query.text),
        asks_first=asks_first(query.text),
        dialogue=tuple(term for term in said if term not in terms)[:_DIALOGUE_TERMS],
    )


def _wholes(
    text: str, dates: Sequence[str], speakers: Sequence[str], analyser: Analyser
) -> tuple[tuple[str, ...], ...]:
    spoken = {token for name in speakers for token in analyser.tokens(name)}
    told = (*(name.text for name in names(text)), *(date for date in dates if _DIGIT.search(date)))
    groups = (tuple(analyser.query_terms(each)) for each in told)
    return tuple(dict.fromkeys(group for group in groups if not spoken.issuperset(group)))


def _bridges(
    terms: Sequence[str], speakers: Sequence[str], analyser: Analyser
) -> tuple[tuple[str, ...], ...]:
    names = {token for name in speakers for token in analyser.tokens(name)}
    table = bridges(analyser.language)
    found = (table.get(term, ()) for term in terms if term not in names)
    return tuple(members[: SHAPE.members] for members in found if members)


def without_names(
    text: str, speakers: Sequence[str], language: str = "english"
) -> tuple[str, tuple[str, ...]]:
    """A question without the names of `speakers`, and which of them it names.

    Names count as whole words in any case, with or without a genitive; the first name alone will
    do. A name that is also a function word (Will, May) must be written with a capital, and not
    only because the sentence begins with it. If nothing but function words would be left, the text
    stays whole.

    >>> without_names("Where does ana's brother live?", ["Ana Silva", "Bob"])
    ('Where does brother live?', ('Ana Silva',))
    """
    readable = plain(text)
    folded = readable.casefold()
    named: dict[str, None] = {}
    rest = readable
    forms = {form for name in speakers for form in _forms(name)}
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        if form.casefold() not in folded:
            continue
        pattern = _pattern(form, language)
        if pattern.search(readable):
            named.update((name, None) for name in speakers if form in _forms(name))
            rest = pattern.sub(" ", rest)
    stop = stop_words(language).words
    if not named or all(word in stop for word in words(rest)):
        return text, tuple(named)
    return re.sub(r"\s+([?!.,;:])", r"\1", " ".join(rest.split())), tuple(named)


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, ...]:
    """How a speaker may be called: by the whole name, or by its first word."""
    whole = " ".join(plain(name).split())
    parts = whole.split(" ")
    return tuple(dict.fromkeys(form for form in (whole, parts[0]) if _is_name(form)))


def _is_name(form: str) -> bool:
    # One Chinese character is part of too many words.
    return len(form) > 1 and any(map(str.isalnum, form))


def _pattern(form: str, language: str) -> re.Pattern[str]:
    escaped = re.escape(form).replace(r"\ ", r"\s+")
    if paired(form[0]):
        return re.compile(escaped)  # no blanks are written around it
    whole = r"(?<!\w){}(?:'s|(?<=s)')?(?!\w)"
    if form.casefold() in stop_words(language).words:
        capital = re.escape(form[0].upper() + form[1:].lower())
        return re.compile(r"(?<![.!?])(?<=\S)\s+" + whole.format(capital))
    return re.compile(whole.format(escaped), re.IGNORECASE)
