"""How well a memory answers some questions, as numbers: what a change is admitted or undone by.

A probe is asked; what came back is a `Seen`; the measures below are means over those for which they
say something (None where there are none). All are read off search and context by rule, without a
model. They judge what memory hands over, not what somebody then makes of it.

Names and bounds after DMM-Gov (survey "Memory in LLMs", 2025, arXiv 2509.18868).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from mnemic.core.ids import RecordId

CUT: Final = 5
"""How many hits count."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a memory gave for one probe."""

    hits: tuple[RecordId, ...]
    """The best CUT, best first."""
    wanted: int = 0
    """How many things should be found; 0 for a probe that names none."""
    right: tuple[int, ...] = ()
    """The places (from 0) of hits that are one of these, the first for each."""
    outdated: tuple[int, ...] | None = None
    """The places of hits that held once and no longer do; None if the probe names none."""
    said: bool | None = None
    """Whether a hit says the value that the probe expects; None if it expects none."""
    denied: int = 0
    """Hits that another record, which is in memory, supersedes or contradicts."""
    settled: int = 0
    """Those of them above which that newer record stands."""
    lines: int = 0
    """Lines of the context."""
    cited: int = 0
    """Those whose citation leads to a record that is there."""
    claims: int = 0
    """1 if a value was answered, 0 if it abstained."""
    unsupported: int = 0
    """1 if that value has no evidence, or evidence that is not there."""
    unrelated: bool = False
    """Whether the change was not meant to touch this probe."""
    answer: str = ""
    """A keyed hash of the first hit and the value that was answered."""


Measure: TypeAlias = Callable[[Sequence[Seen], Sequence[Seen]], float | None]
"""What was seen before and after the change, probe by probe → a share; None: nothing to judge."""


def recall_at_5(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """The share of what should be found that is among the best five, of five at most."""
    return _mean(_recall(one) for one in after if one.wanted)


def freshness(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """Of the probes that name what is outdated: how often what holds now is found, and first.

    Nothing right among the best five counts as not fresh.
    """
    return _mean(
        bool(one.right) and one.right[0] < min(one.outdated, default=CUT)
        for one in after
        if one.outdated is not None
    )


def conflict_handled_at_5(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """Of the hits that a newer record denies: the share that stands below that one."""
    return _ratio(after, lambda one: one.settled, lambda one: one.denied)


def unsupported_claims(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """Of the values that were answered: the share without evidence that is in memory now."""
    return _ratio(after, lambda one: one.unsupported, lambda one: one.claims)


def citation_coverage(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """Of the lines of the contexts: the share with a citation of a record that is in memory now."""
    return _ratio(after, lambda one: one.cited, lambda one: one.lines)


def edit_success(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """Of the probes that expect a value: the share of which one of the best five says it."""
    return _mean(one.said for one in after if one.said is not None)


def utility_kept(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """Recall after, as a share of recall before; gains make up for losses, 1 at most."""
    old, new = recall_at_5(before, before), recall_at_5(before, after)
    if old is None or new is None:
        return None
    return min(1.0, new / old) if old else 1.0


def drawdown(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """Of the probes that were answered: the share that lost recall; gains elsewhere do not help."""
    return _mean(
        _recall(now) < _recall(then)
        for then, now in zip(before, after, strict=True)
        if then.wanted and then.right
    )


def locality(before: Sequence[Seen], after: Sequence[Seen]) -> float | None:
    """Of the probes marked unrelated: the share with the same first hit and the same answer."""
    return _mean(
        then.answer == now.answer for then, now in zip(before, after, strict=True) if now.unrelated
    )


MEASURES: Final[Mapping[str, Measure]] = {
    "recall@5": recall_at_5,
    "freshness": freshness,
    "conflict handled@5": conflict_handled_at_5,
    "unsupported claims": unsupported_claims,
    "citation coverage": citation_coverage,
    "edit success": edit_success,
    "utility kept": utility_kept,
    "drawdown": drawdown,
    "locality": locality,
}


def measured(before: Sequence[Seen], after: Sequence[Seen]) -> dict[str, float | None]:
    """Every measure, by name.

    >>> found = Seen(hits=(), wanted=2, right=(0, 3))
    >>> lost = Seen(hits=(), wanted=2, right=(3,))
    >>> told = measured([found, found], [found, lost])
    >>> told["recall@5"], told["drawdown"], told["utility kept"], told["freshness"]
    (0.75, 0.5, 0.75, None)
    """
    return {name: measure(before, after) for name, measure in MEASURES.items()}


def _recall(one: Seen) -> float:
    return min(1.0, len(one.right) / min(one.wanted, CUT))


def _mean(values: Iterable[float | None]) -> float | None:
    kept = [float(value) for value in values if value is not None]
    return sum(kept) / len(kept) if kept else None


def _ratio(
    seen: Sequence[Seen], part: Callable[[Seen], int], whole: Callable[[Seen], int]
) -> float | None:
    of = sum(map(whole, seen))
    return sum(map(part, seen)) / of if of else None
