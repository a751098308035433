"""`mnemic bench`: measure memory systems, compare them, and show it.

Several systems run in a process each, one after the other, so that the memory that one of them
took is not counted for the next. What was measured stands in report files; tables and pages are
made from these.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import click

from mnemic.core.errors import InputError, SourceError
from mnemic.surface.commands import common_options
from mnemic.surface.faults import Exit
from mnemic.surface.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Callable

    from mnemic.bench.result import Report
    from mnemic.bench.systems import SystemInfo
    from mnemic.bench.task import Task

_FILE: Final = click.Path(path_type=Path)
_CANNOT: Final = "cannot write"
_BESIDE: Final = 3
"""Systems that fit beside each other as columns; of more, each is a row."""
_TOLD: Final = (
    "name", "about", "data", "licence", "citation", "options", "pinned", "tuned", "limit",
    "answers",
)  # fmt: skip
"""What is said of a task."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What was asked for: one system on one task."""

    task: str
    system: str
    data: Path | None
    options: tuple[str, ...]
    limit: int | None
    questions: int | None
    seed: int
    revision: str | None

    def words(self, out: Path) -> list[str]:
        """The command line that does just this."""
        given: dict[str, Any] = {
            "--data": self.data,
            "--limit": self.limit,
            "--questions": self.questions,
            "--revision": self.revision,
        }
        words = ["bench", "run", self.task, "--system", self.system, "--out", str(out)]
        words += [f"--seed={self.seed}", *(f"--option={option}" for option in self.options)]
        return words + [f"{name}={value}" for name, value in given.items() if value is not None]


# -- list


@click.pass_context
def _bench(context: click.Context, /) -> int:
    return Exit.OK if context.invoked_subcommand else context.invoke(_list, task=None)


@click.pass_context
def _list(context: click.Context, /, task: str | None = None) -> int:
    from mnemic.bench.catalogue import task as find
    from mnemic.bench.catalogue import tasks
    from mnemic.bench.systems import systems

    invocation = _invocation(context)
    listed = tasks() if task is None else [find(task)]
    if invocation.json:
        shown = [{name: getattr(each, name) for name in _TOLD} for each in listed]
        invocation.print_json({"tasks": shown} | ({} if task else {"systems": systems()}))
    elif task is not None:
        _one(invocation, listed[0])
    else:
        _all(invocation, listed, systems())
    return Exit.OK


def _all(invocation: Invocation, tasks: Sequence[Task], systems: Sequence[SystemInfo]) -> None:
    """A line for each task and each system."""
    from mnemic.surface import pieces

    console = invocation.console
    pieces.title(console, "Tasks", "mnemic bench list TASK: its data, options and licence")
    pieces.grid(console, [(task.name, task.about) for task in tasks], indent=2)
    pieces.title(console, "Systems", "also python:module:name, for your own")
    lines = []
    for system in systems:
        takes = f"[:{system.takes}]" if system.takes else ""
        remedy = f"\nnot ready; run: {system.remedy}" if system.remedy else ""
        lines.append((system.name + takes, system.about + remedy))
    pieces.grid(console, lines, indent=2)
    console.print()
    pieces.paragraph(
        console, "mnemic bench run TASK --system SYSTEM --system SYSTEM --data PATH", indent=0
    )


def _one(invocation: Invocation, task: Task) -> None:
    """All that is to be known of a task before it is run."""
    from mnemic.surface import pieces

    console = invocation.console
    answers = "and answers, where a system gives any" if task.answers else ""
    pieces.title(console, task.name, task.about)
    rows = {
        "--data": task.data or "not needed",
        "licence": task.licence,
        "citation": task.citation,
        "asks for": f"{task.limit} texts for a question {answers}".strip(),
        "tuned": task.tuned or "nothing of mnemic was chosen or fitted on these data",
        "known files": ", ".join(f"{name} {hash[:12]}" for name, hash in task.pinned.items()),
    }
    pieces.grid(console, [(name, text) for name, text in rows.items() if text], indent=2)
    if task.options:
        pieces.title(console, "Options", "--option NAME=VALUE")
        pieces.grid(console, task.options.items(), indent=2)


# -- run


@click.pass_context
def _run(
    context: click.Context,
    /,
    task: str,
    system: tuple[str, ...],
    data: Path | None,
    option: tuple[str, ...],
    out: Path | None,
    **more: Any,
) -> int:
    from mnemic.bench.catalogue import task as find
    from mnemic.bench.systems import complete

    invocation = _invocation(context)
    find(task)  # what is misspelt is told once, and at once
    _options(option)
    specs = dict.fromkeys(complete(spec, invocation.encoder) for spec in system)
    runs = [_Run(task, spec, data, option, **more) for spec in specs]
    if len(runs) == 1:
        if out is not None:
            _folder(out.parent)  # before an hour's work, not after it
        report = _measure(invocation, runs[0])
        if out is not None:
            _save(report, _file(out, runs[0], several=False))
        _show(invocation, [report])
        return _ended(invocation, report)
    reports, code = _each(invocation, runs, out)
    if reports:
        _show(invocation, reports, overview=len(reports) > _BESIDE)
    if reports and out is not None:
        invocation.remark(f"kept in {out}: see mnemic bench report {out}/*.json --html page.html")
    return code


