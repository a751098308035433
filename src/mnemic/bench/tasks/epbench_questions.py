"""Questions on a book of events: 36 templates, binned by how many chapters match.

A template is a cue (which of time, space, entity and content are given) and what is asked for:
everything that matches, the latest, or all in the order of their dates. The scheme is that of Huet
et al. (2025, arXiv 2501.13121); the wording is our own. Questions that nothing matches come from a
real event with one to four of its coordinates swapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from mnemic.bench.tasks.epbench_world import Gold, Universe

EACH: Final = 5
"""Questions of one template in one bin, at most."""
_SWAPS: Final = 40
"""Swapped events tried for each event of the book; most of them match nothing."""
_MOST_SWAPS: Final = 8_000

Cue = tuple[str | None, str | None, str | None, str | None]
"""Time, space, entity, content; None where it is not given."""


@dataclass(frozen=True, slots=True)
class Template:
    """What is given, what is asked for, and how it is said."""

    given: str
    """Letters of the coordinates that are given: t, s, e, c."""
    asks: str
    """times, spaces, entities, contents, others or details."""
    get: str
    """all, latest or chronological."""
    texts: Mapping[str, str]
    """Wording → the text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its gold."""

    template: int
    """Its number among the templates, from 0."""
    given: str
    asks: str
    get: str
    text: str
    values: tuple[str, ...] | None
    """What is asked for, in order for `chronological`; None where it is not known or is no list."""
    chapters: tuple[int, ...]
    """The chapters that hold the answer; of the latest only one."""
    matches: int
    """Chapters that match the cue."""


_PLAIN: Final = """
t spaces all: Bring together every event that happened on {t}. List the different locations at \
which they took place, without describing what happened.
t entities all: Think of all the events of {t}. List the protagonists who were involved in them, \
and leave out the events themselves.
t contents all: Which events happened on {t}? Describe each by what kind of event it was, and not \
by who was there or where.
s times all: Consider every event that took place at {s}. List all the dates of these events, \
without saying what happened.
s entities all: Consider every event that took place at {s}. List all protagonists who were \
involved in any of them, and nothing else.
s contents all: Describe all the events that took place at {s}: what kind of event it was each \
time, and not when it happened or to whom.
e times all: Think of all the events that involve {e}. List every date on which one of them \
happened, without describing it.
e spaces all: List every location where {e} was involved in an event, and do not describe the \
events.
e contents all: What kinds of event has {e} been involved in? Describe all of them by what \
happened, and leave out dates and locations.
c times all: Consider every event of the kind {c}. List all the dates on which one took place, \
without describing what happened.
c spaces all: List all the locations where a {c} took place. The events themselves need no \
description.
c entities all: Think of every {c} that there was. List the protagonists who were involved in \
these events.
ts entities all: Which protagonists were involved in what happened at {s} on {t}? List their \
names without describing the events.
ts contents all: Describe what happened at {s} on {t}: what kind of event took place, rather than \
who was involved.
te spaces all: Consider the events of {t} in which {e} was involved. List the locations where \
they took place.
te contents all: What happened to {e} on {t}? Describe what kind of event it was, and leave out \
the location.
tc spaces all: List all the locations where a {c} took place on {t}, without describing it.
tc entities all: Which protagonists were involved in a {c} on {t}? List all of them, and do not \
describe the events.
se times all: List all the dates on which {e} was involved in an event at {s}, without describing \
the events.
se contents all: What kinds of event was {e} involved in at {s}? Describe all of them by what \
happened, and not by when.
sc times all: On which dates did a {c} take place at {s}? List all of them without describing \
what happened.
sc entities all: List all protagonists who were involved in a {c} at {s}, without describing what \
happened.
ec times all: Consider every {c} in which {e} was involved. List the dates of these events.
ec spaces all: Consider every {c} in which {e} was involved. List the different locations where \
these events took place.
tse contents all: What happened to {e} at {s} on {t}? Describe what kind of event took place.
tsc entities all: List all protagonists who were involved in the {c} that took place at {s} on \
{t}.
tec spaces all: List the locations of every {c} in which {e} was involved on {t}.
sec times all: Consider every {c} at {s} in which {e} was involved. List all the dates on which \
one took place.
tsec others all: Who else, apart from {e}, was involved in the {c} at {s} on {t}? List only the \
names of these people, if there were any.
tsec details all: Give a full account of the {c} at {s} on {t} in which {e} was involved: all \
that happened, with every detail that matters.
e times latest: What is the latest date, by the calendar of the story, on which {e} was seen?
e spaces latest: At which location was {e} seen on the latest date in the story's calendar?
e contents latest: By the story's calendar, what kind of event was {e} involved in most recently?
e times chronological: List all the dates on which {e} was seen, in chronological order, the \
earliest first.
e spaces chronological: List all the locations where {e} was seen, in the chronological order of \
the dates, the earliest first.
e contents chronological: List all the kinds of event that {e} was involved in, in chronological \
order from the earliest to the latest.
"""
"""What is given, what is asked for, how much of it: the wording."""

_OBLIQUE: Final = """
Go through the story for whatever happened on {t}. Give the name of every location, and leave out \
what went on there.
Who stood at the centre of things on {t}? Name each main character of that day, and say nothing \
of what they did.
Look back at {t}. What sorts of event were there that day? Name the event itself, not its people \
and not its place.
When was {s} the scene of something? Write down each date, and keep the story of that day to \
yourself.
Call to mind what went on at {s}. Name every main character who was ever seen there, without \
telling what they did.
What has {s} been used for? Name each sort of event that people came there for; times and names \
are not wanted.
Find every part of the story that is about {e}. On what dates does it play? The dates alone will \
do.
To which locations does the story take {e}? List all of them once, and leave aside what happened \
there.
What has {e} been through? Name the sort of event each time, and leave open when and where it was \
held.
Every {c} in the story had its day. Write down the dates of all of them, with no word on how they \
went.
Where does one go for a {c} in this story? Name every location that had one, and nothing more.
Each {c} in the story is told through somebody. Name the main characters of all of them, and only \
these.
Somebody had something to do at {s} on {t}. Name every main character who was there at that time.
What was going on at {s} on {t}? Name the sort of event; who came to it is not asked.
One could have met {e} on {t}. At which location? Name it, and do not describe the day.
How did {e} spend {t}? Name the sort of event that it was, without saying where.
On {t} people came together for a {c}. Name every location where that was so, and leave out the \
rest.
On {t} there was at least one {c}, or so it is said. Name the main characters who were part of \
it.
How often did {e} turn up at {s}, and when? Only the dates are wanted, all of them.
What made {e} come to {s}? Name each sort of event that was held there at such a time.
Think of each time that {s} was given over to a {c}. On what dates was that? Write down all of \
them.
Whoever has the main part in a {c} at {s} belongs on this list. Whose names are on it?
There may be more than one {c} with {e} in it. On which dates did they take place?
Follow {e} from one {c} to the next. Which locations does one come to see that way?
Take the day of {t}, and {e} at {s}. What sort of event was that? Keep to what was done.
On {t} there is said to have been a {c} at {s}. Name the main characters that it was told of.
The {c} that had {e} in it on {t} must have been held somewhere. Name each such location.
When was it that {e} had a part in a {c} at {s}? Give every date, and only the date.
Apart from {e}, who else is named in what is told of the {c} at {s} on {t}? If nobody is, name \
nobody.
Tell all there is to tell of {e} and the {c} at {s} on {t}: what was done, what was said, how it \
ended.
By the calendar of the story, and not by the order of its telling, on what date do we see {e} for \
the last time?
By the calendar of the story, where do we leave {e} in the end? Name the location of the latest \
date.
By the calendar of the story, what sort of event was the last that {e} had a part in?
Set out the dates on which {e} is seen as a calendar would: the oldest first, the newest at the \
end.
Draw up the journey of {e} through the story by the calendar: every location in turn, from the \
first to the last.
Tell over what {e} took part in by the calendar: each sort of event in turn, from the oldest to \
the newest.
"""
"""The same in the same order, said less directly."""


def _templates() -> Iterator[Template]:
    for plain, oblique in zip(_PLAIN.split("\n")[1:-1], _OBLIQUE.split("\n")[1:-1], strict=True):
        kind, text = plain.split(": ", 1)
        given, asks, get = kind.split()
        yield Template(given, asks, get, {"plain": text, "oblique": oblique})


TEMPLATES: Final = tuple(_templates())
"""All 36."""

WORDINGS: Final = ("plain", "oblique")
_VOWEL = re.compile(r"\ba(?= [AEIOUaeiou])")
_LETTERS: Final = "tsec"
_ASKED: Final[Mapping[str, int]] = {"times": 0, "spaces": 1, "entities": 2, "contents": 3}


def bin_of(matches: int) -> str:
    """The bin of a question with so many matching chapters: 0, 1, 2, 3-5 or 6+.

    >>> [bin_of(number) for number in (0, 1, 2, 5, 6, 40)]
    ['0', '1', '2', '3-5', '6+', '6+']
    """
    if matches < 3:
        return str(matches)
    return "3-5" if matches < 6 else "6+"


def day(time: str) -> datetime:
    """A date as this benchmark writes it, as a value that can be ordered.

    >>> day("April 09, 2026").date().isoformat()
    '2026-04-09'
    """
    return datetime.strptime(time, "%B %d, %Y")


def questions(
    golds: Sequence[Gold], universe: Universe, random: Random, wording: str = "plain"
) -> list[Asked]:
    """The questions on a book: at most five of each template and bin; `wording`: see WORDINGS."""
    empties = _empties(golds, universe, random)
    result: list[Asked] = []
    chosen: dict[str, list[tuple[Cue, list[Gold]]]] = {}
    for number, template in enumerate(TEMPLATES):
        if template.given not in chosen:
            chosen[template.given] = _choose(template.given, golds, empties, random)
        result += [_ask(number, cue, matching, wording) for cue, matching in chosen[template.given]]
    return result


def _coordinates(gold: Gold) -> tuple[str, str, str, str]:
    return gold.time, gold.space, gold.entity, gold.content


def _cue(given: str, values: Sequence[str]) -> Cue:
    t, s, e, c = (
        value if letter in given else None for letter, value in zip(_LETTERS, values, strict=True)
    )
    return t, s, e, c


def _empties(
    golds: Sequence[Gold], universe: Universe, random: Random
) -> list[tuple[str, str, str, str]]:
    """Events that never were: real ones, one to four of whose coordinates are others.

    Half of the new values are used elsewhere in the book, half never.
    """
    every = (
        universe.dates,
        universe.places,
        tuple(person.name for person in universe.people),
        tuple(content.name for content in universe.contents),
    )
    used = [sorted({_coordinates(gold)[place] for gold in golds}) for place in range(4)]
    unused = [sorted(set(every[place]) - set(used[place])) for place in range(4)]
    result = []
    for _ in range(min(_MOST_SWAPS, _SWAPS * max(len(golds), EACH))):
        values = list(_coordinates(random.choice(golds)))
        for place in random.sample(range(4), random.randint(1, 4)):
            fresh = unused[place] if unused[place] and random.random() < 0.5 else used[place]
            values[place] = random.choice(fresh)
        result.append((values[0], values[1], values[2], values[3]))
    return result


def _choose(
    given: str,
    golds: Sequence[Gold],
    empties: Iterable[tuple[str, str, str, str]],
    random: Random,
) -> list[tuple[Cue, list[Gold]]]:
    """Up to five cues in each bin, with the events that match."""
    matching: dict[Cue, list[Gold]] = {}
    for gold in golds:
        matching.setdefault(_cue(given, _coordinates(gold)), []).append(gold)
    bins: dict[str, list[tuple[Cue, list[Gold]]]] = {}
    for cue, found in matching.items():
        bins.setdefault(bin_of(len(found)), []).append((cue, found))
    nothing = dict.fromkeys(
        cue for values in empties if (cue := _cue(given, values)) not in matching
    )
    bins["0"] = [(cue, []) for cue in nothing]
    return [
        one
        for name in ("0", "1", "2", "3-5", "6+")
        for one in random.sample(bins.get(name, []), min(EACH, len(bins.get(name, []))))
    ]


def _ask(number: int, cue: Cue, matching: Sequence[Gold], wording: str) -> Asked:
    template = TEMPLATES[number]
    words = dict(zip(_LETTERS, cue, strict=True))
    if words["c"]:
        words["c"] = words["c"].lower() if number % 2 else words["c"]
    text = _VOWEL.sub("an", template.texts[wording].format(**words))
    if template.get != "all":
        matching = sorted(matching, key=lambda gold: (day(gold.time), gold.chapter))
    answering = matching[-1:] if template.get == "latest" else matching
    return Asked(
        template=number,
        given=template.given,
        asks=template.asks,
        get=template.get,
        text=text,
        values=_values(template, answering),
        chapters=tuple(gold.chapter for gold in answering),
        matches=len(matching),
    )


def _values(template: Template, answering: Sequence[Gold]) -> tuple[str, ...] | None:
    """What is asked for of the events; each once, but for lists in order, which may repeat."""
    if not answering:
        return ()
    if template.asks == "details":
        return None
    if template.asks == "others":
        return answering[0].others
    values = [_coordinates(gold)[_ASKED[template.asks]] for gold in answering]
    return tuple(values if template.get == "chronological" else dict.fromkeys(values))
