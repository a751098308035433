"""Systems under test: what each finds on a few texts, and that conversations never mix.

Peers run where they are installed (`make peers`), and are passed over elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.adapters.bm25 import Bm25
from mnemic.bench.adapters.chance import Chance
from mnemic.bench.adapters.full_context import FullContext
from mnemic.bench.adapters.libraries import CHROMADB, LANGGRAPH, MEM0, TXTAI, Library
from mnemic.bench.adapters.mnemic_memory import MnemicMemory
from mnemic.bench.system import Answers, System
from mnemic.bench.systems import system
from mnemic.core.clock import Moment
from mnemic.core.errors import MissingExtra
from mnemic.core.events import Event
from mnemic.core.ports import Row
from mnemic.index.shelf import Shelf
from mnemic.language.words import words
from mnemic.sources.questions import Question

ANA = [
    ("Ana", "I moved to Lisbon last May."),
    ("Bruno", "The tea is cold again."),
    ("Ana", "Our dog is called Rex."),
    ("Bruno", "Rex ate my shoes."),
    ("Ana", "Our dog is called Rex."),  # people repeat themselves: each is a text of its own
]
OURS = ["mnemic:none", "mnemic:static", "bm25", "vectors", "full-context", "full-context:oldest",
        "chance"]  # fmt: skip
PEERS: dict[str, Library] = {
    "chromadb": CHROMADB, "langgraph": LANGGRAPH, "mem0": MEM0, "txtai": TXTAI,
    "txtai-hybrid": TXTAI,
}  # fmt: skip
NOISY = pytest.mark.filterwarnings("default")  # the libraries' own warnings are theirs


def events(said: list[tuple[str, str]], begun: int = 0) -> list[Event]:
    return [
        Event(
            text,
            speaker=speaker,
            session_id="s1",
            time=Moment.parse("2025-06-02T10:00Z"),
            source="test",
            external_id="the same for all",
            metadata={"turn": f"{speaker}:{begun + place}"},
        )
        for place, (speaker, text) in enumerate(said)
    ]


def question(text: str, conversation: str = "conv.1/ana", **more: Any) -> Question:
    return Question("q1", conversation, text, None, "any", **more)


def fed(tested: System) -> System:
    """In two parts, beside another conversation."""
    tested.insert("conv.1/ana", events(ANA[:3]))
    tested.insert("other", events([("Mei", "Where Ana moved is nobody's business.")]))
    tested.insert("conv.1/ana", events(ANA[3:], 3))
    return tested


@pytest.fixture(
    params=[
        *OURS,
        *(
            pytest.param(
                name,
                marks=[NOISY, pytest.mark.skipif(not library.here, reason="make peers")],
            )
            for name, library in PEERS.items()
        ),
    ]
)
def tested(request: pytest.FixtureRequest) -> Iterator[System]:
    made = fed(system(request.param))
    yield made
    made.close()


def test_every_text_is_found_once_and_none_of_others(tested: System) -> None:
    found = [each.id for each in tested.query(question("Where did Ana move, and Rex?"), 20)]
    everything = {f"{speaker}:{place}" for place, (speaker, _) in enumerate(ANA)}
    assert len(found) == len(set(found)) and set(found) <= everything
    if not tested.name.startswith(("BM25", "mnemic")):  # which give only what has to do with it
        assert set(found) == everything


def test_what_is_found_is_the_text_as_it_was_said(tested: System) -> None:
    for found in tested.query(question("Rex"), 20):
        speaker, place = found.id.split(":")
        assert ANA[int(place)] == (speaker, found.text)


def test_scores_fall(tested: System) -> None:
    scores = [each.score for each in tested.query(question("Where is our dog?"), 20)]
    assert scores == sorted(scores, reverse=True)


def test_the_answer_comes_first(tested: System) -> None:
    if tested.name.startswith(("full", "chance")):
        return
    assert tested.query(question("Where did Ana move to?"), 3)[0].id == "Ana:0"


def test_the_limit(tested: System) -> None:
    assert len(tested.query(question("Rex the dog"), 2)) == 2


def test_nobody_is_asked(tested: System) -> None:
    assert [*tested.query(question("Where?", "nobody"), 5)] == []


def test_a_conversation_without_texts(tested: System) -> None:
    tested.insert("silent", [])
    assert [*tested.query(question("Where?", "silent"), 5)] == []


def test_the_size(tested: System) -> None:
    size = tested.size()
    assert size is None or size > 1000


def test_a_folder_that_was_named_is_kept(tmp_path: Path) -> None:
    fed(made := MnemicMemory(folder=tmp_path / "kept")).close()
    assert (tmp_path / "kept" / "memory.db").stat().st_size > 1000
    assert made.name.startswith("mnemic ") and made.name.endswith(" static")


def test_mnemic_is_told_the_time_and_what_was_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    made = fed(MnemicMemory(None))
    asked: dict[str, Any] = {}

    def search(text: str, **more: Any) -> list[Any]:
        asked.update(more)
        return []

    monkeypatch.setattr(made._memory, "search", search)  # type: ignore[attr-defined]
    now = Moment.parse("2025-07-01")
    before = ["Ana is away.", "Since when?"]
    made.query(question("And where?", now=now, metadata={"dialogue": before}), 7)
    assert asked == {"user_id": "conv.1/ana", "limit": 7, "now": now, "dialogue": before}
    made.close()


def test_mnemic_answers_with_the_turns_that_it_rests_on() -> None:
    made = fed(MnemicMemory(None))
    assert isinstance(made, Answers) and not isinstance(Bm25(), Answers)
    said = made.answer(question("Where did Ana move to?"))
    assert (said.values, said.abstained) == (("Lisbon",), False)
    assert said.evidence[0] == "Ana:0" and said.confidence is not None
    nothing = made.answer(question("When did Olga win the regatta?"))
    assert (nothing.values, nothing.abstained) == ((), True)
    made.close()


def test_full_context_in_either_order() -> None:
    said = [f"{speaker}:{place}" for place, (speaker, _) in enumerate(ANA)]
    for oldest_first, order in ((True, said), (False, said[::-1])):
        found = fed(FullContext(oldest_first=oldest_first)).query(question("?"), 1000)
        assert [each.id for each in found] == order


def test_chance_is_the_same_again_and_another_with_another_seed() -> None:
    many = events([("Ana", f"note {number}") for number in range(50)])

    def drawn(seed: int, id: str = "q1") -> list[str]:
        chance = Chance(seed)
        chance.insert("ana", many)
        asked = Question(id, "ana", "?", None, "any")
        return [each.id for each in chance.query(asked, 50)]

    assert drawn(0) == drawn(0)
    assert len({tuple(drawn(0)), tuple(drawn(1)), tuple(drawn(0, "q2"))}) == 3


WORD = st.sampled_from(["lisbon", "tea", "rex", "dog", "the", "may"])
TEXTS = st.lists(st.lists(WORD, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=8)


@given(TEXTS, st.sets(WORD, min_size=1))
def test_the_floor_is_the_same_bm25_as_the_index_knows(texts: list[str], terms: set[str]) -> None:
    """Two programs, one formula."""
    floor = Bm25()
    floor.insert("ana", [Event(text, metadata={"turn": at}) for at, text in enumerate(texts)])
    found = floor.query(question(" ".join(terms), "ana"), len(texts))
    rows = [Row(at, " ".join(words(text)), "turn", None, at) for at, text in enumerate(texts)]
    scores = Shelf(rows).text.bm25([*terms], 1.2, 0.75)
    assert {int(each.id) for each in found} == set(np.flatnonzero(scores).tolist())
    for each in found:
        assert each.score == pytest.approx(float(scores[int(each.id)]), rel=1e-5)


def test_bm25_by_hand() -> None:
    """Two texts of three words; "lisbon" in one of them: ln(1 + 1.5 / 1.5) · 2.2 / 2.2 = ln 2."""
    floor = Bm25()
    floor.insert("ana", events([("Ana", "loves Lisbon"), ("Ana", "drinks tea")]))
    (found,) = floor.query(question("Lisbon?", "ana"), 5)
    assert (found.id, found.score) == ("Ana:0", pytest.approx(np.log(2)))


def test_texts_without_words() -> None:
    floor = Bm25()
    floor.insert("ana", [Event("...", metadata={"turn": "1"})])
    assert floor.query(question("dots", "ana"), 5) == []


@pytest.mark.parametrize("library", [Library("nobody_has_this", "x", ("x",)),
                                     Library("nobody.has.this", "x", ("x", "y"))])  # fmt: skip
def test_what_is_not_installed_says_how_it_would_be(library: Library) -> None:
    assert not library.here
    with pytest.raises(MissingExtra, match=rf"Run {library.command}, or make peers"):
        library.load()
