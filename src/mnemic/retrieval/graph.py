"""The edges between records, out of what a partition holds: links, order in time, who speaks.

Nodes are rows. Strengths are those of AdaMem (2026): what a dialogue goes on with is nearer than
what it came from, so an edge back carries half of the edge forth. Who speaks makes an edge only
between a speaker's turn and the next one in the session: joining all that somebody ever said would
be a speaker prior by a longer way. What spreads over the edges is told by `algorithms/spread.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np

from mnemic.algorithms.spread import Edges
from mnemic.core.ids import RecordId
from mnemic.core.ports import NOBODY, Ints, Mask
from mnemic.core.storage import LinkRow
from mnemic.core.vectors import Floats

NEXT: Final = "next in time"
SPEAKER: Final = "same speaker"

STRENGTHS: Final[Mapping[str, float]] = {NEXT: 0.70, SPEAKER: 0.90}
"""Weight of the edges forth; a link brings its own."""

PRIORS: Final[Mapping[str, float]] = {
    NEXT: 0.70,
    SPEAKER: 0.60,
    "mentions": 0.75,
    "supports": 0.90,
    "same topic": 0.55,
    "supersedes": 0.90,
    "contradicts": 0.90,
    "derived from": 0.90,
}
"""How far each relation is trusted when something is recalled; see `spread(priors=...)`."""

BACK: Final = 0.5
"""Share of an edge's weight that its way back has."""


class Rows(Protocol):
    """What is read of a partition's columns (see `core.ports.Columns`), each of shape (rows,)."""

    following: Ints
    speaker: Ints
    alive: Mask


class Tie(NamedTuple):
    """A link between two rows."""

    source: int
    target: int
    relation: str
    weight: float = 1.0


def ties(links: Iterable[LinkRow], row_of: Mapping[RecordId, int]) -> list[Tie]:
    """The links whose two ends have rows; a link that was removed is none.

    >>> ties([LinkRow("a", "mentions", "b"), LinkRow("a", "mentions", "gone")], {"a": 0, "b": 4})
    [Tie(source=0, target=4, relation='mentions', weight=1.0)]
    """
    return [
        Tie(row_of[link.source], row_of[link.target], link.relation, link.weight)
        for link in links
        if not link.remove and link.source in row_of and link.target in row_of
    ]


def graph(rows: Rows, links: Sequence[Tie] = (), *, back: float = BACK) -> Edges:
    """All edges of a partition: its order in time, its speakers' threads, and `links`.

    back: share of each weight that the edge's way back gets; 0 makes edges one-way. Rows that were
    removed have no edges.
    """
    count = len(rows.following)
    relations = dict.fromkeys((NEXT, SPEAKER, *(link.relation for link in links)))
    codes = {name: code for code, name in enumerate(relations)}
    sources, targets, weights, kinds = [], [], [], []

    def add(source: Ints, target: Ints, weight: Floats, kind: Ints) -> None:
        sources.append(source)
        targets.append(target)
        weights.append(weight)
        kinds.append(kind)

    for name, following in ((NEXT, rows.following), (SPEAKER, next_by_speaker(rows))):
        source = np.flatnonzero(following != NOBODY)
        weight = np.full(len(source), STRENGTHS[name], np.float32)
        add(source, following[source], weight, np.full(len(source), codes[name], np.int64))
    add(
        np.array([link.source for link in links], np.int64),
        np.array([link.target for link in links], np.int64),
        np.array([link.weight for link in links], np.float32),
        np.array([codes[link.relation] for link in links], np.int64),
    )
    source, target = np.concatenate(sources), np.concatenate(targets)
    weight, kind = np.concatenate(weights), np.concatenate(kinds)
    there = rows.alive[source] & rows.alive[target] & (source != target)
    source, target, weight, kind = source[there], target[there], weight[there], kind[there]
    if back:
        source, target = np.append(source, target), np.append(target, source)
        weight, kind = np.append(weight, np.float32(back) * weight), np.append(kind, kind)
    return Edges(count, source, target, weight.astype(np.float32), kind, tuple(relations))


def next_by_speaker(rows: Rows) -> Ints:
    """For each row the next one in its session by the same speaker, -1 if there is none (rows,).

    Found by walking `following` for all rows at once; a session in which one speaker is silent for
    more than four turns breaks the thread, which by then is another matter.
    """
    ahead = rows.following.copy()
    found = np.full(len(ahead), NOBODY, np.int64)
    for _ in range(_SILENCE):
        open_ = (ahead != NOBODY) & (found == NOBODY) & (rows.speaker != NOBODY)
        same = open_ & (rows.speaker[ahead] == rows.speaker)
        found[same] = ahead[same]
        ahead = np.where(ahead == NOBODY, NOBODY, rows.following[ahead])
    return found


_SILENCE: Final = 5
