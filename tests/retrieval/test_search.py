"""The stages together: priors nudge, words decide, every share is accounted for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.core.cues import Cue
from mnemic.core.ports import QueryTokens, Row
from mnemic.core.queries import Query, Ranked
from mnemic.core.records import Partition
from mnemic.core.vectors import quantise, unit
from mnemic.index.exact import Passages
from mnemic.index.late import Tokens
from mnemic.index.shelf import Shelf
from mnemic.language.analyser import Analyser
from mnemic.retrieval.analyse import Analysis, analyse
from mnemic.retrieval.rank import probabilities, total
from mnemic.retrieval.search import Evidence, consider, recall
from mnemic.retrieval.shape import SHAPE
from mnemic.retrieval.weights import FEATURES, Ranker, shipped

DAY = 86_400_000_000


class Alike:
    """Tokens are like themselves and nothing else."""

    def similarity(self, ids: np.ndarray, others: np.ndarray) -> np.ndarray:
        return (ids[:, None] == others).astype(np.float32)

    def says(self, ids: np.ndarray) -> np.ndarray:
        return np.ones(len(ids), np.bool_)


NOW = Moment.parse("2025-07-01T12:00Z")
ANALYSER = Analyser()


def row(key: int, text: str, **given: object) -> Row:
    tokens = " ".join(ANALYSER.tokens(text))
    return Row(key, tokens, **{"kind": "turn", "session": None, "ordinal": key, **given})  # type: ignore[arg-type]


def read(shelf: Shelf, text: str, **given: object) -> tuple[Query, Analysis]:
    query = Query(text, (Partition(),), NOW, **given)  # type: ignore[arg-type]
    return query, analyse(query, shelf.columns.names["speaker"], ANALYSER)


def ask(
    shelf: Shelf,
    text: str,
    vector: np.ndarray | None = None,
    ranker: Ranker | None = None,
    **given: object,
) -> list[Ranked]:
    evidence = Evidence(shelf.columns, shelf.text, shelf.vectors, vector)
    usual = shipped().words if vector is None else shipped().dense
    return recall(*read(shelf, text, **given), evidence, ranker or usual)


def keys(shelf: Shelf, ranked: list[Ranked]) -> list[int]:
    return [int(shelf.columns.keys[one.row]) for one in ranked]


def order(rows: list[Row], text: str, **given: object) -> list[int]:
    shelf = Shelf(rows)
    return keys(shelf, ask(shelf, text, **given))


def test_priors_decide_between_equals() -> None:
    say = "the garden is lovely"
    may = Moment.parse("2025-05-10").micros
    assert order([row(1, say, speaker="Bob"), row(2, say, speaker="Ana")], "Bob's garden?")[0] == 1
    assert order([row(1, say, valid_from=may), row(2, say)], "garden in May")[0] == 1
    assert order([row(1, say, cues=int(Cue.TIME)), row(2, say)], "When was the garden?")[0] == 1
    assert order([row(1, say), row(2, say, cues=int(Cue.QUESTION))], "garden")[0] == 1
    assert order([row(1, say), row(2, say, origin="web")], "garden")[0] == 1
    assert order([row(1, say), row(2, say, weight=0.5)], "garden")[0] == 1
    assert order([row(1, say, weight=2.0), row(2, say)], "garden")[0] == 1
    assert order([row(1, say, role="user"), row(2, say, role="assistant")], "garden")[0] == 1


def test_a_prior_is_no_filter() -> None:
    rows = [row(n, "we talked about the weather", speaker="Ana") for n in range(40)]
    rows.append(row(99, "my pottery class begins", speaker="Bob"))
    assert order(rows, "What pottery class does Ana take?")[0] == 99


def test_a_weight_of_zero_is_never_shown_first() -> None:
    assert (
        order([row(1, "garden", weight=0.0), row(2, "the garden and much else")], "garden")[0] == 2
    )


def test_neighbours_of_the_words_are_found() -> None:
    talk = ["Which city did you choose?", "Lisbon, of course.", "And the rent?", "Too high."]
    rows = [row(n, text, session="s") for n, text in enumerate(talk)]
    rows += [row(n, f"unrelated {n}", session="t") for n in range(10, 30)]
    assert 1 in order(rows, "city choose")[:2]


def test_a_long_question_is_not_demoted() -> None:
    long = "garden " + "word " * 60
    asks = int(Cue.QUESTION)
    ranked = ask(Shelf([row(1, long, cues=asks), row(2, "garden", cues=asks)]), "garden")
    shares = {one.features["question"] for one in ranked}
    assert shares == {0.0, 1.0}


def test_dialogue_helps_a_pronoun() -> None:
    rows = [row(1, "he works at the bakery"), row(2, "Rita works at the museum")]
    assert order(rows, "Where does she work?", dialogue=("Rita called me.",))[0] == 2


def test_equal_scores_put_the_newer_record_first() -> None:
    rows = [row(key, "garden") for key in (3, 1, 2)]
    assert order(rows, "garden") == [3, 2, 1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["tea", "garden", "Lisbon", "?"]), max_size=5),
            st.sampled_from([None, "Ana", "Bob"]),
            st.sampled_from([None, "s", "t"]),
            st.floats(0, 4),
        ),
        max_size=12,
    ),
    st.sampled_from(["Where is Ana's garden?", "tea in May?", "", "???"]),
    st.booleans(),
    st.integers(1, 15),
)
def test_scores_are_the_odds_of_the_sums_and_fall(
    rows: list[tuple[list[str], str | None, str | None, float]], text: str, dense: bool, limit: int
) -> None:
    made = [
        row(key, " ".join(words), speaker=speaker, session=session, weight=weight)
        for key, (words, speaker, session, weight) in enumerate(rows)
    ]
    draws = np.random.default_rng(3).standard_normal((len(made) + 1, 6)).astype(np.float32)
    vectors = Passages(np.arange(len(made)), *quantise(unit(draws[1:]))) if dense else None
    shelf = Shelf(made, vectors)
    vector = draws[0] if dense else None
    ranker = shipped().dense if dense else shipped().words
    ranked = ask(shelf, text, vector, limit=limit)
    assert len(ranked) == min(limit, len(made))  # few rows: all of them are candidates
    assert len({one.row for one in ranked}) == len(ranked)
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    query, analysis = read(shelf, text, limit=limit)
    evidence = Evidence(shelf.columns, shelf.text, shelf.vectors, vector)
    candidates, values = consider(query, analysis, evidence)
    chance = probabilities(total(values, ranker, len(candidates)), ranker.odds)
    expected = dict(zip(candidates.tolist(), chance.tolist(), strict=True))
    for one in ranked:
        assert one.score == pytest.approx(expected[one.row], abs=1e-6)
        assert one.shares.keys() == one.features.keys()
        for name, value in one.features.items():
            assert one.shares[name] == pytest.approx(ranker.weights[name] * value, abs=1e-3)
    assert ask(shelf, text, vector, limit=limit) == ranked


def test_shares_add_up_to_the_log_odds() -> None:
    """Differences between rows are differences of their shares, in the unit of the odds."""
    shelf = Shelf([row(1, "garden party"), row(2, "garden"), row(3, "it rained")])
    ranked = ask(shelf, "garden party")
    logits = [np.log(one.score / (1 - one.score)) for one in ranked]
    sums = [sum(one.shares.values()) for one in ranked]
    scale = shipped().words.odds.sum
    for place in (1, 2):
        assert logits[0] - logits[place] == pytest.approx(scale * (sums[0] - sums[place]), abs=1e-3)
    assert sums == sorted(sums, reverse=True)


def test_a_threshold_cuts() -> None:
    shelf = Shelf([row(1, "garden"), row(2, "garden party and much else besides tea")])
    first, second = ask(shelf, "garden tea party")
    assert keys(shelf, ask(shelf, "garden tea party", threshold=first.score)) == [2]
    assert ask(shelf, "garden tea party", threshold=1.0) == []
    assert second.score < first.score


def test_vectors_find_what_words_do_not() -> None:
    shelf = Shelf(
        [row(1, "we bought a puppy"), row(2, "the rent went up"), row(3, "it rained")],
        Passages(np.array([1, 2, 3]), *quantise(np.eye(3, 4, dtype=np.float32))),
    )
    near = unit(np.array([[1, 0.2, 0, 0.4]], np.float32))[0]
    assert keys(shelf, ask(shelf, "dog", near))[0] == 1
    words = shipped().words
    assert ask(shelf, "dog", np.zeros(4, np.float32), words) == ask(shelf, "dog", None, words)


def test_a_record_that_shares_no_word_is_found_by_its_vector() -> None:
    shelf = Shelf(
        [row(1, "puppy")], Passages(np.array([1]), *quantise(np.ones((1, 2), np.float32)))
    )
    for vector in ([1, 1], [-1, -1]):
        assert keys(shelf, ask(shelf, "dog", np.array(vector, np.float32))) == [1]


def test_long_rows_trust_vectors_less() -> None:
    texts = ["puppy", "puppy " + "word " * 300, "it rained"]
    shelf = Shelf(
        [row(n, text) for n, text in enumerate(texts)],
        Passages(np.arange(3), *quantise(np.array([[1, 0], [1, 0], [0, 1]], np.float32))),
    )
    ranked = {one.row: one for one in ask(shelf, "dog", np.array([1, 0], np.float32))}
    assert ranked[0].features["dense"] > 8 * ranked[1].features["dense"] > 0


def test_an_empty_partition_has_no_answer() -> None:
    assert ask(Shelf(), "garden") == []
    assert ask(Shelf([], Passages.none(4)), "garden", np.ones(4, np.float32)) == []


def test_a_single_record_is_found() -> None:
    shelf = Shelf(
        [row(1, "garden")], Passages(np.array([1]), *quantise(np.ones((1, 2), np.float32)))
    )
    assert keys(shelf, ask(shelf, "my garden?", np.ones(2, np.float32))) == [1]


def test_every_feature_has_a_meaning_and_silent_weights_are_silent() -> None:
    query, plain = read(Shelf(), "garden")
    analysis = replace(
        plain,
        speakers=("Ana",),
        spans=((0, DAY),),
        wholes=(("garden", "gate"),),
        bridges=(("rose",),),
        asks_when=True,
        asks_number=True,
        asks_name=True,
        asks_latest=True,
        dialogue=("tea",),
    )
    shelf = Shelf(
        [row(1, "garden", speaker="Ana", role="user"), row(2, "tea rose", cues=int(Cue.LIST))],
        Passages(np.array([1, 2]), *quantise(np.eye(2, dtype=np.float32))),
        tokens=(Tokens(np.array([1, 2]), np.array([1, 1]), np.array([0, 1], np.uint16)), Alike()),
    )
    tokens = QueryTokens(np.array([0]), np.ones(1, np.float32))
    vector = np.array([1, 0], np.float32)
    evidence = Evidence(shelf.columns, shelf.text, shelf.vectors, vector, shelf.late, tokens)
    shape = replace(SHAPE, lists=1.0)
    _, values = consider(query, analysis, evidence, shape=shape)
    short = {name for name in FEATURES if not name.endswith("_long")}
    assert values.keys() == short - {"first"}
    first = replace(analysis, asks_latest=False, asks_first=True)
    _, values = consider(query, first, evidence, shape=shape)
    assert values.keys() == short - {"latest"}
    silent = Ranker(dict.fromkeys(FEATURES, 0.0))
    for one in recall(query, analysis, evidence, silent):
        assert not any(one.shares.values())
        assert one.score == 0.5


def test_a_feature_without_a_weight_counts_nothing() -> None:
    shelf = Shelf([row(1, "garden"), row(2, "the garden party")])
    only = Ranker({"turn": 1.0})
    for one in ask(shelf, "garden party", None, only):
        assert one.features.keys() == one.shares.keys() == {"turn"}


def test_without_tokens_of_the_question_nothing_is_compared() -> None:
    """As where the table knows none of its words, or is asked in another language."""
    tokens = Tokens(np.array([1]), np.array([1]), np.array([0], np.uint16))
    shelf = Shelf([row(1, "garden")], tokens=(tokens, Alike()))
    evidence = Evidence(shelf.columns, shelf.text, late=shelf.late)
    _, values = consider(*read(shelf, "garden"), evidence)
    assert not {"late", "late_window"} & values.keys()
