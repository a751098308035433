"""Does a learned second look at the candidates pay? Trained and judged on different conversations.

    python benchmarks/rerank.py --task locomo --data ../shared/data/locomo/locomo-dev.json
    python benchmarks/rerank.py --task dialogues --data benchmarks/dialogues --folds 5

The conversations of a task are dealt into folds (as many as there are conversations, at most
`--folds`). For each fold every model is fitted on the others, and calibrated, and given a
threshold, on questions of those others that it had not seen either. What it then says of the fold
is reported: MAP and MRR over whole rankings against untuned BM25, recall at 10, the expected
calibration error of the best 20 and of the first of each question, and the precision above the
threshold, which is chosen to be .5 on the others. Nothing that is fitted here is shipped.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

import mnemic
from mnemic.bench.adapters.bm25 import Bm25
from mnemic.bench.catalogue import task
from mnemic.bench.task import Data
from mnemic.core.queries import Query, Ranked
from mnemic.core.records import Partition
from mnemic.engine.ready import ready as prepare
from mnemic.measure.calibration import expected_calibration_error
from mnemic.measure.intervals import bootstrap_difference
from mnemic.measure.ranking import average_precision, recall_at, reciprocal_rank
from mnemic.models.cross_encoder import choose_reranker
from mnemic.retrieval import fit
from mnemic.retrieval.learn import Lesson, Recipe, calibrated, cross_fitted, taught
from mnemic.retrieval.networks import NetworkStudent
from mnemic.retrieval.rank import probabilities, rank, total
from mnemic.retrieval.rerank import ByReading, Candidate, rerank
from mnemic.retrieval.search import consider
from mnemic.retrieval.soft_labels import compared, levels, soft
from mnemic.retrieval.teachers import Noisy
from mnemic.retrieval.weights import FEATURES, Ranker
from mnemic.sources.questions import Question

NAMES = [name for name in FEATURES if name not in ("untrusted", "weight")]
BEST = 20
PRECISION = 0.5
"""What the threshold is to give on the conversations that it is chosen on."""
SEED = 20250601
READ = 30
LINEAR = "linear, listwise"

Doubles: TypeAlias = NDArray[np.float64]
Fitted: TypeAlias = Callable[["Asked"], Doubles]
"""A question → the probability of each of its candidates."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question with its candidates."""

    question: Question
    ids: list[str]
    """metadata["turn"] of each candidate."""
    texts: list[str]
    example: fit.Example
    first: list[Ranked]
    """By the shipped ranker, best first; `row` is the place in `ids`."""
    matrix: Doubles
    topic: NDArray[np.int64]
    bm25: list[str]
    """The ranking of the floor."""

    def lesson(self, labels: Doubles | None = None) -> Lesson[Doubles]:
        """For the recipe; where labels are given, it learns from them alone."""
        right = self.example.relevant
        if labels is not None:
            return Lesson(self.matrix, labels, self.example.group, self.topic)
        soft = right.astype(np.float64)
        return Lesson(self.matrix, soft, self.example.group, self.topic, right)


def asked(data: Data, encoder: str | None) -> Iterator[Asked]:
    """Each question that has evidence, with what search considers for it."""
    floor = Bm25()
    with mnemic.Memory(":memory:", encoder=encoder) as memory:
        for name, events in data.partitions.items():
            memory.add(list(events), user_id=name)
            floor.insert(name, events)
        memory.flush()
        parts = memory._parts
        for question in data.questions:
            if not question.evidence:
                continue
            partition = Partition(user_id=question.conversation)
            now = question.now or mnemic.Moment.parse("2026-01-01")
            before = question.metadata.get("dialogue", ())
            query = Query(question.text, (partition,), now, limit=BEST, dialogue=tuple(before))
            ready = prepare(parts, query, partition)
            rows, values = consider(query, ready.analysis, ready.evidence, ready.allowed)
            if not len(rows):
                continue
            keys = [int(key) for key in ready.keys[rows]]
            records = parts.store.by_key(keys)
            ids = [str(records[key].metadata["turn"]) for key in keys]
            right = np.isin(ids, question.evidence)
            example = fit.Example(values, right, len(question.evidence), question.conversation)
            nothing = np.zeros(len(rows))
            columns = [values.get(name, nothing) for name in NAMES]
            ranker = parts.rankers.for_encoder(ready.encoder)
            places = np.arange(len(rows))
            yield Asked(
                question,
                ids,
                [str(records[key]) for key in keys],
                example,
                rank(places, values, np.array(keys), ranker, len(rows)),
                np.stack(columns, 1).astype(np.float64),
                np.asarray(ready.evidence.columns.session[rows], np.int64),
                [
                    one.id
                    for one in floor.query(question, len(data.partitions[question.conversation]))
                ],
            )


# -- the models


