"""Does search find the turns that hold the answer? Recall at the level of the turn.

    python benchmarks/recall.py                     # lexical, static, minilm if it was built
    python benchmarks/recall.py --steps             # each step of recall taken away, one by one

Drives `mnemic.Memory` as a user would: one partition for each conversation, one search for each
question. Beside it stand the floors: untuned BM25, and plain vectors (what most memory libraries
do). R@k is the mean share of a question's evidence among the first k; differences carry paired
bootstrap intervals over questions. Prints tables; --json writes them with versions and machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

import mnemic
from mnemic.algorithms.fuse import reciprocal_ranks
from mnemic.core.events import Event
from mnemic.core.ports import Row
from mnemic.core.queries import Query
from mnemic.core.records import Partition
from mnemic.core.vectors import quantise
from mnemic.engine.reader import Words
from mnemic.index.exact import Exact, Passages
from mnemic.index.shelf import Shelf
from mnemic.language.analyser import Analyser
from mnemic.language.stopwords import stop_words
from mnemic.language.words import words
from mnemic.models.choose import choose
from mnemic.retrieval.analyse import Analysis, analyse
from mnemic.retrieval.candidates import score_all, visible
from mnemic.retrieval.search import recall
from mnemic.retrieval.weights import WEIGHTS, Weights
from recall_corpora import Asked, Corpus, corpora

CUTS = (5, 10, 20)
SEED = 20250601
RESAMPLES = 5000
FLOOR = "untuned BM25"
ALL = ": all steps"
_ABOUT_VECTORS = {
    "names left in the dense question", "no late pooling", "no vectors",
    "vectors alike at any length",
}  # fmt: skip

Ranking: TypeAlias = Callable[[Asked], Sequence[str]]
"""A question → the turns that a system finds, best first."""
Measures: TypeAlias = NDArray[np.float64]
"""One row a question: R@5, R@10, R@20, reciprocal rank."""


def measure(ranking: Ranking, questions: Iterable[Asked]) -> Measures:
    """What each question gets."""
    rows = []
    for asked in questions:
        found = ranking(asked)[: CUTS[-1]]
        hits = [place for place, turn in enumerate(found) if turn in asked.evidence]
        shares = [sum(place < cut for place in hits) / len(asked.evidence) for cut in CUTS]
        rows.append([*shares, 1 / (hits[0] + 1) if hits else 0.0])
    return np.array(rows)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean over questions, in points."""
    chance = np.random.default_rng(SEED)
    draws = chance.integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return 100 * float(low), 100 * float(high)


# -- the systems


def remembered(
    corpus: Corpus, encoder: str | None, options: dict[str, Any]
) -> tuple[Ranking, mnemic.Memory]:
    """mnemic as users have it."""
    memory = mnemic.Memory(":memory:", encoder=encoder, encoder_options=options)
    for partition, events in corpus.partitions.items():
        memory.add(events, user_id=partition)
    memory.flush()

    def ranking(asked: Asked) -> Sequence[str]:
        hits = memory.search(asked.text, user_id=asked.partition, limit=CUTS[-1], now=asked.now)
        return [str(hit.metadata["turn"]) for hit in hits]

    return ranking, memory


def untuned_bm25(corpus: Corpus) -> Ranking:
    """BM25 with the usual constants over lower-case words: no stems, no stop list, no window."""
    shelves = {
        name: Shelf(
            [
                Row(key, " ".join(words(_spoken(event))), "turn", None, 0)
                for key, event in enumerate(events)
            ]
        )
        for name, events in corpus.partitions.items()
    }

    def ranking(asked: Asked) -> Sequence[str]:
        scores = shelves[asked.partition].text.bm25(words(asked.text), 1.2, 0.75)
        return _turns(corpus, asked, scores)

    return ranking


def plain_vectors(corpus: Corpus, encoder: str, options: dict[str, Any]) -> Ranking:
    """The cosine of the whole question with each whole message, speaker and all."""
    model = choose(encoder, **options)
    assert model is not None
    indexes = {}
    for name, events in corpus.partitions.items():
        vectors = model.encode([_spoken(event) for event in events])
        shelf = Shelf([Row(key, "", "turn", None, 0) for key in range(len(events))])
        indexes[name] = Exact(shelf.columns, vectors.shape[1])
        indexes[name].extend(Passages(np.arange(len(events)), *quantise(vectors)))

    def ranking(asked: Asked) -> Sequence[str]:
        return _turns(
            corpus, asked, indexes[asked.partition].cosine(model.encode_query(asked.text))
        )

    return ranking


def _spoken(event: Event) -> str:
    return f"{event.speaker}: {event.text}" if event.speaker else event.text


def _turns(corpus: Corpus, asked: Asked, scores: NDArray[np.float32]) -> Sequence[str]:
    events = corpus.partitions[asked.partition]
    best = np.argsort(-scores, kind="stable")[: CUTS[-1]]
    return [str(events[place].metadata["turn"]) for place in best]


