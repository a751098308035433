"""The project's own labelled conversations: people, an assistant, documents; several languages.

Written by hand for this project, free to use (CC0), in the text form that
`mnemic.sources.dialogues` reads; they lie in benchmarks/dialogues of the repository. Their types of
question are finer than any other benchmark's: followups that need what was said before, the first
and the latest of something, the wrong speaker, and questions that nobody answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mnemic.bench import files, options
from mnemic.bench.answered import answered
from mnemic.bench.ranked import ids, means, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.bench.units import by_session, sessions
from mnemic.core.errors import InputError
from mnemic.sources import dialogues
from mnemic.sources.questions import Question

_UNANSWERABLE = ("none", "adversarial")

_OPTIONS = {
    "unit": "turn (default) or session: what is stored and found",
    "kind": "people, assistant or document, parted by commas; default all",
    "language": "such as english or chinese, parted by commas; default all",
    "only": "names of files without .txt, parted by commas; default all",
}


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """Each conversation as a partition, and its questions."""
    options.known(given, _OPTIONS)
    unit = options.choice(given, "unit", ["turn", "session"])
    wanted = {name: set(options.names(given, name)) for name in ("kind", "language", "only")}
    found = files.needed(path, "benchmarks/dialogues, or one of its files")
    read = {
        file.name: file
        for file in ([found] if found.is_file() else sorted(found.glob("*.txt")))
        if not wanted["only"] or file.stem in wanted["only"]
    }
    kept = [
        one
        for one in map(dialogues.read, read.values())
        if (not wanted["kind"] or one.kind in wanted["kind"])
        and (not wanted["language"] or one.language in wanted["language"])
    ]
    if not kept:
        raise InputError(
            f"no conversation left of {len(read)} in {found}. Give the folder "
            "benchmarks/dialogues, and check kind=, language= and only="
        )
    asked = [
        replace(
            question,
            metadata={**question.metadata, "kind": one.kind, "language": one.language},
        )
        for one in kept
        for question in one.questions
    ]
    hashes = files.digests({f"{one.slug}.txt": read[f"{one.slug}.txt"] for one in kept})
    return Data(
        partitions={
            one.slug: sessions(one.events) if unit == "session" else one.events for one in kept
        },
        questions=[by_session(question) for question in asked] if unit == "session" else asked,
        revision=files.revision(hashes, f"unit={unit}"),
        notes=[f"{len(kept)} conversations"],
    )


def score(outcome: Outcome) -> Scores:
    """The ranking against the evidence, and the answer, if one was given."""
    question = outcome.question
    retrieved = ranked(ids(outcome.found), question.evidence)
    return retrieved | answered(outcome, question.category not in _UNANSWERABLE)


def summary(questions: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """The mean over conversations, and by kind of conversation and language."""
    talks: dict[str, list[Scores]] = {}
    groups: dict[str, list[Scores]] = {}
    for question, one in zip(questions, scores, strict=True):
        told = question.metadata
        talks.setdefault(question.conversation, []).append(one)
        groups.setdefault(f"({told['kind']}, {told['language']})", []).append(one)
    figures = means([means(held) for held in talks.values()], "(mean of conversations)")
    for label, held in groups.items():
        mean = means(held)
        figures |= {
            f"{name} {label}": mean[name] for name in ("recall@10", "ndcg@10") if name in mean
        }
    return figures


TASK = Task(
    name="dialogues",
    about="mnemic's own labelled conversations: turns that hold the answer, ten types of question.",
    licence="CC0-1.0",
    citation="this project, benchmarks/dialogues",
    data="benchmarks/dialogues of mnemic's repository, or one of its files",
    load=load,
    score=score,
    summary=summary,
    limit=60,  # so many turns fill 1,000 tokens, and the curve by tokens is told to there
    answers=True,
    options=_OPTIONS,
    tuned=(
        "mnemic's shipped weights are fitted on these conversations: figures of the shipped "
        "weights are those of a training set. Only cross-validation over conversations says more."
    ),
)
