"""What the shipped rankers find on every corpus, and what each group of features is worth.

    python benchmarks/ranking.py --json benchmarks/results/ranking.json
    python benchmarks/ranking.py --cache FOLDER      # keep what was read of each corpus there

Corpora that weights are fitted on are judged by folds: each conversation by weights that were
fitted without it, in the way of `scripts/fit_weights.py`. The others (`corpora.judged_by`) are
judged by the weights that ship. Beside them stand the floors: untuned BM25, plain vectors, and the
weights that were set by hand. R@k is the mean share of a question's evidence among the first k;
intervals are 95 % paired bootstraps over questions. Each ablation fits the ranker again without a
group of features. Needs the benchmark data beside the checkout and a built minilm; half an hour on
two cores, of which the cache saves half. Read no cache that you did not write: it holds pickles.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from corpora import SHARED, Corpus, fitted_on, judged_by
from fit_weights import ENCODERS, FOLDS, START, STRENGTH, Found, examples, weighted
from mnemic.bench.adapters.bm25 import Bm25
from mnemic.bench.adapters.plain_vectors import PlainVectors
from mnemic.bench.environment import machine, versions
from mnemic.bench.system import System
from mnemic.core.vectors import Floats
from mnemic.measure.calibration import expected_calibration_error
from mnemic.measure.intervals import bootstrap_difference, bootstrap_mean
from mnemic.models.choose import choose
from mnemic.retrieval.fit import Example, chances, fit_odds, folds, learn
from mnemic.retrieval.rank import total
from mnemic.retrieval.weights import FEATURES, JUDGED, Ranker, shipped

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "words of the row": ("turn", "turn_long"),
    "words of its window": ("window", "window_long"),
    "rows around it": ("wide", "before", "after", "answers"),
    "names held whole": ("whole", "whole_long"),
    "bridges": ("bridge", "bridge_long"),
    "passage vectors": ("dense", "dense_long", "pooled", "pooled_long"),
    "late interaction": ("late", "late_long", "late_window", "late_window_long"),
    "session": ("session",),
    "words before the question": ("dialogue",),
    "speaker": ("speaker", "speaker_self"),
    "period": ("date",),
    "when": ("when",),
    "number, name": ("number", "name"),
    "latest, first": ("latest", "first"),
    "asks itself": ("question",),
    "user": ("user",),
}
"""What is taken away together."""
VECTORS: Final = ("passage vectors", "late interaction")
TITLES: Final = {"words": "words only", "static": "static", "dense": "minilm"}
MEASURES: Final = ("R@5", "R@10", "R@20", "MRR", "all at gold")
"""`all at gold`: whether as many as there are evidence hold all of it."""
CUTS: Final = (5, 10, 20)
LOCOMO: Final = "LoCoMo dev"
UNTUNED: Final = "untuned BM25"
SEED: Final = 20250601
OWN_STRENGTH: Final = 60.0
"""What `Memory.fit` says that the weights one starts from are worth."""

Doubles: TypeAlias = NDArray[np.float64]
Key: TypeAlias = tuple[str, str]
"""Name of the corpus, id of the question."""
Seen: TypeAlias = dict[Key, Doubles]
"""Question → its MEASURES; only those that have evidence."""


@dataclass(frozen=True, slots=True)
class Part:
    """A corpus, and what a search considers for each of its questions."""

    corpus: Corpus
    fitted: bool
    """Whether the shipped weights know it."""
    found: list[Found]


# -- reading


def gather(corpora: Sequence[tuple[Corpus, bool]], name: str, cache: Path | None) -> list[Part]:
    """The candidates of every question for a ranker, read anew or from the cache."""
    encoder = ENCODERS[name]
    parts = []
    for corpus, fitted in corpora:
        side = "fit" if fitted else "judge"
        file = cache / f"{side}~{corpus.kind}~{corpus.name}~{encoder}.pkl" if cache else None
        if file is not None and file.is_file():
            found = pickle.loads(file.read_bytes())
        else:
            print(f"reading {corpus.name} with {TITLES[name]}", file=sys.stderr, flush=True)
            found = examples(corpus, encoder)
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(pickle.dumps(found))
        parts.append(Part(corpus, fitted, found))
    return parts


def spoken(part: Part, name: str) -> list[tuple[str, Example]]:
    """The questions that this ranker answers: vectors that cannot read one leave it to words."""
    return [
        (id, one) for spoke, _, id, one in part.found if (spoke == "words") == (name == "words")
    ]


def labels(parts: Sequence[Part]) -> dict[str, list[Key]]:
    """What is reported together → its questions with evidence."""
    groups: dict[str, list[Key]] = {}
    for part in parts:
        corpus = part.corpus
        for _, category, id, one in part.found:
            if not one.evidence:
                continue
            key = corpus.name, id
            if part.fitted:
                groups.setdefault(corpus.kind, []).append(key)
            elif corpus.name != LOCOMO:
                groups.setdefault(corpus.name, []).append(key)
                if corpus.kind == "chapters" and one.evidence >= 3:
                    groups.setdefault(f"{corpus.name}: 3 and more", []).append(key)
            else:
                if category != "adversarial":
                    groups.setdefault(LOCOMO, []).append(key)
                groups.setdefault(f"{LOCOMO}: {category}", []).append(key)
    return groups


# -- judging


def measured(one: Example, sums: Floats) -> Doubles:
    """The MEASURES of a question whose candidates have these sums."""
    held = one.relevant[np.argsort(-sums, kind="stable")]
    return _measures(held, one.evidence)


def _measures(held: NDArray[np.bool_], evidence: int) -> Doubles:
    shares = [held[:cut].sum() / evidence for cut in CUTS]
    first = 1 / (int(held.argmax()) + 1) if held.any() else 0.0
    return np.array([*shares, first, held[:evidence].sum() == evidence], np.float64)


def _sums(one: Example, ranker: Ranker) -> Floats:
    return total(dict(one.values), ranker, len(one.relevant))


def by_one(parts: Iterable[Part], name: str, ranker: Ranker) -> Seen:
    """What one ranker finds."""
    return {
        (part.corpus.name, id): measured(one, _sums(one, ranker))
        for part in parts
        for id, one in spoken(part, name)
        if one.evidence
    }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Questions, with what each one's candidates score by weights fitted without its group."""

    keys: list[Key]
    every: list[Example]
    sums: list[Floats]
    folds: list[tuple[list[int], list[int]]]
    learned: list[dict[str, float]]
    """The weights of each fold."""

    def seen(self) -> Seen:
        """What was found."""
        told = zip(self.keys, self.every, self.sums, strict=True)
        return {key: measured(one, sums) for key, one, sums in told if one.evidence}

    def told(self) -> dict[Key, tuple[Floats, NDArray[np.bool_]]]:
        """The probabilities of the best ten, by odds fitted without the fold, and their truth."""
        result = {}
        for known, unknown in self.folds:
            odds = fit_odds([self.every[at] for at in known], [self.sums[at] for at in known])
            for at in unknown:
                result[self.keys[at]] = chances([self.every[at]], [self.sums[at]], odds)
        return result


