"""The port of a store, and the values that cross it.

A store keeps; it does not decide. What a change does to a record is settled by `core/verbs.py`,
when and in which order by `engine/apply.py`; a store is handed finished `Write`s inside one
transaction and keeps all of them or none. `store/ram.py` is the reference, `store/sqlite.py` the
file. Truth is the log, the versions, the links and the vectors that were paid for; the text index,
the heads and the passages can be made again from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.clock import Micros
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.ports import Ints, Row
from mnemic.core.records import Json, Partition, Record, Status
from mnemic.core.vectors import Codes, EncoderId, Floats

Identity: TypeAlias = tuple[str, str]
"""(source, external id)."""

DERIVED_FROM: Final = "derived_from"
"""The relation of a record to those that it was drawn from: its lineage."""

EVERY_LINE: Final = 1 << 40
"""As a limit of `Store.log`: more lines than a record can have."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log: one change that was applied."""

    seq: int
    """The log's sequence number; 0 until the store has given one."""
    id: ChangeId
    at: Micros
    actor: str
    verb: str
    record: RecordId
    version: int
    """The version that it made, or left as it was."""
    why: str
    detail: Mapping[str, Json] = field(default_factory=dict)
    """A link's relation, target and weight; blank for all else, for texts live in versions."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text, short enough to be encoded."""

    start: int
    end: int
    token_ids: NDArray[np.uint16] | None = None
    """WordPiece ids of the static table, for late interaction; None without a tokenizer."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of some passages by one encoder."""

    encoder: EncoderId
    codes: Codes
    """(passages, size) int8."""
    scales: Floats
    """(passages,)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read off a record when it is written, and derived again at will."""

    tokens: str
    """The analysed text, parted by blanks."""
    cues: int
    passages: tuple[Passage, ...]
    vectors: Vectors | None = None
    mark: int = 0
    """A keyed hash of the words, by which a later record is recognised as an echo."""


def row_of(key: int, record: Record, reading: Reading) -> Row:
    """What the indexes keep of a record with this integer key, as it stands."""
    return Row(
        key=key,
        tokens=reading.tokens,
        kind=record.kind,
        session=record.scope.session_id,
        ordinal=record.ordinal,
        agent=record.scope.agent_id,
        speaker=record.speaker,
        role=record.role,
        origin=record.provenance.origin.value,
        valid_from=record.valid_from.micros if record.valid_from else None,
        valid_to=record.valid_to.micros if record.valid_to else None,
        weight=record.weight,
        cues=reading.cues,
    )


@dataclass(frozen=True, slots=True)
class Write:
    """One change, resolved: the line in the log and the new state of the record."""

    entry: Entry
    record: Record
    """The state after the change, at `entry.version`."""
    reading: Reading | None = None
    """None: the words are those of the version before."""
    link: LinkRow | None = None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A typed edge between two records."""

    source: RecordId
    relation: str
    target: RecordId
    weight: float = 1.0
    remove: bool = False


@dataclass(frozen=True, slots=True)
class PassageKey:
    """A passage that waits for a vector: where it is, and its words."""

    key: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Which records `listing` gives: every condition must hold."""

    partitions: tuple[Partition, ...]
    kinds: tuple[str, ...] | None = None
    agent_id: str | None = None
    session_id: str | None = None
    statuses: tuple[Status, ...] = (Status.ACTIVE,)
    """`REMAINING` for everything that was not forgotten."""


@dataclass(frozen=True, slots=True)
class Job:
    """Background work that some process will do."""

    key: int
    task: str
    partition: Partition
    payload: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A file outside that memories were copied to: an export, or a backup."""

    path: str
    """Absolute."""
    kind: str
    """`cube` or `backup`."""
    at: Micros
    partitions: tuple[Partition, ...] = ()
    """Whose memories it holds; none named: everybody's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and whether it can be made again."""

    where: str
    what: str
    derived: bool
    """True: `doctor(repair=True)` rebuilds it; False: truth is damaged."""
    count: int = 1
    """How many there are, where one line tells of several."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one record that was not forgotten, for doctor to compare."""

    key: int
    record: Record | None
    """None: its bytes cannot be read."""
    tokens: str | None
    """None where there are none."""
    cues: int
    mark: int
    passages: tuple[Passage, ...]
    vectors: Mapping[int, tuple[Codes, float]]
    """By the number of the passage: codes (size,) and scale."""


