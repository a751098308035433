"""One connection of one process to one file: how it is opened, locked, and let go.

Write-ahead log, `BEGIN IMMEDIATE`, a fair wait (`waiting.py`), `secure_delete`; a lock lets one
thread in at a time, and is let go while another process is waited for. A read transaction lives
inside a `with` block and never longer.

A handle that crosses a `fork` has a copy of the parent's state, and locks that it does not own: it
is refused, before this file's own lock is asked for, because a thread that the child does not have
may hold that. A handle whose file was deleted or replaced would write into what nobody will ever
open: that is asked before a read begins and before a write is committed.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from mnemic.core.clock import Micros
from mnemic.core.errors import Closed, WrongPlace
from mnemic.store import migrate, place, raw
from mnemic.store.faults import translate
from mnemic.store.waiting import Patience

Durability = Literal["normal", "full"]
_Begin = Literal["BEGIN IMMEDIATE", "BEGIN"]
_TAKEN: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL}
_LONG: Final = 8 << 20
"""Bytes of the write-ahead log after which a writer cuts it; SQLite begins it anew at half of that,
if it finds no reader."""
_STANDSTILL: Final = 0.25
"""Seconds for which writers may be kept out while the log is cut."""


class Connection:
    """A guarded SQLite connection; every error leaves it as one of ours."""

    def __init__(self, path: str, *, timeout: float, durability: Durability, now: Micros) -> None:
        self.path = path
        self.memory = path == ":memory:"
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._timeout = timeout
        self._depth = 0
        self._begun: _Begin = "BEGIN"
        self.on_begin: Callable[[], None] = lambda: None
        """Is called when a transaction begins: what was remembered may have changed since."""
        self.on_rollback: Callable[[], None] = lambda: None
        """Is called when a transaction failed: what was remembered of it does not hold."""
        self._open: sqlite3.Connection | None = None
        self.raw: sqlite3.Cursor
        """For hot paths inside `writing`, which asks who holds it and translates its errors. There
        is one for all, as one thread is let in at a time: it costs as much as a small query."""
        self._file = self._log = self._held = ""
        self._was: raw.File | None = None
        self._log_was: raw.File | None = None
        self._long = _LONG
        if not self.memory:
            place.check(Path(path))
            self._make_private(Path(path), durability)
            self._hold_names()
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
            self._open.execute("PRAGMA busy_timeout = 0")  # from here on we wait, not SQLite
            if not self.memory:
                self._was, self._log_was = raw.which(self._file), raw.which(self._log)
        except sqlite3.Error as error:
            self.close()
            raise translate(error, path) from error
        except BaseException:
            self.close()
            raise

    @staticmethod
    def _make_private(path: Path, durability: Durability) -> None:
        """Make the folder, and a new file that only its owner reads."""
        try:
            new = [each for each in path.parents if durability == "full" and not each.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            if durability == "full":
                for folder in (path.parent, *(each.parent for each in new)):
                    _sync_folder(folder)
        except OSError:
            pass  # it is there already; if not, SQLite's own error says why

    def _configure(self, db: sqlite3.Connection, timeout: float, durability: Durability) -> None:
        db.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA cache_size = -16384")
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute(f"PRAGMA synchronous = {'FULL' if durability == 'full' else 'NORMAL'}")
        if durability == "full":  # macOS: `fsync` leaves data in the drive's cache, this does not
            db.execute("PRAGMA fullfsync = ON")
            db.execute("PRAGMA checkpoint_fullfsync = ON")

    def _log_ahead(self, db: sqlite3.Connection, timeout: float) -> None:
        mode = self._journal(db, time.monotonic() + timeout)
        if mode != "wal":
            raise WrongPlace(
                f"{self.path} lies where SQLite cannot keep a write-ahead log (it says {mode!r}). "
                "Put it on a local disk"
            )

    @staticmethod
    def _journal(db: sqlite3.Connection, deadline: float) -> str:
        # The change to WAL does not wait for the busy timeout when two processes open at once.
        while True:
            try:
                return str(db.execute("PRAGMA journal_mode = WAL").fetchone()[0])
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _hold_names(self) -> None:
        """The names of the files, for good: the process may go to another folder."""
        self._file = os.path.abspath(self.path)  # noqa: PTH100  (as `os.stat` takes it)
        self._held = os.path.realpath(self._file)
        self._log = f"{self._held}-wal"  # where SQLite keeps it
        raw.hold(self._held)

    def _check_file(self) -> None:
        """Raise Closed when the file is no longer the one that was opened."""
        if self._was is not None and raw.which(self._file) != self._was:
            raise self._gone(self.path)

    def _check_log(self) -> int:
        """The bytes of the write-ahead log; raises Closed when it is no longer the same one."""
        if self._log_was is None:
            return 0
        try:
            found = os.stat(self._log)  # noqa: PTH116
        except OSError:
            raise self._gone(self._log) from None
        if (found.st_dev, found.st_ino) != self._log_was:
            raise self._gone(self._log)
        return found.st_size

    def _gone(self, path: str) -> Closed:
        return Closed(
            f"{path} was deleted or replaced since it was opened, so nothing would be kept. "
            f"Open it again with Memory({self.path!r})"
        )

    def _check(self) -> None:
        if self._open is None:
            raise Closed(f"{self.path} was closed. Open it again with Memory({self.path!r})")
        if os.getpid() != self._process:
            raise Closed(
                f"{self.path} was opened before a fork. Open it again in this process with "
                f"Memory({self.path!r})"
            )

    @property
    def within(self) -> bool:
        """Whether a transaction is open."""
        return self._depth > 0

    def close(self) -> None:
        """Let go of the file; in a forked child the parent's handle is left alone."""
        if os.getpid() != self._process:
            return
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None
            if self._held:
                raw.let_go(self._held)
                self._held = ""

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row of a query, read to its end so that no read stays open."""
        self._check()
        patience = None
        while True:
            with self._lock:
                try:
                    return self.raw.execute(sql, values).fetchall()
                except sqlite3.Error as error:
                    patience = self._patience(error, patience)
            patience.pause()

    def parts(self, sql: str, values: Sequence[Any], size: int) -> Iterator[list[Any]]:
        """The rows of a query, `size` at a time, for those that would be too many at once.

        Read it to its end, and ask nothing else meanwhile.
        """
        self._check()
        with self._lock:
            assert self._open is not None
            patience = None
            while True:
                try:
                    cursor = self._open.execute(sql, values)
                    break
                except sqlite3.Error as error:
                    patience = self._patience(error, patience)
                patience.pause()
            try:
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
        patience = None
        while True:
            with self._lock:
                try:
                    return self.raw.execute(sql, values).rowcount
                except sqlite3.Error as error:
                    patience = self._patience(error, patience)
            patience.pause()

    def copy_into(self, target: sqlite3.Connection) -> None:
        """Copy everything into another database: for one in memory, which only we can reach."""
        self._check()
        with self._lock:
            assert self._open is not None
            self._open.backup(target)

    def cut_log(self) -> bool:
        """Move the write-ahead log into the file and cut it; False: others were in the way.

        They are asked after again and again: SQLite, waiting by itself, would keep every writer
        out for as long as one reader is there.
        """
        patience = Patience(self._timeout)
        while self.one("PRAGMA wal_checkpoint(TRUNCATE)")[0]:
            if patience.over:
                return False
            patience.pause()
        return True

    def _cut_long_log(self, length: int) -> None:
        """Move a log that has grown long into the file, and cut it.

        SQLite begins a log anew only when it finds no reader by chance. Under four it never did:
        200 MB after 4,000 writes, all of them slower. So a writer keeps new readers off the log,
        and is done when the longest of those who are there is.
        """
        asked = time.monotonic()
        try:
            self.raw.execute(f"PRAGMA busy_timeout = {int(1000 * _STANDSTILL)}")
            try:
                busy = self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                self.raw.execute("PRAGMA busy_timeout = 0")
        except sqlite3.Error:
            busy = True  # what was committed stays so
        if busy and time.monotonic() - asked > _STANDSTILL / 2:
            self._long = length + _LONG  # a long read was in the way: not again with every write

    def _patience(self, error: sqlite3.Error, patience: Patience | None) -> Patience:
        """With what to wait when another process has the lock; else, or too late, raises ours."""
        code = getattr(error, "sqlite_errorcode", 0)
        taken = code & 0xFF in _TAKEN and code != sqlite3.SQLITE_BUSY_SNAPSHOT
        patience = patience or Patience(self._timeout)
        if not taken or patience.over:
            raise translate(error, self.path) from error
        return patience

    def transaction(self, begin: _Begin) -> Transaction:
        """Keep all of a block or nothing of it; a block within a block joins the outer one."""
        return Transaction(self, begin)

    def _enter(self, begin: _Begin) -> None:
        self._check()
        patience = None
        while True:
            self._lock.acquire()
            try:
                if not self._depth:
                    if begin == "BEGIN":
                        self._check_file()
                    self.raw.execute(begin)
                    self._begun = begin
                    self.on_begin()
                self._depth += 1
                return
            except BaseException as error:
                self._lock.release()
                if not isinstance(error, sqlite3.Error):
                    raise
                patience = self._patience(error, patience)
            patience.pause()

    def _leave(self, error: BaseException | None) -> None:
        self._depth -= 1
        try:
            if not self._depth:
                if error is None:
                    self._commit()
                else:
                    self._roll_back()
        finally:
            self._lock.release()
        if isinstance(error, sqlite3.Error):
            raise translate(error, self.path) from error

    def _commit(self) -> None:
        try:
            self._check()
            length = 0
            if self._begun == "BEGIN IMMEDIATE":
                self._check_file()
                length = self._check_log()
            self.raw.execute("COMMIT")
            if length > self._long:
                self._cut_long_log(length)
            elif length < _LONG:
                self._long = _LONG
        except BaseException as error:
            self._roll_back()
            if isinstance(error, sqlite3.Error):
                self._write_over()
                raise translate(error, self.path) from error
            raise

    def _write_over(self) -> None:
        """Put an empty commit where one failed.

        When the disk fails to sync, the commit that is refused stands in the log whole, and the
        next process to open the file would take it for a good one if this one were killed now.
        """
        try:
            (number,) = self.raw.execute("PRAGMA user_version").fetchone()
            self.raw.execute("BEGIN IMMEDIATE")
            self.raw.execute(f"PRAGMA user_version = {number}")
            self.raw.execute("COMMIT")
        except sqlite3.Error:
            self._roll_back()

    def _roll_back(self) -> None:
        if os.getpid() != self._process:
            return  # the transaction is the parent's
        try:
            if self._open is not None and self._open.in_transaction:  # not closed within the block
                self._open.execute("ROLLBACK")
        except sqlite3.Error:
            pass  # the disk fails: nothing was committed, and what failed first is told
        self.on_rollback()


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder; where folders cannot be opened, nothing is done."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Transaction:
    """A block of a connection. A plain class, for every write enters a few of them."""

    __slots__ = ("_begin", "_connection")

    def __init__(self, connection: Connection, begin: _Begin) -> None:
        self._connection, self._begin = connection, begin

    def __enter__(self) -> None:
        self._connection._enter(self._begin)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        self._connection._leave(error)
