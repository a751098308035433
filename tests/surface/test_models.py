"""Models: which there are, what each lacks, and a remedy where one cannot be built."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_the_list(shell: Any, tmp_path: Path) -> None:
    made = shell("models", "list", "--json", MNEMIC_CACHE=str(tmp_path)).json["models"]
    ready = {model["name"]: model["ready"] for model in made}
    assert ready["static"] and not ready["minilm"]
    shown = shell("models", MNEMIC_CACHE=str(tmp_path)).out
    assert "static  ready" in shown and "minilm  not ready" in shown


def test_weights_that_are_not_there(shell: Any, tmp_path: Path) -> None:
    said = shell("models", "build", "minilm", "--source", str(tmp_path / "none"))
    assert said.code == 6 and said.err.count("\n") == 1 and "model.safetensors" in said.err
