"""Is there any input that brings it down? Four parts are fed for minutes with what atheris makes.

    .venv/bin/python -m pip install atheris          # not a dependency of mnemic
    nice python benchmarks/fuzz.py --seconds 60 --out benchmarks/results/fuzz-2026-11-22.json

importers   files of every format, from the seeds under tests/sources/files
databases   SQLite files of other memory systems, likewise
cubes       an exported memory, its bytes and the files inside bent, loaded into an empty one
questions   any text: the analyser, dates, the reading of a question, a search

atheris (libFuzzer) changes the inputs and keeps those that reach code which none before reached.
Whatever comes out that is not a `MnemicError` is a crash, and so is an input that takes longer than
five seconds of CPU. Each target runs in a process of its own; a crash is kept with its input and
its place, each place once, and the run goes on. Exits with 1 when there was one.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import machine

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parent / "tests" / "sources" / "files"
SLOW = 5.0
"""Seconds of CPU for one input."""
LONGEST = {"importers": 8_192, "databases": 16_384, "cubes": 8_192, "questions": 512}
"""Bytes of an input."""
FRESH = 200
"""Loads of cubes into one memory before a new one is made."""


@dataclass(slots=True)
class Outcome:
    """What one target did."""

    target: str
    executions: int = 0
    refused: int = 0
    """Inputs that were answered with a MnemicError."""
    seconds: float = 0.0
    slowest: float = 0.0
    """Seconds of CPU of the input that took longest."""
    seeds: int = 0
    crashes: list[dict[str, str]] = field(default_factory=list)
    """Each place once: the error, where it came from, and the input in base64."""


Target = Callable[[bytes], bool]
"""Takes an input; True when it was refused with a MnemicError."""


def content(seed: Path) -> bytes:
    """The bytes of a seed; of a .sql those of the database that it makes, in small pages."""
    if seed.suffix != ".sql":
        return seed.read_bytes()
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA page_size = 512")
        database.executescript(seed.read_text(encoding="utf-8"))
        return database.serialize()


def files(folder: Path, suffixes: Sequence[str]) -> tuple[Target, list[bytes]]:
    """Readers of files: the first byte says under which format, 0 is auto."""
    from mnemic.core.errors import MnemicError
    from mnemic.sources.read import FORMATS, questions, read

    names = ["auto", *FORMATS]
    ends = (".json", ".jsonl", ".md", ".txt", ".db")

    def target(data: bytes) -> bool:
        if not data:
            return True
        name = names[data[0] % len(names)]
        path = folder / f"input{ends[data[0] // len(names) % len(ends)]}"
        path.write_bytes(data[1:])
        try:
            for event in read(path, name, user="ana"):
                str(event.time)
            if name != "auto" and FORMATS[name].questions:
                for question in questions(path, name):
                    str(question.now)
        except MnemicError:
            return True
        return False

    found = [seed for seed in sorted(SEEDS.iterdir()) if seed.suffix in suffixes]
    seeds = []
    for seed in found:
        place = next(at for at, name in enumerate(names) if seed.name.startswith(name))
        end = max(at for at, end in enumerate(ends) if end in (seed.suffix, ".db"))
        seeds += [bytes([end * len(names) + at]) + content(seed) for at in (0, place)]
    return target, seeds


def importers(folder: Path) -> tuple[Target, list[bytes]]:
    """Files of every format."""
    return files(folder, (".json", ".jsonl", ".md", ".txt"))


def databases(folder: Path) -> tuple[Target, list[bytes]]:
    """SQLite files of other memory systems."""
    return files(folder, (".sql",))


def cubes(folder: Path) -> tuple[Target, list[bytes]]:
    """The reader of exported memories.

    An input is a number and changes: which file of the archive they are for, and whether the sums
    in the manifest are made right again, so that what lies behind them is reached too.
    """
    from mnemic import Memory
    from mnemic.core.errors import MnemicError

    good = folder / "good.zip"
    with Memory(":memory:", encoder=None) as memory:
        first = memory.add("I moved to Lisbon.", user_id="ana", session_id="s", speaker="Ana").ids[
            0
        ]
        memory.add(["I like tea.", "Ben runs."], user_id="ana")
        memory.supersede(first, text="I moved to Porto.")
        memory.export(good, user_id="ana")
    with zipfile.ZipFile(good) as archive:
        members = {name: archive.read(name) for name in sorted(archive.namelist())}
    whole = good.read_bytes()
    path = folder / "bent.zip"
    memory, loads = Memory(":memory:", encoder=None), 0

    def target(data: bytes) -> bool:
        nonlocal memory, loads
        if len(data) < 2:
            return True
        path.write_bytes(bent(data))
        loads += 1
        if loads % FRESH == 0:
            memory.close()
            memory = Memory(":memory:", encoder=None)
        try:
            memory.load(path)
        except MnemicError:
            return True
        return False

    def bent(data: bytes) -> bytes:
        how, rest = data[0], data[1:]
        if how % 4 == 0:
            return rest
        if how % 4 == 1:
            return changed(whole, rest)
        names = list(members)
        name = names[how // 4 % len(names)]
        new = rest if how % 4 == 2 else changed(members[name], rest)
        held = {**members, name: new}
        for kind in ("sha256", "blake2b", "md5"):
            old_sum = hashlib.new(kind, members[name]).hexdigest().encode()
            new_sum = hashlib.new(kind, new).hexdigest().encode()
            held = {
                key: value if key == name else value.replace(old_sum, new_sum)
                for key, value in held.items()
            }
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for key, value in held.items():
                archive.writestr(key, value)
        return packed.getvalue()

    seeds = [bytes([0]) + whole, bytes([1]) + b"\0\0\0a", bytes([3]) + b"\0\x10\x04zz"]
    for place, held in enumerate(members.values()):
        seeds += [bytes([4 * place + 2]) + held, bytes([4 * place + 3]) + b"\0\x20\x02{}"]
    return target, seeds


def changed(data: bytes, script: bytes) -> bytes:
    """The bytes after the changes that a script tells: where, how many go, how many come."""
    at = 0
    while at + 3 < len(script):
        place = int.from_bytes(script[at : at + 2], "big") % (len(data) + 1)
        gone, come = script[at + 2] >> 4, script[at + 2] & 15
        data = data[:place] + script[at + 3 : at + 3 + come] + data[place + gone :]
        at += 3 + max(come, 1)
    return data


def questions(folder: Path) -> tuple[Target, list[bytes]]:
    """What reads a question, in five languages, and a whole search."""
    from mnemic import Memory
    from mnemic.core.clock import Moment
    from mnemic.core.errors import MnemicError
    from mnemic.core.queries import Query
    from mnemic.core.records import Partition
    from mnemic.language.analyser import Analyser
    from mnemic.language.dates import spans
    from mnemic.retrieval.analyse import analyse

    languages = ("english", "german", "russian", "french", "none")
    analysers = [Analyser(language) for language in languages]
    now = Moment.parse("2026-11-22T20:00Z")
    memory = Memory(":memory:", encoder=None)
    memory.add(
        [
            {"content": "I moved to Lisbon last May.", "name": "Ana", "timestamp": "2025-06-02"},
            {"content": "Мы ездили в Порту 3 июня.", "name": "Бен", "timestamp": "2025-07-02"},
        ],
        user_id="ana",
    )

    def target(data: bytes) -> bool:
        if not data:
            return True
        text = data[1:].decode("utf-8", "surrogateescape" if data[0] & 128 else "replace")
        analyser = analysers[data[0] % len(analysers)]
        spans(text, now)
        analyser.tokens(text)
        query = Query(text=text, partitions=(Partition(user_id="ana"),), now=now, dialogue=(text,))
        analyse(query, ("Ana", "Бен"), analyser)
        try:
            memory.search(text, user_id="ana", now="2026-11-22T20:00Z", limit=2)
        except MnemicError:
            return True
        return False

    asked = (
        "Where did Ana move last May?",
        "what happened between 3 June 2023 and 2024-01-01",
        "Когда Бен ездил в Порту на прошлой неделе?",
        "3日前に何をしましたか",
        "the week before 9/6/23",
        'How many "teas" did we (really) drink since two years ago?',
        "was letzten Dienstag geschah",
        "AND OR NOT NEAR(a b) * ^ col:",
        "İ ß ﬃ ǅ \u200d👩 e\u0301",
    )
    seeds = [bytes([place % 5]) + text.encode("utf-8") for place, text in enumerate(asked)]
    return target, seeds


TARGETS = {
    "importers": importers,
    "databases": databases,
    "cubes": cubes,
    "questions": questions,
}


def child(name: str, seconds: float, seed: int, out: Path) -> None:
    """Run one target in this process, which ends with it."""
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    with atheris.instrument_imports(include=["mnemic"]):
        target, seeds = TARGETS[name](folder)
        target(seeds[0])  # imports what is imported where it is needed
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(seeds):
        (corpus / f"{number:03}").write_bytes(data)
    outcome = Outcome(name, seeds=len(seeds))
    places: set[str] = set()
    begun = time.monotonic()

    def one(data: bytes) -> None:
        started = time.process_time()
        try:
            outcome.refused += target(data)
        except Exception as error:  # a fuzzer looks for every error that there is
            keep(error, data)
        taken = time.process_time() - started
        outcome.slowest = max(outcome.slowest, taken)
        if taken > SLOW:
            keep(TimeoutError(f"{taken:.1f} s"), data)
        outcome.executions += 1
        outcome.seconds = time.monotonic() - begun
        if outcome.seconds > seconds:
            out.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            sys.stdout.flush()
            os._exit(0)  # libFuzzer has no end of its own that would let us write

    def keep(error: BaseException, data: bytes) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        last = next((f for f in reversed(frames) if "mnemic" in f.filename), None)
        place = f"{Path(last.filename).name}:{last.lineno}" if last else "too long"
        key = f"{type(error).__name__} {place}"
        if key not in places:
            places.add(key)
            said = f"{type(error).__name__}: {error}"[:300]
            packed = base64.b64encode(data).decode()
            outcome.crashes.append({"error": said, "place": place, "input": packed})
            print(f"{name}: {said} at {place}", flush=True)

    options = [f"-max_len={LONGEST[name]}", f"-seed={seed}", "-verbosity=0", "-rss_limit_mb=0"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


def run(names: Sequence[str], seconds: float, seed: int) -> list[Outcome]:
    """All targets, one after the other, each in a process of its own."""
    found = []
    for name in names:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            out = Path(folder) / "out.json"
            command = [sys.executable, __file__, "--child", name, "--seconds", str(seconds)]
            environment = {**os.environ, "OMP_NUM_THREADS": "1"}
            done = subprocess.run(
                [*command, "--seed", str(seed), "--out", str(out)],
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
                check=False,
            )
            if not out.exists():
                said = (line for line in done.stderr.splitlines() if not line.startswith("INFO"))
                end = " / ".join(said)[-1000:]
                lost = {"error": f"the process ended with {done.returncode}: {end}", "place": name}
                found.append(Outcome(name, crashes=[{**lost, "input": ""}]))
                continue
            found.append(Outcome(**json.loads(out.read_text(encoding="utf-8"))))
        last = found[-1]
        print(
            f"{name:10} {last.executions:>9,} inputs in {last.seconds:.0f} s, {last.refused:,} "
            f"refused, slowest {last.slowest:.2f} s, crashes {len(last.crashes)}"
        )
    return found


def main() -> None:
    """The command line."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 1 << 31))
    words.add_argument("--targets", nargs="+", choices=list(TARGETS), default=list(TARGETS))
    words.add_argument("--out", type=Path)
    words.add_argument("--child", choices=list(TARGETS), help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.child:
        child(given.child, given.seconds, given.seed, given.out)
        return
    before = machine.load()
    found = run(given.targets, given.seconds, given.seed)
    report: dict[str, Any] = {
        "machine": machine.describe(),
        "atheris": version("atheris"),
        "load_before": before,
        "load_after": machine.load(),
        "seconds": given.seconds,
        "seed": given.seed,
        "longest_input": LONGEST,
        "targets": [asdict(outcome) for outcome in found],
    }
    if given.out:
        given.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.exit(any(outcome.crashes for outcome in found))


if __name__ == "__main__":
    main()
