"""The speed program works: small sizes, one process, no other systems. Its figures mean nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any], Path]:
    """What a quick run prints, what it keeps, and the folder that it put its files in."""
    folder = tmp_path_factory.mktemp("speed")
    out = folder / "out" / "speed.json"
    program = [sys.executable, "-W", "error", str(ROOT / "benchmarks" / "speed.py")]
    options = ["--quick", "--together", "--peers", "--folder", str(folder), "--out", str(out)]
    done = subprocess.run([*program, *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(out.read_bytes()), folder


def test_it_prints_a_table_with_every_goal(ran: tuple[str, dict[str, Any], Path]) -> None:
    printed, _, _ = ran
    lines = [line for line in printed.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {5}
    for goal in ("≤ .4 ms CPU", "≥ 5", "≥ 1", "≤ 5 ms", "≤ 20 ms", "≤ 10 ms", "≤ 300 ms"):
        assert any(f"| {goal} |" in line for line in lines), goal


def test_it_measures_ours_and_the_baseline(ran: tuple[str, dict[str, Any], Path]) -> None:
    _, kept, _ = ran
    measured = {(each["name"], each["system"]) for each in kept["measurements"]}
    for name in ("add", "search", "add, large", "search, large"):
        assert {(name, "mnemic"), (name, "baseline")} <= measured
    assert ("search, million", "mnemic") in measured
    found = [each["found"] for each in kept["measurements"] if each["name"] == "search"]
    assert found == [10, 10]


def test_what_is_published_names_no_folder(ran: tuple[str, dict[str, Any], Path]) -> None:
    printed, kept, folder = ran
    for private in (str(folder), str(ROOT), sys.prefix):
        assert private not in printed
        assert private not in json.dumps(kept)


def test_its_files_are_deleted(ran: tuple[str, dict[str, Any], Path]) -> None:
    assert [path.name for path in ran[2].iterdir()] == ["out"]


def test_a_measurement_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The way that figures are really taken: a job as JSON, an answer as JSON."""
    turns = [{"text": f"Tea at {hour}", "session": "s", "corpus": "c"} for hour in range(9)]
    (tmp_path / "turns.json").write_text(json.dumps(turns), encoding="utf-8")
    job = {
        "what": "add",
        "system": "mnemic",
        "inputs": str(tmp_path),
        "path": str(tmp_path / "m.db"),
        "batch": 4,
    }
    program = str(ROOT / "benchmarks" / "measure.py")
    command = [sys.executable, program, json.dumps(job)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["turns"] == 9
    assert answer["cpu_ms"] > 0
    assert answer["bytes"] > 0
