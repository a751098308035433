"""Options come first, the environment second, defaults last."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnemic.core.changes import KEEP
from mnemic.core.errors import InputError, MnemicError, StoreError
from mnemic.surface.invocation import Invocation
from mnemic.surface.settings import Settings


def test_options_come_before_the_environment() -> None:
    settings = Settings(db="environment.db", encoder="none")
    assert Invocation(settings).place == "environment.db"
    assert Invocation(settings, db="option.db").place == "option.db"
    assert Invocation(settings).wanted_encoder is None
    assert Invocation(settings, encoder="static").wanted_encoder == "static"
    assert Invocation().wanted_encoder is KEEP and Invocation().place is None


def test_an_encoder_is_told_only_what_is_its_own() -> None:
    settings = Settings(openai_api_key="k", openai_base_url="http://x/v1", cache="/cache")
    assert Invocation(settings).encoder_options("static") == {}
    assert Invocation(settings).encoder_options("openai:m") == {
        "api_key": "k",
        "base_url": "http://x/v1",
    }
    assert Invocation(settings).encoder_options("minilm") == {"folder": Path("/cache/minilm")}
    assert Invocation().encoder_options("minilm") == {}


def test_a_memory_is_made_only_where_that_makes_sense(tmp_path: Path) -> None:
    invocation = Invocation(db=str(tmp_path / "new.db"))
    with pytest.raises(StoreError, match="no database at"):
        invocation.memory(creates=False)
    invocation.memory(creates=True).close()
    invocation.memory(creates=False).close()
    Invocation(db=":memory:").memory(creates=False).close()


def test_what_is_not_kept_makes_no_file(tmp_path: Path) -> None:
    invocation = Invocation(db=str(tmp_path / "new.db"))
    with invocation.memory(kept=False) as memory:
        memory.add("x", user_id="ana")
    assert not invocation.there
    invocation.memory().close()
    with invocation.memory(kept=False) as memory:
        assert memory.stats().path == invocation.path


def test_the_key_and_secrets_are_read_from_the_environment() -> None:
    assert Invocation().key is None and Invocation().redact == "off"
    assert Invocation(Settings(key="two words")).key == "two words"
    assert Invocation(Settings(redact="mark")).redact == "mark"
    with pytest.raises(InputError, match="MNEMIC_REDACT is 'all'"):
        _ = Invocation(Settings(redact="all")).redact


@pytest.mark.parametrize("db", ["", "~nobody-of-this-name/memory.db"])
def test_a_place_that_is_none(db: str) -> None:
    with pytest.raises(MnemicError):
        Invocation(db=db).memory()