def left_out(
    keys: list[Key], every: list[Example], names: Sequence[str], *,
    start: Mapping[str, float] = START, strength: float = STRENGTH, count: int = FOLDS,
    near: Sequence[Mapping[str, float] | None] = (),
) -> LeftOut:  # fmt: skip
    """Fit `count` times, and judge each time what was left out."""
    sums: list[Floats] = [np.zeros(0, np.float32)] * len(every)
    dealt = folds(every, count)
    found = []
    for place, (known, unknown) in enumerate(dealt):
        guess = near[place] if near else None
        learned = learn([every[at] for at in known], names, start, strength, guess)
        found.append(learned)
        ranker = Ranker({**learned, **JUDGED})
        for at in unknown:
            sums[at] = _sums(every[at], ranker)
    return LeftOut(keys, every, sums, dealt, found)


def trained(parts: Sequence[Part], name: str) -> tuple[list[Key], list[Example]]:
    """What a ranker is fitted on, weighted as the shipped one, in the order that it was."""
    fitted = [(part, spoken(part, name)) for part in parts if part.fitted]
    told = [(part.corpus, [one for _, one in found]) for part, found in fitted]
    kinds = list(dict.fromkeys(part.corpus.kind for part, _ in fitted))
    keys = [
        (part.corpus.name, id)
        for kind in kinds
        for part, found in fitted
        if part.corpus.kind == kind
        for id, _ in found
    ]
    return keys, weighted(told)


def names_of(every: Sequence[Example], without: Sequence[str] = ()) -> list[str]:
    """The features that can be learned from these questions."""
    there = {name for one in every for name in one.values}
    gone = {*JUDGED, *without}
    return [name for name in FEATURES if name in there and name not in gone]


_HERE: dict[str, Any] = {}
"""What a process of the pool works on."""


def _begin(name: str, parts: list[Part], near: list[dict[str, float]]) -> None:
    _HERE.update(name=name, parts=parts, trained=trained(parts, name), near=near)


def without(group: str) -> tuple[str, Seen]:
    """What is found by rankers that were fitted without a group of features."""
    name, parts, (keys, every) = _HERE["name"], _HERE["parts"], _HERE["trained"]
    names = names_of(every, GROUPS[group])
    seen = left_out(keys, every, names, near=_HERE["near"]).seen()
    now: Ranker = getattr(shipped(), name)
    ranker = Ranker({**learn(every, names, START, STRENGTH, now.weights), **JUDGED})
    return group, seen | by_one([part for part in parts if not part.fitted], name, ranker)


