"""What all parts of the SQLite store share: the connection, and keys of partitions and encoders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from mnemic.core.ids import RecordId
from mnemic.core.records import Partition
from mnemic.core.vectors import EncoderId
from mnemic.store.connection import Connection

_MANY: Final = 500
"""Values per statement: far below SQLite's limit, and few lengths keep the statement cache warm."""


class Tables:
    """Base of the parts of `SqliteStore`."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        db.on_begin, db.on_rollback = self._follow, self._forget_keys
        self._seen = -1
        self._partitions: dict[Partition, int] = {}
        self._by_number: dict[int, Partition] = {}
        self._models: dict[EncoderId, int] = {}

    def _follow(self) -> None:
        """Drop what is remembered if another connection has written since.

        It may have forgotten a user, whose name then belongs to no partition any more.
        """
        (version,) = self._db.raw.execute("PRAGMA data_version").fetchone()
        if version != self._seen:
            self._forget_keys()
            self._seen = version

    def _forget_keys(self) -> None:
        """Drop what was remembered: keys given inside a transaction that failed do not exist."""
        self._partitions.clear()
        self._by_number.clear()
        self._models.clear()

    def _partition_key(self, partition: Partition) -> int | None:
        key = self._partitions.get(partition) if self._db.within else None
        if key is None:
            row = self._db.one(
                "SELECT key FROM partitions WHERE namespace = ? AND user_id = ?",
                (partition.namespace, partition.user_id),
            )
            if row is None:
                return None
            key = int(row[0])
            if self._db.within:
                self._partitions[partition] = key
        return key

    def _partition_of(self, key: int) -> Partition:
        partition = self._by_number.get(key)
        if partition is None:
            row = self._db.one("SELECT namespace, user_id FROM partitions WHERE key = ?", (key,))
            partition = self._by_number[key] = Partition(*row)
        return partition

    def _new_partition(self, partition: Partition) -> int:
        key = self._db.raw.execute(
            "INSERT INTO partitions (namespace, user_id) VALUES (?, ?)",
            (partition.namespace, partition.user_id),
        ).lastrowid
        assert key is not None
        self._partitions[partition] = key
        return key

    def _key_of(self, id: RecordId) -> int | None:
        row = self._db.one("SELECT key FROM records WHERE id = ?", (id,))
        return row[0] if row else None

    def _among(self, sql: str, values: Sequence[Any], before: Sequence[Any] = ()) -> Iterator[Any]:
        """Rows of `sql`, whose `{}` takes the placeholders, for any number of distinct values."""
        values = list(dict.fromkeys(values))
        for start in range(0, len(values), _MANY):
            part = values[start : start + _MANY]
            yield from self._db.all(sql.format(",".join("?" * len(part))), [*before, *part])
