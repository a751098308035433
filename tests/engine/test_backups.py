"""Backups: whole while others write, and no way around `forget` when they are put back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import mnemic
from mnemic import Memory
from mnemic.engine import backups, trying
from mnemic.engine.epoch import epoch, turn
from mnemic.engine.write import commit
from mnemic.store import sqlite_backup
from mnemic.store.ram import RamStore
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.picture import picture

OLD = Path(__file__).parent.parent / "files" / "schema-0001.db"


def fresh(path: Path | str, **settings: Any) -> Memory:
    ticks = count(1_780_000_000_000_000, 1_000_000)
    return Memory(path, **{"clock": lambda: next(ticks), "encoder": None, **settings})


def texts(path: Path, **settings: Any) -> list[str]:
    with fresh(path, **settings) as memory:
        assert memory.doctor().ok
        return [r.text for s in memory.scopes() for r in memory.list(user_id=s.user_id or "")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "memory.bak"


def test_a_backup_is_the_memory_as_it_was(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        memory.add(["tea", "coffee"], user_id="ana")
        memory.delete(memory.add("milk", user_id="ana").id)
        made = backups.backup(memory._parts, copy)
        assert (made.records, made.changes, made.bytes) == (3, 4, copy.stat().st_size)
        assert str(made).startswith("3 records, 4 changes")
        before = picture(memory._parts.store, ())
        assert [(one.path, one.kind) for one in memory._parts.store.copies()] == [
            (str(copy), "backup")
        ]
        memory.add("later", user_id="ana")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in copy.parent.iterdir()) == ["memory.bak", "memory.db"]
    restored = backups.restore(copy, path.with_name("new.db"))
    assert (restored.records, restored.replaced, restored.made_at) == (3, False, made.at)
    store = SqliteStore(path.with_name("new.db"))
    assert picture(store, ()) == before
    assert store.copies()[0].path == str(copy)
    store.close()
    assert (copy.parent / "new.db").stat().st_mode & 0o777 == 0o600


def test_a_memory_in_memory_can_be_backed_up_too(copy: Path) -> None:
    with fresh(":memory:") as memory:
        memory.add("tea", user_id="ana")
        assert backups.backup(memory._parts, copy).records == 1
    backups.restore(copy, copy.with_name("new.db"))
    assert texts(copy.with_name("new.db")) == ["tea"]
    with (
        Memory(store=RamStore()) as memory,
        pytest.raises(mnemic.InputError, match="without a file"),
    ):
        backups.backup(memory._parts, copy)


def test_only_a_backup_is_replaced(path: Path, copy: Path) -> None:
    notes = copy.with_name("notes.txt")
    notes.write_text("my notes")
    other = copy.with_name("other.db")
    with fresh(other) as memory:
        memory.add("of another", user_id="ana")
    with fresh(path) as memory:
        memory.add("tea", user_id="ana")
        backups.backup(memory._parts, copy)
        backups.backup(memory._parts, copy)
        for file in (notes, other, path):
            with pytest.raises(mnemic.InputError):
                backups.backup(memory._parts, file)
        with pytest.raises(mnemic.InputError, match="itself"):
            backups.backup(memory._parts, path, overwrite=True)
        with pytest.raises(mnemic.InputError, match="folder"):
            backups.backup(memory._parts, copy.parent)
        assert notes.read_text() == "my notes"
        backups.backup(memory._parts, notes, overwrite=True)
    assert texts(other) == ["of another"]
    # Who has taken a backup for a memory, and written to it, does not lose that.
    with fresh(copy) as used:
        used.add("written here", user_id="ana")
    with fresh(path) as memory, pytest.raises(mnemic.InputError, match="no backup"):
        backups.backup(memory._parts, copy)


def test_a_backup_within_a_dry_run_or_nowhere_is_refused(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        with pytest.raises(mnemic.InputError, match="dry run"):
            trying.try_out(memory._parts, lambda parts: backups.backup(parts, copy))
        with pytest.raises(mnemic.StoreError, match="cannot be written"):
            backups.backup(memory._parts, copy / "no" / "folder.bak")
        assert memory._parts.store.copies() == []
    assert not copy.exists()


def test_what_was_forgotten_since_stays_forgotten(path: Path, copy: Path) -> None:
    moved = copy.with_name("moved.bak")
    with fresh(path) as memory:
        pin = memory.add("my bank's PIN is four two four two", user_id="ana").id
        tea = memory.add("I drink tea in the morning", user_id="ana").id
        drawn = memory.add("PIN known: 4242", user_id="ana", kind="fact", derived_from=[pin]).id
        backups.backup(memory._parts, copy)
        copy.rename(moved)  # so that `forget` does not reach it
        memory.forget(pin)
        memory.add("later", user_id="ana")
        before = len(memory._parts.store.certificates())
    assert b"four two four two" in moved.read_bytes()
    restored = backups.restore(moved, path)
    assert set(restored.forgotten) == {pin, drawn} and restored.replaced
    assert "2 forgotten since" in str(restored)
    with fresh(path) as memory:
        assert [record.id for record in memory.list(user_id="ana")] == [tea]
        with pytest.raises(mnemic.Forgotten):
            memory.get(pin)
        store = memory._parts.store
        assert len(store.certificates()) == before + 1 and not store.certificates(pending=True)
        assert memory.doctor().ok
    for file in path.parent.glob("memory.db*"):
        assert b"four two four two" not in file.read_bytes()


def test_the_content_of_another_memory_is_not_replaced(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        memory.add("tea", user_id="ana")
        backups.backup(memory._parts, copy)
    other = path.with_name("other.db")
    with fresh(other) as memory:
        memory.add("of another", user_id="bo")
    with pytest.raises(mnemic.InputError, match="another memory"):
        backups.restore(copy, other)
    assert texts(other) == ["of another"]
    with fresh(path.with_name("empty.db")):
        pass
    backups.restore(copy, path.with_name("empty.db"))
    assert texts(path.with_name("empty.db")) == ["tea"]


def test_a_damaged_file_is_kept_beside(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        ids = memory.add([f"turn {n}" for n in range(50)], user_id="ana").ids
        backups.backup(memory._parts, copy)
        shutil.copy(copy, copy.with_name("moved.bak"))
        memory.forget(ids[0])
    data = bytearray(path.read_bytes())
    for page in range(4, len(data) // 4096, 7):
        data[page * 4096 : page * 4096 + 200] = os.urandom(200)
    path.write_bytes(data)
    restored = backups.restore(copy.with_name("moved.bak"), path)
    assert restored.aside == f"{path}.damaged-1" and not restored.replaced
    assert Path(restored.aside).read_bytes() == data
    assert len(texts(path)) == (49 if restored.sure else 50 - len(restored.forgotten))
    path.write_bytes(b"\0" * 5000)
    again = backups.restore(copy.with_name("moved.bak"), path)
    assert again.aside == f"{path}.damaged-2" and not again.sure
    assert "could not be read" in str(again)


def test_a_log_without_its_database_is_not_read_into_the_new_one(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        memory.add("tea", user_id="ana")
        backups.backup(memory._parts, copy)
        memory.add("later", user_id="ana")
        log = Path(f"{path}-wal").read_bytes()
    path.unlink()
    Path(f"{path}-wal").write_bytes(log)
    backups.restore(copy, path)
    assert texts(path) == ["tea"]
    assert Path(f"{path}.damaged-1-wal").read_bytes() == log


def test_another_program_s_file_is_left_alone(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        backups.backup(memory._parts, copy)
    other = path.with_name("browser.db")
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE visits (url TEXT)")
    db.commit()
    db.close()
    before = other.read_bytes()
    with pytest.raises(mnemic.NotADatabase, match="another program"):
        backups.restore(copy, other)
    with pytest.raises(mnemic.NotADatabase, match="another program"):
        backups.restore(other, path)
    assert other.read_bytes() == before


def test_what_is_no_backup_changes_nothing(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        memory.add("tea", user_id="ana")
        backups.backup(memory._parts, copy)
    cut = copy.with_name("cut.bak")
    cut.write_bytes(copy.read_bytes()[:30_000])
    rotten = copy.with_name("rotten.bak")
    data = bytearray(copy.read_bytes())
    data[5 * 4096 : 6 * 4096] = os.urandom(4096)
    rotten.write_bytes(data)
    text = copy.with_name("text.bak")
    text.write_text("no database")
    empty = copy.with_name("empty.bak")
    empty.touch()
    later = copy.with_name("later.bak")
    shutil.copy(copy, later)
    db = sqlite3.connect(later)
    db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    for file in (cut, rotten, text, empty, later, copy.with_name("missing.bak")):
        with pytest.raises(mnemic.MnemicError) as caught:
            backups.restore(file, path)
        assert str(file) in str(caught.value)
    with pytest.raises(mnemic.InputError, match="itself"):
        backups.restore(copy, copy)
    with pytest.raises(mnemic.InputError, match=":memory:"):
        backups.restore(copy, Path(":memory:"))
    assert path.read_bytes() == before
    assert not list(path.parent.glob(".*"))


def test_a_backup_of_the_first_schema_is_brought_up_to_date(path: Path) -> None:
    beside = sorted(OLD.parent.iterdir())
    with fresh(path) as memory:
        backups.restore(OLD, path)
        assert sorted(OLD.parent.iterdir()) == beside  # a file that is only read gets no log
        assert "I live in Lisbon." in [r.text for r in memory.list(user_id="ana")]
    assert texts(path)
    answers = json.loads(OLD.with_suffix(".json").read_text(encoding="utf-8"))
    with fresh(path) as memory:
        ids = [record.id for record in memory.list(user_id="ana", deleted=True)]
    assert ids == [record["id"] for record in answers["lists"]["ana"]]


def test_whoever_writes_meanwhile_is_not_overwritten_unseen(path: Path, copy: Path) -> None:
    with fresh(path) as memory, fresh(path) as other:
        pin = memory.add("my PIN is four two", user_id="ana").id
        backups.backup(memory._parts, copy)
        copy.rename(copy.with_name("moved.bak"))
        stood = sqlite_backup.standing
        times = 0

        def late(live: SqliteStore) -> tuple[int, ...]:
            """The first time somebody forgets between the look and the lock."""
            nonlocal times
            found, times = stood(live), times + 1
            if times == 1:
                other.forget(pin)
            return found

        sqlite_backup.standing = late  # type: ignore[assignment]
        try:
            restored = backups.restore(copy.with_name("moved.bak"), path)
        finally:
            sqlite_backup.standing = stood
        assert restored.forgotten == (pin,)
        with pytest.raises(mnemic.Forgotten):
            memory.get(pin)


def test_the_epoch_goes_on(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        store = memory._parts.store
        backups.backup(memory._parts, copy)
        commit(memory._parts, [])
        memory.add("later", user_id="ana")
        with store.writing():
            turn(store, 40)
        backups.restore(copy, path)
        assert epoch(store) == 42 and memory.list(user_id="ana", limit=1).records == ()


WRITER = """
import sys
from mnemic import Memory
from mnemic.engine.epoch import epoch
memory = Memory(sys.argv[1], encoder=None)
store, n = memory._parts.store, 0
print("ready", flush=True)
while True:
    before = epoch(store)
    told = memory.add(f"turn {n}", user_id="ana")
    found = memory.search(f"turn {n}", user_id="ana", limit=1000)
    assert told.id in [hit.id for hit in found] or epoch(store) != before, n
    n += 1
    print(n, flush=True)
