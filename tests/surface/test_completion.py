"""Completion: scripts for three shells, and words that complete."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_scripts(shell: Any, name: str) -> None:
    said = shell("completion", name)
    assert said.code == 0 and "_MNEMIC_COMPLETE" in said.out and "mnemic" in said.out


def test_other_shells_are_refused(shell: Any) -> None:
    assert shell("completion", "tcsh").code == 2


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("mnemic sup", "supersede"),
        ("mnemic search --all", "--all-scopes"),
        ("mnemic models b", "build"),
    ],
)
def test_words_complete(shell: Any, typed: str, offered: str) -> None:
    asked = {
        "_MNEMIC_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    said = shell.run(env=asked)
    assert offered in said.out and "Traceback" not in said.err
