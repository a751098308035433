"""The demonstration: what it promises is true, twice on one file, and on data of any kind."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from mnemic.core.errors import SourceError
from mnemic.engine.memory import Memory
from mnemic.surface import demo_own, demo_year
from mnemic.surface.invocation import Invocation


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> demo_year.Tour:
    with Memory(tmp_path_factory.mktemp("demo") / "demo.db") as memory:
        return demo_year.tour(memory, demo_year.example(), "you")


def test_it_imports_the_year(made: demo_year.Tour) -> None:
    assert made.imported.written == 316 and made.imported.sessions == 28


def test_each_answer_is_among_the_hits(made: demo_year.Tour) -> None:
    assert len(made.answered) == 8
    assert all(answered.holding for answered in made.answered)
    assert sum(min(answered.holding) <= 3 for answered in made.answered) >= 6


def test_no_step_takes_long(made: demo_year.Tour) -> None:
    assert made.imported.seconds < 5
    assert all(answered.milliseconds < 2000 for answered in made.answered)


def test_the_pack_holds_the_answer_within_its_budget(made: demo_year.Tour) -> None:
    assert "sesame" in made.pack.text and made.pack.tokens <= made.pack.max_tokens


def test_the_past_answers_as_it_was(made: demo_year.Tour) -> None:
    assert [view.text.split(" marry on ")[1] for view in made.views] == [
        "28 June 2025.",
        "13 September 2025.",
        "11 October 2025.",
    ]
    verbs = [step.change.verb for step in made.history]
    assert verbs.count("put") == 3 and verbs.count("revise") == 2


def test_a_file_that_is_kept_can_be_shown_again(shell: Any) -> None:
    first = shell("demo", "--db", str(shell.db), "--json").json
    again = shell("demo", "--db", str(shell.db), "--json").json
    assert first["imported"]["written"] == 316 and again["imported"]["already"] == 316
    assert first["views"] == again["views"]
    assert len(shell("list", "--kind", "fact", "--json").json["records"]) == 3
    assert shell("search", "Who is Rui?").code == 0


def test_without_a_file_nothing_is_left(shell: Any, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    said = shell("demo")
    assert said.code == 0
    assert set(tmp_path.iterdir()) == before
    for told in ("1. On which date", "8. 豆腐", "turns/s", "as of 2025-05-01", "Next"):
        assert told in said.out


def test_your_own_data(shell: Any, tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.mkdir()
    (path / "garden.md").write_text("# Garden\n\nTomatoes need water. Tomatoes love the sun.\n")
    (path / "boat.md").write_text("# Boat\n\nThe mast of the sailing boat is new.\n")
    said = shell("demo", "--data", str(path))
    assert said.code == 0
    assert "markdown" in said.out and "tomatoes" in said.out.lower() and "Next" in said.out


@pytest.mark.parametrize(
    "content",
    [
        '{"role": "user", "content": "?!"}\n',
        '{"role": "user", "content": "🙂"}\n{"role": "assistant", "content": "1 2 3"}\n',
        '{"name": "梅", "content": "豆腐换猫粮"}\n',
        '{"name": "[red]Eve", "content": "a \\u001b[2J claim of claims"}\n',
    ],
)
def test_data_of_any_kind(shell: Any, tmp_path: Path, content: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(content, encoding="utf-8")
    said = shell("demo", "--data", str(path))
    assert said.code == 0 and "\x1b" not in said.out
    made = shell("demo", "--data", str(path), "--json").json
    assert made["imported"]["written"] == content.count("\n")


def test_data_that_cannot_be_read(shell: Any, tmp_path: Path) -> None:
    assert shell("demo", "--data", str(tmp_path / "nothing")).code == 5


def test_questions_are_typed_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_text(json.dumps({"name": "Ana", "content": "The ferry leaves at eight."}) + "\n")
    seen = io.StringIO()
    invocation = Invocation(db=str(tmp_path / "memory.db"))
    invocation.console = Console(file=seen, force_terminal=True, width=80)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    typed = iter(["when does the ferry leave?", "\ud800", ""])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    with invocation.memory() as memory:
        demo_own.show(invocation, memory, path, "you", kept=True)
    assert "The ferry leaves at eight." in seen.getvalue()
    assert next(typed, "asked to the end") == "asked to the end"


def test_the_example_is_found_or_missed_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(demo_year.example().questions) == 8
    monkeypatch.setattr(demo_year, "_PLACES", (Path("/nowhere"),))
    with pytest.raises(SourceError, match="mnemic demo --data"):
        demo_year.example()
