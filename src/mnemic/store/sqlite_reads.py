"""What the SQLite store answers: records at any version, identities, links, the log."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from mnemic.core.clock import Micros
from mnemic.core.errors import NotADatabase
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.records import Partition, Record, Status
from mnemic.core.storage import Entry, Identity, LinkRow, Listing
from mnemic.store.codec import decode
from mnemic.store.sqlite_derived import BITS, Derived

_RECORD = """
    SELECT r.key, r.id, r.version, head.recorded_at, words.text, head.state, r.partition, words.seq,
        head.seq
    FROM records r
    JOIN versions head ON head.record = r.key AND head.version = r.version
    JOIN versions words ON words.seq = r.text_seq
"""
_ENTRY = """
    SELECT l.seq, l.id, l.at, l.actor, l.verb, r.id, l.version, l.why, l.detail
    FROM log l JOIN records r ON r.key = l.record
"""
LINES = """
    SELECT seq FROM versions WHERE record = ?
    UNION ALL SELECT seq FROM log WHERE verb = 'link' AND record = ?
"""
"""The lines of a record: those that made its versions, and the links that leave it."""
_HISTORY = """
    SELECT r.key, r.id, v.version, v.recorded_at, words.text, v.state, r.partition, words.seq, v.seq
    FROM records r JOIN versions v ON v.record = r.key JOIN versions words ON words.seq = (
        SELECT seq FROM versions w
        WHERE w.record = r.key AND w.version <= v.version AND w.text IS NOT NULL
        ORDER BY w.version DESC LIMIT 1)
