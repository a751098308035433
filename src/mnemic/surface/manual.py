"""The reference of all commands as Markdown, made from the commands themselves.

    python -m mnemic.surface.manual docs/how-to/cli.md

writes everything below the page's mark anew; a test holds the page against the program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click

from mnemic.surface.cli import cli
from mnemic.surface.commands import common_options
from mnemic.surface.faults import MEANINGS

MARK: Final = "<!-- Below: python -m mnemic.surface.manual docs/how-to/cli.md -->"


def reference() -> str:
    """Exit codes, the options that every command has, and every command."""
    parts = ["## Exit codes", _table((str(int(code)), what) for code, what in MEANINGS.items())]
    parts += ["## Options of every command", _options(common_options(), skip=frozenset())]
    for name, command in _commands(cli, "mnemic"):
        parts += [f"## {name}", *_command(name, command)]
    return "\n\n".join(parts) + "\n"


def renewed(page: str) -> str:
    """The page with everything below its mark made anew. Raises ValueError without a mark."""
    head, mark, _ = page.partition(MARK)
    if not mark:
        raise ValueError(f"the page has no line {MARK!r}")
    return f"{head}{MARK}\n\n{reference()}"


def _commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{name} {command.name}")
        else:
            yield f"{name} {command.name}", command


def _command(name: str, command: click.Command) -> Iterator[str]:
    common = frozenset(str(option.name) for option in common_options())
    context = click.Context(command, info_name=name)
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f"```\n{name} {pieces}\n```"
    sentence, _, places = (command.help or "").partition("\n\n\b\n")
    yield " ".join(sentence.split())
    if places:
        yield f"```\n{places.strip()}\n```"
    options = _options(command.params, skip=common)
    if options:
        yield options


def _options(options: Iterable[click.Parameter], skip: frozenset[str]) -> str:
    rows = []
    for option in options:
        if not isinstance(option, click.Option) or option.name in skip:
            continue
        written = max(option.opts, key=len)
        kind = option.metavar or option.type.name.upper()
        again = ", may be repeated" if option.multiple else ""
        rows.append((f"{written}" if option.is_flag else f"{written} {kind}", _dot(option, again)))
    return _table(rows)


def _dot(option: click.Option, again: str) -> str:
    told = (option.help or "").rstrip(".")
    return f"{told}{again}"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| `{name}` | {what.replace('|', chr(92) + '|')} |" for name, what in rows]
    return "\n".join(["| | |", "|---|---|", *lines]) if lines else ""


def main() -> None:
    """Renew the page that is named."""
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
