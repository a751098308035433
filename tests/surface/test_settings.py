"""Laws of the environment: read in one place, told to nobody."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import mnemic
from mnemic.surface.settings import Settings

PACKAGE = Path(mnemic.__file__).parent


def test_no_other_file_reads_the_environment() -> None:
    reads = re.compile(
        r"\bos\.environ(?!\[[^]]+\] = |\.setdefault\()|import environ|\bgetenv\b|envvar"
    )  # what a library under test is told through the environment is written, not read
    readers = {path.name for path in PACKAGE.rglob("*.py") if reads.search(path.read_text("utf-8"))}
    assert readers <= {"settings.py"}


def test_empty_is_none() -> None:
    assert Settings.read({"MNEMIC_DB": "", "MNEMIC_USER": "ana"}) == Settings(user="ana")
    assert Settings.read({}) == Settings()


def test_the_process_environment_is_read_by_default() -> None:
    assert isinstance(Settings.read(), Settings)


def test_a_key_is_not_shown() -> None:
    settings = Settings.read({"OPENAI_API_KEY": "sk-very-secret", "MNEMIC_KEY": "most secret"})
    assert settings.openai_api_key == "sk-very-secret" and settings.key == "most secret"
    assert "secret" not in repr(settings)


def test_every_variable_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/cli.md").read_text("utf-8")
    variables = [
        f"MNEMIC_{field.name.upper()}" if "openai" not in field.name else field.name.upper()
        for field in fields(Settings)
    ]
    assert all(f"`{variable}`" in page for variable in variables)
