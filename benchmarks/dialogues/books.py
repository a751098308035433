"""Cut a public-domain book (Project Gutenberg plain text) into numbered passages.

The questions in `book-<id>.questions` name passages by these numbers, so the cut must stay as it
is: it is a pure function of the text. The books themselves are not kept here.
"""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

_START = re.compile(r"^\*\*\* ?START OF TH.*?\*\*\*[^\n]*$", re.MULTILINE)
_END = re.compile(r"^\*\*\* ?END OF TH.*?\*\*\*[^\n]*$", re.MULTILINE)


def body(text: str) -> str:
    """The text between Gutenberg's start and end marks, with plain line ends."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    start, end = _START.search(text), _END.search(text)
    return text[start.end() if start else 0 : end.start() if end else len(text)]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a book as single lines, from the first one that is running prose.

    Title page, contents and lists before it are left out: they are indented, set in short lines
    or have few words. Headings later in the book are short paragraphs of their own. A paragraph
    that a page break cut in two (the rest begins in lower case) is made whole.
    """
    blocks = [block for block in re.split(r"\n[ \t]*\n+", body(text)) if block.strip()]
    first = next((i for i, block in enumerate(blocks) if _is_prose(block)), 0)
    found: list[str] = []
    for part in (part for block in blocks[first:] for part in _unglued(block)):
        line = " ".join(part.split())
        if found and line[:1].islower() and not found[-1].endswith((".", "!", "?", "”", '"')):
            found[-1] += " " + line
        elif re.search(r"\w", line):
            found.append(line)
    return found


def passages(
    text: str, minimum: int = 150, enough: int = 200, maximum: int = 350
) -> list[tuple[int, str]]:
    """Cut a book into `(number, passage)` from 1, each made of whole paragraphs.

    A passage is closed once it has `enough` words, or has `minimum` words and the next paragraph
    would take it past `maximum`. A paragraph is never cut, so a long one makes a longer passage;
    only the last passage may be shorter than `minimum`. Paragraphs are joined by a line break.
    """
    found: list[str] = []
    held: list[str] = []
    words = 0
    for paragraph in paragraphs(text):
        count = len(paragraph.split())
        if words >= minimum and words + count > maximum:
            found.append("\n".join(held))
            held, words = [], 0
        held.append(paragraph)
        words += count
        if words >= enough:
            found.append("\n".join(held))
            held, words = [], 0
    if held:
        found.append("\n".join(held))
    return list(enumerate(found, start=1))


def _is_prose(block: str) -> bool:
    """Whether a block reads as running text: flush left, full lines, thirty words or more."""
    lines = block.strip("\n").split("\n")
    if any(line[:1].isspace() for line in lines) or len(block.split()) < 30:
        return False
    return sum(len(line) >= 50 for line in lines) >= 0.75 * len(lines)


def _unglued(block: str, longest: int = 200) -> list[str]:
    """A block in its paragraphs, where it has more than `longest` words and no blank lines.

    A paragraph ends at a sentence end in a line that had room for the next line's first word.
    """
    lines = block.strip("\n").split("\n")
    if len(block.split()) <= longest:
        return [block]
    width = sorted(len(line) for line in lines)[len(lines) * 9 // 10]
    parts: list[list[str]] = [[]]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        parts[-1].append(line)
        room = width - len(line) - 1 - len(following.partition(" ")[0])
        if following and room > 0 and line.rstrip().endswith((".", "?", "!", "”")):
            parts.append([])
    return ["\n".join(part) for part in parts]


def main(path: str, last: int) -> None:
    """Print the first `last` passages of a book, which may be compressed with gzip."""
    data = Path(path).read_bytes()
    if path.endswith(".gz"):
        data = gzip.decompress(data)
    for number, passage in passages(data.decode("utf-8"))[:last]:
        sys.stdout.write(f"[{number}] {passage}\n\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 150)