def _measure(invocation: Invocation, asked: _Run) -> Report:
    """One system on one task, in this process."""
    from mnemic.bench.catalogue import task
    from mnemic.bench.run import run
    from mnemic.bench.sample import sample
    from mnemic.bench.systems import system

    chosen = task(asked.task)
    options = _options(asked.options)
    with (
        _progress(invocation, asked.system) as progress,
        closing(system(asked.system, options=invocation.encoder_options)) as tested,
    ):
        data = chosen.load(asked.data, options)
        if asked.questions is not None:
            data = sample(data, asked.questions)
        return run(
            chosen,
            tested,
            data,
            limit=asked.limit,
            seed=asked.seed,
            revision=asked.revision,
            on_progress=progress,
        )


def _each(
    invocation: Invocation, runs: Sequence[_Run], out: Path | None
) -> tuple[list[Report], int]:
    """Each run in a process of its own; one that fails does not hold the others up."""
    from mnemic.bench.result import load_report

    reports, codes = [], []
    kept = None if out is None else _folder(out)
    with TemporaryDirectory(prefix="mnemic-bench-") as folder:
        for asked in runs:
            file = _file(Path(folder), asked, several=True)
            codes.append(_child(invocation, asked.words(file)))
            if file.exists():
                reports.append(load_report(file))
                if kept is not None:
                    _save(reports[-1], kept / file.name)
            if codes[-1] == Exit.INTERRUPTED:
                return reports, Exit.INTERRUPTED
    return reports, next((code for code in codes if code), Exit.OK)


def _child(invocation: Invocation, words: Sequence[str]) -> int:
    """Run a command line; its progress and errors are seen, its answer is not."""
    flags = [f"--{name}" for name in ("json", "debug") if getattr(invocation, name)]
    command = [sys.executable, "-m", "mnemic.surface.cli", *words, *flags]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        return process.wait()
    except KeyboardInterrupt:  # which it got as well: it saves what it has
        process.wait()
        return Exit.INTERRUPTED


def _ended(invocation: Invocation, report: Report) -> int:
    if not report.interrupted:
        return Exit.OK
    asked = f"{len(report.rows):,} of {report.total:,} questions"
    invocation.remark(f"stopped: the figures of {report.system} are those of {asked}")
    return Exit.INTERRUPTED


def _options(given: Sequence[str]) -> dict[str, str]:
    """`--option size=200` → {"size": "200"}."""
    options = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not name or not sign:
            raise InputError(f"--option {each!r} has no value. Write it as name=value")
        options[name] = value
    return options


@contextmanager
def _progress(invocation: Invocation, name: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr, if somebody watches."""
    if invocation.json or not invocation.notes.is_terminal:
        yield None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=invocation.notes, transient=True) as bar:
        shown = bar.add_task(name, total=None)

        def progress(done: int, total: int) -> None:
            bar.update(shown, completed=done, total=total)

        yield progress


def _save(report: Report, path: Path) -> None:
    try:
        report.save(path)
    except OSError as error:
        raise SourceError(f"{_CANNOT} {path} ({error.strerror}). Name another file") from error


def _folder(path: Path) -> Path:
    """The folder, made if it is not there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"{_CANNOT} into {path} ({error.strerror}). Name a folder") from error
    return path


def _file(out: Path, asked: _Run, *, several: bool) -> Path:
    """Where a report goes: into the file that was named, or under its own name into a folder."""
    if not several and not out.is_dir():
        return out
    name = re.sub(r"[^\w.]+", "-", f"{asked.task}-{asked.system}")
    return out / f"{name}.json"


# -- compare, report


@click.pass_context
def _compare(context: click.Context, /, first: Path, second: Path, seed: int, **how: bool) -> int:
    from mnemic.bench.report import compare, comparison_table
    from mnemic.bench.result import load_report

    invocation = _invocation(context)
    found = compare(load_report(first), load_report(second), seed=seed, **how)
    if invocation.json:
        invocation.print_json(found)
    else:
        _print(invocation, comparison_table(found))
    return Exit.OK


@click.pass_context
def _report(
    context: click.Context,
    /,
    files: tuple[Path, ...],
    measure: tuple[str, ...],
    html: Path | None,
    **how: bool,
) -> int:
    from mnemic.bench.result import load_report

    invocation = _invocation(context)
    reports = [load_report(file) for file in files]
    if html is not None:
        from mnemic.bench.html import page

        _write(html, page(reports))
    _show(invocation, reports, measure, **how)
    if html is not None and not invocation.json:
        invocation.remark(f"wrote {html}")
    return Exit.OK


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{_CANNOT} {path} ({error.strerror}). Name another file") from error


