"""The page docs/how-to/cli.md says what the program does."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnemic.surface.cli import cli
from mnemic.surface.manual import MARK, renewed

PAGE = Path(__file__).parents[2] / "docs/how-to/cli.md"


def test_the_page_is_as_the_program_is() -> None:
    page = PAGE.read_text("utf-8")
    assert page == renewed(page), "run: python -m mnemic.surface.manual docs/how-to/cli.md"


def test_the_page_lists_every_command() -> None:
    page = PAGE.read_text("utf-8")
    for name, command in cli.commands.items():
        assert f"## mnemic {name}" in page
        for option in command.params:
            assert all(written in page for written in option.opts if written.startswith("--"))


def test_a_page_without_mark_is_left_alone() -> None:
    with pytest.raises(ValueError, match="no line"):
        renewed("# Something else")
    assert renewed(f"# Head\n\n{MARK}\nold").startswith(f"# Head\n\n{MARK}\n\n## Exit codes")
