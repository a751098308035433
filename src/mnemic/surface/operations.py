"""What can be asked of a memory from outside, declared once, as data.

The command line is made from this list; so can any other surface be: an operation names the
`Memory` method that it calls, its parameters are that method's keyword arguments, and a type says
how a value is written where everything is text. What `Memory` takes and no surface can write
(a callback, an object) is left out.

How each surface spells a parameter, shows an answer or asks for confirmation is its own affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Type(StrEnum):
    """How a value is written."""

    TEXT = "text"
    TEXTS = "texts"
    """Any number of texts."""
    PROSE = "prose"
    """A text of several words, which may also come from a stream."""
    TIME = "time"
    """ISO 8601, cut where the exactness ends: 2025-06-02T10:00Z, 2025-06-02, 2025-06, 2025."""
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    JSON = "json"
    """A JSON object."""
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument of an operation."""

    name: str
    """As in the signature of the method."""
    type: Type
    help: str
    required: bool = False
    placed: bool = False
    """Told by its place after the operation's name, where a surface has such places."""
    clearable: bool = False
    """An empty text means None: take away what is there."""
    assumed: bool = False
    """Where it is not given, the user whom the surface was set up for stands in."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be asked of a memory."""

    name: str
    help: str
    """One sentence."""
    method: str
    """The method of `Memory` that does it."""
    parameters: tuple[Parameter, ...] = ()
    writes: bool = False
    creates: bool = False
    """It makes sense on a file that is not there yet; the others need one."""
    answer: str = ""
    """What to call an answer that is a bare list or number; other answers name their parts."""


def perform(memory: object, operation: Operation, values: dict[str, Any]) -> Any:
    """Do `operation` on a `Memory`, with values by parameter; the others keep their defaults."""
    return getattr(memory, operation.method)(**values)


def _place(name: str, help: str, type: Type = Type.TEXT, required: bool = True) -> Parameter:
    return Parameter(name, type, help, required=required, placed=True)


_NAMESPACE: Final = Parameter("namespace", Type.TEXT, "A space of its own; the usual is default.")
_AGENT: Final = Parameter("agent_id", Type.TEXT, "The agent whose memory it is.")
_SESSION: Final = Parameter("session_id", Type.TEXT, "The conversation that it belongs to.")
_OWNER: Final = Parameter("user_id", Type.TEXT, "Whose memory it is.", assumed=True)
_READ: Final = (
    Parameter("user_id", Type.TEXTS, "Whose memories to read; several may be named.", assumed=True),
    Parameter("agent_id", Type.TEXT, "Only what belongs to this agent."),
    Parameter("session_id", Type.TEXT, "Only this conversation."),
    _NAMESPACE,
    Parameter("all_scopes", Type.FLAG, "Read the memories of all users."),
)
_WHICH: Final = (
    Parameter("kinds", Type.TEXTS, "Only records of these kinds, such as turn or fact."),
    Parameter("filters", Type.JSON, 'Conditions on metadata, such as {"turn": {"in": ["D7:3"]}}.'),
)
_ASKED: Final = (
    Parameter("now", Type.TIME, 'The time of the question, for "last May"; the usual is now.'),
    Parameter("dialogue", Type.TEXTS, "What was said before the question, oldest first."),
    Parameter("as_of", Type.TIME, "Ask for what was true in the world then."),
    Parameter("known_at", Type.TIME, "Ask for what this memory knew then."),
    *_WHICH,
    Parameter("threshold", Type.NUMBER, "Leave out hits that score below, from 0 to 1."),
)
_FORMATS: Final = (
    "chatgpt, claude, whatsapp, jsonl, markdown, transcript, locomo, longmemeval, beam"
)
_METADATA: Final = Parameter("metadata", Type.JSON, "What else to keep, as a JSON object.")
_WHY: Final = Parameter("why", Type.TEXT, "The reason, for the log.")
_EXPECTS: Final = Parameter("expects", Type.INTEGER, "Refuse unless the record is at this version.")

