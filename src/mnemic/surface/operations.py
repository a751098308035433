"""What can be asked of a memory from outside, declared once, as data.

The command line and the tools are made from this list; so can any other surface be: an operation
names the `Memory` method that it calls, its parameters are that method's keyword arguments, and a
type says how a value is written where everything is text. What `Memory` takes and no surface can
write (a callback, an object) is left out; `dry_run`, which takes a callback, is there as a flag of
every operation that can be tried.

How each surface spells a parameter, shows an answer or asks for confirmation is its own affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mnemic.engine.memory import Memory


class Type(StrEnum):
    """How a value is written."""

    TEXT = "text"
    TEXTS = "texts"
    """Any number of texts."""
    PROSE = "prose"
    """A text of several words, which may also come from a stream."""
    TIME = "time"
    """ISO 8601, cut where the exactness ends: 2025-06-02T10:00Z, 2025-06-02, 2025-06, 2025."""
    POINT = "point"
    """A time, a change, or digits alone: a sequence number of the log."""
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    JSON = "json"
    """A JSON object."""
    PATH = "path"
    LINES = "lines"
    """A file with a JSON object on each line; the method takes the objects."""
    RULES = "rules"
    """A name, or a file with a JSON object."""


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
    messages: bool = False
    """Beside a text it may be messages, where a surface can write those."""
    streamed: bool = False
    """The lines of a stream may stand for the texts: they are not for a shell's history."""
    trusted: bool = False
    """It names something to load and run, so it is not for whoever may have read an order
    somewhere: language models do not get it."""


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
    tool: str = ""
    """Its name as a tool for language models; empty: it is none."""
    destroys: bool = False
    """Nothing brings back what it takes away."""
    repeatable: bool = False
    """It writes, and done again with the same values it changes nothing more."""
    outright: bool = False
    """It writes, and cannot be tried: what it does cannot be taken back, or looking is enough."""

    @property
    def tried(self) -> bool:
        """Whether `dry_run` can say what it would do."""
        return self.writes and not self.outright

    @property
    def offered(self) -> tuple[Parameter, ...]:
        """What a surface takes: the parameters, and the flag of a dry run."""
        return (*self.parameters, DRY_RUN) if self.tried else self.parameters


DRY_RUN: Final = Parameter("dry_run", Type.FLAG, "Say what it would do, and keep nothing of it.")


