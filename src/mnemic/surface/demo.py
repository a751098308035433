"""`mnemic demo`: the main job in a minute, on the example conversation or on your own.

What it does is in `demo_year.py` and `demo_own.py`; here it is decided which, and where the memory
lies: in the file that is named, or in a temporary one that is gone at the end.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from mnemic.surface.commands import common_options
from mnemic.surface.faults import Exit
from mnemic.surface.invocation import Invocation


@click.pass_context
def _demo(context: click.Context, /, data: Path | None, user: str) -> int:
    invocation = context.find_object(Invocation)
    assert invocation is not None
    with ExitStack() as held:
        kept = invocation.db is not None
        if not kept:
            folder = TemporaryDirectory(prefix="mnemic-demo-", ignore_cleanup_errors=True)
            invocation.db = str(Path(held.enter_context(folder)) / "demo.db")
        memory = held.enter_context(invocation.memory())
        if data is None:
            from mnemic.surface import demo_year

            demo_year.show(invocation, memory, user, kept)
        else:
            from mnemic.surface import demo_own

            demo_own.show(invocation, memory, data, user, kept)
    return Exit.OK


COMMAND: Final = click.Command(
    "demo",
    params=[
        click.Option(
            ["--data"],
            type=click.Path(path_type=Path),
            help="Your own export or notes, instead of the example conversation.",
        ),
        click.Option(["--user"], default="you", help="Whose memory it becomes; the usual is you."),
        *common_options(),
    ],
    callback=_demo,
    help="Import a year of conversation and ask it questions. Without --db it is kept in a "
    "temporary file, which is deleted at the end.",
    short_help="Import a year of conversation and ask it questions.",
)
