"""Haystacks of a given number of conversations, with evidence in them: ConvoMem's construction.

Evidence comes in conversations of its own, as in the authors' files, or as single turns: these are
planted word for word in conversations of filler, which then take the time of what they hold. Half
of a haystack at most holds evidence, so several questions share one, as in the authors' mixed
cases. What is drawn, and where it is planted, hangs on the seed only.

Nothing is copied: two haystacks share the texts, and are put together when they are asked for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mnemic.core.clock import Moment
from mnemic.core.events import Event
from mnemic.sources.questions import Question

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation."""

    id: str
    owner: str
    """Whose it is: evidence is never planted among what its own owner said."""
    events: tuple[Event, ...]
    """metadata["turn"] is unique over all talks."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question and its evidence."""

    question: Question
    owner: str
    talks: tuple[Talk, ...] = ()
    """The conversations that hold the evidence already."""
    turns: tuple[Event, ...] = ()
    """The turns that are yet to be planted, in order; their ids are in the question's evidence."""


@dataclass(frozen=True, slots=True)
class Case:
    """One haystack to be put together."""

    size: int
    """Conversations."""
    items: tuple[Item, ...]
    filler: tuple[Talk, ...]
    seed: str


def cases(
    items: Sequence[Item], filler: Sequence[Talk], sizes: Sequence[int], seed: int
) -> Iterator[Case]:
    """Haystacks of each size, so that every item is asked in one of them.

    An item that needs more conversations than the size is left out there; so is a size for which
    there is not enough filler.
    """
    for size in sizes:
        for number, group in enumerate(_groups(items, size)):
            taken = {talk.id for item in group for talk in item.talks}
            owners = {item.owner for item in group if item.turns}
            free = [talk for talk in filler if talk.id not in taken and talk.owner not in owners]
            wanted = size - len(taken)
            if 0 <= wanted <= len(free):
                drawn = random.Random(f"{seed}/{size}/{number}").sample(free, wanted)
                yield Case(size, tuple(group), tuple(drawn), f"{seed}/{size}/{number}")


def questions(case: Case, name: str) -> list[Question]:
    """The questions of a haystack called `name`; their category is its size."""
    return [
        replace(
            item.question,
            id=f"{case.size}/{item.question.id}",
            conversation=name,
            category=f"{case.size} conversation{'s' if case.size > 1 else ''}",
            metadata={
                **item.question.metadata,
                "conversations": case.size,
                "type": item.question.category,
            },
        )
        for item in case.items
    ]


def texts(case: Case, name: str) -> list[Event]:
    """The texts of a haystack, conversation by conversation, by time where times are known."""
    chance = random.Random(case.seed)
    turns = list(
        {turn.metadata["turn"]: turn for item in case.items for turn in item.turns}.values()
    )
    turns.sort(key=lambda turn: turn.time.micros if turn.time else 0)
    hosts = min(len(turns), case.size)
    talks = list({talk.id: talk for item in case.items for talk in item.talks}.values())
    talks += case.filler[hosts:]
    for number, host in enumerate(case.filler[:hosts]):
        held = turns[number * len(turns) // hosts : (number + 1) * len(turns) // hosts]
        talks.append(_planted(host, held, chance))
    chance.shuffle(talks)
    talks.sort(key=lambda talk: min((e.time.micros for e in talk.events if e.time), default=0))
    return [
        replace(
            event,
            session_id=f"{name}/{talk.id}",
            position=position,
            metadata={"conversation": name, "turn": event.metadata["turn"]},
        )
        for talk in talks
        for position, event in enumerate(talk.events)
    ]


def _groups(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """Items whose evidence fills half a haystack; planted ones are all of one owner."""
    by_owner: dict[str, list[Item]] = {}
    for item in items:
        by_owner.setdefault(item.owner if item.turns else "", []).append(item)
    for held in by_owner.values():
        group: list[Item] = []
        needs: set[str] = set()
        for item in held:
            own = {talk.id for talk in item.talks} or {
                str(turn.metadata["turn"]) for turn in item.turns
            }
            if item.talks and len(own) > size:
                continue
            if group and len(needs | own) > max(1, size // 2):
                yield group
                group, needs = [], set()
            group.append(item)
            needs |= own
        if group:
            yield group


def _planted(host: Talk, turns: Sequence[Event], chance: random.Random) -> Talk:
    """The host with the turns among its own, in order, and at the time of the first of them."""
    places = sorted(chance.randint(0, len(host.events)) for _ in turns)
    begin = turns[0].time
    events: list[Event] = []
    for number, event in enumerate(host.events):
        events += [turn for turn, place in zip(turns, places, strict=True) if place == number]
        time = event.time
        if begin:
            time = Moment(begin.micros + number * _SECOND, begin.offset, begin.precision)
        events.append(replace(event, time=time))
    events += [turn for turn, place in zip(turns, places, strict=True) if place == len(host.events)]
    return Talk(host.id, host.owner, tuple(events))
