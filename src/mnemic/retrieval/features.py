"""What is known about each candidate: one array per feature; `weights.py` says what each means.

Every feature is read off the columns and scores of a partition; none knows the others, and how
much each counts is not decided here.
"""

from __future__ import annotations

import numpy as np

from mnemic.algorithms.fuse import weighted
from mnemic.core.cues import Cue
from mnemic.core.ports import NOBODY, Columns, Ints, Mask, QueryTokens, TokenIndex
from mnemic.core.records import UNTRUSTED
from mnemic.core.vectors import Floats
from mnemic.retrieval.analyse import Analysis
from mnemic.retrieval.candidates import Scores, in_spans, mean_words
from mnemic.retrieval.shape import SHAPE, Shape

_FADED = -10.0
_BEST_OF_SESSION = 3


def features(
    rows: Ints,
    scores: Scores,
    analysis: Analysis,
    columns: Columns,
    late: TokenIndex | None = None,
    tokens: QueryTokens | None = None,
    shape: Shape = SHAPE,
) -> dict[str, Floats]:
    """Feature → its values for the candidates `rows` (candidates,); names are `weights.FEATURES`.

    Features that are the same for all candidates by their nature (no period was named, there are
    no vectors) are left out. `late` and `tokens` may both be missing.
    """
    turn, cues = scores.turn[rows], columns.cues[rows]
    near = _window_trust(rows, columns, shape)
    window = near * scores.window[rows] + (1 - near) * turn
    found = weighted([(shape.turn, turn), (shape.window, window)])
    long = shape.long(mean_words(columns))
    values = _by_length("turn", turn, turn, long) | _by_length("window", window, window, long)
    if analysis.wholes:
        whole = scores.whole[rows]
        values |= _by_length("whole", whole, whole, long)
    if analysis.bridges:
        values |= _by_length("bridge", scores.bridge[rows], scores.bridge[rows], long)
    brief = _trust(columns.words[rows], shape)
    if scores.dense is not None and scores.pooled is not None:
        for name, every in (("dense", scores.dense), ("pooled", scores.pooled)):
            cosines = _above(every[rows])
            values |= _by_length(name, brief * cosines, cosines, long)
            found += np.float32(getattr(shape, name)) * brief * cosines
    if late is not None and tokens is not None:
        told = _late(rows, late, tokens, columns)
        for name, nearness in zip(("late", "late_window"), map(_above, told), strict=True):
            values |= _by_length(name, brief * nearness, nearness, long)
    for name, value in _beside(rows, scores.turn, columns).items():
        values[name] = near * value
    values["session"] = _session(rows, found, columns)
    if analysis.dialogue:
        values["dialogue"] = scores.dialogue[rows]
    if analysis.speakers:
        values["speaker"] = _named("speaker", analysis.speakers, rows, columns)
        if len(analysis.speakers) == 1:
            values["speaker_self"] = values["speaker"] * _flags((cues & Cue.FIRST_PERSON) > 0)
    if analysis.spans:
        values["date"] = in_spans(columns.valid_from[rows], analysis.spans, shape)
    if analysis.asks_when:
        values["when"] = _flags((cues & Cue.TIME) > 0)
    if analysis.asks_number:
        values["number"] = _flags((cues & Cue.NUMBER) > 0)
    if analysis.asks_name:
        values["name"] = _flags((cues & Cue.NAME) > 0)
    if analysis.asks_latest or analysis.asks_first:
        late_in_time = _order(columns.valid_from[rows])
        values["latest" if analysis.asks_latest else "first"] = late_in_time
    short = columns.words[rows] <= shape.question_words
    values["question"] = _flags(((cues & Cue.QUESTION) > 0) & short)
    if columns.names["role"]:
        values["user"] = _named("role", ("user",), rows, columns)
    bare = columns.cues & Cue.LIST > 0
    if bare.any() and bare.mean() <= shape.lists:  # else it is how this language is written
        values["list"] = _flags(bare[rows])
    values["untrusted"] = _named(
        "origin", tuple(origin.value for origin in UNTRUSTED), rows, columns
    )
    with np.errstate(divide="ignore"):
        doublings = np.log2(columns.weight[rows])
    values["weight"] = np.maximum(doublings, np.float32(_FADED))
    return values


