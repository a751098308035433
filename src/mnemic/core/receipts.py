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
    held: tuple[RecordId, ...] = ()
    """Records that an admission rule holds back: nothing finds them until they are reviewed."""
    barred: tuple[int, ...] = ()
    """Places of messages that an admission rule refused; nothing of them was kept."""
    lost: tuple[RecordId, ...] = ()
    """Records that an undo would have brought back, had they not been forgotten since."""

    @property
    def id(self) -> RecordId:
        """The record that was written, where it is one."""
        (only,) = self.ids
        return only

    def __str__(self) -> str:
        parts = [f"{len(self.ids)} written"]
        parts += [f"{len(self.held)} held for a review"] if self.held else []
        parts += [f"{len(self.barred)} refused by a rule"] if self.barred else []
        same = sum(not duplicate.written for duplicate in self.duplicates)
        again = len(self.duplicates) - same
        own = {*self.ids, *self.held}
        other = [change for change in self.changes if change.record not in own]
        parts += [f"{same} already there"] if same else []
        parts += [f"{again} in words said before"] if again else []
        parts += [f"{counted(len(other), 'other')} changed"] if other else []
        parts += [f"{len(self.refused)} forgotten earlier"] if self.refused else []
        parts += [f"{len(self.lost)} forgotten, and gone for good"] if self.lost else []
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
    """What an erasure did: what, when, why, how, and how it was verified.

    It names nobody and repeats no word of what is gone: ids, codes and counts.
    """

    id: str
    status: str
    """`erased`; `pending`, with `blocker`, until free space could be cleared; or `dry run`."""
    at: Micros
    reason: str
    ids: tuple[RecordId, ...]
    """Every record that was erased, those drawn from the asked ones included."""
    asked: tuple[RecordId, ...] = ()
    """Those that were meant, by their ids or by a selection."""
    selection: str = ""
    """The conditions that chose them, in words; without names, and without the query."""
    redrawn: Mapping[RecordId, RecordId] = field(default_factory=dict)
    """Derived records that had other sources as well → the records now drawn from these alone."""
    method: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    """What was done to find whether anything is left, and what came of it."""
    regression: tuple[str, ...] = ()
    """What was done to find whether all else is as before."""
    reached: tuple[str, ...] = ()
    """Exports and backups in which it was erased too, and how."""
    unreached: tuple[str, ...] = ()
    """Copies that are known and could not be reached, and what to do about each."""
    blocker: str | None = None

    def __str__(self) -> str:
        drawn = len(self.ids) - len(self.asked)
        also = f", {drawn} of them drawn from others" if drawn > 0 else ""
        again = f", {len(self.redrawn)} drawn again without" if self.redrawn else ""
        beyond = f"; copies not reached: {len(self.unreached)}" if self.unreached else ""
        held = f" ({self.blocker})" if self.blocker else ""
        return f"{self.status}: {counted(len(self.ids), 'record')}{also}{again}{held}{beyond}"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What `doctor` found."""

    findings: tuple[Finding, ...]
    checked: Mapping[str, int] = field(default_factory=dict)
    """What was looked at, and how much of it."""
    repaired: int = 0
    """How many things were made anew."""
    notes: tuple[str, ...] = ()
    """What is no damage and yet worth knowing."""

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.findings

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are in each part of the memory."""
        found: dict[str, int] = {}
        for finding in self.findings:
            found[finding.where] = found.get(finding.where, 0) + finding.count
        return found

    @property
    def remedy(self) -> str | None:
        """What to do about the findings, if there are any."""
        if not self.findings:
            return None
        if all(finding.derived for finding in self.findings):
            return "All of this is derived: doctor(repair=True) makes it anew"
        return (
            "What was written itself is damaged, and cannot be made again: restore a backup, or "
            "forget the records that are named, or export the others into a new file"
        )

    def __str__(self) -> str:
        mended = f", {self.repaired} repaired" if self.repaired else ""
        lines = [f"{finding.where}: {finding.what}" for finding in self.findings]
        if self.ok:
            lines = [f"healthy: {counted(self.checked.get('records', 0), 'record')}{mended}"]
        elif self.repaired:
            lines.append(f"{self.repaired} repaired")
        return "\n".join([*lines, *([self.remedy] if self.remedy else []), *self.notes])


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
    held: int = 0
    """Messages that wait in quarantine for a review."""
    barred: int = 0
    """Messages that the rules of admission refused."""
    notices: Mapping[str, int] = field(default_factory=dict)
    """What is in the file and not among the messages, or in another form, and how often."""
    sessions: int = 0
    seconds: float = 0.0
    changes: tuple[ChangeId, ...] = field(default=(), repr=False)
    """What it did, for `undo`."""

    def __str__(self) -> str:
        parts = [f"{self.read} read ({self.format})", f"{self.written} written"]
        for count, word in (
            (self.already, "already there"),
            (self.revised, "revised"),
            (self.refused, "forgotten earlier"),
            (self.held, "held for a review"),
            (self.barred, "refused by the rules"),
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
