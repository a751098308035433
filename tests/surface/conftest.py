"""A command line to type into: its own folder and home, nothing of the caller's environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mnemic.surface.cli import cli

MAIN = [sys.executable, "-m", "mnemic.surface.cli"]
_OURS = ("MNEMIC_", "OPENAI_", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")


@dataclass(frozen=True, slots=True)
class Said:
    """What a command line answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs command lines on one database."""

    db: Path
    environment: dict[str, str]

    def __call__(self, *words: str, stdin: str | bytes | None = None, **more: str) -> Said:
        """In this process; `more` goes into the environment."""
        known = {"HOME": str(self.db.parent), "MNEMIC_DB": str(self.db), **more}
        done = CliRunner().invoke(cli, list(words), input=stdin, env=known, catch_exceptions=False)
        return Said(done.exit_code, done.stdout, done.stderr)

    def start(self, *words: str, **more: Any) -> subprocess.Popen[bytes]:
        """In a process of its own."""
        environment = self.environment | {"MNEMIC_DB": str(self.db)} | more.pop("env", {})
        pipes: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        return subprocess.Popen([*MAIN, *words], env=environment, **pipes | more)

    def run(self, *words: str, **more: Any) -> Said:
        """In a process of its own, to its end."""
        process = self.start(*words, **more)
        out, err = process.communicate(timeout=30)
        return Said(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))

    def add(self, text: str, *words: str) -> str:
        """Remember a text; gives its id."""
        said = self("add", text, "--user", "ana", "--json", *words)
        assert said.code == 0, said.err
        return str(said.json["ids"][0])


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in list(os.environ):
        if name.startswith(_OURS):
            monkeypatch.delenv(name)
    environment = dict(os.environ) | {"HOME": str(tmp_path)}
    return Shell(tmp_path / "memory.db", environment)


@pytest.fixture
def chat(tmp_path: Path) -> Callable[[int], Path]:
    """Makes a chat of so many messages, as JSON Lines."""

    def make(count: int) -> Path:
        path = tmp_path / "chat.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number in range(count):
                message = {
                    "role": "user",
                    "name": "Ana",
                    "content": f"Note {number}: the ferry to Cacilhas leaves at pier {number % 7}.",
                    "timestamp": f"2025-01-{1 + number % 28:02}T10:{number % 60:02}:00Z",
                    "session_id": f"s{number // 100}",
                }
                file.write(json.dumps(message) + "\n")
        return path

    return make
