"""A history of mixed writes, and what must be true after each of them.

Used where writing is disturbed: processes killed (`crash.py`), disks that fail or lose power
(`tests/store`). A `History` plans a step, tells it, does it, and keeps by its own rules, which know
nothing of the store, what each of its records is then: version, status, text. The rest is up to
who uses it: what was told and never answered may have happened or not, all else is certain.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import mnemic

State: TypeAlias = tuple[int, str, str]
"""Version, status and text of a record."""

COMMON = "common"
"""A user whose records every history changes, so that nobody knows their state for certain."""

_CHANCES = {
    "add": 30,
    "batch": 14,
    "update": 16,
    "supersede": 8,
    "delete": 10,
    "restore": 6,
    "undo": 8,
    "forget": 3,
    "link": 5,
}
_WORDS = (
    "harbour", "lantern", "violin", "orchard", "granite", "meadow", "kettle",
    "compass", "ribbon", "marble", "walnut", "cinnamon", "lisbon", "ferry",
    "notebook", "umbrella", "chimney", "saffron", "pebble", "lighthouse",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """What is about to be done."""

    what: str
    ids: tuple[str, ...] = ()
    """Records that it changes."""
    texts: tuple[str, ...] = ()
    user: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered."""

    what: str
    changes: tuple[str, ...] = ()
    """The lines that the log must have from now on."""
    states: Mapping[str, State] = field(default_factory=dict)
    """Records as they are now."""


class History:
    """Mixed writes of one user, drawn by chance; the same seed plans the same."""

    def __init__(self, memory: mnemic.Memory, user: str, seed: int, *, common: float = 0.0) -> None:
        self.states: dict[str, State] = {}
        self._memory, self._user, self._common = memory, user, common
        self._chance = random.Random(seed)
        self._ended: set[str] = set()
        self._last: tuple[mnemic.Receipt, dict[str, State | None]] | None = None
        self._count = 0

    def plan(self) -> Step:
        """The next step; what it needs is there."""
        if self._chance.random() < self._common:
            found = self._memory.list(user_id=COMMON, deleted=True, limit=50) if self.states else ()
            if found and self._chance.random() < 0.7:
                what = self._chance.choice(["update", "delete", "restore"])
                one = self._chance.choice([*found])
                return Step(what, (one.id,), (self._text(),), COMMON)
            return Step("add", (), (self._text(),), COMMON)
        return self._plan_own(self._chance.choices([*_CHANCES], [*_CHANCES.values()])[0])

    def _plan_own(self, what: str) -> Step:
        if what == "batch":
            count = self._chance.randint(2, 12)
            tag = self._text()
            return Step(what, (), tuple(f"{tag} part {n} of {count}" for n in range(count)))
        if what == "undo" and self._last is not None:
            return Step(what, tuple(self._last[1]))
        there = [id for id, state in self.states.items() if state[1] == "active"]
        if what == "supersede":
            there = [id for id in there if id not in self._ended]
        if what == "restore":
            there = [id for id, state in self.states.items() if state[1] == "retired"]
        wanted = self._chance.randint(1, 3) if what == "forget" else 1 + (what == "link")
        if what in ("add", "undo") or len(there) < max(wanted, 2):
            return Step("add", (), (self._text(),))
        return Step(what, tuple(self._chance.sample(there, wanted)), (self._text(),))

    def _text(self) -> str:
        self._count += 1
        words = " ".join(self._chance.choices(_WORDS, k=self._chance.randint(4, 60)))
        return f"{self._user} says {self._count}: {words}"

    def do(self, step: Step) -> Told:
        """Do it; raises what the memory raises, and then nothing is taken for done."""
        if step.what == "forget":
            certificate = self._memory.forget(ids=step.ids, reason="test")
            for id in certificate.ids:
                self.states[id] = (self.states[id][0] + 1, "forgotten", "")
            self._last = None
            return Told("forget", (), {id: self.states[id] for id in certificate.ids})
        receipt = self._write(step)
        changes = tuple(change.id for change in receipt.changes)
        if step.user == COMMON:
            return Told(step.what, changes)
        now = self._after(step, receipt)
        self._last = None if step.what == "undo" else (receipt, self._before(now))
        self.states |= now
        if step.what == "supersede":
            self._ended.update(step.ids)
        return Told(step.what, changes, now)

    def _write(self, step: Step) -> mnemic.Receipt:
        memory = self._memory
        match step.what:
            case "add":
                return memory.add(step.texts[0], user_id=step.user or self._user, session_id="s")
            case "batch":
                messages = [{"role": "user", "content": text} for text in step.texts]
                return memory.add(messages, user_id=self._user, session_id="b")
            case "update":
                return memory.update(step.ids[0], text=step.texts[0])
            case "supersede":
                return memory.supersede(step.ids[0], text=step.texts[0])
            case "delete":
                return memory.delete(step.ids[0])
            case "restore":
                return memory.restore(step.ids[0])
            case "link":
                return memory.link(step.ids[0], "about", step.ids[1])
        assert self._last is not None
        return memory.undo(self._last[0])

    def _after(self, step: Step, receipt: mnemic.Receipt) -> dict[str, State]:
        """The rules: what each record is after this step."""
        new = dict(zip(receipt.ids, step.texts, strict=False))
        now: dict[str, State] = {id: (1, "active", text) for id, text in new.items()}
        for id in step.ids if step.what != "link" else ():
            version, status, text = self.states[id]
            if step.what == "undo":
                assert self._last is not None
                before = self._last[1][id]
                status, text = ("retired", text) if before is None else before[1:]
            elif step.what == "update":
                text = step.texts[0]
            elif step.what == "delete":
                status = "retired"
            elif step.what == "restore":
                status = "active"
            now[id] = (version + 1, status, text)
        return now

    def _before(self, ids: Iterable[str]) -> dict[str, State | None]:
        return {id: self.states.get(id) for id in ids}


def state(record: Any) -> State:
    """A record as a history would tell it."""
    return record.version, record.status.value, record.text
