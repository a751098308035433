"""Work: background jobs are done to the end, and what waits for another encoder is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mnemic.core.errors import ModelError
from mnemic.core.vectors import Floats
from mnemic.engine.memory import Memory
from mnemic.models.fake import FakeEncoder


class Failing(FakeEncoder):
    """An encoder for the background that never gets anything done."""

    def __init__(self) -> None:
        super().__init__(inline=False, name="failing")

    def encode(self, texts: Sequence[str]) -> Floats:
        raise ModelError("out of order. Repair it")


def test_what_waits_for_another_encoder_is_told(shell: Any) -> None:
    with Memory(shell.db, encoder=Failing()) as memory:
        memory.add("a text that waits for its vector", user_id="ana")
    said = shell("work")
    assert said.code == 0 and said.out == "nothing was waiting\n"
    assert "1 jobs wait" in said.err and "mnemic work --encoder minilm" in said.err


def test_nothing_to_do(shell: Any) -> None:
    shell.add("x")
    said = shell("work")
    assert (said.code, said.out, said.err) == (0, "nothing was waiting\n", "")
    assert shell("work", "--json").json == {"done": 0}


def test_watching_goes_on_until_ctrl_c(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.add("x")
    pauses = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("mnemic.surface.work.time.sleep", sleep)
    assert shell("work", "--watch").code == 130
    assert len(pauses) == 3
