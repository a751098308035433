"""The program `mnemic`.

Its commands come from `operations.py`, and a few screens that are no single operation are written
by hand beside them. Here errors become one line and an exit code, whatever happens to the terminal
or the pipe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Final

import click

from mnemic import __version__
from mnemic.core.errors import MnemicError
from mnemic.surface import (
    benching,
    completion,
    copying,
    demo,
    faults,
    forgetting,
    importing,
    mcp,
    models,
    terminal,
    work,
)
from mnemic.surface.commands import Doing, Looking, command, common_options
from mnemic.surface.faults import Exit
from mnemic.surface.invocation import Invocation
from mnemic.surface.operations import OPERATIONS
from mnemic.surface.settings import Settings

_EPILOG: Final = "\n".join(
    [
        "\b",
        "Exit codes:",
        *(f"{int(code):>5}  {meaning}" for code, meaning in faults.MEANINGS.items()),
    ]
)


class Program(click.Group):
    """The group of all commands, in the order in which they are worth reading."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, first things first."""
        return list(self.commands)

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> int:
        """Run a command line and end the program; without `standalone_mode`, return the code."""
        terminal.prepare()
        given = list(sys.argv[1:] if args is None else args)
        invocation = Invocation(Settings.read(), json="--json" in given, debug="--debug" in given)
        try:
            code = super().main(
                given, prog_name or "mnemic", complete_var, False, obj=invocation, **extra
            )
        except click.ClickException as error:
            code = _refused(error, invocation)
        except click.Abort:
            code = Exit.INTERRUPTED
        if standalone_mode:
            sys.exit(code or 0)
        return int(code or 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors become exit codes here, before click handles some of them."""
        invocation = ctx.find_object(Invocation)
        assert invocation is not None
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except MnemicError as error:
            if invocation.debug:
                import traceback

                traceback.print_exc()
            return _told(error, invocation)
        except KeyboardInterrupt:
            print(file=sys.stderr)
            return Exit.INTERRUPTED
        except BrokenPipeError:
            # Python flushes stdout once more when it ends; that must not fail again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return Exit.PIPE
        return code


def _told(error: MnemicError, invocation: Invocation) -> Exit:
    code = faults.code(error)
    _say(type(error).__name__, faults.in_options(str(error)), code, invocation)
    return code


def _refused(error: click.ClickException, invocation: Invocation) -> Exit:
    """A command line that click could not use."""
    context = getattr(error, "ctx", None)
    place = context.command_path if context else "mnemic"
    message = terminal.one_line(error.format_message())
    stop = "" if message.endswith((".", "?", "!")) else "."
    _say("UsageError", f"{message}{stop} See {place} --help", Exit.USAGE, invocation)
    return Exit.USAGE


def _say(kind: str, message: str, code: Exit, invocation: Invocation) -> None:
    if invocation.json:
        from mnemic.surface import wire

        wide = terminal.takes_unicode(sys.stderr)
        print(wire.dumps(faults.as_json(kind, message, code), wide=wide), file=sys.stderr)
    else:
        invocation.remark(message)


def _program() -> Program:
    special: dict[str, Doing] = {"import": importing.take_in, "forget": forgetting.forget}
    first: dict[str, Looking] = {"import": importing.look, "load": copying.look}
    group = Program(
        "mnemic",
        help="Memory for AI systems, in one local file.\n\n"
        "Try: mnemic demo. Then: mnemic import PATH --user you, and mnemic search QUESTION.",
        epilog=_EPILOG,
        invoke_without_command=True,
        params=common_options(),
        callback=_bare,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    group.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="Show the version and end.",
        )
    )
    group.add_command(demo.COMMAND)
    for operation in OPERATIONS:
        name = operation.name
        group.add_command(command(operation, special.get(name), first.get(name)))
    for other in (
        *copying.COMMANDS,
        mcp.COMMAND,
        models.COMMAND,
        work.COMMAND,
        benching.COMMAND,
        completion.COMMAND,
    ):
        group.add_command(other)
    return group


@click.pass_context
def _bare(context: click.Context, /) -> None:
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(f"mnemic {__version__}")
        context.exit()


cli: Final = _program()


def main() -> None:
    """The entry point of the program."""
    cli.main()


if __name__ == "__main__":
    main()
