"""Late interaction equals MaxSim written as loops, whatever was appended and removed before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.ports import QueryTokens, Row
from mnemic.core.vectors import Floats
from mnemic.index.columns import PartitionColumns
from mnemic.index.late import Late, Tokens
from mnemic.index.shelf import Shelf

VOCABULARY = 12
SILENT = 1
"""A token like "the": it has a vector, and is not compared."""


class Cosines:
    """Cosines between drawn vectors, some of them below 0; token 0 says nothing."""

    def __init__(self) -> None:
        draws = np.random.default_rng(11).standard_normal((VOCABULARY, 3))
        draws[0] = 0
        self.rows = draws / np.maximum(np.linalg.norm(draws, axis=1, keepdims=True), 1e-9)

    def similarity(self, ids: np.ndarray, others: np.ndarray) -> Floats:
        return (self.rows[ids] @ self.rows[others].T).astype(np.float32)

    def says(self, ids: np.ndarray) -> np.ndarray:
        return ids != SILENT


TABLE = Cosines()
IDS = st.integers(0, VOCABULARY - 1)
PASSAGES = st.lists(st.lists(IDS, max_size=5), max_size=3)
QUESTIONS = st.lists(st.tuples(IDS, st.integers(1, 9)), min_size=1, max_size=5)
Texts = dict[int, list[list[int]]]


def tokens(texts: Texts) -> Tokens:
    keys = [key for key, passages in texts.items() for _ in passages]
    every = [passage for passages in texts.values() for passage in passages]
    ids = np.array([one for passage in every for one in passage], np.uint16)
    return Tokens(np.array(keys, np.int64), np.array([len(one) for one in every], np.int64), ids)


def question(drawn: list[tuple[int, int]]) -> QueryTokens:
    shares = np.array([share for _, share in drawn], np.float32)
    return QueryTokens(np.array([one for one, _ in drawn]), shares / shares.sum())


def maxsim(passages: list[list[int]], query: QueryTokens) -> tuple[float, list[list[float]]]:
    """The best sum, and what each passage that reaches it has for each token."""
    near = [
        [
            max(0.0, max(float(TABLE.rows[one] @ TABLE.rows[asked]) for one in said))
            for asked in query.ids
        ]
        for passage in passages
        if (said := [one for one in passage if one != SILENT])
    ]
    if not near:
        return 0.0, [[0.0] * len(query.ids)]
    sums = [float(np.dot(one, query.shares)) for one in near]
    level = [one for one, total in zip(near, sums, strict=True) if total > max(sums) - 1e-5]
    return max(sums), level


def compare(late: Late, rows: list[int], texts: list[list[list[int]]], query: QueryTokens) -> None:
    found = late.best(np.array(rows, np.int64), query)
    assert found.shape == (len(rows), len(query.ids))
    assert found.dtype == np.float32
    for one, passages in zip(found, texts, strict=True):
        best, level = maxsim(passages, query)
        assert float(one @ query.shares) == pytest.approx(best, abs=1e-5)
        assert any(one.tolist() == pytest.approx(each, abs=1e-5) for each in level)


@settings(max_examples=80, deadline=None)
@given(st.lists(PASSAGES, max_size=8), QUESTIONS, st.data())
def test_a_row_is_as_near_as_its_best_passage(
    texts: list[list[list[int]]], drawn: list[tuple[int, int]], data: st.DataObject
) -> None:
    columns = PartitionColumns([Row(key, "", "turn", "s", key) for key in range(len(texts))])
    late = Late(columns, TABLE)
    late.extend(tokens(dict(enumerate(texts))))
    some = st.lists(st.sampled_from(range(len(texts))), max_size=12) if texts else st.just([])
    rows = data.draw(some)  # in any order, and more than once
    compare(late, rows, [texts[row] for row in rows], question(drawn))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.integers(0, 12), PASSAGES, max_size=8),
    st.dictionaries(st.integers(0, 12), PASSAGES, max_size=6),
    st.sets(st.integers(0, 12), max_size=4),
    st.booleans(),
    QUESTIONS,
    st.randoms(use_true_random=False),
)
def test_a_shelf_that_follows_holds_what_a_new_one_would(
    before: Texts,
    changed: Texts,
    gone: set[int],
    bare: bool,
    drawn: list[tuple[int, int]],
    chance: object,
) -> None:
    def rows(texts: Texts) -> list[Row]:
        return [Row(key, "tea", "turn", "s", key) for key in texts]

    shelf = Shelf(rows(before), tokens=(tokens(before), TABLE))
    if bare:  # a record without tokens, such as one whose vectors are still to come
        shelf.append(Row(99, "tea", "turn", "s", 99))
    given = list(changed.items())
    chance.shuffle(given)  # type: ignore[attr-defined]
    shelf.follow(rows(changed), gone, tokens=tokens(dict(given)))
    after = {key: said for key, said in before.items() if key not in gone} | changed
    after |= {99: []} if bare else {}
    living = np.flatnonzero(shelf.columns.alive).tolist()
    keys = [int(shelf.columns.keys[row]) for row in living]
    assert sorted(keys) == sorted(after)
    assert shelf.late is not None
    compare(shelf.late, living, [after[key] for key in keys], question(drawn))


def test_tokens_of_unknown_records_are_left() -> None:
    columns = PartitionColumns([Row(key, "", "turn", None, 0) for key in (7, 3)])
    late = Late(columns, TABLE)
    late.extend(tokens({1: [[4, 4]], 3: [[5]], 5: [[6]], 7: [[8]], 9: [[9]]}))
    compare(late, [0, 1], [[[8]], [[5]]], question([(5, 1), (8, 1)]))


def test_a_long_text_does_not_win_by_its_length() -> None:
    """Two passages that each hold one half of a question are worth one half of it."""
    columns = PartitionColumns([Row(key, "", "turn", None, 0) for key in (1, 2)])
    late = Late(columns, Alike())
    late.extend(tokens({1: [[1, 9, 9], [2, 9, 9]], 2: [[1, 2]]}))
    query = question([(1, 1), (2, 1)])
    assert (late.best(np.array([0, 1]), query) @ query.shares).tolist() == [0.5, 1.0]


class Alike:
    """Tokens are like themselves and nothing else."""

    def similarity(self, ids: np.ndarray, others: np.ndarray) -> Floats:
        return (ids[:, None] == others).astype(np.float32)

    def says(self, ids: np.ndarray) -> np.ndarray:
        return np.ones(len(ids), np.bool_)


def test_extending_twice_adds_nothing() -> None:
    columns = PartitionColumns([Row(1, "", "turn", None, 0)])
    late = Late(columns, TABLE)
    late.extend(tokens({1: [[3]]}))
    held = late.nbytes
    late.extend(tokens({1: [[3]]}))
    assert late.nbytes == held > 0
    compare(late, [0], [[[3]]], question([(3, 1)]))


def test_a_shelf_counts_their_bytes() -> None:
    rows = [Row(1, "tea", "turn", None, 0)]
    plain, late = Shelf(rows), Shelf(rows, tokens=(tokens({1: [[3] * 100]}), TABLE))
    assert plain.late is None
    assert late.nbytes >= plain.nbytes + 200
