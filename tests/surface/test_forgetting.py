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
    assert "everything of user 'ana', session 's1'" in said.err
    assert [record["text"] for record in shell("list", "--json").json["records"]] == ["two"]


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