# -- one step taken away


class Steps:
    """The same search, with a step of it changed; reaches into the engine's parts to do so."""

    def __init__(self, corpus: Corpus, memory: mnemic.Memory) -> None:
        parts = memory._parts
        self._reader = parts.reader
        self._shelves: dict[str, tuple[Shelf, Any]] = {}
        self._undated: dict[str, Shelf] = {}
        self._turn: dict[tuple[str, int], str] = {}
        for name in corpus.partitions:
            partition = Partition(user_id=name)
            shelf, encoder = parts.shelves.get(partition)
            self._shelves[name] = shelf, encoder
            rows, _ = parts.store.rows(partition)
            records = parts.store.by_key([row.key for row in rows])
            undated = [
                replace(
                    row,
                    tokens=self._reader.tokens(
                        Words(records[row.key].text, records[row.key].speaker, None)
                    ),
                )
                for row in rows
            ]
            passages = Passages(*parts.store.vectors(partition, encoder.id)) if encoder else None
            self._undated[name] = Shelf(undated, passages)
            self._turn |= {
                (name, key): str(record.metadata["turn"]) for key, record in records.items()
            }

    def ranking(
        self,
        change: Callable[[Asked, Analysis], Analysis] = lambda asked, analysis: analysis,
        weights: Weights = WEIGHTS,
        *,
        dated: bool = True,
        ranks: bool = False,
        dense: bool = True,
    ) -> Ranking:
        """A ranking with a changed analysis or weights, or fused by ranks instead of scores."""

        def rank(asked: Asked) -> Sequence[str]:
            shelf, encoder = self._shelves[asked.partition]
            if not dated:
                shelf = self._undated[asked.partition]
            now = asked.now or mnemic.Moment.parse("2026-01-01")
            query = Query(asked.text, (Partition(user_id=asked.partition),), now, limit=CUTS[-1])
            columns = shelf.columns
            read = analyse(query, columns.names["speaker"], self._reader.analyser)
            read = change(asked, read)
            vectors = shelf.vectors if dense else None
            vector = encoder.encode_query(read.meaning) if encoder and dense else None
            if ranks:
                mask = visible(query, columns)
                scores = score_all(read, columns, mask, shelf.text, vectors, vector, weights)
                signals = [scores.turn, scores.window]
                signals += [one for one in (scores.dense, scores.pooled) if one is not None]
                order = [np.argsort(-signal, kind="stable")[:200] for signal in signals]
                fused = reciprocal_ranks(order, len(columns))
                rows = np.argsort(-fused, kind="stable")[: CUTS[-1]].tolist()
            else:
                found = recall(query, read, columns, shelf.text, vectors, vector, None, weights)
                rows = [one.row for one in found]
            return [self._turn[asked.partition, int(columns.keys[row])] for row in rows]

        return rank

    def all(self) -> dict[str, Ranking]:
        """Name of each change → the ranking with it."""
        analyser = self._reader.analyser
        silent = replace(WEIGHTS, session=0, speaker=0, date=0, when=0, question=0, user=0)
        return {
            ALL.removeprefix(": "): self.ranking(),
            "names left in the dense question": self.ranking(
                lambda asked, read: replace(read, meaning=asked.text)
            ),
            "names out of the words too": self.ranking(_without_names(analyser)),
            "no stop list": self.ranking(
                lambda asked, read: replace(read, terms=tuple(analyser.tokens(asked.text)))
            ),
            "no window": self.ranking(weights=replace(WEIGHTS, turn=20, window=0)),
            "no late pooling": self.ranking(weights=replace(WEIGHTS, dense=1, pooled=0)),
            "no vectors": self.ranking(dense=False),
            "no date words": self.ranking(dated=False),
            "no speaker prior": self.ranking(weights=replace(WEIGHTS, speaker=0)),
            "no date prior": self.ranking(weights=replace(WEIGHTS, date=0)),
            "no when prior": self.ranking(weights=replace(WEIGHTS, when=0)),
            "no question prior": self.ranking(weights=replace(WEIGHTS, question=0)),
            "no session score": self.ranking(weights=replace(WEIGHTS, session=0)),
            "no user prior": self.ranking(weights=replace(WEIGHTS, user=0)),
            "BM25 at 1.2, .75": self.ranking(weights=replace(WEIGHTS, lengths=(0.5, 1.0))),
            "BM25 at .4, .1": self.ranking(weights=replace(WEIGHTS, lengths=(1e8, 1e9))),
            "vectors alike at any length": self.ranking(weights=replace(WEIGHTS, dense_words=1e9)),
            "windows alike at any length": self.ranking(weights=replace(WEIGHTS, window_words=1e9)),
            "no priors, no session": self.ranking(weights=silent),
            "the same, fused by ranks": self.ranking(weights=silent, ranks=True),
        }


