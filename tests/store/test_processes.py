"""Several processes on one file: nobody's write is lost, whoever dies."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic.core.errors import Busy, Closed
from mnemic.core.records import Partition
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen

Start = Callable[..., "subprocess.Popen[str]"]

WRITER = """
import sys
from mnemic.core.changes import Put
from mnemic.core.records import Partition, Scope
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen

file, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
input()  # both begin at once
store, pen = SqliteStore(file), Pen(seed=int(name))
for n in range(count):
    with store.writing():
        ordinal = store.next_ordinal(Partition(), None)
        store.write(pen.writes(store, [Put(pen.record(f"{name} says {n}", ordinal=ordinal))]))
    print(n, flush=True)
store.close()
"""
HOLDER = """
import sys
from mnemic.store.sqlite import SqliteStore
store = SqliteStore(sys.argv[1])
with store.{block}():
    print(store.head(), flush=True)
    input()
print("let go", flush=True)
"""


READER = """
import sys, threading
from mnemic.core.records import Partition
from mnemic.store.sqlite import SqliteStore
store = SqliteStore(sys.argv[1])
done = threading.Event()
threading.Thread(target=lambda: (input(), done.set()), daemon=True).start()
print("reads", flush=True)
before = 0
while not done.is_set():
    with store.reading():
        head = store.head()
        assert len(store.rows(Partition())[0]) == head >= before
        before = head
