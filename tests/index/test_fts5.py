"""What is drawn rare terms first is what a full scan would find."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.index import naive
from mnemic.index.fts5 import Drawn, draw

WORDS = [*"abcdefgh"]
TEXTS = st.lists(
    st.lists(st.sampled_from([*WORDS, *"aaabb"]), max_size=9).map(" ".join), min_size=1, max_size=40
)


class Index:
    """A text index that counts how much it was asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.read = 0

    def matches(self, term: str, limit: int) -> list[int]:
        return [key for key, text in enumerate(self.texts) if term in text.split()][:limit]

    def tokens(self, keys: Sequence[int]) -> list[str]:
        self.read += len(keys)
        return [self.texts[key] for key in keys]

    def draw(self, terms: Sequence[str], limit: int, most: int = 5000) -> Drawn:
        words = sum(len(text.split()) for text in self.texts)
        return draw(
            terms,
            matches=self.matches,
            document_frequency=lambda term: len(self.matches(term, 10**9)),
            tokens=self.tokens,
            rows=len(self.texts),
            average=words / len(self.texts),
            k1=0.9,
            b=0.4,
            limit=limit,
            most=most,
        )


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.lists(st.sampled_from(WORDS), max_size=4), st.integers(1, 12))
def test_the_best_are_found(texts: list[str], terms: list[str], limit: int) -> None:
    scores = naive.bm25(texts, terms, 0.9, 0.4)
    wanted = sorted((score for score in scores if score > 0), reverse=True)[:limit]
    drawn = Index(texts).draw(terms, limit)
    assert drawn.complete
    assert list(drawn.scores) == pytest.approx(wanted)
    for key, score in zip(drawn.keys, drawn.scores, strict=True):
        assert scores[key] == pytest.approx(score)


def test_common_terms_are_not_read_when_rare_ones_decide() -> None:
    index = Index([f"common rare{n % 2 or ''}" if n < 4 else "common" for n in range(500)])
    drawn = index.draw(["common", "rare"], limit=2)
    assert drawn.keys == (0, 2)
    assert drawn.complete
    assert index.read == 2


def test_it_says_when_it_had_to_stop() -> None:
    drawn = Index(["tea"] * 50).draw(["tea"], limit=5, most=10)
    assert not drawn.complete
    assert drawn.keys == (0, 1, 2, 3, 4)
    assert drawn.statistics.holding == {"tea": 50}
