"""Conditions come before candidates, and pools draw the best of what is allowed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.clock import Moment
from mnemic.core.ports import Row
from mnemic.core.queries import Query
from mnemic.core.records import Partition
from mnemic.index.shelf import Shelf
from mnemic.language.analyser import Analyser
from mnemic.retrieval.analyse import Analysis, analyse
from mnemic.retrieval.candidates import best, draw, in_spans, score_all, visible
from mnemic.retrieval.shape import SHAPE, Shape

DAY = 86_400_000_000
NOW = Moment(100 * DAY)
QUERY = Query("tea", (Partition(),), NOW)
POOLS = replace(SHAPE, small=0)  # pools are drawn however few rows there are
ANALYSIS = analyse(QUERY, [], Analyser())


def row(key: int, tokens: str = "tea", **fields: object) -> Row:
    return Row(key, tokens, **{"kind": "turn", "session": "s", "ordinal": key, **fields})  # type: ignore[arg-type]


def seen(shelf: Shelf, query: Query, allowed: list[bool] | None = None) -> list[int]:
    mask = visible(query, shelf.columns, None if allowed is None else np.array(allowed))
    return shelf.columns.keys[mask].tolist()


def test_scope_and_kind_and_filters() -> None:
    shelf = Shelf(
        [
            row(1, agent="a", session="x"),
            row(2, agent="b", session="x"),
            row(3, session="y", kind="fact"),
            row(4, session=None),
        ]
    )
    assert seen(shelf, QUERY) == [1, 2, 3, 4]
    assert seen(shelf, replace(QUERY, agent_id="a")) == [1]
    assert seen(shelf, replace(QUERY, agent_id="nobody")) == []
    assert seen(shelf, replace(QUERY, session_id="x")) == [1, 2]
    assert seen(shelf, replace(QUERY, kinds=("fact", "rule"))) == [3]
    assert seen(shelf, replace(QUERY, kinds=())) == []
    assert seen(shelf, QUERY, [True, False, False, True]) == [1, 4]
    shelf.remove([4])
    assert seen(shelf, QUERY, [True, False, False, True]) == [1]


def test_what_ended_is_gone_and_comes_back_as_of_then() -> None:
    shelf = Shelf(
        [
            row(1, valid_from=10 * DAY, valid_to=50 * DAY),
            row(2, valid_from=50 * DAY),
            row(3),
            row(4, valid_from=200 * DAY),
        ]
    )
    assert seen(shelf, QUERY) == [2, 3, 4]
    assert seen(shelf, replace(QUERY, as_of=Moment(20 * DAY))) == [1, 3]
    assert seen(shelf, replace(QUERY, as_of=Moment(5 * DAY))) == [3]
    assert seen(shelf, replace(QUERY, as_of=Moment(50 * DAY))) == [2, 3]


def test_as_of_a_month_sees_the_whole_month() -> None:
    begun = Moment.parse("2025-05-20").micros
    shelf = Shelf([row(1, valid_from=begun)])
    assert seen(shelf, replace(QUERY, as_of=Moment.parse("2025-05"))) == [1]
    assert seen(shelf, replace(QUERY, as_of=Moment.parse("2025-05-19"))) == []


def draws(shelf: Shelf, analysis: Analysis, shape: Shape = POOLS) -> list[int]:
    mask = visible(QUERY, shelf.columns)
    scores = score_all(analysis, shelf.columns, mask, shelf.text, None, None, shape)
    return shelf.columns.keys[draw(scores, analysis, shelf.columns, mask, shape)].tolist()


def test_text_draws_rows_with_a_term_and_their_neighbours() -> None:
    texts = ["tea", "milk", "bread", "salt"]
    shelf = Shelf([row(key, text) for key, text in enumerate(texts)])
    assert draws(shelf, ANALYSIS) == [0, 1]
    assert draws(shelf, replace(ANALYSIS, terms=())) == []
    assert draws(shelf, replace(ANALYSIS, terms=(), dialogue=("salt",))) == [3]


def test_a_period_draws_rows_that_share_no_word() -> None:
    shelf = Shelf([row(key, "milk", valid_from=key * 20 * DAY) for key in range(5)])
    spans = ((19 * DAY, 21 * DAY),)
    assert draws(shelf, replace(ANALYSIS, spans=spans)) == [1, 2]


def test_an_instance_of_what_is_asked_draws_its_row() -> None:
    shelf = Shelf([row(key, text) for key, text in enumerate(["tea", "salt", "violin", "milk"])])
    asked = replace(ANALYSIS, bridges=(("violin", "piano"),))
    assert draws(shelf, asked) == [0, 1, 2]  # salt stands beside tea
    mask = visible(QUERY, shelf.columns)
    scores = score_all(asked, shelf.columns, mask, shelf.text, None, None, SHAPE)
    assert np.flatnonzero(scores.bridge).tolist() == [2]
    ceiling = shelf.text.ceiling(asked.terms, SHAPE.bm25(1)[0])
    assert scores.bridge[2] == pytest.approx(shelf.text.bridged(asked.bridges)[2] / ceiling)


def test_where_few_rows_are_to_be_seen_all_are_candidates() -> None:
    agents = ["a"] * 5 + ["b"] * 4
    shelf = Shelf([row(n, "milk", session=None, agent=agent) for n, agent in enumerate(agents)])
    assert draws(shelf, ANALYSIS, replace(SHAPE, small=9)) == list(range(9))
    assert draws(shelf, ANALYSIS, replace(SHAPE, small=8)) == []
    mine = replace(QUERY, agent_id="a")
    mask = visible(mine, shelf.columns)
    scores = score_all(ANALYSIS, shelf.columns, mask, shelf.text, None, None, SHAPE)
    few = replace(SHAPE, small=5)
    assert draw(scores, ANALYSIS, shelf.columns, mask, few).tolist() == [0, 1, 2, 3, 4]


def test_a_filter_never_starves_an_answer() -> None:
    shelf = Shelf([row(key, "tea tea" if key < 300 else "tea", session=None) for key in range(310)])
    allowed = np.arange(310) >= 300
    mask = visible(QUERY, shelf.columns, allowed)
    scores = score_all(ANALYSIS, shelf.columns, mask, shelf.text, None, None, SHAPE)
    assert draw(scores, ANALYSIS, shelf.columns, mask, SHAPE).tolist() == list(range(300, 310))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([0.0, 1.0, 2.0]), max_size=30), st.integers(1, 8), st.data())
def test_the_best_are_the_best_and_ties_go_to_the_newest(
    scores: list[float], limit: int, data: st.DataObject
) -> None:
    keys = np.array(data.draw(st.permutations(range(len(scores)))), np.int64)
    among = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores))), bool
    )
    found = best(np.array(scores, np.float32), among, limit, keys)
    rows = sorted(np.flatnonzero(among), key=lambda place: (-scores[place], -keys[place]))
    assert set(found.tolist()) == {int(place) for place in rows[:limit]}


def test_a_large_limit_draws_as_many() -> None:
    shelf = Shelf([row(key, session=None) for key in range(300)])
    mask = visible(QUERY, shelf.columns)
    scores = score_all(ANALYSIS, shelf.columns, mask, shelf.text, None, None, SHAPE)
    for limit, drawn in ((10, 100), (250, 250), (1000, 300)):
        assert len(draw(scores, ANALYSIS, shelf.columns, mask, SHAPE, limit)) == drawn


def test_periods_fade_for_a_while() -> None:
    times = np.array([9, 10, 19, 20, 54, 55, 56]) * DAY
    near = in_spans(times, ((10 * DAY, 20 * DAY),), SHAPE)
    assert near.tolist() == [0, 1, 1, 0.5, 0.5, 0, 0]
    assert in_spans(np.array([np.iinfo(np.int64).min]), ((0, DAY),), SHAPE).tolist() == [0]


def test_shares_of_the_question_do_not_grow_with_the_partition() -> None:
    shares = []
    for rows in (10, 1000):
        shelf = Shelf(
            [row(0, "tea cup", session=None)]
            + [row(n, "milk cup", session=None) for n in range(1, rows)]
        )
        mask = visible(QUERY, shelf.columns)
        scores = score_all(ANALYSIS, shelf.columns, mask, shelf.text, None, None, SHAPE)
        shares.append(float(scores.turn[0]))
    assert shares[0] == pytest.approx(shares[1], abs=1e-3)
    assert 0.5 < shares[0] <= 1