"""


def test_another_process_reads_and_writes_meanwhile(path: Path, copy: Path) -> None:
    with fresh(path) as memory:
        memory.add("the first", user_id="ana")
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == "ready"
        with fresh(path) as memory:
            for number in range(3):
                wanted = int(process.stdout.readline()) + 5
                while int(process.stdout.readline()) < wanted:
                    pass
                made = backups.backup(memory._parts, copy)
                told = backups.restore(copy, copy.with_name(f"look-{number}.db"))
                assert told.records == made.records == made.changes
                assert len(texts(copy.with_name(f"look-{number}.db"))) <= made.records
                restored = backups.restore(copy, path)
                assert restored.replaced and restored.records == made.records
                ours = memory.list(user_id="ana", limit=10_000).records
                assert len(ours) >= made.records
            wanted = int(process.stdout.readline()) + 20
            while int(process.stdout.readline()) < wanted:
                pass
            assert process.poll() is None
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    with fresh(path) as memory:
        assert memory.doctor().ok


def test_a_sealed_memory_is_restored_with_its_key(path: Path, copy: Path) -> None:
    key = bytes(range(32))
    pytest.importorskip("cryptography")
    store = SqliteStore(path, key=key)
    with Memory(path, store=store, encoder=None) as memory:
        memory.add("tea in the morning", user_id="ana")
        backups.backup(memory._parts, copy)
        memory.add("later", user_id="ana")
    assert b"morning" not in copy.read_bytes()
    with pytest.raises(mnemic.StoreError):
        backups.restore(copy, path)
    assert backups.restore(copy, path, key=key).records == 1
    store = SqliteStore(path, key=key)
    with Memory(path, store=store, encoder=None) as memory:
        assert [record.text for record in memory.list(user_id="ana")] == ["tea in the morning"]
