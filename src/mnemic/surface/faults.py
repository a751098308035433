"""Errors in the words of the command line, and the exit codes.

Every error that mnemic raises on purpose becomes one plain line on stderr, or one JSON object with
`--json`. The engine's remedies speak Python (`user_id="ana"`, `Memory.list()`); here they are
turned into what can be typed (`--user ana`, `mnemic list`).
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from mnemic.core.errors import (
    MnemicError,
    ModelError,
    NotFound,
    SourceError,
    Stale,
    StoreError,
)
from mnemic.core.records import Json
from mnemic.surface.operations import OPERATIONS


class Exit(IntEnum):
    """What a command's end tells a script; 1, 2 and 141 as `grep`, shells and pipes use them."""

    OK = 0
    NOTHING = 1
    """Nothing was found by what seeks, something by what should find nothing, or you said no."""
    USAGE = 2
    NOT_FOUND = 3
    STORE = 4
    SOURCE = 5
    MODEL = 6
    STALE = 7
    INTERRUPTED = 130
    PIPE = 141


MEANINGS: Final[dict[Exit, str]] = {
    Exit.OK: "done",
    Exit.NOTHING: "search, context or answer found nothing; doctor, residue or monitor found "
    "something; you said no",
    Exit.USAGE: "the command line or an input cannot be used",
    Exit.NOT_FOUND: "no record, change or trial has this id, or it was forgotten",
    Exit.STORE: "the database cannot serve: missing, locked, read-only, full, damaged, newer, "
    "or sealed",
    Exit.SOURCE: "a file to import, load, merge, restore or export cannot be read or written",
    Exit.MODEL: "an encoder failed, or a part of mnemic is not installed",
    Exit.STALE: "somebody changed the record since (--expects, undo, roll-back)",
    Exit.INTERRUPTED: "stopped with Ctrl-C",
    Exit.PIPE: "the program that read the output went away",
}
"""One line per exit code, for `mnemic --help` and the manual."""

_CODES: Final[tuple[tuple[type[MnemicError], Exit], ...]] = (
    (NotFound, Exit.NOT_FOUND),
    (StoreError, Exit.STORE),
    (SourceError, Exit.SOURCE),
    (ModelError, Exit.MODEL),
    (Stale, Exit.STALE),
)

SPELLINGS: Final[dict[str, str]] = {
    "user_id": "--user",
    "agent_id": "--agent",
    "session_id": "--session",
    "ids": "the ids",
    "kinds": "--kind",
    "filters": "--filter",
    "trial_id": "--trial",
    "key": "MNEMIC_KEY or --key-prompt",
}
"""How the command line spells a parameter, where it is not `--` and its name."""

_OF_MEMORY: Final = frozenset({"encoder", "language", "timezone", "timeout", "key"})
_NAMES: Final = _OF_MEMORY | {p.name for operation in OPERATIONS for p in operation.parameters}
_COMMANDS: Final = {operation.method: operation.name for operation in OPERATIONS}
_CALL: Final = re.compile(r"\bMemory\.(\w+)(?:\((?P<given>\w+=True)?\))?")
_OF_DOCTOR: Final = re.compile(r"(?<![.\w])(doctor|flush)(?=\(\w*(=True)?\))")
"""What a diagnosis calls by its bare name, because it is read beside `Memory.doctor()`."""
_MADE: Final = re.compile(r"\bMemory\((?:path, )?(\w+=[^()]*)\)")
_BOTH: Final = re.compile(r"\((--[a-z-]+), [a-z_]+=\)")
"""An argument in both languages: of `(--user, user_id=)` the first is left."""
_ARGUMENT: Final = re.compile(
    r"\b(?P<name>[a-z_]+)=(?P<value>'[^']*'|\"[^\"]*\"|\[\.\.\.\]|\.\.\.|True\b)"
)

_BARE: Final = re.compile(r"[\w.:@-]+")
"""What a shell takes without quotes."""


def spelling(name: str) -> str:
    """The option for a parameter.

    >>> spelling("user_id"), spelling("max_tokens")
    ('--user', '--max-tokens')
    """
    return SPELLINGS.get(name) or "--" + name.replace("_", "-")


def code(error: MnemicError) -> Exit:
    """The exit code of an error; what the caller gave wrong where nothing else fits."""
    return next((exit for kind, exit in _CODES if isinstance(error, kind)), Exit.USAGE)


def in_options(message: str) -> str:
    """A message of the engine, its remedy in the words of the command line.

    >>> in_options("Say user_id=..., or all_scopes=True to read them all. See Memory.list()")
    'Say --user ..., or --all-scopes to read them all. See mnemic list'
    """
    message = _OF_DOCTOR.sub(r"Memory.\1", _BOTH.sub(r"(\1)", message))
    return _ARGUMENT.sub(_option, _CALL.sub(_command, _MADE.sub(r"\1", message)))


def _command(call: re.Match[str]) -> str:
    name = _COMMANDS.get(call[1])
    given = f" {call['given']}" if call["given"] else ""
    return f"mnemic {name}{given}" if name else call[0]


def _option(argument: re.Match[str]) -> str:
    if argument["name"] not in _NAMES:
        return argument[0]
    option, value = spelling(argument["name"]), argument["value"]
    if value == "True" or argument["name"] in ("ids", "key"):
        return option
    value = "..." if value == "[...]" else value
    bare = value.strip("'\"")
    return f"{option} {bare if _BARE.fullmatch(bare) else value}"


def as_json(kind: str, message: str, exit: int) -> dict[str, Json]:
    """An error as the object that `--json` prints on stderr."""
    return {"error": {"type": kind, "message": message, "exit_code": int(exit)}}
