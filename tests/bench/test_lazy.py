"""Partitions read when asked for: any order gives the same, and the order of the file one pass."""

from __future__ import annotations

import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.lazy import Made, streamed
from mnemic.core.events import Event

NAMES = ["a", "b", "c", "d"]


@given(st.lists(st.sampled_from([*NAMES, "absent"]), max_size=12))
def test_any_order_gives_the_same(asked):
    parts = streamed([*NAMES, "absent"], lambda: ((name, [Event(name)]) for name in "xabcd"))
    for name in asked:
        assert [event.text for event in parts[name]] == ([] if name == "absent" else [name])


def test_the_order_of_the_file_takes_one_pass():
    passes = []

    def read():
        passes.append(1)
        yield from ((name, [Event(name)]) for name in NAMES)

    parts = streamed(NAMES, read)
    assert "a" in parts and "absent" not in parts and not passes  # to ask for a name reads nothing
    for events in parts.values():
        assert len(events) == 1
    assert len(passes) == 1


def test_one_at_a_time_is_kept():
    class Held(list):  # type: ignore[type-arg]
        pass

    parts = Made(NAMES, lambda name: Held([Event(name)]))
    first = weakref.ref(parts["a"])
    assert parts["a"] is first()
    parts["b"]
    gc.collect()
    assert first() is None
