"""The same is shown once; what differs in a word that matters is not the same."""

from __future__ import annotations

import pytest

from mnemic.core.clock import Moment
from mnemic.core.ids import RecordId
from mnemic.core.queries import Hit
from mnemic.core.records import Record, Scope
from mnemic.retrieval.repeats import distinct


def hit(text: str, day: int = 1, speaker: str | None = "Ana") -> Hit:
    record = Record(
        id=RecordId(f"{day:03}{text}{speaker}"),
        text=text,
        kind="turn",
        scope=Scope(),
        ordinal=day,
        recorded_at=0,
        speaker=speaker,
        valid_from=Moment.parse(f"2025-06-{day:02}"),
    )
    return Hit(record, 0.5, {})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("I like  tea", "i LIKE tea!", True),
        (
            "We moved to the new flat in Lisbon with the cat and the two dogs of Ana.",
            "We moved to the new flat in Lisbon, with the cat and two dogs of Ana",
            True,
        ),
        ("We moved from Porto to Lisbon.", "We moved from Lisbon to Porto.", False),
        (
            "I ran 5 miles along the river with Bob, Carla, Dora and Emil before work today",
            "I ran 6 miles along the river with Bob, Carla, Dora and Emil before work today",
            False,
        ),
        ("I do like tea", "I do not like tea", False),
        ("I don't like tea", "I like tea", False),
        ("你喜欢茶吗", "你喜欢茶", False),
        ("😀", "😀", True),
        ("😀", "😢", False),
    ],
)
def test_what_is_the_same(one: str, other: str, same: bool) -> None:
    found = distinct([hit(one, 1), hit(other, 2)])
    assert [said.times for said in found] == ([2] if same else [1, 1])


def test_the_newest_takes_the_place_of_the_best() -> None:
    hits = [hit("I like tea", 2), hit("Other.", 1), hit("I like tea!", 5), hit("i like tea", 3)]
    found = distinct(hits)
    assert [(said.hit, said.times) for said in found] == [(hits[2], 3), (hits[1], 1)]


def test_other_speakers_and_empty_texts() -> None:
    hits = [hit("Tea."), hit("Tea.", speaker="Bob"), hit("  "), hit("")]
    assert [said.hit for said in distinct(hits)] == hits[:2]
    assert distinct([]) == []
