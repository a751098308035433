"""What the engine answers: receipts, history, certificates, diagnoses. Values that print well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mnemic.core.clock import Micros
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.records import Record
from mnemic.core.storage import Entry, Finding


def counted(count: int, word: str) -> str:
    """A number and its word: `counted(1, "record")` is "1 record"."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A message that repeats something: what, and whether it was kept all the same."""

    place: int
    """Its place among the messages that were given, from 0."""
    of: RecordId
    """The record that it repeats."""
    written: bool
    """False: same source and external id, so it is the same thing. True: the same words again,
    which people do, so it was kept."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A change that was made: its id for `undo`, what it was and why."""

    id: ChangeId
    verb: str
    record: RecordId
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a call changed. It is committed, and found by the next search of any process."""

    ids: tuple[RecordId, ...] = ()
    """The records that were written."""
    duplicates: tuple[Duplicate, ...] = ()
    changes: tuple[Applied, ...] = ()
    refused: tuple[int, ...] = ()
    """Places of messages that were forgotten earlier, and so do not come back."""

    @property
    def id(self) -> RecordId:
        """The record that was written, where it is one."""
        (only,) = self.ids
        return only

    def __str__(self) -> str:
        parts = [f"{len(self.ids)} written"]
        same = sum(not duplicate.written for duplicate in self.duplicates)
        again = len(self.duplicates) - same
        other = [change for change in self.changes if change.record not in set(self.ids)]
        parts += [f"{same} already there"] if same else []
        parts += [f"{again} in words said before"] if again else []
        parts += [f"{counted(len(other), 'other')} changed"] if other else []
        parts += [f"{len(self.refused)} forgotten earlier"] if self.refused else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a record's history: the change, and the record after it."""

    change: Entry
    record: Record

    def __str__(self) -> str:
        ends = f" until {self.record.valid_to}" if self.record.valid_to else ""
        return f"{self.change.verb} v{self.record.version} ({self.change.why}): {self.record}{ends}"


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order in which they came, and where the next page begins."""

    records: tuple[Record, ...]
    cursor: str | None = None
    """Give it to the next `list`; None: this is the end."""

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, place: int) -> Record:
        return self.records[place]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an erasure did: what, when, why, how, and how it was verified."""

    id: str
    status: str
    """`erased`; or `pending`, with `blocker`, until free space could be cleared."""
    at: Micros
    reason: str
    ids: tuple[RecordId, ...]
    """Every record that was erased, those drawn from the asked ones included."""
    asked: tuple[RecordId, ...] = ()
    method: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    blocker: str | None = None

    def __str__(self) -> str:
        drawn = len(self.ids) - len(self.asked)
        also = f", {drawn} of them drawn from others" if drawn else ""
        held = f" ({self.blocker})" if self.blocker else ""
        return f"{self.status}: {counted(len(self.ids), 'record')}{also}{held}"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What `doctor` found."""

    findings: tuple[Finding, ...]
    checked: Mapping[str, int] = field(default_factory=dict)
    """What was looked at, and how much of it."""
    repaired: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.findings

    def __str__(self) -> str:
        if self.ok:
            mended = f", {self.repaired} repaired" if self.repaired else ""
            return f"healthy: {counted(self.checked.get('records', 0), 'record')}{mended}"
        return "\n".join(f"{finding.where}: {finding.what}" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did with the messages of a file."""

    format: str
    read: int
    written: int
    already: int
    """Messages that were there, by their identity."""
    revised: int
    """Messages whose words have changed since the last import."""
    refused: int
    """Messages that were forgotten earlier."""
    notices: Mapping[str, int] = field(default_factory=dict)
    """What is in the file and not among the messages, or in another form, and how often."""
    sessions: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        parts = [f"{self.read} read ({self.format})", f"{self.written} written"]
        for count, word in (
            (self.already, "already there"),
            (self.revised, "revised"),
            (self.refused, "forgotten earlier"),
        ):
            parts += [f"{count} {word}"] if count else []
        lines = [", ".join(parts)]
        lines += [f"  {count} {what}" for what, count in self.notices.items() if count]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What came of fitting the ranker to labelled questions."""

    questions: int
    answerable: int
    """Questions that have an answer in memory; what follows is about them."""
    before: float
    """R@10 with the weights that the memory had."""
    after: float
    """R@10 with weights that were fitted on the other questions."""
    low: float
    """The gain, from here ..."""
    high: float
    """... to here, in 95 of 100 draws of the questions."""
    kept: bool
    """Whether the new weights are now used; only if the gain is more than chance."""
    weights: Mapping[str, float]
    """Those that are used now."""

    def __str__(self) -> str:
        gain = f"{100 * self.low:+.1f} to {100 * self.high:+.1f} points"
        seen = (
            f"R@10 {100 * self.before:.1f} → {100 * self.after:.1f} on {self.answerable} questions "
            f"that were not fitted on ({gain})"
        )
        verdict = (
            "the new weights are kept" if self.kept else "no more than chance: nothing changed"
        )
        return f"{seen}: {verdict}"
