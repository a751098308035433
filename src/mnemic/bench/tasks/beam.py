"""BEAM: chats with an assistant of 128 thousand to 10 million tokens (arXiv 2510.27246).

The official layout: a chat.json with its questions beside it, or any folder of chats. The unit is
the message; gold are the ids in `source_chat_ids`, in lists or in objects of lists. A judge would
read the rubrics; without one, evidence is scored, whether a system abstains where it should, and
for event ordering the order. Chats are read one at a time, for the largest has 10 million tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mnemic.bench import files, options
from mnemic.bench.answered import answered
from mnemic.bench.lazy import streamed
from mnemic.bench.ranked import ids, means, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.sources import beam
from mnemic.sources.options import Options
from mnemic.sources.questions import Question

_WHOLE = 100
_ABSTENTION = "abstention"
_ORDERING = "event_ordering"

_OPTIONS = {"tier": "100K, 500K, 1M or 10M: only chats of this size; default all that are there"}

_PINNED = {
    "100K/1/chat.json": "ea71efd5dcc13f7366d3737b45d532eadb3d1497f3d6f23d1fa1c4004d5ffdf2",
    "100K/1/probing_questions.json": (
        "047398ff1497674b11585e7b4829c3d64d2d5e63f7f3572c826b73ca1faaf898"
    ),
}


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """All questions at once; each chat when it is asked for."""
    options.known(given, _OPTIONS)
    found = files.needed(path, "BEAM's folder of chats, or a chat.json")
    chats: dict[str, Path] = {}
    asked: list[Question] = []
    read: dict[str, Path] = {}
    for part in beam.parts(found):
        questions = list(beam.questions(part.path))
        name = questions[0].conversation if questions else str(part)
        if given.get("tier") in (None, name.partition("/")[0]):
            chats[name] = part.path
            asked += questions
            read[f"{name}/chat.json"] = part.path
            folder = part.path.parent / "probing_questions"
            read[f"{name}/probing_questions.json"] = folder / "probing_questions.json"
    if not chats:
        raise InputError(f"no chats of tier {given.get('tier')!r} in {found}. Leave tier= out")
    hashes = files.digests(read)
    known = {name: one for name, one in hashes.items() if name in _PINNED}
    notes = files.notes(known, _PINNED)
    if len(known) < len(hashes):
        notes.append("only of chat 100K/1 the published hashes are known")
    if len(chats) < _WHOLE:
        notes.append(f"{len(chats)} of {_WHOLE} chats")
    return Data(
        partitions=streamed(list(chats), lambda: _chats(chats)),
        questions=asked,
        revision=files.revision(hashes),
        notes=notes,
    )


def score(outcome: Outcome) -> Scores:
    """The ranking against the evidence, and what applies to the kind of question.

    "order" of event ordering: (tau + 1) / 2, of the gold messages that were returned, in the order
    in which they were, times the share of them that was; BEAM's formula with the share for F1.
    """
    question = outcome.question
    if question.category == _ABSTENTION:
        return answered(outcome, False)
    found = ids(outcome.found)
    scores = ranked(found, question.evidence)
    if question.category == _ORDERING and question.evidence:
        if outcome.answer and outcome.answer.evidence:
            found = list(dict.fromkeys(outcome.answer.evidence))
        scores["order"] = order(found, question.evidence)
    # Rubrics are lists of demands, not answers: no words are compared with them.
    return scores | {
        name: value for name, value in answered(outcome, True).items() if name == "answers"
    }


def summary(questions: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """The mean over the ten kinds of question, each counting alike."""
    kinds: dict[str, list[Scores]] = {}
    for question, one in zip(questions, scores, strict=True):
        kinds.setdefault(question.category, []).append(one)
    return means([means(held) for held in kinds.values()], "(mean of types)")


def order(found: Sequence[str], gold: Sequence[str]) -> float:
    """Kendall's tau of the gold ones in `found`, from 0 to 1, times the share that is there.

    With fewer than two of them there is no order, and the result is 0.

    >>> order(["b", "x", "a"], ["a", "b"]), order(["a", "b"], ["a", "b", "c", "d"])
    (0.0, 0.5)
    """
    place = {id: number for number, id in enumerate(gold)}
    held = [place[id] for id in found if id in place]
    pairs = len(held) * (len(held) - 1) // 2
    if not pairs:
        return 0.0
    right = sum(a < b for at, a in enumerate(held) for b in held[at + 1 :])
    return right / pairs * len(held) / len(place)


def _chats(chats: Mapping[str, Path]) -> Iterator[tuple[str, Sequence[Event]]]:
    for name, path in chats.items():
        yield name, list(beam.read(path, Options()))


TASK = Task(
    name="beam",
    about="Chats with an assistant of 128k to 10M tokens: messages that hold the answer.",
    licence="none stated: local evaluation only",
    citation="Tavakoli et al., ICLR 2026, arXiv 2510.27246",
    data="the folder chats of github.com/mohammadtavakoli78/BEAM, or a part of it",
    load=load,
    score=score,
    summary=summary,
    answers=True,
    options=_OPTIONS,
    tuned=(
        "mnemic's prior for the user's own messages comes from an earlier measurement on the 100K "
        "tier; the weight of vectors and the bound on asking rows were checked on chat 100K/1."
    ),
    pinned=_PINNED,
)