def perform(memory: Memory, operation: Operation, values: dict[str, Any]) -> Any:
    """Do `operation` on a `Memory`, with values by parameter; the others keep their defaults.

    With a `dry_run` among the values nothing of it is kept.
    """
    given = {name: value for name, value in values.items() if name != DRY_RUN.name}
    if values.get(DRY_RUN.name):
        return memory.dry_run(lambda tried: perform(tried, operation, given))
    return getattr(memory, operation.method)(**given)


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
    "chatgpt, claude, whatsapp, jsonl, markdown, transcript, mem0, graphiti, langgraph, mempalace, "
    "basic-memory, openclaw, locomo, longmemeval, beam"
)
_METADATA: Final = Parameter("metadata", Type.JSON, "What else to keep, as a JSON object.")
_WHY: Final = Parameter("why", Type.TEXT, "The reason, for the log.")
_IDS: Final = Parameter("ids", Type.TEXTS, "The records.", required=True, placed=True)
_TRIAL: Final = Parameter("trial_id", Type.TEXT, "The trial.", required=True, placed=True)
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
            Parameter(
                "messages",
                Type.PROSE,
                "What to remember.",
                required=True,
                placed=True,
                messages=True,
            ),
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
        tool="memory_add",
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
            Parameter(
                "rerank",
                Type.TEXT,
                "Who reads the best hits again: cross-encoder:<model>.",
                trusted=True,
            ),
        ),
        tool="memory_search",
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
        tool="memory_context",
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
    Operation("get", "Show one record.", "get", (_place("id", "The record."),), tool="memory_get"),
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
        tool="memory_update",
        repeatable=True,
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
            _place("ids", "The records; or name conditions.", Type.TEXTS, required=False),
            Parameter("user_id", Type.TEXT, "Everything of this user."),
            Parameter("session_id", Type.TEXT, "Everything of this conversation."),
            Parameter("agent_id", Type.TEXT, "Everything of this agent."),
            Parameter("namespace", Type.TEXT, "The space of its own that is meant."),
            Parameter("query", Type.TEXT, "What a search for these words finds."),
            Parameter("threshold", Type.NUMBER, "How sure a find has to be; the usual is 0.5."),
            Parameter("since", Type.TIME, "What was said or held from then on."),
            Parameter("until", Type.TIME, "What was said or held up to the end of then."),
            Parameter("origin", Type.TEXT, "What came from there, such as web, tool or derived."),
            Parameter("kinds", Type.TEXTS, "Records of these kinds, such as turn or fact."),
            Parameter("reason", Type.TEXT, "A code that is kept: not what is forgotten."),
        ),
        writes=True,
        tool="memory_forget",
        destroys=True,
        repeatable=True,
    ),
    Operation(
        "certificates",
        "Show what was forgotten, when, why, and how it was verified.",
        "certificates",
        answer="certificates",
    ),
    Operation(
        "residue",
        "Search the raw bytes of the file, and of copies that it knows of, for these texts.",
        "residue_scan",
        (
            Parameter(
                "texts",
                Type.TEXTS,
                "Words that should be gone.",
                required=True,
                placed=True,
                streamed=True,
            ),
        ),
        answer="residue",
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
            Parameter("user_id", Type.TEXT, "Only what happened to this user's records."),
            _NAMESPACE,
        ),
        answer="entries",
    ),
    Operation(
        "diff",
        "Show what was known at one point against another; points are times or places in the log.",
        "diff",
        (
            _place("earlier", "A time, a change, or a number of the log.", Type.POINT),
            _place("later", "Likewise; the usual is now.", Type.POINT, required=False),
            Parameter("user_id", Type.TEXTS, "Whose memories; the usual is everybody's."),
            _NAMESPACE,
        ),
    ),
    Operation(
        "undo",
        "Take changes back by new ones; history and log name them.",
        "undo",
        (
            _place("change", "The changes; or say since when.", Type.TEXTS, required=False),
            Parameter(
                "since",
                Type.POINT,
                "All that came after a time, a change, or a number of the log.",
            ),
            Parameter("user_id", Type.TEXT, "With since: only what happened to this user."),
            Parameter("namespace", Type.TEXT, "With since: only what happened in this space."),
        ),
        writes=True,
    ),
    Operation(
        "policy",
        "Show the rules by which things come in, or keep other ones in the file.",
        "policy",
        (
            _place(
                "given", "open, strict, or a file with rules as JSON.", Type.RULES, required=False
            ),
        ),
        writes=True,
    ),
    Operation(
        "held",
        "Show what waits in quarantine for a review, and why.",
        "held",
        _READ,
        answer="held",
    ),
    Operation("admit", "Let held records into memory.", "admit", (_IDS, _WHY), writes=True),
    Operation(
        "reject",
        "Delete held records; forget erases them for good.",
        "reject",
        (_IDS, _WHY),
        writes=True,
    ),
    Operation(
        "hold",
        "Put records into quarantine; nothing finds them until they are admitted.",
        "hold",
        (_IDS, _WHY),
        writes=True,
    ),
    Operation(
        "trials",
        "Show what was changed on trial, and what became of it.",
        "trials",
        (Parameter("open", Type.FLAG, "Only those that are not closed."),),
        answer="trials",
    ),
    Operation(
        "monitor",
        "Ask the questions of open trials again; what does harm by now is rolled back.",
        "monitor",
        (
            _place(
                "probes",
                'A file with {"query": ..., "relevant": [...]} on each line.',
                Type.LINES,
            ),
            Parameter("trial_id", Type.TEXT, "Only this trial."),
        ),
        writes=True,
        answer="verdicts",
    ),
    Operation("accept", "Close a trial: what it did stays.", "accept", (_TRIAL, _WHY), writes=True),
    Operation("roll-back", "Undo what a trial did.", "roll_back", (_TRIAL, _WHY), writes=True),
    Operation(
        "export",
        "Write memories with their whole history to one portable file.",
        "export",
        (
            _place("path", "The file to write.", Type.PATH),
            Parameter("user_id", Type.TEXTS, "Whose memories; the usual is everybody's."),
            _NAMESPACE,
            Parameter("vectors", Type.FLAG, "Also the vectors that were computed."),
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
    Operation(
        "backup",
        "Copy the whole file, while others read and write it; restore-backup puts it back.",
        "backup",
        (
            _place("path", "The file to write; an earlier backup is replaced.", Type.PATH),
            Parameter("overwrite", Type.FLAG, "Replace a file that is no backup, too."),
        ),
    ),
    Operation(
        "reembed",
        "Change the encoder of the file, for all records or for some kinds.",
        "reembed",
        (
            _place("encoder", "As --encoder; none: find by words alone."),
            Parameter("kinds", Type.TEXTS, "Only for records of these kinds."),
        ),
        writes=True,
        outright=True,
    ),
    Operation(
        "stats",
        "Show how much there is, and how it is searched.",
        "stats",
        (
            Parameter("user_id", Type.TEXT, "Of whom; the usual is everybody.", assumed=True),
            _NAMESPACE,
        ),
        tool="memory_status",
    ),
    Operation(
        "scopes", "Show whose memories there are, and how many each.", "scopes", answer="scopes"
    ),
    Operation(
        "doctor",
        "Hold the log, the versions and the indexes against each other.",
        "doctor",
        (Parameter("repair", Type.FLAG, "Make anew what can be made from the truth."),),
        writes=True,
        outright=True,
    ),
    Operation(
        "flush",
        "Finish background work, and erasures that were held back.",
        "flush",
        writes=True,
        outright=True,
        answer="done",
    ),
)
"""In the order in which they are worth reading."""
