"""Forgetting asks first, shows what it is about, and never takes a user for granted."""

from __future__ import annotations

from typing import Any

import pytest

from mnemic.surface import forgetting


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the terminal."""
    monkeypatch.setattr(forgetting, "somebody_answers", lambda: True)


def test_nobody_can_be_asked(shell: Any) -> None:
    id = shell.add("keep me")
    said = shell("forget", id)
    assert said.code == 2 and "--yes" in said.err
    assert shell("forget", id, "--json").code == 2
    assert shell("get", id).code == 0


def test_what_to_forget_is_asked_for_before_a_yes(shell: Any) -> None:
    shell.add("keep me")
    for said in (shell("forget"), shell("forget", "--json"), shell("forget", "--yes")):
        assert said.code == 2
        assert "ids" in said.err and "--user" in said.err and "--yes" not in said.err


@pytest.mark.usefixtures("asked")
def test_no_means_no(shell: Any) -> None:
    id = shell.add("keep me")
    said = shell("forget", id, stdin="n\n")
    assert said.code == 1 and "nothing was forgotten" in said.err
    assert "keep me" in said.err and id in said.err
    assert shell("get", id).code == 0


@pytest.mark.usefixtures("asked")
def test_yes_erases(shell: Any) -> None:
    id = shell.add("forget me, please, all of me")
    said = shell("forget", id, stdin="y\n")
    assert said.code == 0 and "erased: 1 record" in said.out
    assert shell("get", id).code == 3
    assert b"all of me" not in shell.db.read_bytes()


@pytest.mark.usefixtures("asked")
def test_a_scope_is_named_in_the_question(shell: Any) -> None:
    shell.add("one", "--session", "s1")
    shell.add("two", "--session", "s2")
    said = shell("forget", "--user", "ana", "--session", "s1", stdin="y\n")
    assert "Erase 1 record of user 'ana', session 's1', for good?" in said.err
    assert "one" in said.err and "two" not in said.err
    assert [record["text"] for record in shell("list", "--json").json["records"]] == ["two"]


@pytest.mark.usefixtures("asked")
def test_conditions_show_what_would_go(shell: Any) -> None:
    for day in range(10):
        shell.add(f"note of day {day}", "--timestamp", f"2025-06-{1 + day:02}")
    said = shell("forget", "--user", "ana", "--since", "2025-06-02", stdin="n\n")
    assert said.code == 1 and "Erase 9 records of user 'ana', since '2025-06-02'" in said.err
    assert "note of day 1" in said.err and "note of day 0" not in said.err
    assert "and 1 more" in said.err and shell("stats", "--json").json["records"] == 10
    said = shell("forget", "--user", "ana", "--since", "2026", stdin="")
    assert said.code == 1 and "nothing is there of user 'ana', since '2026'" in said.err
    words = ("--query", "note of day 3", "--threshold", "0", "--until", "2025-06-04")
    assert shell("forget", *words, "--since", "2025-06-04", stdin="y\n").code == 0
    assert shell("stats", "--json").json["forgotten"] == 1


@pytest.mark.usefixtures("asked")
def test_what_was_drawn_from_it_is_shown(shell: Any) -> None:
    id = shell.add("Bob plays the cello.")
    shell.add("Bob is a musician.", "--kind", "fact", "--derived-from", id)
    said = shell("forget", id, stdin="n\n")
    assert "Erase 1 record, and 1 drawn from it, for good?" in said.err
    assert "drawn from the others" in said.err and "Bob is a musician." in said.err


@pytest.mark.parametrize("form", ["for eyes", "--json"])
def test_a_dry_run_asks_nothing_and_keeps_all(shell: Any, form: str) -> None:
    id = shell.add("keep me")
    said = shell("forget", "--user", "ana", "--dry-run", *([form] if form == "--json" else []))
    assert said.code == 0 and said.err == ""
    if form == "--json":
        assert said.json["dry_run"] is True and said.json["ids"] == [id]
    else:
        assert "keep me" in said.out and "dry run: 1 record" in said.out
    assert shell("get", id).code == 0 and shell("certificates").out.startswith("nothing was ever")


def test_the_environment_names_no_victim(shell: Any) -> None:
    id = shell.add("keep me")
    said = shell("forget", "--yes", MNEMIC_USER="ana")
    assert said.code == 2
    assert shell("get", id).code == 0
    assert shell("forget", id, "--yes", MNEMIC_USER="ana", stdin="").code == 0


def test_unknown_ids_erase_nothing(shell: Any) -> None:
    id = shell.add("keep me")
    assert shell("forget", id, "01NOTHING", "--yes").code == 3
    assert shell("get", id).code == 0


def test_the_certificate(shell: Any) -> None:
    id = shell.add("forget me, please")
    made = shell("forget", id, "--yes", "--reason", "gdpr", "--json").json
    assert made["status"] == "erased" and made["reason"] == "gdpr" and made["ids"] == [id]
