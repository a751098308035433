"""MemDaily and MemBench: short messages of daily life, and a question with four choices.

MemDaily (MemSim, 2024, arXiv 2409.20163; Chinese): files such as 01_simple_events.json, lists of
trajectories with `message_list` and `question_list`. MemBench (ACL 2025, arXiv 2506.21605): files
of task type → subject → trajectories with `message_list` and one `QA`; messages are texts, or what
user and assistant said, flat or in sessions. One trajectory is one partition; gold are the steps in
`target_step_id`, by number or by place.

`noise=N` mixes N messages of other trajectories in beside each message. The authors' pool of noise
is not used: other people's messages are harder, for they tell of the same things.

Without a reader, the choice whose pairs of characters are most among the first five texts counts as
chosen; by chance a quarter are right. Items with the generator's mark of failure are left out.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mnemic.bench import files, options
from mnemic.bench.lazy import Made
from mnemic.bench.ranked import ids, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.core.clock import Moment
from mnemic.core.errors import InputError, SourceError, TimestampError
from mnemic.core.events import Event
from mnemic.core.records import Json
from mnemic.sources.questions import Question
from mnemic.sources.shape import mapping, sequence, string

_BROKEN = "[ERRORQ]"
_READ = 5
"""Texts that the choice is made by."""

_CHINESE_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:\s*\S+)?\s+(\d{1,2}):(\d\d)")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:\s+(\d\d):(\d\d))?")
_SUFFIX = re.compile(r"time:?\s*'?(\d{4}-\d\d-\d\d \d\d:\d\d)")
_NUMBERED = re.compile(r"\d+_(.+)_[a-z]+\Z")

_OPTIONS = {
    "noise": "messages of other trajectories mixed in beside each message; default 0",
    "seed": "of the noise; default 0",
}


@dataclass(frozen=True, slots=True)
class _Tale:
    """A trajectory: its messages and questions."""

    name: str
    events: tuple[Event, ...]
    questions: tuple[Question, ...]


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """Trajectories, each with its questions, and noise, if it is asked for."""
    options.known(given, _OPTIONS)
    noise = options.count(given, "noise", 0)
    seed = options.count(given, "seed", 0)
    found = files.needed(path, "a file or folder of MemDaily or MemBench")
    read = [found] if found.is_file() else sorted(found.rglob("*.json"))
    if not read:
        raise InputError(f"no JSON files in {found}. Give the folder of MemDaily or MemBench")
    tales: dict[str, _Tale] = {}
    broken = 0
    for file in read:
        base = file.stem if found.is_file() else file.relative_to(found).with_suffix("").as_posix()
        for tale in _tales(file, base):
            if tale is None:
                broken += 1
            else:
                tales[tale.name] = tale
    hashes = files.digests({file.relative_to(found.parent).as_posix(): file for file in read})
    notes = [f"{broken} items with the mark {_BROKEN} left out"] if broken else []
    if noise:
        notes.append("noise from other trajectories, not from the authors' pool")
        pool = sum(len(tale.events) for tale in tales.values())
        if any(len(tale.events) * (noise + 1) > pool for tale in tales.values()):
            notes.append(f"only {pool} messages to draw noise from: some have less than {noise}")
    return Data(
        partitions=Made(list(tales), lambda name: _with_noise(tales[name], tales, noise, seed)),
        questions=[question for tale in tales.values() for question in tale.questions],
        revision=files.revision(hashes, f"noise={noise}", f"seed={seed}"),
        notes=notes,
    )


def score(outcome: Outcome) -> Scores:
    """The ranking, and the share of right choices by what was found."""
    question = outcome.question
    scores = ranked(ids(outcome.found), question.evidence)
    choices, right = question.metadata.get("choices"), question.metadata.get("right")
    texts = [one.text for one in outcome.found[:_READ] if one.text]
    if choices and right in choices and (texts or not outcome.found):
        scores["choice"] = chosen(choices, str(right), "\n".join(texts))
    return scores


def chosen(choices: Mapping[str, str], right: str, text: str) -> float:
    """Whether the choice that shares most with the text is the right one; a tie is shared.

    >>> chosen({"A": "a boat", "B": "a train"}, "B", "We took the train.")
    1.0
    """
    pairs = _pairs(text)
    shares = {}
    for name, choice in choices.items():
        own = _pairs(choice) or {choice.strip()}
        shares[name] = sum(pair in pairs or pair in text for pair in own) / len(own)
    best = [name for name, share in shares.items() if share == max(shares.values())]
    return 1 / len(best) if right in best else 0.0


def _pairs(text: str) -> set[str]:
    plain = "".join(text.casefold().split())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _tales(file: Path, base: str) -> Iterator[_Tale | None]:
    """The trajectories of a file; None for one that carries the mark of failure."""
    try:
        held: Json = json.loads(file.read_bytes())
    except ValueError as reason:
        raise SourceError(f"not JSON: {file} ({reason}). Download it again") from None
    if isinstance(held, list):  # MemDaily: the kind of question is in the file's name
        numbered = _NUMBERED.match(file.stem)
        groups = [(base, numbered[1] if numbered else file.stem, held)]
    else:
        groups = [
            (f"{base}/{kind}/{subject}" if subject else f"{base}/{kind}", kind, sequence(tales))
            for kind, below in mapping(held).items()
            for subject, tales in (below.items() if isinstance(below, dict) else [("", below)])
        ]
    any_tale = False
    for above, kind, tales in groups:
        for number, tale in enumerate(map(mapping, tales)):
            if "message_list" not in tale:
                continue
            any_tale = True
            if _BROKEN in json.dumps(tale, ensure_ascii=False):
                yield None
                continue
            identity = string(tale.get("tid", tale.get("gid"))) or str(number)
            yield _tale(tale, f"{above}/{identity}", kind)
    if not any_tale:
        raise SourceError(
            f"no trajectories: {file} has no 'message_list'. Give files of MemDaily or MemBench"
        )


def _tale(tale: Mapping[str, Json], name: str, kind: str) -> _Tale:
    events: list[Event] = []
    places: dict[str, str] = {}
    """Number of a step, or "[number, session]", or "place n" → its id."""
    steps = [
        (session, step)
        for session, held in enumerate(sequence(tale.get("message_list")))
        for step in (held if isinstance(held, list) else [held])
    ]
    nested = any(isinstance(held, list) for held in sequence(tale.get("message_list")))
    for place, (session, step) in enumerate(steps):
        text, time, number = _said(step)
        if not text:
            continue
        id = f"{name}/{place}"
        places.setdefault(f"place {place}", id)
        if number is not None:
            places.setdefault(f"[{number}, {session}]", id)
            places.setdefault(number, id)
        events.append(
            Event(
                text,
                role="user",
                time=time,
                session_id=f"{name}/{session}" if nested else name,
                position=place,
                metadata={"conversation": name, "turn": id},
            )
        )
    asked = tale.get("question_list", tale.get("QA"))
    questions = []
    for place, one in enumerate(map(mapping, asked if isinstance(asked, list) else [asked])):
        targets = one.get("target_step_id")
        listed = targets if isinstance(targets, list) else [targets]
        gold = [
            places.get(str(target)) or places.get(f"place {target}")
            for target in listed
            if target is not None
        ]
        answer = one.get("answer")
        questions.append(
            Question(
                id=f"{name}?{place}",
                conversation=name,
                text=string(one.get("question")) or "",
                answer=None if answer is None else _flat(answer),
                category=kind,
                evidence=tuple(dict.fromkeys(id for id in gold if id)),
                now=_time(string(one.get("time"))),
                metadata={
                    "choices": {
                        letter: _flat(choice)
                        for letter, choice in mapping(one.get("choices")).items()
                    },
                    "right": string(one.get("ground_truth")),
                },
            )
        )
    return _Tale(name, tuple(events), tuple(questions))


def _said(step: Json) -> tuple[str, Moment | None, str | None]:
    """Text, time and number of a step, in any of the layouts."""
    if isinstance(step, str):
        return step, _time(step, suffix=True), None
    held = mapping(step)
    sides = [
        string(held.get(one)) or string(held.get(other)) or ""
        for one, other in (("user_message", "user"), ("assistant_message", "assistant"))
    ]
    sides[1] = sides[1] or string(held.get("agent")) or ""
    text = string(held.get("message")) or "\n".join(filter(None, sides))
    time = _time(string(held.get("time"))) or _time(text, suffix=True)
    return text, time, string(held.get("mid", held.get("sid")))


def _time(written: str | None, suffix: bool = False) -> Moment | None:
    """A time as the two write it: with Chinese signs, in quotes, or at a text's end."""
    if not written:
        return None
    if suffix:
        ends = _SUFFIX.findall(written)
        written = ends[-1] if ends else ""
    found = _CHINESE_DATE.search(written) or _DATE.search(written)
    if not found:
        return None
    year, month, day, hour, minute = found.groups()
    clock = f"T{int(hour):02}:{minute}" if hour else ""
    try:
        return Moment.parse(f"{year}-{int(month):02}-{int(day):02}{clock}")
    except TimestampError:
        return None


