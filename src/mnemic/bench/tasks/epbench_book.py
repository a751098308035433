"""Chapters written around happenings, without a language model.

A chapter has 1 to 10 paragraphs and one of eight styles. Date, place and protagonist are each named
exactly once, each in a paragraph drawn for it; the content is named in words in about half of
the chapters and only described in the others, as in the authors' books, where 88 of 196 chapters
hold it (Huet et al. 2025, arXiv 2501.13121). The sentences are those of `epbench_prose.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

from mnemic.bench.tasks import epbench_prose
from mnemic.bench.tasks.epbench_world import MONTHS, Gold, Happening, Names

MOST_PARAGRAPHS: Final = 10
NAMED: Final = 0.45
"""Share of the chapters that hold the name of their content."""
_SHORTEST, _LONGEST = 400, 950
"""Words of a chapter, before the sentences that name its parts."""
_TRIES: Final = 10
_CAPITALS: Final = 0.3
"""Share of those that write it with capitals."""
_YEARS: Final = ("2024", "2025", "2026")
_DAYS: Final = tuple(f"{day}th" for day in (*range(4, 21), *range(24, 31)))
_STYLED: Final = 0.3
"""Share of sentences that belong to the chapter's style."""
_NAMESAKES: Final = 0.4
"""Share of other people who have a protagonist's first name; as many have one's last name."""
_MIX: Final = (
    (epbench_prose.SCENES, 20),
    (epbench_prose.PEOPLE, 18),
    (epbench_prose.THINGS, 12),
    (epbench_prose.THOUGHTS, 20),
    (epbench_prose.TALK, 15),
    (epbench_prose.TURNS, 15),
)
_EVERYDAY: Final = tuple(template for templates, _ in _MIX for template in templates)
_VOWEL = re.compile(r"\b([Aa])(?= (?!one\b|uni|use|eu)[aeiou])", re.IGNORECASE)
_START = re.compile(r"(?:\A\"?|(?<=[.!?] )|(?<=[.!?] \"))[a-z]")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its paragraphs, and what it tells."""

    number: int
    """From 1."""
    paragraphs: tuple[str, ...]
    gold: Gold
    style: str = ""


def write(happening: Happening, names: Names, number: int, random: Random) -> Chapter:
    """The chapter of one happening; `names` are those of its universe.

    It is drawn again, up to ten times, until each name stands in it exactly once and the content's
    name only where it is meant to.
    """
    for _ in range(_TRIES):
        chapter, named = _draft(happening, names, number, random)
        text = "\n".join(chapter.paragraphs)
        once = (happening.date, happening.place, happening.person.name)
        holds = happening.content.name.lower() in text.lower()
        if all(text.count(name) == 1 for name in once) and holds == named:
            break
    return chapter


class _Pen(dict[str, str]):
    """Fills the slots of sentences: what is fixed in the chapter, and phrases drawn anew."""

    def __init__(
        self, happening: Happening, others: Sequence[str], names: Names, random: Random
    ) -> None:
        person = happening.person
        s, o, p = ("she", "her", "her") if person.she else ("he", "him", "his")
        content = happening.content.name
        super().__init__(
            s=s, o=o, p=p, S=s.capitalize(), P=p.capitalize(), self=f"{o}self",
            date=happening.date, place=happening.place, name=person.name, first=person.first,
            detail=happening.detail,
            content=content if random.random() < _CAPITALS else content.lower(),
        )  # fmt: skip
        self._choices: dict[str, Sequence[str]] = {
            **epbench_prose.PHRASES,
            "other": others,
            "thing": happening.content.things,
            "paraphrase": happening.content.paraphrases,
            # Parts of the universe's names and dates, to distract.
            "month": MONTHS,
            "year": _YEARS,
            "day": _DAYS,
            "stem": names.stems,
            "kind": tuple(kind.lower() for kind in names.kinds),
        }
        self._random = random
        self._last: dict[str, str] = {}
        self._used: set[str] = set()

    def __missing__(self, slot: str) -> str:
        choices = self._choices[slot]
        found = self._random.choice(choices)
        if found == self._last.get(slot):  # not the same twice running
            found = self._random.choice(choices)
        self._last[slot] = found
        return found.format_map(self)

    def sentence(self, templates: Sequence[str]) -> str:
        """One of the templates, filled; none twice in a chapter while any other is left."""
        left = (
            [template for template in templates if template not in self._used]
            or [template for template in _EVERYDAY if template not in self._used]
            or templates
        )
        template = self._random.choice(left)
        self._used.add(template)
        filled = _VOWEL.sub(r"\1n", template.format_map(self))
        return _START.sub(lambda start: start[0].upper(), filled)


def _draft(happening: Happening, names: Names, number: int, random: Random) -> tuple[Chapter, bool]:
    others = _others(names, random)
    pen = _Pen(happening, others, names, random)
    style = random.choice(sorted(epbench_prose.STYLES))
    count = random.randint(1, MOST_PARAGRAPHS)
    named = random.random() < NAMED
    paragraphs = _filling(pen, epbench_prose.STYLES[style], count, random)
    what = epbench_prose.WHAT if named else epbench_prose.WHAT_ELSE
    for templates in (
        (epbench_prose.TIME,),
        (epbench_prose.PLACE,),
        (epbench_prose.WHO,),
        (what, epbench_prose.DEED),
    ):
        paragraph = paragraphs[random.randrange(count)]
        at = random.randint(0, len(paragraph))
        paragraph[at:at] = [pen.sentence(each) for each in templates]
    texts = tuple(" ".join(paragraph) for paragraph in paragraphs)
    everything = " ".join(texts)
    gold = Gold(
        chapter=number,
        time=happening.date,
        space=happening.place,
        entity=happening.person.name,
        content=happening.content.name,
        others=tuple(other for other in others if other in everything),
    )
    return Chapter(number, texts, gold, style), named


def _others(names: Names, random: Random) -> list[str]:
    """Two or three people beside the protagonist; some share a first or a last name with one."""
    result = []
    for _ in range(random.randint(2, 3)):
        first, last = names.other_first, names.other_last
        chance = random.random()
        if chance < _NAMESAKES:
            first = (*names.she, *names.he)
        elif chance < 2 * _NAMESAKES:
            last = names.last
        result.append(f"{random.choice(first)} {random.choice(last)}")
    return list(dict.fromkeys(result))


def _filling(pen: _Pen, style: Sequence[str], count: int, random: Random) -> list[list[str]]:
    """`count` paragraphs of prose, as lists of sentences."""
    kinds = [kind for kind, _ in _MIX]
    shares = [share for _, share in _MIX]
    wanted = random.randint(_SHORTEST, _LONGEST)
    sentences: list[str] = []
    words = 0
    while words < wanted or len(sentences) < count:
        mix = style if random.random() < _STYLED else random.choices(kinds, shares)[0]
        sentences.append(pen.sentence(mix))
        words += sentences[-1].count(" ") + 1
    cuts = [0, *sorted(random.sample(range(1, len(sentences)), count - 1)), len(sentences)]
    return [sentences[start:end] for start, end in pairwise(cuts)]
