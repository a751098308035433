"""The bench commands: run, compare, report, and what is kept when they are stopped."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from mnemic.bench.result import load_report
from mnemic.surface import benching
from mnemic.surface.invocation import Invocation

OWN = '''
"""A task and systems as a user would bring them."""

import time
from pathlib import Path

from mnemic.bench.adapters.bm25 import Bm25
from mnemic.bench.ranked import ids, ranked
from mnemic.bench.task import Data, Task
from mnemic.core.errors import InputError, SourceError
from mnemic.core.events import Event
from mnemic.sources.questions import Question

THINGS = ("kettle", "ferry", "violin", "lantern", "orchard", "compass")


def load(path, options):
    if path is not None and not path.exists():
        raise SourceError(f"no file {path}. Give another")
    if options.keys() - {"size"}:
        raise InputError(f"no option {options}. There is size")
    size = int(options.get("size", "6"))
    texts = [
        Event(f"Ana keeps the {thing} in room {at}.", metadata={"turn": str(at)})
        for at, thing in enumerate(THINGS)
    ]
    asked = [
        Question(str(at), "ana", f"Where is the {THINGS[at % 6]}?", None, "place", (str(at % 6),))
        for at in range(size)
    ]
    return Data({"ana": texts}, asked, f"generated, {size} questions")


TASK = Task(
    name="rooms", about="Where things are.", licence="none", citation="this test", load=load,
    score=lambda outcome: ranked(ids(outcome.found), outcome.question.evidence, (1,)),
)


class Stopped(Bm25):
    """Ctrl-C at the third question."""

    name = "stopped"
    asked = 0

    def query(self, question, limit):
        self.asked += 1
        if self.asked == 3:
            raise KeyboardInterrupt
        return super().query(question, limit)


class Slow(Bm25):
    """Says when it was first asked, and takes its time."""

    name = "slow"

    def query(self, question, limit):
        Path("asked").touch()
        time.sleep(0.02)
        return super().query(question, limit)
'''
TASK = "python:my_bench:TASK"
STOPPED = "python:my_bench:Stopped"


@pytest.fixture
def bench(shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs `mnemic bench`, with a task and systems of one's own at hand."""
    (tmp_path / "my_bench.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "my_bench", raising=False)

    def run(*words: str, **more: str) -> Any:
        return shell("bench", *words, PYTHONPATH=str(tmp_path), **more)

    return run


def test_the_list_names_tasks_and_systems(bench: Any) -> None:
    told = bench("list", "--json").json
    assert {"bm25", "mnemic", "chromadb"} <= {each["name"] for each in told["systems"]}
    assert all(each["licence"] for each in told["tasks"])
    shown = bench().out
    for each in [*told["tasks"], *told["systems"]]:
        assert f"  {each['name']}" in shown
    for each in told["systems"]:
        assert each["ready"] or f"run: {each['remedy']}" in shown


def test_the_list_tells_all_of_one_task(bench: Any) -> None:
    shown = bench("list", "locomo").out
    for expected in ("locomo10.json", "CC BY-NC 4.0", "2402.17753", "unit", "60 texts"):
        assert expected in shown
    (told,) = bench("list", "locomo", "--json").json["tasks"]
    assert told["options"].keys() == {"unit", "only"}
    said = bench("list", "locomoo")
    assert said.code == 2 and "Did you mean 'locomo'?" in said.err


def test_a_run_is_shown_and_kept(bench: Any, tmp_path: Path) -> None:
    said = bench("run", TASK, "--system", "bm25", "--out", "report.json", "--revision", "abc")
    assert said.code == 0 and said.err == ""
    assert "rooms" in said.out and "recall@1" in said.out
    report = load_report(tmp_path / "report.json")
    assert report.figures["recall@1"].mean == 1 and report.total == 6
    assert report.environment.revision == "abc"


def test_json_has_the_figures_without_the_rows(bench: Any) -> None:
    (report,) = bench("run", TASK, "--system", "bm25", "--json").json["reports"]
    assert report["task"] == "rooms" and report["figures"]["recall@1"]["mean"] == 1
    assert "rows" not in report


def test_mnemic_is_the_usual_system(bench: Any) -> None:
    def name(*words: str, **more: str) -> Any:
        return bench("run", TASK, "--json", *words, **more).json["reports"][0]["system"]

    assert name().endswith(" static")
    assert name("--encoder", "none").endswith(" none")
    assert name("--encoder", "none", "--system", "mnemic:fake").endswith(" fake")
    assert name(MNEMIC_ENCODER="none").endswith(" static")  # a figure hangs on no environment


def test_options_limits_and_samples(bench: Any) -> None:
    words = ("run", TASK, "--system", "bm25", "--json", "--option", "size=12")
    (report,) = bench(*words).json["reports"]
    assert (report["total"], report["limit"]) == (12, 20)
    (report,) = bench(*words, "--questions", "3", "--limit", "2").json["reports"]
    assert (report["total"], report["limit"]) == (3, 2)
    assert any("sample" in note for note in report["notes"])


def test_several_systems_run_in_a_process_each_and_none_holds_the_others_up(
    bench: Any, tmp_path: Path
) -> None:
    systems = ("python:my_bench:Fast", "bm25", "chance:3", "bm25")  # the first is not there
    words = [word for system in systems for word in ("--system", system)]
    said = bench("run", TASK, *words, "--out", "reports", "--option", "size=5")
    assert said.code == 2 and "BM25" in said.out and "chance, seed 3" in said.out
    assert "kept in reports" in said.err
    written = sorted(path.name for path in (tmp_path / "reports").iterdir())
    assert written == ["python-my_bench-TASK-bm25.json", "python-my_bench-TASK-chance-3.json"]
    assert [each.total for each in map(load_report, (tmp_path / "reports").iterdir())] == [5, 5]


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("run", "locomoo"), 2, "Did you mean 'locomo'?"),
        (("run", "locomoo", "--system", "bm25", "--system", "chance"), 2, "Did you mean"),
        (("run", TASK, "--system", "bm52"), 2, "bm25"),
        (("run", TASK, "--system", "python:my_bench:Fast"), 2, "Fast"),
        (("run", TASK, "--option", "size"), 2, "name=value"),
        (("run", TASK, "--option", "colour=red"), 2, "There is size"),
        (("run", TASK, "--limit", "0"), 2, "--limit"),
        (("run", TASK, "--questions", "0"), 2, "--questions"),
        (("run", TASK, "--data", "/nowhere/x.json"), 5, "/nowhere/x.json"),
        (("run", TASK, "--system", "bm25", "--out", "my_bench.py/report.json"), 5, "cannot write"),
        (("compare", "nothing.json", "my_bench.py"), 2, "nothing.json"),
        (("report", "my_bench.py"), 2, "my_bench.py"),
        (("report",), 2, "FILE"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    bench: Any, words: tuple[str, ...], code: int, hint: str
) -> None:
    said = bench(*words)
    assert said.code == code and said.out == ""
    assert said.err.count("\n") == 1 and said.err.startswith("mnemic: ") and hint in said.err