def ablations(
    parts: list[Part], name: str, near: list[dict[str, float]], workers: int
) -> Iterator[tuple[str, Seen]]:
    """Each group of features → what is found without it; `near` are the weights of each fold."""
    groups = [group for group in GROUPS if name != "words" or group not in VECTORS]
    light = [
        replace(part, corpus=replace(part.corpus, partitions={}, questions=())) for part in parts
    ]
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(name, light, near)) as pool:
        yield from pool.map(without, groups)


def floor(parts: Sequence[Part], begin: Callable[[], System]) -> Seen:
    """What a simple system finds."""
    seen: Seen = {}
    for part in parts:
        system = begin()
        for partition, events in part.corpus.partitions.items():
            system.insert(partition, events)
        asked = {question.id: question for question in part.corpus.questions}
        for _, _, id, one in part.found:
            if one.evidence:
                limit = max(CUTS[-1], one.evidence)
                found = system.query(asked[id], limit)
                gold = set(asked[id].evidence)
                held = np.zeros(limit, np.bool_)
                held[: len(found)] = [each.id in gold for each in found]
                seen[part.corpus.name, id] = _measures(held, one.evidence)
        system.close()
    return seen


# -- what LoCoMo's own weights would be worth


def fitted_on_locomo(parts: Sequence[Part], name: str) -> dict[str, Seen]:
    """Each conversation by weights fitted on the other two; never shipped."""
    (part,) = (part for part in parts if part.corpus.name == LOCOMO)
    found = spoken(part, name)
    keys = [(LOCOMO, id) for id, _ in found]
    every = [one for _, one in found]
    count = len({one.group for one in every})
    names = names_of(every)
    now: Ranker = getattr(shipped(), name)
    again = left_out(keys, every, names, start=now.weights, strength=OWN_STRENGTH, count=count)
    return {
        f"fitted on LoCoMo alone, {TITLES[name]}": left_out(keys, every, names, count=count).seen(),
        f"shipped, fitted on by LoCoMo, {TITLES[name]}": again.seen(),
    }


# -- figures


def column(seen: Seen, keys: Sequence[Key], measure: str = "R@10") -> Doubles | None:
    """One measure of some questions; None where the system was not asked all of them."""
    if any(key not in seen for key in keys):
        return None
    return np.array([seen[key][MEASURES.index(measure)] for key in keys])


def figures(seen: Seen, against: Seen | None, keys: Sequence[Key]) -> dict[str, Any]:
    """Means in points, R@10 with its interval and with its difference to another system."""
    here = column(seen, keys)
    if here is None:
        return {}
    told: dict[str, Any] = {
        measure: round(100 * float(np.mean(column(seen, keys, measure))), 2)  # type: ignore[arg-type]
        for measure in MEASURES
    }
    mean = bootstrap_mean(here, seed=SEED)
    told["R@10 interval"] = [round(100 * end, 2) for end in (mean.low, mean.high)]
    other = column(against, keys) if against is not None else None
    if other is not None:
        gain = bootstrap_difference(other, here, seed=SEED)
        told[f"R@10 over {UNTUNED}"] = [
            round(100 * end, 2) for end in (gain.mean, gain.low, gain.high)
        ]
    return told


def gains(
    full: Seen, less: Seen, groups: Mapping[str, list[Key]]
) -> dict[str, dict[str, float | int]]:
    """What a group of features adds to R@10 in each corpus, in points."""
    told = {}
    for label, keys in groups.items():
        there = [key for key in keys if key in full]
        if len(there) < len(keys) / 2:
            continue  # most of its questions are another ranker's
        with_it, without_it = column(full, there), column(less, there)
        assert with_it is not None and without_it is not None
        gain = bootstrap_difference(without_it, with_it, seed=SEED)
        told[label] = {
            "gain": round(100 * gain.mean, 2), "low": round(100 * gain.low, 2),
            "high": round(100 * gain.high, 2), "n": gain.n,
        }  # fmt: skip
    return told


