"""Power is lost: what the disk may have kept is made from a trace of all that it was asked to do.

A process writes behind `faulty.c`, which records every creation, write, truncation, sync and unlink
below a folder, in order; a receipt is acknowledged by a write to a file of that folder, so that it
stands in the trace as well. The trace is cut anywhere, and the disk is asked the worst: what was
synced is there, of what was not any part is, each write whole, in half, or not at all. A file that
is new is there for certain only once its folder was synced.
"""

from __future__ import annotations

import hashlib
import os
import random
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import mnemic
from mnemic.testing.picture import picture

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"

PROGRAM = """
import ctypes, hashlib, json, os, signal, sys
sys.path.insert(0, sys.argv[1])
import mnemic
from mixed import History
from mnemic.testing.picture import picture

folder, trace, durability, steps = sys.argv[2:6]
disk = ctypes.CDLL(None)
if trace:
    disk.faulty_trace(os.open(trace, os.O_CREAT | os.O_WRONLY))
    disk.faulty_below(folder.encode())
acknowledged = os.open(folder + "/acknowledged", os.O_CREAT | os.O_WRONLY)

def acknowledge():
    seen = picture(memory._parts.store).items()
    kept = [(name, one) for name, one in seen if name not in ("certificates", "pending")]
    os.write(acknowledged, hashlib.sha256(repr(kept).encode()).hexdigest().encode() + b"\\n")

memory = mnemic.Memory(folder + "/new/memory.db", encoder=None, durability=durability)
memory._parts.store._db.run(f"PRAGMA wal_autocheckpoint = {60 if trace else 0}")
acknowledge()
history = History(memory, "ana", seed=4)
for n in range(int(steps)):
    step = history.plan()
    if step.what == "forget" and not trace:  # it would move the whole log into the file
        continue
    history.do(step)
    acknowledge()
if trace:
    memory.close()
else:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that the disk was asked to do."""

    what: str
    path: str
    offset: int
    data: bytes


def lines(trace: bytes) -> Iterator[Line]:
    place = 0
    while place < len(trace):
        what, name, offset, length = struct.unpack_from("4q", trace, place)
        place += 32
        path = trace[place : place + name].decode()
        place += name
        data = trace[place : place + length]
        place += length
        yield Line(chr(what), path, offset, data)


@dataclass(slots=True)
class Disk:
    """What was synced, and what was asked for since."""

    kept: dict[str, bytes] = field(default_factory=dict)
    since: dict[str, list[Line]] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    """Files whose names are certain."""
    gone: set[str] = field(default_factory=set)
    """Files whose names were removed, and perhaps are not."""

    def ask(self, line: Line) -> None:
        if line.what == "s" and line.path not in self.since:  # a folder
            self.there |= {one for one in self.since if str(Path(one).parent) == line.path}
            for one in [one for one in self.gone if str(Path(one).parent) == line.path]:
                self._remove(one)
        elif line.what == "s":
            self.kept[line.path] = _after(self.kept[line.path], self.since[line.path])
            self.since[line.path] = []
        elif line.what == "u":
            self.gone.add(line.path)
        else:
            if line.what == "c" and line.path in self.gone:
                self._remove(line.path)
            self.kept.setdefault(line.path, b"")
            self.since.setdefault(line.path, []).append(line)

    def _remove(self, path: str) -> None:
        self.gone.discard(path)
        self.there.discard(path)
        self.kept.pop(path, None)
        self.since.pop(path, None)

    def lose_power(self, chance: random.Random) -> dict[str, bytes]:
        """What may be found afterwards."""
        found: dict[str, bytes] = {}
        keeps = chance.choice([0.0, 0.2, 0.5, 0.9, 1.0])
        for path, kept in self.kept.items():
            unsure = path not in self.there or path in self.gone
            if unsure and chance.random() < 0.5:
                continue
            some = [line for line in self.since[path] if chance.random() < keeps]
            torn = [_torn(line, chance) if chance.random() < 0.3 else line for line in some]
            found[path] = _after(kept, torn)
        return found


def _torn(line: Line, chance: random.Random) -> Line:
    if line.what != "w" or len(line.data) < 2:
        return line
    cut = chance.randrange(1, len(line.data))
    if chance.random() < 0.5:
        return Line("w", line.path, line.offset, line.data[:cut])
    return Line("w", line.path, line.offset + cut, line.data[cut:])


def _after(kept: bytes, asked: list[Line]) -> bytes:
    content = bytearray(kept)
    for line in asked:
        if line.what == "t":
            content[line.offset :] = bytes(max(0, line.offset - len(content)))
        elif line.what == "w":
            content.extend(bytes(max(0, line.offset - len(content))))
            content[line.offset : line.offset + len(line.data)] = line.data
    return bytes(content)


def run(library: Path | None, folder: Path, durability: str, steps: int) -> list[str]:
    """Let the program write; what it acknowledged, oldest first."""
    (folder / "disk").mkdir()
    trace = str(folder / "trace") if library else ""
    setting = {"LD_PRELOAD": str(library)} if library else {}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, BENCHMARKS, folder / "disk", trace, durability, str(steps)],
        env=os.environ | {"OMP_NUM_THREADS": "1"} | setting,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == (0 if library else -9), done.stderr[-3000:]
    return (folder / "disk" / "acknowledged").read_text().split()


