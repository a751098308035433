"""Files written for a test, outcomes of a made-up system, and the folder of benchmark data."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from mnemic.bench.system import Answered, Found
from mnemic.bench.task import Data, Outcome

SHARED = Path(os.environ.get("MNEMIC_SHARED", Path(__file__).parents[4] / "shared"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Any], Path]:
    """Put a text, or a value as JSON, into a file under tmp_path; gives its path."""

    def put(name: str, content: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return put


@pytest.fixture
def outcome() -> Callable[..., Outcome]:
    """The outcome of a question of the data, by its place, for a system that found these ids."""

    def make(
        data: Data, place: int, found: Sequence[str], answer: Answered | None = None
    ) -> Outcome:
        question = data.questions[place]
        texts = {one.metadata["turn"]: one.text for one in data.partitions[question.conversation]}
        ranked = [Found(id, 1.0 / rank, texts.get(id, "")) for rank, id in enumerate(found, 1)]
        return Outcome(question, ranked, answer, 1.0)

    return make


@pytest.fixture
def data() -> Path:
    """The benchmark data beside the checkout; tests that need it are marked `shared`."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("no benchmark data beside the checkout")
    return folder
