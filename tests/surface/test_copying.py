"""Whole files: put back after a yes, merged with their conflicts told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mnemic.surface import terminal


@pytest.fixture
def backup(shell: Any, tmp_path: Path) -> str:
    """A backup of one record; a second one came later."""
    shell.add("The ferry leaves at eight.")
    path = str(tmp_path / "copy.db")
    assert shell("backup", path).code == 0
    shell.add("The tide is low.")
    return path


def count(shell: Any, *words: str) -> int:
    return int(shell("stats", "--json", *words).json["records"])


def test_nothing_is_replaced_unasked(shell: Any, backup: str) -> None:
    said = shell("restore-backup", backup)
    assert said.code == 2 and "--yes" in said.err and count(shell) == 2


def test_a_no_and_a_yes(shell: Any, backup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "somebody_answers", lambda: True)
    said = shell("restore-backup", backup, stdin="n\n")
    assert said.code == 1 and "lose what was written there since" in said.err and count(shell) == 2
    said = shell("restore-backup", backup, stdin="y\n")
    assert said.code == 0 and "1 record" in said.out and count(shell) == 1


def test_where_nothing_is_nobody_is_asked(shell: Any, backup: str, tmp_path: Path) -> None:
    new = str(tmp_path / "new.db")
    made = shell("restore-backup", backup, "--db", new, "--json").json
    assert made["replaced"] is False and made["made_at"].endswith("Z")
    assert count(shell, "--db", new) == 1
    assert shell("restore-backup", str(tmp_path / "none.db"), "--db", new).code == 5


def test_merging_tells_conflicts(shell: Any, tmp_path: Path) -> None:
    id = shell.add("I live in Porto.")
    one, two, out, db = (str(tmp_path / name) for name in ("1.zip", "2.zip", "3.zip", "other.db"))
    assert shell("export", one).code == 0
    assert shell("load", one, "--db", db).code == 0
    shell("update", id, "--text", "I live in Lisbon.")
    shell("update", id, "--text", "I live in Faro.", "--db", db)
    assert shell("export", one).code == 0
    assert shell("export", two, "--db", db).code == 0
    said = shell("merge", one, two, out, "--prefer", "first")
    assert said.code == 0 and "1 conflict" in said.out
    assert "kept (first file)  I live in Lisbon." in said.out
    assert "left out  I live in Faro." in said.out
    made = shell("merge", one, two, out, "--json").json
    assert [conflict["kept_from"] for conflict in made["conflicts"]] == ["second"]
    assert shell("merge", one, str(tmp_path / "none.zip"), out).code == 5
    loaded = shell("load", out, "--json").json
    assert loaded["conflicts"][0]["kept"]["text"] == "I live in Lisbon."


def test_a_file_that_is_no_export_leaves_no_database(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    assert shell("load", str(tmp_path / "x.zip")).code == 5
    assert shell("load", str(tmp_path / "none.zip")).code == 5
    assert not shell.db.exists()
