"""Which rows may be shown, and which of those are worth a closer look.

Conditions become a mask over the rows before anything is drawn, so that a filter can never starve
an answer: the best hundred are the best hundred of what is allowed. Then each pool draws its own:
the words, the vectors, and the period that the question names. A row that several draw is one
candidate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnemic.algorithms.fuse import z_scores
from mnemic.core.ports import Columns, Ints, Mask, TextIndex, VectorIndex
from mnemic.core.queries import Query
from mnemic.core.vectors import Floats
from mnemic.retrieval.analyse import Analysis, Span
from mnemic.retrieval.shape import Shape

_DAY = 86_400_000_000


def visible(query: Query, columns: Columns, allowed: Mask | None = None) -> Mask:
    """Which rows may be an answer (rows,).

    A row must be of the agent, session and kinds that the query names, and hold at its time: with
    `as_of`, it must have begun and not have ended then; without, it must not have ended by `now`
    (what lies ahead, such as a plan, is shown). `allowed` holds further conditions, such as
    filters on metadata.
    """
    mask = columns.alive.copy() if allowed is None else columns.alive & allowed
    for column, wanted in (("agent", query.agent_id), ("session", query.session_id)):
        if wanted is not None:
            mask &= np.isin(getattr(columns, column), _codes(columns, column, (wanted,)))
    if query.kinds is not None:
        mask &= np.isin(columns.kind, _codes(columns, "kind", query.kinds))
    at = query.as_of or query.now
    mask &= columns.valid_to > at.micros
    if query.as_of is not None:
        # "As of May" sees the whole of May.
        mask &= columns.valid_from < query.as_of.end
    return mask


def _codes(columns: Columns, column: str, wanted: tuple[str, ...]) -> list[int]:
    return [code for code, name in enumerate(columns.names[column]) if name in wanted]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the indexes say of every row (rows,)."""

    turn: Floats
    """Share of the question's information that the row's own words hold, 0 to 1."""
    window: Floats
    """The same of the row with its neighbours."""
    dialogue: Floats
    """Share of the information of what was said before."""
    bridge: Floats
    """Share of the information that the row tells by an instance of what is asked."""
    whole: Floats
    """Share of the names and dates of the question that the row holds whole."""
    dense: Floats | None = None
    """Cosine of the best passage, in standard deviations; 0 where a row has no vector."""
    pooled: Floats | None = None
    """Cosine with the neighbours pooled in, likewise."""


def score_all(
    analysis: Analysis,
    columns: Columns,
    mask: Mask,
    text: TextIndex,
    vectors: VectorIndex | None,
    query_vector: Floats | None,
    shape: Shape,
) -> Scores:
    """Ask the indexes; means and spreads are taken over the rows in `mask`.

    BM25 sums are divided by the most that the question could score. Their z-scores would grow with
    the size of the partition, because a rare word is the rarer the more rows there are, and priors
    would vanish beside them.
    """
    rows = len(mask)
    k1, b = shape.bm25(mean_words(columns))
    nothing = np.zeros(rows, np.float32)
    turn = window = dialogue = bridge = whole = nothing
    dense = pooled = None
    ceiling = text.ceiling(analysis.terms, k1) if analysis.terms else 0.0
    if ceiling > 0:
        turn = text.bm25(analysis.terms, k1, b) / np.float32(ceiling)
        window = text.bm25_window(analysis.terms, k1, b) / np.float32(ceiling)
        if analysis.bridges:
            bridge = text.bridged(analysis.bridges) / np.float32(ceiling)
    if analysis.wholes:
        whole = text.whole(analysis.wholes) / np.float32(len(analysis.wholes))
    before = text.ceiling(analysis.dialogue, k1) if analysis.dialogue else 0.0
    if before > 0:
        dialogue = text.bm25(analysis.dialogue, k1, b) / np.float32(before)
    if vectors is not None and query_vector is not None and query_vector.any():
        cosine = vectors.cosine(query_vector)
        known = mask & (cosine > -1)
        dense = z_scores(cosine, known)
        pooled = z_scores(vectors.cosine_pooled(query_vector, shape.neighbour), known)
    return Scores(turn, window, dialogue, bridge, whole, dense, pooled)


def mean_words(columns: Columns) -> float:
    """Mean tokens of a partition's rows."""
    return float(columns.words.sum()) / max(int(np.count_nonzero(columns.alive)), 1)


def draw(
    scores: Scores,
    analysis: Analysis,
    columns: Columns,
    mask: Mask,
    shape: Shape,
    limit: int = 0,
) -> Ints:
    """The candidates: rows (candidates,) in rising order; more than `shape.pool` from each pool
    where `limit` asks for more, and of all these the best `shape.kept`. Where few rows are to be
    seen, all of them.

    Text draws rows that hold a term, or stand beside one that does; vectors draw the nearest,
    whether near or not; a period draws rows within it.
    """
    if np.count_nonzero(mask) <= shape.small:
        return np.flatnonzero(mask)
    most = max(shape.pool, limit)
    words = shape.turn * scores.turn + shape.window * scores.window
    words += shape.dialogue * scores.dialogue + shape.bridge * scores.bridge
    pools = [best(words, mask & (words > 0), most, columns.keys)]
    found = words
    if scores.dense is not None and scores.pooled is not None:
        meaning = shape.dense * scores.dense + shape.pooled * scores.pooled
        pools.append(best(meaning, mask, most, columns.keys))
        found = words + meaning
    if analysis.spans:
        dated = mask & (in_spans(columns.valid_from, analysis.spans, shape) > 0)
        pools.append(best(found, dated, most, columns.keys))
    drawn = np.unique(np.concatenate(pools))
    kept = max(shape.kept, limit)
    if len(drawn) <= kept:
        return drawn
    # A pool's last rows are seldom worth a close look; those of a named period are.
    if analysis.spans:
        found = found + np.float32(shape.date) * in_spans(columns.valid_from, analysis.spans, shape)
    among = np.zeros(len(mask), np.bool_)
    among[drawn] = True
    return np.sort(best(found, among, kept, columns.keys))


def best(scores: Floats, among: Mask, limit: int, keys: Ints) -> Ints:
    """The `limit` rows of `among` with the highest scores, in no order (at most limit,).

    Equal scores at the edge are decided by the newer key, so that the answer does not depend on
    the place where a row happens to stand.
    """
    rows = np.flatnonzero(among)
    if len(rows) <= limit:
        return rows
    values = scores[rows]
    edge = np.partition(values, len(values) - limit)[len(values) - limit]
    above, level = rows[values > edge], rows[values == edge]
    level = level[np.argsort(-keys[level], kind="stable")]
    return np.concatenate((above, level[: limit - len(above)]))


def in_spans(times: Ints, spans: tuple[Span, ...], shape: Shape) -> Floats:
    """1 within a period, `soon_after` in the days after it, 0 elsewhere (rows,)."""
    near = np.zeros(len(times), np.float32)
    for start, end in spans:
        soon = end + int(shape.soon_days * _DAY)
        near = np.maximum(near, np.float32(shape.soon_after) * ((times >= end) & (times < soon)))
        near = np.maximum(near, (times >= start) & (times < end), dtype=np.float32)
    return near
