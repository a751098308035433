"""Laws of JSON answers: every value of the core becomes JSON, and a terminal is never steered."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.queries import Citation, Hit, Hits, Pack
from mnemic.core.receipts import Certificate, Diagnosis, Receipt, Step
from mnemic.core.records import Media, Partition, Provenance, Record, Scope
from mnemic.core.storage import Entry, Finding, LinkRow
from mnemic.engine.backups import Restored
from mnemic.engine.cubes.told import Conflict, Merged
from mnemic.engine.history.diff import Diff
from mnemic.engine.trust.admission import Trial, Verdict
from mnemic.engine.trust.review import Held
from mnemic.evolution.gauge import Seen
from mnemic.evolution.govern import STRICT, from_json
from mnemic.surface.wire import answer, dumps

AT = Moment.parse("2025-06-02T10:00:00Z").micros
RECORD = Record(
    id=RecordId("01A"),
    text="I moved to 東京.",
    kind="turn",
    scope=Scope(Partition("default", "ana"), None, "s1"),
    ordinal=3,
    recorded_at=AT,
    speaker="Ana",
    valid_from=Moment.parse("2025-06"),
    provenance=Provenance("chat", "17"),
    metadata={"turn": "D7:3"},
    media=Media("image/png", "0" * 64, data=b"\x89PNG"),
)
ENTRY = Entry(7, ChangeId("01C"), AT, "cli", "put", RECORD.id, 1, "added")


def test_a_record_lies_flat_with_times_to_read() -> None:
    made = answer(RECORD)
    assert made["user_id"] == "ana" and made["session_id"] == "s1" and made["agent_id"] is None
    assert made["valid_from"] == "2025-06" and made["recorded_at"] == "2025-06-02T10:00:00Z"
    assert made["provenance"]["external_id"] == "17"
    assert "data" not in made["media"]
    assert "scope" not in made


def test_nobodys_memory_has_no_user() -> None:
    assert answer(Record(RecordId("1"), "x", "turn", Scope(), 0, AT))["user_id"] is None


def test_every_answer_is_one_object() -> None:
    for value, name, keys in (
        (Hits((Hit(RECORD, 0.5, {"text": 0.2}),)), "", {"hits", "explanation"}),
        (Pack("[1] x", (Citation(1, RECORD.id, 0.5),), 3, 10), "", {"text", "tokens"}),
        (Receipt((RECORD.id,)), "", {"ids", "duplicates", "changes", "refused"}),
        (Diagnosis((Finding("log", "gap", derived=False),)), "", {"ok", "findings"}),
        (Certificate("1", "erased", AT, "requested", (RECORD.id,)), "", {"status", "at"}),
        ((Step(ENTRY, RECORD),), "steps", {"steps"}),
        ((), "entries", {"entries"}),
        (3, "done", {"done"}),
    ):
        made = answer(value, name)
        assert keys <= made.keys()
        assert json.loads(dumps(made)) == made


def test_what_is_told_of_changes_and_trust() -> None:
    diff = Diff(3, 7, added=(RECORD,), linked=(LinkRow(RECORD.id, "about", RecordId("2")),))
    made = answer(diff)
    assert made["added"][0]["user_id"] == "ana" and made["linked"][0]["relation"] == "about"
    held = answer((Held(RECORD, "orders", AT),), "held")["held"][0]
    assert held["at"] == "2025-06-02T10:00:00Z" and held["record"]["id"] == "01A"
    rules = answer(STRICT)
    assert rules["rules"][0]["decide"] == "hold" and from_json(rules) == STRICT
    trial = Trial("1", "open", AT, "cli", 3, None, (), (), ("h",), (Seen((RECORD.id,)),))
    assert answer(trial)["open"] is True and answer(trial)["before"][0]["hits"] == ["01A"]
    assert answer(Verdict("1", "rolled back", {}, {}, ("drawdown .5 > .02",)))["ok"] is False
    restored = Restored("m.db", 1, 2, replaced=True, made_at=AT)
    assert answer(restored)["made_at"] == "2025-06-02T10:00:00Z"
    conflict = Conflict(RECORD.id, ("text",), RECORD, RECORD, "first")
    assert answer(Merged("x", 1, 2, (conflict,)))["conflicts"][0]["kept"]["id"] == "01A"
    found = answer(Diagnosis((Finding("log", "gap", derived=True, count=3),), notes=("n",)))
    assert found["counts"] == {"log": 3} and "derived" in found["remedy"]
    certificate = Certificate(
        "1", "pending", AT, "r", (RECORD.id,), redrawn={RECORD.id: RecordId("2")}, blocker="x"
    )
    assert answer(certificate)["redrawn"] == {"01A": "2"}
    for value in (diff, trial, restored, certificate):
        assert json.loads(dumps(answer(value))) == answer(value)


def test_a_dry_run_says_so_first() -> None:
    assert list(answer(Receipt(), dry=True))[:1] == ["dry_run"]
    assert answer((1,), "x", dry=True) == {"dry_run": True, "x": [1]}


def test_a_hit_is_its_record_with_a_score() -> None:
    (hit,) = answer(Hits((Hit(RECORD, 0.5, {}),)))["hits"]
    assert hit["id"] == "01A" and hit["score"] == 0.5 and hit["text"] == RECORD.text


def test_instants_are_texts() -> None:
    (step,) = answer((Step(ENTRY, RECORD),), "steps")["steps"]
    assert step["change"]["at"] == "2025-06-02T10:00:00Z"


@given(st.text(), st.booleans())
def test_any_text_comes_back_and_steers_nothing(text: str, wide: bool) -> None:
    line = dumps({"text": text}, wide=wide)
    assert json.loads(line)["text"] == text
    assert not any(sign in line for sign in "\x1b\x07\x7f\x9b\x85\u202e\u2066\n")
    assert wide or line.isascii()
