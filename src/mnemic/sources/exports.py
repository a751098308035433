"""What the exports of ChatGPT and Claude have in common: where their conversations lie."""

from __future__ import annotations

import re
from pathlib import Path

from mnemic.sources.parts import Part, select

FILES = re.compile(r"(^|/)conversations(-\d+)?\.json\Z")
"""One file, or in newer exports several."""

UNWRAP = frozenset({"conversations"})
"""Where some tools put the list of conversations, which the exports give bare."""


def parts(path: Path) -> list[Part]:
    """The files of an export that hold conversations: of a zip or folder, or the file itself."""
    return select(path, FILES, "conversations.json")
