"""What is known about a candidate is the same in any company, and has the units that it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.core.cues import Cue
from mnemic.core.ports import NOBODY, QueryTokens, Row
from mnemic.core.queries import Query
from mnemic.core.records import Partition
from mnemic.core.vectors import Floats, quantise, unit
from mnemic.index.exact import Passages
from mnemic.index.late import Tokens
from mnemic.index.shelf import Shelf
from mnemic.language.analyser import Analyser
from mnemic.retrieval.analyse import Analysis, analyse
from mnemic.retrieval.candidates import Scores, score_all, visible
from mnemic.retrieval.features import features
from mnemic.retrieval.shape import SHAPE, Shape
from mnemic.retrieval.weights import FEATURES

DAY = 86_400_000_000
NOW = Moment.parse("2025-07-01T12:00Z")
ASKED = Query("tea lisbon", (Partition(),), NOW)
PLAIN = analyse(ASKED, [], Analyser())
EVERYTHING = replace(
    PLAIN,
    speakers=("Ana",),
    spans=((3 * DAY, 5 * DAY),),
    wholes=(("tea", "cup"),),
    bridges=(("flat", "rent"),),
    asks_when=True,
    asks_number=True,
    asks_name=True,
    asks_latest=True,
    dialogue=("milk",),
)
SIZE = 4
WORDS = ["tea", "lisbon", "milk", "flat", "cup"]
LONG = [f"{name}_long" for name in FEATURES if f"{name}_long" in FEATURES]


class Drawn:
    """Cosines between drawn vectors of twelve tokens."""

    rows = unit(np.random.default_rng(2).standard_normal((12, 4)).astype(np.float32))

    def similarity(self, ids: np.ndarray, others: np.ndarray) -> Floats:
        return self.rows[ids] @ self.rows[others].T

    def says(self, ids: np.ndarray) -> np.ndarray:
        return np.ones(len(ids), np.bool_)


TOKENS = QueryTokens(np.array([1, 5, 7]), np.array([0.5, 0.3, 0.2], np.float32))
VECTOR = unit(np.random.default_rng(8).standard_normal((1, SIZE)).astype(np.float32))[0]


def row(key: int, tokens: str = "tea", **given: object) -> Row:
    return Row(key, tokens, **{"kind": "turn", "session": "s", "ordinal": key, **given})  # type: ignore[arg-type]


def shelf_of(rows: list[Row], vectors: bool = True) -> Shelf:
    if not vectors:
        return Shelf(rows)
    keys = np.array([one.key for one in rows], np.int64)
    draws = np.random.default_rng(4).standard_normal((64, SIZE)).astype(np.float32)
    ids = np.array([number for key in keys for number in (key % 12, key % 7)], np.uint16)
    return Shelf(
        rows,
        Passages(keys, *quantise(unit(draws[keys % 64].reshape(-1, SIZE)))),
        tokens=(Tokens(keys, np.full(len(keys), 2), ids), Drawn()),
    )


def scored(shelf: Shelf, analysis: Analysis, shape: Shape = SHAPE) -> Scores:
    mask = visible(ASKED, shelf.columns)
    vector = None if shelf.vectors is None else VECTOR
    return score_all(analysis, shelf.columns, mask, shelf.text, shelf.vectors, vector, shape)


def known(
    shelf: Shelf, analysis: Analysis = PLAIN, rows: list[int] | None = None, shape: Shape = SHAPE
) -> dict[str, Floats]:
    chosen = np.arange(len(shelf.columns)) if rows is None else np.array(rows, np.int64)
    scores = scored(shelf, analysis, shape)
    return features(chosen, scores, analysis, shelf.columns, shelf.late, TOKENS, shape)


ROWS = st.lists(
    st.builds(
        lambda words, session, speaker, role, cues, when, weight: {
            "tokens": " ".join(words),
            "session": session,
            "speaker": speaker,
            "role": role,
            "cues": cues,
            "valid_from": when if when is None else when * DAY,
            "weight": weight,
        },
        st.lists(st.sampled_from(WORDS), max_size=40),
        st.sampled_from([None, "s", "t"]),
        st.sampled_from([None, "Ana", "Bob"]),
        st.sampled_from([None, "user", "assistant"]),
        st.integers(0, max(Cue) * 2 - 1),
        st.one_of(st.none(), st.integers(0, 9)),
        st.sampled_from([0.0, 0.5, 1.0, 2.0]),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.booleans(), st.sampled_from([PLAIN, EVERYTHING]), st.data())
def test_the_order_of_candidates_changes_nothing(
    made: list[dict[str, object]], vectors: bool, analysis: Analysis, data: st.DataObject
) -> None:
    shelf = shelf_of([row(key, **one) for key, one in enumerate(made)], vectors)
    order = data.draw(st.permutations(range(len(made))))
    straight, mixed = known(shelf, analysis), known(shelf, analysis, list(order))
    assert straight.keys() == mixed.keys() <= FEATURES.keys()
    for name, values in straight.items():
        assert values.shape == (len(made),), name
        assert values.dtype == np.float32, name
        assert np.isfinite(values).all(), name
        assert mixed[name] == pytest.approx(values[list(order)], abs=1e-5), name


@settings(max_examples=60, deadline=None)
@given(ROWS, st.booleans())
def test_values_have_their_units(made: list[dict[str, object]], vectors: bool) -> None:
    shelf = shelf_of([row(key, **one) for key, one in enumerate(made)], vectors)
    values = known(shelf, EVERYTHING)
    for name in ("turn", "window", "before", "after", "answers", "bridge", "whole", "dialogue"):
        for part in (name, f"{name}_long"):
            if part in values:
                assert values[part].min() >= 0, part
                assert values[part].max() <= 1 + 1e-5, part
    for name in ("speaker", "speaker_self", "when", "number", "name", "question", "untrusted"):
        assert set(values[name].tolist()) <= {0.0, 1.0}, name
    for name in ("date", "latest"):
        assert values[name].min() >= 0, name
        assert values[name].max() <= 1, name
    assert (values["speaker_self"] <= values["speaker"]).all()
    assert (values["answers"] <= values["before"] + 1e-6).all()
    assert (values["wide"] <= 2).all()
    assert values["weight"].min() >= -10
    if vectors:  # above the mean of the candidates, all of which are short
        for name in ("dense", "pooled", "late", "late_window"):
            whole = [part for part in (name, f"{name}_long") if part in values]
            assert sum(float(values[part].mean()) for part in whole) == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize("words", [10, 30, 50, 90, 149, 150, 400])
def test_a_partition_divides_each_signal_by_the_length_of_its_texts(words: int) -> None:
    """Short texts have no `_long`, long ones nothing else, and between them the two add up."""
    texts = ["tea " + "word " * (words - 1), "lisbon " + "flat " * (words - 1)]
    shelf = shelf_of([row(key, text.strip()) for key, text in enumerate(texts)])
    share = SHAPE.long(words)
    # Vectors and windows as if each text were short, so that both parts are the same signal.
    shape = replace(SHAPE, dense_words=1e9)
    values = known(shelf, EVERYTHING, shape=shape)
    parts = [name.removesuffix("_long") for name in LONG]
    for name in parts:
        assert (name in values) == (share < 1), name
        assert (f"{name}_long" in values) == (share > 0), name
        if 0 < share < 1:
            assert values[name] * share == pytest.approx(
                values[f"{name}_long"] * (1 - share), abs=1e-5
            ), name
    short = scored(shelf, EVERYTHING, shape).turn * (1 - share)
    assert values.get("turn", np.zeros(2)) == pytest.approx(short, abs=1e-5)
    assert {"turn", "dense", "late", "late_window", "bridge"} <= set(parts)


def test_of_a_long_row_the_short_signal_is_trusted_less_and_the_long_one_is_not() -> None:
    texts = ["tea", "tea" + " word" * 149, "milk", "milk", "flat" + " flat" * 149]
    shelf = shelf_of([row(key, text) for key, text in enumerate(texts)])
    share = SHAPE.long(303 / 5)
    assert 0 < share < 1
    values = known(shelf)
    trust = np.array([1, (100 / 150) ** 2, 1, 1, (100 / 150) ** 2])
    for name in ("dense", "pooled", "late", "late_window"):
        whole = values[f"{name}_long"] / share
        assert values[name] == pytest.approx((1 - share) * trust * whole, abs=1e-5)


def test_nobody_says_nothing() -> None:
    """The last row of a partition is not the neighbour of one that has none."""
    texts = ["milk", "milk", "milk", "tea lisbon"]
    rows = [row(n, text, session=None, cues=int(Cue.QUESTION)) for n, text in enumerate(texts)]
    values = known(shelf_of(rows))
    for name in ("before", "after", "wide", "answers"):
        assert not values[name].any(), name
    assert values["window"] == pytest.approx(values["turn"], abs=1e-6)
    assert values["late_window"] == pytest.approx(values["late"], abs=1e-6)


def test_what_stands_around_a_row() -> None:
    texts = ["milk", "tea", "milk", "milk", "lisbon", "milk"]
    cues = [0, Cue.QUESTION, 0, 0, 0, 0]
    shelf = shelf_of([row(n, text, cues=int(cues[n])) for n, text in enumerate(texts)])
    values, turn = known(shelf), scored(shelf, PLAIN).turn
    zero = 0.0
    tea, lisbon = float(turn[1]), float(turn[4])
    assert values["before"].tolist() == pytest.approx([zero, zero, tea, zero, zero, lisbon])
    assert values["after"].tolist() == pytest.approx([tea, zero, zero, lisbon, zero, zero])
    assert values["wide"].tolist() == pytest.approx([zero, zero, lisbon, tea, zero, zero])
    assert values["answers"].tolist() == pytest.approx([zero, zero, tea, zero, zero, zero])


def test_neighbours_speak_for_a_row_by_their_tokens() -> None:
    """A window holds the words of a question where no row alone does."""
    rows = [row(n, "tea") for n in range(3)]
    keys = np.arange(3)
    ids = np.array([1, 9, 2], np.uint16)
    shelf = Shelf(rows, tokens=(Tokens(keys, np.ones(3, np.int64), ids), Alike()))
    asked = QueryTokens(np.array([1, 2]), np.array([0.75, 0.25], np.float32))
    values = features(keys, scored(shelf, PLAIN), PLAIN, shelf.columns, shelf.late, asked)
    alone, around = np.array([0.75, 0, 0.25]), np.array([0.75, 1, 0.25])
    assert values["late"] == pytest.approx(alone - alone.mean())
    assert values["late_window"] == pytest.approx(around - around.mean())


class Alike:
    """Tokens are like themselves and nothing else."""

    def similarity(self, ids: np.ndarray, others: np.ndarray) -> Floats:
        return (ids[:, None] == others).astype(np.float32)

    def says(self, ids: np.ndarray) -> np.ndarray:
        return np.ones(len(ids), np.bool_)


def test_windows_of_long_rows_count_as_their_row() -> None:
    chapter = "milk" + " milk" * 180
    shelf = shelf_of([row(n, text + chapter) for n, text in enumerate(["tea ", "", ""])])
    scores, values = scored(shelf, PLAIN), known(shelf)
    trust = 180 / shelf.columns.words[:2].sum()
    expected = trust * scores.window[0] + (1 - trust) * scores.turn[0]
    assert values["window_long"][0] == pytest.approx(expected, rel=1e-4)
    assert values["before"][1] == pytest.approx(
        180 / shelf.columns.words.sum() * scores.turn[0], rel=1e-4
    )


def test_the_latest_is_one_and_the_undated_none() -> None:
    days = [5, None, 2, 9, 2]
    rows = [
        row(n, valid_from=day if day is None else day * DAY, session=None)
        for n, day in enumerate(days)
    ]
    latest = replace(PLAIN, asks_latest=True)
    first = replace(PLAIN, asks_first=True)
    shelf = shelf_of(rows, vectors=False)
    assert known(shelf, latest)["latest"].tolist() == [0.5, 0, 0, 1, 0]
    assert known(shelf, first)["first"].tolist() == [0.5, 0, 0, 1, 0]
    assert known(shelf, latest, [0, 4])["latest"].tolist() == [1, 0]
    assert known(shelf, latest, [0])["latest"].tolist() == [0]


def test_a_session_counts_its_best_three_and_no_row_that_it_lacks() -> None:
    texts = ["tea lisbon", "tea", "milk", "milk", "tea lisbon", "tea", "tea"]
    names = ["s", "s", "s", "s", "t", "t", None]
    rows = [row(n, text, session=names[n]) for n, text in enumerate(texts)]
    shelf = shelf_of(rows, vectors=False)
    values, scores = known(shelf), scored(shelf, PLAIN)
    found = SHAPE.turn * scores.turn + SHAPE.window * scores.window
    best = np.sort(found[:4])[::-1][:3].mean()
    expected = [best] * 4 + [found[4:6].mean()] * 2 + [found[6]]
    assert values["session"] == pytest.approx(expected, rel=1e-5)


def test_a_bare_list_of_words_is_one_only_among_sentences() -> None:
    def lists(cues: list[int]) -> list[float] | None:
        shelf = shelf_of([row(n, cues=cue) for n, cue in enumerate(cues)], vectors=False)
        values = known(shelf).get("list")
        return None if values is None else values.tolist()

    bare = int(Cue.LIST)
    count = int(1 / SHAPE.lists)
    assert lists([bare] + [0] * count) == [1.0] + [0.0] * count
    assert lists([bare] * 3) is None
    assert lists([0, 0]) is None


def test_no_candidates_have_no_values() -> None:
    shelf = shelf_of([row(1, "tea", speaker="Ana", role="user")])
    for values in known(shelf, EVERYTHING, []).values():
        assert values.shape == (0,)


def test_a_name_that_two_carry_says_not_who_speaks_of_themselves() -> None:
    rows = [row(1, speaker="Ana", cues=int(Cue.FIRST_PERSON)), row(2, speaker="Bob")]
    shelf = shelf_of(rows, vectors=False)
    one = known(shelf, replace(PLAIN, speakers=("Ana",)))
    both = known(shelf, replace(PLAIN, speakers=("Ana", "Bob")))
    assert one["speaker"].tolist() == one["speaker_self"].tolist() == [1, 0]
    assert both["speaker"].tolist() == [1, 1]
    assert "speaker_self" not in both
    assert NOBODY not in shelf.columns.speaker
