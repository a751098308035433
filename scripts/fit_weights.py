"""Fit the rankers that ship with the package, from data that anyone may use.

    python scripts/fit_weights.py                  # writes src/mnemic/retrieval/weights.json
    python scripts/fit_weights.py --out FILE

Reads what `benchmarks/corpora.py` lists: our own conversations, books and MemoryBank with our
labels, EpBench's short book and a generated one; LoCoMo and other data that may not be shipped
judge the weights (`benchmarks/ranking.py`), and never enter them. Kinds of text count alike,
however many questions they have. Each question is searched as `Memory.search` does it; needs the
benchmark data beside the checkout, and for the ranker of transformers a built minilm. Ten minutes
on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import mnemic  # noqa: E402
from corpora import Corpus, fitted_on  # noqa: E402
from mnemic.core.clock import Moment  # noqa: E402
from mnemic.core.queries import Query  # noqa: E402
from mnemic.core.records import Partition  # noqa: E402
from mnemic.engine.examples import example  # noqa: E402
from mnemic.measure.calibration import expected_calibration_error  # noqa: E402
from mnemic.retrieval.fit import (  # noqa: E402
    Example,
    chances,
    fit_odds,
    learn,
    recall_at,
    sums_unseen,
)
from mnemic.retrieval.weights import FEATURES, FILE, JUDGED, Ranker  # noqa: E402

ENCODERS: Final = {"words": None, "static": "static", "dense": "minilm"}
ALIKE: Final = 250
"""Answerable questions that a kind of text counts as, where it has more."""
STRENGTH: Final = 100.0
FOLDS: Final = 5
START: Final = {
    "turn": 2.5, "turn_long": 2.5, "window": 2.5, "window_long": 2.5, "dense": 0.25,
    "pooled": 0.12, "session": 0.05, "dialogue": 0.4, "speaker": 0.75, "date": 1.25, "when": 0.4,
    "question": -0.6, "user": 0.5,
}  # fmt: skip
"""Weights set by hand before anything was fitted, in log odds: what the prior is centred on."""

Found = tuple[str, str, str, Example]
"""Whose vectors spoke ("words" for none), the question's category and id, its candidates."""


def examples(corpus: Corpus, encoder: str | None) -> list[Found]:
    """The candidates of each question of a corpus, as the engine considers them."""
    with mnemic.Memory(":memory:", encoder=encoder) as memory:
        ids: dict[tuple[str, str], str] = {}
        for name, events in corpus.partitions.items():
            receipt = memory.add(list(events), user_id=name)
            turns = (str(event.metadata["turn"]) for event in events)
            ids |= {(name, turn): id for turn, id in zip(turns, receipt.ids, strict=True)}
        memory.flush()
        found = []
        for asked in corpus.questions:
            relevant = {ids.get((asked.conversation, turn)) for turn in asked.evidence} - {None}
            if asked.evidence and not relevant:
                continue  # its evidence is no text of this corpus
            said = asked.metadata.get("dialogue", ())
            query = Query(
                asked.text,
                (Partition(user_id=asked.conversation),),
                asked.now or Moment.parse("2026-01-01"),
                limit=20,
                dialogue=tuple(said) if isinstance(said, list | tuple) else (),
            )
            spoke, one = example(
                memory._parts, query, [str(id) for id in relevant], asked.conversation
            )
            found.append((spoke.model if spoke else "words", asked.category, asked.id, one))
        return found


def weighted(parts: Iterable[tuple[Corpus, Sequence[Example]]]) -> list[Example]:
    """Examples of all corpora, of which each kind counts as at most ALIKE questions."""
    by_kind: defaultdict[str, list[Example]] = defaultdict(list)
    for corpus, found in parts:
        by_kind[corpus.kind] += [replace(one, group=corpus.name) for one in found]
    return [
        replace(one, weight=min(1.0, ALIKE / max(sum(map(_answerable, every)), 1)))
        for every in by_kind.values()
        for one in every
    ]


def _answerable(one: Example) -> bool:
    return bool(one.relevant.any())


def fit(name: str, parts: Sequence[tuple[Corpus, Sequence[Example]]]) -> dict[str, Any]:
    """A ranker, and how it does on the conversations that each of its folds left out."""
    every = weighted(parts)
    kinds = {corpus.name: corpus.kind for corpus, _ in parts}
    names = [feature for feature in FEATURES if feature not in JUDGED]
    names = [feature for feature in names if any(feature in one.values for one in every)]
    weights = learn(every, names, START, STRENGTH)
    sums = sums_unseen(every, names, START, STRENGTH, FOLDS)
    odds = fit_odds(every, sums)
    told, held = chances(every, sums, odds)
    error = expected_calibration_error(told, held)
    seen: dict[str, dict[str, float]] = {}
    for kind in dict.fromkeys(kinds.values()):
        here = [place for place, one in enumerate(every) if kinds[one.group] == kind]
        found = recall_at([every[place] for place in here], [sums[place] for place in here], 10)
        if not len(found):
            continue
        seen[kind] = {"questions": len(found), "R@10": round(100 * float(found.mean()), 1)}
    print(f"{name}: ECE {error:.3f}", seen, flush=True)
    rounded = {feature: round(value, 4) for feature, value in weights.items()}
    ranker = Ranker(rounded, odds).as_json()
    return {**ranker, "left_out": {"folds": FOLDS, "ECE": round(error, 4), "kinds": seen}}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the three rankers."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=FILE)
    given = parser.parse_args(arguments)
    corpora = list(fitted_on())
    rankers = {}
    for name, encoder in ENCODERS.items():
        parts = []
        for corpus in corpora:
            found = [
                one
                for spoke, _, _, one in examples(corpus, encoder)
                if (spoke == "words") == (encoder is None)
            ]
            parts.append((corpus, found))
        rankers[name] = fit(name, parts)
    questions = Counter({corpus.name: len(corpus.questions) for corpus in corpora})
    about = {
        "made_by": "scripts/fit_weights.py",
        "date": time.strftime("%Y-%m-%d"),
        "method": "listwise softmax, Gaussian prior around hand-set weights, odds by logistic "
        "regression on folds by conversation",
        "strength": STRENGTH,
        "each_kind_counts_as": ALIKE,
        "corpora": {
            corpus.name: {
                "kind": corpus.kind,
                "licence": corpus.licence,
                "questions": questions[corpus.name],
                "texts": sum(map(len, corpus.partitions.values())),
            }
            for corpus in corpora
        },
    }
    text = json.dumps({"about": about, "rankers": rankers}, indent=1, ensure_ascii=False)
    given.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
