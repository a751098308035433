"""Records in one SQLite file: the store that every install has.

The schema is told in `migrations/`. This file opens, begins and writes; the other parts have files
of their own: `sqlite_reads.py` (records, links, log), `sqlite_derived.py` (text index, passages,
vectors), `sqlite_erasure.py`, `sqlite_jobs.py`, `sqlite_copies.py`, `sqlite_check.py`,
`sqlite_sealed.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from mnemic.core.changes import CODES
from mnemic.core.clock import system_clock
from mnemic.core.ids import RecordId
from mnemic.core.records import Record
from mnemic.core.storage import DERIVED_FROM, LinkRow, Write
from mnemic.store import place
from mnemic.store.codec import checksum, encode
from mnemic.store.connection import Connection, Durability
from mnemic.store.faults import unfit
from mnemic.store.seal import Key, Seal
from mnemic.store.sqlite_check import Checks
from mnemic.store.sqlite_copies import Copies
from mnemic.store.sqlite_erasure import Erasure
from mnemic.store.sqlite_jobs import Jobs


class SqliteStore(Erasure, Jobs, Checks, Copies):
    """The port `Store` on one file; `:memory:` keeps it in memory.

    With a `key` (32 bytes, or a passphrase) what people said is sealed in a new file, and opened in
    one that was sealed. Raises WrongKey when file and key do not fit together.
    """

    def __init__(
        self,
        path: str | Path = ":memory:",
        *,
        timeout: float = 10.0,
        durability: Durability = "normal",
        key: Key | None = None,
        like: SqliteStore | None = None,
    ) -> None:
        """`like`: a store whose copy this is, sealed with the same seal, if with any."""
        self.path = str(path) if str(path) == ":memory:" else str(place.home(path))
        super().__init__(
            Connection(self.path, timeout=timeout, durability=durability, now=system_clock())
        )
        try:
            if like is None:
                self._unlock(key)
            else:
                self._unlock_like(like)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def files(self) -> list[str]:
        """The database, its write-ahead log and its shared memory, as far as they are there."""
        if self._db.memory:
            return []
        names = [self.path + ending for ending in ("", "-wal", "-shm")]
        return [name for name in names if Path(name).exists()]

    def writing(self) -> AbstractContextManager[None]:
        """One write transaction."""
        return self._db.transaction("BEGIN IMMEDIATE")

    def reading(self) -> AbstractContextManager[None]:
        """One consistent view."""
        return self._db.transaction("BEGIN")

    # -- writing

    def write(self, writes: Iterable[Write]) -> list[int]:
        """Keep these changes, in order."""
        try:
            return self._write_all(writes)
        except (UnicodeEncodeError, OverflowError) as error:
            raise unfit(error) from error

    def _write_all(self, writes: Iterable[Write]) -> list[int]:
        hand, seal = self._db.raw, self._seal
        run = hand.execute
        seqs: list[int] = []
        touched: dict[int, int] = {}
        last: int | None = None
        for write in writes:
            entry, record = write.entry, write.record
            partition = self._partition_key(record.scope.partition)
            if partition is None:
                partition = self._new_partition(record.scope.partition)
            new = entry.verb == "put" and entry.version == 1  # a second one breaks the unique id
            key: int | None
            if new:
                key = last = (self._last_key() if last is None else last) + 1
            else:
                key = self._key_of(record.id)
            assert key is not None, record.id
            why: str | bytes = entry.why
            if seal is not None and why not in CODES:
                why = seal.shut(f"why:{entry.id}", entry.why.encode())
            run(
                "INSERT INTO log (id, at, actor, verb, record, version, why, detail) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    entry.id,
                    entry.at,
                    entry.actor,
                    entry.verb,
                    key,
                    entry.version,
                    why,
                    json.dumps(entry.detail, ensure_ascii=False) if entry.detail else None,
                ),
            )
            seq = hand.lastrowid
            assert seq is not None
            if write.link is not None:
                self._write_link(write.link)
            else:
                text_seq = self._write_version(write, key, seq, new)
                self._write_head(write, key, partition, text_seq, new)
                if write.reading is not None:
                    self._write_reading(key, partition, write.reading, new)
            seqs.append(seq)
            touched[partition] = seq
        for partition, seq in touched.items():
            run("UPDATE partitions SET seq = ? WHERE key = ?", (seq, partition))
        return seqs

    def _last_key(self) -> int:
        row = self._db.raw.execute("SELECT max(key) FROM records").fetchone()
        return row[0] or 0

    def _write_version(self, write: Write, key: int, seq: int, new: bool) -> int:
        record, run, seal = write.record, self._db.raw.execute, self._seal
        says = new
        text_seq = seq
        if not new:
            before, text_seq = run(
                "SELECT v.text, v.seq FROM records r JOIN versions v ON v.seq = r.text_seq "
                "WHERE r.key = ?",
                (key,),
            ).fetchone()
            if seal is not None:
                before = self._open_text(seal, record.id, text_seq, before)
            says = before != record.text
        said = record.text if says else None
        text: str | bytes | None
        if seal is None:
            text, state = said, encode(record)
            sum = checksum(text, state)
        else:
            text, state, sum = self._shut(seal, record, seq, said)
        run(
            "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                seq,
                key,
                record.version,
                record.recorded_at,
                text,
                state,
                sum,
            ),
        )
        if not new:
            return seq if says else text_seq
        for source in record.provenance.derived_from:
            self._write_link(LinkRow(record.id, DERIVED_FROM, source), known={record.id: key})
        return seq

    def _shut(
        self, seal: Seal, record: Record, seq: int, said: str | None
    ) -> tuple[bytes | None, str, int]:
        """Text, state and sum of a version as a sealed file keeps them."""
        place = f"{record.id}:{seq}"
        text = None if said is None else seal.shut(f"text:{place}", said.encode())
        state = encode(record, partial(seal.shut, f"state:{place}"))
        return text, state, self._sum(record.id, text, state)

    def _write_head(self, write: Write, key: int, partition: int, text_seq: int, new: bool) -> None:
        record, reading = write.record, write.reading
        scope, provenance = record.scope, record.provenance
        head = (
            record.status.value,
            record.version,
            text_seq,
            record.speaker,
            record.valid_from.micros if record.valid_from else None,
            record.valid_to.micros if record.valid_to else None,
            record.weight,
        )
        if new:
            self._db.raw.execute(
                "INSERT INTO records (status, version, text_seq, speaker, valid_from, "
                "valid_to, weight, key, id, partition, kind, agent_id, session_id, ordinal, role, "
                "origin, source, external_id, cues, mark) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *head,
                    key,
                    record.id,
                    partition,
                    record.kind,
                    scope.agent_id,
                    scope.session_id,
                    record.ordinal,
                    record.role,
                    provenance.origin.value,
                    provenance.source,
                    provenance.external_id,
                    reading.cues if reading else 0,
                    reading.mark if reading else 0,
                ),
            )
            return
        self._db.raw.execute(
            "UPDATE records SET status = ?, version = ?, text_seq = ?, speaker = ?, "
            "valid_from = ?, valid_to = ?, weight = ? WHERE key = ?",
            (*head, key),
        )
        if reading is not None:
            self._db.raw.execute(
                "UPDATE records SET cues = ?, mark = ? WHERE key = ?",
                (reading.cues, reading.mark, key),
            )

    def _write_link(self, link: LinkRow, known: Mapping[RecordId, int] | None = None) -> None:
        known = known or {}
        ends = [known.get(id) or self._key_of(id) for id in (link.source, link.target)]
        if link.remove:
            self._db.raw.execute(
                "DELETE FROM links WHERE source = ? AND relation = ? AND target = ?",
                (ends[0], link.relation, ends[1]),
            )
        else:
            self._db.raw.execute(
                "INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?)",
                (ends[0], link.relation, ends[1], link.weight),
            )
