"""One measurement, in a process of its own: `python measure.py '<job as JSON>'`, answer as JSON.

So nothing is warm that a user's process would not have warm, memory is this system's alone, and a
library that starts threads or caches at import cannot help or hurt another. Inputs are read before
any clock starts. CPU is that of all threads of the process, user and system. `speed.py` says what
is measured; `Inputs` is how both hand texts to each other.
"""

from __future__ import annotations

import gc
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import compress, islice
from pathlib import Path
from typing import Any, TypeVar

import machine

Answer = TypeVar("Answer")

SHORT = 64
"""Tokens of a turn of LoCoMo's length, at most: one passage."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to measure."""

    what: str
    """"add", "search", "touch"."""
    system: str
    inputs: str
    """The folder of the texts."""
    path: str
    """The memory's own file or folder."""
    vectors: str = "static"
    """"static": encoded by our table within the time; "given": computed before; "minilm": encoded
    by our MiniLM within the time; "default": by the system's own encoder."""
    minilm: str | None = None
    """The folder of a MiniLM that was built."""
    batch: int = 1
    short: bool = False
    """Only turns of at most 64 tokens."""
    count: int | None = None
    """The first so many turns; beyond the real ones they are spliced."""
    partitions: int = 1
    """Users among whom batches go round."""
    k: int = 10


@dataclass(frozen=True, slots=True)
class Inputs:
    """The texts of a run, in a folder."""

    folder: Path

    def write(self, turns: Sequence[Any], questions: Sequence[str]) -> None:
        """Keep turns, questions, and the vectors of turns and of their passages."""
        import numpy as np

        from encoders import whole
        from mnemic.models.static_table import StaticTable
        from ours import cut

        texts = [turn.text for turn in turns]
        ids = StaticTable().pieces.ids
        parts = cut(texts)
        self._save("short", [len(ids(text)) <= SHORT for text in texts])
        self._save("turns", [asdict(turn) for turn in turns])
        self._save("questions", [*questions])
        self._save("passages", parts)
        np.save(self.folder / "passages.npy", whole(parts))
        np.save(self.folder / "whole.npy", whole(texts))

    def turns(self, count: int | None) -> Iterator[Any]:
        """The real turns, then as many spliced ones as `count` asks for."""
        from turns import Turn, spliced

        real = [Turn(**each) for each in self._load("turns")]
        yield from islice(real, count)
        if count is not None and count > len(real):
            yield from spliced(real, count - len(real), seed=1)

    def short(self) -> list[bool]:
        """Which of the turns are short; counted beforehand, so that no cache is warm."""
        return [*self._load("short")]

    def questions(self) -> list[str]:
        return [*self._load("questions")]

    def passages(self) -> tuple[list[str], Any]:
        import numpy as np

        return self._load("passages"), np.load(self.folder / "passages.npy")

    def whole(self) -> Any:
        import numpy as np

        return np.load(self.folder / "whole.npy")

    def _save(self, name: str, values: list[Any]) -> None:
        (self.folder / f"{name}.json").write_text(json.dumps(values), encoding="utf-8")

    def _load(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_bytes())