def calibration(
    parts: Sequence[Part], name: str, unseen: LeftOut
) -> dict[str, dict[str, float | int]]:
    """The expected calibration error of the best ten, in each corpus."""
    ranker: Ranker = getattr(shipped(), name)
    told = unseen.told()
    kind = {part.corpus.name: part.corpus.kind for part in parts if part.fitted}
    by_label: dict[str, list[tuple[Floats, NDArray[np.bool_]]]] = {}
    for key, pair in told.items():
        for label in ("left-out conversations", kind[key[0]]):
            by_label.setdefault(label, []).append(pair)
    for part in parts:
        if part.fitted:
            continue
        for _, one in spoken(part, name):
            pair = chances([one], [_sums(one, ranker)], ranker.odds)
            by_label.setdefault(part.corpus.name, []).append(pair)
    return {
        label: {
            "ECE": round(
                expected_calibration_error(
                    np.concatenate([claimed for claimed, _ in pairs]),
                    np.concatenate([true for _, true in pairs]),
                ), 4),
            "n": sum(len(true) for _, true in pairs),
        }
        for label, pairs in by_label.items()
    }  # fmt: skip


# -- the report


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    print(f"\n{title}\n\n| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    sys.stdout.flush()


def _points(told: Mapping[str, Any]) -> list[str]:
    if not told:
        return ["", "", "", ""]
    low, high = told["R@10 interval"]
    return [
        f"{told['R@5']:.1f}", f"{told['R@10']:.1f} [{low:.1f}, {high:.1f}]",
        f"{told['R@20']:.1f}", f"{told['MRR']:.1f}",
    ]  # fmt: skip


def _gain(told: Mapping[str, float | int] | None) -> str:
    if told is None:
        return ""
    return f"{told['gain']:+.1f} [{told['low']:.1f}, {told['high']:.1f}]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--cache", type=Path, help="keep what was read of each corpus here")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-ablations", action="store_true")
    given = parser.parse_args(arguments)
    corpora = [(corpus, True) for corpus in fitted_on(given.data)]
    corpora += [(corpus, False) for corpus in judged_by(given.data)]
    report: dict[str, Any] = {
        "made_by": "benchmarks/ranking.py",
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
        "versions": versions(),
        "seed": SEED,
        "folds": FOLDS,
        "strength": STRENGTH,
        "corpora": {
            corpus.name: {
                "kind": corpus.kind, "licence": corpus.licence, "fitted": fitted,
                "texts": sum(map(len, corpus.partitions.values())),
                "questions": len(corpus.questions),
            }
            for corpus, fitted in corpora
        },
    }  # fmt: skip
    systems: dict[str, Seen] = {}
    groups: dict[str, list[Key]] = {}
    left: dict[str, Seen] = {}
    report["calibration"], report["gains"] = {}, {}
    for name, title in TITLES.items():
        parts = gather(corpora, name, given.cache)
        if not groups:
            groups = labels(parts)
            systems[UNTUNED] = floor(parts, Bm25)
        else:
            encoder = choose(ENCODERS[name])
            assert encoder is not None
            systems[f"plain vectors, {title}"] = floor(parts, partial(PlainVectors, encoder, title))
        keys, every = trained(parts, name)
        unseen = left_out(keys, every, names_of(every))
        ranker: Ranker = getattr(shipped(), name)
        judged = [part for part in parts if not part.fitted]
        left[name] = unseen.seen() | by_one(judged, name, ranker)
        by_hand = by_one(parts, name, Ranker({**START, **JUDGED}))
        fallback = systems.get(f"shipped, {TITLES['words']}", {})
        systems[f"set by hand, {title}"] = (
            systems.get(f"set by hand, {TITLES['words']}", {}) | by_hand
        )
        systems[f"shipped, {title}"] = fallback | left[name]
        systems |= fitted_on_locomo(parts, name)
        report["calibration"][title] = calibration(parts, name, unseen)
        if not given.no_ablations:
            found = ablations(parts, name, unseen.learned, given.workers)
            report["gains"][title] = {
                group: gains(left[name], less, groups) for group, less in found
            }
    report["figures"] = {
        label: {"n": len(keys)}
        | {
            system: told
            for system, seen in systems.items()
            if (told := figures(seen, None if system == UNTUNED else systems[UNTUNED], keys))
        }
        for label, keys in groups.items()
    }
    for label, told in report["figures"].items():
        rows = [[system, *_points(each)] for system, each in told.items() if system != "n"]
        table(f"{label}, n = {told['n']}", ("", "R@5", "R@10", "R@20", "MRR"), rows)
    for title, by_group in report["gains"].items():
        there = list(next(iter(by_group.values())))
        table(
            f"R@10 gained by each group, {title}",
            ("", *there),
            (
                [group, *(_gain(told.get(label)) for label in there)]
                for group, told in by_group.items()
            ),
        )
    for title, told in report["calibration"].items():
        table(
            f"calibration, {title}",
            ("", "ECE", "n"),
            ([label, f"{each['ECE']:.3f}", str(each["n"])] for label, each in told.items()),
        )
    if given.json:
        text = json.dumps(report, indent=1, ensure_ascii=False)
        given.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
