"""How likely an answer is right: a logistic of a few signals, with weights as a table.

The table is data: refit it with any logistic regression on (signals, right or wrong) of answers to
labelled questions. `Answer.signals` carries the signals of each answer for that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "one": -0.32,
    "enumerated": 2.73,
    "abstained": 0.15,
    "missing": -0.4,
    "apart": 0.55,
    "matches": -1.28,
    "about": 0.1,
    "near": 0.26,
    "narrow": 2.64,
    "named": -0.12,
    "score": 0.85,
    "lead": 1.15,
    "margin": 1.06,
    "exact": -2.26,
    "values": -0.55,
    "wants count": -0.39,
    "wants date": 0.54,
    "wants duration": 0.77,
    "wants event": -1.96,
    "wants person": -0.36,
    "wants place": -0.23,
    "wants quantity": -1.29,
    "wants thing": 1.27,
    "wants yes/no": 0.55,
}
"""Signal → its weight in log odds.

Fitted on half of the question templates of EpBench's short book (MIT; 223 questions) and on half of
the project's own dialogues (benchmarks/dialogues; 978 questions), with an L2 penalty of 1; an
answer is right if it holds what the gold says, a sentence if it is of the gold evidence, and none
is right where there is nothing to be told. Expected calibration error on the other halves: .04 in
talk (949 questions), .14 on the book (213), whose templates are easier in one half. It knows the
ranker by the signals `score` and `lead`: refit it when the ranker changes.
"""

LEAST: Final = 0.16
"""Below this an answer drawn from talk is withheld.

On dialogues that were left out (two halves, 1927 questions) it then refuses a third of the
questions that nothing answers (.37 and .33), .09 and .08 of the answers that would have been right,
and .27 of all questions that have one. Higher only trades right answers for silence: at .25 it
refuses .51 and .61 against .31 and .35. By the score alone the two kinds cannot be told apart: for
a question that nothing answers, a text about its subject is found that seems as likely.
"""


def confidence(signals: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """The probability that an answer with these signals is right.

    >>> round(confidence({"one": 1.0}, {"one": 0.0}), 2)
    0.5
    """
    total = sum(weights.get(name, 0.0) * value for name, value in signals.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
