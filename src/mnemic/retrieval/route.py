"""Which way a question takes: what is searched, how hard, and whether a second time.

The way is chosen by the form of the question and by what the memory holds, before anything is
searched; it is a value that can be shown (`explain=True`). Names of routes by cue words are
AdaMem's (2026); modes by the kinds of record that are there are PlugMem's (2026).

Every row is scored by words and by vectors; in a small memory all of them are then looked at in
full, in a larger one those that a pool draws. Spreading over the graph and a second round are
there, and off: on LoCoMo dev and on our own conversations neither gains on both
(docs/design/ranking.md), and where the first round found least, the second strayed furthest.
`Effort` turns them on, by route.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from mnemic.core.errors import InputError
from mnemic.language import asked_words
from mnemic.language.asked import Asked, Order, Want
from mnemic.language.stopwords import stop_words
from mnemic.retrieval.shape import SHAPE, Shape


class Name(StrEnum):
    """The routes."""

    TEMPORAL = "temporal"
    """It asks for a time, or for what was at one."""
    SEVERAL = "several"
    """A list, a count, or a comparison: one record will not do."""
    RELATION = "relation"
    """Why, how, or what has to do with what."""
    ATTRIBUTE = "attribute"
    """What somebody likes, owns or is like."""
    SINGLE = "single"
    """One fact."""


class Mode(StrEnum):
    """What kind of memory is asked first."""

    EPISODIC = "episodic"
    SEMANTIC = "semantic"
    PROCEDURAL = "procedural"


class Pool(StrEnum):
    """Where candidates come from."""

    ALL = "all"
    """Every row is looked at in full."""
    TEXT = "text"
    DENSE = "dense"
    DATE = "date"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a search may cost, and what it may try."""

    whole: int = SHAPE.small
    """Rows up to which all are looked at in full; a larger number costs time."""
    pool: int = SHAPE.pool
    """Candidates that each pool draws."""
    most: int = 1000
    """Rows that are looked at in full in all rounds together: the hard cap, which only a larger
    `limit` of a search lifts."""
    hops: frozenset[Name] = frozenset()
    """The routes on which activation spreads one hop over the graph, where there are links."""
    again: frozenset[Name] = frozenset()
    """The routes on which a second round may follow."""
    enough: float = 0.5
    """Probability of the best hit from which on no second round follows."""

    def __post_init__(self) -> None:
        if min(self.whole, self.pool, self.most) < 1 or not 0 <= self.enough <= 1:
            raise InputError(
                f"whole={self.whole}, pool={self.pool}, most={self.most}, enough={self.enough}. "
                "Use numbers from 1 up, and a probability"
            )

    @property
    def shape(self) -> Shape:
        """The constants of drawing, as this effort has them."""
        kept = min(max(SHAPE.kept, self.pool), self.most)
        return replace(SHAPE, small=min(self.whole, self.most), pool=self.pool, kept=kept)


EFFORT: Final = Effort()


@dataclass(frozen=True, slots=True)
class Route:
    """The way that a question takes."""

    name: Name
    mode: Mode
    why: str
    """The word or the form that decided."""
    pools: tuple[Pool, ...]
    hops: int
    second_round: bool
    """Whether a second round may follow; see `escalates`."""
    most: int
    """Rows that a round may look at in full."""
    enough: float = EFFORT.enough


_RELATION: Final = re.compile(
    r"\b(?:why|because|cause[ds]?|how (?:did|does|do|is|are|was|were|come)|relationship|related|"
    r"connect(?:ed|ion)?|between|reason|por ?qu[eê]|como|cómo|warum|wieso|weshalb|pourquoi|comment)"
    r"\b|为什么|為什麼|怎么|怎麼|如何|关系|關係"
)
_ATTRIBUTE: Final = re.compile(
    r"\b(?:prefer\w*|likes?|loves?|enjoys?|hates?|dislikes?|favou?rites?|personality|traits?|"
    r"hobb(?:y|ies)|interests?|gosta|prefere|favorit[oa]s?|gusta|prefiere|mag|lieblings\w*|"
    r"aime|préfère|préférée?s?)\b|喜欢|喜歡|最爱|最愛|爱好|愛好"
)
_TIME: Final = re.compile(
    r"\b(?:when|date|year|month|day|time|last|ago|before|after|since|until|during|quando|cuándo|"
    r"wann|quand|antes|depois|después|vor|nach|avant|après)\b|什么时候|什麼時候|几月|哪天|哪年"
)
_HOW_TO: Final = re.compile(
    r"\b(?:how (?:to|do i|should i|can i)|steps? (?:to|for)|procedure|workflow|instructions?|"
    r"como (?:faço|se faz)|cómo (?:hago|se hace)|wie (?:mache|geht)|comment (?:faire|fait-on))\b"
    r"|怎么做|怎麼做|步骤|步驟"
)
_PROCEDURAL: Final = frozenset({"procedure", "rule"})
_SEMANTIC: Final = frozenset({"fact", "trait", "concept", "gist"})
_TEMPORAL_WANTS: Final = frozenset({Want.DATE, Want.DURATION})
_SEVERAL_WANTS: Final = frozenset({Want.COUNT, Want.TIMES, Want.ACCOUNT})


