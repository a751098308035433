"""Whole files: `mnemic restore-backup` puts one back, `mnemic merge` makes one of two exports.

Neither opens a memory: the one replaces what would be opened, the other needs none. What `export`,
`load` and `backup` do is declared in `operations.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mnemic.core.clock import system_clock
from mnemic.core.errors import InputError
from mnemic.surface import terminal
from mnemic.surface.commands import common_options
from mnemic.surface.faults import Exit
from mnemic.surface.invocation import Invocation

if TYPE_CHECKING:
    from mnemic.engine.cubes.cube import Cube
    from mnemic.engine.cubes.merging import Prefer


def look(values: dict[str, Any]) -> Cube:
    """What the cube holds that is to be loaded. Raises SourceError when it cannot be."""
    from mnemic.engine.cubes import cube

    return cube.look(values["path"])


@click.pass_context
def _restore(context: click.Context, /, backup: Path, yes: bool) -> int:
    from mnemic.engine import backups

    invocation = context.find_object(Invocation)
    assert invocation is not None
    path = invocation.path
    if backup.is_file() and invocation.there and not yes:
        if invocation.json or not terminal.somebody_answers():
            raise InputError(f"{path} is there, and nobody can be asked here. Say --yes")
        what = f"Put {backup} in the place of {path}, and lose what was written there since?"
        if not click.confirm(terminal.one_line(what), err=True):
            invocation.remark("nothing was restored")
            return Exit.NOTHING
    restored = backups.restore(
        backup,
        Path(path),
        key=invocation.key,
        timeout=10.0 if invocation.timeout is None else invocation.timeout,
        actor="cli",
    )
    invocation.show(restored)
    return Exit.OK


@click.pass_context
def _merge(context: click.Context, /, first: Path, second: Path, out: Path, prefer: Prefer) -> int:
    from mnemic.engine.cubes import merging

    invocation = context.find_object(Invocation)
    assert invocation is not None
    invocation.show(merging.merge(first, second, out, prefer=prefer, now=system_clock()))
    return Exit.OK


_FILE: Final = click.Path(path_type=Path)

RESTORE: Final = click.Command(
    "restore-backup",
    params=[
        click.Argument(["backup"], type=_FILE),
        click.Option(["--yes", "-y"], is_flag=True, help="Do not ask first."),
        *common_options(),
    ],
    callback=_restore,
    help="Put a backup in the place of the database. What was forgotten since stays forgotten; a "
    "damaged file is kept beside.\n\n\b\nBACKUP  What mnemic backup wrote.",
    short_help="Put a backup in the place of the database.",
)
MERGE: Final = click.Command(
    "merge",
    params=[
        click.Argument(["first"], type=_FILE),
        click.Argument(["second"], type=_FILE),
        click.Argument(["out"], type=_FILE),
        click.Option(
            ["--prefer"],
            type=click.Choice(["newer", "first", "second"]),
            default="newer",
            help="Which of two histories of a record is kept; the usual is newer.",
        ),
        *common_options(),
    ],
    callback=_merge,
    help="Make one export of two, and tell where they conflict.\n\n\b\n"
    "FIRST   An exported file.\nSECOND  Another.\nOUT     The file to write.",
    short_help="Make one export of two, and tell where they conflict.",
)
COMMANDS: Final = (RESTORE, MERGE)
