"""Processes are killed while they write: is everything there that was acknowledged?

    python benchmarks/crash.py --out benchmarks/results/crash-2026-11-22.json  # 200 kills: 4 min
    python benchmarks/crash.py --kills 10 --tmpfs 0                            # does it still work?

Four processes do mixed writes on one file (`mixed.py`: add, batches, update, supersede, delete,
restore, undo, forget, link). Each tells through a pipe what it is about to do, and what was
answered, before it goes on. They are killed (SIGKILL) at random instants, one at a time or all at
once, and replaced. At every 25th kill and at the end the file is opened as it was left and held
against what was told: every acknowledged change is in the log, every record is what its last
acknowledged change made it, a batch is there whole or not at all, what was forgotten is gone, and
`doctor` finds nothing. It never repairs.

Then, where mounting is permitted, a disk of a few megabytes is filled until writes fail, and
mounted read-only: each write is refused with a clear error and leaves the store as it was.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import machine
import mnemic
from mixed import COMMON, History, Step, Told, state
from mnemic.core.ids import RecordId
from mnemic.core.records import Record
from mnemic.testing.picture import picture

WORKERS = 4


# -- in a process of its own


def work(file: str, user: str, seed: int) -> None:
    """Write until somebody ends it."""
    with mnemic.Memory(file, actor=user) as memory:
        _say({"ready": True})
        history = History(memory, user, seed, common=0.15)
        while True:
            step = history.plan()
            _say({"step": asdict(step)})
            try:
                told = history.do(step)
            except (mnemic.Forgotten, mnemic.Stale):
                if step.user != COMMON:  # another process may have changed those
                    raise
                told = Told("nothing")
            _say({"told": asdict(told)})


def _say(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode("ascii") + b"\n")


# -- what was told


@dataclass(slots=True)
class Lane:
    """A process: what it told until it was killed."""

    user: str
    process: subprocess.Popen[bytes]
    ready: bool = False
    told: list[Told] = field(default_factory=list)
    open: Step | None = None
    """What was begun and never answered: it may have happened or not."""
    reader: threading.Thread | None = None

    def listen(self) -> None:
        """Read to the end; what was written to the pipe before the kill is in it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith(b"\n"):
                break
            said = json.loads(line)
            if "step" in said:
                self.open = Step(**{**said["step"], "ids": tuple(said["step"]["ids"])})
            elif "told" in said:
                states = {id: tuple(one) for id, one in said["told"]["states"].items()}
                self.told.append(Told(said["told"]["what"], said["told"]["changes"], states))
                self.open = None
            else:
                self.ready = True


@dataclass(slots=True)
class Seen:
    """What the checks found."""

    checks: int = 0
    unhealthy: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)