def opened(file: Path) -> str:
    """What a memory finds in this file; it must be in order without any repair."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with mnemic.Memory(file, encoder=None) as memory:
        diagnosis = memory.doctor()
        assert diagnosis.ok, diagnosis
        seen = picture(memory._parts.store).items()
        kept = [(name, one) for name, one in seen if name not in ("certificates", "pending")]
        return hashlib.sha256(repr(kept).encode()).hexdigest()


def cuts(trace: list[Line], chance: random.Random, count: int) -> list[int]:
    """Where to cut: just before and just after syncs and acknowledgements, and anywhere."""
    telling = [at for at, line in enumerate(trace) if line.what == "s" or "/ack" in line.path]
    near = chance.sample(telling, min(len(telling), count // 3))
    some = {at for place in near for at in (place, place + 1)}
    return sorted(some | {chance.randrange(len(trace)) for _ in range(count - count // 3)})


def after_every_cut(
    faulty: Path, folder: Path, durability: str, steps: int, count: int
) -> list[tuple[int, int]]:
    """(acknowledged before the cut, found after it) for each cut, both counted from the opening."""
    told = run(faulty, folder, durability, steps)
    assert len(set(told)) == len(told) == steps + 1
    trace = list(lines((folder / "trace").read_bytes()))
    chance = random.Random(f"{durability} {steps}")
    disk, acknowledged, found = Disk(), 0, []
    wanted = cuts(trace, chance, count)
    for at, line in enumerate(trace):
        for _ in range(wanted.count(at)):
            place = folder / f"cut-{at}"
            for path, content in disk.lose_power(chance).items():
                if path.endswith(("-shm", "acknowledged")):
                    continue  # shared memory does not outlive the machine
                copy = place / Path(path).relative_to(folder / "disk")
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)
            digest = opened(place / "new" / "memory.db")
            assert digest in told, f"cut {at} of {len(trace)}: a state that never was"
            found.append((acknowledged, told.index(digest)))
        if line.path.endswith("acknowledged"):
            acknowledged += line.what == "w"
        else:
            disk.ask(line)
    return found


def some_or_many(few: tuple[int, int], many: tuple[int, int]) -> pytest.MarkDecorator:
    """Steps and cuts: few of them always, many with `make laws`."""
    return pytest.mark.parametrize(
        ("steps", "count"), [few, pytest.param(*many, marks=pytest.mark.slow)]
    )


@some_or_many((26, 24), (150, 600))
def test_full_durability_survives_a_loss_of_power(
    faulty: Path, tmp_path: Path, steps: int, count: int
) -> None:
    found = after_every_cut(faulty, tmp_path, "full", steps, count)
    lost = [(told, there) for told, there in found if there < told - 1]
    assert lost == [], "acknowledged, and not there"
    assert max(told for told, _ in found) > steps * 0.8


@some_or_many((26, 14), (150, 300))
def test_normal_durability_loses_a_suffix_at_most(
    faulty: Path, tmp_path: Path, steps: int, count: int
) -> None:
    # That every state found is one that was is asserted by `after_every_cut`.
    found = after_every_cut(faulty, tmp_path, "normal", steps, count)
    assert any(there < told - 1 for told, there in found), "why `full` exists"


def test_the_log_is_synced_before_a_receipt_and_the_folder_when_new(
    faulty: Path, tmp_path: Path
) -> None:
    run(faulty, tmp_path, "full", 8)
    unsynced: set[str] = set()
    named: set[str] = set()
    acknowledged = 0
    for line in lines((tmp_path / "trace").read_bytes()):
        if line.path.endswith("acknowledged"):
            if line.what == "w":
                assert not {path for path in unsynced if path.endswith("-wal")}
                assert not {path for path in named if path.endswith((".db", "-wal"))}
                acknowledged += 1
        elif line.what == "s":
            unsynced.discard(line.path)
            named = {path for path in named if str(Path(path).parent) != line.path}
        elif line.what == "c":
            named.add(line.path)
        elif line.what in "wt":
            unsynced.add(line.path)
    assert acknowledged == 9


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A database with all of its history still in the log, and what was acknowledged."""
    folder = tmp_path_factory.mktemp("killed")
    told = run(None, folder, "normal", 20)
    return folder / "disk" / "new" / "memory.db", told


@pytest.mark.parametrize("harm", ["cut", "flip", "nothing"])
def test_a_torn_log(killed: tuple[Path, list[str]], tmp_path: Path, harm: str) -> None:
    file, told = killed
    log = Path(f"{file}-wal").read_bytes()
    chance = random.Random(harm)
    found = []
    for n in range(1 if harm == "nothing" else 8):
        place = tmp_path / str(n) / "memory.db"
        place.parent.mkdir()
        place.write_bytes(file.read_bytes())
        at = chance.randrange(len(log))
        torn = {"cut": log[:at], "flip": log[:at] + bytes([log[at] ^ 255]) + log[at + 1 :]}
        Path(f"{place}-wal").write_bytes(torn.get(harm, log))
        digest = opened(place)
        assert digest in told, f"{harm} at {at}: a state that never was"
        found.append((at, told.index(digest)))
    if harm == "nothing":
        assert found[0][1] == len(told) - 1, "a kill loses nothing that was acknowledged"
    else:
        assert [there for _, there in sorted(found)] == sorted(there for _, there in found)
        assert found[0][1] < len(told) - 1


def test_what_the_disk_model_means() -> None:
    disk = Disk()
    for line in (
        Line("c", "/d/f", 0, b""),
        Line("w", "/d/f", 0, b"abcd"),
        Line("s", "/d/f", 0, b""),
        Line("s", "/d", 0, b""),
        Line("w", "/d/f", 2, b"XY"),
    ):
        disk.ask(line)
    found = {disk.lose_power(random.Random(n)).get("/d/f") for n in range(200)}
    assert found == {b"abcd", b"abXd", b"abcY", b"abXY"}
    disk.ask(Line("u", "/d/f", 0, b""))
    assert {disk.lose_power(random.Random(n)).get("/d/f") for n in range(200)} == {*found, None}
    disk.ask(Line("s", "/d", 0, b""))
    assert disk.lose_power(random.Random(0)) == {}
