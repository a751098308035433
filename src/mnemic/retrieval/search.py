"""The stages of recall, one after the other, within one partition.

    query ─▶ analyse ─▶ visible ─▶ score_all ─▶ draw ─▶ features ─▶ rank

This is what the engine calls. It brings the partition's columns and indexes and, if there is an
encoder, the vector and the tokens of `analysis.meaning`; it gets rows back and fetches their
records.
"""

from __future__ import annotations

from dataclasses import dataclass

from mnemic.core.ports import Columns, Ints, Mask, QueryTokens, TextIndex, TokenIndex, VectorIndex
from mnemic.core.queries import Query, Ranked
from mnemic.core.vectors import Floats
from mnemic.retrieval.analyse import Analysis
from mnemic.retrieval.candidates import draw, score_all, visible
from mnemic.retrieval.features import features
from mnemic.retrieval.rank import rank
from mnemic.retrieval.shape import SHAPE, Shape
from mnemic.retrieval.weights import Ranker


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a partition offers for a question, as the engine brings it."""

    columns: Columns
    text: TextIndex
    vectors: VectorIndex | None = None
    query_vector: Floats | None = None
    """(size,) of `analysis.meaning`; without it words and priors decide."""
    late: TokenIndex | None = None
    tokens: QueryTokens | None = None
    """Those of `analysis.meaning`; None where the table knows none of them."""


def recall(
    query: Query,
    analysis: Analysis,
    evidence: Evidence,
    ranker: Ranker,
    allowed: Mask | None = None,
    shape: Shape = SHAPE,
) -> list[Ranked]:
    """The best rows of one partition for a question, best first: at most `query.limit`.

    `allowed` is a mask (rows,) of rows that meet further conditions. Rows below `query.threshold`
    are left out.
    """
    rows, values = consider(query, analysis, evidence, allowed, shape)
    ranked = rank(rows, values, evidence.columns.keys, ranker, query.limit)
    if query.threshold is None:
        return ranked
    return [one for one in ranked if one.score >= query.threshold]


def consider(
    query: Query,
    analysis: Analysis,
    evidence: Evidence,
    allowed: Mask | None = None,
    shape: Shape = SHAPE,
) -> tuple[Ints, dict[str, Floats]]:
    """The candidates for a question (candidates,), and what is known about each of them."""
    columns = evidence.columns
    mask = visible(query, columns, allowed)
    scores = score_all(
        analysis, columns, mask, evidence.text, evidence.vectors, evidence.query_vector, shape
    )
    rows = draw(scores, analysis, columns, mask, shape, query.limit)
    values = features(rows, scores, analysis, columns, evidence.late, evidence.tokens, shape)
    return rows, values
