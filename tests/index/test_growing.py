from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.index.growing import Growing


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(-100, 100), max_size=9), max_size=12))
def test_it_holds_what_was_appended(blocks: list[list[int]]) -> None:
    grown = Growing(np.int64)
    for place, block in enumerate(blocks):
        if place % 2:
            grown.extend(block)
        else:
            for number in block:
                grown.append(number)
    assert grown.view.tolist() == [number for block in blocks for number in block]


def test_rows_of_vectors() -> None:
    grown = Growing(np.int8, 3)
    grown.append([1, 2, 3])
    grown.extend(np.zeros((2, 3)))
    assert grown.view.tolist() == [[1, 2, 3], [0, 0, 0], [0, 0, 0]]
    assert grown.nbytes >= 9


def test_a_load_wastes_no_space_and_appends_double_it() -> None:
    grown = Growing(np.int64)
    grown.extend(range(1000))
    assert grown.nbytes == 8000
    grown.append(1)
    assert grown.nbytes == 16000