def route(
    text: str,
    asked: Asked,
    *,
    rows: int,
    dated: bool = False,
    vectors: bool = True,
    links: int = 0,
    kinds: Collection[str] = ("turn",),
    effort: Effort = EFFORT,
) -> Route:
    """The way that a question takes.

    asked: the question as `language.asked.asked` reads it.
    rows: how many records the scope holds; `vectors`: whether they have any; `links`: how many
        edges there are between them; `kinds`: which kinds of record.
    dated: whether the question names a period.

    >>> from mnemic.language.asked import asked
    >>> text = "When did Ana move?"
    >>> found = route(text, asked(text), rows=300_000)
    >>> found.name.value, [pool.value for pool in found.pools], found.second_round
    ('temporal', ['text', 'dense'], False)
    """
    name, why = _name(text.lower(), asked, dated)
    hops = int(name in effort.hops and links > 0)
    whole = rows <= min(effort.whole, effort.most)
    if whole:
        pools: tuple[Pool, ...] = (Pool.ALL,)
    else:
        wanted = ((Pool.TEXT, True), (Pool.DENSE, vectors), (Pool.DATE, dated))
        pools = tuple(pool for pool, there in (*wanted, (Pool.GRAPH, hops > 0)) if there)
    drawn = rows if whole else min(effort.pool * len(pools), effort.shape.kept, rows)
    again = name in effort.again and 2 * drawn <= effort.most
    return Route(
        name=name,
        mode=_mode(name, text.lower(), kinds),
        why=why,
        pools=pools,
        hops=hops,
        second_round=again,
        most=drawn,
        enough=effort.enough,
    )


def escalates(chosen: Route, best: float | None) -> bool:
    """Whether a second round follows: the route allows it, and the first found too little.

    best: the calibrated probability of the best hit; None if there is none, which no second query
    made of what was found can repair.
    """
    return chosen.second_round and best is not None and best < chosen.enough


def follow_up(
    question: str, found: Sequence[str], names: Sequence[str] = (), longest: int = 60
) -> str:
    """The question of the second round: the first with the best facts, or the names in them.

    longest: words that are added at most, so that the question keeps its say.

    >>> follow_up("Where does she work?", ["Ana joined the bakery in May."], longest=4)
    'Where does she work? Ana joined the bakery'
    """
    added = " ".join(dict.fromkeys(names)) if names else " ".join(found)
    return " ".join([question, *added.split()[:longest]])


def _name(low: str, asked: Asked, dated: bool) -> tuple[Name, str]:
    """The first form that holds, and what showed it."""
    if asked.want in _TEMPORAL_WANTS or asked.order in (Order.FIRST, Order.LATEST):
        return Name.TEMPORAL, str(asked.order or asked.want)
    listed = (
        asked.want is Want.THING
        and asked.head not in stop_words("english").words
        and asked_words.PLURAL.search(asked.head)
    )
    if asked.several or asked.compares or listed or asked.want in _SEVERAL_WANTS:
        return Name.SEVERAL, str(asked.want)
    for name, pattern in ((Name.RELATION, _RELATION), (Name.ATTRIBUTE, _ATTRIBUTE)):
        match = pattern.search(low)
        if match:
            return name, match[0]
    match = _TIME.search(low)
    if match or dated:
        return Name.TEMPORAL, match[0] if match else "a period"
    return Name.SINGLE, str(asked.want)


def _mode(name: Name, low: str, kinds: Collection[str]) -> Mode:
    if not _PROCEDURAL.isdisjoint(kinds) and _HOW_TO.search(low):
        return Mode.PROCEDURAL
    if name in (Name.ATTRIBUTE, Name.SINGLE) and not _SEMANTIC.isdisjoint(kinds):
        return Mode.SEMANTIC
    return Mode.EPISODIC
