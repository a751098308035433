from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.sources.identity import Occurrences, digest


@settings(deadline=None, max_examples=60)
@given(st.lists(st.none() | st.text()), st.lists(st.none() | st.text()))
def test_digests_differ_when_fields_differ(one: list[str | None], other: list[str | None]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_names_are_unique_and_keep_when_more_follows(begin: list[str], more: list[str]) -> None:
    def named(keys: list[str]) -> list[str]:
        seen = Occurrences()
        return [seen.name(digest(key)) for key in keys]

    names = named(begin + more)
    assert len(set(names)) == len(names)
    assert names[: len(begin)] == named(begin)