class Store(Protocol):
    """Where records live. All methods raise StoreError when the place fails."""

    def close(self) -> None:
        """Let go of the file; closing twice is fine."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """One write transaction: all that happens within is kept, or nothing."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """One consistent view for several reads; ends with the block."""
        ...

    def files(self) -> list[str]:
        """The files that hold its bytes, as far as they are there; none in memory."""
        ...

    # -- facts about the whole

    def get_meta(self, name: str) -> str | None:
        """A setting recorded in the file."""
        ...

    def set_meta(self, name: str, value: str) -> None:
        """Record a setting, within `writing`."""
        ...

    def head(self) -> int:
        """The log's last sequence number, whoever wrote it."""
        ...

    def written_by(self, at: Micros) -> int:
        """The sequence number before the first line that was written after `at`."""
        ...

    def partitions(self) -> list[tuple[Partition, int]]:
        """Every partition with the number of its active records, sorted."""
        ...

    def moved(self, partition: Partition) -> int:
        """The sequence number of the partition's last change; 0 if it does not exist."""
        ...

    def sizes(self, partition: Partition | None = None) -> Mapping[str, int]:
        """Counts for `stats`: records by status, versions, changes, vectors, bytes...

        Of one partition, where it is named; its bytes are those of its texts.
        """
        ...

    # -- records

    def get(self, ids: Sequence[RecordId]) -> dict[RecordId, Record]:
        """The current version of each id that is known; forgotten ones come without text."""
        ...

    def by_key(self, keys: Sequence[int]) -> dict[int, Record]:
        """The current version of the records with these integer keys."""
        ...

    def versions(self, id: RecordId) -> list[Record]:
        """Every version, oldest first."""
        ...

    def known(self, partition: Partition, at: Micros) -> Iterator[tuple[int, Record]]:
        """(key, record) as the store knew them at `at`: what was active then."""
        ...

    def listing(self, which: Listing, after: int, limit: int) -> list[tuple[int, Record]]:
        """(key, record) with a key above `after`, in the order of keys."""
        ...

    def identities(
        self, partition: Partition, wanted: Sequence[Identity]
    ) -> dict[Identity, RecordId]:
        """Which of these identities are in the partition already."""
        ...

    def echoes(self, partition: Partition, marks: Sequence[int]) -> dict[int, RecordId]:
        """The first record for each mark (a keyed hash of its words) that is there already."""
        ...

    def buried(self, marks: Sequence[bytes]) -> set[bytes]:
        """Which of these keyed hashes belong to something that was forgotten."""
        ...

    def next_ordinal(self, partition: Partition, session_id: str | None) -> int:
        """One more than the largest ordinal of the session."""
        ...

    def links(
        self, ids: Sequence[RecordId], relation: str | None = None, *, incoming: bool = False
    ) -> list[LinkRow]:
        """Edges that leave these records, or lead to them."""
        ...

    # -- the log

    def log(self, since: int = 0, limit: int = 100, record: RecordId | None = None) -> list[Entry]:
        """Lines with a sequence number above `since`, oldest first."""
        ...

    def entry(self, id: ChangeId) -> Entry | None:
        """The line of this change."""
        ...

    # -- what the indexes read

    def rows(self, partition: Partition, since: int | None = None) -> tuple[list[Row], list[int]]:
        """Active rows and keys of inactive ones; with `since`, only those changed after it."""
        ...

    def vectors(
        self, partition: Partition, encoder: EncoderId, keys: Sequence[int] | None = None
    ) -> tuple[Ints, Codes, Floats]:
        """Record key of each passage (p,), codes (p, d) and scales (p,), by key and number."""
        ...

    def token_ids(
        self, partition: Partition, keys: Sequence[int] | None = None
    ) -> tuple[Ints, Ints, NDArray[np.uint16]]:
        """Record key and number of ids of each passage (p,), and all ids; by key and number."""
        ...

    def unencoded(
        self,
        partition: Partition,
        encoder: EncoderId,
        limit: int,
        *,
        only: Sequence[str] | None = None,
        others: Sequence[str] = (),
    ) -> list[PassageKey]:
        """Passages of active records that have no vector of this encoder yet.

        Of records of the kinds `only`, where they are named, and of none of the kinds `others`.
        """
        ...

    def passages(self, key: int) -> list[Passage]:
        """The passages of a record."""
        ...

    def matches(self, partition: Partition, term: str, limit: int) -> list[int]:
        """Keys of active records of the partition that hold an analysed token."""
        ...

    def tokens(self, keys: Sequence[int]) -> dict[int, str]:
        """The analysed text of these records."""
        ...

    def frequency(self, partition: Partition, term: str) -> int:
        """How many active records of the partition hold an analysed token."""
        ...

    def census(self, partition: Partition, above: int) -> tuple[int, float] | None:
        """Active records of a partition and their mean number of tokens (of a sample of many).

        None for a partition that has no more than `above` records.
        """
        ...

    def rows_near(self, keys: Sequence[int]) -> list[Row]:
        """The active rows of these keys, and those before and after each in its session."""
        ...

    # -- writing, within `writing`

    def write(self, writes: Iterable[Write]) -> list[int]:
        """Keep these changes, in order; returns their sequence numbers."""
        ...

    def encoders(self) -> list[tuple[EncoderId, int]]:
        """Every encoder that has vectors here, with how many, in the order they first came."""
        ...

    def drop_vectors(self, encoder: EncoderId, partition: Partition | None = None) -> int:
        """Remove an encoder's vectors, within `writing`; returns how many there were."""
        ...

    def write_vectors(self, passages: Sequence[PassageKey], vectors: Vectors) -> None:
        """Keep vectors that were computed later; passages that are gone are passed over."""
        ...

    def rewrite(self, readings: Iterable[tuple[int, Reading]]) -> None:
        """Make the derived rows of these records anew (a new analyser, a repair)."""
        ...

    def erase(self, entries: Sequence[Entry], marks: Sequence[bytes], certificate: str) -> None:
        """Blank every version of the entries' records, and all that is derived from them.

        Their lines in the log are redacted, and so is a reason of theirs (other than `CODES`) where
        a record that is linked with them bears it too. A partition of which nothing remains loses
        its names: it becomes `nobody(key)`, with the smallest key of its records.
        """
        ...

    def bury(self, marks: Sequence[bytes]) -> None:
        """Remember keyed hashes of what was forgotten elsewhere, within `writing`."""
        ...

    def scrub(self) -> str | None:
        """Clear free space of what was erased; None when done, else who is in the way."""
        ...

    def terms(self, among: Sequence[str]) -> dict[str, bool]:
        """Which of these analysed tokens the text index holds, and whether for a record.

        False: the index holds it, though no record that remains says it; nothing should.
        """
        ...

    def certificates(self, *, pending: bool = False) -> list[str]:
        """Certificates of erasure as they were given; `pending`: those not yet complete."""
        ...

    def settle(self, certificate: str) -> None:
        """Replace the certificate of the same id, within `writing`."""
        ...

    # -- what was copied elsewhere, and what is tried out

    def copies(self) -> list[Copy]:
        """The exports and backups that were made, oldest first."""
        ...

    def note_copy(self, copy: Copy) -> None:
        """Remember a copy, within `writing`; another one at the same path takes its place."""
        ...

    def drop_copy(self, path: str) -> None:
        """Remember a copy no longer, within `writing`."""
        ...

    def trials(self, *, open: bool = False) -> list[str]:
        """Changes that were admitted on trial, as JSON with `id` and `open`; or the open ones."""
        ...

    def keep_trial(self, trial: str) -> None:
        """Keep a trial, or replace the one of the same id, within `writing`."""
        ...

    # -- background work

    def enqueue(self, task: str, partition: Partition, payload: str, now: Micros) -> None:
        """Add a job unless the same one waits already, within `writing`."""
        ...

    def lease(self, worker: str, now: Micros, until: Micros) -> Job | None:
        """Take a job that nobody else holds (or whose lease ran out), within `writing`."""
        ...

    def finish(self, job: Job, worker: str) -> None:
        """Remove a job that is done, if `worker` still holds it, within `writing`."""
        ...

    def release(self, job: Job, worker: str, error: str) -> None:
        """Give a job back with the reason, within `writing`."""
        ...

    def awaits(self, task: str, partition: Partition, payload: str) -> bool:
        """Whether this job is waiting or being done."""
        ...

    def waiting(self, payload: str | None = None) -> int:
        """Number of jobs that are not done; with `payload`, of those with this one."""
        ...

    # -- care

    def check(self) -> list[Finding]:
        """Hold log, versions, heads, passages, vectors and text index against each other."""
        ...

    def kept(self, after: int, limit: int, encoder: EncoderId | None) -> list[Kept]:
        """Records that were not forgotten, with a key above `after`, and what was read off them.

        With the vectors of `encoder`. What cannot be read is left out instead of raised.
        """
        ...

    def wear(self, now: Micros) -> Mapping[str, int]:
        """Counts of what is no damage and yet worth knowing, such as free pages."""
        ...

    def mend(self) -> None:
        """Make heads anew from versions and drop derived rows that belong to nothing.

        Within `writing`; `rewrite` then makes texts and passages anew.
        """
        ...
