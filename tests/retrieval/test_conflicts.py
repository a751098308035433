"""Who denies whom: by links and by slots that overlap in time, both ways round."""

from __future__ import annotations

from dataclasses import replace

from mnemic.core.clock import Moment
from mnemic.core.ids import RecordId
from mnemic.core.records import Record, Scope
from mnemic.core.storage import LinkRow
from mnemic.retrieval.conflicts import conflicts


def record(name: str, begins: str, ends: str | None = None, slot: str | None = None) -> Record:
    return Record(
        id=RecordId(name),
        text=f"text {name}",
        kind="fact",
        scope=Scope(),
        ordinal=0,
        recorded_at=0,
        valid_from=Moment.parse(begins),
        valid_to=Moment.parse(ends) if ends else None,
        metadata={"slot": slot} if slot else {},
    )


A, B, C = record("a", "2024-01"), record("b", "2024-02"), record("c", "2024-03")


def test_links() -> None:
    links = [
        LinkRow(A.id, "contradicts", B.id),
        LinkRow(B.id, "mentions", C.id),
        LinkRow(C.id, "supersedes", RecordId("gone")),
        LinkRow(A.id, "supersedes", C.id, remove=True),
    ]
    assert conflicts([A, B, C], links) == {A.id: B.id, B.id: A.id}


def test_the_newest_of_several_counts() -> None:
    links = [LinkRow(C.id, "supersedes", A.id), LinkRow(B.id, "supersedes", A.id)]
    assert conflicts([A, B, C], links) == {A.id: C.id, B.id: A.id, C.id: A.id}


def test_slots_that_overlap() -> None:
    porto = record("p", "2024-01", slot="home")
    lisbon = record("l", "2024-05", slot="home")
    assert conflicts([lisbon, porto]) == {porto.id: lisbon.id, lisbon.id: porto.id}
    ended = replace(porto, valid_to=Moment.parse("2024-05"))
    assert conflicts([lisbon, ended]) == {}
    assert conflicts([lisbon, replace(porto, speaker="Bob")]) == {}
    assert conflicts([lisbon, replace(porto, text=lisbon.text.upper())]) == {}
    assert conflicts([]) == {}