"""


class Reads(Derived):
    """The part of `SqliteStore` that reads truth."""

    # -- facts about the whole

    def head(self) -> int:
        """The log's last sequence number."""
        return int(self._db.one("SELECT coalesce(max(seq), 0) FROM log")[0])

    def written_by(self, at: Micros) -> int:
        """The sequence number before the first line that was written after `at`."""
        row = self._db.one("SELECT min(seq) FROM log WHERE at > ?", (at,))
        return self.head() if row[0] is None else int(row[0]) - 1

    def partitions(self) -> list[tuple[Partition, int]]:
        """Every partition with the number of its active records."""
        rows = self._db.all(
            "SELECT namespace, user_id, (SELECT count(*) FROM records WHERE partition = p.key "
            "AND status = 'active') FROM partitions p "
            "WHERE EXISTS (SELECT 1 FROM records WHERE partition = p.key AND status <> "
            "'forgotten') ORDER BY namespace, user_id"
        )
        return [(Partition(namespace, user), count) for namespace, user, count in rows]

    def moved(self, partition: Partition) -> int:
        """The sequence number of the partition's last change."""
        row = self._db.one(
            "SELECT seq FROM partitions WHERE namespace = ? AND user_id = ?",
            (partition.namespace, partition.user_id),
        )
        return int(row[0]) if row else 0

    def sizes(self, partition: Partition | None = None) -> Mapping[str, int]:
        """Counts for `stats`."""
        found = dict.fromkeys((status.value for status in Status), 0)
        if partition is not None:
            return found | self._sizes_of(self._partition_key(partition))
        found |= dict(self._db.all("SELECT status, count(*) FROM records GROUP BY status"))
        found["partitions"] = self._db.one(
            "SELECT count(DISTINCT partition) FROM records WHERE status <> 'forgotten'"
        )[0]
        for name in ("versions", "links", "passages", "vectors", "jobs"):
            found[name] = self._db.one(f"SELECT count(*) FROM {name}")[0]
        found["changes"] = self.head()
        pages = self._db.one("PRAGMA page_count")[0]
        found["bytes"] = pages * self._db.one("PRAGMA page_size")[0]
        return found

    def _sizes_of(self, partition: int | None) -> dict[str, int]:
        grouped = "SELECT status, count(*) FROM records WHERE partition = ? GROUP BY status"
        found = dict(self._db.all(grouped, (partition,)))
        mine = "(SELECT key FROM records WHERE partition = ?)"
        there = sum(count for status, count in found.items() if status != "forgotten")
        found["partitions"] = int(there > 0)
        for name, sql in (
            ("versions", f"FROM versions WHERE record IN {mine}"),
            ("links", f"FROM links WHERE source IN {mine}"),
            ("passages", f"FROM passages WHERE key >> {BITS} IN {mine}"),
            ("vectors", f"FROM vectors WHERE passage >> {BITS} IN {mine}"),
            ("jobs", "FROM jobs WHERE partition = ?"),
            ("changes", f"FROM log WHERE record IN {mine}"),
        ):
            found[name] = self._db.one(f"SELECT count(*) {sql}", (partition,))[0]
        found["bytes"] = self._db.one(
            "SELECT coalesce(sum(length(CAST(text AS BLOB))), 0) FROM versions "
            f"WHERE record IN {mine}",
            (partition,),
        )[0]
        return found

    # -- records

    def _record(self, row: Sequence[Any]) -> Record:
        _, id, version, recorded_at, text, state, partition, text_seq, seq = row
        seal = self._seal
        try:
            return decode(
                state,
                id=id,
                text=text if seal is None else self._open_text(seal, id, text_seq, text),
                partition=self._partition_of(partition),
                version=version,
                recorded_at=recorded_at,
                open=None if seal is None else partial(seal.open, f"state:{id}:{seq}"),
            )
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise NotADatabase(
                f"{self._db.path} is damaged: version {version} of record {id} cannot be read. "
                "`mnemic doctor` tells what else is affected; restore a backup"
            ) from error

    def get(self, ids: Sequence[RecordId]) -> dict[RecordId, Record]:
        """The current version of each id that is known."""
        rows = self._among(_RECORD + " WHERE r.id IN ({})", ids)
        found = {row[1]: self._record(row) for row in rows}
        return {id: found[id] for id in ids if id in found}  # as they were asked for

    def by_key(self, keys: Sequence[int]) -> dict[int, Record]:
        """The current version of the records with these keys."""
        rows = self._among(_RECORD + " WHERE r.key IN ({})", keys)
        return {row[0]: self._record(row) for row in rows}

    def versions(self, id: RecordId) -> list[Record]:
        """Every version, oldest first."""
        rows = self._db.all(f"{_HISTORY} WHERE r.id = ? ORDER BY v.version", (id,))
        return [self._record(row) for row in rows]

    def known(self, partition: Partition, at: Micros) -> Iterator[tuple[int, Record]]:
        """(key, record) as the store knew them at `at`."""
        rows = self._db.all(
            f"{_HISTORY} AND v.version = (SELECT max(version) FROM versions "
            "WHERE record = r.key AND recorded_at <= ?) "
            "WHERE r.partition = ? AND r.status <> 'forgotten' ORDER BY r.key",
            (at, self._partition_key(partition)),
        )
        for row in rows:
            record = self._record(row)
            if record.status is Status.ACTIVE:
                yield row[0], record

    def listing(self, which: Listing, after: int, limit: int) -> list[tuple[int, Record]]:
        """(key, record) above `after`, in the order of keys."""
        keys = [self._partition_key(partition) for partition in which.partitions]
        conditions = [f"r.key > ? AND r.partition IN ({','.join('?' * len(keys))})"]
        values: list[Any] = [after, *keys]
        statuses = [status.value for status in which.statuses]
        for column, wanted in (
            ("status", statuses),
            ("kind", which.kinds),
            ("agent_id", None if which.agent_id is None else [which.agent_id]),
            ("session_id", None if which.session_id is None else [which.session_id]),
        ):
            if wanted is not None:
                conditions.append(f"r.{column} IN ({','.join('?' * len(wanted))})")
                values += wanted
        sql = f"{_RECORD} WHERE {' AND '.join(conditions)} ORDER BY r.key LIMIT ?"
        return [(row[0], self._record(row)) for row in self._db.all(sql, [*values, limit])]

    def identities(
        self, partition: Partition, wanted: Sequence[Identity]
    ) -> dict[Identity, RecordId]:
        """Which of these identities are in the partition already."""
        key = self._partition_key(partition)
        if key is None:
            return {}
        by_source: dict[str, list[str]] = {}
        for source, external in wanted:
            by_source.setdefault(source, []).append(external)
        found: dict[Identity, RecordId] = {}
        for source, externals in by_source.items():
            rows = self._among(
                "SELECT external_id, id FROM records WHERE partition = ? AND source = ? "
                "AND external_id IN ({})",
                externals,
                (key, source),
            )
            found |= {(source, external): RecordId(id) for external, id in rows}
        return found

    def echoes(self, partition: Partition, marks: Sequence[int]) -> dict[int, RecordId]:
        """The first record for each mark that is there already."""
        key = self._partition_key(partition)
        if key is None:
            return {}
        found: dict[int, RecordId] = {}
        for mark in set(marks):  # one by one: a word said often has many records, and one will do
            row = self._db.one(
                "SELECT id FROM records WHERE partition = ? AND mark = ? AND status = 'active' "
                "ORDER BY key LIMIT 1",
                (key, mark),
            )
            if row is not None:
                found[mark] = RecordId(row[0])
        return found

    def buried(self, marks: Sequence[bytes]) -> set[bytes]:
        """Which of these belong to something that was forgotten."""
        rows = self._among("SELECT mark FROM tombstones WHERE mark IN ({})", marks)
        return {row[0] for row in rows}

    def next_ordinal(self, partition: Partition, session_id: str | None) -> int:
        """One more than the largest ordinal of the session."""
        # What was forgotten stands in no session, so it must not count in the nameless one.
        row = self._db.one(
            "SELECT ordinal FROM records WHERE partition = ? AND session_id IS ? "
            "AND status <> 'forgotten' ORDER BY ordinal DESC LIMIT 1",
            (self._partition_key(partition), session_id),
        )
        return 0 if row is None else int(row[0]) + 1

    def links(
        self, ids: Sequence[RecordId], relation: str | None = None, *, incoming: bool = False
    ) -> list[LinkRow]:
        """Edges that leave these records, or lead to them."""
        side = "b" if incoming else "a"
        rows = self._among(
            "SELECT a.id, k.relation, b.id, k.weight FROM links k JOIN records a ON a.key = "
            f"k.source JOIN records b ON b.key = k.target WHERE {side}.id IN ({{}})",
            ids,
        )
        return [LinkRow(*row) for row in sorted(rows) if relation in (None, row[1])]

    # -- the log

    def log(self, since: int = 0, limit: int = 100, record: RecordId | None = None) -> list[Entry]:
        """Lines above `since`, oldest first."""
        condition = ""
        values: list[Any] = [since]
        if record is not None:
            row = self._db.one("SELECT key FROM records WHERE id = ?", (record,))
            key = row[0] if row else None
            condition = f"AND l.seq IN ({LINES})"
            values += [key, key]
        sql = f"{_ENTRY} WHERE l.seq > ? {condition} ORDER BY l.seq LIMIT ?"
        return [self._entry(row) for row in self._db.all(sql, (*values, limit))]

    def entry(self, id: ChangeId) -> Entry | None:
        """The line of this change."""
        row = self._db.one(f"{_ENTRY} WHERE l.id = ?", (id,))
        return self._entry(row) if row else None

    def _entry(self, row: Sequence[Any]) -> Entry:
        seq, id, at, actor, verb, record, version, why, detail = row
        return Entry(
            seq,
            ChangeId(id),
            at,
            actor,
            verb,
            RecordId(record),
            version,
            self._open_why(id, why),
            json.loads(detail or "{}"),
        )
