"""`Memory.answer`: every record that could count is looked through, and the scope holds."""

from __future__ import annotations

import asyncio

import pytest

import mnemic
from mnemic import AsyncMemory, Memory

PLACES = ("Vesper Hall", "Fort Addison", "Ashgrove Gardens", "Kessler Observatory")


def chapter(number: int) -> str:
    """A chapter of 130 words; every third is about Tobias."""
    who = "Tobias Vance" if number % 3 == 0 else "Celeste Moreau"
    filler = "The light changed over the water while people talked of other things. " * 10
    return f"At {PLACES[number % 4]}, {who} waited. {filler}It was May {number + 1}, 2031. {filler}"


def test_lists_hold_more_than_a_search_shows(memory: Memory) -> None:
    memory.add([{"content": chapter(number)} for number in range(30)], user_id="book")
    made = memory.answer("At which dates was Tobias Vance seen?", user_id="book")
    assert set(made.values) == {f"May {day}, 2031" for day in range(1, 31, 3)}
    assert len(made.evidence) == 10 and not made.abstained
    last = memory.answer("Where was Tobias Vance last seen?", user_id="book")
    assert last.values == (PLACES[27 % 4],)


def test_an_answer_stays_within_its_scope(memory: Memory) -> None:
    memory.add("I moved to Lisbon.", user_id="ana", speaker="Ana")
    memory.add("I like tea.", user_id="bob", speaker="Bob")
    assert memory.answer("Where does Ana live?", user_id="ana", threshold=0).values == ("Lisbon",)
    made = memory.answer("Where does Ana live?", user_id="bob")
    assert made.abstained and made.rule == "nothing names Ana"


def test_relative_times_are_taken_from_when_it_was_said(memory: Memory) -> None:
    memory.add("I ran a race yesterday.", user_id="ana", speaker="Ana", timestamp="2025-06-02")
    made = memory.answer("When did Ana run a race?", user_id="ana", now="2026-01-01", threshold=0)
    assert made.values == ("1 June 2025",)


def test_a_threshold_withholds(memory: Memory) -> None:
    memory.add("I moved to Lisbon.", user_id="ana", speaker="Ana")
    made = memory.answer("Where does Ana live?", user_id="ana", threshold=0.999)
    assert made.abstained and made.evidence and made.values == ()


def test_what_was_forgotten_is_no_answer(memory: Memory) -> None:
    id = memory.add("I moved to Lisbon.", user_id="ana", speaker="Ana").id
    memory.add("The tea is good.", user_id="ana", speaker="Ana")
    assert memory.answer("Where does Ana live?", user_id="ana", threshold=0).values == ("Lisbon",)
    memory.forget(id)
    made = memory.answer("Where does Ana live?", user_id="ana", threshold=0)
    assert "Lisbon" not in made.text


def test_an_empty_question_is_an_error(memory: Memory) -> None:
    with pytest.raises(mnemic.InputError):
        memory.answer(" ", user_id="ana")


def test_it_can_be_awaited() -> None:
    async def main() -> mnemic.Answer:
        async with AsyncMemory(":memory:") as memory:
            await memory.add("I moved to Lisbon.", user_id="ana", speaker="Ana")
            return await memory.answer("Where does Ana live?", user_id="ana", threshold=0)

    assert asyncio.run(main()).values == ("Lisbon",)


def test_a_text_that_asks_nothing_is_not_answered() -> None:
    with mnemic.Memory(":memory:") as memory:
        memory.add("Ana lives in Lisbon.", user_id="ana")
        for text in ("?", "Ana?", "the of and"):
            answer = memory.answer(text, user_id="ana")
            assert answer.abstained, text
            assert not answer.values
        assert memory.answer("Where does Ana live?", user_id="ana").values == ("Lisbon",)
