"""How likely an answer is right: a logistic of a few signals, with weights as a table.

The table is data: refit it with any logistic regression on (signals, right or wrong) of answers to
labelled questions. `Answer.signals` carries the signals of each answer for that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "one": -0.95,
    "enumerated": 3.37,
    "abstained": -0.09,
    "missing": 0.15,
    "apart": -0.24,
    "matches": -1.56,
    "about": 0.14,
    "near": 0.03,
    "narrow": 1.32,
    "named": -0.22,
    "score": 0.36,
    "margin": 0.67,
    "exact": -1.53,
    "values": -0.48,
    "wants count": -0.25,
    "wants date": 0.92,
    "wants duration": 0.59,
    "wants event": -1.78,
    "wants person": 0.12,
    "wants place": 0.28,
    "wants quantity": -0.56,
    "wants thing": 1.2,
    "wants yes/no": 0.78,
}
"""Signal → its weight in log odds.

Fitted on half of the question templates of EpBench's short book (MIT; 233 questions) and on half of
the project's own dialogues (benchmarks/dialogues; 830 questions), with an L2 penalty of 1; an
answer is right if it holds what the gold says, a sentence if it is of the gold evidence. Expected
calibration error on the other halves (956 questions): .03. It knows the ranker by the signal
`score` alone: refit it when the ranker changes.
"""

LEAST: Final = 0.1
"""Below this an answer is withheld."""


def confidence(signals: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """The probability that an answer with these signals is right.

    >>> round(confidence({"one": 1.0}, {"one": 0.0}), 2)
    0.5
    """
    total = sum(weights.get(name, 0.0) * value for name, value in signals.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
