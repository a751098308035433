"""The program as a process: pipes that close, signals, encodings, terminals, time to start."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of Unix")


@unix
def test_a_pipe_that_closes_is_no_error(shell: Any) -> None:
    for number in range(4):
        shell.add(f"2025 {number} " + "word " * 20_000)  # more than a pipe holds
    process = shell.start("list")
    first = process.stdout.readline()
    process.stdout.close()
    with process.stderr:
        errors = process.stderr.read()
    assert process.wait(30) == 141
    assert b"20" in first and errors == b""


def count(path: Path) -> int:
    """How many records a file holds that another process is writing."""
    base = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        return int(base.execute("SELECT count(*) FROM records").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # the tables are not there yet
    finally:
        base.close()


@unix
def test_ctrl_c_during_an_import_loses_nothing(shell: Any, chat: Callable[[int], Path]) -> None:
    path = str(chat(2_500))
    process = shell.start("import", path, "--user", "ana")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        if shell.db.exists() and count(shell.db) >= 500:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    kept = shell("stats", "--json").json["records"]
    assert 0 < kept < 2_500
    assert f"{kept:,} messages" in errors.decode() and b"Traceback" not in errors
    assert shell("doctor").code == 0
    again = shell("import", path, "--user", "ana", "--json").json
    assert again["already"] == kept and again["written"] == 2_500 - kept


SEVERAL = """
import json, sys
from mnemic.surface.cli import cli
for words in json.loads(sys.argv[1]):
    print("$", words[0], cli.main(words, standalone_mode=False), file=sys.stderr)
"""
"""One process for several command lines; each prints its exit code."""


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_any_encoding_of_the_terminal_will_do(shell: Any, encoding: str) -> None:
    shell.add("I moved to 東京 in May, said Zoë 🙂", "--speaker", "梅")
    lines = [["search", "東京"], ["log"], ["stats"], ["context", "Zoë"], ["list", "--json"]]
    environment = shell.environment | {"MNEMIC_DB": str(shell.db), "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-c", SEVERAL, json.dumps(lines)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    codes = [line.split()[-1] for line in done.stderr.decode(encoding).splitlines()]
    assert codes == ["0"] * len(lines)
    shown = done.stdout.decode(encoding).splitlines()
    assert json.loads(shown[-1])["records"][0]["speaker"] == "梅"
    assert ("東京" in shown[1]) is (encoding == "utf-8")


def watched(shell: Any, lines: Sequence[Sequence[str]], columns: int = 80) -> str:
    """What a person sees on a terminal of this width."""
    import fcntl
    import struct
    import termios

    inside, outside = pty.openpty()
    fcntl.ioctl(outside, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = shell.environment | {"MNEMIC_DB": str(shell.db), "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-c", SEVERAL, json.dumps(lines)],
        stdin=outside, stdout=outside, stderr=outside, env=environment,
    ):  # fmt: skip
        os.close(outside)
        seen = b""
        while True:
            try:
                seen += os.read(inside, 65536)
            except OSError:  # the other end is closed
                break
        os.close(inside)
    return seen.decode().replace("\r\n", "\n")


@unix
def test_a_memory_cannot_steer_the_terminal(shell: Any) -> None:
    evil = "[red]bold claims[/red] \x1b[2J\x1b]0;owned\x07 \x9b31m \u202eevil [link=http://x]y[/]"
    id = shell.add(evil, "--speaker", "[bold]Eve\x1b[1m", "--metadata", '{"k": "\\u001b[5m"}')
    seen = watched(
        shell,
        [
            ["list"],
            ["search", "claims"],
            ["search", "claims", "--explain"],
            ["get", id],
            ["history", id],
            ["context", "bold"],
            ["log"],
            ["get", "01\x1b]0;x"],
            ["list", "--json"],
        ],
    )
    for steering in ("\x1b[2J", "\x1b]0", "\x07", "\x9b", "\u202e", "\x1b[5m"):
        assert steering not in seen
    assert "[red]bold claims[/red]" in seen and r"\x1b[2J" in seen and "[bold]Eve" in seen


@unix
@pytest.mark.parametrize("columns", [60, 120])
def test_lines_fit_and_ids_stay_whole(
    shell: Any, chat: Callable[[int], Path], columns: int
) -> None:
    shell("import", str(chat(12)), "--user", "ana")
    id = shell.add("word " * 60, "--speaker", "Ana")
    seen = watched(shell, [["list"], ["search", "ferry"], ["history", id], ["get", id]], columns)
    assert seen.count(id) >= 3
    for line in re.sub("\x1b\\[[0-9;]*m", "", seen).splitlines():
        assert len(line) <= columns, line


def test_into_a_pipe_go_whole_lines_without_colour(shell: Any) -> None:
    text = "word " * 100 + "end"
    shell.add(text)
    lines = [["list"], ["list", "--json"]]
    environment = shell.environment | {"MNEMIC_DB": str(shell.db)}
    command = [sys.executable, "-c", SEVERAL, json.dumps(lines)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    shown = done.stdout.decode().splitlines()
    assert shown[1:2] == [f"   {text}"] and len(shown) == 3
    assert json.loads(shown[2])["records"][0]["text"] == text
    assert b"\x1b" not in done.stdout
    assert all(line == line.rstrip() for line in shown)


def test_start_is_cheap(shell: Any) -> None:
    said = shell.run("--version")
    assert said.code == 0
    code = "import sys; sys.argv = ['mnemic', '--help']\n"
    code += "from mnemic.surface.cli import main\n"
    code += "try:\n main()\nexcept SystemExit: pass\n"
    code += "print(sorted({'numpy', 'rich', 'sqlite3', 'onnxruntime'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=shell.environment, capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"
