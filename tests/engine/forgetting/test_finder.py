"""Many strings at once are found where each would be found alone."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from mnemic.engine.forgetting.finder import Finder

BYTES = st.lists(st.sampled_from([b"a", b"b", b"\0", b"abab", b"\xff"]), max_size=60).map(b"".join)


@given(BYTES, st.lists(BYTES, max_size=6))
@example(b"abababababab", [b"abababab", b"babababa", b"abab", b"", b"ba"])
def test_every_string_where_it_is_first(data: bytes, patterns: list[bytes]) -> None:
    slices = [data[n : 2 * n + 3] for n in range(0, len(data), 5)]
    sought = {each for each in [*patterns, *slices] if each}
    expected = {each: data.find(each) for each in sought if each in data}
    assert Finder([*patterns, *slices, b""]).find(data) == expected


def test_thousands_of_strings() -> None:
    words = [f"word number {n}" for n in range(5000)]
    data = " ".join(words[:4000:3]).encode()
    found = Finder(word.encode() + b" " for word in words).find(data + b" ")
    assert sorted(found) == sorted(word.encode() + b" " for word in words[:4000:3])
