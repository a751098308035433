"""LongMemEval's official file format (Wu et al., ICLR 2025, arXiv 2410.10813).

A file is a list of items, each a question with its own haystack of sessions: three lists of one
length hold their ids, dates and turns. Turns of evidence sessions carry `has_answer`. An item is a
conversation of its own, though items share sessions; ids are made unique by the question's id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mnemic.core.clock import Moment
from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json
from mnemic.sources.decode import text
from mnemic.sources.identity import Repeats
from mnemic.sources.json_stream import elements
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part
from mnemic.sources.parts import parts as parts_of
from mnemic.sources.questions import Question
from mnemic.sources.roles import origin_of, role_of
from mnemic.sources.shape import mapping, sequence, string
from mnemic.sources.times import in_prose


@dataclass(frozen=True, slots=True)
class _Session:
    name: str
    time: Moment | None
    turns: list[dict[str, Json]]


def recognises(value: Json) -> bool:
    """Whether a value has the shape of an item."""
    return isinstance(mapping(value).get("haystack_sessions"), list)


def parts(path: Path) -> list[Part]:
    """The file itself."""
    return parts_of(path)


def read(path: Path, options: Options) -> Iterator[Event]:
    """The turns of all items, session by session.

    metadata["conversation"] is the question's id; session_id is "<question>/<session>",
    metadata["turn"] "<session>:<number of the turn from 0>". Raises SourceError where the file is
    no such file, or damaged.
    """
    for item, value in _items(path, options):
        for session in _sessions(value, options):
            for position, turn in enumerate(session.turns):
                words = string(turn.get("content"))
                if words is None:
                    options.note(Notice.EMPTY)
                    continue
                role = role_of(string(turn.get("role")))
                name = f"{session.name}:{position}"
                yield Event(
                    text=words,
                    role=role,
                    time=session.time,
                    session_id=f"{item}/{session.name}",
                    source=f"longmemeval:{item}",
                    external_id=name,
                    position=position,
                    origin=origin_of(role),
                    metadata={"conversation": item, "turn": name},
                )


def questions(path: Path, options: Options | None = None) -> Iterator[Question]:
    """The questions. category is the type, or "abstention" where the id ends in _abs."""
    options = options or Options()
    for item, value in _items(path, options):
        sessions = list(_sessions(value, options))
        named = {str(name) for name in sequence(value.get("answer_session_ids"))}
        kind = string(value.get("question_type")) or ""
        asked = string(value.get("question_date"))
        answer = value.get("answer")
        yield Question(
            id=item,
            conversation=item,
            text=string(value.get("question")) or "",
            answer=None if answer is None else str(answer),
            category="abstention" if item.endswith("_abs") else kind,
            evidence=tuple(
                f"{session.name}:{position}"
                for session in sessions
                for position, turn in enumerate(session.turns)
                if turn.get("has_answer") is True
            ),
            sessions=tuple(
                f"{item}/{session.name}" for session in sessions if session.name in named
            ),
            now=in_prose(asked, options.zone) if asked else None,
            metadata={"question_type": kind},
        )


def _items(path: Path, options: Options) -> Iterator[tuple[str, dict[str, Json]]]:
    for part in parts(path):
        for element in elements(text(part, options), str(part)):
            if not recognises(element.value):
                raise SourceError(
                    f"no LongMemEval item: {part}, {element.where} has no list "
                    "'haystack_sessions'. Give a file such as longmemeval_s.json, or use "
                    'format="auto"'
                )
            yield string(element.value.get("question_id")) or str(element.number), element.value


def _sessions(value: dict[str, Json], options: Options) -> Iterator[_Session]:
    ids = sequence(value.get("haystack_session_ids"))
    dates = sequence(value.get("haystack_dates"))
    repeats = Repeats()
    for number, turns in enumerate(value["haystack_sessions"]):
        name = (string(ids[number]) if number < len(ids) else None) or f"session {number}"
        date = string(dates[number]) if number < len(dates) else None
        time = in_prose(date, options.zone) if date else None
        yield _Session(repeats.name(name), time, [mapping(turn) for turn in sequence(turns)])