def test_a_system_that_is_not_installed(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnemic.bench.adapters.libraries.find_spec", lambda name: None)
    said = bench("run", TASK, "--system", "bm25", "--system", "chromadb")
    assert said.code == 6 and "pip install chromadb" in said.err and said.out == ""


def test_ctrl_c_keeps_what_was_asked(bench: Any, tmp_path: Path) -> None:
    said = bench("run", TASK, "--system", STOPPED, "--out", "report.json")
    assert said.code == 130 and "2 of 6 questions" in said.err
    report = load_report(tmp_path / "report.json")
    assert report.interrupted and len(report.rows) == 2
    assert "rooms" in said.out


def test_ctrl_c_ends_all_systems(bench: Any, tmp_path: Path) -> None:
    said = bench("run", TASK, "--system", STOPPED, "--system", "bm25", "--out", "reports")
    assert said.code == 130 and "stopped" in said.out
    assert len([*(tmp_path / "reports").iterdir()]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_a_real_ctrl_c_reaches_both_processes(shell: Any, bench: Any, tmp_path: Path) -> None:
    words = ["run", TASK, "--option", "size=3000", "--out", "reports"]
    words += ["--system", "python:my_bench:Slow", "--system", "bm25"]
    environment = shell.environment | {"PYTHONPATH": str(tmp_path), "MNEMIC_DB": str(shell.db)}
    process = shell.start("bench", *words, env=environment, start_new_session=True)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (tmp_path / "asked").exists():
        time.sleep(0.01)
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130 and b"Traceback" not in err, err
    (kept,) = map(load_report, (tmp_path / "reports").iterdir())
    assert kept.interrupted and 0 < len(kept.rows) < 3000 and b"slow" in out


def test_reports_are_compared_and_shown(bench: Any, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for system in ("bm25", "chance"):
        assert bench("run", TASK, "--system", system, "--out", "reports").code == 0
    first, second = (str(path) for path in sorted((tmp_path / "reports").iterdir()))
    said = bench("compare", second, first)
    assert said.code == 0 and "recall@1" in said.out
    assert bench("compare", second, first, "--categories", "--by-conversation").code == 0
    differences = bench("compare", second, first, "--json").json["differences"]
    assert any(each["measure"] == "recall@1" and each["difference"] > 0 for each in differences)
    shown = bench("report", first, second, "--measure", "mrr", "--markdown").out
    assert "| mrr" in shown and "recall@1" not in shown and "chance" in shown
    assert "place" in bench("report", first, second, "--categories").out
    shown = bench("report", first, second, "--overview", "--measure", "mrr").out
    assert any(line.startswith("BM25") for line in shown.splitlines()) and "on disk" in shown
    said = bench("report", first, "--measure", "mmr")
    assert said.code == 2 and "no report has the measure 'mmr'. There is recall@1" in said.err
    assert len(bench("report", first, second, "--json").json["reports"]) == 2


def test_a_page(bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)  # test_html.py has the pictures
    bench("run", TASK, "--system", "bm25", "--out", "report.json")
    said = bench("report", "report.json", "--html", "page.html")
    assert said.code == 0 and "page.html" in said.err
    assert "rooms" in (tmp_path / "page.html").read_text("utf-8")
    said = bench("report", "report.json", "--html", "nowhere/page.html")
    assert said.code == 5 and "nowhere/page.html" in said.err


def test_the_bar_moves() -> None:
    seen = Console(force_terminal=True, width=80, quiet=True)
    invocation = Invocation()
    invocation.__dict__["notes"] = seen
    with benching._progress(invocation, "bm25") as progress:
        assert progress is not None
        for done in range(11):
            progress(done, 10)
    invocation.json = True
    with benching._progress(invocation, "bm25") as progress:
        assert progress is None
