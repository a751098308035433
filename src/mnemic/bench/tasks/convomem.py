"""ConvoMem: evidence among 1 to 300 conversations (2025, arXiv 2511.10523).

When does memory beat reading everything, and an index an exhaustive search? The same questions are
asked of haystacks of growing size; `all@k` by size shows where a system begins to lose evidence.

What is read, by what the path holds:

the authors' files      `evidence_questions/` (evidence in conversations of its own, filler around
                        it), or `pre_mixed_testcases/` (haystacks as they are)
a rebuild               evidence turns of LongMemEval, LoCoMo, BEAM, or of this project's dialogues,
                        planted in conversations of filler; without `filler=`, of what the path
                        itself holds, but for the conversation that is asked about

Evidence messages are exact, so nothing has to be judged. `convomem_published.py` reads the figures
that the authors published; those are of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path

from mnemic.bench import files, options
from mnemic.bench.lazy import Made, streamed
from mnemic.bench.ranked import ids, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.bench.tasks.convomem_cases import Item, Talk, cases, questions, texts
from mnemic.core.errors import InputError, SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json
from mnemic.sources import dialogues
from mnemic.sources.decode import text
from mnemic.sources.json_stream import elements
from mnemic.sources.options import Options
from mnemic.sources.parts import Part
from mnemic.sources.questions import Question
from mnemic.sources.read import questions as read_questions
from mnemic.sources.read import read as read_events
from mnemic.sources.roles import origin_of, role_of
from mnemic.sources.shape import mapping, sequence, string

_WHAT = (
    "ConvoMem's evidence_questions or pre_mixed_testcases, or for a rebuild LongMemEval, LoCoMo, "
    "BEAM or benchmarks/dialogues"
)
_SIZES = (1, 2, 4, 10, 30, 70, 150, 300)
_CUTS = (5, 10, 20)

_OPTIONS = {
    "conversations": "sizes of the haystacks; default 1,2,4,10,30,70,150,300",
    "filler": "paths of conversations to fill up with, parted by commas; default see above",
    "questions": "how many questions at most, of each size; default 100, 0 for all",
    "language": "of the project's dialogues, where these are read; default all",
    "seed": "of what is drawn and where it is planted; default 0",
}


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """All questions of all sizes; each haystack when it is asked for."""
    options.known(given, _OPTIONS)
    sizes = options.counts(given, "conversations", _SIZES)
    most = options.count(given, "questions", 100)
    seed = options.count(given, "seed", 0)
    language = given.get("language", "")
    found = files.needed(path, _WHAT)
    named = [files.needed(Path(one), "filler") for one in options.names(given, "filler")]
    official = _official(found)
    if official and _is_mixed(official[0]):
        return _mixed(found, official, sizes, most)
    if official:
        named = named or _filler_beside(found)
        items = _spread(_evidence(official, most), most)
        filler = [talk for place in named for talk in _talks(place, language)]
        filler = filler or [talk for item in items for talk in item.talks]
        about = "ConvoMem's evidence"
    else:
        found = _file(found)
        try:
            items = _spread(_turns(found, language), most)
        except SourceError as reason:
            raise SourceError(
                f"{found} cannot be asked about: {reason}. This task reads {_WHAT}"
            ) from None
        filler = [talk for place in named or [found] for talk in _talks(place, language)]
        about = "a rebuild: evidence turns planted in other conversations"
    made = {
        f"{case.size}/{number}": case
        for number, case in enumerate(cases(items, filler, sizes, seed))
    }
    asked = [question for name, case in made.items() for question in questions(case, name)]
    there = {case.size for case in made.values()}
    if not made:
        raise InputError(
            f"nothing to ask: {len(items)} questions with evidence and {len(filler)} conversations "
            f"of filler for sizes {', '.join(map(str, sizes))}. Give more filler=, or smaller sizes"
        )
    notes = [about, f"{len(items)} questions, {len(filler)} conversations of filler"]
    for size in sizes:
        count = sum(case.size == size for case in made.values() for _ in case.items)
        if size not in there:
            notes.append(f"no haystack of {size} conversations: too little filler")
        elif count < len(items):
            notes.append(f"{count} of {len(items)} questions in {size} conversations")
    return Data(
        partitions=Made(list(made), lambda name: texts(made[name], name)),
        questions=asked,
        revision=files.revision(
            files.digests(_named(found, official or _inside(found), named)),
            f"conversations={','.join(map(str, sizes))}",
            f"questions={most}",
            f"seed={seed}",
        ),
        notes=notes,
    )


def score(outcome: Outcome) -> Scores:
    """The ranking against the evidence messages."""
    return ranked(ids(outcome.found), outcome.question.evidence, cuts=_CUTS)


def summary(asked: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """all@k by the number of conversations, and the largest number at which little is lost yet.

    "last size within 2 points": the largest size up to which all@10 stays within .02 of the best
    smaller one. Set beside that of an exhaustive search, it says where an index begins to cost.
    """
    figures: dict[str, float] = {}
    curve: dict[int, float] = {}
    for k in _CUTS:
        held: dict[int, list[float]] = {}
        for question, one in zip(asked, scores, strict=True):
            if f"all@{k}" in one:
                held.setdefault(question.metadata["conversations"], []).append(one[f"all@{k}"])
        for size, values in sorted(held.items()):
            mean = sum(values) / len(values)
            figures[f"all@{k} ({size})"] = mean
            if k == 10:
                curve[size] = mean
    best, last = 0.0, 0
    for size, mean in curve.items():
        best = max(best, mean)
        if mean < best - 0.02:
            break
        last = size
    return figures | ({"last size within 2 points": float(last)} if curve else {})


def _official(path: Path) -> list[Path]:
    """The authors' files among what the path holds: cases of evidence first, else mixed ones."""
    if path.is_file():
        there = [path] if path.suffix == ".json" else []
    else:
        folder = path / "evidence_questions"
        inside = next(
            (one for one in (folder, path / "core_benchmark" / folder.name) if one.is_dir()), path
        )
        there = sorted(inside.rglob("*.json"))
        there = [file for file in there if "filler_conversations" not in file.parts]
    first = next((mapping(one) for file in there for one in _elements(file)), {})
    return there if {"evidence_items", "evidenceItems", "message_evidences"} & set(first) else []


