"""Many processes on one file: how long does a write wait, and is every receipt found by all?

    python benchmarks/processes.py --out processes.json    # 80 seconds
    python benchmarks/processes.py --seconds 2 --beside 0  # does it still work?

Four processes add in a tight loop, with the static encoder; each line of a writer's ledger is a
receipt, written after `add` has answered. Four others follow the ledgers: every id that they read
there must be found by the `get` that follows, and the newest of each writer by the `search` that
follows. Waiting is the time from asking for the write lock until having it. The same is then done
for a shorter time with SQLite's own wait (`busy_timeout`) instead of ours, to compare.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import machine
import mnemic
from mnemic.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Worker:
    """What one process does."""

    role: str
    """`write` or `read`."""
    number: int
    folder: str
    seconds: float
    """For how long writers write; readers end when they have seen all."""
    writers: int
    native: bool = False
    """SQLite waits, and not we."""


# -- in a process of its own


def work(worker: Worker) -> dict[str, Any]:
    """Write or read until the end; what was seen."""
    waits: list[float] = []
    _time_the_lock(waits)
    with mnemic.Memory(Path(worker.folder) / "memory.db", actor=str(worker.number)) as memory:
        if worker.native:
            memory._parts.store._db.run("PRAGMA busy_timeout = 10000")  # type: ignore[attr-defined]
        memory.search("warm", user_id="nobody")
        _begin_together(worker)
        if worker.role == "read":
            return _read(memory, worker)
        return _write(memory, worker) | {"waits_ms": waits}


def _begin_together(worker: Worker) -> None:
    (Path(worker.folder) / f"ready-{worker.role}-{worker.number}").touch()
    while not (Path(worker.folder) / "go").exists():
        time.sleep(0.01)


def _time_the_lock(waits: list[float]) -> None:
    enter = Connection._enter

    def timed(self: Connection, begin: Any) -> None:
        if begin != "BEGIN IMMEDIATE" or self.within:
            enter(self, begin)
            return
        asked = time.perf_counter()
        enter(self, begin)
        waits.append(round(1000 * (time.perf_counter() - asked), 4))

    Connection._enter = timed  # type: ignore[method-assign]


def _ledger(worker: Worker, number: int) -> Path:
    return Path(worker.folder) / f"ledger-{number}"


def _write(memory: mnemic.Memory, worker: Worker) -> dict[str, Any]:
    errors: list[str] = []
    count = 0
    until = time.monotonic() + worker.seconds
    with _ledger(worker, worker.number).open("w", encoding="ascii") as ledger:
        while time.monotonic() < until:
            mark = f"mark{worker.number}x{count}"
            try:
                receipt = memory.add(
                    f"{mark}: what was said in turn {count}, and a few words more about it",
                    user_id=f"user {worker.number}",
                    session_id=f"session {count // 100}",
                )
            except mnemic.MnemicError as error:
                errors.append(str(error))
                continue
            ledger.write(f"{receipt.id} {mark}\n")
            ledger.flush()
            count += 1
        ledger.write("end\n")
    return {"count": count, "errors": errors}


def _read(memory: mnemic.Memory, worker: Worker) -> dict[str, Any]:
    ledgers = {n: _ledger(worker, n) for n in range(worker.writers)}
    while not all(path.exists() for path in ledgers.values()):
        time.sleep(0.01)
    follow = {n: path.open(encoding="ascii") for n, path in ledgers.items()}
    lost: list[str] = []
    errors: list[str] = []
    searches: list[float] = []
    gets = 0
    half = dict.fromkeys(follow, "")
    while follow:
        for number, ledger in list(follow.items()):
            *lines, half[number] = (half[number] + ledger.read()).split("\n")
            if lines and lines[-1] == "end":
                lines.pop()
                follow.pop(number).close()
            try:
                gets += len(lines)
                lost += [line for line in lines if not _there(memory, line.split()[0])]
                if lines:
                    id, mark = lines[-1].split()
                    asked = time.perf_counter()
                    hits = memory.search(mark, user_id=f"user {number}")
                    searches.append(1000 * (time.perf_counter() - asked))
                    lost += [mark] if id not in [hit.record.id for hit in hits] else []
            except mnemic.MnemicError as error:
                errors.append(str(error))
    return {"gets": gets, "searches_ms": searches, "lost": lost, "errors": errors}


def _there(memory: mnemic.Memory, id: str) -> bool:
    try:
        return bool(memory.get(id).text)
    except mnemic.NotFound:
        return False


# -- the run


def measure(seconds: float, writers: int, readers: int, *, native: bool = False) -> dict[str, Any]:
    """All processes at once on a file of their own; what they saw, together."""
    with tempfile.TemporaryDirectory(prefix="mnemic-processes-") as folder:
        file = Path(folder) / "memory.db"
        mnemic.Memory(file).close()
        roles = [("write", n) for n in range(writers)] + [("read", n) for n in range(readers)]
        running = [
            _start(Worker(role, number, folder, seconds, writers, native)) for role, number in roles
        ]
        while len(list(Path(folder).glob("ready-*"))) < len(running):
            _all_well(running)
            time.sleep(0.01)
        (Path(folder) / "go").touch()
        log_bytes = 0
        while any(process.poll() is None for process in running):
            log = Path(f"{file}-wal")
            log_bytes = max(log_bytes, log.stat().st_size if log.exists() else 0)
            time.sleep(0.1)
        seen = [_result(process) for process in running]
        with mnemic.Memory(file) as memory:
            healthy, head = memory.doctor().ok, memory._parts.store.head()
    wrote, read = seen[:writers], seen[writers:]
    waits = [wait for each in wrote for wait in each["waits_ms"]]
    searches = [took for each in read for took in each["searches_ms"]]
    receipts = sum(each["count"] for each in wrote)
    return {
        "wait": "SQLite's busy_timeout" if native else "ours",
        "seconds": seconds,
        "writers": writers,
        "readers": readers,
        "receipts": receipts,
        "receipts_per_second": round(receipts / seconds, 1),
        "receipts_by_writer": [each["count"] for each in wrote],
        "lines_of_the_log": head,
        "errors": [error for each in seen for error in each["errors"]][:20],
        "not_found": [each for reader in read for each in reader["lost"]][:20],
        "gets_by_reader": [each["gets"] for each in read],
        "searches_by_reader": [len(each["searches_ms"]) for each in read],
        "write_wait_ms": _points(waits),
        "search_ms": _points(searches),
        "largest_write_ahead_log_mb": round(log_bytes / 1e6, 1),
        "healthy": healthy,
    }


def _start(worker: Worker) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--worker", json.dumps(asdict(worker))]
    setting = os.environ | {"OMP_NUM_THREADS": "1"}
    # To a file, as a pipe that nobody reads yet would hold a process up.
    out = (Path(worker.folder) / f"{worker.role}-{worker.number}.json").open("w+")
    process = subprocess.Popen(command, stdout=out, text=True, env=setting)
    process.stdout = out
    return process


def _all_well(running: Sequence[subprocess.Popen[str]]) -> None:
    for process in running:
        if process.poll():
            raise SystemExit(f"a process ended with {process.returncode}")


def _result(process: subprocess.Popen[str]) -> dict[str, Any]:
    _all_well([process])
    assert process.stdout is not None
    process.stdout.seek(0)
    found: dict[str, Any] = json.loads(process.stdout.read())
    process.stdout.close()
    return found


def _points(values: Sequence[float]) -> dict[str, float]:
    """Median, 95 and 99 of a hundred, the largest."""
    if len(values) < 2:
        return {}
    cuts = quantiles(values, n=1000, method="inclusive")
    points = {"p50": cuts[499], "p95": cuts[949], "p99": cuts[989], "p99.9": cuts[998]}
    return {name: round(value, 2) for name, value in (points | {"max": max(values)}).items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 when a receipt was not found, an error came, or waits were too long."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--beside", type=float, default=20, help="seconds with SQLite's own wait")
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--out", type=Path, help="keep the figures as JSON")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.worker:
        print(json.dumps(work(Worker(**json.loads(given.worker)))))
        return 0
    begun = machine.load()
    found = measure(given.seconds, given.writers, given.readers)
    beside = (
        measure(given.beside, given.writers, given.readers, native=True) if given.beside else None
    )
    report = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine.describe(),
        "load": {"begin": begun, "end": machine.load()},
        "goal": {"errors": 0, "not_found": 0, "write_wait_ms p99": 250},
        "found": found,
        "beside": beside,
    }
    print(json.dumps(report, indent=1))
    if given.out:
        given.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    held = not found["errors"] and not found["not_found"] and found["healthy"]
    return 0 if held and found["write_wait_ms"]["p99"] <= 250 else 1


if __name__ == "__main__":
    sys.exit(main())
