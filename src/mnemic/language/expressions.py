"""Find the time expressions of a text: each form takes its stretch, the more exact ones first.

Later forms do not look where an earlier one found something. Names that mean something else too
(`may`, `spring`, the Spanish `mañana`) are judged here by what stands around them. How expressions
combine ("between May and July", "the week before") is left to `dates.py`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from mnemic.language import calendars, forms_cjk, forms_european
from mnemic.language.forms import Form, Match, OfYear, words_in
from mnemic.language.periods import Now, Period


class Expression(NamedTuple):
    """A stretch of a text that names a period."""

    place: int
    stop: int
    period: Period
    of_year: OfYear | None = None
    """How to read it in a given year, if it names none itself."""


def expressions(low: str, text: str, now: Now) -> list[Expression]:
    """The time expressions of a text, in its order; those of one place are its several readings.

    `low` is the text in lower case, of the same length; `text` tells capitals. Expressions that
    name an impossible date are left out.
    """
    words = words_in(low)
    taken: list[tuple[int, int]] = []
    found: list[Expression] = []
    for form in _forms():
        if form.needs.isdisjoint(words):
            continue
        whole = "said" if "said" in form.pattern.groupindex else 0
        for match in form.pattern.finditer(low):
            start, stop = match.span(whole)
            if any(start < end and begin < stop for begin, end in taken):
                continue
            if not _meant(match, low, text):
                continue
            readings = [Expression(start, stop, *each) for each in _readings(form, match, now)]
            if readings:
                taken.append((start, stop))
                found += readings
    return sorted(found, key=lambda each: each.place)


def _readings(form: Form, match: Match, now: Now) -> list[tuple[Period, OfYear | None]]:
    try:
        return [
            (each, None) if isinstance(each, Period) else each for each in form.read(match, now)
        ]
    except (ValueError, OverflowError):  # 30 February, or beyond the calendar
        return []


@cache
def _forms() -> tuple[Form, ...]:
    """All forms, made when the first question needs them (30 ms)."""
    return (*forms_cjk.forms(), *forms_european.forms())


_OPENS_SENTENCE = re.compile(r"(?:\A|[.!?:;。！？\n])[\s\"'“(¿¡]*\Z")
_NO_TOMORROW = re.compile(r"(?:\bla|\bam|\bguten|\bjeden|\bheute|\bgestern)\s+\Z")
_FRENCH = re.compile(
    r"\b(?:je|j'|nous|vous|il|elle|ils|elles|ai|avons|avez|est|était|le|les|que|qui|qu')\b"
)


def _meant(match: Match, low: str, text: str) -> bool:
    """Whether a name that has another meaning stands for a time here.

    A preposition or a number before it belongs to the match, and then it does.
    """
    said = match[0]
    if said in ("mañana", "morgen"):
        return not _NO_TOMORROW.search(low[max(0, match.start() - 12) : match.start()])
    if said == "hier":  # German: here
        return _FRENCH.search(low) is not None
    if said in calendars.MONTHS_WITH_OTHER_MEANINGS:
        if said in ("mars", "mayo") or not text[match.start()].isupper():
            return False
        return not _OPENS_SENTENCE.search(text[max(0, match.start() - 16) : match.start()])
    return said not in calendars.SEASONS_WITH_OTHER_MEANINGS | calendars.MONTHS_CUT_SHORT.keys()
