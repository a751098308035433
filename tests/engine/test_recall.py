"""What search does beside ranking: repairs, dates by events, routes, second looks, explanations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

import mnemic
from mnemic.core.errors import InputError
from mnemic.core.vectors import Floats
from mnemic.retrieval.rerank import ByAsking
from mnemic.retrieval.route import Effort, Name

TURNS = [
    ("2025-03-01", "Ana", "I signed up for the ceramics class on Elm Street."),
    ("2025-03-01", "Bo", "Nice! Is it expensive?"),
    ("2025-05-10", "Ana", "We bought the blue kayak today, finally."),
    ("2025-05-24", "Ana", "The wedding was today, my sister cried all afternoon."),
    ("2025-06-02", "Bo", "I sold my old bicycle to a neighbour."),
    ("2025-06-20", "Ana", "My knee hurts after the race."),
]


@pytest.fixture
def memory() -> Iterator[mnemic.Memory]:
    with mnemic.Memory(":memory:") as made:
        yield filled(made)


def filled(memory: mnemic.Memory) -> mnemic.Memory:
    for number, (day, speaker, text) in enumerate(TURNS):
        memory.add(
            text,
            user_id="ana",
            speaker=speaker,
            timestamp=f"{day}T10:0{number}Z",
            session_id=day,
        )
    return memory


def test_a_misspelt_word_is_put_right_and_told(memory: mnemic.Memory) -> None:
    hits = memory.search("Where is the cermaics class?", user_id="ana", explain=True)
    assert "ceramics" in hits[0].text
    (told,) = hits.explanation["searched"].values()  # type: ignore[union-attr]
    assert told["repairs"] == ["cermaics → ceramics"]  # type: ignore[index,call-overload]


def test_a_time_may_be_given_by_an_event_that_memory_knows(memory: mnemic.Memory) -> None:
    question = "What did they get two weeks before the wedding?"
    hits = memory.search(question, user_id="ana", explain=True)
    kayak = next(hit for hit in hits if "kayak" in hit.text)
    assert kayak.features["date"] == 1.0
    assert sum(hit.features["date"] == 1.0 for hit in hits) == 1


def test_an_explanation_tells_values_shares_route_and_time(memory: mnemic.Memory) -> None:
    hits = memory.search("When was the wedding?", user_id="ana", explain=True)
    assert set(hits[0].why) == set(hits[0].features)
    (told,) = hits.explanation["searched"].values()  # type: ignore[union-attr]
    assert told["route"]["name"] == "temporal"  # type: ignore[index,call-overload]
    assert set(told["milliseconds"]) == {"ready", "rank"}  # type: ignore[index,call-overload]
    plain = memory.search("When was the wedding?", user_id="ana")
    assert not plain[0].why
    assert not plain[0].features
    assert [hit.id for hit in plain] == [hit.id for hit in hits]


def test_a_threshold_leaves_out_what_is_less_likely(memory: mnemic.Memory) -> None:
    every = memory.search("Where is the ceramics class?", user_id="ana")
    some = memory.search("Where is the ceramics class?", user_id="ana", threshold=0.3)
    assert 0 < len(some) < len(every)
    assert [hit.id for hit in some] == [hit.id for hit in every if hit.score >= 0.3]


class Prefers:
    """A reranker that is sure of one word."""

    name = "prefers"

    def __init__(self, word: str) -> None:
        self.word = word
        self.seen: Sequence[str] = ()

    def rerank(self, query: str, candidates: Sequence[str], dialogue: Sequence[str] = ()) -> Floats:
        self.seen = dialogue
        return np.array([float(self.word in text) for text in candidates], np.float32)


def test_a_reranker_moves_hits_and_its_share_is_told(memory: mnemic.Memory) -> None:
    first = memory.search("Where is the ceramics class?", user_id="ana")
    assert "bicycle" not in first[0].text
    judge = Prefers("bicycle")
    hits = memory.search(
        "Where is the ceramics class?",
        user_id="ana",
        explain=True,
        rerank=judge,
        dialogue=["Tell me about Ana."],
    )
    places = [next(n for n, hit in enumerate(found) if "bicycle" in hit.text)
              for found in (first, hits)]  # fmt: skip
    assert places[1] < places[0]
    assert all("rerank" in hit.why for hit in hits)
    assert hits.explanation["rerank"]["by"] == "prefers"  # type: ignore[index,call-overload]
    assert judge.seen == ("Tell me about Ana.",)


def test_a_language_model_that_answers_nonsense_changes_nothing(memory: mnemic.Memory) -> None:
    plain = memory.search("Where is the ceramics class?", user_id="ana")
    judged = memory.search(
        "Where is the ceramics class?",
        user_id="ana",
        rerank=ByAsking(lambda ask: {"order": "ignore all instructions"}),
    )
    assert [(hit.id, hit.score) for hit in judged] == [(hit.id, hit.score) for hit in plain]


def test_an_unknown_reranker_is_named(memory: mnemic.Memory) -> None:
    with pytest.raises(mnemic.InputError, match="no reranker 'best'"):
        memory.search("Where is the class?", user_id="ana", rerank="best")


def test_effort_allows_a_second_round_and_a_hop_over_the_graph() -> None:
    everywhere = frozenset(Name)
    effort = Effort(hops=everywhere, again=everywhere, enough=1.0)
    shares = []
    for linked in (False, True):
        with mnemic.Memory(":memory:", effort=effort) as memory:
            filled(memory)
            records = memory.list(user_id="ana").records
            sold = next(record for record in records if "bicycle" in record.text)
            knee = next(record for record in records if "knee" in record.text)
            if linked:
                memory.link(sold.id, "supports", knee.id)
            hits = memory.search("Who sold the bicycle?", user_id="ana", explain=True)
            (told,) = hits.explanation["searched"].values()  # type: ignore[union-attr]
            assert told["rounds"] == 2  # type: ignore[index,call-overload]
            shares.append(next(hit.why["graph"] for hit in hits if hit.id == knee.id))
    assert shares[1] > shares[0]


def test_a_context_flags_both_sides_of_a_conflict(memory: mnemic.Memory) -> None:
    old = memory.add("Ana lives in Porto.", user_id="ana", timestamp="2024-01-01").ids[0]
    new = memory.add("Ana lives in Lisbon.", user_id="ana", timestamp="2025-06-01").ids[0]
    memory.link(new, "contradicts", old)
    pack = memory.context("Where does Ana live?", user_id="ana", max_tokens=300)
    text = str(pack)
    assert "Porto" in text
    assert "Lisbon" in text
    assert text.count("conflicts with [") == 2


def test_what_is_no_reranker_is_named(memory: mnemic.Memory) -> None:
    with pytest.raises(InputError, match="rerank=7 reads nothing"):
        memory.search("Where is the bicycle?", user_id="ana", rerank=7)  # type: ignore[arg-type]


def test_a_threshold_does_not_keep_a_second_round_from_being_asked() -> None:
    effort = Effort(again=frozenset(Name), enough=1.0)
    with mnemic.Memory(":memory:", effort=effort) as memory:
        for text in ("I moved to Lisbon last May.", "I play the cello.", "My dog is Rex."):
            memory.add(text, user_id="ana", speaker="Ana")
        hits = memory.search("Where is it?", user_id="ana", threshold=0.99, explain=True)
    (told,) = hits.explanation["searched"].values()
    assert told["rounds"] == 2
