"""What `mnemic forget` asks first, because nothing undoes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from mnemic.core.errors import InputError
from mnemic.surface import terminal
from mnemic.surface.faults import Exit, spelling
from mnemic.surface.invocation import Invocation
from mnemic.surface.operations import Operation, perform

if TYPE_CHECKING:
    from mnemic.core.receipts import Certificate
    from mnemic.engine.memory import Memory

_SHOWN: Final = 5
_SCOPE: Final = ("namespace", "user_id", "agent_id", "session_id")


def forget(
    invocation: Invocation, memory: Memory, operation: Operation, values: dict[str, Any]
) -> Certificate:
    """Erase after a yes, or with --yes.

    Raises InputError where nothing is named to be erased, and where nobody can be asked.
    """
    sure = values.pop("yes", False)
    if not values.get("ids") and not any(values.get(name) is not None for name in _SCOPE):
        raise InputError(
            "forget needs to know what: ids, or a scope such as --user ana or --session s1"
        )
    if not sure:
        if invocation.json or not somebody_answers():
            raise InputError("forget erases for good, and nobody can be asked here. Say --yes")
        _ask(invocation, memory, values)
    return perform(memory, operation, values)  # type: ignore[no-any-return]


def somebody_answers() -> bool:
    """Whether a person types into standard input."""
    return sys.stdin.isatty()


def _ask(invocation: Invocation, memory: Memory, values: dict[str, Any]) -> None:
    from mnemic.core.receipts import counted
    from mnemic.surface import pieces

    ids = values.get("ids", [])
    for id in ids[:_SHOWN]:
        record = memory.get(id)
        pieces.heading(invocation.notes, [(pieces.when(record.valid_from), "cyan"), (id, "dim")])
        pieces.paragraph(invocation.notes, terminal.shortened(record.text, 200))
    if len(ids) > _SHOWN:
        invocation.notes.print(f"and {len(ids) - _SHOWN} more")
    scope = ", ".join(f"{spelling(name)[2:]} {values[name]!r}" for name in _SCOPE if name in values)
    what = counted(len(ids), "record") if ids else f"everything of {scope}" if scope else "nothing"
    if not click.confirm(f"Erase {what}, and all that was drawn from it, for good?", err=True):
        invocation.remark("nothing was forgotten")
        raise click.exceptions.Exit(Exit.NOTHING)
