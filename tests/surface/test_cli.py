"""The program: its options, its exit codes, and files that are no memory."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from mnemic import __version__
from mnemic.engine.memory import Memory
from mnemic.evolution.gauge import MEASURES
from mnemic.surface.cli import cli

READING = ("list", "stats", "scopes", "log", "doctor", "flush", "work")


def test_help_names_every_command_and_code(shell: Any) -> None:
    said = shell("--help")
    assert said.code == 0
    for name in cli.commands:
        assert re.search(rf"^  {name} ", said.out, re.M)
    assert re.search(r"^ +4  the database cannot serve", said.out, re.M)


def test_bare_is_help(shell: Any) -> None:
    assert shell().out == shell("-h").out


@pytest.mark.parametrize("name", list(cli.commands))
def test_every_command_has_help_and_json(shell: Any, name: str) -> None:
    said = shell(name, "--help")
    assert said.code == 0 and said.out.startswith("Usage: mnemic ")
    assert "--json" in said.out and "--db" in said.out


def test_version(shell: Any) -> None:
    assert shell("--version").out == f"mnemic {__version__}\n"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("serch", "x"), "'search'"),
        (("search",), "Missing argument"),
        (("list", "--limit", "many"), "'many'"),
        (("list", "--nonsense"), "--nonsense"),
        (("models", "build", "gpt"), "gpt"),
    ],
)
def test_a_wrong_command_line_is_one_line(shell: Any, words: tuple[str, ...], hint: str) -> None:
    said = shell(*words)
    assert said.code == 2 and said.out == ""
    assert said.err.count("\n") == 1 and said.err.startswith("mnemic: ") and hint in said.err


def test_options_of_every_command_may_come_first(shell: Any) -> None:
    shell.add("x")
    assert shell("--json", "stats").json == shell("stats", "--json").json
    assert shell("--db", "/nowhere/x.db", "stats").code == 4
    assert shell("--db", "/nowhere/x.db", "stats", "--db", str(shell.db)).code == 0


@pytest.mark.parametrize("name", READING)
def test_reading_makes_no_file(shell: Any, name: str) -> None:
    said = shell(name)
    assert said.code == 4 and "no database at" in said.err and "mnemic import" in said.err
    assert not shell.db.exists()


def test_a_file_that_is_something_else(shell: Any) -> None:
    shell.db.write_text("Dear diary, " * 1000)
    before = shell.db.read_bytes()
    for words in (("list",), ("add", "x", "--user", "ana"), ("doctor", "--repair")):
        said = shell(*words)
        assert said.code == 4 and "not a database" in said.err
    assert shell.db.read_bytes() == before


def test_a_folder(shell: Any, tmp_path: Path) -> None:
    assert shell("add", "x", "--user", "ana", "--db", str(tmp_path)).code == 4


def test_a_file_from_the_future(shell: Any) -> None:
    shell.add("x")
    base = sqlite3.connect(shell.db)
    base.execute("PRAGMA user_version = 9999")
    base.close()
    said = shell("list")
    assert said.code == 4 and "later version" in said.err


def test_a_locked_file(shell: Any) -> None:
    shell.add("x")
    other = sqlite3.connect(shell.db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said = shell("add", "y", "--user", "ana", "--timeout", "0")
    assert said.code == 4 and "locked" in said.err and "--timeout" in said.err
    assert shell("list").code == 0
    other.execute("ROLLBACK")
    other.close()


def test_a_file_without_database_in_it(shell: Any) -> None:
    shell.db.touch()
    assert shell("list").out == "nothing here\n"


def test_an_unknown_user_has_nothing(shell: Any) -> None:
    shell.add("x")
    said = shell("search", "x", "--user", "nobody")
    assert (said.code, said.out) == (1, "nothing found\n")
    assert shell("list", "--user", "nobody").out == "nothing here\n"


def test_debug_shows_where(shell: Any) -> None:
    shell.add("x")
    said = shell("get", "01NOTHING", "--debug")
    assert "Traceback" in said.err and said.code == 3
    assert "Traceback" not in shell("get", "01NOTHING").err


def test_what_was_forgotten_is_not_found(shell: Any) -> None:
    id = shell.add("x")
    assert shell("forget", id, "--yes").code == 0
    said = shell("get", id)
    assert said.code == 3 and "forgotten" in said.err


@pytest.mark.parametrize("form", ["for eyes", "--json"])
def test_every_command_answers(shell: Any, tmp_path: Path, form: str) -> None:
    one = shell.add("The ferry leaves at eight.", "--speaker", "Ana")
    two = shell.add("The ferry leaves at nine.")
    chat = tmp_path / "chat.jsonl"
    chat.write_text('{"role": "user", "content": "The tide is low."}\n')
    labelled = tmp_path / "questions.jsonl"
    labelled.write_text((json.dumps({"query": "ferry", "relevant": [one]}) + "\n") * 30)
    cube = str(tmp_path / "all.zip")
    first = shell("log", "--json").json["entries"][0]
    probe = {"query": "ferry", "relevant": ["ferry"], "user_id": "ana"}
    (tmp_path / "probes.jsonl").write_text(json.dumps(probe) + "\n")
    ids = []
    with Memory(shell.db, encoder=None) as memory:
        nothing: dict[str, None] = dict.fromkeys(MEASURES)
        for _ in range(2):
            tried = memory.trial(lambda tried: None, [probe], thresholds={**nothing})
            ids.append(tried.trial)
        waiting = memory.add("The tide is high.", user_id="ana").id
        memory.hold(waiting)
    backup = str(tmp_path / "copy.db")
    lines = {
        "demo": ("demo",),
        "import": ("import", str(chat)),
        "add": ("add", "a text"),
        "search": ("search", "ferry"),
        "context": ("context", "ferry"),
        "answer": ("answer", "When does the ferry leave?"),
        "fit": ("fit", str(labelled)),
        "list": ("list",),
        "get": ("get", two),
        "update": ("update", one, "--text", "The ferry leaves at seven."),
        "supersede": ("supersede", one, "The ferry leaves at ten."),
        "link": ("link", one, "about", two),
        "delete": ("delete", two),
        "restore": ("restore", two),
        "history": ("history", one),
        "log": ("log",),
        "undo": ("undo", first["id"]),
        "certificates": ("certificates",),
        "residue": ("residue", "words that nobody ever said"),
        "diff": ("diff", "0"),
        "policy": ("policy", "strict"),
        "hold": ("hold", two),
        "held": ("held",),
        "admit": ("admit", two),
        "reject": ("reject", waiting),
        "trials": ("trials",),
        "monitor": ("monitor", str(tmp_path / "probes.jsonl")),
        "accept": ("accept", ids[0]),
        "roll-back": ("roll-back", ids[1]),
        "export": ("export", cube),
        "load": ("load", cube),
        "merge": ("merge", cube, cube, str(tmp_path / "both.zip")),
        "backup": ("backup", backup),
        "restore-backup": ("restore-backup", backup, "--yes"),
        "reembed": ("reembed", "static"),
        "stats": ("stats",),
        "scopes": ("scopes",),
        "doctor": ("doctor",),
        "flush": ("flush",),
        "models": ("models",),
        "work": ("work",),
        "bench": ("bench",),
        "forget": ("forget", two, "--yes"),
    }
    assert lines.keys() == cli.commands.keys() - {"completion", "mcp"}
    for name, words in lines.items():
        if form == "--json":
            said = shell(*words, form)
            assert isinstance(said.json, dict), name
        else:
            said = shell(*words)
            assert said.out.strip(), name
        assert (said.code, said.err) == (0, ""), name
