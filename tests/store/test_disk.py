"""A disk that is full, read-only or broken at every 7th write: refused, unchanged, and it goes on.

Real processes and a real disk behind `faulty.c`, which lets every 7th write, truncation or sync of
the database's files fail. What the store answers is compared before and after each failure.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mnemic

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"

PROGRAM = """
import ctypes, json, sys
sys.path.insert(0, sys.argv[1])
import mnemic
from mixed import History
from mnemic.testing.picture import picture

disk = ctypes.CDLL(None)
folder, durability = sys.argv[2:4]
error, half, in_a_row, steps = map(int, sys.argv[4:])
disk.faulty_below(folder.encode())
memory = mnemic.Memory(folder + "/memory.db", durability=durability)
history = History(memory, "ana", seed=error)

def seen():
    found = picture(memory._parts.store)
    return {name: one for name, one in found.items() if name not in ("certificates", "pending")}

refusals, odd, fired = {}, [], 0
for n in range(steps):
    step, before = history.plan(), seen()
    disk.faulty_fail(7, error, in_a_row, half)
    try:
        history.do(step)
        refused = None
    except mnemic.MnemicError as told:
        refused = told
    fired += disk.faulty_fired()
    disk.faulty_fail(0, 0, 0, 0)
    if refused is not None:
        said = f"{type(refused).__name__}: {refused}".replace(folder, "")
        refusals[said] = refusals.get(said, 0) + 1
        if seen() != before:
            odd.append(f"{step.what} was refused and yet happened: {refused}")
        memory.search("lisbon", all_scopes=True)  # reading goes on
        history.do(step)  # the fault has ended
diagnosis = memory.doctor()
kept = seen()
memory.close()
again = mnemic.Memory(folder + "/memory.db")
memory = again
print(json.dumps({
    "refusals": refusals, "odd": odd, "fired": fired, "diagnosis": str(diagnosis),
    "healthy": diagnosis.ok and again.doctor().ok, "same": seen() == kept,
}))
"""


UNDER_WAY = """
import ctypes, json, sys
import mnemic

disk = ctypes.CDLL(None)
folder = sys.argv[1]
disk.faulty_below(folder.encode())
memory = mnemic.Memory(folder + "/memory.db", durability="full")
told = {}
for every in range(1, 200, 12):
    victim = memory.add(f"the secret of the day is number {every}", user_id="ana").id
    disk.faulty_fail(every, 28, 1, 0)
    try:
        answer = memory.forget(ids=[victim]).status
    except mnemic.DiskFull:
        answer = "refused"
    disk.faulty_fail(0, 0, 0, 0)
    record = memory._parts.store.get([victim])[victim]
    told[every] = [answer, record.status.value]
    memory.flush()
pending = memory._parts.store.certificates(pending=True)
print(json.dumps({"told": told, "pending": pending, "healthy": memory.doctor().ok}))
"""

UNSYNCED = """
import ctypes, os, signal, sys
import mnemic

disk = ctypes.CDLL(None)
folder = sys.argv[1]
disk.faulty_below(folder.encode())
memory = mnemic.Memory(folder + "/memory.db", encoder=None, durability="full")
memory.add("accepted", user_id="ana")
disk.faulty_only_syncs(1)
disk.faulty_fail(1, 5, 1, 0)
try:
    memory.add("another", user_id="ana")
    print("accepted", flush=True)
except mnemic.StoreError as error:
    print(error, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def ran(library: Path, code: str, *arguments: object, kills_itself: bool = False) -> str:
    """What a program says whose disk is the library's."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | {"LD_PRELOAD": str(library), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == (-9 if kills_itself else 0), done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("steps", [20, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("error", "half", "row", "durability", "kind", "remedy"),
    [
        (errno.ENOSPC, True, 10**6, "full", "DiskFull", "Free some space"),
        (errno.EIO, False, 1, "full", "StoreError", "check the disk"),
        (errno.EROFS, False, 10**6, "normal", "StoreError", "check the disk"),
        (errno.EDQUOT, True, 3, "normal", "StoreError", "check the disk"),
    ],
)
def test_every_seventh_write_fails(
    faulty: Path,
    tmp_path: Path,
    error: int,
    half: bool,
    row: int,
    durability: str,
    kind: str,
    remedy: str,
    steps: int,
) -> None:
    options = (durability, error, int(half), row, steps)
    found = json.loads(ran(faulty, PROGRAM, BENCHMARKS, tmp_path, *options))
    assert found["odd"] == []
    assert found["healthy"], found["diagnosis"]
    assert found["same"], "a later opening finds what was there"
    assert found["fired"] >= 0.7 * steps
    assert sum(found["refusals"].values()) >= 0.5 * steps
    told = [each for each in found["refusals"] if each.startswith(kind)]
    assert told, found["refusals"]
    assert all(remedy in each for each in told)


def test_a_disk_that_fails_in_the_midst_of_forgetting(faulty: Path, tmp_path: Path) -> None:
    # Refused and there, or gone: never an error for what has happened.
    found = json.loads(ran(faulty, UNDER_WAY, tmp_path))
    assert {tuple(each) for each in found["told"].values()} == {
        ("refused", "active"),
        ("pending", "forgotten"),
        ("erased", "forgotten"),
    }
    assert found["pending"] == [], "completed when there was room again"
    assert found["healthy"]


def test_a_commit_that_was_refused_does_not_come_back(faulty: Path, tmp_path: Path) -> None:
    # When the sync fails, all of the commit is in the log, and its writer is killed just then.
    said = ran(faulty, UNSYNCED, tmp_path, kills_itself=True)
    assert "Nothing of this write was kept" in said
    with mnemic.Memory(tmp_path / "memory.db", encoder=None) as memory:
        assert [record.text for record in memory.list(user_id="ana")] == ["accepted"]
        assert memory.doctor().ok
