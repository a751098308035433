"""LongMemEval: questions with a haystack of sessions each (ICLR 2025, arXiv 2410.10813).

The official S, M and oracle files. The unit is the turn (gold: turns marked `has_answer`) or the
session as one text (gold: `answer_session_ids`). `recall_any@5` of sessions is nearly saturated and
flatters: quote all@k, NDCG and turns. M holds 500 haystacks of 1.5 million tokens: the file is read
as a stream, and one haystack at a time lies in memory.

The official index holds what the user says only; `sides=user` does the same, and leaves out of the
scores what only the assistant said. `mnemic.sources.longmemeval` reads the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

from mnemic.bench import files, options
from mnemic.bench.answered import answered
from mnemic.bench.lazy import streamed
from mnemic.bench.ranked import ids, means, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.bench.units import by_session, sessions
from mnemic.core.events import Event
from mnemic.measure.ranking import all_at, any_at, ndcg_longmemeval
from mnemic.sources import longmemeval
from mnemic.sources.options import Options
from mnemic.sources.questions import Question

_WHOLE = 500
_ABSTENTION = "abstention"

_OPTIONS = {
    "unit": "turn (default) or session: what is stored and found",
    "sides": "both (default) or user: whose turns are stored; user is the official index",
    "first": "only so many questions from the beginning; default 0, all",
}

# Of the "cleaned" release of September 2025, as several projects publish them; the files themselves
# were not at hand when this was written.
_PINNED = {
    "longmemeval_s_cleaned.json": (
        "d6f21ea9d60a0d56f34a05b609c79c88a451d2ae03597821ea3d5a9678c3a442"
    ),
    "longmemeval_oracle.json": "821a2034d219ab45846873dd14c14f12cfe7776e73527a483f9dac095d38620c",
}


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """The questions at once, each with a haystack that is read when it is asked for."""
    options.known(given, _OPTIONS)
    unit = options.choice(given, "unit", ["turn", "session"])
    sides = options.choice(given, "sides", ["both", "user"])
    first = options.count(given, "first", 0)
    file = files.one(path, tuple(_PINNED), "longmemeval_s_cleaned.json or its like")
    asked = list(islice(longmemeval.questions(file), first or None))
    if unit == "session":
        asked = [by_session(question) for question in asked]
    elif sides == "user":
        asked = _of_user(asked, _haystacks(file, "turn", sides))
    hashes = files.digests({file.name: file})
    notes = files.notes(hashes, _PINNED)
    if len(asked) < _WHOLE:
        notes.append(f"{len(asked)} of {_WHOLE} questions")
    return Data(
        partitions=streamed(
            [question.conversation for question in asked], lambda: _haystacks(file, unit, sides)
        ),
        questions=asked,
        revision=files.revision(hashes, f"unit={unit}", f"sides={sides}"),
        notes=notes,
    )


def score(outcome: Outcome) -> Scores:
    """The ranking with both kinds of NDCG; a question to abstain from has no ranking to score.

    With turns, "session_any@k" and "session_all@k" are those of the first k different sessions.
    """
    question = outcome.question
    if question.category == _ABSTENTION:
        return answered(outcome, False)
    found, gold = ids(outcome.found), question.evidence
    scores = ranked(found, gold, cuts=(5, 10, 20, 50))
    if gold:
        scores |= {f"ndcg_longmemeval@{k}": ndcg_longmemeval(found, gold, k) for k in (5, 10)}
    if gold and question.sessions and gold != question.sessions:
        reached = list(dict.fromkeys(f"{question.conversation}/{_session(id)}" for id in found))
        for k in (5, 10):
            scores[f"session_any@{k}"] = any_at(reached, question.sessions, k)
            scores[f"session_all@{k}"] = all_at(reached, question.sessions, k)
    return scores | answered(outcome, True)


def summary(questions: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """The mean over the types of question, each counting alike."""
    kinds: dict[str, list[Scores]] = {}
    for question, one in zip(questions, scores, strict=True):
        if question.category != _ABSTENTION:
            kinds.setdefault(question.category, []).append(one)
    return means([means(held) for held in kinds.values()], "(mean of types)")


def _haystacks(file: Path, unit: str, sides: str) -> Iterator[tuple[str, Sequence[Event]]]:
    """Each question's texts, one haystack after the other."""
    turns = longmemeval.read(file, Options())
    for name, held in groupby(turns, key=lambda event: str(event.metadata["conversation"])):
        kept = [event for event in held if sides == "both" or event.role == "user"]
        yield name, sessions(kept) if unit == "session" else kept


def _of_user(
    asked: Sequence[Question], haystacks: Iterator[tuple[str, Sequence[Event]]]
) -> list[Question]:
    """The questions with the evidence that is among the user's turns; their sessions stay."""
    wanted = {question.conversation: set(question.evidence) for question in asked}
    kept: dict[str, set[str]] = {}
    for name, events in haystacks:
        if name in wanted:
            kept[name] = wanted[name] & {event.metadata["turn"] for event in events}
        if len(kept) == len(wanted):
            break  # `first` wanted no more of the file
    return [
        replace(
            question,
            evidence=tuple(
                one for one in question.evidence if one in kept.get(question.conversation, ())
            ),
        )
        for question in asked
    ]


def _session(turn: str) -> str:
    return turn.rpartition(":")[0]


TASK = Task(
    name="longmemeval",
    about="Chats with an assistant: turns or sessions that hold the answer, in long haystacks.",
    licence="MIT",
    citation="Wu et al., ICLR 2025, arXiv 2410.10813",
    data="a file of huggingface.co/datasets/xiaowu0162/longmemeval-cleaned: S, M or oracle",
    load=load,
    score=score,
    summary=summary,
    limit=50,
    answers=True,
    options=_OPTIONS,
    tuned="Nothing: of these data only one question was at hand, to test the loader with.",
    pinned=_PINNED,
)