def _show(
    invocation: Invocation,
    reports: Sequence[Report],
    measures: Sequence[str] = (),
    *,
    markdown: bool = False,
    overview: bool = False,
    categories: bool = False,
) -> None:
    """The figures; as JSON without the rows, which stand in the report files."""
    if invocation.json:
        from mnemic.surface import wire

        plain: list[Mapping[str, Any]] = [wire.answer(replace(each, rows=())) for each in reports]
        shown = [{name: each[name] for name in each if name != "rows"} for each in plain]
        invocation.print_json({"reports": shown})
        return
    from mnemic.bench import report

    _known(reports, measures)
    if categories:
        for measure in measures or (None,):
            _print(invocation, report.category_table(reports, measure, markdown=markdown))
    if overview:
        _print(invocation, report.overview(reports, measures or None, markdown=markdown))
    if not (categories or overview):
        _print(invocation, report.table(reports, markdown=markdown, measures=measures or None))


def _known(reports: Sequence[Report], measures: Sequence[str]) -> None:
    """Refuse a measure that no report has."""
    there = dict.fromkeys(name for report in reports for name in (*report.figures, *report.summary))
    for measure in measures:
        if measure not in there:
            has = ", ".join(there) or "no figure"
            raise InputError(f"no report has the measure {measure!r}. There is {has}")


def _print(invocation: Invocation, text: str) -> None:
    from mnemic.surface import terminal

    invocation.console.print(terminal.visible(text.rstrip("\n")), soft_wrap=True)


def _invocation(context: click.Context) -> Invocation:
    invocation = context.find_object(Invocation)
    assert invocation is not None
    return invocation


def _seed() -> click.Option:
    return click.Option(
        ["--seed"],
        type=click.IntRange(min=0),
        default=0,
        metavar="NUMBER",
        help="Of the intervals' random draws; the usual is 0.",
    )


COMMAND: Final = click.Group(
    "bench",
    commands=[
        click.Command(
            "list",
            params=[click.Argument(["task"], required=False), *common_options()],
            callback=_list,
            help="Show the tasks and the systems, and what each lacks; of one task, its data, "
            "options and licence.",
            short_help="Show the tasks and the systems.",
        ),
        click.Command(
            "run",
            params=[
                click.Argument(["task"]),
                click.Option(
                    ["--system"],
                    multiple=True,
                    default=("mnemic",),
                    metavar="NAME",
                    help="What is measured, such as mnemic:static or bm25; the usual is mnemic. "
                    "Several run one after the other, in a process each",
                ),
                click.Option(
                    ["--data"],
                    type=_FILE,
                    help="The benchmark's file or folder, as its authors publish it.",
                ),
                click.Option(
                    ["--option"],
                    multiple=True,
                    metavar="NAME=VALUE",
                    help="An option of the task (see mnemic bench list TASK)",
                ),
                click.Option(
                    ["--out"],
                    type=_FILE,
                    help="Keep the report in this file; with several systems, a folder.",
                ),
                click.Option(
                    ["--limit"],
                    type=click.IntRange(min=1),
                    metavar="NUMBER",
                    help="How many texts are asked for; the usual is the task's own number.",
                ),
                click.Option(
                    ["--questions"],
                    type=click.IntRange(min=1),
                    metavar="NUMBER",
                    help="Ask only so many, drawn evenly from all, for a quick look.",
                ),
                _seed(),
                click.Option(
                    ["--revision"],
                    help="The commit or release under test, to be kept in the report.",
                ),
                *common_options(),
            ],
            callback=_run,
            help="Measure systems on a task: texts in, questions asked, what came back scored. "
            "Ctrl-C keeps what was asked until then.",
            short_help="Measure systems on a task.",
        ),
        click.Command(
            "compare",
            params=[
                click.Argument(["first"], type=_FILE),
                click.Argument(["second"], type=_FILE),
                click.Option(["--categories"], is_flag=True, help="Each category as well."),
                click.Option(
                    ["--by-conversation"],
                    is_flag=True,
                    help="Draw whole conversations instead of questions: intervals that speak of "
                    "other conversations. Wants ten of them or more.",
                ),
                _seed(),
                *common_options(),
            ],
            callback=_compare,
            help="Hold two reports of the same task and data against each other, question by "
            "question: differences with intervals and corrected p-values.",
            short_help="Hold two reports against each other.",
        ),
        click.Command(
            "report",
            params=[
                click.Argument(["files"], type=_FILE, nargs=-1, required=True, metavar="FILE..."),
                click.Option(
                    ["--measure"],
                    multiple=True,
                    metavar="NAME",
                    help="Show this measure only, such as recall@10",
                ),
                click.Option(
                    ["--overview"], is_flag=True, help="A row for each system: measures and cost."
                ),
                click.Option(
                    ["--categories"],
                    is_flag=True,
                    help="Category by category, for each --measure; else for the first to look at.",
                ),
                click.Option(
                    ["--html"], type=_FILE, help="Also write one page with tables and pictures."
                ),
                click.Option(["--markdown"], is_flag=True, help="Tables for a README."),
                *common_options(),
            ],
            callback=_report,
            help="Show reports side by side.",
        ),
    ],
    params=common_options(),
    callback=_bench,
    invoke_without_command=True,
    help="Measure memory systems on benchmarks, compare them, and show the figures.",
    short_help="Measure memory systems on benchmarks.",
)
