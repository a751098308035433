"""What kind of answer a question wants: a date, a place, people, a number, yes or no, a list.

`questions.py` says whether a text asks at all; what is asked about (names, dates) is read by
`entities.py`. Requests count as questions ("List all places that ...", "Provide the dates on which
..."): what counts there is the noun that the verb asks for, not a `when` or `where` further on. A
clause that says what to leave out ("without describing the events") is dropped before anything is
read. English in full; Portuguese, Spanish, German, French and Chinese by their question words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mnemic.language import asked_words

_LONGEST: Final = 4096
"""Characters of a question that are read."""


class Want(StrEnum):
    """The kind of answer."""

    DATE = "date"
    DURATION = "duration"
    PLACE = "place"
    PERSON = "person"
    EVENT = "event"
    COUNT = "count"
    """How many there are, to be counted or read."""
    TIMES = "times"
    """How many times something happened."""
    QUANTITY = "quantity"
    """How much, how old, how far: a number with its unit."""
    YES_NO = "yes/no"
    CHOICE = "choice"
    ACCOUNT = "account"
    """All that is known about something."""
    THING = "thing"


class Order(StrEnum):
    """Which of several values, or in which order."""

    FIRST = "first"
    LATEST = "latest"
    RISING = "rising"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read for the answer it wants."""

    want: Want
    several: bool = False
    """Whether a list is wanted."""
    order: Order | None = None
    head: str = ""
    """The noun that is asked for, such as `cities`; empty where a question word says it all."""
    options: tuple[str, ...] = ()
    """What a choice is between."""
    leading: bool = False
    """Whether only the main characters are meant (`protagonists`)."""
    others: bool = False
    """Whether those that the question names are to be left out (`who else`)."""
    compares: bool = False
    negated: bool = False
    focus: str = ""
    """The question without what it says about the form of the answer."""


def asked(text: str) -> Asked:
    """Read what kind of answer a question wants.

    >>> asked("Provide a list of all dates when Ana was seen, without describing the events.").want
    <Want.DATE: 'date'>
    >>> read = asked("What is the most recent place where Ana was seen?")
    >>> read.want.value, read.order.value, read.several
    ('place', 'latest', False)
    >>> asked("Did Ana or Bob win the race?").options
    ('Ana', 'Bob')
    """
    text = " ".join(text[:_LONGEST].replace("’", "'").split())
    kept = asked_words.EXCLUDED.sub(" ", asked_words.ASIDE.sub("", text))
    low = kept.lower()
    options = _options(kept)
    want, head, listed = _want(low, bool(options))
    if want is Want.THING and asked_words.TAKING_PART.search(low):
        want = Want.EVENT
    several = listed or (want not in _SINGLE and bool(asked_words.SEVERAL.search(low)))
    order = _order(low)
    if order in (Order.FIRST, Order.LATEST) and not asked_words.PLURAL.search(head):
        several = False
    return Asked(
        want=want,
        several=several or order in (Order.RISING, Order.FALLING),
        order=order,
        head=head,
        options=options,
        leading=want is Want.PERSON and bool(asked_words.LEADING.search(low)),
        others=bool(asked_words.OTHERS.search(low)),
        compares=bool(asked_words.COMPARES.search(low)),
        negated=bool(asked_words.NEGATED.search(low)),
        focus=_focus(kept),
    )


_SINGLE: Final = frozenset({Want.COUNT, Want.TIMES, Want.QUANTITY, Want.YES_NO, Want.CHOICE})


