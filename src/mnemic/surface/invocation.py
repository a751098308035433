"""What one call of the program was given, and what it therefore talks to.

Options come first, the environment second, defaults last.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

from mnemic.core.changes import KEEP, Keep
from mnemic.core.errors import InputError, StoreError
from mnemic.surface import reading, terminal
from mnemic.surface.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from mnemic.engine.memory import Memory
    from mnemic.language.secrets import Mode


@dataclass
class Invocation:
    """One call of `mnemic`; the options that every command has write into it."""

    settings: Settings = field(default_factory=Settings)
    db: str | None = None
    encoder: str | None = None
    language: str | None = None
    timezone: str | None = None
    timeout: float | None = None
    key_prompt: bool = False
    json: bool = False
    debug: bool = False

    @cached_property
    def console(self) -> Console:
        """Where answers go."""
        from mnemic.surface.console import PlainConsole

        return PlainConsole(sys.stdout)

    @cached_property
    def notes(self) -> Console:
        """Where progress, questions and remarks go: stderr, so that answers can be piped."""
        from mnemic.surface.console import PlainConsole

        return PlainConsole(sys.stderr)

    @property
    def program(self) -> str:
        """How the program was called, for commands that can be copied."""
        called = sys.argv[0]
        return called if Path(called).stem == "mnemic" and not which("mnemic") else "mnemic"

    @property
    def wanted_encoder(self) -> str | Keep | None:
        """The encoder's name; None for text alone, KEEP for what the file was told."""
        name = self.encoder or self.settings.encoder
        if name is None:
            return KEEP
        return None if name.lower() == "none" else name

    @property
    def place(self) -> str | None:
        """The database that was named; None is the user's own."""
        return self.settings.db if self.db is None else self.db

    @property
    def path(self) -> str:
        """Where the database is, or is to be. Raises InputError where --db names none."""
        from mnemic.engine.build import default_path
        from mnemic.store.place import home

        if self.place == "":  # as in --db "$UNSET"
            raise InputError("--db is empty. Name a file, or leave it out")
        return str(default_path() if self.place is None else home(self.place))

    @property
    def there(self) -> bool:
        """Whether there is a file of this database already."""
        return Path(self.path).exists()

    @cached_property
    def key(self) -> bytes | str | None:
        """What seals the file: typed where --key-prompt asks, else of the environment."""
        if not self.key_prompt:
            return reading.key(self.settings.key)
        import click

        if not terminal.somebody_answers():
            raise InputError("--key-prompt asks, and nobody can be asked here. Set MNEMIC_KEY")
        typed = click.prompt("Key", hide_input=True, confirmation_prompt=not self.there, err=True)
        return reading.key(typed)

    @property
    def redact(self) -> Mode:
        """What becomes of secrets in what is written. Raises InputError for an unknown mode."""
        from mnemic.language.secrets import MODES

        wanted = self.settings.redact
        for mode in MODES:
            if wanted in (None, mode):
                return mode
        raise InputError(f"MNEMIC_REDACT is {wanted!r}. Use {', '.join(MODES)}, or leave it out")

    def memory(self, *, creates: bool = True, kept: bool = True, actor: str = "cli") -> Memory:
        """Open the memory; the log names `actor`.

        Where there is none, and nothing is to be `kept`, an empty one stands in for it. Raises
        StoreError when there is none and the command makes none.
        """
        from mnemic.engine.memory import Memory

        path = self.path
        missing = path != ":memory:" and not self.there
        if missing and not creates:
            raise StoreError(
                f"no database at {path}. `mnemic add` or `mnemic import` makes one; "
                "--db or MNEMIC_DB names another"
            )
        if missing and not kept:
            path = ":memory:"
        return Memory(
            path,
            encoder=self.wanted_encoder,
            encoder_options=self.encoder_options,
            language=self.language,
            timezone=self.timezone or self.settings.timezone or "UTC",
            timeout=10.0 if self.timeout is None else self.timeout,
            actor=actor,
            redact=self.redact,
            key=None if path == ":memory:" else self.key,
        )

    def encoder_options(self, name: str) -> dict[str, Any]:
        """What an encoder must know of the environment."""
        options: dict[str, Any] = {}
        if name.startswith("openai:"):
            options["api_key"] = self.settings.openai_api_key
            options["base_url"] = self.settings.openai_base_url
        elif name == "minilm" and self.settings.cache:
            options["folder"] = Path(self.settings.cache).expanduser() / name
        return {key: value for key, value in options.items() if value is not None}

    def show(self, answer: Any, name: str = "", *, dry: bool = False) -> None:
        """Print an answer, for eyes or as JSON; `name` is for a bare list or number.

        `dry`: it tells what would have been done.
        """
        if self.json:
            self.print_json(answer, name, dry=dry)
        else:
            from mnemic.surface import screens

            if dry:
                screens.tried(self.console, answer)
            screens.show(self.console, answer, name)

    def remark(self, text: str) -> None:
        """Say something on stderr, on one line."""
        print(f"mnemic: {terminal.one_line(text)}", file=sys.stderr)

    def print_json(self, value: Any, name: str = "", *, dry: bool = False) -> None:
        """One JSON object: indented on a terminal, on one line into a pipe."""
        from mnemic.surface import wire

        wide = terminal.takes_unicode(sys.stdout)
        indent = 2 if sys.stdout.isatty() else None
        print(wire.dumps(wire.answer(value, name, dry=dry), wide=wide, indent=indent))
