"""A hash stands for its token: equal for equal ones, different for different ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.index.terms import hash_terms, number

TOKENS = st.text(
    st.characters(exclude_categories=("Z", "C"), include_characters="\ud800"),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TOKENS, max_size=8), max_size=8))
def test_tokens_are_hashed_one_by_one(texts: list[list[str]]) -> None:
    hashes, text = hash_terms([" ".join(tokens) for tokens in texts])
    flat = [token for tokens in texts for token in tokens]
    assert text.tolist() == [place for place, tokens in enumerate(texts) for _ in tokens]
    assert len(hashes) == len(flat)
    of_hash: dict[int, str] = {}
    for token, value in zip(flat, hashes.tolist(), strict=True):
        assert of_hash.setdefault(value, token) == token
    assert len(of_hash) == len(set(flat))


def test_long_tokens_differ_in_every_part() -> None:
    tokens = [
        "a" * 8,
        "a" * 9,
        "a" * 16,
        "a" * 17,
        "a" * 16 + "b",
        "b" + "a" * 16,
        "a" * 8 + "b" * 8,
    ]
    assert len(set(hash_terms(tokens)[0].tolist())) == len(tokens)


def test_many_texts_are_hashed_in_blocks() -> None:
    hashes, text = hash_terms([f"t{place} tea" for place in range(9000)])
    assert np.bincount(text).tolist() == [2] * 9000
    assert len(np.unique(hashes)) == 9001


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=60), st.lists(st.integers(0, 20), max_size=60))
def test_numbering_is_that_of_numpy(wide: list[int], narrow: list[int]) -> None:
    hashes = np.array(wide + narrow, np.uint64)
    different, places = number(hashes)
    expected, inverse = np.unique(hashes, return_inverse=True)
    assert different.tolist() == expected.tolist()
    assert places.tolist() == inverse.tolist()
