"""How fast is it, beside what else there is? Every figure is measured in a process of its own.

    make bench                                # all of it: 45 minutes, 2 GB of free disk
    python benchmarks/speed.py --quick        # small sizes, seconds: does the program still work?
    make peers                                # beforehand: other memory systems, measured beside

Systems take turns (A B A B ...), so that a slow minute of the machine falls on all of them, and a
ratio compares neighbours in time. Measured at each size: adding (one at a time, in batches,
encoding included, nothing warmed up), searching (fresh process, one round to warm up, one that
counts), opening, resident memory, installing. One numpy thread. Prints a Markdown table with the
smallest, the middle and the largest of the repetitions; --out keeps every single measurement, the
machine and its load. What is measured how, and why: docs/design/speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

import install
import machine
import measure
import peers
import turns
from measure import Inputs, Job, clear

HERE = Path(__file__).resolve().parent
FEWER = 1_000
"""Turns that are added through a slow encoder."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    turns: int = 5_000
    batch: int = 500
    large: int = 100_000
    million: int = 1_000_000
    partitions: int = 1_000
    questions: int = 200
    repetitions: int = 5
    beside: int = 3
    """Repetitions in which other libraries take part; some need minutes each."""


QUICK = Sizes(150, 50, 300, 400, 4, 8, 1, 1)


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure's repetitions."""

    values: tuple[float, ...]

    def __bool__(self) -> bool:
        return bool(self.values)

    def __str__(self) -> str:
        if not self.values:
            return "-"
        three = (min(self.values), median(self.values), max(self.values))
        return "{} / **{}** / {}".format(*map(short, three))


