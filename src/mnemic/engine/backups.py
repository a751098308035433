"""Backups: the whole file, copied while others use it, and put back without bringing back the dead.

A cube carries memories to another file; a backup is the file itself, with vectors, indexes, jobs
and settings. It is copied with SQLite's own online backup, checked, and appears whole or not at
all. Restored, it takes the place of what is there: of nothing, of a healthy memory that other
processes may have open (in one transaction, so that they simply read something else from then on),
or of a damaged file, which is kept beside it. What was forgotten since the backup was made is
erased in it first: a backup is no way around `forget`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from mnemic.core.clock import Clock, Micros, system_clock
from mnemic.core.errors import (
    Busy,
    DiskFull,
    InputError,
    NotADatabase,
    ReadOnly,
    SourceError,
    StoreError,
)
from mnemic.core.ids import RecordId
from mnemic.core.receipts import counted
from mnemic.core.records import Status
from mnemic.core.storage import Copy, Store
from mnemic.engine import doctor, trying
from mnemic.engine.build import build
from mnemic.engine.cubes.format import sync_folder
from mnemic.engine.cubes.noting import noted
from mnemic.engine.epoch import epoch, turn
from mnemic.engine.forgetting import erase
from mnemic.engine.inputs import named_path
from mnemic.engine.parts import Parts
from mnemic.retrieval.route import EFFORT
from mnemic.store import place, sqlite_backup
from mnemic.store.seal import Key
from mnemic.store.sqlite import SqliteStore
from mnemic.store.sqlite_backup import Carried

_REASON: Final = "forgotten before a backup was restored"
_TRIES: Final = 8
"""How often a restore is prepared anew because somebody wrote meanwhile."""
_BESIDE: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a memory, as it was at one moment."""

    path: str
    records: int
    changes: int
    bytes: int
    at: Micros

    def __str__(self) -> str:
        return (
            f"{counted(self.records, 'record')}, {counted(self.changes, 'change')}, "
            f"{self.bytes:,} bytes"
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring a backup did."""

    path: str
    records: int
    changes: int
    replaced: bool
    """Whether a healthy memory was there, whose content is gone now."""
    made_at: Micros | None = None
    """When the backup was made; None where it does not say."""
    forgotten: tuple[RecordId, ...] = ()
    """Records that were forgotten since it was made, and were erased in it."""
    aside: str | None = None
    """Where a damaged file is now."""
    sure: bool = True
    """False: the damaged file no longer told all that was forgotten in it since the backup."""

    def __str__(self) -> str:
        parts = [f"{counted(self.records, 'record')}, {counted(self.changes, 'change')}"]
        if self.made_at is not None:
            made = datetime.fromtimestamp(self.made_at // 1_000_000, UTC)
            parts.append(f"of {made.isoformat().replace('+00:00', 'Z')}")
        parts += [f"{len(self.forgotten)} forgotten since"] if self.forgotten else []
        parts += [f"the damaged file is now {self.aside}"] if self.aside else []
        parts += [] if self.sure else ["what was forgotten since could not be read in full"]
        return ", ".join(parts)


def backup(parts: Parts, path: Path, *, overwrite: bool = False) -> Backup:
    """Copy the memory to `path`, as it is committed now, while others read and write it.

    The file appears whole, checked and on the disk, or not at all; only its owner reads it. The
    memory remembers where it is, so that what is forgotten later is erased there as well. A backup
    that is there is replaced; another file only with `overwrite`. Raises InputError for such a
    file, StoreError when the copy cannot be written.
    """
    trying.refuse(parts.store, "a backup")
    store, now = parts.store, parts.clock()
    if not isinstance(store, SqliteStore):
        raise InputError("this memory is kept in a store without a file. Use Memory.export")
    path = place.home(path)
    _check_target(store, path, overwrite)
    with noted(store, Copy(str(path.absolute()), "backup", now)), _drafted(path) as draft:
        records, changes = sqlite_backup.copy_out(store, draft, now)
        size = draft.stat().st_size
        draft.replace(path)
        sync_folder(path.parent)
    return Backup(str(path), records, changes, size, now)


def restore(
    backup: Path,
    path: Path,
    *,
    key: Key | None = None,
    timeout: float = 10.0,
    clock: Clock = system_clock,
    actor: str = "user",
) -> Restored:
    """Put the content of a backup where `path` is.

    Nothing there: the file appears whole. A memory there, which other processes may have open: its
    content is replaced in one transaction. Something damaged there: it is kept beside, under a name
    that ends in `.damaged-1`, and the backup takes its place. A backup of an older version is
    brought up to date. Raises SourceError when there is no backup, NotADatabase or NewerSchema when
    it cannot be used, InputError when the memory there is another one than the one that was backed
    up, Busy when others keep it locked; everything is as it was then.
    """
    backup, path = place.home(named_path(backup)), place.home(named_path(path))
    if str(path) == ":memory:":
        raise InputError('":memory:" cannot be restored. Name the file that the memory is to be')
    if not backup.is_file():
        raise SourceError(f"no file {backup}. Give one that `mnemic backup` wrote")
    if path.exists() and path.samefile(backup):
        raise InputError(f"{path} is the backup itself. Name the file that the memory is to be")
    place.check(path)
    made = sqlite_backup.mark(backup)
    with _errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(_TRIES):
        with _drafted(path) as draft:
            sqlite_backup.take(backup, draft)
            task = _Task(draft, path, key, timeout, clock, actor, made.at if made else None)
            try:
                return _put_back(task)
            except sqlite_backup.Moved:
                continue
    raise Busy(
        f"{path} was written to each time that the backup was about to take its place. Let its "
        "writers pause, then try again"
    )


@dataclass(frozen=True, slots=True)
class _Task:
    draft: Path
    path: Path
    key: Key | None
    timeout: float
    clock: Clock
    actor: str
    made_at: Micros | None


def _put_back(task: _Task) -> Restored:
    if not task.path.exists():
        done = _prepared(task, Carried(), None)
        _move_aside(task.path)  # a log without its database would be read into the new one
        _appear(task.draft, task.path)
        return done
    live = _healthy(task)
    if live is None:
        carried = sqlite_backup.carry(task.path, task.draft)
        done = _prepared(task, carried, None)
        aside = _move_aside(task.path)
        _appear(task.draft, task.path)
        return _with(done, aside=aside, sure=carried.whole)
    try:
        seen = sqlite_backup.standing(live)
        empty = live.head() == 0
        carried = Carried()
        if not empty:
            carried = sqlite_backup.carry(task.path, task.draft)
        done = _prepared(task, carried, live)
        sqlite_backup.put_in(task.draft, live, seen, task.timeout)
    finally:
        live.close()
    return _with(done, replaced=not empty)


def _with(
    done: Restored, *, replaced: bool = False, aside: str | None = None, sure: bool = True
) -> Restored:
    return replace(done, replaced=replaced, aside=aside, sure=sure)


def _healthy(task: _Task) -> SqliteStore | None:
    """The memory that is there; None for a file that is damaged.

    Raises NotADatabase for another program's database, which is left alone.
    """
    try:
        live = SqliteStore(task.path, timeout=task.timeout, key=task.key)
    except StoreError as error:
        if type(error) not in (NotADatabase, StoreError) or sqlite_backup.foreign(task.path):
            raise
        return None
    try:
        if sqlite_backup.sound(live):
            return live
    except BaseException:
        live.close()
        raise
    live.close()
    return None


def _prepared(task: _Task, carried: Carried, live: SqliteStore | None) -> Restored:
    """Make the draft what the memory is to be: up to date, healthy, without what was forgotten."""
    store = SqliteStore(task.draft, timeout=task.timeout, key=task.key)
    try:
        if live is not None and live.head() and live.get_meta("secret") != store.get_meta("secret"):
            raise InputError(
                f"{task.path} is another memory than the one that was backed up. Restore the "
                "backup to a new path, or move that file away first"
            )
        parts, worker = build(
            task.draft,
            encoder=None,
            encoder_options={},
            language=None,
            timezone="UTC",
            durability="normal",
            timeout=task.timeout,
            actor=task.actor,
            effort=EFFORT,
            store=store,
            clock=task.clock,
        )
        worker.stop()
        found = doctor.examine(parts)
        if not found.ok:
            found = doctor.examine(parts, repair=True)
        if not found.ok:
            raise NotADatabase(f"the backup is damaged ({found.findings[0].what}). Take another")
        again = _alive(store, carried.forgotten)
        if again:
            erase.forget(parts, again, _REASON)
        with store.writing():
            turn(store, epoch(live) if live is not None else 0)
        sizes = store.sizes()
        records = sum(sizes[status.value] for status in Status if status is not Status.FORGOTTEN)
    finally:
        store.close()
    sqlite_backup.alone(task.draft)
    return Restored(
        path=str(task.path),
        records=records,
        changes=sizes["changes"],
        replaced=False,
        made_at=task.made_at,
        forgotten=again,
    )


def _alive(store: Store, ids: Sequence[RecordId]) -> tuple[RecordId, ...]:
    """Those of the ids that the store still holds."""
    found: list[RecordId] = []
    for start in range(0, len(ids), 500):
        records = store.get(ids[start : start + 500]).values()
        found += [record.id for record in records if record.status is not Status.FORGOTTEN]
    return tuple(found)


def _check_target(store: SqliteStore, path: Path, overwrite: bool) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder. Name a file in it, such as {path / 'memory.bak'}")
    if not path.exists():
        return
    if any(path.samefile(file) for file in store.files()):
        raise InputError(f"{path} is the memory itself. Name another file")
    if sqlite_backup.mark(path) is None and not overwrite:
        raise InputError(
            f"{path} is there already, and is no backup. Name another file, or say overwrite=True"
        )
    if any(Path(f"{path}{ending}").exists() for ending in _BESIDE):
        raise InputError(
            f"{path} is a database that is in use: there is a log beside it. Name another file"
        )


@contextmanager
def _drafted(path: Path) -> Iterator[Path]:
    """A name beside `path` for what is not finished; nothing of it stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    files = [draft, *(Path(f"{draft}{ending}") for ending in _BESIDE)]
    with _errors(path):
        try:
            for file in files:
                file.unlink(missing_ok=True)
            yield draft
        finally:
            for file in files:
                with suppress(OSError):
                    file.unlink(missing_ok=True)


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Tell what the disk says of a file as ours."""
    try:
        yield
    except OSError as error:
        kind = DiskFull if error.errno == errno.ENOSPC else ReadOnly
        raise kind(f"{path} cannot be written: {error.strerror}. Choose another place") from error


def _appear(draft: Path, path: Path) -> None:
    """Give a finished draft its name, unless somebody has made a file of that name meanwhile."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise Busy(f"{path} was made by somebody else meanwhile. Try again") from None
    except OSError:  # a file system without links
        draft.replace(path)
    sync_folder(path.parent)


def _move_aside(path: Path) -> str | None:
    """Rename what is left of a database; returns the name of the file, if it was there."""
    files = [Path(f"{path}{ending}") for ending in ("", *_BESIDE)]
    if not any(file.exists() for file in files):
        return None
    number = 1
    while any(Path(f"{path}.damaged-{number}{ending}").exists() for ending in ("", *_BESIDE)):
        number += 1
    named = f"{path}.damaged-{number}"
    for ending, file in zip(("", *_BESIDE), files, strict=True):
        if file.exists():
            file.rename(f"{named}{ending}")
    sync_folder(path.parent)
    return named if Path(named).exists() else None
