"""The snippets in the README and the docs run, in order, in a folder of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")])


def snippets(page: Path) -> str:
    return "\n".join(re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.M | re.S))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_snippets_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = snippets(page)
    if not code:
        return
    monkeypatch.chdir(tmp_path)
    exec(compile(code, str(page.name), "exec"), {"__name__": "__main__"})


def links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)#\s]+)\)", page.read_text("utf-8"))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        assert (page.parent / link).exists(), link


def test_the_tree_in_the_readme_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "tree.py", "--check"], check=False)
    assert done.returncode == 0, "run: python scripts/tree.py"


def test_what_is_promised_names_tests_that_are_there() -> None:
    told = (ROOT / "docs" / "guarantees.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", told)
    assert len(named) > 40
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text("utf-8"), f"{file}::{test}"
    for script in re.findall(r"`(benchmarks/\w+\.py)`", told):
        assert (ROOT / script).is_file(), script
