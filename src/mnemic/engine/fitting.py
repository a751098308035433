"""`Memory.fit`: weights from a user's own labelled questions, kept only if they are better.

Questions are split into folds; each fold is judged by weights that were fitted on the others,
against the weights that the memory has now. They are kept, in the file, when the gain in R@10 is
more than chance; every process that opens the file afterwards ranks with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mnemic.core.errors import InputError
from mnemic.core.queries import Query
from mnemic.core.receipts import Fitted
from mnemic.engine.examples import example
from mnemic.engine.parts import Parts
from mnemic.measure.intervals import bootstrap_difference
from mnemic.retrieval.fit import Example, fit_odds, learn, recall_at, sums_unseen
from mnemic.retrieval.rank import total
from mnemic.retrieval.weights import FEATURES, JUDGED, Ranker, Rankers, shipped

RANKERS: Final = "rankers"
"""The name under which a file keeps its own rankers."""

LEAST: Final = 30
"""Answerable questions below which nothing can be told."""

_STRENGTH: Final = 60.0
_FOLDS: Final = 5
_CUT: Final = 10
_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question to one partition, and the records that answer it; none where nothing does."""

    query: Query
    relevant: tuple[str, ...]


def fit(parts: Parts, questions: Sequence[Labelled], *, seed: int = _SEED) -> tuple[Parts, Fitted]:
    """Learn weights from labelled questions; the parts with the better ones, and what was seen.

    Raises InputError if there are too few questions that any candidate answers.
    """
    kinds: set[str] = set()
    every: list[Example] = []
    for place, asked in enumerate(questions):
        # Questions that one record answers stay together: the other fold must not know it.
        group = min(asked.relevant, default=str(place))
        spoke, one = example(parts, asked.query, asked.relevant, group)
        kinds.add("words" if spoke is None else "static" if spoke.model == "static" else "dense")
        every.append(one)
    useful = sum(bool(one.relevant.any()) for one in every)
    if useful < LEAST:
        raise InputError(
            f"{useful} of {len(every)} questions have an answer among their candidates; "
            f"{LEAST} are needed to tell better weights from luck, and a few hundred are good. "
            "`relevant` must hold ids of records of the partition that is asked"
        )
    kind = max(sorted(kinds), key=lambda name: name == "dense")
    now: Ranker = getattr(parts.rankers, kind)
    names = [
        name for name in FEATURES if name not in JUDGED and any(name in one.values for one in every)
    ]
    learned = learn(every, names, now.weights, _STRENGTH)
    unseen = sums_unseen(every, names, now.weights, _STRENGTH, _FOLDS)
    before = [total(dict(one.values), now, len(one.relevant)) for one in every]
    old, new = recall_at(every, before, _CUT), recall_at(every, unseen, _CUT)
    gain = bootstrap_difference(old, new, seed=seed)
    better = gain.low > 0
    ranker = Ranker({**now.weights, **learned}, fit_odds(every, unseen))
    told = Fitted(
        questions=len(every),
        answerable=len(old),
        before=float(old.mean()),
        after=float(new.mean()),
        low=gain.low,
        high=gain.high,
        kept=better,
        weights=ranker.weights if better else now.weights,
    )
    if not better:
        return parts, told
    rankers = replace(parts.rankers, **{kind: ranker})
    _keep(parts, rankers)
    return replace(parts, rankers=rankers), told


def forget_fit(parts: Parts) -> Parts:
    """Go back to the weights that ship with the package."""
    with parts.store.writing():
        parts.store.set_meta(RANKERS, "")
    return replace(parts, rankers=shipped())


def _keep(parts: Parts, rankers: Rankers) -> None:
    told = {name: getattr(rankers, name).as_json() for name in ("words", "static", "dense")}
    with parts.store.writing():
        parts.store.set_meta(RANKERS, json.dumps(told))


def kept(told: str | None) -> Rankers:
    """The rankers that a file keeps, or those that ship with the package.

    Those that another version made for features which this one does not have are left aside: a
    memory must open, and only then can it be fitted again.
    """
    if not told:
        return shipped()
    read = json.loads(told)
    try:
        return Rankers(*(Ranker.from_json(read[name]) for name in ("words", "static", "dense")))
    except (InputError, KeyError, TypeError):  # TypeError: odds of other names
        return shipped()


def labelled(asked: Iterable[tuple[Query, Sequence[str]]]) -> list[Labelled]:
    """Questions with the ids of their answers; InputError where one is asked of several users."""
    found = []
    for query, relevant in asked:
        if len(query.partitions) != 1:
            raise InputError(
                f"the question {query.text!r} is asked of {len(query.partitions)} memories; to fit "
                "weights, ask each question of one (user_id=...)"
            )
        found.append(Labelled(query, tuple(relevant)))
    return found
