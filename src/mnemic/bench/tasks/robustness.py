"""Robustness: what another task's figures become when questions are changed or texts are planted.

Two things are done to the data of the task that `of` names, after "Robustness of LLM-based dense
retrievers" (2026, arXiv 2604.16576):

* Its questions are asked as they are ("clean"), misspelt, in another order, with other words, or
  as a table of the user's paraphrases them (`robustness_edits.py`). Each kind is a category, and
  the summary says what share of NDCG@10 and R@10 it costs, on the questions that it changed.
* Texts are planted among the stored ones: stuffed with words of questions
  (`robustness_poison.py`), or made for an encoder (`robustness_flip.py`). The attacker builds on
  one half of a conversation's questions, and the other half is asked; then the halves change
  places. ASR@k is the share of questions with a planted text among the first k. Planted texts come
  from the web, which a memory may know to distrust, or as the user's own.

Each pair of a conversation and an attack is a partition of its own, so the clean one stays clean.
`robustness_analysis.py` puts reports of several systems and data into one model;
`robustness_geometry.py` looks at an encoder's vectors for why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from mnemic.bench import catalogue, files, options
from mnemic.bench.ranked import ids, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.bench.tasks.robustness_edits import EDITS, Edit, paraphrased
from mnemic.bench.tasks.robustness_flip import flipped
from mnemic.bench.tasks.robustness_poison import WORDS, plant, planted, stuffed, woven
from mnemic.core.errors import InputError, SourceError
from mnemic.core.events import Event
from mnemic.core.ports import Encoder
from mnemic.core.records import Origin
from mnemic.models.choose import choose
from mnemic.sources.questions import Question

CLEAN: Final = "clean"
_OF: Final = ("cranfield", "locomo", "dialogues", "epbench")
_SEEDS: Final = (1999, 5, 27, 2016, 2026)
"""Those of the paper."""
_ATTACKS: Final = ("stuffing", "tripled", "woven", "copies", "swaps")
_CUTS: Final = (5, 10, 20)
_RULES: Final = 1
"""Raise it whenever the same options make other questions or texts."""

_OPTIONS: Final = {
    "of": f"the task whose data are used: {', '.join(_OF)}; default cranfield",
    "kinds": f"what is done, of {', '.join((CLEAN, *EDITS, *_ATTACKS))}, parted by commas; default "
    "all; clean is always among them",
    "paraphrases": "files of question TAB paraphrase, parted by commas; each is a kind of its name",
    "seeds": f"of changed questions; default {','.join(map(str, _SEEDS))}",
    "seed": "of the halves and the planted texts; default 0",
    "planted": "texts planted in a conversation; default 10",
    "words": f"of a planted text; default {WORDS}",
    "origins": "web, user or both, parted by a comma: what planted texts come from; default both",
    "against": "encoders that swaps are made against, parted by commas; default static",
    "questions": "how many questions of the task, at even distances; default 0, all with evidence",
    "...": "every other option is the other task's own",
}


@dataclass(frozen=True, slots=True)
class _Attack:
    """One way of planting texts."""

    name: str
    kind: str
    encoder: Encoder | None = None
    """What swaps are made against; loaded once, for it may be a large model."""

    def texts(
        self, questions: Sequence[str], count: int, length: int, random: Random
    ) -> Sequence[str]:
        """What is planted by an attacker who knows these questions."""
        if self.encoder is not None:
            return flipped(questions, self.encoder, count, random, length)
        if self.kind == "copies":
            return stuffed(questions, 1, random, length=length) * count
        if self.kind == "woven":
            return woven(questions, count, random, length)
        return stuffed(questions, count, random, 3 if self.kind == "tripled" else 1, length)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done to the data of another task."""

    edits: Mapping[str, Edit]
    seeds: Sequence[int]
    attacks: Sequence[_Attack]
    origins: Sequence[Origin]
    planted: int
    words: int
    seed: int


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """The other task's questions, changed and unchanged, and its texts with and without poison.

    Questions without evidence are left out. Raises what the other task raises, and InputError for
    options that cannot be used.
    """
    own = {name: value for name, value in given.items() if name in _OPTIONS}
    other = catalogue.task(options.choice(own, "of", _OF))
    base = other.load(path, {name: value for name, value in given.items() if name not in _OPTIONS})
    tables = [Path(name) for name in options.names(own, "paraphrases")]
    plan = _plan(own, tables)
    asked = _drawn(
        [question for question in base.questions if question.evidence],
        options.count(own, "questions", 0),
    )
    partitions: dict[str, Sequence[Event]] = dict(base.partitions)
    questions = [question for one in asked for question in _variants(one, plan)]
    for name in dict.fromkeys(question.conversation for question in asked):
        inside = [question for question in asked if question.conversation == name]
        for poisoned, events, targets in _poisoned(name, base.partitions[name], inside, plan):
            partitions[poisoned] = events
            questions += targets
    tuned = [f"{other.name}: {other.tuned}"] if other.tuned else []
    hashes = files.digests({table.name: table for table in tables})
    return Data(
        partitions=partitions,
        questions=questions,
        revision=" ".join(
            [f"of={other.name}", base.revision, f"rules-{_RULES}", *_choices(own), *_tables(hashes)]
        ),
        notes=[*base.notes, *tuned],
    )


