"""Systems and tasks by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mnemic.bench import systems as registry
from mnemic.bench.adapters.libraries import Library
from mnemic.bench.catalogue import task, tasks
from mnemic.bench.named import named
from mnemic.bench.sample import sample
from mnemic.bench.system import System
from mnemic.bench.systems import complete, system, systems
from mnemic.bench.task import Data
from mnemic.core.errors import InputError, MissingExtra
from mnemic.core.events import Event
from mnemic.sources.questions import Question


class Silent:
    """A system that finds nothing."""

    name = "silent"

    def insert(self, partition: str, events: object) -> None: ...

    def query(self, question: Question, limit: int) -> list[object]:
        return []

    def size(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("mnemic", "static"),
        ("mnemic:none", "none"),
        ("mnemic:fake", "fake"),
        ("vectors:fake", "fake"),
        ("bm25", "BM25"),
        ("full-context", "latest"),
        ("full-context:oldest", "oldest"),
        ("chance:7", "seed 7"),
    ],
)
def test_names(spec: str, name: str) -> None:
    made = system(spec)
    assert name in made.name
    made.close()


@pytest.mark.parametrize(
    ("spec", "remedy"),
    [
        ("mnemonic", "Use one of mnemic, bm25"),
        ("", "Use one of mnemic, bm25"),
        ("bm25:static", "takes nothing"),
        ("mnemic:", "takes encoder"),
        ("mnemic:word2vec", "Use one of static, minilm"),
        ("vectors:none", "Name an encoder"),
        ("chance:often", "whole number"),
        ("full-context:shuffled", "latest, oldest"),
        ("python:nowhere_at_all:Mine", "PYTHONPATH"),
        ("python:math:Mine", "no 'Mine'"),
        ("python:math", "module:name"),
    ],
)
def test_names_that_are_none(spec: str, remedy: str) -> None:
    with pytest.raises(InputError, match=remedy):
        system(spec)


def test_a_system_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_systems.py").write_text(
        "from mnemic.bench.adapters.bm25 import Bm25\nclass Mine(Bm25):\n    name = 'mine'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert system("python:my_systems:Mine").name == "mine"
    assert complete("python:my_systems:Mine", "minilm") == "python:my_systems:Mine"


def test_options_reach_the_encoder() -> None:
    asked: list[str] = []

    def options(encoder: str) -> dict[str, int]:
        asked.append(encoder)
        return {"size": 16}

    made = system("vectors:fake", options=options)
    made.insert("ana", [Event("tea", metadata={"turn": "1"})])
    assert asked == ["fake"] and len(made.query(Question("1", "ana", "tea", None, "any"), 5)) == 1


def test_the_list_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Library("nobody_has_this", "x", ("some-package",))
    chroma = replace(registry._SYSTEMS["chromadb"], library=absent)
    monkeypatch.setitem(registry._SYSTEMS, "chromadb", chroma)  # type: ignore[arg-type]
    listed = {each.name: each for each in systems()}
    assert listed["mnemic"].ready and listed["mnemic"].remedy is None
    assert not listed["chromadb"].ready
    assert listed["chromadb"].remedy == "pip install some-package"
    with pytest.raises(MissingExtra, match="pip install some-package, or make peers"):
        complete("chromadb", None)


def test_the_port_is_kept() -> None:
    """For the type checker: each of these is a `System`."""
    kept: list[System] = [system(spec) for spec in ("bm25", "chance", "full-context", "vectors")]
    assert all(each.size() is None for each in kept)


def test_every_task_can_be_had_by_its_name() -> None:
    assert tasks(), "no file of bench/tasks has a TASK"
    for each in tasks():
        assert task(each.name) is each
        assert each.about and each.licence and each.citation


def test_tasks_that_are_none() -> None:
    near = tasks()[0].name
    with pytest.raises(InputError, match=rf"Did you mean '{near}'\?"):
        task(near + "x")
    with pytest.raises(InputError, match="Use one of"):
        task("?")
    with pytest.raises(InputError, match="Task"):
        task("python:math:pi")


def test_a_task_of_ones_own() -> None:
    with pytest.raises(InputError, match="float"):
        task("python:math:tau")
    assert named("math:tau") > 6


def test_a_sample_is_even_and_says_so() -> None:
    asked = [Question(str(at), f"c{at // 5}", "?", None, "any") for at in range(20)]
    whole = Data({f"c{at}": [] for at in range(6)}, asked, "pinned", ["a note"])
    some = sample(whole, 4)
    assert [each.id for each in some.questions] == ["0", "5", "10", "15"]
    assert [*some.partitions] == ["c0", "c1", "c2", "c3"]
    assert some.revision != whole.revision and len(some.notes) == 2
    assert sample(whole, 20) is whole
    with pytest.raises(InputError, match="1 or more"):
        sample(whole, 0)