print("never empty", flush=True)
"""


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_processes_make_and_fill_one_file(file: Path, start: Start) -> None:
    writers = [start(WRITER, file, name, 60) for name in (1, 2)]
    for writer in writers:
        tell(writer)
    for writer in writers:
        out, _ = writer.communicate(timeout=60)
        assert writer.returncode == 0
        assert len(out.split()) == 60
    store = SqliteStore(file)
    rows, _ = store.rows(Partition())
    assert sorted(row.ordinal for row in rows) == list(range(120))
    assert store.head() == 120
    assert store.check() == []
    store.close()


def test_what_was_acknowledged_survives_a_kill(file: Path, start: Start) -> None:
    for round in range(2):
        writer = start(WRITER, file, round, 10_000)
        tell(writer)
        for _ in range(15 + 7 * round):
            acknowledged = int(told(writer))
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        store = SqliteStore(file)
        said = [
            int(row.tokens.split()[-1])
            for row in store.rows(Partition())[0]
            if row.tokens.startswith(f"{round} says")
        ]
        assert said == list(range(len(said)))
        assert len(said) > acknowledged
        assert store.check() == []
        Pen(seed=100 + round).put(store, "and it goes on")
        store.close()


def test_a_lock_that_is_held_for_too_long(store: SqliteStore, file: Path, start: Start) -> None:
    pen = Pen()
    holder = start(HOLDER.format(block="writing"), file)
    assert told(holder) == "0"
    with pytest.raises(Busy, match=r"is locked by another process.*raise Memory\(timeout="):
        pen.put(store, "kept out")
    assert store.head() == 0, "reading goes on meanwhile"
    tell(holder)
    assert told(holder) == "let go"
    pen.put(store, "let in")
    assert store.head() == 1


def test_no_lock_survives_its_process(file: Path, start: Start) -> None:
    store = SqliteStore(file, timeout=0)
    for seed, block in enumerate(("writing", "reading"), 1):
        holder = start(HOLDER.format(block=block), file)
        told(holder)
        if block == "writing":
            with pytest.raises(Busy):
                Pen().put(store, "kept out")
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        Pen(seed=seed).put(store, "let in at once")
        assert store.scrub() is None
    assert store.head() == 2
    assert store.check() == []
    store.close()


def test_other_threads_read_while_one_waits_to_write(file: Path, start: Start) -> None:
    store, pen = SqliteStore(file, timeout=30), Pen()
    holder = start(HOLDER.format(block="writing"), file)
    told(holder)
    writer = threading.Thread(target=lambda: pen.put(store, "waited"))
    writer.start()
    for _ in range(20):
        assert store.head() == 0
    tell(holder)
    writer.join()
    assert store.head() == 1
    store.close()


def test_the_log_stays_short_under_readers(store: SqliteStore, file: Path, start: Start) -> None:
    pen, log = Pen(), Path(f"{file}-wal")
    store._db._long = 200_000
    reader = start(READER, file)  # never all of them gone at once
    other = start(READER, file)
    assert told(reader) == told(other) == "reads"
    longest = 0
    for n in range(60):
        pen.put(store, f"number {n} " * 200)
        store._db._long = min(store._db._long, 200_000)
        longest = max(longest, log.stat().st_size)
    assert longest < 2_000_000
    for each in (reader, other):
        tell(each)
        assert told(each) == "never empty"


def test_scrubbing_waits_for_readers(store: SqliteStore, file: Path, start: Start) -> None:
    pen = Pen()
    victim = pen.put(store, "the word is shibboleth, " * 20)
    pen.put(store, "another")
    reader = start(HOLDER.format(block="reading"), file)
    assert told(reader) == "2"
    pen.forget(store, victim.id)
    blocker = store.scrub()
    assert blocker is not None
    assert "another connection is reading" in blocker
    tell(reader)
    assert told(reader) == "let go"
    assert store.scrub() is None
    assert all(b"shibbol" not in Path(name).read_bytes() for name in store.files())


def test_scrubbing_waits_for_writers(store: SqliteStore, file: Path, start: Start) -> None:
    writer = start(HOLDER.format(block="writing"), file)
    assert told(writer) == "0"
    assert "another connection is writing" in str(store.scrub())
    tell(writer)
    assert told(writer) == "let go"
    assert store.scrub() is None


def forked(act: Callable[[], int]) -> int:
    """What `act` returns in a child of this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads
        child = os.fork()
    if child == 0:
        signal.alarm(10)  # a child that waits for ever must not outlive the test
        try:
            os._exit(act())
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def refusals(store: SqliteStore) -> int:
    count = 0
    for act in (
        store.head,
        store.check,
        lambda: Pen().put(store, "written by a child"),
        lambda: store.reading().__enter__(),
    ):
        try:
            act()
        except Closed as error:
            count += "was opened before a fork. Open it again in this process" in str(error)
    store.close()  # leaves the parent's handle alone
    return count


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_handle_does_not_cross_a_fork(store: SqliteStore) -> None:
    pen = Pen()
    pen.put(store, "before")
    assert forked(lambda: refusals(store)) == 4
    pen.put(store, "after")
    assert store.head() == 2
    assert store.check() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_nor_does_it_hang_when_another_thread_was_writing(store: SqliteStore) -> None:
    # The child has the lock that the thread holds, but not the thread that would release it.
    within, done = threading.Event(), threading.Event()

    def write() -> None:
        with store.writing():
            within.set()
            done.wait()

    thread = threading.Thread(target=write)
    thread.start()
    within.wait()
    try:
        assert forked(lambda: refusals(store)) == 4
    finally:
        done.set()
        thread.join()
    assert store.head() == 0


def test_every_receipt_is_found_by_every_reader(tmp_path: Path) -> None:
    """The program that measures waiting, for a second; its figures mean nothing here."""
    program = Path(__file__).parent.parent.parent / "benchmarks" / "processes.py"
    out = tmp_path / "processes.json"
    options = ["--seconds", "1", "--beside", "0", "--writers", "2", "--readers", "2"]
    done = subprocess.run(
        [sys.executable, str(program), *options, "--out", str(out)], capture_output=True, text=True
    )
    found = json.loads(out.read_text())["found"] if out.exists() else {}
    assert found, done.stderr
    assert found["errors"] == found["not_found"] == []
    assert found["gets_by_reader"] == [found["receipts"]] * 2
    assert found["receipts"] == found["lines_of_the_log"] > 0
    assert found["healthy"]
