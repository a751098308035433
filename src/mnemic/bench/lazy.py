"""Partitions that are read when they are asked for, so that one at a time lies in memory.

LongMemEval-M is 500 haystacks of 1.5 million tokens. A run takes them one after the other, so a
single pass over the file serves them all; asking out of order costs another pass, never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from mnemic.core.events import Event


class Made(Mapping[str, Sequence[Event]]):
    """Partitions that a function makes; the last one made is kept."""

    def __init__(self, names: Sequence[str], make: Callable[[str], Sequence[Event]]) -> None:
        """`make` gives the texts of a name, the same at every call."""
        self._names = dict.fromkeys(names)
        self._make = make
        self._last: tuple[str, Sequence[Event]] | None = None

    def __getitem__(self, name: str) -> Sequence[Event]:
        if name not in self._names:
            raise KeyError(name)
        if self._last is None or self._last[0] != name:
            self._last = None  # the one before may go before the next is made
            self._last = (name, self._make(name))
        return self._last[1]

    def __contains__(self, name: object) -> bool:
        return name in self._names  # what Mapping does would make it

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def streamed(
    names: Sequence[str], read: Callable[[], Iterator[tuple[str, Sequence[Event]]]]
) -> Made:
    """Partitions in the order in which `read` gives them; it is started anew to go back.

    A name that `read` never gives has no texts.

    >>> parts = streamed(["a", "b"], lambda: iter([("a", [Event("x")]), ("b", [Event("y")])]))
    >>> [parts[name][0].text for name in ("b", "a")]
    ['y', 'x']
    """
    order = {name: place for place, name in enumerate(names)}
    cursor = read()
    next_place = 0

    def make(name: str) -> Sequence[Event]:
        nonlocal cursor, next_place
        if order[name] < next_place:
            cursor, next_place = read(), 0
        for found, events in cursor:
            next_place = order.get(found, next_place - 1) + 1
            if found == name:
                return events
            if next_place > order[name]:
                break  # it was left out: the rest is still to come
        cursor, next_place = read(), 0
        return ()

    return Made(names, make)
