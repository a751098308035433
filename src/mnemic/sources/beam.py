"""BEAM's official layout (arXiv 2510.27246): `chats/<tier>/<number>/chat.json` and its questions.

A chat is a list of batches, each with an anchor in time on its first message and groups of
messages; the largest tier puts batches under plans. Texts of the user end in a mark of the authors'
plan ("->-> 1,1"), which is cut off. Questions lie beside the chat, by kind.

A single chat.json or a folder of chats is read; a chat is called by its tier and number, which are
its folders' names.
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
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part, select
from mnemic.sources.questions import Question
from mnemic.sources.roles import origin_of, role_of
from mnemic.sources.shape import mapping, sequence, string
from mnemic.sources.times import in_prose

FILES = re.compile(r"(^|/)chat\.json\Z")

_MARK = re.compile(r"\s*->->[ \w,./]{0,20}\Z")
_TIER = re.compile(r"\d+[KM]\Z")
_ANSWERS = ("answer", "ideal_answer", "ideal_response", "ideal_summary", "expected_compliance")


def recognises(value: Json) -> bool:
    """Whether a value has the shape of a batch, or of a plan of batches."""
    found = mapping(value)
    if isinstance(found.get("turns"), list):
        return "batch_number" in found or "time_anchor" in found
    return any(
        recognises(inner)
        for key, held in found.items()
        if key.startswith("plan")
        for inner in sequence(held)[:1]
    )


def parts(path: Path) -> list[Part]:
    """The chat itself, or every chat.json under a folder."""
    return select(path, FILES, "chat.json")


def read(path: Path, options: Options) -> Iterator[Event]:
    """The messages of all chats, in order.

    metadata["conversation"] is the chat ("100K/1"), metadata["turn"] the message's id; a session is
    a batch. Raises SourceError where the file is no such file, or damaged.
    """
    for part in parts(path):
        chat, repeats = _chat(part), Repeats()
        for session, time, messages in _batches(part, options):
            for position, message in enumerate(messages):
                words = _MARK.sub("", string(message.get("content")) or "")
                if not words:
                    options.note(Notice.EMPTY)
                    continue
                role = role_of(string(message.get("role")))
                name = string(message.get("id")) or f"{session}:{position}"
                yield Event(
                    text=words,
                    role=role,
                    time=time,
                    session_id=f"{chat}/{session}",
                    source=f"beam:{chat}",
                    external_id=repeats.name(name),
                    position=position,
                    origin=origin_of(role),
                    metadata={"conversation": chat, "turn": name},
                )


def questions(path: Path, options: Options | None = None) -> Iterator[Question]:
    """The questions of all chats, which lie beside them in probing_questions/.

    metadata keeps the rubric and what else the benchmark says of the question; `now` is the anchor
    of the last batch.
    """
    options = options or Options()
    for part in parts(path):
        chat = _chat(part)
        times = [time for _, time, _ in _batches(part, options) if time]
        file = part.path.parent / "probing_questions" / "probing_questions.json"
        beside = Part(file, file.name, 0)
        for element in elements(text(beside, options), str(beside)):
            for kind, asked in mapping(element.value).items():
                for number, question in enumerate(map(mapping, sequence(asked))):
                    answers = [string(question.get(name)) for name in _ANSWERS]
                    yield Question(
                        id=f"{chat}/{kind}/{number}",
                        conversation=chat,
                        text=string(question.get("question")) or "",
                        answer=next(filter(None, answers), None),
                        category=kind,
                        evidence=tuple(dict.fromkeys(_ids(question.get("source_chat_ids")))),
                        now=max(times) if times else None,
                        metadata={
                            key: held
                            for key, held in question.items()
                            if key not in ("question", *_ANSWERS)
                        },
                    )


def _chat(part: Part) -> str:
    """The chat's name: its tier, where that is a folder, and its number."""
    above = part.path.resolve().parent
    tier = above.parent.name
    return f"{tier}/{above.name}" if _TIER.match(tier) else above.name


def _batches(
    part: Part, options: Options
) -> Iterator[tuple[str, Moment | None, list[dict[str, Json]]]]:
    """Name, time and messages of each batch."""
    for element in elements(text(part, options), str(part)):
        if not recognises(element.value):
            raise SourceError(
                f"no BEAM chat: {part}, {element.where} is no batch with 'turns'. Give a chat.json "
                'or the folder of chats, or use format="auto"'
            )
        for plan, batch in _unplanned(element.value, ""):
            number = string(batch.get("batch_number")) or str(element.number)
            messages = [
                mapping(message)
                for group in sequence(batch.get("turns"))
                for message in (group if isinstance(group, list) else [group])
            ]
            anchors = [batch.get("time_anchor"), *(one.get("time_anchor") for one in messages)]
            anchor = next(filter(None, map(string, anchors)), None)
            yield (
                f"{plan}batch-{number}",
                in_prose(anchor, options.zone) if anchor else None,
                messages,
            )


def _unplanned(value: dict[str, Json], plan: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """The batches of a value, each with the name of its plan."""
    if isinstance(value.get("turns"), list):
        yield plan, value
        return
    for key, held in value.items():
        for inner in map(mapping, sequence(held)):
            yield from _unplanned(inner, f"{plan}{key}/")


def _ids(value: Json) -> Iterator[str]:
    """Message ids, from a list or from an object of lists."""
    if isinstance(value, dict):
        for held in value.values():
            yield from _ids(held)
    elif isinstance(value, list):
        for held in value:
            yield from _ids(held)
    elif value is not None:
        yield str(value)
