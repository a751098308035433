"""Screens: ids whole, lines within the width, empty answers told."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from mnemic.core.clock import Moment
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.queries import Hits, Pack
from mnemic.core.receipts import Applied, Certificate, Diagnosis, Duplicate, Page, Receipt
from mnemic.core.records import Origin, Partition, Record, Scope, Status
from mnemic.core.storage import Entry, Finding, LinkRow
from mnemic.engine.backups import Backup, Restored
from mnemic.engine.cubes.told import Conflict, Cube, Merged
from mnemic.engine.forgetting.residue import Residue
from mnemic.engine.history.diff import Altered, Diff, Superseded
from mnemic.engine.reembed import Reembedding
from mnemic.engine.trust.admission import Trial, Verdict
from mnemic.engine.trust.review import Held
from mnemic.evolution.govern import Decision, Policy, Rule
from mnemic.surface import screens

ID = RecordId("01M81XRE6HJVZQMA1BAEM1RE2Y")


def shown(value: object, width: int = 80) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, color_system=None)
    given = (value,) if type(value) in screens._LISTS.keys() - screens._SCREENS.keys() else value
    screens.show(console, given)
    return stream.getvalue()


def record(text: str = "I moved to Lisbon.", user: str = "ana") -> Record:
    scope = Scope(Partition("default", user), None, "s1")
    return Record(ID, text, "turn", scope, 0, 0, speaker="Ana", valid_from=Moment.parse("2025-06"))


BAD = "red \x1b[31m\x07 \u202e and on"
OTHER = replace(record(BAD, "bruno"), status=Status.HELD)
NEW: list[Any] = [
    Diff(
        0,
        9,
        added=(OTHER, record()),
        changed=(Altered(record(), OTHER, ("text", "speaker", "valid_from", "metadata")),),
        gone=(record(),),
        returned=(record(),),
        forgotten=(ID,),
        superseded=(Superseded(record(), replace(OTHER, id=RecordId("x"))),),
        linked=(LinkRow(ID, BAD, ID),),
        unlinked=(LinkRow(ID, "y", ID),),
    ),
    Held(OTHER, BAD, 0),
    Certificate(ID, "erased", 0, BAD, (ID,), (ID,), "in one scope", {ID: ID}, ("done",), (BAD,)),
    Residue(BAD, "text", BAD, 4),
    Backup(BAD, 1, 2, 3, 0),
    Restored(ID + BAD, 1, 2, replaced=False, aside=BAD, sure=False),
    Cube(BAD, 1, 2, conflicts=(Conflict(ID, ("text",), OTHER, record(), "here"),), outlived=(ID,)),
    Merged(BAD, 1, 2, (Conflict(ID, ("text", "kind"), record(), OTHER, "second"),)),
    Reembedding("minilm", ("fact",), 3),
    Trial(ID, "open", 0, f"{BAD} (trial {ID})", 3, None, (), (), ("h",), (), BAD),
    Verdict(ID, "open", {"recall@5": 1.0}, {"recall@5": 0.5, "freshness": None}, (BAD,),
            ("freshness",), lost=(ID,), blocked=BAD),
    Policy((Rule(Decision.HOLD, BAD, (Origin.WEB,), 0.5, ("fact",), 9, "\x1b", ("key",)),),
           {Origin.WEB: 0.1}, "mark"),
]  # fmt: skip


@pytest.mark.parametrize("value", [Hits(()), Page(()), ()])
def test_empty_answers_are_told(value: object) -> None:
    assert shown(value).strip() in ("nothing found", "nothing here")


def test_an_empty_pack_is_empty() -> None:
    assert shown(Pack("", (), 0, 100)) == ""


def test_users_are_told_only_where_there_are_several() -> None:
    assert "ana" not in shown(Page((record(),)))
    assert "bruno" in shown(Page((record(), record(user="bruno"))))


@pytest.mark.parametrize("width", [44, 80])
@pytest.mark.parametrize("value", NEW, ids=lambda value: type(value).__name__)
def test_nothing_steers_and_ids_are_whole(value: Any, width: int) -> None:
    seen = shown(value, width)
    assert seen.strip() and not any(sign in seen for sign in "\x1b\x07\u202e")
    if not isinstance(value, Residue | Backup | Reembedding | Policy):
        assert ID in seen
    if type(value) in screens._LISTS:
        assert shown((value,), width).strip()


def test_what_a_certificate_leaves_open_is_told() -> None:
    told = shown(Certificate(ID, "pending", 0, "gdpr", (ID,), unreached=("/x: run Memory.export",),
                             blocker="an open read"))  # fmt: skip
    assert "held up by   an open read" in told and "not reached  /x: run mnemic export" in told
    tried = shown(Certificate(ID, "dry run", 0, "gdpr", (ID,), method=("blanked",)))
    assert tried.startswith("dry run: 1 record") and "blanked" not in tried and ID not in tried
    many = {RecordId(f"a{n}"): RecordId(f"b{n}") for n in range(12)}
    told = shown(Certificate(ID, "erased", 0, "gdpr", (ID,), redrawn=many))
    assert "a0 → b0" in told and "a11" not in told and "and 2 more" in told


def test_a_diagnosis_says_what_to_type() -> None:
    finding = Finding("text index", "a row is missing", derived=True, count=3)
    told = shown(Diagnosis((finding,), {"records": 4}, notes=("doctor(repair=True) adds them",)))
    assert told.startswith("3 findings\n") and "mnemic doctor --repair makes it anew" in told
    assert "note  mnemic doctor --repair adds them" in told
    told = shown(Diagnosis((), {"records": 4}, repaired=2))
    assert told.startswith("healthy: 4 records, 2 repaired\n")


def test_empty_lists_are_told_by_name() -> None:
    stream = io.StringIO()
    for name in screens._EMPTY:
        screens.show(Console(file=stream), (), name)
    assert stream.getvalue().splitlines() == list(screens._EMPTY.values())


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_ids_are_whole_at_any_width(width: int) -> None:
    entry = Entry(7, ChangeId("01M81XRE6VZ3DZTEWT98NS4JR1"), 0, "cli", "put", ID, 1, "w" * 99)
    seen = shown((entry,), width) + shown(Page((record("word " * 50),)), width)
    assert seen.count(ID) == 2 and entry.id in seen
    assert all(len(line) <= max(width, 42) for line in seen.splitlines())


def test_receipts() -> None:
    change = Applied(ChangeId("01C"), "put", ID, "added")
    assert shown(Receipt((ID,), (), (change,))).split() == [
        "1",
        "written",
        "put",
        ID,
        "change",
        "01C",
    ]
    assert "there already, as" in shown(Receipt((), (Duplicate(0, ID, written=False),)))
    assert shown(Receipt()).strip() == "nothing to change"
    assert "not brought back" in shown(Receipt(refused=(0,)))
    retired = Applied(ChangeId("01C"), "retire", ID, "deleted")
    assert shown(Receipt(changes=(retired,))).startswith("1 change\n")
