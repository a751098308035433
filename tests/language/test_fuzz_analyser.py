"""Questions and texts that are anything: only our errors come out of them, and none of them hangs.

`benchmarks/fuzz.py` does the same for minutes, led by what the code does with its input.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic import Memory
from mnemic.core.clock import Moment
from mnemic.core.errors import MnemicError
from mnemic.core.queries import Query
from mnemic.core.records import Partition
from mnemic.language.analyser import Analyser
from mnemic.language.dates import spans
from mnemic.language.entities import names
from mnemic.language.passages import passages
from mnemic.retrieval.analyse import analyse

NOW = Moment.parse("2026-11-22T20:00Z")
LONG = 3.0
"""Seconds of CPU that no text of 20,000 characters may take."""
ANALYSERS = [Analyser(language) for language in ("english", "german", "russian", "none")]

UNITS = (
    "a", "A ", "A. ", "Ab Cd ", "1/", "1-", "1,000 ", "of ", "the ", "last week ", "2 weeks ago ",
    "before ", "between ", "and 3 June ", "May ", "Monday ", "from 3 to ", "U.S. ", "Mr. ", "'",
    '"', "(", "[", "-", "_", "?", "!", "?'", ".", ". ", "\n", "\t", " ", "\u00e9", "e\u0301",
    "\u0301", "\u200d", "\u65e5", "3\u65e5", "\u5e74", "\u3002", "\u0130", "\u00df", "\ufb03",
    "\u01c5", "\U0001f469\u200d", "\u0432 ", "\ud800", "\x00", "*", "AND ", "NEAR(", "^", "col:",
    "twenty-",
)  # fmt: skip
"""What the expressions for words, names, dates and sentences look for, and what trips a store."""

texts = st.text(max_size=200) | st.lists(st.sampled_from(UNITS), max_size=40).map("".join)


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    with Memory(":memory:", encoder=None) as memory:
        memory.add("I moved to Lisbon last May.", user_id="ana", speaker="Ana")
        memory.add("Мы ездили в Порту 3 июня.", user_id="ana", speaker="Бен")
        yield memory


def read(text: str) -> None:
    """Everything that is done with the text of a question, but for the search."""
    for span in spans(text, NOW):
        assert span.start <= span.end
    names(text)
    query = Query(text=text, partitions=(Partition(user_id="ana"),), now=NOW, dialogue=(text,))
    for analyser in ANALYSERS:
        analyser.tokens(text)
        analyse(query, ("Ana", "Бен"), analyser)


@settings(deadline=None, max_examples=150)
@given(texts)
def test_any_text_can_be_read(text: str) -> None:
    read(text)
    for passage in passages(text):
        assert 0 <= passage.start <= passage.end <= len(text)


@settings(deadline=None, max_examples=60)
@given(texts)
def test_a_search_for_anything_finds_or_refuses(memory: Memory, text: str) -> None:
    try:
        assert len(memory.search(text, user_id="ana", now="2026-11-22T20:00Z", limit=2)) <= 2
    except MnemicError as error:
        assert len(str(error)) > 20


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.integers(5_000, 20_000))
def test_no_repetition_takes_long(first: str, then: str, length: int) -> None:
    unit = first + then
    text = (unit * (length // len(unit) + 1))[:length]
    begun = time.process_time()
    read(text)
    for _ in passages(text):
        pass
    assert time.process_time() - begun < LONG


@pytest.mark.parametrize("unit", ["?", "!", ".", "?'", "!?", "\u061f"])
def test_stops_without_end_are_cut_in_linear_time(unit: str) -> None:
    """Forty thousand question marks took twenty seconds to add."""
    begun = time.process_time()
    list(passages(unit * 100_000))
    assert time.process_time() - begun < LONG
