"""How likely an answer is right: a logistic of a few signals, with weights as a table.

The table is data: refit it with any logistic regression on (signals, right or wrong) of answers to
labelled questions. `Answer.signals` carries the signals of each answer for that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "one": -1.18,
    "enumerated": 3.33,
    "abstained": 0.4,
    "missing": -0.06,
    "apart": -0.39,
    "matches": -1.47,
    "about": 0.09,
    "near": 0.13,
    "narrow": 1.43,
    "named": -0.25,
    "score": 0.57,
    "margin": 0.69,
    "exact": -1.43,
    "values": -0.46,
    "wants count": -0.19,
    "wants date": 1.01,
    "wants duration": 0.88,
    "wants event": -1.43,
    "wants person": 0.25,
    "wants place": 0.42,
    "wants quantity": -0.97,
    "wants thing": 1.25,
    "wants yes/no": -0.02,
}
"""Signal → its weight in log odds.

Fitted on half of the question templates of EpBench's short book (MIT; 233 questions) and on half of
the project's own dialogues (benchmarks/dialogues; 700 questions), with an L2 penalty of 1. Expected
calibration error on the other halves: .04.
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
