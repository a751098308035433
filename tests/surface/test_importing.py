"""Importing: what comes in, what cannot, and what is said of both."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest
from rich.console import Console

from mnemic.surface import importing, operations
from mnemic.surface.invocation import Invocation
from mnemic.surface.operations import OPERATIONS

IMPORT = next(operation for operation in OPERATIONS if operation.name == "import")


def test_a_second_import_adds_nothing(shell: Any, chat: Callable[[int], Path]) -> None:
    path = str(chat(60))
    said = shell("import", path, "--user", "ana")
    assert said.code == 0 and "60 read (jsonl), 60 written" in said.out
    again = shell("import", path, "--user", "ana", "--json").json
    assert (again["written"], again["already"], again["sessions"]) == (0, 60, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("half.json", b'[{"role": "user", "content": "x"}, {"role"'),
        ("noise.bin", bytes(range(256)) * 40),
        ("empty.jsonl", b""),
        ("times.jsonl", b'{"role": "user", "content": "x", "timestamp": "soon"}\n'),
    ],
)
def test_what_cannot_be_read_changes_nothing(
    shell: Any, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    said = shell("import", str(path), "--user", "ana")
    assert said.code == 5 and said.err.count("\n") == 1 and name in said.err
    assert not shell.db.exists() or shell("stats", "--json").json["records"] == 0


def test_what_cannot_be_told_apart_leaves_no_database(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 40)
    assert shell("import", str(tmp_path / "noise.bin"), "--user", "ana").code == 5
    assert shell("import", str(tmp_path / "nothing.json"), "--user", "ana").code == 5
    assert not shell.db.exists()


def test_a_file_that_is_not_there(shell: Any) -> None:
    assert shell("import", "/nowhere/chat.json", "--user", "ana").code == 5
    said = shell("import", "/nowhere/chat.json", "--user", "ana", "--format", "carrier-pigeon")
    assert said.code == 5 and "carrier-pigeon" in said.err


def test_it_must_be_known_whose_memory_it_becomes(shell: Any, chat: Callable[[int], Path]) -> None:
    said = shell("import", str(chat(3)))
    assert said.code == 2 and "--user" in said.err
    assert shell("import", str(chat(3)), MNEMIC_USER="ana").code == 0


def test_the_bar_moves_to_the_end(tmp_path: Path, chat: Callable[[int], Path]) -> None:
    seen = io.StringIO()
    invocation = Invocation(db=str(tmp_path / "memory.db"))
    invocation.notes = Console(file=seen, force_terminal=True, width=80)
    with invocation.memory() as memory:
        values = {"path": chat(1200), "user_id": "ana"}
        made = importing.take_in(invocation, memory, IMPORT, values)
    assert made.written == 1200
    assert "checking" in seen.getvalue() and "importing" in seen.getvalue()


def test_ctrl_c_says_what_was_kept(
    shell: Any, chat: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped:
        """A memory whose user presses Ctrl-C after the first batch."""

        def __init__(self, memory: Any) -> None:
            self.memory = memory
            self.stats = memory.stats

        def import_file(self, path: Path, user_id: str) -> None:
            self.memory.add(["one", "two"], user_id=user_id)
            raise KeyboardInterrupt

    stopping = operations.perform
    monkeypatch.setattr(
        importing,
        "perform",
        lambda memory, operation, values: stopping(cast(Any, Stopped(memory)), operation, values),
    )
    said = shell("import", str(chat(3)), "--user", "ana")
    assert said.code == 130
    assert "2 messages" in said.err and "again completes it" in said.err


def test_an_import_can_be_tried(
    shell: Any, chat: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("import", str(chat(60)), "--user", "ana", "--dry-run")
    said = shell(*words)
    assert said.code == 0 and said.out.startswith("dry run") and "60 written" in said.out
    assert not shell.db.exists()
    shell.add("x")
    assert "60 written" in shell(*words).out and shell("stats", "--json").json["records"] == 1

    def stopped(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "perform", stopped)
    said = shell(*words)
    assert said.code == 130 and "nothing was kept" in said.err and "completes" not in said.err
