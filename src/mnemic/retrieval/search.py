"""The stages of recall, one after the other, within one partition.

    query ─▶ analyse ─▶ visible ─▶ score_all ─▶ draw ─▶ features ─▶ rank

This is what the engine calls. It brings the partition's columns and indexes and, if there is an
encoder, the vector of `analysis.meaning`; it gets rows back and fetches their records.
"""

from __future__ import annotations

from mnemic.core.ports import Columns, Mask, TextIndex, VectorIndex
from mnemic.core.queries import Query, Ranked
from mnemic.core.vectors import Floats
from mnemic.retrieval.analyse import Analysis
from mnemic.retrieval.candidates import draw, score_all, visible
from mnemic.retrieval.features import features
from mnemic.retrieval.rank import rank
from mnemic.retrieval.weights import WEIGHTS, Weights


def recall(
    query: Query,
    analysis: Analysis,
    columns: Columns,
    text: TextIndex,
    vectors: VectorIndex | None = None,
    query_vector: Floats | None = None,
    allowed: Mask | None = None,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """The best rows of one partition for a question, best first: at most `query.limit`.

    `vectors` and `query_vector` (size,) may both be missing: then words and priors decide.
    `allowed` is a mask (rows,) of rows that meet further conditions. Rows below
    `query.threshold` are left out.
    """
    mask = visible(query, columns, allowed)
    scores = score_all(analysis, columns, mask, text, vectors, query_vector, weights)
    rows = draw(scores, analysis, columns, mask, weights, query.limit)
    values = features(rows, scores, analysis, columns, weights)
    ranked = rank(rows, values, columns.keys, weights, query.limit)
    if query.threshold is None:
        return ranked
    return [one for one in ranked if one.score >= query.threshold]
