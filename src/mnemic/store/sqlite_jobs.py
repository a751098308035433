"""Background work in SQLite: a table of jobs, each leased to one process for a while.

A process that dies leaves a lease that runs out; nothing is lost, and nobody needs a broker.
"""

from __future__ import annotations

from mnemic.core.clock import Micros
from mnemic.core.records import Partition
from mnemic.core.storage import Job
from mnemic.store.sqlite_tables import Tables


class Jobs(Tables):
    """The part of `SqliteStore` that keeps background work."""

    def enqueue(self, task: str, partition: Partition, payload: str, now: Micros) -> None:
        """Add a job unless the same one waits already."""
        key = self._partition_key(partition)
        if key is None:
            key = self._new_partition(partition)
        self._db.run(
            "INSERT OR IGNORE INTO jobs (task, partition, payload, added_at) VALUES (?, ?, ?, ?)",
            (task, key, payload, now),
        )

    def lease(self, worker: str, now: Micros, until: Micros) -> Job | None:
        """Take a job that nobody holds; the one that was tried least comes first."""
        row = self._db.one(
            "SELECT key, task, partition, payload FROM jobs WHERE until <= ? OR worker = ? "
            "ORDER BY tries, added_at, key LIMIT 1",
            (now, worker),
        )
        if row is None:
            return None
        key, task, partition, payload = row
        self._db.run(
            "UPDATE jobs SET worker = ?, until = ?, tries = tries + 1 WHERE key = ?",
            (worker, until, key),
        )
        return Job(key, task, self._partition_of(partition), payload)

    def finish(self, job: Job, worker: str) -> None:
        """Remove a job that is done."""
        self._db.run("DELETE FROM jobs WHERE key = ? AND worker = ?", (job.key, worker))

    def release(self, job: Job, worker: str, error: str) -> None:
        """Give a job back with the reason."""
        self._db.run(
            "UPDATE jobs SET worker = NULL, until = 0, error = ? WHERE key = ? AND worker = ?",
            (error or None, job.key, worker),
        )

    def awaits(self, task: str, partition: Partition, payload: str) -> bool:
        """Whether this job is waiting or being done."""
        row = self._db.one(
            "SELECT 1 FROM jobs WHERE task = ? AND partition = ? AND payload = ?",
            (task, self._partition_key(partition), payload),
        )
        return row is not None

    def waiting(self, payload: str | None = None) -> int:
        """Number of jobs that are not done."""
        row = self._db.one(
            "SELECT count(*) FROM jobs WHERE ? IS NULL OR payload = ?", (payload, payload)
        )
        return int(row[0])
