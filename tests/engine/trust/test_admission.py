"""A canary that violates a threshold leaves the memory as it was; others' writes stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mnemic
from mnemic.core.errors import InputError, NotFound
from mnemic.core.records import Partition
from mnemic.core.storage import Listing
from mnemic.engine.history import undo
from mnemic.engine.parts import Parts
from mnemic.engine.trust import admission, review

FACTS = {
    "Where does Ana live?": "Ana lives in Lisbon near the river.",
    "What does Bob play?": "Bob plays the cello on Sundays.",
    "Who repairs the boat?": "Carla repairs the old boat.",
    "Which cake does Dan bake?": "Dan bakes a lemon cake.",
    "When does the choir meet?": "The choir meets on Thursday.",
}
PROBES: list[dict[str, Any]] = [
    {"query": question, "relevant": [text], "user_id": "ana"} for question, text in FACTS.items()
]


@pytest.fixture
def ids(memory: mnemic.Memory) -> list[str]:
    return [memory.add(text, user_id="ana").id for text in FACTS.values()]


def as_memory(parts: Parts) -> mnemic.Memory:
    """A memory around the parts of a trial."""
    made = object.__new__(mnemic.Memory)
    made._parts = parts
    return made


def picture(memory: mnemic.Memory) -> list[Any]:
    """All that can be seen: what is active, with its state, and what searches give."""
    store = memory._parts.store
    active = [
        replace(record, version=0, recorded_at=0, retired_at=None)
        for _, record in store.listing(Listing((Partition(user_id="ana"),)), 0, 1000)
    ]
    links = store.links([record.id for record in active])
    hits = [
        [
            (hit.id, round(hit.score, 5))
            for hit in memory.search(question, user_id="ana", now="2026-02-01")
        ]
        for question in FACTS
    ]
    return [active, links, hits]


def test_a_change_that_does_no_harm_stays_on_trial_until_it_is_accepted(
    memory: mnemic.Memory, ids: list[str]
) -> None:
    verdict = admission.admit(
        memory._parts,
        lambda parts: as_memory(parts).add("Eve paints in a barn.", user_id="ana"),
        [
            *PROBES,
            {"query": "Where does Eve paint?", "relevant": ["a barn"], "value": "barn",
             "user_id": "ana"},
        ],
    )  # fmt: skip
    assert (verdict.ok, verdict.state, len(verdict.changes)) == (True, "open", 1)
    assert verdict.before["edit success"] == 0 and verdict.after["edit success"] == 1
    assert verdict.unjudged == ("freshness", "conflict handled@5", "locality")
    (trial,) = admission.trials(memory._parts.store, open=True)
    assert trial.id == verdict.trial
    assert memory.log(limit=1)[0].actor == f"user (trial {trial.id})"
    assert admission.accept(memory._parts, trial.id).state == "accepted"
    assert admission.trials(memory._parts.store, open=True) == ()
    with pytest.raises(InputError, match="closed already"):
        admission.roll_back(memory._parts, trial.id)
    with pytest.raises(NotFound):
        admission.accept(memory._parts, "nobody")


def test_a_violated_threshold_takes_everything_back(memory: mnemic.Memory, ids: list[str]) -> None:
    was = picture(memory)

    def act(parts: Parts) -> None:
        mine = as_memory(parts)
        mine.delete(ids[0])
        mine.update(ids[1], text="Bob plays nothing.", weight=0.5)
        mine.supersede(ids[2], text="Nobody repairs boats.", valid_from="2026-01-20")
        mine.link(ids[3], "about", ids[4])

    verdict = admission.admit(memory._parts, act, PROBES)
    assert verdict.state == "rolled back"
    assert "recall@5 .6 < .85" in verdict.violations
    assert picture(memory) == was
    assert admission.trials(memory._parts.store, open=True) == ()
    whys = {entry.why for entry in memory.log(limit=len(verdict.undone))}
    assert whys == {f"rolled back: {'; '.join(verdict.violations)} (trial {verdict.trial})"}
    assert memory.doctor().ok


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["add", "delete", "update", "weigh", "supersede", "link", "hold"]),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=15)
@given(OPERATIONS)
def test_whatever_a_canary_did_is_undone(operations: list[tuple[str, int]]) -> None:
    with mnemic.Memory(":memory:", encoder=None) as memory:
        ids = [memory.add(text, user_id="ana").id for text in FACTS.values()]
        was = picture(memory)

        def act(parts: Parts) -> None:
            mine = as_memory(parts)
            for number, (name, place) in enumerate(operations):
                id, other = ids[place], ids[(place + 1) % 5]
                active = memory.get(id).status == "active"
                if name == "add":
                    mine.add(f"new {number}", user_id="ana", derived_from=[id])
                elif name == "update":
                    mine.update(id, text=f"said {number}", metadata={"n": number})
                elif name == "weigh":
                    mine.update(id, weight=number / 4)
                elif name == "link":
                    mine.link(id, "near", other, weight=number)
                elif name == "supersede" and active and memory.get(id).valid_to is None:
                    mine.supersede(id, text=f"now {number}")
                elif name == "delete":
                    (mine.delete if active else mine.restore)(id)
                elif name == "hold" and active:
                    review.hold(parts, [id])

        verdict = admission.admit(memory._parts, act, PROBES, [])
        admission.roll_back(memory._parts, verdict.trial)
        assert picture(memory) == was


def test_what_others_write_meanwhile_stays(
    memory: mnemic.Memory, ids: list[str], reopen: Callable[..., mnemic.Memory]
) -> None:
    theirs: list[str] = []

    def act(parts: Parts) -> None:
        mine = as_memory(parts)
        mine.delete(ids[0])
        with reopen() as other:
            theirs.append(other.add("Fay has a parrot.", user_id="ana").id)
            other.update(ids[3], text="Dan bakes a lemon cake, with poppy seeds.")
        mine.delete(ids[1])

    verdict = admission.admit(memory._parts, act, PROBES[:3])
    assert verdict.state == "rolled back" and len(verdict.undone) == 2
    assert memory.search("parrot", user_id="ana")[0].id == theirs[0]
    assert "poppy" in memory.get(ids[3]).text
    assert memory.get(ids[0]).status == memory.get(ids[1]).status == "active"


def test_a_later_change_on_top_is_named_and_the_trial_stays_open(
    memory: mnemic.Memory, ids: list[str], reopen: Callable[..., mnemic.Memory]
) -> None:
    def act(parts: Parts) -> None:
        as_memory(parts).update(ids[0], text="Ana sails.")
        as_memory(parts).delete(ids[1])
        with reopen() as other:
            other.update(ids[0], text="Ana sails every day.")

    verdict = admission.admit(memory._parts, act, PROBES)
    assert verdict.state == "open" and not verdict.ok
    assert verdict.blocked is not None and ids[0] in verdict.blocked
    assert memory.get(ids[0]).text == "Ana sails every day."
    assert memory.get(ids[1]).status == "retired"  # all of it, or nothing
    assert len(admission.trials(memory._parts.store, open=True)) == 1


def test_an_act_that_fails_is_taken_back(memory: mnemic.Memory, ids: list[str]) -> None:
    was = picture(memory)

    def act(parts: Parts) -> None:
        as_memory(parts).delete(ids[0])
        raise KeyError("the model did not answer")

    with pytest.raises(KeyError):
        admission.admit(memory._parts, act, PROBES)
    assert picture(memory) == was
    assert [trial.reason for trial in admission.trials(memory._parts.store)] == [
        "the change failed"
    ]


def test_an_act_whose_process_died_can_be_taken_back_by_another(
    memory: mnemic.Memory,
    ids: list[str],
    reopen: Callable[..., mnemic.Memory],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        pass

    was = picture(memory)

    def act(parts: Parts) -> None:
        as_memory(parts).delete(ids[0])
        raise Killed

    with monkeypatch.context() as death, pytest.raises(RuntimeError):
        death.setattr(undo, "undo", _dies)
        admission.admit(memory._parts, act, PROBES)
    with reopen() as other:
        (trial,) = admission.trials(other._parts.store, open=True)
        assert trial.state == "running"
        assert admission.monitor(other._parts, PROBES) == ()
        (verdict,) = admission.monitor(other._parts, PROBES, trial.id)
        assert verdict.state == "rolled back"
    assert picture(memory) == was


def _dies(*given: object, **named: object) -> None:
    raise RuntimeError("killed")


def test_monitoring_rolls_back_what_turns_out_badly(
    memory: mnemic.Memory, ids: list[str], reopen: Callable[..., mnemic.Memory]
) -> None:
    def act(parts: Parts) -> None:
        as_memory(parts).update(ids[0], weight=0.5)

    limits = {"recall@5": 0.5, "utility kept": None, "drawdown": None}
    verdict = admission.admit(memory._parts, act, PROBES, limits)
    assert verdict.state == "open"
    with reopen() as other:
        assert [one.state for one in admission.monitor(other._parts, PROBES)] == ["open"]
        with pytest.raises(InputError, match="probes"):
            admission.monitor(other._parts, PROBES[1:])
        for id in ids[1:4]:
            other.delete(id)
        (seen,) = admission.monitor(other._parts, reversed(PROBES))
        assert (seen.state, seen.violations) == ("rolled back", ("recall@5 .4 < .5",))
    assert memory.get(ids[0]).weight == 1.0
    assert memory.get(ids[1]).status == "retired"  # not the trial's doing


def test_what_was_forgotten_since_is_named(memory: mnemic.Memory, ids: list[str]) -> None:
    def act(parts: Parts) -> None:
        mine = as_memory(parts)
        gone = mine.add("Gus is secret.", user_id="ana").id
        mine.link(ids[1], "near", gone)
        mine.delete(ids[0])

    verdict = admission.admit(memory._parts, act, PROBES, [])
    (entry, *_) = (e for e in memory.log() if e.id == verdict.changes[0])
    memory.forget(entry.record)
    undone = admission.roll_back(memory._parts, verdict.trial)
    assert undone.lost == (entry.record,) and len(undone.undone) == 1
    assert memory.get(ids[0]).status == "active"


def test_a_change_that_changes_nothing_is_never_rolled_back(
    memory: mnemic.Memory, ids: list[str]
) -> None:
    probes = [{**probe, "unrelated": True} for probe in PROBES]
    verdicts = [admission.admit(memory._parts, lambda parts: None, probes) for _ in range(3)]
    assert [one.violations for one in verdicts] == [()] * 3


def test_conflicts_and_outdated_facts(memory: mnemic.Memory, ids: list[str]) -> None:
    probe = {"query": "Where does Ana live?", "relevant": ["Ana lives in Porto now"],
             "outdated": ["Lisbon"], "user_id": "ana"}  # fmt: skip

    def denies(parts: Parts) -> None:
        mine = as_memory(parts)
        new = mine.add("Ana lives in Porto now.", user_id="ana").id
        mine.link(new, "contradicts", ids[0])
        mine.update(new, weight=0.01)

    verdict = admission.admit(memory._parts, denies, [probe], {"edit success": None})
    assert (verdict.after["freshness"], verdict.after["conflict handled@5"]) == (0, 0)
    assert verdict.state == "rolled back"

    def replaces(parts: Parts) -> None:
        as_memory(parts).supersede(ids[0], text="Ana lives in Porto now.")

    verdict = admission.admit(memory._parts, replaces, [probe])
    assert verdict.after["freshness"] == 1 and verdict.state == "open"


def test_the_file_keeps_no_words_of_the_probes(
    memory: mnemic.Memory, ids: list[str], path: Path
) -> None:
    probe = {"query": "Zanzibar?", "relevant": ["Zanzibar"], "value": "Zanzibar", "user_id": "ana"}
    admission.admit(memory._parts, lambda parts: None, [probe], [])
    memory.close()
    assert all(b"anzibar" not in file.read_bytes() for file in path.parent.iterdir())


@pytest.mark.parametrize(
    "probes",
    [[], "Where?", [{"relevant": []}], [{"query": "x", "relevant": 3}], [{"query": "x", "ask": 1}]],
)
def test_unusable_probes_change_nothing(memory: mnemic.Memory, ids: list[str], probes: Any) -> None:
    with pytest.raises(InputError):
        admission.admit(memory._parts, lambda parts: as_memory(parts).delete(ids[0]), probes)
    assert memory.get(ids[0]).status == "active"
    assert admission.trials(memory._parts.store) == ()


def test_what_an_import_reports_belongs_to_the_trial(memory: mnemic.Memory, ids: list[str]) -> None:
    def act(parts: Parts) -> list[mnemic.Receipt]:
        return [memory.delete(ids[0]), memory.delete(ids[1])]  # not by the trial's handle

    verdict = admission.admit(memory._parts, act, PROBES)
    assert verdict.state == "rolled back" and len(verdict.undone) == 2


def test_what_a_cube_brought_belongs_to_the_trial(
    memory: mnemic.Memory, ids: list[str], tmp_path: Path
) -> None:
    with mnemic.Memory(":memory:") as other:
        other.add("brought along", user_id="bo")
        other.export(tmp_path / "bo.zip")
    probes = [{"query": "Where does Ana live?", "relevant": [ids[0]], "user_id": "ana"}]
    verdict = memory.trial(lambda m: m.load(tmp_path / "bo.zip"), probes, thresholds={})
    assert (verdict.state, len(verdict.changes)) == ("open", 1)
    memory.roll_back(verdict.trial)
    assert not memory.list(user_id="bo").records
    assert memory.trial(lambda m: m.stats(), probes, thresholds={}).changes == ()