def _choices(own: Mapping[str, str]) -> list[str]:
    """What decides the data beside the other task's own: only what was said."""
    return [
        f"{name}={own[name]}"
        for name in _OPTIONS
        if name in own and name not in ("of", "paraphrases")
    ]


def _tables(hashes: Mapping[str, str]) -> list[str]:
    return [f"paraphrases={files.revision(hashes)}"] if hashes else []


def _plan(own: Mapping[str, str], tables: Sequence[Path]) -> _Plan:
    wanted = options.names(own, "kinds") or (*EDITS, *_ATTACKS)
    for kind in wanted:
        if kind not in (CLEAN, *EDITS, *_ATTACKS):
            known = ", ".join((CLEAN, *EDITS, *_ATTACKS))
            raise InputError(f"kinds={kind!r} is nothing that can be done. Choose of {known}")
    origins = options.names(own, "origins") or ("web", "user")
    for origin in origins:
        options.choice({"origins": origin}, "origins", ("web", "user"))
    against = options.names(own, "against") or ("static",)
    if "none" in against:
        raise InputError("against=none: swaps are made against vectors. Name an encoder")
    edits = {kind: EDITS[kind] for kind in EDITS if kind in wanted}
    for table in tables:
        if table.stem in (*EDITS, CLEAN):
            raise InputError(f"the kind {table.stem!r} has that name already. Rename {table.name}")
        edits[table.stem] = paraphrased(read_paraphrases(table))
    return _Plan(
        edits=edits,
        seeds=options.counts(own, "seeds", _SEEDS),
        attacks=[
            attack
            for kind in _ATTACKS
            if kind in wanted
            for attack in (
                [_Attack(f"swaps against {name}", kind, choose(name)) for name in against]
                if kind == "swaps"
                else [_Attack(kind, kind)]
            )
        ],
        origins=[Origin(origin) for origin in origins],
        planted=options.count(own, "planted", 10, least=1),
        words=options.count(own, "words", WORDS, least=1),
        seed=options.count(own, "seed", 0),
    )


def read_paraphrases(path: Path) -> dict[str, str]:
    """Question → its paraphrase, from lines of the two with a tab between; empty lines count not.

    Raises SourceError for a line that is none, InputError where there is no such file.
    """
    file = files.needed(path, "a table of paraphrases")
    table = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            question, tab, other = line.partition("\t")
            if not tab or not question.strip() or not other.strip():
                raise SourceError(
                    f"{file.name}, line {number}: no question and paraphrase. "
                    "Write them with one tab between"
                )
            table[question.strip()] = other.strip()
    return table


