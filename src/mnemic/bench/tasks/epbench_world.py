"""What happens in a generated book: a universe, and happenings drawn from it.

The procedure of Huet et al. (2025, arXiv 2501.13121, ICLR): a hundred values for each of date,
place, person and content are shuffled; each coordinate of a happening is drawn by a geometric law
with p = .1, so the first values come again and again; what repeats a date with a person, or a date
with a place, is dropped, since nobody is in two places on one day. The words are our own
(`epbench_coast.py`); how they become prose is left to `epbench_book.py`.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final

from mnemic.bench.tasks import epbench_coast, epbench_inland
from mnemic.core.errors import InputError

VALUES: Final = 100
"""Values of each coordinate."""
REUSE: Final = 0.1
"""p of the geometric law; larger: fewer values, each used more often."""
_FIRST_DAY: Final = date(2024, 1, 1)
_LAST_DAY: Final = date(2026, 12, 31)
_PATIENCE: Final = 5_000
"""Draws in vain, one after the other, before the universe counts as used up."""
_SOURCES: Final = {"coast": epbench_coast, "inland": epbench_inland}
UNIVERSES: Final = tuple(_SOURCES)
"""Names of universes; the first is the default."""
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A protagonist."""

    first: str
    last: str
    she: bool

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class Content:
    """A kind of event."""

    name: str
    paraphrases: tuple[str, ...]
    """Ways to speak of it that do not hold its name."""
    things: tuple[str, ...]
    """What is handled there; plurals."""
    details: tuple[str, ...]
    """What a protagonist may have done there; past tense, to follow a name."""


@dataclass(frozen=True, slots=True)
class Names:
    """The words that names of a universe are made of."""

    she: tuple[str, ...]
    """First names."""
    he: tuple[str, ...]
    last: tuple[str, ...]
    other_first: tuple[str, ...]
    """Of people who are never protagonists."""
    other_last: tuple[str, ...]
    stems: tuple[str, ...]
    """First halves of places."""
    kinds: tuple[str, ...]
    """Second halves."""
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Universe:
    """The values that coordinates can have, the often used first."""

    names: Names
    dates: tuple[str, ...]
    places: tuple[str, ...]
    people: tuple[Person, ...]
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: when, where, who and what."""

    date: str
    place: str
    person: Person
    content: Content
    detail: str


@dataclass(frozen=True, slots=True)
class Gold:
    """A chapter's event as questions ask for it, generated or read from the authors' files."""

    chapter: int
    """From 1."""
    time: str
    space: str
    entity: str
    content: str
    others: tuple[str, ...] | None = None
    """Who else is named; None where it is not known."""


def written(day: date) -> str:
    """A date as books and questions of this benchmark write it.

    >>> written(date(2026, 4, 9))
    'April 09, 2026'
    """
    return f"{MONTHS[day.month - 1]} {day.day:02d}, {day.year}"


def universe(name: str, seed: int) -> Universe:
    """The universe `name`, its values shuffled by `seed`. Raises InputError for another name."""
    if name not in UNIVERSES:
        raise InputError(f"no universe {name!r}. Choose one of {', '.join(UNIVERSES)}")
    random = Random(f"epbench universe {name} {seed}")
    names, contents = _names(name), _contents()
    people = [
        Person(first, last, first in names.she)
        for first in (*names.she, *names.he)
        for last in names.last
    ]
    days = (_LAST_DAY - _FIRST_DAY).days + 1
    chosen = random.sample(range(days), VALUES)
    return Universe(
        names=names,
        dates=tuple(written(_FIRST_DAY + timedelta(day)) for day in chosen),
        places=tuple(random.sample(names.places, VALUES)),
        people=tuple(random.sample(people, VALUES)),
        contents=tuple(random.sample(contents, VALUES)),
    )


def happenings(of: Universe, count: int, random: Random) -> list[Happening]:
    """`count` happenings in the order in which they are told, which is not that of their dates.

    Raises InputError if the universe has not so many.
    """
    if count > VALUES**2:  # each person does one thing a day
        raise _too_many(count, VALUES**2)
    weights = list(accumulate((1 - REUSE) ** place for place in range(VALUES)))

    def draw() -> int:
        return bisect(weights, random.random() * weights[-1])

    seen: set[tuple[str, int, int]] = set()
    result: list[Happening] = []
    vain = 0
    while len(result) < count:
        day, place, person, content = draw(), draw(), draw(), draw()
        keys = {("person", day, person), ("place", day, place)}
        if keys & seen:
            vain += 1
            if vain > _PATIENCE:
                raise _too_many(count, len(result))
            continue
        vain = 0
        seen |= keys
        kind = of.contents[content]
        result.append(
            Happening(
                of.dates[day], of.places[place], of.people[person], kind,
                random.choice(kind.details),
            )
        )  # fmt: skip
    return result


def _too_many(count: int, found: int) -> InputError:
    return InputError(
        f"chapters={count} is more than this universe holds ({found} found). Ask for fewer chapters"
    )


@cache
def _names(name: str) -> Names:
    source = _SOURCES[name]
    lines = [line.split(": ") for line in source.PLACES.strip().splitlines()]
    return Names(
        she=tuple(source.SHE.split()),
        he=tuple(source.HE.split()),
        last=tuple(source.LAST.split()),
        other_first=tuple(source.OTHER_FIRST.split()),
        other_last=tuple(source.OTHER_LAST.split()),
        stems=tuple(stem for stem, _ in lines),
        kinds=tuple(kind for _, kinds in lines for kind in kinds.split(", ")),
        places=tuple(f"{stem} {kind}" for stem, kinds in lines for kind in kinds.split(", ")),
    )


@cache
def _contents() -> tuple[Content, ...]:
    return tuple(_read_contents(epbench_coast.HAPPENINGS, epbench_coast.FRAMES))


def _read_contents(table: str, frames: Mapping[str, Sequence[str]]) -> list[Content]:
    result = []
    family = ""
    for line in table.strip().splitlines():
        if line.startswith("#"):
            family = line.removeprefix("# ")
            continue
        name, paraphrases, objects = line.split(" | ")
        things = tuple(objects.split("; "))
        details = tuple(frame.format(thing) for thing in things for frame in frames[family])
        result.append(Content(name, tuple(paraphrases.split("; ")), things, details))
    return result
