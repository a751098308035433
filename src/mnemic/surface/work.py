"""`mnemic work`: do what other processes left for later, such as vectors of a slow encoder."""

from __future__ import annotations

import time
from typing import Final

import click

from mnemic.surface.commands import common_options
from mnemic.surface.faults import Exit
from mnemic.surface.invocation import Invocation

_PAUSE: Final = 2.0
"""Seconds between looks at the file with --watch."""


@click.pass_context
def _work(context: click.Context, /, watch: bool) -> int:
    invocation = context.find_object(Invocation)
    assert invocation is not None
    done = 0
    with invocation.memory(creates=False) as memory:
        while True:
            some = memory.flush()
            done += some
            if some and watch:
                invocation.remark(f"{some} done")
            if not watch:
                break
            time.sleep(_PAUSE)
        left = memory.stats().waiting
    invocation.show(done, "done")
    if left:
        invocation.remark(
            f"{left} jobs wait for another encoder. Name it, for example: "
            "mnemic work --encoder minilm"
        )
    return Exit.OK


COMMAND: Final = click.Command(
    "work",
    params=[
        click.Option(["--watch"], is_flag=True, help="Wait for more until Ctrl-C."),
        *common_options(),
    ],
    callback=_work,
    help="Do background jobs until none is left, such as the vectors of --encoder minilm.",
    short_help="Do background jobs until none is left.",
)