def _is_mixed(file: Path) -> bool:
    return any("evidenceItems" in mapping(one) for one in islice(_elements(file), 1))


def _elements(file: Path, unwrap: frozenset[str] = frozenset()) -> Iterator[Json]:
    part = Part(file, file.name, file.stat().st_size)
    for element in elements(text(part, Options()), str(file), unwrap):
        yield element.value


def _evidence(read: Sequence[Path], most: int) -> Iterator[Item]:
    """The authors' questions, from every file alike; those without evidence are left out."""
    each = -(-most // len(read)) if most else None
    for file in read:
        kind = next(
            (
                part
                for part in reversed(file.parts)
                if part.endswith("_evidence") and not part[0].isdigit()
            ),
            file.stem,
        )
        held = (
            item
            for number, value in enumerate(_elements(file, frozenset({"evidence_items"})))
            if (item := _item(mapping(value), f"{kind}/{file.stem}/{number}", kind))
        )
        yield from islice(held, each)


def _item(value: Mapping[str, Json], id: str, kind: str) -> Item | None:
    talks = tuple(
        _talk(one, f"{id}/{number}", id) for number, one in enumerate(_conversations(value))
    )
    question = _question(value, id, kind, talks)
    return Item(question, id, talks) if question.evidence else None


def _question(value: Mapping[str, Json], id: str, kind: str, talks: Iterable[Talk]) -> Question:
    """The question, with the messages that say word for word what its evidence says."""
    told = {
        (string(mapping(one).get("text")) or "").strip()
        for one in sequence(value.get("message_evidences"))
    }
    return Question(
        id=id,
        conversation="",
        text=string(value.get("question")) or "",
        answer=string(value.get("answer")),
        category=kind,
        evidence=tuple(
            str(event.metadata["turn"])
            for talk in talks
            for event in talk.events
            if event.text.strip() in told
        ),
    )


def _talk(value: Mapping[str, Json], id: str, owner: str) -> Talk:
    return Talk(
        id,
        owner,
        tuple(
            Event(
                words,
                role=role,
                origin=origin_of(role),
                metadata={"turn": f"{id}:{number}"},
            )
            for number, message in enumerate(map(mapping, sequence(value.get("messages"))))
            if (words := string(message.get("text")) or string(message.get("content")))
            for role in [role_of(string(message.get("speaker")) or string(message.get("role")))]
        ),
    )


def _conversations(value: Json) -> Iterator[dict[str, Json]]:
    """Every object with messages, however deep it lies."""
    if isinstance(value, dict):
        if isinstance(value.get("messages"), list):
            yield value
        else:
            for inner in value.values():
                yield from _conversations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _conversations(inner)


def _filler_beside(path: Path) -> list[Path]:
    """The authors' folder of filler, in the path or beside it."""
    above = (path, path / "core_benchmark", *path.resolve().parents[:3])
    places = [place / "filler_conversations" for place in above]
    return [place for place in places if place.is_dir()][:1]


def _turns(path: Path, language: str) -> Iterator[Item]:
    """The questions of a benchmark that the package reads, with the turns of their evidence."""
    for asked, events in _owned(path, language):
        said = {str(event.metadata["turn"]): event for event in events}
        for question in asked:
            held = [turn for turn in question.evidence if turn in said]
            if held and len(held) == len(question.evidence):
                owner = question.conversation
                named = {turn: f"{owner}#{turn}" for turn in held}
                yield Item(
                    Question(
                        id=question.id,
                        conversation="",
                        text=question.text,
                        answer=question.answer,
                        category=question.category,
                        evidence=tuple(named.values()),
                        now=question.now,
                        metadata={
                            name: told
                            for name, told in question.metadata.items()
                            if name == "dialogue"
                        },
                    ),
                    owner,
                    turns=tuple(
                        Event(
                            said[turn].text,
                            speaker=said[turn].speaker,
                            role=said[turn].role,
                            time=said[turn].time,
                            origin=said[turn].origin,
                            metadata={"turn": name},
                        )
                        for turn, name in named.items()
                    ),
                )


def _talks(path: Path, language: str) -> Iterator[Talk]:
    """The sessions of whatever the path holds."""
    if path.is_dir() and path.name == "filler_conversations":
        for file in sorted(path.rglob("*.json")):
            for at, value in enumerate(_elements(file)):
                for number, one in enumerate(_conversations(value)):
                    yield _talk(one, f"{file.stem}/{at}/{number}", file.stem)
        return
    for _, events in _owned(path, language):
        for session, held in groupby(events, key=lambda event: event.session_id):
            talk = list(held)
            owner = str(talk[0].metadata.get("conversation", path.stem))
            name = f"{owner}/{session}"
            yield Talk(
                name,
                owner,
                tuple(
                    Event(
                        event.text,
                        speaker=event.speaker,
                        role=event.role,
                        time=event.time,
                        origin=event.origin,
                        metadata={"turn": f"{name}:{number}"},
                    )
                    for number, event in enumerate(talk)
                ),
            )


def _file(path: Path) -> Path:
    """In a folder its only JSON file, where there is just one: a licence may lie beside it."""
    there = sorted(path.glob("*.json")) if path.is_dir() else []
    return there[0] if len(there) == 1 else path


def _owned(path: Path, language: str) -> Iterator[tuple[Sequence[Question], Sequence[Event]]]:
    """Conversation by conversation, what is asked of it and what was said in it."""
    if path.is_dir() and any(path.rglob("*_evidence.csv")):
        raise SourceError(
            "these are the figures that ConvoMem's authors published, and no questions"
        )
    written = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    if written and all(file.suffix == ".txt" for file in written):
        for file in written:
            found = dialogues.read(file)
            if language in ("", found.language):
                yield found.questions, found.events
        return
    asked: dict[str, list[Question]] = {}
    if path.suffix == ".json" or path.is_dir():
        for question in read_questions(path):
            asked.setdefault(question.conversation, []).append(question)
    for name, events in groupby(
        read_events(path), key=lambda event: str(event.metadata.get("conversation", path.stem))
    ):
        yield asked.get(name, []), list(events)


def _spread(items: Iterable[Item], most: int) -> list[Item]:
    """At most so many, taken from beginning to end alike."""
    held = list(items)
    if not most or len(held) <= most:
        return held
    return [held[number * len(held) // most] for number in range(most)]


def _mixed(path: Path, read: Sequence[Path], sizes: Sequence[int], most: int) -> Data:
    """The authors' haystacks as they are: those of the sizes, until there are enough questions."""
    asked: list[Question] = []
    kept: dict[str, int] = {}
    count = dict.fromkeys(sizes, 0)
    for name, size, value in _cases(read):
        if size in count and (not most or count[size] < most):
            talks = _case_talks(value, name)
            for number, one in enumerate(map(mapping, sequence(value.get("evidenceItems")))):
                question = _question(one, f"{name}?{number}", name.partition("/")[0], talks)
                if question.evidence:
                    kept[name] = size
                    count[size] += 1
                    asked.append(
                        Question(
                            id=question.id,
                            conversation=name,
                            text=question.text,
                            answer=question.answer,
                            category=f"{size} conversation{'s' if size > 1 else ''}",
                            evidence=question.evidence,
                            metadata={"conversations": size, "type": question.category},
                        )
                    )

    def haystacks() -> Iterator[tuple[str, Sequence[Event]]]:
        for name, _, value in _cases(read):
            if name in kept:
                yield (
                    name,
                    [
                        Event(
                            event.text,
                            role=event.role,
                            origin=event.origin,
                            session_id=f"{name}/{talk.id}",
                            position=position,
                            metadata={"conversation": name, "turn": event.metadata["turn"]},
                        )
                        for talk in _case_talks(value, name)
                        for position, event in enumerate(talk.events)
                    ],
                )

    return Data(
        partitions=streamed(list(kept), haystacks),
        questions=asked,
        revision=files.revision(
            files.digests(_named(path, read, [])), f"conversations={','.join(map(str, sizes))}"
        ),
        notes=["ConvoMem's mixed cases"]
        + [f"no case of {size} conversations" for size in sizes if not count[size]],
    )


def _cases(read: Sequence[Path]) -> Iterator[tuple[str, int, dict[str, Json]]]:
    for file in read:
        kind = next(
            (
                part
                for part in reversed(file.parts)
                if part.endswith("_evidence") and not part[0].isdigit()
            ),
            "",
        )
        for number, value in enumerate(_elements(file)):
            held = mapping(value)
            size = held.get("contextSize")
            if isinstance(size, int):
                above = f"{kind}/{file.parent.name}" if kind else file.parent.name
                yield f"{above}/{file.stem}/{number}", size, held


def _case_talks(value: Mapping[str, Json], name: str) -> list[Talk]:
    return [
        _talk(mapping(one), f"{name}/{number}", name)
        for number, one in enumerate(sequence(value.get("conversations")))
    ]


def _named(path: Path, read: Sequence[Path], filler: Sequence[Path]) -> dict[str, Path]:
    """Name → every file that was read."""
    held = {file.relative_to(path.parent).as_posix(): file for file in read}
    for place in filler:
        held |= {file.relative_to(place.parent).as_posix(): file for file in _inside(place)}
    return held


def _inside(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in sorted(path.rglob("*")) if file.suffix in (".txt", ".json")]


TASK = Task(
    name="convomem",
    about="Evidence among 1 to 300 conversations: where does a search begin to lose it?",
    licence="code and tables Apache-2.0; the questions' data card says CC BY-NC 4.0",
    citation="Pakhomov et al. 2025, arXiv 2511.10523",
    data=(
        "evidence_questions or pre_mixed_testcases of huggingface.co/datasets/Salesforce/ConvoMem; "
        "or, for a rebuild, what longmemeval, locomo, beam or dialogues read"
    ),
    load=load,
    score=score,
    summary=summary,
    options=_OPTIONS,
    tuned=(
        "Nothing on ConvoMem's questions. A rebuild inherits what was tuned on what it is made of: "
        "LoCoMo and BEAM guided features; weights are fitted on the project's dialogues."
    ),
)
