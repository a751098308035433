"""Screens: ids whole, lines within the width, empty answers told."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from mnemic.core.clock import Moment
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.queries import Hits, Pack
from mnemic.core.receipts import Applied, Duplicate, Page, Receipt
from mnemic.core.records import Partition, Record, Scope
from mnemic.core.storage import Entry
from mnemic.surface import screens

ID = RecordId("01M81XRE6HJVZQMA1BAEM1RE2Y")


def shown(value: object, width: int = 80) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, color_system=None)
    screens.show(console, value)
    return stream.getvalue()


def record(text: str = "I moved to Lisbon.", user: str = "ana") -> Record:
    scope = Scope(Partition("default", user), None, "s1")
    return Record(ID, text, "turn", scope, 0, 0, speaker="Ana", valid_from=Moment.parse("2025-06"))


@pytest.mark.parametrize("value", [Hits(()), Page(()), ()])
def test_empty_answers_are_told(value: object) -> None:
    assert shown(value).strip() in ("nothing found", "nothing here")


def test_an_empty_pack_is_empty() -> None:
    assert shown(Pack("", (), 0, 100)) == ""


def test_users_are_told_only_where_there_are_several() -> None:
    assert "ana" not in shown(Page((record(),)))
    assert "bruno" in shown(Page((record(), record(user="bruno"))))


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