def listwise(seen: Sequence[Asked]) -> tuple[Fitted, float]:
    """The linear ranker as it is shipped, fitted anew: Newton's method and its own odds."""
    examples = [one.example for one in seen]
    sums = fit.sums_unseen(examples, NAMES, count=3)
    odds = fit.fit_odds(examples, sums)
    weights = fit.learn(examples, NAMES)
    ranker = Ranker(weights, odds)

    def chances(sums: NDArray[np.float32]) -> Doubles:
        return probabilities(sums, odds).astype(np.float64)

    threshold = _threshold([chances(one) for one in sums], [one.relevant for one in examples])
    return (
        lambda one: chances(total(dict(one.example.values), ranker, len(one.ids))),
        threshold,
    )


def by_recipe(
    recipe: Recipe,
    labels: Callable[[Asked], Doubles] | None = None,
    hidden: Sequence[int] = (),
    rate: float = 0.01,
    decay: float = 0.01,
) -> Callable[[Sequence[Asked]], tuple[Fitted, float]]:
    """The recipe on a network over features."""

    def make(lessons: Sequence[Lesson[Doubles]]) -> NetworkStudent:
        return NetworkStudent(
            [one.inputs for one in lessons], hidden=hidden, rate=rate, decay=decay, seed=recipe.seed
        )

    def fitted(seen: Sequence[Asked]) -> tuple[Fitted, float]:
        lessons = [one.lesson(labels(one) if labels else None) for one in seen]
        unseen = cross_fitted(make, lessons, recipe)
        truth = {id(one.matrix): one.example.relevant for one in seen}
        right = [truth[id(one.inputs)] for one, _ in unseen]
        found = [logits for _, logits in unseen]
        truths = [
            Lesson(None, one.astype(np.float64), lesson.group)
            for one, (lesson, _) in zip(right, unseen, strict=True)
        ]
        calibration = calibrated(found, truths, recipe)
        student = taught(make(lessons), lessons, recipe)
        chances = [calibration(one) for one in found]
        threshold = _threshold(chances, right)
        return lambda one: calibration(student.logits([one.matrix])[0]), threshold

    return fitted


def by_teachers(one: Asked, teachers: int = 3, sharpness: float = 2.0) -> Doubles:
    """Soft labels of the first candidates, by teachers who err on one pair in eight."""
    order = [ranked.row for ranked in one.first[:READ]]
    order += [
        place for place in np.flatnonzero(one.example.relevant).tolist() if place not in order
    ]
    names = {f"{one.question.id} {place}": place for place in order}

    def worth(query: str, text: str) -> float:
        return float(one.example.relevant[names[text]])

    judges = [Noisy(worth, sharpness, seed=seed) for seed in range(teachers)]
    pairs, won = compared(one.question.text, list(names), judges, rounds=2, seed=SEED)
    labels = np.zeros(len(one.ids))
    labels[order] = soft(levels(pairs, won, len(order)))
    return labels


