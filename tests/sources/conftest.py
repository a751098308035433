"""Small files that are faithful to the real formats, and the folder of benchmark data."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("MNEMIC_SHARED", Path(__file__).parents[3] / "shared"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Put a text or bytes into a file under tmp_path, and give its path."""

    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


@pytest.fixture
def data() -> Path:
    """The benchmark data beside the checkout; tests that need it are marked `shared`."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("no benchmark data beside the checkout")
    return folder
