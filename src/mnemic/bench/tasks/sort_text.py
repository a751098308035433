"""Plain texts for SORT: files without Project Gutenberg's frame, as words and sentence starts."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mnemic.core.errors import InputError, SourceError

_START = re.compile(r"^\W*START OF (?:THE|THIS) PROJECT GUTENBERG.*$", re.MULTILINE | re.IGNORECASE)
_END = re.compile(r"^\W*END OF (?:THE|THIS) PROJECT GUTENBERG.*$", re.MULTILINE | re.IGNORECASE)
_PICTURE = re.compile(r"\[Illustration[^\]]*\]")
_CLOSES = re.compile(r"[.!?…][\"'”’)\]_]*\Z")
_OPENS = re.compile(r"[\"'“‘(\[_]*[A-ZÀ-Þ0-9]")
_SHORT: Final = frozenset(
    {"Mr.", "Mrs.", "Ms.", "Dr.", "St.", "Prof.", "Rev.", "Hon.", "Capt.", "Col.", "Gen.", "Lt."}
    | {"Sgt.", "Messrs.", "No.", "vol.", "p.", "pp.", "etc.", "e.g.", "i.e.", "cf.", "vs."}
)
"""Words whose full stop ends no sentence."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text."""

    name: str
    words: tuple[str, ...]
    """Parted by blanks, punctuation left on."""
    starts: tuple[int, ...]
    """Places of the words with which a sentence begins."""


def texts(path: Path) -> tuple[list[Text], dict[str, Path]]:
    """The texts of a file, or of all `.txt` and `.txt.gz` files of a folder; and the files by name.

    Raises InputError where there is none, SourceError where a file cannot be read.
    """
    files = [path] if path.is_file() else sorted([*path.glob("*.txt"), *path.glob("*.txt.gz")])
    if not files:
        raise InputError(
            f"no text: {path} has no .txt or .txt.gz file. Give a text, or their folder"
        )
    found = [
        read(file.name.removesuffix(".gz").removesuffix(".txt"), _content(file)) for file in files
    ]
    return found, {file.name: file for file in files}


def read(name: str, content: str) -> Text:
    """A text without what Project Gutenberg puts around it.

    >>> read("x", "Mr. Pip ran. He fell!").starts
    (0, 3)
    """
    words = _PICTURE.sub(" ", body(content)).split()
    starts = [
        place
        for place, word in enumerate(words)
        if _OPENS.match(word)
        and (not place or (_CLOSES.search(words[place - 1]) and words[place - 1] not in _SHORT))
    ]
    return Text(name, tuple(words), tuple(starts))


def body(content: str) -> str:
    """What stands between Project Gutenberg's header and footer; all of a text without them."""
    if begun := _START.search(content):
        content = content[begun.end() :]
    if ended := _END.search(content):
        content = content[: ended.start()]
    return content


def _content(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.name.endswith(".gz") else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as reason:
        raise SourceError(f"no text in UTF-8: {path} ({reason}). Save it as UTF-8") from None
