"""What `mnemic forget` asks first, because nothing undoes it: it shows what would go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from mnemic.core.errors import InputError
from mnemic.surface import terminal
from mnemic.surface.faults import Exit, spelling
from mnemic.surface.invocation import Invocation
from mnemic.surface.operations import DRY_RUN, Operation, perform
from mnemic.surface.terminal import somebody_answers

if TYPE_CHECKING:
    from rich.console import Console

    from mnemic.core.receipts import Certificate
    from mnemic.engine.memory import Memory

_SHOWN: Final = 8
_SCOPE: Final = ("namespace", "user_id", "agent_id", "session_id")
_OTHER: Final = ("query", "since", "until", "origin", "kinds")


def forget(
    invocation: Invocation, memory: Memory, operation: Operation, values: dict[str, Any]
) -> Certificate:
    """Erase after a yes, or with --yes; a dry run asks nothing.

    Raises InputError where nothing is named to be erased, and where nobody can be asked.
    """
    sure = values.pop("yes", False)
    if not values.get("ids") and not any(name in values for name in (*_SCOPE, *_OTHER)):
        raise InputError(
            "forget needs to know what: ids, a scope such as --user ana or --session s1, or a "
            "condition such as --query, --since, --until, --origin or --kind"
        )
    if DRY_RUN.name in values:
        would: Certificate = perform(memory, operation, values)
        if not invocation.json:
            _show(invocation.console, memory, would)
        return would
    if not sure:
        if invocation.json or not somebody_answers():
            raise InputError(
                "forget erases for good, and nobody can be asked here. Look with --dry-run, or "
                "say --yes"
            )
        _ask(invocation, memory, operation, values)
    try:
        return perform(memory, operation, values)  # type: ignore[no-any-return]
    except KeyboardInterrupt:
        invocation.remark(
            "stopped: either all of it is forgotten or nothing. `mnemic certificates` says which, "
            "and `mnemic flush` finishes what is pending"
        )
        raise


def _ask(
    invocation: Invocation, memory: Memory, operation: Operation, values: dict[str, Any]
) -> None:
    """Show what would go, and ask. Ends the program where nothing would, or at a no."""
    from mnemic.core.receipts import counted

    would: Certificate = perform(memory, operation, {**values, DRY_RUN.name: True})
    if not would.ids:
        invocation.remark(f"nothing is there {_conditions(values)}".rstrip())
        raise click.exceptions.Exit(Exit.NOTHING)
    _show(invocation.notes, memory, would)
    meant = len(set(would.ids).intersection(would.asked))
    drawn = len(would.ids) - meant
    what = counted(meant, "record")
    also = f", and {drawn} drawn from {'it' if meant == 1 else 'them'}" if drawn else ""
    told = " ".join(filter(None, (what, _conditions(values))))
    if not click.confirm(f"Erase {told}{also}, for good?", err=True):
        invocation.remark("nothing was forgotten")
        raise click.exceptions.Exit(Exit.NOTHING)


def _show(console: Console, memory: Memory, would: Certificate) -> None:
    """A few of the records that would go, those that were meant first."""
    from mnemic.surface import pieces

    for id in would.ids[:_SHOWN]:
        record = memory.get(id)
        drawn = "" if id in would.asked else "drawn from the others"
        line = [(pieces.when(record.valid_from), "cyan"), (drawn, "yellow"), (id, "dim")]
        pieces.heading(console, line)
        pieces.paragraph(console, terminal.shortened(record.text, 200))
    if len(would.ids) > _SHOWN:
        console.print(f"and {len(would.ids) - _SHOWN} more")


def _conditions(values: dict[str, Any]) -> str:
    """The conditions in words, in the order in which they narrow down."""
    given = [name for name in (*_SCOPE, *_OTHER) if name in values]
    told = [f"{spelling(name)[2:]} {_quoted(values[name])}" for name in given]
    return f"of {', '.join(told)}" if told else ""


def _quoted(value: object) -> str:
    several = value if isinstance(value, list) else [value]
    return " or ".join(repr(terminal.shortened(str(one), 60)) for one in several)
