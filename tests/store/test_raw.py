"""The bytes of an open database are read without losing its locks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic.core.records import Partition
from mnemic.store import raw
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen

Start = Callable[..., "subprocess.Popen[str]"]

LAST = """
import sys
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen
store = SqliteStore(sys.argv[1])
Pen(seed=9).put(store, "written by another process")
store.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="locks belong to handles there")
def test_reading_the_files_keeps_the_locks(file: Path, start: Start) -> None:
    # It did not: erasure read the files to verify, and the next process to close the database took
    # itself for the last, deleted the log and cut the shared memory: SIGBUS, or a damaged file.
    store, pen = SqliteStore(file), Pen()
    pen.put(store, "the first")
    for _ in range(2):
        for name in store.files():
            with raw.opened(name) as held:
                assert held.read(1) or name.endswith("-wal")
    log = raw.which(f"{file}-wal")
    assert start(LAST, file).wait(timeout=60) == 0
    assert raw.which(f"{file}-wal") == log, "the log is in use"
    pen.put(store, "the last")
    assert len(store.rows(Partition())[0]) == 3
    assert store.check() == []
    store.close()
    assert not Path(f"{file}-wal").exists(), "the last to close it does delete it"


def test_a_file_is_read_from_its_beginning(file: Path, tmp_path: Path) -> None:
    store = SqliteStore(file)
    Pen().put(store, "a")
    link = tmp_path / "link.db"
    link.symlink_to(file)
    for name in (file, link, str(file)):
        with raw.opened(name) as held:
            assert held.read(15) == b"SQLite format 3"
            assert held.seekable()
    store.close()
    with raw.opened(file) as held:
        assert held.read(15) == b"SQLite format 3"


def test_handles_are_let_go_with_the_last_connection(file: Path) -> None:
    one, two = SqliteStore(file), SqliteStore(file)
    with raw.opened(file):
        pass
    (handles,) = raw._handles.values()
    one.close()
    assert raw._handles, "another connection of this process has locks on it"
    assert len(handles) == 1
    two.close()
    two.close()
    assert not raw._handles
    assert not raw._connections


def test_what_is_no_open_database_is_a_plain_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    with raw.opened(tmp_path / "x") as held:
        assert held.read() == b"abc"
    with pytest.raises(FileNotFoundError), raw.opened(tmp_path / "y"):
        pass
