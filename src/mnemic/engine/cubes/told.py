"""What is told of cubes: what one holds, what came of loading or merging, and what conflicts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import counted
from mnemic.core.records import Record


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record with two histories, neither of which goes on where the other ends."""

    id: RecordId
    """The record that was kept."""
    differs: tuple[str, ...]
    """In which fields the last versions differ; `history`: in none of them."""
    kept: Record
    """The last version of the history that was kept."""
    left: Record
    """The last version of the other; under an id of its own where both came from one source."""
    kept_from: str
    """`here`, `first` or `second`."""

    def __str__(self) -> str:
        also = f" (also known as {self.left.id})" if self.left.id != self.id else ""
        return (
            f"{self.id}{also}: {', '.join(self.differs)} differ; kept from {self.kept_from}: "
            f"{_short(self.kept.text)}, not {_short(self.left.text)}"
        )


@dataclass(frozen=True, slots=True)
class Cube:
    """What a cube holds, or what was taken over from one."""

    path: str
    records: int
    """Records in it, or those that were new here."""
    changes: int
    already: int = 0
    """Records that were there."""
    refused: int = 0
    """Records that were forgotten earlier, or drawn from such."""
    advanced: int = 0
    """Records that were there, and went on in the cube where they ended here."""
    conflicts: tuple[Conflict, ...] = ()
    """Records with another history here; theirs was left out."""
    outlived: tuple[RecordId, ...] = ()
    """Records that were forgotten where the cube was made and are remembered here; loading erases
    nothing, so give them to `forget` if they are to go."""
    forgotten: int = 0
    """Ids in it of what was forgotten."""
    made: tuple[ChangeId, ...] = field(default=(), repr=False)
    """The changes that were made here, for `undo`."""

    def __str__(self) -> str:
        parts = [f"{counted(self.records, 'record')}, {counted(self.changes, 'change')}"]
        for count, word in (
            (self.already, "already there"),
            (self.advanced, "brought up to date"),
            (self.refused, "forgotten earlier"),
            (len(self.outlived), "forgotten there and still here"),
        ):
            parts += [f"{count} {word}"] if count else []
        parts += [counted(len(self.conflicts), "conflict")] if self.conflicts else []
        return "\n".join([", ".join(parts), *(f"  {conflict}" for conflict in self.conflicts)])


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of merging two cubes into a third."""

    path: str
    records: int
    changes: int
    conflicts: tuple[Conflict, ...] = ()
    """Records with two histories, one of which was kept."""
    advanced: int = 0
    """Records in both, which go on in one where they end in the other."""
    buried: tuple[RecordId, ...] = ()
    """Records of one that were forgotten in the other, or drawn from such: they stay forgotten."""
    forgotten: int = 0
    """Ids in it of what was forgotten."""

    def __str__(self) -> str:
        parts = [f"{counted(self.records, 'record')}, {counted(self.changes, 'change')}"]
        parts += [f"{self.advanced} longer in one"] if self.advanced else []
        parts += [f"{len(self.buried)} forgotten in one"] if self.buried else []
        parts += [counted(len(self.conflicts), "conflict")] if self.conflicts else []
        return "\n".join([", ".join(parts), *(f"  {conflict}" for conflict in self.conflicts)])


def differing(one: Record, other: Record) -> tuple[str, ...]:
    """The fields in which two versions differ, ids, times of recording and lineage aside."""
    names = (
        "text",
        "kind",
        "scope",
        "status",
        "speaker",
        "role",
        "valid_from",
        "valid_to",
        "weight",
        "metadata",
        "media",
    )
    found = [name for name in names if getattr(one, name) != getattr(other, name)]
    if replace(one.provenance, derived_from=()) != replace(other.provenance, derived_from=()):
        found.append("provenance")
    return tuple(found) or ("history",)


def same_version(one: Record, other: Record) -> bool:
    """Whether two records are one version; lineage may have been cut where one was exported."""
    return one == other or _without_lineage(one) == _without_lineage(other)


def _without_lineage(record: Record) -> Record:
    return replace(record, provenance=replace(record.provenance, derived_from=()))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 60 else line[:57] + "...")
