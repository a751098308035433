"""The demonstration on the user's own export: import it, say what is in it, answer questions.

On a terminal the questions are typed; elsewhere a few are made of words that its speakers use most.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mnemic.core.errors import InputError
from mnemic.core.queries import Hits
from mnemic.core.receipts import Imported
from mnemic.core.records import Record
from mnemic.engine.survey import Stats
from mnemic.surface import faults, importing, pieces, screens
from mnemic.surface.invocation import Invocation
from mnemic.surface.operations import OPERATIONS

if TYPE_CHECKING:
    from mnemic.engine.memory import Memory

_LOOKED_AT: Final = 3000
"""Records whose words are counted."""
_READ: Final = 2000
"""Characters of each text whose words are counted."""
_SPEAKERS: Final = 3
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A question made of the data's own words, and what it finds."""

    question: str
    hits: Hits
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in the user's data."""

    imported: Imported
    stats: Stats
    speakers: tuple[tuple[str, int], ...]
    samples: tuple[Sample, ...]


def show(invocation: Invocation, memory: Memory, path: Path, user: str, kept: bool) -> None:
    """Import the data, describe it and answer."""
    operation = next(each for each in OPERATIONS if each.name == "import")
    imported = importing.take_in(invocation, memory, operation, {"path": path, "user_id": user})
    records = memory.list(user_id=user, limit=_LOOKED_AT).records
    asks = not invocation.json and sys.stdin.isatty() and invocation.console.is_terminal
    samples = () if asks else tuple(_search(memory, q, user) for q in questions(records))
    look = Look(imported, memory.stats(), _speakers(records), samples)
    if invocation.json:
        invocation.print_json(look)
        return
    _described(invocation, look)
    for sample in samples:
        _answer(invocation, sample)
    if asks:
        _conversation(invocation, memory, user)
    _next(invocation, path, user, kept)


def questions(records: Sequence[Record]) -> list[str]:
    """A question for each of the speakers who say most, of words that are theirs."""
    everywhere = Counter(word for record in records for word in _words(record.text))
    made = []
    for speaker, _ in _speakers(records)[:_SPEAKERS]:
        theirs = [record for record in records if _speaker(record) == speaker]
        words = _telling([record.text for record in theirs], everywhere, without=speaker)
        if words and any(record.speaker for record in theirs):
            made.append(f"What did {speaker} say about {' and '.join(words)}?")
        elif words:
            made.append(" ".join(words))
    return made


def _speaker(record: Record) -> str:
    return record.speaker or record.role or record.kind


def _speakers(records: Iterable[Record]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(map(_speaker, records)).most_common(10))


def _words(text: str) -> set[str]:
    from mnemic.language.words import words

    return set(words(text[:_READ]))


def _telling(texts: Sequence[str], everywhere: Counter[str], without: str) -> list[str]:
    """Two words that occur in many of these texts and in few others; function words are none."""
    from mnemic.language.stopwords import LANGUAGES, stop_words
    from mnemic.language.words import paired

    stop = frozenset().union(*(stop_words(language).words for language in LANGUAGES))
    own = Counter(
        word
        for text in texts
        for word in _words(text)
        if word not in stop and not word.isdigit() and (len(word) > 4 or paired(word))
    )
    own = Counter({word: own[word] for word in own.keys() - _words(without)})
    ranked = sorted(own, key=lambda word: (-(own[word] ** 2) / everywhere[word], word))
    return [_as_written(word, texts) for word in ranked[:2]]


def _as_written(word: str, texts: Sequence[str]) -> str:
    """The word as it stands in the first text that has it, capitals included."""
    form = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    found = next((match for text in texts if (match := form.search(text[:_READ]))), None)
    return found[0] if found else word


def _search(memory: Memory, question: str, user: str) -> Sample:
    begun = time.perf_counter()
    hits = memory.search(question, user_id=user, limit=5)
    return Sample(question, hits, (time.perf_counter() - begun) * 1000)


def _described(invocation: Invocation, look: Look) -> None:
    pieces.title(invocation.console, "Imported")
    screens.show(invocation.console, look.imported)
    pieces.title(invocation.console, "What is in it")
    screens.show(invocation.console, look.stats)
    if look.speakers:
        told = ", ".join(f"{name} {count:,}" for name, count in look.speakers)
        pieces.grid(invocation.console, [("speakers", told)])


def _answer(invocation: Invocation, sample: Sample) -> None:
    pieces.title(invocation.console, sample.question)
    _found(invocation, sample)


def _found(invocation: Invocation, sample: Sample) -> None:
    for rank, hit in enumerate(sample.hits.hits[:_SHOWN], 1):
        screens.hit_line(invocation.console, hit, f"{rank:>4} ", lines=2)
    if not sample.hits:
        invocation.console.print("     nothing found")
    pieces.paragraph(invocation.console, f"{sample.milliseconds:.1f} ms", indent=5, style="dim")


def _conversation(invocation: Invocation, memory: Memory, user: str) -> None:
    pieces.title(invocation.console, "Ask it something", "an empty line ends")
    while True:
        try:
            question = input("\nask> ").strip()
        except (EOFError, KeyboardInterrupt):
            invocation.console.print()
            return
        if not question:
            return
        try:
            _found(invocation, _search(memory, question, user))
        except InputError as error:
            invocation.remark(faults.in_options(str(error)))


def _next(invocation: Invocation, path: Path, user: str, kept: bool) -> None:
    pieces.title(invocation.console, "Next")
    program = invocation.program
    where = f" --db {invocation.db}" if kept else ""
    rows = [("ask", f'{program} search "..."{where} --user {user}')]
    if not kept:
        rows.insert(0, ("keep it", f"{program} import {path} --user {user}"))
    rows.append(("for a prompt", f'{program} context "..."{where} --user {user}'))
    pieces.grid(invocation.console, rows, indent=2)
