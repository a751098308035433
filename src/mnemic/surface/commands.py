"""From operations to commands: each operation of the list becomes a command of the program.

Places become arguments, the rest options; `user_id` is spelled `--user`. Two commands do more than
call and show: `import` has a progress bar, `forget` asks first. Two look at what they are given
before they make a database: `import` and `load`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mnemic.core.errors import InputError
from mnemic.surface import reading, terminal
from mnemic.surface.faults import Exit, spelling
from mnemic.surface.invocation import Invocation
from mnemic.surface.operations import DRY_RUN, Operation, Parameter, Type, perform

if TYPE_CHECKING:
    from mnemic.engine.memory import Memory

STREAM: Final = "-"
"""Stands for standard input where a text is expected."""

Doing = Callable[["Invocation", "Memory", Operation, dict[str, Any]], Any]
Looking = Callable[[dict[str, Any]], object]


def json_object(text: str) -> dict[str, Any]:
    """The JSON object that a text writes down; anything else is a usage error."""
    try:
        made = json.loads(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not JSON ({error})") from None
    if not isinstance(made, dict):
        raise click.BadParameter(f'{text!r} is not a JSON object such as {{"turn": 3}}')
    return made


def _read(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader whose refusal is a usage error; click would take it for one of its own."""

    def typed(text: str) -> Any:
        try:
            return read(text)
        except InputError as error:
            raise click.BadParameter(str(error)) from None

    return typed


_TYPES: Final[dict[Type, Any]] = {
    Type.INTEGER: click.INT,
    Type.NUMBER: click.FLOAT,
    Type.JSON: json_object,
    Type.PATH: click.Path(path_type=Path),
    Type.POINT: reading.point,
    Type.LINES: _read(reading.objects),
    Type.RULES: _read(reading.rules),
}
"""Types that are not plain text."""
_METAVARS: Final = {Type.TIME: "TIME", Type.JSON: "JSON", Type.POINT: "POINT"}


def _remembered(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, _: click.Parameter, value: Any) -> None:
        """Write an option into the invocation, unless it was not given here."""
        if value is not None and value is not False:
            setattr(context.find_object(Invocation), name, value)

    return keep


def common_options() -> list[click.Parameter]:
    """The options that every command has, and the program itself: where, how, in which form."""

    def option(name: str, help: str, **more: Any) -> click.Option:
        # A name of its own: a command may have an argument of the same, as `reembed ENCODER`.
        own = name.replace("-", "_")
        return click.Option([f"--{name}", f"common_{own}"], help=help, expose_value=False,
                            callback=_remembered(own), **more)  # fmt: skip

    return [
        option("db", "The database; the usual is MNEMIC_DB, or one in your data folder.",
               metavar="PATH"),
        option("encoder", "static, minilm, openai:MODEL, sentence-transformers:NAME or none.",
               metavar="NAME"),
        option("language", "The language of stems and stop words, kept in the file.",
               metavar="NAME"),
        option("timezone", "Where times without a zone were said; the usual is UTC.",
               metavar="NAME"),
        option("timeout", "How long to wait for another process's write; the usual is 10.",
               metavar="SECONDS", type=click.FloatRange(min=0)),
        option("key-prompt", "Ask for the key of a sealed file; the usual is MNEMIC_KEY.",
               is_flag=True),
        option("json", "Answer with one JSON object; errors too, on stderr.", is_flag=True),
        option("debug", "Show where an error comes from.", is_flag=True),
    ]  # fmt: skip