OPERATIONS: Final = (
    Operation(
        "import",
        "Take in conversations or notes from a file or folder; a second import adds nothing.",
        "import_file",
        (
            _place("path", "The file or folder.", Type.PATH),
            Parameter("format", Type.TEXT, f"{_FORMATS}; the usual is auto: recognise it."),
            _OWNER,
            _AGENT,
            _NAMESPACE,
        ),
        writes=True,
        creates=True,
    ),
    Operation(
        "add",
        "Remember a text.",
        "add",
        (
            _place("messages", "What to remember.", Type.PROSE),
            _OWNER,
            _AGENT,
            _SESSION,
            _NAMESPACE,
            Parameter("speaker", Type.TEXT, "Who says it."),
            Parameter("role", Type.TEXT, "Their part: user, assistant, system or tool."),
            Parameter("timestamp", Type.TIME, "When it was said; the usual is now."),
            Parameter("kind", Type.TEXT, "What it is: turn, fact, event, ...; the usual is turn."),
            _METADATA,
            Parameter("source", Type.TEXT, "The file or system that it comes from."),
            Parameter("external_id", Type.TEXT, "Its name there: the same again adds nothing."),
            Parameter("origin", Type.TEXT, "user, assistant, agent, tool, web or document."),
            Parameter("derived_from", Type.TEXTS, "Ids of the records that it was drawn from."),
        ),
        writes=True,
        creates=True,
    ),
    Operation(
        "search",
        "Find the memories that a question needs, best first.",
        "search",
        (
            _place("query", "The question.", Type.PROSE),
            *_READ,
            Parameter("limit", Type.INTEGER, "How many at most; the usual is 10."),
            *_ASKED,
            Parameter("explain", Type.FLAG, "Show every feature's share of the score."),
            Parameter("rerank", Type.TEXT, "Who reads the best hits again: cross-encoder:<model>."),
        ),
    ),
    Operation(
        "context",
        "Lay out what a question needs as one text for a prompt, with citations.",
        "context",
        (
            _place("query", "The question.", Type.PROSE),
            Parameter("max_tokens", Type.INTEGER, "How long the text may be; the usual is 800."),
            *_READ,
            Parameter("limit", Type.INTEGER, "How many hits to choose from; else what fits."),
            *_ASKED,
        ),
    ),
    Operation(
        "answer",
        "Answer a question with a value and what it rests on, or say that it cannot.",
        "answer",
        (
            _place("question", "The question.", Type.PROSE),
            *_READ,
            Parameter(
                "limit", Type.INTEGER, "How many records to look through; the usual is 1000."
            ),
            *_ASKED[:-1],
            Parameter("threshold", Type.NUMBER, "Abstain below this confidence, from 0 to 1."),
        ),
    ),
    Operation(
        "fit",
        "Learn from labelled questions how much each feature of search counts.",
        "fit",
        (
            _place(
                "examples",
                'A file with {"query": ..., "relevant": [ids]} on each line.',
                Type.PATH,
            ),
            Parameter("user_id", Type.TEXT, "Whose memory is asked.", assumed=True),
            _NAMESPACE,
        ),
        writes=True,
    ),
    Operation(
        "list",
        "List records in the order in which they came.",
        "list",
        (
            *_READ,
            *_WHICH,
            Parameter("deleted", Type.FLAG, "Also those that were deleted."),
            Parameter("limit", Type.INTEGER, "How many at most; the usual is 100."),
            Parameter("cursor", Type.TEXT, "Go on where the last page ended."),
        ),
    ),
    Operation("get", "Show one record.", "get", (_place("id", "The record."),)),
    Operation(
        "update",
        "Correct a record; the old version stays in its history.",
        "update",
        (
            _place("id", "The record."),
            Parameter("text", Type.TEXT, "What it should say."),
            _METADATA,
            Parameter("speaker", Type.TEXT, "Who says it; empty: nobody.", clearable=True),
            Parameter("valid_from", Type.TIME, "Since when it holds; empty: ever.", clearable=True),
            Parameter("valid_to", Type.TIME, "Until when it holds; empty: no end.", clearable=True),
            Parameter("weight", Type.NUMBER, "How much it counts in search; 1 is neutral."),
            _EXPECTS,
            _WHY,
        ),
        writes=True,
    ),
    Operation(
        "supersede",
        "Say what holds now instead; the old record keeps the time in which it held.",
        "supersede",
        (
            _place("old_id", "The record that holds no longer."),
            _place("text", "What holds now.", Type.PROSE),
            Parameter("valid_from", Type.TIME, "Since when; the usual is now."),
            _METADATA,
            Parameter("speaker", Type.TEXT, "Who says it; empty: nobody.", clearable=True),
            _WHY,
        ),
        writes=True,
    ),
    Operation(
        "link",
        "Say how two records are related.",
        "link",
        (
            _place("source_id", "The record that the link leaves."),
            _place("relation", "How they are related, such as about or answers."),
            _place("target_id", "The record that it leads to."),
            Parameter("weight", Type.NUMBER, "How strong it is; the usual is 1."),
        ),
        writes=True,
    ),
    Operation(
        "delete",
        "Take a record out of sight; restore or undo brings it back.",
        "delete",
        (_place("id", "The record."), _EXPECTS, _WHY),
        writes=True,
    ),
    Operation(
        "restore",
        "Bring a deleted record back.",
        "restore",
        (_place("id", "The record."), _WHY),
        writes=True,
    ),
    Operation(
        "forget",
        "Erase records, and all that was drawn from them, from every place; nothing undoes it.",
        "forget",
        (
            _place("ids", "The records; or name a scope.", Type.TEXTS, required=False),
            Parameter("user_id", Type.TEXT, "Everything of this user."),
            Parameter("session_id", Type.TEXT, "Everything of this conversation."),
            Parameter("agent_id", Type.TEXT, "Everything of this agent."),
            Parameter("namespace", Type.TEXT, "The space of its own that is meant."),
            Parameter("reason", Type.TEXT, "A code that is kept: not what is forgotten."),
        ),
        writes=True,
    ),
    Operation(
        "history",
        "Show how a record came to be what it is, oldest first.",
        "history",
        (_place("id", "The record."),),
        answer="steps",
    ),
    Operation(
        "log",
        "Show what was done, by whom and why.",
        "log",
        (
            Parameter("since", Type.INTEGER, "Only changes after this sequence number."),
            Parameter("limit", Type.INTEGER, "How many at most; the usual is 100."),
            Parameter("id", Type.TEXT, "Only changes of this record."),
        ),
        answer="entries",
    ),
    Operation(
        "undo",
        "Take changes back by new ones; history and log name them.",
        "undo",
        (_place("change", "The changes.", Type.TEXTS),),
        writes=True,
    ),
    Operation(
        "export",
        "Write memories with their whole history to one portable file.",
        "export",
        (
            _place("path", "The file to write.", Type.PATH),
            Parameter("user_id", Type.TEXTS, "Whose memories; the usual is everybody's."),
            _NAMESPACE,
        ),
    ),
    Operation(
        "load",
        "Take over the memories of an exported file; what is here already is passed over.",
        "load",
        (_place("path", "The exported file.", Type.PATH),),
        writes=True,
        creates=True,
    ),
    Operation("stats", "Show how much there is, and how it is searched.", "stats"),
    Operation(
        "scopes", "Show whose memories there are, and how many each.", "scopes", answer="scopes"
    ),
    Operation(
        "doctor",
        "Hold the log, the versions and the indexes against each other.",
        "doctor",
        (Parameter("repair", Type.FLAG, "Make anew what can be made from the truth."),),
        writes=True,
    ),
    Operation(
        "flush",
        "Finish background work, and erasures that were held back.",
        "flush",
        writes=True,
        answer="done",
    ),
)
"""In the order in which they are worth reading."""
