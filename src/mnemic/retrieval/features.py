"""What is known about each candidate: one array per feature, in the units told by `weights.py`.

Every feature is read off the columns and scores of a partition; none knows the others, and how
much each counts is not decided here.
"""

from __future__ import annotations

import numpy as np

from mnemic.algorithms.fuse import weighted
from mnemic.core.cues import Cue
from mnemic.core.ports import NOBODY, Columns, Ints, Mask
from mnemic.core.records import UNTRUSTED
from mnemic.core.vectors import Floats
from mnemic.retrieval.analyse import Analysis
from mnemic.retrieval.candidates import Scores, in_spans
from mnemic.retrieval.weights import Weights

_FADED = -10.0
_BEST_OF_SESSION = 3


def features(
    rows: Ints, scores: Scores, analysis: Analysis, columns: Columns, weights: Weights
) -> dict[str, Floats]:
    """Feature → its values for the candidates `rows` (candidates,); names are those of `Weights`.

    Features that are the same for all candidates by their nature (no period was named, there are
    no vectors) are left out.
    """
    turn = scores.turn[rows]
    trust = _window_trust(rows, columns, weights)
    values: dict[str, Floats] = {
        "turn": turn,
        "window": trust * scores.window[rows] + (1 - trust) * turn,
    }
    if scores.dense is not None and scores.pooled is not None:
        # Candidates stand above the average; trusting short ones more must not lift them for it.
        length = _dense_trust(columns.words[rows], weights)
        for name, cosines in (("dense", scores.dense[rows]), ("pooled", scores.pooled[rows])):
            values[name] = length * (cosines - cosines.mean()) if len(rows) else cosines
    found = weighted([(getattr(weights, name), value) for name, value in values.items()])
    values["session"] = _session(rows, found, columns)
    if analysis.dialogue:
        values["dialogue"] = scores.dialogue[rows]
    if analysis.speakers:
        values["speaker"] = _named("speaker", analysis.speakers, rows, columns)
    if analysis.spans:
        values["date"] = in_spans(columns.valid_from[rows], analysis.spans, weights)
    cues = columns.cues[rows]
    if analysis.asks_when:
        values["when"] = _flags((cues & Cue.TIME) > 0)
    short = columns.words[rows] <= weights.question_words
    values["question"] = _flags(((cues & Cue.QUESTION) > 0) & short)
    if columns.names["role"]:
        values["user"] = _named("role", ("user",), rows, columns)
    values["untrusted"] = _named(
        "origin", tuple(origin.value for origin in UNTRUSTED), rows, columns
    )
    with np.errstate(divide="ignore"):
        doublings = np.log2(columns.weight[rows])
    values["weight"] = np.maximum(doublings, np.float32(_FADED))
    return values


def _flags(holds: Mask) -> Floats:
    return holds.astype(np.float32)


def _named(column: str, names: tuple[str, ...], rows: Ints, columns: Columns) -> Floats:
    codes = [code for code, name in enumerate(columns.names[column]) if name in names]
    return np.isin(getattr(columns, column)[rows], codes).astype(np.float32)


def _dense_trust(words: Ints, weights: Weights) -> Floats:
    """How far vectors speak for a row of this length: on chapters every dense signal hurts."""
    return np.minimum(1, (weights.dense_words / np.maximum(words, 1)) ** 2).astype(np.float32)


def _window_trust(rows: Ints, columns: Columns, weights: Weights) -> Floats:
    """How far a window speaks for its row: three chapters in a row are about everything."""
    window = columns.words[rows].copy()
    for neighbour in (columns.previous[rows], columns.following[rows]):
        window += np.where(neighbour == NOBODY, 0, columns.words[neighbour])
    return np.minimum(1, weights.window_words / np.maximum(window, 1)).astype(np.float32)


def _session(rows: Ints, found: Floats, columns: Columns) -> Floats:
    """The mean of the best three candidates of each one's session; its own where it has none.

    A session of fewer than three rows is averaged over those it has.
    """
    sessions = columns.session[rows]
    result = found.copy()
    inside = np.flatnonzero(sessions != NOBODY)
    if not len(inside):
        return result
    codes, one, group = np.unique(sessions[inside], return_index=True, return_inverse=True)
    order = np.lexsort((-found[inside], group))
    starts = np.searchsorted(group[order], np.arange(len(codes)))
    place = np.arange(len(order)) - starts[group[order]]
    top = order[place < _BEST_OF_SESSION]
    sums = np.bincount(group[top], np.maximum(found[inside][top], 0), minlength=len(codes))
    result[inside] = (sums / _up_to_three(rows[inside[one]], columns))[group]
    return result


def _up_to_three(rows: Ints, columns: Columns) -> Ints:
    """How many rows the session of each row has; all above three count as three (rows,)."""
    size = np.ones(len(rows), np.int64)
    for beside in (columns.previous, columns.following):
        near = beside[rows]
        far = np.where(near == NOBODY, NOBODY, beside[near])
        size += (near != NOBODY).astype(np.int64) + (far != NOBODY)
    return np.minimum(size, _BEST_OF_SESSION)