def command(
    operation: Operation, doing: Doing | None = None, first: Looking | None = None
) -> click.Command:
    """The command of an operation; `doing` replaces the plain call.

    `first` looks at the values, and may refuse them, before a database is made for them.
    """
    shown = [_parameter(parameter) for parameter in operation.offered]
    if operation.name == "forget":
        shown.append(click.Option(["--yes", "-y"], is_flag=True, help="Do not ask first."))

    @click.pass_context
    def run(context: click.Context, /, **given: Any) -> int:
        invocation = context.find_object(Invocation)
        assert invocation is not None
        values = _values(operation, given, invocation)
        dry = DRY_RUN.name in values
        if first is not None and not invocation.there:
            first(values)
        with invocation.memory(creates=operation.creates, kept=not dry) as memory:
            if doing is None:
                answer = perform(memory, operation, values)
            else:
                answer = doing(invocation, memory, operation, values)
            invocation.show(answer, operation.answer, dry=dry)
        return _verdict(operation, answer)

    return click.Command(
        operation.name,
        params=[*shown, *common_options()],
        callback=run,
        help=_help(operation),
        short_help=operation.help,
    )


def _help(operation: Operation) -> str:
    places = [parameter for parameter in operation.parameters if parameter.placed]
    width = max((len(_metavar(parameter)) for parameter in places), default=0)
    lines = [f"{_metavar(place):<{width}}  {place.help}" for place in places]
    if any(place.type is Type.PROSE for place in places):
        lines.append(f"{STREAM:<{width}}  Read it from standard input.")
    if any(place.streamed for place in places):
        lines.append(f"{STREAM:<{width}}  Read them from standard input, one on each line.")
    return "\n".join([operation.help, "", "\b", *lines] if lines else [operation.help])


def _metavar(parameter: Parameter) -> str:
    names = {"messages": "TEXT", "given": "RULES", "trial_id": "TRIAL"}
    name = names.get(parameter.name, parameter.name.upper())
    return name.removesuffix("S") if parameter.type is Type.TEXTS else name


def _parameter(parameter: Parameter) -> click.Parameter:
    kind = _TYPES.get(parameter.type, click.STRING)
    if parameter.placed:
        many = parameter.type in (Type.PROSE, Type.TEXTS)
        dots = "..." if many else ""
        metavar = _metavar(parameter) if parameter.required else f"[{_metavar(parameter)}]"
        return click.Argument(
            [parameter.name],
            type=kind,
            nargs=-1 if many else 1,
            required=parameter.required,
            metavar=metavar + dots,
        )
    flag = parameter.type is Type.FLAG
    return click.Option(
        [spelling(parameter.name), parameter.name],
        type=None if flag else kind,
        is_flag=flag,
        multiple=parameter.type is Type.TEXTS,
        metavar=_METAVARS.get(parameter.type),
        help=parameter.help,
    )


def _values(operation: Operation, given: dict[str, Any], invocation: Invocation) -> dict[str, Any]:
    """The arguments for the method: what was given, and the user that is assumed."""
    values: dict[str, Any] = {name: given[name] for name in given if name == "yes"}
    for parameter in operation.offered:
        value = given[parameter.name]
        if value is None or value is False or value == ():
            if not (parameter.assumed and invocation.settings.user) or given.get("all_scopes"):
                continue
            value = invocation.settings.user
        elif parameter.type is Type.PROSE:
            value = terminal.standard_input() if value == (STREAM,) else " ".join(value)
        elif parameter.streamed and value == (STREAM,):
            value = [line for line in terminal.standard_input().split("\n") if line.strip()]
        elif parameter.clearable and value == "":
            value = None
        values[parameter.name] = list(value) if isinstance(value, tuple) else value
    return values


def _verdict(operation: Operation, answer: Any) -> int:
    if operation.name == "search":
        return Exit.OK if len(answer) else Exit.NOTHING
    if operation.name == "context":
        return Exit.OK if answer.text else Exit.NOTHING
    if operation.name == "answer":
        return Exit.NOTHING if answer.abstained else Exit.OK
    if operation.name == "doctor":
        return Exit.OK if answer.ok else Exit.NOTHING
    if operation.name == "residue":
        proven = any(found.telling and not found.elsewhere for found in answer)
        return Exit.NOTHING if proven else Exit.OK
    if operation.name == "forget":
        return Exit.OK if answer.ids else Exit.NOTHING
    if operation.name == "monitor":
        return Exit.OK if all(verdict.ok for verdict in answer) else Exit.NOTHING
    return Exit.OK
