"""One connection of one process to one file: how it is opened, locked, and let go.

Write-ahead log, `BEGIN IMMEDIATE`, a busy timeout, `secure_delete`; a lock that lets one thread in
at a time. A read transaction lives inside a `with` block and never longer. A handle that crosses a
`fork` has a copy of the parent's state, and locks that it does not own: it is refused, before this
file's own lock is asked for, because a thread that the child does not have may hold that.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from mnemic.core.clock import Micros
from mnemic.core.errors import Closed, WrongPlace
from mnemic.store import migrate, place
from mnemic.store.faults import translate

Durability = Literal["normal", "full"]


class Connection:
    """A guarded SQLite connection; every error leaves it as one of ours."""

    def __init__(self, path: str, *, timeout: float, durability: Durability, now: Micros) -> None:
        self.path = path
        self.memory = path == ":memory:"
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._depth = 0
        self.on_rollback: Callable[[], None] = lambda: None
        """Is called when a transaction failed: what was remembered of it does not hold."""
        self._open: sqlite3.Connection | None = None
        self.raw: sqlite3.Cursor
        """For hot paths inside `writing`, which asks who holds it and translates its errors. There
        is one for all, as one thread is let in at a time: it costs as much as a small query."""
        if not self.memory:
            place.check(Path(path))
            self._make_private(Path(path))
        try:
            self._open = sqlite3.connect(
                path,
                timeout=timeout,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            self.raw = self._open.cursor()
            self._configure(self._open, timeout, durability)
            if not self.memory:
                # Before anything is changed: another program's file stays as it is.
                migrate.examine(self._open, path)
                self._log_ahead(self._open, timeout)
            migrate.migrate(self._open, path, now)
        except sqlite3.Error as error:
            self.close()
            raise translate(error, path) from error
        except BaseException:
            self.close()
            raise

    @staticmethod
    def _make_private(path: Path) -> None:
        """Make the folder, and a new file that only its owner reads."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError:
            pass  # it is there already; if not, SQLite's own error says why

    def _configure(self, raw: sqlite3.Connection, timeout: float, durability: Durability) -> None:
        raw.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")
        raw.execute("PRAGMA secure_delete = ON")
        raw.execute("PRAGMA cache_size = -16384")
        raw.execute("PRAGMA temp_store = MEMORY")
        raw.execute(f"PRAGMA synchronous = {'FULL' if durability == 'full' else 'NORMAL'}")

    def _log_ahead(self, raw: sqlite3.Connection, timeout: float) -> None:
        mode = self._journal(raw, time.monotonic() + timeout)
        if mode != "wal":
            raise WrongPlace(
                f"{self.path} lies where SQLite cannot keep a write-ahead log (it says {mode!r}). "
                "Put it on a local disk"
            )

    @staticmethod
    def _journal(raw: sqlite3.Connection, deadline: float) -> str:
        # The change to WAL does not wait for the busy timeout when two processes open at once.
        while True:
            try:
                return str(raw.execute("PRAGMA journal_mode = WAL").fetchone()[0])
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _check(self) -> None:
        if self._open is None:
            raise Closed(f"{self.path} was closed. Open it again with Memory({self.path!r})")
        if os.getpid() != self._process:
            raise Closed(
                f"{self.path} was opened before a fork. Open it again in this process with "
                f"Memory({self.path!r})"
            )

    def close(self) -> None:
        """Let go of the file; in a forked child the parent's handle is left alone."""
        if os.getpid() != self._process:
            return
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row of a query, read to its end so that no read stays open."""
        self._check()
        with self._lock:
            try:
                return self.raw.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise translate(error, self.path) from error

    def parts(self, sql: str, values: Sequence[Any], size: int) -> Iterator[list[Any]]:
        """The rows of a query, `size` at a time, for those that would be too many at once.

        Read it to its end, and ask nothing else meanwhile.
        """
        self._check()
        with self._lock:
            assert self._open is not None
            try:
                cursor = self._open.execute(sql, values)
                while part := cursor.fetchmany(size):
                    yield part
            except sqlite3.Error as error:
                raise translate(error, self.path) from error

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row of a query, or None."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; returns the number of rows that it changed."""
        self._check()
        with self._lock:
            try:
                return self.raw.execute(sql, values).rowcount
            except sqlite3.Error as error:
                raise translate(error, self.path) from error

    def transaction(self, begin: Literal["BEGIN IMMEDIATE", "BEGIN"]) -> Transaction:
        """Keep all of a block or nothing of it; a block within a block joins the outer one."""
        return Transaction(self, begin)

    def _enter(self, begin: str) -> None:
        self._check()
        self._lock.acquire()
        try:
            if not self._depth:
                self.raw.execute(begin)
            self._depth += 1
        except BaseException as error:
            self._lock.release()
            if isinstance(error, sqlite3.Error):
                raise translate(error, self.path) from error
            raise

    def _leave(self, error: BaseException | None) -> None:
        self._depth -= 1
        try:
            if self._depth:
                return
            if error is None:
                self._check()
                self.raw.execute("COMMIT")
            else:
                self._roll_back()
        except sqlite3.Error as failed:
            self._roll_back()
            raise translate(failed, self.path) from failed
        finally:
            self._lock.release()
        if isinstance(error, sqlite3.Error):
            raise translate(error, self.path) from error

    def _roll_back(self) -> None:
        if self._open is not None and self._open.in_transaction:  # not closed within the block
            self._open.execute("ROLLBACK")
        self.on_rollback()


class Transaction:
    """A block of a connection. A plain class, for every write enters a few of them."""

    __slots__ = ("_begin", "_connection")

    def __init__(self, connection: Connection, begin: str) -> None:
        self._connection, self._begin = connection, begin

    def __enter__(self) -> None:
        self._connection._enter(self._begin)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        self._connection._leave(error)
