"""The books of EpBench's authors: their text, their events, their questions.

Three files beside each other: `NAME.book.txt` (lines `Chapter N` part the chapters; paragraphs are
parted by empty lines and wrapped), `NAME.groundtruth.json` (the event of each chapter; optional)
and `NAME.qa*.json` (the questions with their gold). The texts name the dates of the events, nothing
else does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mnemic.bench.tasks.epbench_book import Chapter
from mnemic.bench.tasks.epbench_questions import Asked
from mnemic.bench.tasks.epbench_world import Gold
from mnemic.core.errors import InputError, SourceError
from mnemic.core.records import Json
from mnemic.sources.shape import mapping, sequence, string

_BOOK: Final = ".book.txt"
_HEADING = re.compile(r"^Chapter +(\d+)[ \t]*$", re.MULTILINE)
_GIVEN = re.compile(r"\(([^,]+), *([^,]+), *([^,]+), *([^,)]+)\)")
_ASKS: Final = {
    "Times": "times",
    "Spaces": "spaces",
    "Entities": "entities",
    "Event contents": "contents",
    "Other entities": "others",
    "Full event details": "details",
}
_LISTS: Final = frozenset({"times", "spaces", "entities", "contents", "others"})


@dataclass(frozen=True, slots=True)
class Book:
    """A book with its questions."""

    name: str
    chapters: tuple[Chapter, ...]
    asked: tuple[Asked, ...]


def books(path: Path) -> tuple[list[Book], dict[str, Path]]:
    """The books of a folder, or the one of a file; and every file that was read, by name.

    Raises InputError where there is none, SourceError where a file is damaged.
    """
    texts = [path] if path.is_file() else sorted(path.glob(f"*{_BOOK}"))
    if not texts or not all(text.name.endswith(_BOOK) for text in texts):
        raise InputError(
            f"no book: {path}. Give a folder with NAME{_BOOK} and NAME.qa….json, or nothing at "
            "all for a generated book"
        )
    read: dict[str, Path] = {}
    found = []
    for text in texts:
        name = text.name.removesuffix(_BOOK)
        asked = sorted(text.parent.glob(f"{name}.qa*.json"))
        if not asked:
            raise InputError(f"no questions on {text.name}: {name}.qa….json is missing beside it")
        truth = text.parent / f"{name}.groundtruth.json"
        golds = _golds(truth) if truth.is_file() else {}
        chapters = read_chapters(text.read_text(encoding="utf-8"), golds)
        if golds.keys() - {chapter.number for chapter in chapters}:
            raise SourceError(f"{truth.name} has chapters that {text.name} has not. Compare both")
        found.append(Book(name, tuple(chapters), tuple(_questions(asked[0]))))
        read |= {one.name: one for one in (text, asked[0], truth) if one.is_file()}
    return found, read


def read_chapters(text: str, golds: dict[int, Gold] | None = None) -> list[Chapter]:
    """The chapters of a book's text; wrapped lines are joined.

    >>> (chapter,) = read_chapters("Chapter 2\\n\\nIt\\nrained.\\n\\nSo.")
    >>> chapter.number, chapter.paragraphs
    (2, ('It rained.', 'So.'))
    """
    parts = _HEADING.split(text)
    if len(parts) < 3:
        raise SourceError("no chapter: a book has lines that say `Chapter N`")
    result = []
    for number, body in zip(map(int, parts[1::2]), parts[2::2], strict=True):
        paragraphs = (" ".join(one.split()) for one in re.split(r"\n\s*\n", body))
        gold = (golds or {}).get(number) or Gold(number, "", "", "", "")
        result.append(Chapter(number, tuple(filter(None, paragraphs)), gold))
    return result


def _golds(path: Path) -> dict[int, Gold]:
    result = {}
    for event in map(mapping, _list(path)):
        number = int(event.get("chapter") or 0)
        time, space, entity, content = (
            string(event.get(name)) or "" for name in ("date", "location", "entity", "content")
        )
        result[number] = Gold(number, time, space, entity, content)
    return result


def _questions(path: Path) -> list[Asked]:
    return [_question(mapping(one), path) for one in _list(path)]


def _question(value: dict[str, Json], path: Path) -> Asked:
    kind = string(value.get("retrieval_type")) or ""
    given = _GIVEN.fullmatch(string(value.get("cue")) or "")
    text = string(value.get("question"))
    if kind not in _ASKS or given is None or text is None:
        raise SourceError(f"no question of EpBench in {path}: {str(value)[:120]}")
    asks = _ASKS[kind]
    chapters = tuple(int(chapter) for chapter in sequence(value.get("answer_chapters")))
    answer = value.get("answer")
    values: tuple[str, ...] | None = None
    if not chapters:
        values = ()
    elif asks in _LISTS and isinstance(answer, list):
        values = tuple(map(str, answer))
    matches = value.get("n_matching_chapters")
    return Asked(
        template=int(value.get("q_idx") or 0),
        given="".join(
            letter for letter, one in zip("tsec", given.groups(), strict=True) if one != "*"
        ),
        asks=asks,
        get=string(value.get("get")) or "all",
        text=text,
        values=values,
        chapters=chapters,
        matches=matches if isinstance(matches, int) else len(chapters),
    )


def _list(path: Path) -> list[Json]:
    try:
        found = sequence(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, RecursionError) as reason:
        raise SourceError(f"not JSON: {path} ({reason}). Download it again") from None
    if not found:
        raise SourceError(f"an empty list: {path}. Download it again")
    return found