def _drawn(asked: Sequence[Question], count: int) -> Sequence[Question]:
    if not asked:
        raise InputError("no question has evidence, so nothing can be lost. Choose other data")
    if not count or count >= len(asked):
        return asked
    return [asked[place * len(asked) // count] for place in range(count)]


def _variants(question: Question, plan: _Plan) -> Iterator[Question]:
    """The question as it is, and each change that changes it, once for each different outcome."""
    yield _variant(question, question.text, CLEAN, 0)
    for kind, edit in plan.edits.items():
        seen = {question.text}
        for seed in plan.seeds:
            random = Random(f"robustness {kind} {seed} {question.conversation} {question.id}")
            changed = edit(question.text, random)
            if changed not in seen:
                seen.add(changed)
                yield _variant(question, changed, kind, seed)


def _variant(
    question: Question, text: str, kind: str, seed: int, partition: str | None = None
) -> Question:
    return replace(
        question,
        id=f"{question.id}/{kind}/{seed}",
        conversation=partition or question.conversation,
        text=text,
        category=kind,
        metadata={
            **question.metadata,
            "question": f"{question.conversation}/{question.id}",
            "category": question.category,
            "attack": partition is not None,
        },
    )


def _poisoned(
    name: str, events: Sequence[Event], asked: Sequence[Question], plan: _Plan
) -> Iterator[tuple[str, Sequence[Event], Sequence[Question]]]:
    """Name, texts and questions of each partition that an attack makes of one."""
    order = list(range(len(asked)))
    Random(f"robustness halves {plan.seed} {name}").shuffle(order)
    middle = len(order) // 2
    halves = (set(order[:middle]), set(order[middle:]))
    for attack in plan.attacks:
        for number, known in enumerate(halves):
            targets = [one for place, one in enumerate(asked) if place not in known]
            if not known or not targets:
                continue  # one question is no half
            texts = attack.texts(
                [asked[place].text for place in sorted(known)],
                plan.planted,
                plan.words,
                Random(f"robustness {attack.name} {plan.seed} {name} {number}"),
            )
            for origin in plan.origins:
                kind = f"{attack.name} ({origin})"
                partition = f"{name}+{kind}+{number}"
                yield (
                    partition,
                    plant(events, texts, origin),
                    [_variant(one, one.text, kind, number, partition) for one in targets],
                )


def score(outcome: Outcome) -> Scores:
    """NDCG@10 and recall; under attack also ASR@k, and the share of places that poison took.

    Under attack, NDCG and recall are those of the ranking with the planted texts in it.
    """
    found, question = ids(outcome.found), outcome.question
    whole = ranked(found, question.evidence, (10, 20))
    scores = {name: whole[name] for name in ("ndcg@10", "recall@10", "recall@20")}
    if question.metadata["attack"]:
        for k in _CUTS:
            scores[f"asr@{k}"] = float(any(planted(id) for id in found[:k]))
        scores["places@20"] = sum(map(planted, found[:20])) / 20
    return scores


def summary(asked: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """The share of NDCG@10 and R@10 that each kind loses, against the same questions unchanged.

    A negative one is a gain. Left out where the unchanged questions find nothing.
    """
    clean = {
        question.metadata["question"]: one
        for question, one in zip(asked, scores, strict=True)
        if question.category == CLEAN
    }
    pairs: dict[str, list[tuple[Scores, Scores]]] = {}
    for question, one in zip(asked, scores, strict=True):
        before = clean.get(question.metadata["question"])
        if question.category != CLEAN and before is not None:
            pairs.setdefault(question.category, []).append((before, one))
    figures = {}
    for kind, both in pairs.items():
        for measure in ("ndcg@10", "recall@10"):
            before_all = sum(before[measure] for before, _ in both)
            if before_all > 0:
                lost = 1 - sum(after[measure] for _, after in both) / before_all
                figures[f"{measure} lost to {kind}"] = lost
    return figures


TASK = Task(
    name="robustness",
    about="Another task with misspelt, reordered or reworded questions, or with planted texts.",
    licence="of the data that it changes",
    citation="arXiv 2604.16576 (2026); attacks: arXiv 2310.19156 (2023)",
    load=load,
    score=score,
    summary=summary,
    limit=20,
    options=_OPTIONS,
)
