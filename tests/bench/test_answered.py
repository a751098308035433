"""Words of answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.answered import exact, overlap, words


def test_words():
    assert words("Mother-in-law’s 3 Cats") == ["mother", "in", "law", "s", "3", "cats"]
    assert words("２０２３年") == ["2023", "年"]


@given(st.text(), st.text())
def test_overlap_is_symmetric_and_full_for_the_same(left, right):
    assert overlap(left, right) == overlap(right, left)
    assert overlap(left, left) == exact(left, left) == 1.0
    assert exact(left, right) <= overlap(left, right) <= 1.0
