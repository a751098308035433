"""LoCoMo's official file format (Maharana et al., ACL 2024, arXiv 2402.17753).

A file is a list of samples: a `conversation` of two people in numbered sessions, and `qa`. Turns
carry a `dia_id` ("D1:3"), which is kept as metadata["turn"]; a picture that is shared is said with
its caption. Sessions have one time each, which all their turns get.

The questions name their evidence by `dia_id`: several in one string, some misspelt, cut short or of
turns that are not there; what can be repaired is, and what names no turn is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mnemic.core.clock import Moment
from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json
from mnemic.sources.decode import text
from mnemic.sources.identity import Repeats
from mnemic.sources.json_stream import elements
from mnemic.sources.options import Options
from mnemic.sources.parts import Part
from mnemic.sources.parts import parts as parts_of
from mnemic.sources.questions import Question
from mnemic.sources.shape import mapping, sequence, string
from mnemic.sources.times import in_prose

CATEGORIES = {
    "1": "multi-hop",
    "2": "temporal",
    "3": "open-domain",
    "4": "single-hop",
    "5": "adversarial",
}

_SESSION = re.compile(r"session_(\d+)\Z")
_TURN = re.compile(r"D:?0*(\d+):0*(\d+)")


def recognises(value: Json) -> bool:
    """Whether a value has the shape of a sample."""
    return any(_SESSION.match(key) for key in mapping(mapping(value).get("conversation")))


def parts(path: Path) -> list[Part]:
    """The file itself."""
    return parts_of(path)


def read(path: Path, options: Options) -> Iterator[Event]:
    """The turns of all samples, in order.

    metadata["conversation"] is the sample's id, metadata["turn"] the turn's; session_id is
    "conv-26/session_1". Raises SourceError where the file is no such file, or damaged.
    """
    for sample, value in _samples(path, options):
        repeats = Repeats()
        for session, turns, time in _sessions(value, options):
            for position, turn in enumerate(turns):
                said = string(turn.get("text")) or ""
                caption = string(turn.get("blip_caption"))
                words = f"{said} [shares {caption}]".strip() if caption else said
                name = string(turn.get("dia_id")) or f"{session}:{position + 1}"
                if words:
                    yield Event(
                        text=words,
                        speaker=string(turn.get("speaker")),
                        time=time,
                        session_id=f"{sample}/{session}",
                        source=f"locomo:{sample}",
                        external_id=repeats.name(name),
                        position=position,
                        metadata={"conversation": sample, "turn": name},
                    )


def questions(path: Path, options: Options | None = None) -> Iterator[Question]:
    """The questions of all samples; asked, as it were, right after the last session."""
    options = options or Options()
    for sample, value in _samples(path, options):
        sessions = list(_sessions(value, options))
        there = {string(turn.get("dia_id")) for _, turns, _ in sessions for turn in turns}
        times = [time for _, _, time in sessions if time]
        for number, asked in enumerate(map(mapping, sequence(value.get("qa")))):
            answer = asked.get("answer")
            category = string(asked.get("category")) or ""
            evidence = _evidence(sequence(asked.get("evidence")))
            yield Question(
                id=f"{sample}/{number}",
                conversation=sample,
                text=string(asked.get("question")) or "",
                answer=None if answer is None else str(answer),
                category=CATEGORIES.get(category, category),
                evidence=tuple(turn for turn in evidence if turn in there),
                now=max(times) if times else None,
                metadata={
                    key: asked[key] for key in ("category", "adversarial_answer") if key in asked
                },
            )


def _samples(path: Path, options: Options) -> Iterator[tuple[str, dict[str, Json]]]:
    for part in parts(path):
        for element in elements(text(part, options), str(part)):
            if not recognises(element.value):
                raise SourceError(
                    f"no LoCoMo sample: {part}, {element.where} has no 'conversation' with "
                    'sessions. Give a file such as locomo10.json, or use format="auto"'
                )
            yield string(element.value.get("sample_id")) or str(element.number), element.value


def _sessions(
    value: dict[str, Json], options: Options
) -> Iterator[tuple[str, list[dict[str, Json]], Moment | None]]:
    """Name, turns and time of each session that holds turns, by number."""
    conversation = mapping(value.get("conversation"))
    numbers = sorted(int(found[1]) for key in conversation if (found := _SESSION.match(key)))
    for number in numbers:
        name = f"session_{number}"
        turns = [mapping(turn) for turn in sequence(conversation.get(name))]
        written = string(conversation.get(f"{name}_date_time"))
        if turns:
            yield name, turns, in_prose(written, options.zone) if written else None


def _evidence(named: list[Json]) -> list[str]:
    """Turn ids in their one right spelling, each once, in order.

    >>> _evidence(["D8:6; D9:17", "D:1:02", "D1:2"])
    ['D8:6', 'D9:17', 'D1:2']
    """
    found = [f"D{turn[1]}:{turn[2]}" for name in named for turn in _TURN.finditer(str(name))]
    return list(dict.fromkeys(found))
