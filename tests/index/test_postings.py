"""BM25 equals the specification, whatever was appended, merged and removed before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.ports import Row
from mnemic.index import naive, postings
from mnemic.index.columns import PartitionColumns
from mnemic.index.postings import Postings, Statistics

WORDS = ["tea", "move", "lisbon", "porto", "flat", "東京", "extraordinarily", "extraordinarilz"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), TEXTS, st.sampled_from([None, "a", "b"]), st.integers(0, 5)),
        st.tuples(st.just("remove"), st.integers(0, 40)),
        st.tuples(st.just("query")),
        st.tuples(st.just("merge")),
    ),
    max_size=30,
)
SHAPES = st.sampled_from([(0.4, 0.1), (1.2, 0.75), (0.0, 0.5), (2.0, 0.0), (0.9, 1.0)])


def expect(
    living: list[Row], terms: list[str], k1: float, b: float
) -> tuple[dict[int, float], dict[int, float]]:
    """Key → score alone and with neighbours, by the specification."""
    near = []
    for one in living:
        if one.session is None:
            near.append([])
            continue
        inside = sorted(
            (place for place, other in enumerate(living) if other.session == one.session),
            key=lambda place: (living[place].ordinal, living[place].key),
        )
        here = inside.index(living.index(one))
        near.append(inside[max(here - 1, 0) : here] + inside[here + 1 : here + 2])
    texts = [one.tokens for one in living]
    keys = [one.key for one in living]
    alone = naive.bm25(texts, terms, k1, b)
    windows = naive.bm25_window(texts, terms, near, k1, b)
    return dict(zip(keys, alone, strict=True)), dict(zip(keys, windows, strict=True))


def compare(
    columns: PartitionColumns,
    text: Postings,
    living: list[Row],
    terms: list[str],
    k1: float,
    b: float,
) -> None:
    alone, windows = expect(living, terms, k1, b)
    for scores, wanted in (
        (text.bm25(terms, k1, b), alone),
        (text.bm25_window(terms, k1, b), windows),
    ):
        assert scores.dtype == np.float32
        assert scores.shape == (len(columns),)
        places = {int(columns.keys[place]): place for place in np.flatnonzero(columns.alive)}
        for key, score in wanted.items():
            assert scores[places[key]] == pytest.approx(score, abs=1e-4)
        assert not scores[~columns.alive].any()
    asked = [*WORDS, "none", "tea"]
    held = [sum(word in one.tokens.split() for one in living) for word in asked]
    assert text.holding(asked).tolist() == held
    told, whole = in_groups(living, GROUPS)
    for scores, wanted in ((text.bridged(GROUPS), told), (text.whole(GROUPS), whole)):
        assert scores.dtype == np.float32
        assert scores[columns.alive].tolist() == pytest.approx(
            [wanted[int(key)] for key in columns.keys[columns.alive]], abs=1e-4
        )
        assert not scores[~columns.alive].any()


GROUPS = [["lisbon", "porto", "lisbon"], ["tea", "none"], ["東京"], [], ["none"], ["", "flat"]]


def in_groups(
    living: list[Row], groups: list[list[str]]
) -> tuple[dict[int, float], dict[int, float]]:
    """Key → the information of the groups with a member in it; how many have all of them in it."""
    words = {one.key: set(one.tokens.split()) for one in living}
    told = dict.fromkeys(words, 0.0)
    for group in groups:
        holds = [key for key, text in words.items() if text & set(group)]
        if len(holds) <= max(len(words) // 4, 1):
            told |= {key: told[key] + naive.idf(len(holds), len(words)) for key in holds}
    return told, {
        key: float(sum(bool(group) and text >= set(group) for group in groups))
        for key, text in words.items()
    }


@settings(max_examples=60, deadline=None)
@given(
    st.lists(TEXTS, max_size=6),
    STEPS,
    st.lists(st.sampled_from([*WORDS, "none"]), max_size=4),
    SHAPES,
)
def test_scores_are_those_of_a_fresh_build(
    loaded: list[str], steps: list[tuple[str, ...]], terms: list[str], shape: tuple[float, float]
) -> None:
    living = [Row(key, text, "turn", "a", key) for key, text in enumerate(loaded)]
    columns = PartitionColumns(living)
    text = Postings(columns, [one.tokens for one in living])
    for number, step in enumerate(steps, 100):
        match step:
            case ("add", words, session, ordinal):
                one = Row(number, words, "turn", session, int(ordinal))
                living.append(one)
                text.append(columns.append(one), words)
            case ("remove", place) if living:
                one = living.pop(int(place) % len(living))
                text.remove([columns.remove(one.key)])
            case ("merge",):
                text.bm25(terms, *shape)
                text._merge()
            case _:
                text.bm25(terms, *shape)
    compare(columns, text, living, terms, *shape)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=30), st.data())
def test_a_delta_that_outgrows_the_base_is_merged(texts: list[str], data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "_SMALL_DELTA", 3)
        living: list[Row] = []
        columns = PartitionColumns()
        text = Postings(columns)
        for key, words in enumerate(texts):
            living.append(Row(key, words, "turn", "a", key))
            text.append(columns.append(living[-1]), words)
            if data.draw(st.booleans()):
                text.bm25(["tea"], 0.4, 0.1)
        compare(columns, text, living, ["tea", "lisbon"], 0.4, 0.1)


def test_a_removed_partition_is_empty() -> None:
    columns = PartitionColumns([Row(1, "tea", "turn", "s", 0)])
    text = Postings(columns, ["tea"])
    text.remove([columns.remove(1)])
    assert text.bm25(["tea"], 0.4, 0.1).tolist() == [0.0]
    assert text.ceiling(["tea"], 0.4) == 0
    text.append(columns.append(Row(2, "tea tea", "turn", "s", 1)), "tea tea")
    compare(columns, text, [Row(2, "tea tea", "turn", "s", 1)], ["tea"], 0.4, 0.1)


def test_holding_counts_rows_token_by_token() -> None:
    columns = PartitionColumns(
        [Row(n, t, "turn", "s", n) for n, t in enumerate(["tea tea", "tea"])]
    )
    text = Postings(columns, ["tea tea", "tea"])
    assert text.holding(["tea", "", "tea porto", "tea"]).tolist() == [2, 0, 0, 2]
    assert text.holding([]).tolist() == []
    assert Postings(PartitionColumns()).holding(["tea"]).tolist() == [0]


def test_a_group_is_worth_a_term_that_stands_where_its_members_do() -> None:
    """One who sings and one who paints are both told by "hobby", each row once."""
    texts = ["sing paint sing", "paint", "tea", "tea", *["milk"] * 6]
    columns = PartitionColumns([Row(n, t, "turn", None, n) for n, t in enumerate(texts)])
    scores = Postings(columns, texts).bridged([["sing", "paint"], ["sing", "tea", "milk"]])
    assert scores.tolist() == pytest.approx([naive.idf(2, 10)] * 2 + [0] * 8)


def test_what_was_removed_does_not_make_a_group_rarer() -> None:
    """What more than a quarter of the rows hold says nothing; removed rows are none of them."""
    texts = ["sing", "paint", "tea", "tea", "milk", "milk", "milk", "milk"]
    columns = PartitionColumns([Row(n, t, "turn", None, n) for n, t in enumerate(texts)])
    text = Postings(columns, texts)
    assert text.bridged([["sing", "paint"]])[0] > 0
    text.remove([columns.remove(key) for key in (4, 5, 6, 7)])
    assert not text.bridged([["sing", "paint"]]).any()


def test_a_removed_row_of_the_delta_is_in_no_group() -> None:
    columns = PartitionColumns()
    text = Postings(columns)
    for key, words in enumerate(["sing", "paint", *["milk"] * 6]):
        text.append(columns.append(Row(key, words, "turn", None, key)), words)
    assert text.whole([["paint"]]).tolist() == [0, 1, *[0] * 6]  # and now it is in the delta
    text.remove([columns.remove(1)])
    assert not text.whole([["paint"]]).any()
    assert np.flatnonzero(text.bridged([["sing", "paint"]])).tolist() == [0]


def test_no_row_exceeds_the_ceiling() -> None:
    texts = ["tea " * 50, "tea lisbon", "porto"]
    columns = PartitionColumns([Row(n, t.strip(), "turn", "s", n) for n, t in enumerate(texts)])
    text = Postings(columns, [t.strip() for t in texts])
    terms = ["tea", "lisbon", "nowhere"]
    assert 0 < text.bm25_window(terms, 1.2, 0.75).max() < text.ceiling(terms, 1.2)


def test_a_term_that_nobody_holds_raises_the_ceiling_by_half() -> None:
    columns = PartitionColumns([Row(1, "tea", "turn", "s", 0), Row(2, "milk", "turn", "s", 1)])
    text = Postings(columns, ["tea", "milk"])
    assert text.ceiling(["nowhere", ""], 0.4) == 0
    more = text.ceiling(["tea", "nowhere"], 0.4) - text.ceiling(["tea"], 0.4)
    assert more == pytest.approx(1.4 * naive.idf(0, 2) / 2)


def test_statistics_of_the_whole_partition_score_a_part_of_it() -> None:
    texts = ["tea lisbon", "porto", "tea", "flat flat porto", "lisbon"]
    whole = naive.bm25(texts, ["tea", "lisbon"], 1.2, 0.75)
    held = {"tea": 2, "lisbon": 2}
    columns = PartitionColumns([Row(n, texts[n], "turn", None, 0) for n in (0, 4)])
    text = Postings(columns, [texts[0], texts[4]], Statistics(5, held, 8 / 5))
    scores = text.bm25(["tea", "lisbon"], 1.2, 0.75)
    assert scores.tolist() == pytest.approx([whole[0], whole[4]], abs=1e-5)


def test_a_text_of_a_million_words() -> None:
    words = "tea " * 70_000 + "lisbon"
    columns = PartitionColumns([Row(1, words, "turn", None, 0), Row(2, "tea", "turn", None, 0)])
    text = Postings(columns, [words, "tea"])
    alone = naive.bm25([words, "tea"], ["tea", "lisbon"], 1.2, 0.75)
    assert text.bm25(["tea", "lisbon"], 1.2, 0.75).tolist() == pytest.approx(alone, rel=1e-3)