def _want(low: str, choice: bool) -> tuple[Want, str, bool]:
    """The kind, the noun, and whether its form says that there are several."""
    for name, pattern in asked_words.WHOLE.items():
        if pattern.search(low):
            return Want(name), "", False
    requests = list(asked_words.REQUEST.finditer(low))
    if requests and _asks_what_happened(low, requests[-1].end()):
        return Want.EVENT, "", True
    for request in reversed(requests):
        # The last request asks, for the first noun of a known kind after its verb.
        found = _noun(low[request.end() : request.end() + 90])
        if found is not None:
            return found
    for name, pattern in asked_words.OPENING.items():
        match = pattern.search(low)
        if match is None:
            continue
        if name == "noun":
            found = _noun(low[match.end() : match.end() + 50])
            if found is not None:
                return (Want.CHOICE, found[1], False) if choice else found
            return Want.CHOICE if choice else Want.THING, _first_noun(low[match.end() :]), False
        if name == "person" and choice:
            return Want.CHOICE, "", False
        if name == "yes/no" and choice:
            return Want.CHOICE, "", False
        # "At which dates", but "where's"
        return Want(name.strip()), "", name == "date" and bool(re.search(r"\w{3}s\Z", match[0]))
    if choice:
        return Want.CHOICE, "", False
    if requests:
        return _noun(low) or (Want.THING, "", False)
    # A question without a question word asks for yes or no, in every language here.
    return Want.YES_NO if low.rstrip("\"'”’) ").endswith(("?", "？")) else Want.THING, "", False


def _asks_what_happened(low: str, start: int) -> bool:
    """Whether a request is for what happened: said before any noun, and nothing else was asked.

    "List what happened to Ana on those dates" wants events, and the dates are a circumstance.
    """
    match = asked_words.OPENING["event"].search(low, start, start + 60)
    if match is None:
        return False
    noun = asked_words.NOUN.search(low, start)
    if noun is not None and noun.start() < match.start():
        return False
    clause = asked_words.CLAUSE_END.search(low, start)
    if clause is not None and clause.start() < match.start():
        return False
    return not any(
        asked_words.OPENING[name].search(low, 0, start) for name in ("date", "place", "person")
    )


def _noun(low: str) -> tuple[Want, str, bool] | None:
    """The first noun of a known kind, before the clause ends that it must stand in."""
    clause = asked_words.CLAUSE_END.split(asked_words.SORTED_BY.sub(" ", low), maxsplit=1)[0]
    match = asked_words.NOUN.search(clause)
    if match is None:
        return None
    word = match[0]
    return Want(asked_words.NOUNS[word]), word, bool(asked_words.PLURAL.search(word))


def _first_noun(low: str) -> str:
    word = re.match(
        r"\s*(?:(?:the|a|an|of|other|kind|type|sort|is|are|was|were|most|recent|latest|last|first)\s+)*"
        r"([\w'-]+)",
        low,
    )
    return word[1] if word else ""


def _order(low: str) -> Order | None:
    for name, pattern in asked_words.ORDER.items():
        if pattern.search(low):
            return Order(name.strip())
    return None


def _options(text: str) -> tuple[str, ...]:
    """What a question lets one choose between: the parts around `or`.

    They are names, or they end the question behind a comma, or it asks for yes or no otherwise:
    "the day that she was seen or heard" is no choice.
    """
    last = asked_words.CHOICE_AT_THE_END.search(text)
    match = last or asked_words.CHOICE.search(text)
    if match is None:
        return ()
    parts = [match["one"], *re.split(r"\s*,\s*", match["more"] or ""), match["other"]]
    parts = [re.sub(asked_words.ARTICLE, "", part.strip(" ,?.!\"'")) for part in parts if part]
    parts = [part for part in parts if part]
    if last is None and not all(part[0].isupper() for part in parts):
        opens = asked_words.OPENING["yes/no"].search(text.lower()) is not None
        if not opens or text[match.end() :].strip(" ?.!"):
            return ()
    return tuple(parts) if len(parts) > 1 else ()


def _focus(text: str) -> str:
    kept = asked_words.FORM.sub(" ", text)
    kept = " ".join(kept.split())
    return kept if re.search(r"\w{3}|[^\x00-\u024f]{2}", kept) else text
