"""Ids: sortable by the time of minting, unique, never going backwards."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.ids import Mint

LETTERS = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
TIMES = st.integers(0, 2**51)


@given(st.lists(TIMES, min_size=1, max_size=50), st.integers())
def test_ids_only_grow_whatever_the_clock_does(times: list[int], seed: int) -> None:
    mint = Mint(random.Random(seed))
    ids = [mint.new(micros) for micros in times]
    assert ids == sorted(set(ids))
    assert all(len(id) == 26 and set(id) <= LETTERS for id in ids)


@given(TIMES, TIMES, st.integers(), st.integers())
def test_ids_of_different_processes_sort_by_time(a: int, b: int, one: int, other: int) -> None:
    first, second = Mint(random.Random(one)).new(a), Mint(random.Random(other)).new(b)
    if a // 1000 != b // 1000:
        assert (first < second) == (a < b)


def test_chance_is_the_machine_s_unless_given() -> None:
    assert Mint().new(0) != Mint().new(0)
    assert Mint(random.Random(3)).new(9) == Mint(random.Random(3)).new(9)


def test_ten_letters_are_the_time_in_milliseconds() -> None:
    id = Mint().new(1_469_918_176_385_000)
    assert id[:10] == "01ARYZ6S41"  # the example of the ULID specification


def test_a_clock_before_1970_mints_too() -> None:
    mint = Mint(random.Random(1))
    assert mint.new(-5_000_000) < mint.new(-9_000_000) < mint.new(0)
