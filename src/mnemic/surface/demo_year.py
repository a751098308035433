"""The demonstration on the example conversation: a year of three friends and their assistant.

Import, eight questions, a context for a prompt, a fact that changed twice. First everything is
done and measured, then shown: `Tour` is what happened. A mark stands beside the hits that hold the
answer, by the evidence that the example's authors named, not by our search.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rich.text import Text

from mnemic.core.errors import SourceError
from mnemic.core.queries import Hits, Pack
from mnemic.core.receipts import Imported, Step
from mnemic.core.records import Record
from mnemic.surface import pieces, screens, terminal
from mnemic.surface.invocation import Invocation

if TYPE_CHECKING:
    from mnemic.engine.memory import Memory

_PLACES: Final = (Path(__file__).parent / "examples", Path(__file__).parents[3] / "examples")
"""In an installed package, in a clone."""
_SHOWN: Final = 3
"""Hits per question."""
_PACKED: Final = "What is Ana allergic to?"
_TOKENS: Final = 220
_WEDDING: Final = (
    ("s01-12", "Bruno and Catarina marry on 28 June 2025."),
    ("s07-04", "Bruno and Catarina marry on 13 September 2025."),
    ("s18-05", "Bruno and Catarina marry on 11 October 2025."),
)
"""A fact in the words that it had at first and after each of two changes, and where it was said."""
_MOMENTS: Final = ("2025-02-01", "2025-05-01", "2025-09-01")
_ASKED_OF_THEN: Final = "When do Bruno and Catarina marry?"
_MARK: Final = {"demo": "wedding"}

Turn: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """The example data."""

    path: Path
    turns: Mapping[str, Turn]
    questions: tuple[Mapping[str, Any], ...]

    @property
    def now(self) -> str:
        """The day after the last turn: when the questions are asked."""
        last = max(turn["timestamp"] for turn in self.turns.values())
        return str(date.fromisoformat(last[:10]) + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, what was found for it, and how fast."""

    question: str
    answer: str
    hits: Hits
    holding: frozenset[int]
    """Ranks, from 1, of hits that hold the answer."""
    milliseconds: float


@dataclass(frozen=True, slots=True)
class View:
    """What a question finds when it is asked of some day."""

    as_of: str
    text: str


@dataclass(frozen=True, slots=True)
class Tour:
    """What the demonstration did."""

    imported: Imported
    answered: tuple[Answered, ...]
    pack: Pack
    history: tuple[Step, ...]
    views: tuple[View, ...]


def example() -> Example:
    """The example data, from the package or the clone. Raises SourceError if it is in neither."""
    for folder in _PLACES:
        path = folder / "year.jsonl"
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            turns = {turn["id"]: turn for turn in map(json.loads, lines)}
            questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
            return Example(path, turns, tuple(each for each in questions if each["demo"]))
    raise SourceError(
        f"the example conversation is missing from {_PLACES[0]}. Install mnemic again, or show "
        "your own: mnemic demo --data PATH"
    )


def tour(memory: Memory, data: Example, user: str) -> Tour:
    """Import the example and ask everything."""
    imported = memory.import_file(data.path, format="jsonl", user_id=user)
    answered = tuple(_ask(memory, data, question, user) for question in data.questions)
    pack = memory.context(_PACKED, user_id=user, now=data.now, max_tokens=_TOKENS)
    newest = _wedding(memory, data, user)
    views = tuple(_as_of(memory, day, user) for day in _MOMENTS)
    return Tour(imported, answered, pack, memory.history(newest.id), views)


def _ask(memory: Memory, data: Example, question: Mapping[str, Any], user: str) -> Answered:
    begun = time.perf_counter()
    hits = memory.search(question["question"], user_id=user, now=data.now, limit=10)
    spent = (time.perf_counter() - begun) * 1000
    evidence = {data.turns[id]["content"] for id in question["evidence"]}
    holding = frozenset(rank for rank, hit in enumerate(hits, 1) if hit.text in evidence)
    return Answered(question["question"], question["answer"], hits, holding, spent)


def _wedding(memory: Memory, data: Example, user: str) -> Record:
    """The fact with both of its changes; made once, found again in a file that is kept."""
    there = memory.list(user_id=user, kinds=["fact"], filters=_MARK)
    if len(there) == len(_WEDDING):
        return there[-1]
    (first, words), *changes = _WEDDING
    turn = data.turns[first]
    said = {record.text: record.id for record in _session(memory, user, turn["session_id"])}
    drawn = [said[turn["content"]]]
    id = memory.add(
        words, user_id=user, kind="fact", timestamp=turn["timestamp"], derived_from=drawn,
        metadata=_MARK,
    ).id  # fmt: skip
    for place, words in changes:
        since = data.turns[place]["timestamp"]
        why = f"{data.turns[place]['name']} said so"
        id = memory.supersede(id, text=words, valid_from=since, metadata=_MARK, why=why).id
    return memory.get(id)