@dataclass(slots=True)
class Clock:
    """CPU and wall seconds of some stretches, added up or one by one."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def time(self, step: Callable[[], Answer]) -> Answer:
        wall, cpu = time.perf_counter(), time.process_time()
        done = step()
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)
        return done


def add(job: Job) -> dict[str, Any]:
    """Add turns to a new memory; milliseconds a turn, nothing warmed up."""
    clear(Path(job.path))
    inputs = Inputs(Path(job.inputs))
    turns = inputs.turns(job.count)
    if job.short:
        turns = compress(turns, inputs.short())
    if job.count is None:  # else there may be too many; they are made between the batches
        turns = iter([*turns])
    batches = _batches(turns, job.batch)
    opening, clock = Clock(), Clock()
    load(job)
    set_aside()
    memory = opening.time(lambda: opened(job, inputs))
    done = 0
    for number, batch in enumerate(batches):
        user = f"user{number % job.partitions}"
        clock.time(partial(memory.add, batch, user, done))
        done += len(batch)
    memory.close()
    return {
        "turns": done,
        "cpu_ms": 1e3 * sum(clock.cpu) / done,
        "wall_ms": 1e3 * sum(clock.wall) / done,
        "open_cpu_ms": 1e3 * opening.cpu[0],
        "bytes": size(Path(job.path)) // done,
    }


def search(job: Job) -> dict[str, Any]:
    """Open a memory in this fresh process, ask once, ask all questions, and ask them all again."""
    questions = Inputs(Path(job.inputs)).questions()
    before = resident()
    loading, opening, first, warm = Clock(), Clock(), Clock(), Clock()
    loading.time(lambda: load(job))
    memory = opening.time(lambda: opened(job, None))
    after_open = resident()
    found = first.time(lambda: memory.search(questions[0], "user0", job.k))
    for question in questions:
        memory.search(question, "user0", job.k)
    for question in questions:
        warm.time(partial(memory.search, question, "user0", job.k))
    after = resident()
    memory.close()
    return {
        "found": len(found),
        "questions": len(questions),
        "load_cpu_ms": 1e3 * loading.cpu[0],
        "load_wall_ms": 1e3 * loading.wall[0],
        "open_cpu_ms": 1e3 * opening.cpu[0],
        "open_wall_ms": 1e3 * opening.wall[0],
        "first_cpu_ms": 1e3 * first.cpu[0],
        "first_wall_ms": 1e3 * first.wall[0],
        **latencies(warm),
        "resident_start_mb": before,
        "resident_open_mb": after_open,
        "resident_searched_mb": after,
        "resident_peak_mb": peak(),
    }


def touch(job: Job) -> dict[str, Any]:
    """Many partitions: each one's first question of this process, then all of them once more."""
    questions = Inputs(Path(job.inputs)).questions()
    before = resident()
    opening, first, warm = Clock(), Clock(), Clock()
    load(job)
    memory = opening.time(lambda: opened(job, None))
    memory.search(questions[0], f"user{job.partitions - 1}", job.k)  # what a process pays once
    step = max(1, (job.partitions - 1) // len(questions))
    users = [f"user{place * step}" for place in range(min(len(questions), job.partitions - 1))]
    questions = questions[: len(users)]
    for clock in (first, warm):
        for question, user in zip(questions, users, strict=True):
            clock.time(partial(memory.search, question, user, job.k))
    after = resident()
    memory.close()
    return {
        "questions": len(questions),
        "open_cpu_ms": 1e3 * opening.cpu[0],
        "open_wall_ms": 1e3 * opening.wall[0],
        **{f"first_{name}": value for name, value in latencies(first).items()},
        **latencies(warm),
        "resident_start_mb": before,
        "resident_searched_mb": after,
        "resident_peak_mb": peak(),
    }


def set_aside() -> None:
    """Keep the garbage collector from walking through the inputs, which are not the memory's."""
    gc.collect()
    gc.freeze()


# -- the memory that is measured


class Mine:
    """mnemic: whole messages, cut and encoded by itself."""

    def __init__(self, job: Job, inputs: Inputs | None) -> None:
        from ours import Ours, Precomputed

        encoder: Any = job.vectors
        if job.vectors == "given" and inputs is not None:
            encoder = Precomputed(*inputs.passages())
        self._memory = Ours(job.path, encoder)

    def add(self, turns: Sequence[Any], user: str, first: int) -> None:
        self._memory.add_turns(turns, user)

    def search(self, question: str, user: str, k: int) -> list[str]:
        return self._memory.find(question, user, k)

    def close(self) -> None:
        self._memory.close()


class Beside:
    """The baseline or a peer: texts, and vectors as the job says. One user's memory."""

    def __init__(self, job: Job, inputs: Inputs | None) -> None:
        from encoders import encoder
        from peers import SYSTEMS

        self._given = inputs.whole() if inputs is not None and job.vectors == "given" else None
        self._encoder = encoder(job.vectors, job.minilm)
        self._memory = SYSTEMS[job.system](job.path, self._encoder.size if self._encoder else 0)

    def add(self, turns: Sequence[Any], user: str, first: int) -> None:
        texts = [turn.text for turn in turns]
        if self._given is not None:
            vectors = self._given[first : first + len(texts)]
        else:
            vectors = self._encoder.encode(texts) if self._encoder else None
        self._memory.add(texts, vectors)

    def search(self, question: str, user: str, k: int) -> list[str]:
        vector = self._encoder.encode_query(question) if self._encoder else None
        return self._memory.search(question, vector, k)

    def close(self) -> None:
        self._memory.close()


def load(job: Job) -> None:
    """Import what the job's system is made of."""
    if job.system == "mnemic":
        import mnemic.engine.memory  # noqa: F401 (brings numpy and sqlite3)
        import ours  # noqa: F401
    else:
        import encoders  # noqa: F401
        import peers

        peers.load(job.system)


def opened(job: Job, inputs: Inputs | None) -> Mine | Beside:
    """The memory of a job, ready; without inputs where nothing will be added."""
    return (Mine if job.system == "mnemic" else Beside)(job, inputs)


def _batches(turns: Iterator[Any], count: int) -> Iterator[list[Any]]:
    while batch := [*islice(turns, count)]:
        yield batch


# -- what is read off


def latencies(clock: Clock) -> dict[str, float]:
    """The middle and the 95th of a hundred, in ms."""
    found = {}
    for name, seconds in (("cpu", sorted(clock.cpu)), ("wall", sorted(clock.wall))):
        found[f"{name}_p50_ms"] = 1e3 * seconds[len(seconds) // 2]
        found[f"{name}_p95_ms"] = 1e3 * seconds[int(0.95 * len(seconds))]
    return found


def resident() -> float | None:
    """MB (1e6 bytes) of this process in memory now; None where the system does not say."""
    return _status("VmRSS")


def _status(name: str) -> float | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(each for each in status.read_text().splitlines() if each.startswith(name))
    return int(line.split()[1]) * 1024 / 1e6


def peak() -> float | None:
    """MB (1e6 bytes) of this process in memory at most, so far.

    Not `ru_maxrss`, which a child takes over from the process that started it.
    """
    return _status("VmHWM")


def size(path: Path) -> int:
    """Bytes on disk of a memory, its journal included."""
    beside = path.parent.glob(f"{path.name}*")
    files = [file for each in beside for file in ([each] if each.is_file() else each.rglob("*"))]
    return sum(file.stat().st_size for file in files if file.is_file())


def clear(path: Path) -> None:
    """Delete a memory of an earlier repetition."""
    for each in path.parent.glob(f"{path.name}*"):
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


def run(job: Job) -> dict[str, Any]:
    """Do it; the answer also says how busy and how fast the machine was just before."""
    about = {"load": machine.load(), "calibration_ms": machine.calibrate()}
    return {**{"add": add, "search": search, "touch": touch}[job.what](job), **about}


if __name__ == "__main__":
    print(json.dumps(run(Job(**json.loads(sys.argv[1])))))
