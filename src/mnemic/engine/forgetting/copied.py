"""Erasure in the copies that a memory knows of: its exports, and its backups.

A cube is written anew without the forgotten; a backup is opened as what it is, a memory, and the
same records are erased there, with all that was drawn from them in it. Where that cannot be done,
it is said which copy it is and what is left for people to do: a promise about a file that nobody
can reach would be a lie.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from mnemic.core.clock import Micros
from mnemic.core.errors import Busy, MnemicError, SourceError
from mnemic.core.ids import ChangeId, Mint, RecordId
from mnemic.core.receipts import Certificate, counted
from mnemic.core.records import Partition, Record
from mnemic.core.storage import Copy, Entry, Store
from mnemic.engine.forgetting.certificates import to_json
from mnemic.engine.forgetting.lineage import with_drawn
from mnemic.engine.tombstones import tombstones

_DAY: Final = 86_400_000_000
_PATIENCE: Final = 2.0
"""Seconds to wait for whoever has a backup open."""


@dataclass(slots=True)
class Reach:
    """Which copies were reached, and which were not, in words that begin with their path."""

    reached: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """Paths of those that were reached."""


def concerned(store: Store, partitions: Iterable[Partition], since: Micros) -> list[Copy]:
    """The copies that may hold something of these partitions that came in at `since` or later.

    Clocks are set back at times, so a copy counts as made a day later than it says.
    """
    wanted = set(partitions)
    return [
        copy
        for copy in store.copies()
        if copy.at + _DAY >= since and (not copy.partitions or wanted.intersection(copy.partitions))
    ]


def erase_copies(
    store: Store,
    copies: Sequence[Copy],
    certificate: Certificate,
) -> Reach:
    """Erase a certificate's records in the copies, as far as they can be reached."""
    reach = Reach()
    own = {Path(file).resolve() for file in store.files()}
    for file in store.files()[:1]:
        _left_behind(Path(file), reach)
    for copy in copies:
        path = Path(copy.path)
        if path.resolve() in own:
            continue
        if (draft := _left_behind(path, reach)) is not None:
            reach.unreached.append(
                f"{path}: a process is writing it anew ({draft.name}). When that has ended, delete "
                "it, and make another one"
            )
            continue
        if not path.exists():
            reach.unreached.append(
                f"{path}: it is not there any more. Wherever it went, delete it there"
            )
            continue
        try:
            told: str | None
            if copy.kind == "cube":
                told = _in_cube(path, certificate.ids)
            else:
                told = _in_backup(store, path, certificate)
        except Busy:
            reach.unreached.append(
                f"{path}: another process has it open. When that has ended, delete it, or open it "
                "and forget the same ids there"
            )
            continue
        except (MnemicError, OSError) as error:
            reach.unreached.append(f"{path}: {error}. Delete it, and make another one")
            continue
        if told is None:
            reach.unreached.append(
                f"{path}: blank, but another process reads it. Whoever opens it next completes it"
            )
            continue
        reach.reached.append(f"{path}: {told}")
        reach.files.append(str(path))
    return reach


def _left_behind(path: Path, reach: Reach) -> Path | None:
    """Clear what stands beside a file: drafts of processes that died, what a restore set aside.

    Returns a draft that somebody may be writing just now.
    """
    name, busy = glob.escape(path.name), None
    for file in sorted(path.parent.glob(f".{name}.*.part*")):
        owner = file.name.removeprefix(f".{path.name}.").partition(".")[0]
        if not owner.isdigit() or _runs(int(owner)):
            busy = file
        else:
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                reach.unreached.append(f"{file}: a draft that was left behind ({error}). Delete it")
            else:
                reach.reached.append(f"{file}: a draft that was left behind was deleted")
    reach.unreached += [
        f"{file}: a damaged file that a restore set aside. Delete it when it is not needed any more"
        for file in sorted(path.parent.glob(f"{name}.damaged-*"))
    ]
    return busy


def _runs(process: int) -> bool:
    """Whether a process runs; True where that cannot be told."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _in_cube(path: Path, ids: Sequence[RecordId]) -> str:
    from mnemic.engine.cubes import cube  # with it comes zipfile

    count = cube.without(path, ids)
    return f"written anew without {counted(count, 'record')}" if count else "holds nothing of it"


def _in_backup(store: Store, path: Path, certificate: Certificate) -> str | None:
    """What was done in a backup; None where somebody's open read holds the last step back."""
    from mnemic.store.sqlite import SqliteStore

    like = store if isinstance(store, SqliteStore) else None
    backup = SqliteStore(path, timeout=_PATIENCE, like=like)
    try:
        secret = backup.get_meta("secret")
        if secret is None or secret != store.get_meta("secret"):
            raise SourceError("another memory lies there now, and was left alone")
        doomed = with_drawn(backup, certificate.ids)
        if not doomed:
            return "holds nothing of it"
        at, reason, mint = certificate.at, certificate.reason, Mint()
        entries = [
            Entry(0, ChangeId(mint.new(at)), at, "mnemic", "forget", id, 0, reason) for id in doomed
        ]
        here = replace(certificate, status="pending", ids=tuple(doomed), redrawn={}, regression=())
        with backup.writing():
            marks = graves(bytes.fromhex(secret), doomed.values())
            backup.erase(entries, marks, to_json(here))
        if backup.scrub() is not None:
            return None
        with backup.writing():
            backup.settle(to_json(replace(here, status="erased")))
        return f"{counted(len(entries), 'record')} erased there"
    finally:
        backup.close()


def graves(secret: bytes, records: Iterable[Record]) -> list[bytes]:
    """The marks by which a later import knows that these were forgotten."""
    return [mark for record in records for mark in tombstones(secret, record)]
