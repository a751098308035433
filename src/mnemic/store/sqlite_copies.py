"""In SQLite: where memories were copied to, and which changes are on trial."""

from __future__ import annotations

import json

from mnemic.core.records import Partition
from mnemic.core.storage import Copy
from mnemic.store.sqlite_tables import Tables


class Copies(Tables):
    """The part of `SqliteStore` that knows of exports, backups and trials."""

    def copies(self) -> list[Copy]:
        """The exports and backups that were made, oldest first."""
        rows = self._db.all("SELECT path, kind, at, partitions FROM copies ORDER BY at, path")
        return [
            Copy(path, kind, at, tuple(Partition(*names) for names in json.loads(partitions)))
            for path, kind, at, partitions in rows
        ]

    def note_copy(self, copy: Copy) -> None:
        """Remember a copy; another one at the same path takes its place."""
        names = [[partition.namespace, partition.user_id] for partition in copy.partitions]
        self._db.run(
            "INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?)",
            (copy.path, copy.kind, copy.at, json.dumps(names, ensure_ascii=False)),
        )

    def drop_copy(self, path: str) -> None:
        """Remember a copy no longer."""
        self._db.run("DELETE FROM copies WHERE path = ?", (path,))

    def trials(self, *, open: bool = False) -> list[str]:
        """Changes that were admitted on trial."""
        sql = "SELECT body FROM trials" + (" WHERE open" if open else "")
        return [row[0] for row in self._db.all(f"{sql} ORDER BY id")]

    def keep_trial(self, trial: str) -> None:
        """Keep a trial, or replace the one of the same id."""
        fields = json.loads(trial)
        self._db.run(
            "INSERT OR REPLACE INTO trials VALUES (?, ?, ?)",
            (fields["id"], bool(fields["open"]), trial),
        )