def _session(memory: Memory, user: str, session: str) -> Iterator[Record]:
    return iter(memory.list(user_id=user, session_id=session, limit=1000))


def _as_of(memory: Memory, day: str, user: str) -> View:
    hits = memory.search(
        _ASKED_OF_THEN, user_id=user, kinds=["fact"], filters=_MARK, as_of=day, limit=1
    )
    return View(day, hits[0].text if hits else "nothing")


# -- shown


def show(invocation: Invocation, memory: Memory, user: str, kept: bool) -> None:
    """Do the tour and print it."""
    made = tour(memory, example(), user)
    if invocation.json:
        invocation.print_json(made)
        return
    _imported(invocation, made.imported)
    for number, answered in enumerate(made.answered, 1):
        _answered(invocation, number, answered)
    _found(invocation, made)
    _packed(invocation, made.pack)
    _changed(invocation, made)
    _next(invocation, user, kept)


def _mark(invocation: Invocation, holds: bool) -> str:
    if not holds:
        return " "
    return "✓" if terminal.takes_unicode(invocation.console.file) else "*"


def _imported(invocation: Invocation, imported: Imported) -> None:
    pieces.title(invocation.console, "A year of a chat: Ana, Bruno, Mei and their assistant Iris")
    rate = f"{imported.read / imported.seconds:,.0f} turns/s" if imported.seconds else ""
    done = "imported" if imported.written else "there already"
    pieces.heading(
        invocation.console,
        [
            (f"{imported.read} turns of {imported.sessions} sessions {done}", ""),
            (f"{imported.seconds:.2f} s, {rate}", "dim"),
        ],
        indent=2,
    )


def _answered(invocation: Invocation, number: int, answered: Answered) -> None:
    spent = f"{answered.milliseconds:.1f} ms{', with loading' if number == 1 else ''}"
    pieces.title(invocation.console, f"{number}. {answered.question}", spent)
    late = min(answered.holding, default=0)
    for rank, hit in enumerate(answered.hits, 1):
        if rank <= _SHOWN or rank == late:
            lead = f"{rank:>4} {_mark(invocation, rank in answered.holding)} "
            screens.hit_line(invocation.console, hit, lead, lines=2 if rank in (1, late) else 1)


def _found(invocation: Invocation, made: Tour) -> None:
    within = sum(1 in each.holding for each in made.answered)
    among = sum(bool(each.holding) for each in made.answered)
    middle = statistics.median(each.milliseconds for each in made.answered)
    mark = _mark(invocation, True)
    told = f"{mark} holds the answer: first for {within} of {len(made.answered)} questions, "
    told += f"among the first ten for {among}. Median {middle:.1f} ms a question."
    invocation.console.print()
    pieces.paragraph(invocation.console, told, indent=0)


def _packed(invocation: Invocation, pack: Pack) -> None:
    room = f"{pack.tokens} of {pack.max_tokens} tokens"
    pieces.title(invocation.console, f"For a prompt: {_PACKED}", room)
    for line in pack.text.splitlines():
        pieces.beside(invocation.console, Text("  "), line, indent=6)


def _changed(invocation: Invocation, made: Tour) -> None:
    console = invocation.console
    pieces.title(console, "A fact that changed twice", "superseded, never overwritten")
    for record in {step.record.id: step.record for step in made.history}.values():
        since, until = (pieces.when(end)[:10] for end in (record.valid_from, record.valid_to))
        held = f"{since} until {until}" if until else f"{since}, holds now"
        pieces.beside(console, Text(f"  {held:<29}", "dim"), record.text)
    pieces.title(console, _ASKED_OF_THEN)
    for view in made.views:
        pieces.beside(console, Text(f"  as of {view.as_of:<23}", "dim"), view.text)


def _next(invocation: Invocation, user: str, kept: bool) -> None:
    pieces.title(invocation.console, "Next")
    program = invocation.program
    formats = "(ChatGPT, Claude, WhatsApp, notes)"
    own = ("your own chats", f"{program} demo --data PATH   {formats}")
    if kept:
        search = f'{program} search "Who is Rui?" --db {invocation.db} --user {user}'
        rows = [("ask more", search), own]
    else:
        python = 'mnemic.Memory("agent.db")   (README: ten lines)'
        rows = [own, ("keep this one", f"{program} demo --db year.db"), ("in Python", python)]
    pieces.grid(invocation.console, rows, indent=2)