def _flat(value: Json) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _with_noise(tale: _Tale, tales: Mapping[str, _Tale], noise: int, seed: int) -> Sequence[Event]:
    """The messages of a trajectory, each after so many of others; the same for the same seed."""
    if not noise:
        return tale.events
    others = [event for name, one in tales.items() if name != tale.name for event in one.events]
    drawn = random.Random(f"{seed}/{tale.name}").sample(
        others, min(len(others), noise * len(tale.events))
    )
    mixed: list[Event] = []
    for number, event in enumerate(tale.events):
        for other in drawn[number * noise : (number + 1) * noise]:
            mixed.append(
                replace(
                    other,
                    time=event.time,
                    session_id=event.session_id,
                    position=len(mixed),
                    metadata={
                        "conversation": tale.name,
                        "turn": f"{tale.name}/noise/{len(mixed)}",
                    },
                )
            )
        mixed.append(replace(event, position=len(mixed)))
    return mixed


TASK = Task(
    name="memdaily",
    about="Messages of daily life (MemDaily in Chinese, MemBench): those that a question needs.",
    licence="none stated: local evaluation only",
    citation="Zhang et al. 2024, arXiv 2409.20163 (MemSim); Tan et al., ACL 2025, arXiv 2506.21605",
    data=(
        "a file or folder of github.com/nuster1128/MemSim (MemDaily) or of "
        "github.com/import-myself/Membench"
    ),
    load=load,
    score=score,
    options=_OPTIONS,
    tuned=(
        "mnemic's weight of windows was checked on thirty questions of MemDaily; nothing was "
        "chosen on MemBench."
    ),
)
