"""Options come first, the environment second, defaults last."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnemic.core.errors import MnemicError, StoreError
from mnemic.surface.invocation import Invocation
from mnemic.surface.settings import Settings


def test_options_come_before_the_environment() -> None:
    settings = Settings(db="environment.db", encoder="none")
    assert Invocation(settings).place == "environment.db"
    assert Invocation(settings, db="option.db").place == "option.db"
    assert Invocation(settings).wanted_encoder is None
    assert Invocation(settings, encoder="static").wanted_encoder == "static"
    assert Invocation().wanted_encoder == "static" and Invocation().place is None


def test_an_encoder_is_told_only_what_is_its_own() -> None:
    settings = Settings(openai_api_key="k", openai_base_url="http://x/v1", cache="/cache")
    assert Invocation(settings).encoder_options() == {}
    assert Invocation(settings, encoder="openai:m").encoder_options() == {
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


@pytest.mark.parametrize("db", ["", "~nobody-of-this-name/memory.db"])
def test_a_place_that_is_none(db: str) -> None:
    with pytest.raises(MnemicError):
        Invocation(db=db).memory()
