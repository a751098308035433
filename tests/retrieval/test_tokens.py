from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.retrieval.tokens import count_tokens


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text())
def test_parts_cost_at_least_the_whole(left: str, right: str) -> None:
    assert count_tokens(left + right) <= count_tokens(left) + count_tokens(right)
    assert count_tokens(f"{left}\n{right}") == count_tokens(left) + count_tokens(right)


def test_published_counts_are_not_undercut() -> None:
    # Counted with cl100k_base: 9 and 6 tokens.
    assert count_tokens("The quick brown fox jumps over the lazy dog") >= 9
    assert count_tokens("antidisestablishmentarianism") >= 5
    assert count_tokens("   \n ") == 0