class Run:
    """A file, the processes that write to it, and all that they told."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.file = folder / "memory.db"
        self.lanes: list[Lane] = []
        self.ended: list[Lane] = []
        self.seen = Seen()
        self.kills: Counter[str] = Counter()
        self._chance = random.Random(seed)
        mnemic.Memory(self.file).close()

    def start(self) -> None:
        """Have as many processes as there should be."""
        while len(self.lanes) < WORKERS:
            number = len(self.ended) + len(self.lanes)
            user = f"user {number}"
            command = [sys.executable, __file__, "--worker", str(self.file), user]
            command += ["--seed", str(self._chance.randrange(10**9))]
            setting = os.environ | {"OMP_NUM_THREADS": "1"}
            process = subprocess.Popen(command, stdout=subprocess.PIPE, env=setting)
            lane = Lane(user, process)
            lane.reader = threading.Thread(target=lane.listen)
            lane.reader.start()
            self.lanes.append(lane)

    def kill(self, how_many: int) -> None:
        """Kill so many processes in one moment: at work, and now and then while they open."""
        some = [lane for lane in self.lanes if lane.told]
        if len(some) < how_many and self._chance.random() < 0.05:
            some = self.lanes
        if len(some) < how_many:
            return
        chosen = self._chance.sample(some, min(how_many, len(some)))
        self._aim(chosen[0])
        for lane in chosen:
            if lane.process.poll() is not None:
                raise SystemExit(f"{lane.user} ended by itself with {lane.process.returncode}")
            lane.process.kill()
        for lane in chosen:
            lane.process.wait()
            assert lane.reader is not None
            lane.reader.join()
            assert lane.process.stdout is not None
            lane.process.stdout.close()
            self.lanes.remove(lane)
            self.ended.append(lane)
            self.kills["within " + lane.open.what if lane.open else "between two writes"] += 1

    def _aim(self, lane: Lane) -> None:
        """Mostly wait for the beginning of a write, and then for a random part of it."""
        if self._chance.random() < 0.8:
            patience = time.monotonic() + 0.3
            while lane.open is None and time.monotonic() < patience:
                time.sleep(0.0003)
        time.sleep(self._chance.random() * self._chance.choice([0.0005, 0.002, 0.01]))

    def check(self) -> None:
        """Hold the file against what was told, once nobody writes."""
        self.seen.checks += 1
        with mnemic.Memory(self.file) as memory:
            found = memory.doctor()
            if not found.ok:
                self.seen.unhealthy.append(str(found))
            lines = {entry.id for entry in memory._parts.store.log(0, 10**9)}
            for lane in self.ended:
                self._check_lane(memory, lane, lines)

    def _check_lane(self, memory: mnemic.Memory, lane: Lane, lines: set[Any]) -> None:
        expected = {id: one for told in lane.told for id, one in told.states.items()}
        there: dict[Any, Record] = memory._parts.store.get([*map(RecordId, expected)])
        for told in lane.told:
            self.seen.lost += [f"change {id}" for id in told.changes if id not in lines]
        unsure = set(lane.open.ids) if lane.open else set()
        for id, one in expected.items():
            if id not in there:
                self.seen.lost.append(f"record {id}")
            elif id in unsure:
                if there[id].version not in (one[0], one[0] + 1):
                    self.seen.half.append(f"{lane.open}: {id} is at {there[id].version}")
            elif state(there[id]) != one:
                self.seen.lost.append(f"record {id} is {state(there[id])}, not {one}")
        if lane.open is not None:
            self._check_open(memory, lane, lane.open, there)

    def _check_open(
        self, memory: mnemic.Memory, lane: Lane, step: Step, there: dict[Any, Record]
    ) -> None:
        """What was under way has happened, or not, and nothing between."""
        if step.what == "batch":
            found = memory.list(user_id=lane.user, session_id="b", deleted=True, limit=100_000)
            count = len({record.text for record in found} & set(step.texts))
            if count not in (0, len(step.texts)):
                self.seen.half.append(f"{count} of a batch of {len(step.texts)}")
        if step.what in ("undo", "forget") and step.ids:
            before = {id: one for told in lane.told for id, one in told.states.items()}
            moved = {there[id].version - before[id][0] for id in step.ids if id in there}
            if len(moved) > 1:
                self.seen.half.append(f"{step.what} of {len(step.ids)} records: {moved}")


def kills(count: int, every: int, folder: Path, seed: int = 0) -> dict[str, Any]:
    """Kill so many processes in all, look at the file every so often; what was found."""
    run = Run(folder, seed)
    chance = random.Random(seed + 1)
    begun = time.monotonic()
    try:
        looked = 0
        while (killed := sum(run.kills.values())) < count or run.lanes:
            due = killed >= min(looked + every, count)
            if due and not run.lanes:
                run.check()
                looked = killed
            if killed < count:
                run.start()
            time.sleep(chance.expovariate(1 / 0.15))
            run.kill(len(run.lanes) if due or chance.random() < 0.05 else 1)
        run.check()
    finally:
        for lane in run.lanes:
            lane.process.kill()
    told = [told for lane in run.ended for told in lane.told]
    return {
        "processes": WORKERS,
        "kills": sum(run.kills.values()),
        "killed": dict(run.kills.most_common()),
        "seconds": round(time.monotonic() - begun, 1),
        "acknowledged_writes": len(told),
        "acknowledged": dict(Counter(each.what for each in told).most_common()),
        "checks": run.seen.checks,
        "acknowledged_writes_lost": run.seen.lost,
        "half_applied": run.seen.half,
        "files_needing_repair": run.seen.unhealthy,
    }


# -- a real disk that is full, and one that is read-only


def small_disk(megabytes: int) -> dict[str, Any]:
    """Fill a small disk until writes fail, give it room, then mount it read-only."""
    with tempfile.TemporaryDirectory(prefix="mnemic-disk-") as folder:
        try:
            with _mounted(Path(folder), megabytes):
                return _on_small_disk(Path(folder), megabytes)
        except subprocess.CalledProcessError as error:
            return {"skipped": error.stderr.decode().strip().replace(folder, "...")}
        except FileNotFoundError:
            return {"skipped": "there is no `mount`"}


@contextmanager
def _mounted(folder: Path, megabytes: int) -> Iterator[None]:
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield
    finally:
        _run("umount", "-l", str(folder))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _on_small_disk(folder: Path, megabytes: int) -> dict[str, Any]:
    refusals: Counter[str] = Counter()
    changed: list[str] = []
    memory = mnemic.Memory(folder / "memory.db")
    history = History(memory, "ana", 7)
    written = 0

    def refused(step: Step) -> None:
        before = _picture(memory)
        try:
            history.do(step)
        except mnemic.MnemicError as error:
            refusals[f"{type(error).__name__}: {error}".replace(str(folder), "...")] += 1
            if _picture(memory) != before:
                changed.append(step.what)

    while not refusals and written < 100_000:
        refused(history.plan())
        written += 1
    for _ in range(20):  # it stays full
        refused(history.plan())
    _run("mount", "-o", f"remount,size={megabytes + 32}m", str(folder))
    for _ in range(50):  # and there is room again
        history.do(history.plan())
    healthy = memory.doctor().ok
    kept = _picture(memory)
    memory.close()
    full = dict(refusals)
    refusals.clear()
    _run("mount", "-o", "remount,ro", str(folder))
    try:
        memory = mnemic.Memory(folder / "memory.db")
        history = History(memory, "ana", 8)
        for _ in range(10):
            refused(history.plan())
        memory.close()
    except mnemic.MnemicError as error:
        refusals[f"{type(error).__name__}: {error}".replace(str(folder), "...")] += 1
    _run("mount", "-o", "remount,rw", str(folder))
    with mnemic.Memory(folder / "memory.db") as memory:
        same = _picture(memory) == kept
        healthy = healthy and memory.doctor().ok
    return {
        "megabytes": megabytes,
        "writes_until_full": written,
        "refused_when_full": full,
        "refused_when_read_only": dict(refusals),
        "refused_and_yet_changed": changed,
        "same_after_read_only": same,
        "healthy": healthy,
    }


def _picture(memory: mnemic.Memory) -> dict[str, Any]:
    """Everything that the store answers."""
    seen = picture(memory._parts.store)
    return {name: one for name, one in seen.items() if name not in ("certificates", "pending")}


# -- the run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 when anything was lost, half applied, or needs repair."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--every", type=int, default=25, help="kills between two checks")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tmpfs", type=int, default=4, help="megabytes of the disk; 0: none")
    parser.add_argument("--folder", type=Path, help="where files are put; deleted afterwards")
    parser.add_argument("--out", type=Path, help="keep the figures as JSON")
    parser.add_argument("--worker", nargs=2, metavar=("FILE", "USER"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.worker:
        file, user = given.worker
        work(file, user, given.seed)
        return 0
    begun = machine.load()
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="mnemic-crash-") as folder:
        killed = kills(given.kills, given.every, Path(folder), given.seed)
    disk = small_disk(given.tmpfs) if given.tmpfs else {"skipped": "not asked for"}
    report = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine.describe(),
        "load": {"begin": begun, "end": machine.load()},
        "kills": killed,
        "disk": disk,
    }
    print(json.dumps(report, indent=1))
    if given.out:
        given.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    names = ("acknowledged_writes_lost", "half_applied", "files_needing_repair")
    well = not any(killed[name] for name in names)
    return 0 if well and not disk.get("refused_and_yet_changed") else 1


if __name__ == "__main__":
    sys.exit(main())
