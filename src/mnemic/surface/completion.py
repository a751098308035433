"""`mnemic completion`: the script that teaches a shell to complete the program's words."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import get_completion_class

from mnemic.surface.commands import common_options
from mnemic.surface.faults import Exit

_HELP: Final = """Print the script that completes mnemic's commands and options in a shell.

\b
bash   eval "$(mnemic completion bash)"            in ~/.bashrc
zsh    eval "$(mnemic completion zsh)"             in ~/.zshrc
fish   mnemic completion fish > ~/.config/fish/completions/mnemic.fish
"""


@click.pass_context
def _completion(context: click.Context, /, shell: str) -> int:
    made = get_completion_class(shell)
    assert made is not None, "click completes each of the shells that are offered"
    program = context.find_root().command
    click.echo(made(program, {}, "mnemic", "_MNEMIC_COMPLETE").source())
    return Exit.OK


COMMAND: Final = click.Command(
    "completion",
    params=[click.Argument(["shell"], type=click.Choice(["bash", "zsh", "fish"])),
            *common_options()],
    callback=_completion,
    help=_HELP,
    short_help="Print the script that completes commands in bash, zsh or fish.",
)  # fmt: skip
