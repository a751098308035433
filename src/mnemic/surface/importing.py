"""The screen of `mnemic import`: how far it is, and what was kept when it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mnemic.surface.faults import Exit
from mnemic.surface.invocation import Invocation
from mnemic.surface.operations import DRY_RUN, Operation, perform

if TYPE_CHECKING:
    from mnemic.core.receipts import Imported
    from mnemic.engine.memory import Memory


def look(values: dict[str, Any]) -> int:
    """The bytes of what is to be imported. Raises SourceError where its format cannot be told."""
    from mnemic.sources import read

    return read.size(values["path"], values.get("format", "auto"))


def take_in(
    invocation: Invocation, memory: Memory, operation: Operation, values: dict[str, Any]
) -> Imported:
    """Import with a progress bar on stderr, if somebody watches.

    Stopped with Ctrl-C, it says what was kept and ends the program with 130.
    """
    before = memory.stats().records
    try:
        if invocation.json or not invocation.notes.is_terminal:
            return perform(memory, operation, values)  # type: ignore[no-any-return]
        return _watched(invocation, memory, operation, values)
    except KeyboardInterrupt:
        if DRY_RUN.name in values:
            invocation.remark("stopped: nothing was kept")
            raise click.exceptions.Exit(Exit.INTERRUPTED) from None
        kept = memory.stats().records - before
        invocation.remark(
            f"stopped: {kept:,} messages of {values['path']} were kept. "
            "The same command again completes it; nothing comes in twice"
        )
        raise click.exceptions.Exit(Exit.INTERRUPTED) from None


def _watched(
    invocation: Invocation, memory: Memory, operation: Operation, values: dict[str, Any]
) -> Imported:
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=invocation.notes, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        return perform(memory, operation, {**values, "progress": progress})  # type: ignore[no-any-return]