def _by_length(name: str, brief: Floats, whole: Floats, long: float) -> dict[str, Floats]:
    """A signal as it counts where texts are short, and as it counts where they are long.

    By the partition and not by the row, so that its rows stay comparable with each other.
    """
    parts: dict[str, Floats] = {}
    if long < 1:
        parts[name] = np.float32(1 - long) * brief
    if long > 0:
        parts[f"{name}_long"] = np.float32(long) * whole
    return parts


def _above(values: Floats) -> Floats:
    """How far each stands above the candidates' mean.

    Candidates stand above the average of all rows: trusting short ones more must not lift them.
    """
    return values - values.mean() if len(values) else values


def _flags(holds: Mask) -> Floats:
    return holds.astype(np.float32)


def _named(column: str, names: tuple[str, ...], rows: Ints, columns: Columns) -> Floats:
    codes = [code for code, name in enumerate(columns.names[column]) if name in names]
    return np.isin(getattr(columns, column)[rows], codes).astype(np.float32)


def _beside(rows: Ints, turn: Floats, columns: Columns) -> dict[str, Floats]:
    """What the words of the rows around say: one and two before and after, and who answers."""
    known = np.append(turn, np.float32(0))  # the last place is nobody's
    previous, following = np.append(columns.previous, NOBODY), np.append(columns.following, NOBODY)
    before, after = previous[rows], following[rows]
    asks = np.append((columns.cues & Cue.QUESTION) > 0, False)
    return {
        "before": known[before],
        "after": known[after],
        "wide": known[previous[before]] + known[following[after]],
        "answers": known[before] * asks[before],
    }


def _late(
    rows: Ints, late: TokenIndex, tokens: QueryTokens, columns: Columns
) -> tuple[Floats, Floats]:
    """Late interaction of each row alone, and with the tokens of its neighbours (candidates,)."""
    before, after = columns.previous[rows], columns.following[rows]
    needed = np.zeros(len(columns.alive) + 1, np.bool_)  # the last place is nobody's
    needed[rows] = needed[before] = needed[after] = True
    needed[NOBODY] = False
    every = np.flatnonzero(needed)
    place = np.full(len(needed), len(every))
    place[every] = np.arange(len(every))
    near = np.zeros((len(every) + 1, len(tokens.ids)), np.float32)
    near[:-1] = late.best(every, tokens)
    own, earlier, later = (near[place[some]] for some in (rows, before, after))
    around = np.maximum(own, np.maximum(earlier, later))
    return own @ tokens.shares, around @ tokens.shares


def _order(times: Ints) -> Floats:
    """0 for the earliest of the times to 1 for the latest; 0 where none is known (candidates,)."""
    place = np.zeros(len(times), np.float32)
    known = np.flatnonzero(times > np.iinfo(np.int64).min)
    if len(known) > 1:
        different, which = np.unique(times[known], return_inverse=True)
        place[known] = which / max(len(different) - 1, 1)
    return place


def _trust(words: Ints, shape: Shape) -> Floats:
    """How far vectors speak for a row of this length: on chapters every dense signal hurts."""
    return np.minimum(1, (shape.dense_words / np.maximum(words, 1)) ** 2).astype(np.float32)


def _window_trust(rows: Ints, columns: Columns, shape: Shape) -> Floats:
    """How far a window speaks for its row: three chapters in a row are about everything."""
    window = columns.words[rows].copy()
    for neighbour in (columns.previous[rows], columns.following[rows]):
        window += np.where(neighbour == NOBODY, 0, columns.words[neighbour])
    return np.minimum(1, shape.window_words / np.maximum(window, 1)).astype(np.float32)


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