def _threshold(chances: Sequence[Doubles], right: Sequence[NDArray[np.bool_]]) -> float:
    """The lowest score above which `PRECISION` of the candidates are right."""
    score, holds = np.concatenate(chances), np.concatenate(right)
    order = np.argsort(-score, kind="stable")
    precision = np.cumsum(holds[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    return float(score[order[enough[-1]]]) if len(enough) else 1.0


MODELS: dict[str, Callable[[Sequence[Asked]], tuple[Fitted, float]]] = {
    LINEAR: listwise,
    "linear, soft labels only": by_recipe(Recipe(soft_epochs=30, contrast_epochs=0)),
    "linear, two stages": by_recipe(Recipe()),
    "linear, noisy teachers": by_recipe(Recipe(), by_teachers),
    "MLP 16, contrast only": by_recipe(
        Recipe(soft_epochs=0, contrast_epochs=20, keep=0, hard=300), None, (16,), 0.003, 0.3
    ),
    "MLP 16, two stages": by_recipe(Recipe(), None, (16,), 0.003, 0.3),
}


# -- the measures


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a system did with each question, and what it claimed of its best candidates."""

    quality: Doubles
    """(questions, 3): average precision, reciprocal rank, recall at 10."""
    chances: Doubles
    right: NDArray[np.bool_]
    accepted: NDArray[np.bool_]
    first: NDArray[np.bool_]
    """Which of them are the first of their question."""


def ranked(one: Asked, ids: Sequence[str]) -> list[float]:
    gold = one.question.evidence
    return [average_precision(ids, gold), reciprocal_rank(ids, gold), recall_at(ids, gold, 10)]


def judged(model: Fitted, threshold: float, questions: Sequence[Asked]) -> Result:
    quality: list[list[float]] = []
    parts: list[tuple[NDArray[Any], ...]] = []
    for one in questions:
        said = model(one)
        order = np.argsort(-said, kind="stable")
        quality.append(ranked(one, [one.ids[place] for place in order]))
        best = order[:BEST]
        accepted, first = said[best] >= threshold, np.arange(len(best)) == 0
        parts.append((said[best], one.example.relevant[best], accepted, first))
    chances, right, kept, top = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Result(np.array(quality), chances, right, kept, top)


def shipped(one: Asked) -> Doubles:
    """What `search` says."""
    said = np.zeros(len(one.ids))
    for found in one.first:
        said[found.row] = found.score
    return said


def read_again(one: Asked, judge: ByReading, weight: float) -> Doubles:
    """The shipped ranking with its best read by a reranker."""
    listed = [Candidate(one.texts[found.row], found) for found in one.first]
    before = one.question.metadata.get("dialogue", ())
    result = rerank(one.question.text, listed, judge, before, most=READ, weight=weight)
    said = np.zeros(len(one.ids))
    for place, found in enumerate(result.ranked):
        said[found.row] = found.score - 1e-9 * place
    return said


def summed(
    results: Sequence[Result], floor: Doubles, linear: Sequence[Result] | None, seconds: float
) -> dict[str, Any]:
    """The figures of all folds together, against the floor and the plain linear ranker."""
    quality = np.concatenate([one.quality for one in results])
    chances = np.concatenate([one.chances for one in results])
    right, accepted, first = (
        np.concatenate([getattr(one, part) for one in results])
        for part in ("right", "accepted", "first")
    )
    others = {"BM25": floor}
    if linear is not None and linear is not results:
        others[LINEAR] = np.concatenate([one.quality for one in linear])
    against = {}
    for other, values in others.items():
        better = bootstrap_difference(values[:, 0], quality[:, 0], seed=SEED)
        told = [100 * part for part in (better.mean, better.low, better.high)]
        against[f"MAP against {other}"] = told
    means = (100 * quality.mean(axis=0)).tolist()
    return {
        **dict(zip(("MAP", "MRR", "R@10"), means, strict=True)),
        "ECE@20": expected_calibration_error(chances, right, by="mass"),
        "ECE@1": expected_calibration_error(chances[first], right[first], by="mass"),
        "precision": float(right[accepted].mean()) if accepted.any() else 0.0,
        "kept": int(accepted.sum()),
        "seconds": seconds,
        **against,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--task", default="locomo")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--option", nargs="*", default=[], help="of the task, as name=value")
    parser.add_argument("--encoder", default="static")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--without", default="", help="a category to leave out")
    parser.add_argument("--only", nargs="+", help="models, by the beginning of their names")
    parser.add_argument("--reranker", help="such as cross-encoder:<model>, beside the others")
    parser.add_argument("--weight", type=float, default=0.5, help="of the reranker")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    options = dict(one.split("=", 1) for one in given.option)
    data = task(given.task).load(given.data, options)
    encoder = None if given.encoder == "none" else given.encoder
    everything = [one for one in asked(data, encoder) if one.question.category != given.without]
    groups = list(dict.fromkeys(one.example.group for one in everything))
    folds = [set(groups[start :: given.folds]) for start in range(min(given.folds, len(groups)))]
    pieces: dict[str, list[Result]] = {}
    inside: dict[str, list[float]] = {}
    order: list[Asked] = []
    for fold in folds:
        seen = [one for one in everything if one.example.group not in fold]
        unseen = [one for one in everything if one.example.group in fold]
        order += unseen
        pieces.setdefault("as shipped", []).append(judged(shipped, PRECISION, unseen))
        if given.reranker:
            reader = choose_reranker(given.reranker)
            assert reader is not None
            judge = ByReading(reader)
            again = judged(lambda one: read_again(one, judge, given.weight), PRECISION, unseen)  # noqa: B023
            pieces.setdefault(given.reranker, []).append(again)
        for name, fit_on in MODELS.items():
            if given.only and not name.startswith(tuple(given.only)):
                continue
            begun = time.perf_counter()
            model, threshold = fit_on(seen)
            pieces.setdefault(name, []).append(judged(model, threshold, unseen))
            inside.setdefault(name, []).append(time.perf_counter() - begun)
    floor = np.array([ranked(one, one.bm25) for one in order])
    report: dict[str, Any] = {"task": given.task, "revision": data.revision, "encoder": encoder}
    print(
        f"{given.task}, {given.encoder}: {len(order)} questions, {len(groups)} conversations, "
        f"{len(folds)} folds; {', '.join(data.notes)}"
    )
    columns = ("MAP", "MRR", "R@10", "ECE@20", "ECE@1", "precision", "kept", "seconds")
    print(
        f"{'':26}" + "".join(f"{name:>10}" for name in columns) + f"   MAP against BM25, {LINEAR}"
    )
    print(f"{'untuned BM25':26}" + "".join(f"{100 * mean:10.1f}" for mean in floor.mean(axis=0)))
    for name, results in pieces.items():
        figures = summed(results, floor, pieces.get(LINEAR), sum(inside.get(name, [0.0])))
        report[name] = figures
        line = "".join(f"{figures[column]:10.3f}" for column in columns[3:6])
        line += f"{figures['kept']:10d}{figures['seconds']:10.0f}"
        better = "   ".join(
            "{:+.1f} [{:+.1f}, {:+.1f}]".format(*figures[f"MAP against {other}"])
            for other in ("BM25", LINEAR)
            if f"MAP against {other}" in figures
        )
        means = "".join(f"{figures[column]:10.1f}" for column in columns[:3])
        print(f"{name:26}{means}{line}   {better}")
    if given.json:
        given.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