def short(value: float) -> str:
    """Two or three digits that matter."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{2 - (abs(value) >= 10)}f}"


@dataclass(slots=True)
class Bench:
    """A run: where its files are, what was measured so far."""

    sizes: Sizes
    folder: Path
    others: list[str]
    minilm: str | None = None
    together: bool = False
    done: list[dict[str, Any]] = field(default_factory=list)

    def measure(self, name: str, job: Job, repetition: int = 0) -> None:
        """One job in a fresh process; a system that fails is told about and left out."""
        begun = time.time()
        found = measure.run(job) if self.together else self._apart(name, job)
        said = {
            "name": name,
            "system": job.system,
            "vectors": job.vectors,
            "batch": job.batch,
            "repetition": repetition,
        }
        self.done.append({**said, **found})
        took = time.time() - begun
        note = found.get("failed", "")
        how = f"{job.system}, {job.vectors}, batches of {job.batch}"
        print(f"{took:6.1f} s  {name}: {how} {note}", file=sys.stderr, flush=True)

    def _apart(self, name: str, job: Job) -> dict[str, Any]:
        setting = {**os.environ, **peers.SETTINGS, "MEM0_DIR": str(self.folder / "mem0")}
        threads = ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM")
        setting |= {f"{library}_NUM_THREADS": "1" for library in threads}
        command = [sys.executable, str(HERE / "measure.py"), json.dumps(asdict(job))]
        ran = subprocess.run(command, capture_output=True, text=True, env=setting, cwd=self.folder)
        if ran.returncode:
            last = ran.stderr.strip().splitlines()[-1:] or ["no message"]
            if job.system == "mnemic":
                raise SystemExit(f"{name}, {job.system}:\n{ran.stderr}")
            return {"failed": last[0].replace(str(self.folder), "...")}
        found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
        return found

    def find(self, name: str, system: str, **like: Any) -> list[dict[str, Any]]:
        """The measurements of a name and system that did not fail, in order of repetition."""
        return [
            each
            for each in self.done
            if each["name"] == name
            and each["system"] == system
            and "failed" not in each
            and all(each[key] == value for key, value in like.items())
        ]

    def spread(self, figure: str, name: str, system: str = "mnemic", **like: Any) -> Spread:
        """A figure over its repetitions."""
        found = [each.get(figure) for each in self.find(name, system, **like)]
        return Spread(tuple(value for value in found if value is not None))

    def ratio(self, figure: str, name: str, other: str, **like: Any) -> Spread:
        """How many times ours another system takes, repetition by repetition."""
        vectors = like.pop("ours", like["vectors"])
        ours = self.find(name, "mnemic", vectors=vectors, batch=like["batch"])
        theirs = {each["repetition"]: each[figure] for each in self.find(name, other, **like)}
        pairs = [(each[figure], theirs.get(each["repetition"])) for each in ours]
        return Spread(tuple(their / our for our, their in pairs if their is not None))

    def beside(self, repetition: int) -> list[str]:
        """The other libraries that take part in this repetition."""
        return self.others if repetition < self.sizes.beside else []

    def path(self, name: str) -> str:
        """A file of this run."""
        return str(self.folder / f"{name}.db")


# -- what is measured


def everything(bench: Bench, inputs: Path) -> None:
    """All measurements, in an order that lets files be used again and deleted early."""
    base = Job("add", "mnemic", str(inputs), "")
    adding(bench, base)
    defaults(bench, base)
    searching(bench, base)
    if bench.sizes.large:
        large(bench, base)
    if bench.sizes.million:
        million(bench, base)


def adding(bench: Bench, base: Job) -> None:
    """Real turns one at a time and in batches: with our encoder, and with vectors given."""
    for repetition in range(bench.sizes.repetitions):
        for batch in (1, bench.sizes.batch):
            for system, vectors in _series(bench, batch, repetition):
                job = replace(base, system=system, vectors=vectors, batch=batch)
                job = replace(job, path=bench.path(f"{system}-{vectors}"))
                bench.measure("add", job, repetition)
            brief = replace(base, short=True, batch=batch, path=bench.path("mnemic-brief"))
            bench.measure("add, short turns", brief, repetition)
    clear(Path(bench.path("mnemic-brief")))


def _series(bench: Bench, batch: int, repetition: int) -> Iterator[tuple[str, str]]:
    """Who is measured beside whom. The last file with given vectors is searched afterwards."""
    for vectors in ("static", "given"):
        yield "mnemic", vectors
        yield "baseline", vectors
    for name in bench.beside(repetition):
        if batch == 1 or peers.SYSTEMS[name].batches:
            yield name, "given"


def defaults(bench: Bench, base: Job) -> None:
    """Ours as it comes beside theirs as they come, or with MiniLM where that is what they use."""
    base = replace(base, count=min(FEWER, bench.sizes.turns), minilm=bench.minilm)
    beside = [(name, "default") for name in bench.others if peers.lacking(name) is None]
    if bench.minilm is not None:
        beside += [(name, "minilm") for name in bench.others]
    for repetition in range(bench.sizes.beside if beside else 0):
        for system, vectors in (("mnemic", "static"), *beside):
            path = bench.path(f"default-{system}-{vectors}")
            job = replace(base, system=system, vectors=vectors, path=path)
            bench.measure("add, own encoder", job, repetition)
            clear(Path(path))


def searching(bench: Bench, base: Job) -> None:
    """The files that `adding` left, each opened in a fresh process."""
    for repetition in range(bench.sizes.repetitions):
        for system in ("mnemic", "baseline", *bench.beside(repetition)):
            path = bench.path(f"{system}-{'static' if system == 'mnemic' else 'given'}")
            job = replace(base, what="search", system=system, path=path)
            bench.measure("search", job, repetition)
    for system in ("mnemic", "baseline", *bench.others):
        for vectors in ("static", "given"):
            clear(Path(bench.path(f"{system}-{vectors}")))


def large(bench: Bench, base: Job) -> None:
    """100,000 turns of one user: ours and whoever takes batches."""
    batched = [name for name in bench.others if peers.SYSTEMS[name].batches]
    systems = ("mnemic", "baseline", *batched)
    base = replace(base, count=bench.sizes.large, batch=bench.sizes.batch)
    for system in systems:
        path = bench.path(f"large-{system}")
        bench.measure("add, large", replace(base, system=system, path=path))
    for repetition in range(bench.sizes.repetitions):
        for system in systems[: None if repetition < bench.sizes.beside else 2]:
            path = bench.path(f"large-{system}")
            job = replace(base, what="search", system=system, path=path)
            bench.measure("search, large", job, repetition)
    for system in systems:
        clear(Path(bench.path(f"large-{system}")))


def million(bench: Bench, base: Job) -> None:
    """A million turns of a thousand users, batches going round."""
    path = bench.path("million")
    job = replace(base, count=bench.sizes.million, partitions=bench.sizes.partitions, path=path)
    each = max(1, bench.sizes.million // bench.sizes.partitions)
    bench.measure("add, million", replace(job, batch=min(bench.sizes.batch, each)))
    for repetition in range(bench.sizes.repetitions):
        bench.measure("search, million", replace(job, what="touch"), repetition)
    clear(Path(path))


# -- what is said about it


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    what: str
    goal: str
    figure: str
    beside: str = ""

    def __str__(self) -> str:
        return f"| {self.what} | {self.goal} | {self.figure} | {self.beside} |"


def table(bench: Bench, installed: dict[str, Any] | None) -> list[Row]:
    """The figures beside their goals and their neighbours."""
    sizes = bench.sizes
    rows = []
    ways = (1, "one at a time"), (sizes.batch, f"in batches of {sizes.batch:,}")
    for batch, way in ways:
        goal = "≤ .4 ms CPU" if batch == 1 else ""
        rows.append(
            Row(
                f"add {sizes.turns:,} real turns {way}, encoding included",
                goal,
                _both(bench, "add", vectors="static", batch=batch),
                _beside(bench, "cpu_ms", "add", ["baseline"], vectors="static", batch=batch),
            )
        )
        rows.append(
            Row(
                f"the same, turns of at most 64 tokens {way}",
                goal,
                _both(bench, "add, short turns", batch=batch),
            )
        )
    for batch, way in ways:
        like: dict[str, Any] = {"vectors": "given", "batch": batch}
        rows.append(
            Row(
                f"add {way}, the same vectors computed before",
                "",
                _both(bench, "add", **like),
                _beside(bench, "cpu_ms", "add", ["baseline", *bench.others], **like),
            )
        )
    rows += _ratios(bench)
    rows += _searches(bench)
    if installed is not None:
        rows += _installed(installed)
    return rows


def _ratios(bench: Bench) -> list[Row]:
    rows = []
    many = bench.sizes.batch
    for name, goal, batch in (("mem0", "≥ 5", 1), ("chromadb", "≥ 1", many)):
        found = bench.ratio("cpu_ms", "add", name, vectors="given", batch=batch)
        what = f"CPU of {name} / ours, the same vectors, {_way(batch)}"
        rows.append(Row(what, goal, str(found) if found else _absent(bench, name)))
    for name in bench.others:
        goal = "≥ 20" if name == "mem0" else ""
        reason = peers.lacking(name)
        what = f"CPU of {name} with its default encoder / ours with ours"
        if reason is None:
            found = bench.ratio(
                "cpu_ms", "add, own encoder", name, vectors="default", ours="static", batch=1
            )
            rows.append(Row(what, goal, str(found)))
        else:
            rows.append(Row(what, goal, f"not measured: {reason}"))
        if bench.minilm is not None:
            found = bench.ratio(
                "cpu_ms", "add, own encoder", name, vectors="minilm", ours="static", batch=1
            )
            what = f"CPU of {name} with all-MiniLM-L6-v2 (our int8 build) / ours with ours"
            rows.append(Row(what, goal, str(found)))
    return rows


def _searches(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    rows = []
    for name, count, goal, others in (
        ("search", sizes.turns, {"p50": "≤ 5 ms"}, bench.others),
        ("search, large", sizes.large, {"p95": "≤ 20 ms"}, bench.others),
    ):
        for point in ("p50", "p95"):
            figure = _both(bench, name, point=f"_{point}")
            rows.append(
                Row(
                    f"search {point} at {count:,} in one partition, encoding included",
                    goal.get(point, ""),
                    figure,
                    _beside(bench, f"wall_{point}_ms", name, ["baseline", *others]),
                )
            )
    where = f"at {sizes.million:,} over {sizes.partitions:,} partitions"
    for point in ("p50", "p95"):
        warm = _both(bench, "search, million", point=f"_{point}")
        rows.append(Row(f"search {point} {where}, warm", "≤ 10 ms", warm))
    for point in ("p50", "p95"):
        first = _both(bench, "search, million", point=f"_{point}", of="first_")
        rows.append(Row(f"search {point} {where}, a partition's first", "≤ 10 ms", first))
    others = ["baseline", *bench.others]
    large, hundred = "search, large", f"{sizes.large:,}"
    for what, wanted, of in (
        ("loading the library, once in a process", "", "load_"),
        (f"opening a file of {hundred}", "≤ 300 ms", "open_"),
        (f"the first search in a file of {hundred} (loads the partition)", "", "first_"),
    ):
        beside = _beside(bench, f"{of}wall_ms", large, others)
        rows.append(Row(what, wanted, _both(bench, large, of=of), beside))
    for what, figure in (
        ("opening", "resident_open_mb"),
        ("searching", "resident_searched_mb"),
        ("searching, at its peak", "resident_peak_mb"),
    ):
        wanted = "≤ 250 MB" if what != "opening" else ""
        found = bench.spread(figure, large)
        beside = _beside(bench, figure, large, others, unit="MB")
        rows.append(Row(f"resident at {hundred} after {what}", wanted, f"{found} MB", beside))
    disk = bench.spread("bytes", "add, large")
    rows.append(Row(f"file of {hundred}, a turn", "", f"{disk} bytes", _disk(bench)))
    return [row for row in rows if not row.figure.startswith("-")]


def _disk(bench: Bench) -> str:
    return _beside(bench, "bytes", "add, large", ["baseline", *bench.others], unit="bytes")


def _installed(found: dict[str, Any]) -> list[Row]:
    if "failed" in found:
        return [Row("install", "", f"not measured: {found['failed']}")]
    compiled = f"{found['mb']:.1f} MB ({found['mib']:.1f} MiB)"
    plain = f"{found['mb_without_bytecode']:.1f} MB without bytecode"
    loaded = ", ".join(found["heavy_modules"]) or "none"
    names = ", ".join(found["distributions"])
    return [
        Row("distributions of the default install", "≤ 8", str(len(found["distributions"])), names),
        Row("size of the default install", "≤ 90 MB", compiled, plain),
        Row("`import mnemic`, CPU", "≤ 150 ms", f"{Spread(tuple(found['import_cpu_ms']))} ms"),
        Row("torch, onnxruntime, click, numpy at import", "none", loaded),
    ]


def _both(bench: Bench, name: str, *, point: str = "", of: str = "", **like: Any) -> str:
    """CPU and wall of ours."""
    cpu = bench.spread(f"{of}cpu{point}_ms", name, **like)
    wall = bench.spread(f"{of}wall{point}_ms", name, **like)
    if not cpu:
        return "-"
    if point or of:
        return f"{wall} ms (CPU {short(median(cpu.values))})"
    return f"{cpu} ms CPU (wall {short(median(wall.values))})"


def _beside(
    bench: Bench, figure: str, name: str, systems: Sequence[str], *, unit: str = "ms", **like: Any
) -> str:
    said = []
    for system in systems:
        found = bench.spread(figure, name, system, **like)
        if found:
            low, middle, high = min(found.values), median(found.values), max(found.values)
            spread = "" if low == high else f" ({short(low)}-{short(high)})"
            said.append(f"{system} {short(middle)}{spread}")
    return ", ".join(said) + (f" {unit}" if said else "")


def _way(batch: int) -> str:
    return "one at a time" if batch == 1 else "in batches"


def _absent(bench: Bench, name: str) -> str:
    failed = [each["failed"] for each in bench.done if each["system"] == name and "failed" in each]
    if failed:
        return f"not measured: {failed[0]}"
    return "not measured: not asked for" if name in peers.installed() else "not installed"


# -- the run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    given = _arguments(arguments)
    sizes = QUICK if given.quick else Sizes(repetitions=given.repetitions)
    sizes = replace(sizes, beside=min(sizes.beside, sizes.repetitions))
    for name in ("turns", "large", "million"):
        if getattr(given, name) is not None:
            sizes = replace(sizes, **{name: getattr(given, name)})
    others = [name for name in given.peers if name in peers.installed()]
    absent = sorted(set(given.peers) - set(others))
    begun = machine.load()
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="mnemic-speed-") as place:
        folder = Path(place)
        inputs = folder / "inputs"
        inputs.mkdir()
        Inputs(inputs).write(*_texts(given, sizes))
        bench = Bench(sizes, folder, others, given.minilm, given.together)
        everything(bench, inputs)
    installed = None if given.quick or given.no_install else _try(install.measure)
    rows = table(bench, installed)
    report = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine.describe(),
        "load": {"begin": begun, "end": machine.load()},
        "sizes": asdict(sizes),
        "texts": "the example conversation" if given.quick else "real turns",
        "not_installed": absent,
        "install": installed,
        "table": [asdict(row) for row in rows],
        "measurements": bench.done,
    }
    for line in _page(report, rows, bench):
        print(line)
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    shared = HERE.parent.parent / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared, help="the folder of the corpora")
    parser.add_argument("--quick", action="store_true", help="small sizes, example conversation")
    parser.add_argument("--repetitions", type=int, default=Sizes().repetitions)
    parser.add_argument("--turns", type=int, help="real turns that are added; 5,000")
    parser.add_argument("--large", type=int, help="turns of the one large partition; 0: none")
    parser.add_argument("--million", type=int, help="turns of the many partitions; 0: none")
    parser.add_argument("--peers", nargs="*", choices=peers.PEERS, default=[*peers.PEERS])
    parser.add_argument("--minilm", help="the folder of a built minilm, for peers to be given")
    parser.add_argument(
        "--together", action="store_true", help="one process: a test of the program, no measurement"
    )
    parser.add_argument("--no-install", action="store_true", help="do not measure the install")
    parser.add_argument("--folder", type=Path, help="where files are put; deleted afterwards")
    parser.add_argument("--out", type=Path, help="keep everything as JSON")
    return parser.parse_args(arguments)


def _texts(given: argparse.Namespace, sizes: Sizes) -> tuple[list[turns.Turn], list[str]]:
    if given.quick:
        return turns.example(HERE.parent / "examples", sizes.turns, sizes.questions)
    real = turns.real_turns(given.data, sizes.turns)
    return real, turns.questions(given.data, sizes.questions)


def _try(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was measured, or the last line of what the command said that failed."""
    try:
        return measure()
    except subprocess.CalledProcessError as error:
        last = (error.stderr or "").strip().splitlines()[-1:]
        return {"failed": last[0] if last else str(error.returncode)}


def _page(report: dict[str, Any], rows: Sequence[Row], bench: Bench) -> Iterator[str]:
    about, load = report["machine"], report["load"]
    libraries = ", ".join(f"{name} {number}" for name, number in about["libraries"].items())
    slow = [each["calibration_ms"] for each in bench.done if "calibration_ms" in each]
    yield (
        f"{report['date']}; {about['processor']}, {about['cores']} cores, "
        f"{about['memory_gib']} GiB, {about['system']}; {about['python']}, "
        f"SQLite {about['sqlite']}, {libraries}. Load {load['begin']} at the beginning, "
        f"{load['end']} at the end; a fixed loop took {Spread(tuple(slow))} ms of CPU."
    )
    if report["not_installed"]:
        yield f"Not installed here (`make peers`): {', '.join(report['not_installed'])}."
    failed = {each["system"]: each["failed"] for each in bench.done if "failed" in each}
    for system, reason in failed.items():
        yield f"{system} failed: {reason}."
    yield ""
    yield "| what | goal | figure (min / **median** / max) | beside it: median (min-max) |"
    yield "|---|---|---|---|"
    yield from map(str, rows)


if __name__ == "__main__":
    sys.exit(main())
