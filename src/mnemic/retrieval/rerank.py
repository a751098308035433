"""A second look at the best few: what reads question and candidate together may move them.

The ranking of `search.py` stands unless somebody is asked to look again. A judge gives each of the
first few candidates a probability; it is mixed with the first score in log-odds, so that neither
side is ever overruled without a trace, and the difference is one more share of the score:

    log-odds = (1 - weight) * first + weight * second

Judges: a learned ranker over the features (`ByFeatures`), a cross-encoder or any other `Reranker`
over the texts (`ByReading`), a language model that orders all at once (`ByAsking`). All are given
the dialogue before the question, which says whom "she" means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mnemic.core.asks import Answerer
from mnemic.core.errors import InputError, ModelError
from mnemic.core.ports import Reranker
from mnemic.core.queries import Ranked
from mnemic.core.records import Json
from mnemic.core.vectors import Floats
from mnemic.retrieval.listwise import graded, listwise

SHARE: Final = "rerank"
"""The name of what a judge added, among the shares of a score."""

_SURE: Final = 0.999
"""No judge is believed to be surer: one wrong zero must not outweigh everything else."""
_FIRST_SURE: Final = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ranked row with its text, speaker and date in front: what there is to read."""

    text: str
    ranked: Ranked


@runtime_checkable
class Judge(Protocol):
    """Looks again at some candidates."""

    @property
    def name(self) -> str:
        """What an explanation calls it."""
        ...

    def judge(
        self, query: str, candidates: Sequence[Candidate], dialogue: Sequence[str]
    ) -> Floats | None:
        """The probability that each one answers (n,), or None where it has nothing to say."""
        ...


@dataclass(frozen=True, slots=True)
class ByFeatures:
    """A learned ranker over the features that the first stage has computed anyway.

    `model` maps a matrix (n, features), columns in the order of `features`, to probabilities (n,);
    a feature that a candidate lacks is 0. `mnemic.retrieval.learn` makes such models.
    """

    model: Callable[[NDArray[np.float64]], ArrayLike]
    features: tuple[str, ...]
    name: str = "features"

    def judge(
        self, query: str, candidates: Sequence[Candidate], dialogue: Sequence[str]
    ) -> Floats | None:
        """What the model says of the features; neither question nor dialogue is read again."""
        rows = matrix([one.ranked.features for one in candidates], self.features)
        return np.asarray(self.model(rows), np.float32)


@dataclass(frozen=True, slots=True)
class ByReading:
    """A cross-encoder, or whatever else reads texts.

    `calibration` makes probabilities of its scores, if they are not (`mnemic.measure.calibration`
    fits one on a few hundred labelled pairs).
    """

    reranker: Reranker
    calibration: Callable[[ArrayLike], ArrayLike] | None = None

    @property
    def name(self) -> str:
        """The reranker's own."""
        return self.reranker.name

    def judge(
        self, query: str, candidates: Sequence[Candidate], dialogue: Sequence[str]
    ) -> Floats | None:
        """What the reranker says. Raises ModelError."""
        scores = self.reranker.rerank(query, [one.text for one in candidates], dialogue)
        return scores if self.calibration is None else np.asarray(self.calibration(scores))


@dataclass(frozen=True, slots=True)
class ByAsking:
    """A language model that is shown all candidates at once."""

    answerer: Answerer
    name: str = "language model"

    def judge(
        self, query: str, candidates: Sequence[Candidate], dialogue: Sequence[str]
    ) -> Floats | None:
        """The grades of its answer; None for an answer that is none, or a model that fails."""
        try:
            answer = self.answerer(listwise(query, [one.text for one in candidates], dialogue))
        except ModelError:
            return None  # the first ranking is there, and better than an error
        return graded(answer, len(candidates))


@dataclass(frozen=True, slots=True)
class Reranked:
    """The candidates in their new order, and what was done."""

    order: tuple[int, ...]
    """The place that each had before, the best first."""
    ranked: tuple[Ranked, ...]
    """In that order, with new scores, and `SHARE` among the shares of those that were read."""
    told: Mapping[str, Json]
    """For an explanation: who read how many, with which weight, and whether it said anything."""


def rerank(
    query: str,
    candidates: Sequence[Candidate],
    judge: Judge | None,
    dialogue: Sequence[str] = (),
    *,
    most: int = 30,
    weight: float = 0.5,
    unit: float = 1.0,
) -> Reranked:
    """Let a judge read the first `most` candidates, and put them in a new order.

    `candidates` are ranked best first. Without a judge, or if it has nothing to say, nothing
    changes. `weight` in [0, 1] is how much it counts: at 1 it decides alone, below that the first
    stage is heard too. `unit` is how much of the first stage's sum one unit of log-odds is, so that
    shares go on adding up. What was not read stays behind what was, with a score no higher.

    Raises InputError for a weight outside [0, 1], `most` < 1, or a judge whose scores are not one
    number from 0 to 1 for each candidate; and what the judge raises.
    """
    if not 0 <= weight <= 1 or most < 1:
        raise InputError(
            f"weight={weight}, most={most}. Give a weight from 0 to 1, most of 1 or more"
        )
    read = candidates[:most]
    told: dict[str, Json] = {"by": judge.name if judge else None, "read": len(read)}
    second = judge.judge(query, read, dialogue) if judge is not None and read else None
    if judge is None or second is None:
        if judge is not None and read:
            told["unchanged"] = "no usable answer"
        kept = tuple(one.ranked for one in candidates)
        return Reranked(tuple(range(len(kept))), kept, told | {"read": 0})
    first = _log_odds(np.array([one.ranked.score for one in read]), _FIRST_SURE)
    moved = weight * (_log_odds(_checked(second, judge.name, len(read)), _SURE) - first)
    scores = 1 / (1 + np.exp(-(first + moved)))
    order = np.argsort(-scores, kind="stable").tolist()
    ranked = [
        replace(
            read[place].ranked,
            score=float(scores[place]),
            shares={**read[place].ranked.shares, SHARE: float(unit * moved[place])},
        )
        for place in order
    ]
    lowest = ranked[-1].score
    rest = [one.ranked for one in candidates[most:]]
    ranked += [replace(one, score=min(one.score, lowest)) for one in rest]
    order += range(len(read), len(candidates))
    return Reranked(tuple(order), tuple(ranked), told | {"weight": weight})


def matrix(features: Sequence[Mapping[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    """Features by name → a matrix (n, names); 0 where one is absent.

    >>> matrix([{"turn": 0.5, "date": 1.0}], ["turn", "dense"]).tolist()
    [[0.5, 0.0]]
    """
    rows = [[one.get(name, 0.0) for name in names] for one in features]
    return np.array(rows, np.float64).reshape(len(rows), len(names))


def _log_odds(probabilities: ArrayLike, sure: float) -> NDArray[np.float64]:
    clipped = np.clip(np.asarray(probabilities, np.float64), 1 - sure, sure)
    return np.log(clipped) - np.log1p(-clipped)


def _checked(scores: ArrayLike, name: str, candidates: int) -> NDArray[np.float64]:
    values = np.asarray(scores, np.float64)
    if values.shape != (candidates,) or not ((values >= 0) & (values <= 1)).all():
        raise InputError(
            f"the reranker {name!r} gave no score from 0 to 1 for each of {candidates} candidates. "
            "Map its scores with a logistic function, or give a calibration"
        )
    return values
