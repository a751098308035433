"""What several sources said is said again by those that remain, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.records import Media, Origin, Provenance, Record, Scope, Status
from mnemic.formation import redraw
from mnemic.formation.redraw import declare_redraw, redrawn, rule_for, said_again

NEW = RecordId("new")


def record(text: str, id: str = "r", **fields: Any) -> Record:
    given: dict[str, Any] = {"kind": "gist", "scope": Scope(), "ordinal": 3, "recorded_at": 5}
    given |= fields
    return Record(id=RecordId(id), text=text, **given)


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    before = dict(redraw._RULES)
    yield
    redraw._RULES.clear()
    redraw._RULES.update(before)


def test_only_sentences_that_a_source_says_stay() -> None:
    gist = record("Ana likes tea. Ana is ill!  Bo sails.\n- The door is red\n- It rained. So what?")
    sources = [record("ana  likes TEA. And cake."), record("The door is red."), record("Bo sails.")]
    assert said_again(gist, sources) == "Ana likes tea. Bo sails.\n- The door is red"


def test_a_part_of_a_sentence_is_not_the_sentence() -> None:
    gist = record("Ana is ill. 彼は医者だ。猫が好き。")
    denied = record("I do not believe that Ana is ill. 猫が好き。")
    assert said_again(gist, [denied]) == "猫が好き。"


def test_a_question_is_not_its_answer() -> None:
    assert said_again(record("Ana is ill."), [record("Ana is ill?")]) is None


def test_nothing_left_is_none() -> None:
    assert said_again(record("Ana is ill."), [record("Something else.")]) is None
    assert redrawn(record("Ana is ill."), [record("No.")], id=NEW, now=9) is None
    assert redrawn(record("Ana is ill."), [], id=NEW, now=9) is None


WORDS = st.text("ab .!?\n。", max_size=30)


@given(WORDS, st.lists(WORDS, max_size=3))
def test_no_word_comes_from_nowhere(text: str, others: list[str]) -> None:
    sources = [record(other) for other in others]
    again = said_again(record(text), sources)
    if again is not None:
        said = " ".join(others).casefold()
        assert all(word.strip(".。").casefold() in said for word in again.split())
        assert said_again(record(again), sources) == again, "once more changes nothing"


def test_fields_stay_only_if_a_source_has_them() -> None:
    may, june = Moment.parse("2025-05"), Moment.parse("2025-06")
    old = record(
        "Ana likes tea.",
        scope=Scope(agent_id="planner", session_id="s1"),
        speaker="Ana",
        role="user",
        valid_from=may,
        valid_to=june,
        weight=2.0,
        status=Status.RETIRED,
        retired_at=4,
        provenance=Provenance("chat", "m1", Origin.DERIVED, "gist:x", (RecordId("a"),)),
        metadata={"topic": "tea", "mood": "ill"},
        media=Media("image/png", "ab"),
    )
    source = record(
        "Ana likes tea.",
        "a",
        scope=Scope(session_id="s1"),
        valid_from=june,
        metadata={"topic": "tea"},
    )
    again = redrawn(old, [source], id=NEW, now=9)
    assert again is not None
    new, rule = again
    assert rule == "sentences"
    assert new == record(
        "Ana likes tea.",
        "new",
        recorded_at=9,
        scope=Scope(session_id="s1"),
        valid_from=june,
        weight=2.0,
        status=Status.RETIRED,
        retired_at=4,
        provenance=Provenance(None, None, Origin.DERIVED, "gist:x", (RecordId("a"),)),
        metadata={"topic": "tea"},
    )


def test_a_rule_of_ones_own() -> None:
    def longest(old: Record, sources: Sequence[Record]) -> str | None:
        return max((source.text for source in sources), key=len)

    declare_redraw("gist", longest)
    assert rule_for("gist") == ("gist", longest)
    assert rule_for("gist:medoid") == ("gist", longest)
    assert rule_for("fact")[0] == "sentences"
    old = record("All of it.", provenance=Provenance(formed_by="gist:medoid"))
    again = redrawn(old, [record("short"), record("the longest")], id=NEW, now=9)
    assert again is not None
    assert (again[0].text, again[1]) == ("the longest", "gist")
    declare_redraw("gist:medoid", lambda old, sources: " ")
    assert redrawn(old, [record("short")], id=NEW, now=9) is None


def test_what_is_no_rule_is_refused() -> None:
    with pytest.raises(InputError, match="formed_by"):
        declare_redraw(" ", said_again)
    with pytest.raises(InputError, match="a rule is a function"):
        declare_redraw("gist", "said_again")  # type: ignore[arg-type]
