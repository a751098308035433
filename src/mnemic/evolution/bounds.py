"""What a memory must reach for a change of it to be admitted: thresholds as data.

The defaults are those of DMM-Gov (survey "Memory in LLMs", 2025, arXiv 2509.18868); what each
measure means is said in `gauge.py`. They are plain bounds and no statistical test: nothing is
measured twice that could come out differently, so a change that changes nothing violates only what
was violated before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mnemic.core.errors import InputError
from mnemic.evolution.gauge import MEASURES


@dataclass(frozen=True, slots=True)
class Bound:
    """A measure, and how small or large it may be."""

    measure: str
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise InputError(
                f"there is no measure {self.measure!r}. Use one of {', '.join(MEASURES)}"
            )
        for limit in (self.least, self.most):
            number = isinstance(limit, int | float) and not isinstance(limit, bool)
            if limit is not None and not (number and 0 <= limit <= 1):
                raise InputError(f"a bound of {self.measure} is {limit!r}. Use 0 to 1")
        if self.least is None and self.most is None:
            raise InputError(f"the bound of {self.measure} has neither `least` nor `most`")

    def broken(self, value: float) -> str | None:
        """What is wrong with a value, in a few words; None if nothing is.

        >>> Bound("recall@5", least=.85).broken(.62)
        'recall@5 .62 < .85'
        """
        if self.least is not None and value < self.least:
            return f"{self.measure} {_short(value)} < {_short(self.least)}"
        if self.most is not None and value > self.most:
            return f"{self.measure} {_short(value)} > {_short(self.most)}"
        return None


CARD: Final = (
    Bound("recall@5", least=0.85),
    Bound("freshness", least=0.80),
    Bound("conflict handled@5", least=0.80),
    Bound("unsupported claims", most=0.05),
    Bound("citation coverage", least=0.85),
    Bound("edit success", least=0.90),
    Bound("utility kept", least=0.98),
    Bound("drawdown", most=0.02),
    Bound("locality", least=0.95),
)
"""DMM-Gov's thresholds."""


def violations(bounds: Iterable[Bound], values: Mapping[str, float | None]) -> tuple[str, ...]:
    """Every bound that is broken, in words. What could not be measured breaks none."""
    told = (
        bound.broken(value) for bound in bounds if (value := values.get(bound.measure)) is not None
    )
    return tuple(one for one in told if one is not None)


def read(told: Sequence[Bound] | Mapping[str, Any] | None) -> tuple[Bound, ...]:
    """Thresholds as users give them: CARD, or CARD with some of its limits replaced.

    A mapping holds measure → limit (in the direction that CARD has) or None to leave it out;
    a sequence of bounds stands for itself.

    >>> [bound.least for bound in read({"recall@5": .5}) if bound.measure == "recall@5"]
    [0.5]
    >>> len(read({"recall@5": None})) == len(CARD) - 1
    True
    """
    if told is None:
        return CARD
    if not isinstance(told, Mapping):
        if not isinstance(told, Sequence) or not all(isinstance(one, Bound) for one in told):
            raise InputError("thresholds are bounds, or measures with their limits")
        return tuple(told)
    for name, limit in told.items():
        Bound(name, least=0.0 if limit is None else limit)  # known, and a number
    return tuple(
        bound
        if bound.measure not in told
        else Bound(
            bound.measure,
            least=None if bound.least is None else told[bound.measure],
            most=None if bound.most is None else told[bound.measure],
        )
        for bound in CARD
        if told.get(bound.measure, 0) is not None
    )


def _short(value: float) -> str:
    """A share to six digits without its leading zero."""
    return f"{value:.6g}".removeprefix("0") or "0"
