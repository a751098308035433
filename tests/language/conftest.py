"""The vocabulary that tokenizers are compared on."""

from __future__ import annotations

from importlib.resources import files

import pytest


def _shipped() -> list[str] | None:
    try:
        vocabulary = files("mnemic.models").joinpath("tables", "english", "vocab.txt")
        return vocabulary.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (ModuleNotFoundError, FileNotFoundError, NotADirectoryError):
        return None


def _made() -> list[str]:
    """Characters of many planes, pieces and words: enough for every branch of the algorithm."""
    points = [*range(33, 127), *range(0xA1, 0x600), *range(0x900, 0x1200), 0x4E00, 0x6771, 0x4EAC]
    letters = [chr(point) for point in points]
    words = ["the", "un", "aff", "able", "ing", "ed", "re", "lis", "bon", "hel", "lo", "20", "23"]
    pieces = [*letters, *words, *(f"##{piece}" for piece in (*letters, *words))]
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(pieces)]


@pytest.fixture(scope="session", params=["shipped", "made"])
def vocabulary(request: pytest.FixtureRequest) -> list[str]:
    """Pieces in the order of their ids."""
    if request.param == "made":
        return _made()
    return _shipped() or pytest.skip("no vocabulary in this checkout")
