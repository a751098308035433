"""LoCoMo: questions about long conversations of two people (ACL 2024, arXiv 2402.17753).

The official locomo10.json, or a part of it. The unit is the turn, or the session as one text: at
session level ten texts are a third of a conversation, so quote the turns. Questions of category
"adversarial" name the wrong speaker; their evidence is what the other one said, and the right
answer is none. `mnemic.sources.locomo` reads the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mnemic.bench import files, options
from mnemic.bench.answered import answered
from mnemic.bench.ranked import ids, means, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.bench.units import by_session, sessions
from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.sources import locomo
from mnemic.sources.options import Options
from mnemic.sources.questions import Question

_WHOLE = 10
"""Conversations in the published file."""

_OPTIONS = {
    "unit": "turn (default) or session: what is stored and found",
    "only": "ids of conversations, parted by commas; default all",
}

_PINNED = {
    # As several projects publish it; the file itself was not at hand when this was written.
    "locomo10.json": "79fa87e90f04081343b8c8debecb80a9a6842b76a7aa537dc9fdf651ea698ff4",
    "locomo-dev.json": "26318af7f49f482b61a182b92bafa35a7d57b2b2110a0bcb77af385ee63e57ce",
}


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """The turns or sessions of each conversation, and all questions."""
    options.known(given, _OPTIONS)
    unit = options.choice(given, "unit", ["turn", "session"])
    only = options.names(given, "only")
    file = files.one(path, tuple(_PINNED), "locomo10.json")
    partitions: defaultdict[str, list[Event]] = defaultdict(list)
    session_of: dict[tuple[str, str], str] = {}
    for event in locomo.read(file, Options()):
        name = event.metadata["conversation"]
        session_of[name, event.metadata["turn"]] = event.session_id or ""
        if not only or name in only:
            partitions[name].append(event)
    for name in only:
        if name not in partitions:
            raise InputError(f"no conversation {name!r} in {file}. Leave only= out to see them all")
    asked = [
        _with_sessions(question, session_of)
        for question in locomo.questions(file)
        if question.conversation in partitions
    ]
    if unit == "session":
        asked = [by_session(question) for question in asked]
    hashes = files.digests({file.name: file})
    notes = files.notes(hashes, _PINNED)
    if len(partitions) < _WHOLE:
        notes.append(f"{len(partitions)} of {_WHOLE} conversations: {', '.join(partitions)}")
    return Data(
        partitions={
            name: sessions(events) if unit == "session" else events
            for name, events in partitions.items()
        },
        questions=asked,
        revision=files.revision(hashes, f"unit={unit}"),
        notes=notes,
    )


def score(outcome: Outcome) -> Scores:
    """The ranking against the evidence, and the answer, if one was given."""
    question = outcome.question
    retrieved = ranked(ids(outcome.found), question.evidence)
    return retrieved | answered(outcome, question.category != "adversarial")


def summary(questions: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """The means over categories 1 to 4, which are what most papers quote."""
    kept = [
        one
        for question, one in zip(questions, scores, strict=True)
        if question.category != "adversarial"
    ]
    return means(kept, "(categories 1-4)")


def _with_sessions(question: Question, session_of: Mapping[tuple[str, str], str]) -> Question:
    named = (session_of.get((question.conversation, turn)) for turn in question.evidence)
    return replace(question, sessions=tuple(dict.fromkeys(filter(None, named))))


TASK = Task(
    name="locomo",
    about="Long conversations of two people: turns or sessions that hold the answer.",
    licence="CC BY-NC 4.0",
    citation="Maharana et al., ACL 2024, arXiv 2402.17753",
    data="locomo10.json of github.com/snap-research/locomo, or a part of it",
    load=load,
    score=score,
    summary=summary,
    limit=60,  # so many turns fill 1,000 tokens, and the curve by tokens is told to there
    answers=True,
    options=_OPTIONS,
    tuned=(
        "conv-26, conv-30 and conv-41 guided which features mnemic has and the constants of their "
        "shape; the hand weights that fitting starts from began from an earlier measurement on all "
        "ten. Figures are those of a development set; no shipped weight was fitted on it."
    ),
    pinned=_PINNED,
)
