"""Neighbours and places hold under every order of appends and removals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.ports import Row
from mnemic.index.columns import PartitionColumns, count_words

SESSIONS = st.sampled_from([None, "a", "b"])


def row(key: int, session: str | None = "s", ordinal: int = 0, tokens: str = "tea") -> Row:
    return Row(key, tokens, "turn", session, ordinal)


def neighbours(columns: PartitionColumns) -> dict[int, tuple[int | None, int | None]]:
    def key(place: int) -> int | None:
        return None if place < 0 else int(columns.keys[place])

    return {
        int(columns.keys[place]): (
            key(int(columns.previous[place])),
            key(int(columns.following[place])),
        )
        for place in np.flatnonzero(columns.alive)
    }


def expected(rows: list[Row]) -> dict[int, tuple[int | None, int | None]]:
    found: dict[int, tuple[int | None, int | None]] = {}
    for session in {one.session for one in rows}:
        inside = sorted((r.ordinal, r.key) for r in rows if r.session == session)
        keys = [key for _, key in inside]
        for before, key, after in zip([None, *keys], keys, [*keys[1:], None], strict=False):
            found[key] = (None, None) if session is None else (before, after)
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(SESSIONS, st.integers(0, 6)), max_size=30),
    st.integers(0, 30),
    st.sets(st.integers(0, 30)),
)
def test_neighbours_are_those_of_a_sort(
    places: list[tuple[str | None, int]], loaded: int, removed: set[int]
) -> None:
    rows = [row(key, session, ordinal) for key, (session, ordinal) in enumerate(places)]
    columns = PartitionColumns(rows[:loaded])
    for one in rows[loaded:]:
        columns.append(one)
    for key in sorted(removed & set(range(len(rows)))):
        columns.remove(key)
    living = [one for one in rows if one.key not in removed]
    assert neighbours(columns) == expected(living)
    assert columns.living == len(living)
    fresh = row(99, "a", 3)
    columns.append(fresh)
    assert neighbours(columns) == expected([*living, fresh])


def test_a_large_block_is_linked_like_single_rows() -> None:
    rows = [row(key, f"s{key % 7}", (key * 13) % 50) for key in range(400)]
    at_once, one_by_one = PartitionColumns(rows[:10]), PartitionColumns()
    at_once.extend(rows[10:])
    for one in rows:
        one_by_one.append(one)
    assert neighbours(at_once) == neighbours(one_by_one) == expected(rows)


def test_properties_are_kept_as_codes_and_open_ends() -> None:
    columns = PartitionColumns(
        [
            Row(5, "move lisbon", "turn", "s", 0, "bot", "Ana", "user", "user", 10, None, 2.0, 3),
            Row(7, "", "fact", None, 4, None, None, None, "derived", None, 20),
        ]
    )
    assert [columns.names["speaker"][code] for code in columns.speaker[:1]] == ["Ana"]
    assert columns.speaker.tolist() == [0, -1]
    assert columns.words.tolist() == [2, 0]
    assert columns.valid_to[0] == np.iinfo(np.int64).max
    assert columns.valid_from[1] == np.iinfo(np.int64).min
    assert columns.weight.tolist() == [2.0, 1.0]
    assert 7 in columns and 6 not in columns


def test_one_record_has_one_row() -> None:
    columns = PartitionColumns([row(1)])
    with pytest.raises(ValueError, match="row 0 already"):
        columns.append(row(1))
    with pytest.raises(ValueError, match="already"):
        columns.extend([row(key) for key in [*range(2, 300), 1]])
    with pytest.raises(KeyError):
        columns.remove(12)


def test_a_removed_record_can_come_back() -> None:
    columns = PartitionColumns([row(1, ordinal=0), row(2, ordinal=1), row(3, ordinal=2)])
    before = columns.version
    columns.remove(2)
    assert neighbours(columns) == {1: (None, 3), 3: (1, None)}
    columns.append(row(2, ordinal=1))
    assert neighbours(columns) == {1: (None, 2), 2: (1, 3), 3: (2, None)}
    assert columns.version > before


def test_words_are_blanks_and_one() -> None:
    assert [count_words(text) for text in ("", "a", "a b c")] == [0, 1, 3]