def _without_names(analyser: Analyser) -> Callable[[Asked, Analysis], Analysis]:
    def change(asked: Asked, read: Analysis) -> Analysis:
        names = {token for name in read.speakers for token in analyser.tokens(name)}
        kept = tuple(term for term in read.terms if term not in names)
        return replace(read, terms=kept or read.terms)

    return change


# -- the report


def table(corpus: Corpus, results: dict[str, Measures]) -> dict[str, Any]:
    """Print a corpus' figures, each system against its floor, and return them."""
    names = [asked.category for asked in corpus.questions]
    groups = _groups(corpus, names)
    label = corpus.about if corpus.result else f"{corpus.about}; a check, not a result"
    rows = sum(map(len, corpus.partitions.values()))
    print(f"\n{corpus.name}: {label}; {rows} texts, {len(names)} questions")
    floor = FLOOR if FLOOR in results else ALL.removeprefix(": ")
    figures: dict[str, Any] = {}
    for group, places in groups.items():
        print(f"  {group} (n = {len(places)})")
        print(f"    {'':38}{'R@5':>7}{'R@10':>7}{'R@20':>7}{'MRR':>7}   R@10 against {floor}")
        for system, found in results.items():
            part = found[places]
            means = 100 * part.mean(axis=0)
            line = "".join(f"{mean:7.1f}" for mean in means)
            entry: dict[str, Any] = {
                name: round(float(mean), 2)
                for name, mean in zip(("R@5", "R@10", "R@20", "MRR"), means, strict=True)
            }
            entry["R@10 interval"] = [round(edge, 2) for edge in interval(part[:, 1])]
            against = FLOOR if FLOOR in results else system.split(":")[0] + ALL
            if system != against:
                difference = part[:, 1] - results[against][places][:, 1]
                low, high = interval(difference)
                line += f"   {100 * difference.mean():+5.1f} [{low:+.1f}, {high:+.1f}]"
                told = (100 * float(difference.mean()), low, high)
                entry[f"R@10 against {against}"] = [round(edge, 2) for edge in told]
            print(f"    {system:38}{line}")
            figures.setdefault(group, {})[system] = entry
    return figures


def _groups(corpus: Corpus, categories: Sequence[str]) -> dict[str, NDArray[np.intp]]:
    """Which questions are reported together."""
    found = np.array(categories)
    if corpus.result:
        answerable = np.flatnonzero(found != "adversarial")
        groups = {"categories 1-4": answerable}
        groups |= {name: np.flatnonzero(found == name) for name in sorted(set(categories))}
        return groups
    return {"all": np.arange(len(found))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    shared = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared)
    parser.add_argument("--encoders", nargs="+", default=["none", "static", "minilm"])
    parser.add_argument("--minilm", type=Path, help="the folder of a minilm built elsewhere")
    parser.add_argument("--steps", action="store_true", help="take each step away, one by one")
    parser.add_argument("--only", nargs="+", help="corpora, by the beginning of their names")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    report: dict[str, Any] = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "weights": asdict(WEIGHTS),
        "seed": SEED,
        "resamples": RESAMPLES,
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "stop words": len(stop_words("english").words),
        "corpora": {},
    }
    for corpus in corpora(given.data):
        if given.only and not corpus.name.lower().startswith(tuple(given.only)):
            continue
        results: dict[str, Measures] = {}
        if not given.steps:
            results[FLOOR] = measure(untuned_bm25(corpus), corpus.questions)
        spent: defaultdict[str, float] = defaultdict(float)
        for name in given.encoders:
            options = {"folder": given.minilm} if name == "minilm" and given.minilm else {}
            try:
                ranking, memory = remembered(corpus, None if name == "none" else name, options)
            except mnemic.ModelError as reason:
                print(f"{name} left out: {reason}", file=sys.stderr)
                continue
            system = "mnemic, words only" if name == "none" else f"mnemic, {name}"
            begun = time.perf_counter()
            with memory:
                if given.steps:
                    for step, changed in Steps(corpus, memory).all().items():
                        if name == "none" and step in _ABOUT_VECTORS:
                            continue
                        results[f"{name}: {step}"] = measure(changed, corpus.questions)
                    continue
                if name != "none":
                    plain = plain_vectors(corpus, name, options)
                    results[f"plain vectors, {name}"] = measure(plain, corpus.questions)
                    begun = time.perf_counter()
                results[system] = measure(ranking, corpus.questions)
            spent[system] = (time.perf_counter() - begun) / len(corpus.questions)
        figures = table(corpus, results)
        for system, seconds in spent.items():
            print(f"  {system}: {1000 * seconds:.1f} ms a question")
        report["corpora"][corpus.name] = figures
    if given.json:
        given.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
