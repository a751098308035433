"""Opening a file, and all that can be wrong with it: each is told, and nothing is half written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnemic.core.changes import Put
from mnemic.core.errors import Closed, DiskFull, NewerSchema, NotADatabase, ReadOnly, WrongPlace
from mnemic.core.records import Partition
from mnemic.store import place
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen
from mnemic.testing.picture import picture


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which permissions bind, for root too: who runs the test is nobody meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="mnemic-"))
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.setegid(65534)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
        os.setegid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


# -- what is opened


def test_a_new_file_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "memory.db"
    SqliteStore(file).close()
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_empty_file_is_a_new_one(file: Path) -> None:
    file.touch()
    store = SqliteStore(file)
    Pen().put(store, "a")
    store.close()


def test_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    store = SqliteStore("~/memory.db")
    store.close()
    assert store.path == str(tmp_path / "memory.db")
    assert (tmp_path / "memory.db").exists()


def test_it_is_opened_as_design_says(store: SqliteStore) -> None:
    def pragma(name: str) -> object:
        return store._db.one(f"PRAGMA {name}")[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("secure_delete") == 1
    assert pragma("synchronous") == 1
    assert pragma("busy_timeout") == 0, "we wait, not SQLite"
    assert pragma("fullfsync") == 0
    durable = SqliteStore(store.path, durability="full")
    assert durable._db.one("PRAGMA synchronous")[0] == 2
    assert durable._db.one("PRAGMA fullfsync")[0] == 1
    assert durable._db.one("PRAGMA checkpoint_fullfsync")[0] == 1
    durable.close()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(NotADatabase, match=r"is a folder. Name a file in it, such as .*memory\.db"):
        SqliteStore(tmp_path)
    with pytest.raises(NotADatabase, match="is a folder"):
        SqliteStore("")


@pytest.mark.parametrize("content", [b"plain text, " * 100, b"\x00" * 5000, b"SQLite format 3"])
def test_a_file_that_is_no_database_is_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(NotADatabase, match=r"is not a database\. Choose another path"):
        SqliteStore(file)
    assert file.read_bytes() == content
    assert [each.name for each in file.parent.iterdir()] == ["memory.db"]


def test_a_database_of_another_program_is_left_alone(file: Path) -> None:
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE notes (text)")
    other.execute("INSERT INTO notes VALUES ('mine')")
    other.commit()
    other.close()
    before = file.read_bytes()
    with pytest.raises(
        NotADatabase, match=r"is a database of another program\. Choose another path"
    ):
        SqliteStore(file)
    assert file.read_bytes() == before, "its journal mode too"
    assert [each.name for each in file.parent.iterdir()] == ["memory.db"]


def test_a_database_of_a_newer_version_is_left_alone(file: Path) -> None:
    SqliteStore(file).close()
    newer = sqlite3.connect(file)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    before = file.read_bytes()
    with pytest.raises(NewerSchema, match=r"schema 99.*pip install -U mnemic"):
        SqliteStore(file)
    assert file.read_bytes() == before


def test_a_damaged_file(file: Path) -> None:
    store, pen = SqliteStore(file), Pen()
    pen.apply(store, *(Put(pen.record(f"number {n}")) for n in range(100)))
    store.close()
    content = file.read_bytes()
    file.write_bytes(content[:8192] + b"\xff" * 40_000 + content[48_192:])
    with pytest.raises(NotADatabase, match=r"is damaged. Restore an export"):
        store = SqliteStore(file)
        try:
            store.rows(Partition())
            store.check()
        finally:
            store.close()


def test_a_file_cut_in_half_is_damaged(file: Path) -> None:
    store, pen = SqliteStore(file), Pen()
    pen.apply(store, *(Put(pen.record(f"number {n}")) for n in range(100)))
    store.close()
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(NotADatabase, match="is damaged"):
        store = SqliteStore(file)
        try:
            store.check()
        finally:
            store.close()


def test_a_place_where_locks_do_not_hold(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_mount_table", lambda: f"server:/ {file.parent} nfs4 rw 0 0\n")
    with pytest.raises(WrongPlace, match=r"network file system \(nfs4\)"):
        SqliteStore(file)
    assert not file.exists()


# -- what cannot be written


def test_a_folder_that_cannot_be_written(bound: Path) -> None:
    bound.chmod(0o500)
    with pytest.raises(ReadOnly, match="Check that its folder exists and can be written"):
        SqliteStore(bound / "memory.db")
    with pytest.raises(ReadOnly, match="Check that its folder exists"):
        SqliteStore(bound / "deeper" / "memory.db")


def test_a_folder_that_cannot_be_entered(bound: Path) -> None:
    bound.chmod(0o000)
    with pytest.raises(ReadOnly, match="cannot be reached"):
        SqliteStore(bound / "memory.db")


def test_a_file_in_the_way(file: Path) -> None:
    file.touch()
    with pytest.raises(ReadOnly, match="Check that its folder exists"):
        SqliteStore(file / "memory.db")


@pytest.mark.parametrize("folder_mode", [0o500, 0o700])
def test_a_file_that_cannot_be_written(bound: Path, folder_mode: int) -> None:
    file, pen = bound / "memory.db", Pen()
    store = SqliteStore(file)
    record = pen.put(store, "there before")
    store.close()
    file.chmod(0o400)
    bound.chmod(folder_mode)
    with pytest.raises(ReadOnly, match="cannot be"):
        store = SqliteStore(file)
        try:
            assert store.get([record.id]) == {record.id: record}, "it can still be read"
            pen.put(store, "kept out")
        finally:
            store.close()
    bound.chmod(0o700)
    file.chmod(0o600)
    store = SqliteStore(file)
    assert store.head() == 1
    assert store.check() == []
    store.close()


def test_an_empty_file_that_cannot_be_written(bound: Path) -> None:
    file = bound / "memory.db"
    file.touch(0o400)
    with pytest.raises(ReadOnly):
        SqliteStore(file)


def test_a_handle_that_may_only_read(store: SqliteStore) -> None:
    pen = Pen()
    pen.put(store, "before")
    before = picture(store)
    store._db.run("PRAGMA query_only = ON")
    with pytest.raises(
        ReadOnly, match=r"cannot be written\. Make the file and its folder writable"
    ):
        pen.put(store, "kept out")
    assert store.check() == []
    assert picture(store) == before


def test_a_full_disk_keeps_nothing_of_the_write(store: SqliteStore) -> None:
    pen = Pen()
    pen.put(store, "before")
    before = picture(store)
    pages = store._db.one("PRAGMA page_count")[0]
    store._db.one(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull, match=r"nothing of this write was kept\. Free some space"):
        pen.apply(store, *(Put(pen.record("words " * 500)) for _ in range(20)))
    assert picture(store) == before
    assert store.check() == []
    store._db.one("PRAGMA max_page_count = 1000000")
    pen.put(store, "words " * 5000)
    assert store.head() == 2


# -- a file that goes away


@pytest.mark.skipif(os.name == "nt", reason="open files cannot be deleted there")
@pytest.mark.parametrize("ending", ["", "-wal"])
@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_deleted_takes_no_more(file: Path, ending: str, replaced: bool) -> None:
    # SQLite goes on and says yes: what it writes is in a file without a name.
    store, pen = SqliteStore(file), Pen()
    record = pen.put(store, "before")
    gone = Path(f"{file}{ending}")
    content = gone.read_bytes()
    gone.unlink()
    if replaced:
        gone.touch()  # so that the number of the deleted file is not given again
        other = gone.with_name("other")
        other.write_bytes(content)
        other.rename(gone)
    with pytest.raises(Closed, match=r"was deleted or replaced since it was opened.*Open it again"):
        pen.put(store, "nothing that anybody would find")
    if not ending:
        with pytest.raises(Closed, match="deleted or replaced"), store.reading():
            pass
    assert store.get([record.id]) == {record.id: record}
    store.close()


def test_a_process_that_goes_to_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = SqliteStore("memory.db")
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    Pen().put(store, "kept")
    store.close()
    assert (tmp_path / "memory.db").exists()


def test_new_folders_are_synced(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "one" / "two" / "memory.db", durability="full")
    Pen().put(store, "kept")
    store.close()


# -- the handle


def test_closing_within_a_block(file: Path) -> None:
    store = SqliteStore(file)
    with pytest.raises(Closed), store.writing():
        Pen().put(store, "lost")
        store.close()
    store = SqliteStore(file)
    assert store.head() == 0
    store.close()


def test_a_closed_handle_names_its_file(file: Path) -> None:
    store = SqliteStore(file)
    store.close()
    with pytest.raises(Closed, match=r"memory\.db was closed. Open it again with Memory\('"):
        store.head()


def test_threads_share_a_handle(store: SqliteStore) -> None:
    failures: list[BaseException] = []

    def work(name: int) -> None:
        pen = Pen(seed=name)
        try:
            for n in range(12):
                with store.writing():
                    ordinal = store.next_ordinal(Partition(), None)
                    record = pen.record(f"{name} says {n}", ordinal=ordinal)
                    store.write(pen.writes(store, [Put(record)]))
                assert store.get([record.id]) == {record.id: record}
                with store.reading():
                    assert len(store.rows(Partition())[0]) == store.head()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    rows, _ = store.rows(Partition())
    assert sorted(row.ordinal for row in rows) == list(range(96))
    assert store.check() == []
