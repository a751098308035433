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

from mnemic.core.errors import InputError, StoreError
from mnemic.surface import terminal
from mnemic.surface.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from mnemic.engine.memory import Memory


@dataclass
class Invocation:
    """One call of `mnemic`; the options that every command has write into it."""

    settings: Settings = field(default_factory=Settings)
    db: str | None = None
    encoder: str | None = None
    language: str | None = None
    timezone: str | None = None
    timeout: float | None = None
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
    def wanted_encoder(self) -> str | None:
        """The encoder's name; None for text alone."""
        name = self.encoder or self.settings.encoder or "static"
        return None if name.lower() == "none" else name

    @property
    def place(self) -> str | None:
        """The database that was named; None is the user's own."""
        return self.settings.db if self.db is None else self.db

    def memory(self, *, creates: bool = True) -> Memory:
        """Open the memory. Raises StoreError when there is none and the command makes none."""
        from mnemic.engine.build import default_path
        from mnemic.engine.memory import Memory
        from mnemic.store.place import home

        if self.place == "":  # as in --db "$UNSET"
            raise InputError("--db is empty. Name a file, or leave it out")
        path = str(default_path() if self.place is None else home(self.place))
        if not creates and path != ":memory:" and not Path(path).exists():
            raise StoreError(
                f"no database at {path}. `mnemic add` or `mnemic import` makes one; "
                "--db or MNEMIC_DB names another"
            )
        return Memory(
            path,
            encoder=self.wanted_encoder,
            encoder_options=self.encoder_options(),
            language=self.language,
            timezone=self.timezone or self.settings.timezone or "UTC",
            timeout=10.0 if self.timeout is None else self.timeout,
            actor="cli",
        )

    def encoder_options(self, name: str | None = None) -> dict[str, Any]:
        """What an encoder, by default the wanted one, must know of the environment."""
        name = name or self.wanted_encoder or ""
        options: dict[str, Any] = {}
        if name.startswith("openai:"):
            options["api_key"] = self.settings.openai_api_key
            options["base_url"] = self.settings.openai_base_url
        elif name == "minilm" and self.settings.cache:
            options["folder"] = Path(self.settings.cache).expanduser() / name
        return {key: value for key, value in options.items() if value is not None}

    def show(self, answer: Any, name: str = "") -> None:
        """Print an answer, for eyes or as JSON; `name` is for a bare list or number."""
        if self.json:
            self.print_json(answer, name)
        else:
            from mnemic.surface import screens

            screens.show(self.console, answer)

    def remark(self, text: str) -> None:
        """Say something on stderr, on one line."""
        print(f"mnemic: {terminal.one_line(text)}", file=sys.stderr)

    def print_json(self, value: Any, name: str = "") -> None:
        """One JSON object: indented on a terminal, on one line into a pipe."""
        from mnemic.surface import wire

        wide = terminal.takes_unicode(sys.stdout)
        indent = 2 if sys.stdout.isatty() else None
        print(wire.dumps(wire.answer(value, name), wide=wide, indent=indent))
