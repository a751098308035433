"""How much each feature counts, and what a score is worth: learned, and shipped as a small table.

`weights.json` holds three rankers: for words alone, for words with the static table, and for words
with the vectors of a transformer; and where they come from (corpora, questions, licences). They are
made by `scripts/fit_weights.py`; `Memory.fit` makes one from a user's own questions. Priors are
soft, and a question's words can always outweigh them: a hard speaker filter loses 65 of 88 points
on questions about something that the other one said.

What each feature is worth on which corpus is told in docs/design/ranking.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from mnemic.core.errors import InputError
from mnemic.core.vectors import EncoderId

FILE: Final = Path(__file__).with_name("weights.json")

FEATURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "turn": "BM25 of the row alone, as the share of the most the question could score",
        "turn_long": "the same, where the partition's texts are long",
        "window": "BM25 of the row with its neighbours, likewise",
        "window_long": "the same, where texts are long",
        "wide": "BM25 of the rows two before and two after",
        "before": "BM25 of the row before",
        "after": "BM25 of the row after",
        "answers": "BM25 of the row before, if that one asks: this one may be its answer",
        "whole": "share of the names and dates of the question that the row holds whole",
        "whole_long": "the same, where texts are long",
        "bridge": "share of what the question names that the row tells by an instance of it",
        "bridge_long": "the same, where texts are long",
        "dense": "cosine of the row's best passage, in standard deviations above the candidates'",
        "dense_long": "the same, where texts are long",
        "pooled": "cosine of the row with its neighbours, likewise",
        "pooled_long": "the same, where texts are long",
        "late": "how near the row's tokens come to those of the question, above the candidates'",
        "late_long": "the same, where texts are long",
        "late_window": "the same with its neighbours' tokens",
        "late_window_long": "the same, where texts are long",
        "session": "mean of the best three text and vector scores in the row's session",
        "dialogue": "BM25 for the words said just before the question",
        "speaker": "the question names whoever speaks in the row",
        "speaker_self": "and the row speaks of its speaker",
        "date": "the row lies in a period that the question names, or soon after it",
        "when": "the question asks when, and the row holds a time expression",
        "number": "the question asks how many or how much, and the row holds a number",
        "name": "the question asks for a name or a place, and the row holds a name",
        "latest": "the question asks for the latest: how late the row is among the candidates",
        "first": "the question asks for the first: how late the row is among the candidates",
        "question": "the row asks something itself, and says little else",
        "user": "the row is the user's own, where user and assistant talk",
        "list": "the row is a bare list of words, as nobody speaks, so that any question finds it",
        "untrusted": "the row comes from the web or a tool",
        "weight": "the doublings of the record's weight",
    }
)
"""Name of each feature → what it says."""

JUDGED: Final = {"list": -6.0, "untrusted": -4.0, "weight": 1.0}
"""No corpus has them: set by judgement, in the unit of the fitted ones (log odds)."""


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a row holds the answer, from its sum and from those of its rivals.

    Log odds = `bias` + `sum` · s + `best` · (the best sum) + `tenth` · (the tenth). What the rivals
    score tells a question that found its answer from one that found nothing; within a question
    they are the same for all rows, so the order stays.
    """

    bias: float = 0.0
    sum: float = 1.0
    best: float = 0.0
    tenth: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranker:
    """A linear sum over features, and the odds that go with it."""

    weights: Mapping[str, float]
    """Feature → log odds for each unit of it; a feature that is not here counts nothing."""
    odds: Odds = field(default_factory=Odds)

    def as_json(self) -> dict[str, Any]:
        """As `from_json` reads it."""
        odds = {name: getattr(self.odds, name) for name in ("bias", "sum", "best", "tenth")}
        return {"weights": dict(self.weights), "odds": odds}

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> Ranker:
        """A ranker as `as_json` wrote it; unknown features are an InputError."""
        unknown = sorted(set(told["weights"]) - set(FEATURES))
        if unknown:
            raise InputError(
                f"weights for unknown features: {', '.join(unknown)}. They were made by another "
                "version of mnemic: fit them again"
            )
        weights = {name: float(value) for name, value in told["weights"].items()}
        return Ranker(weights, Odds(**told["odds"]))


@dataclass(frozen=True, slots=True)
class Rankers:
    """A ranker for each kind of evidence that a partition may have."""

    words: Ranker
    """No vectors: words and priors decide."""
    static: Ranker
    """With the static table."""
    dense: Ranker
    """With the vectors of a transformer, whichever it is."""

    def for_encoder(self, encoder: EncoderId | None) -> Ranker:
        """The ranker for the vectors of an encoder; None: there are none."""
        if encoder is None:
            return self.words
        return self.static if encoder.model == "static" else self.dense


@cache
def shipped() -> Rankers:
    """The rankers that come with the package."""
    told = json.loads(FILE.read_bytes())["rankers"]
    return Rankers(
        *(
            Ranker({**one.weights, **JUDGED}, one.odds)
            for one in (Ranker.from_json(told[name]) for name in ("words", "static", "dense"))
        )
    )
