"""The package's stemmers with their endings looked up: the same stems in half the time.

A Snowball algorithm asks again and again which of a list of endings (or beginnings) a word has, the
longest first. `snowballstemmer` (the pure-Python classes) searches the sorted list by halves,
character by character, which is most of the time that an English word takes. Here the lists become
dictionaries: the last character says which lengths there are, and a slice of each is looked up.

A class that does not look as expected (another release, another base) is left as it is. Which
languages there are, and which words have stems, `stems.py` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, cast


class Stemmer(Protocol):
    """What is used of a stemmer; it keeps its word in itself, so threads must not share one."""

    def stemWord(self, word: str) -> str:
        """The stem of a word."""


Make = Callable[[], Stemmer]

_Method = Callable[[Any], object]
_Case = tuple[int, _Method | None]
"""What the algorithm is told when an ending fits, and the condition it comes with."""

_Cases = tuple[dict[str, _Case], dict[str, tuple[int, ...]], tuple[int, ...]]
"""Endings; last character → their lengths, longest first; the lengths for any other character."""

_SEARCHES: Final = ("find_among", "find_among_b")


def quick(plain: Make) -> Make:
    """A class whose stemmers give the stems of `plain`; `plain` itself if it looks unfamiliar."""
    lists = _lists(plain)
    if not lists:
        return plain
    beginnings = {id(each): _cases(each, 0) for each in lists}
    endings = {id(each): _cases(each, -1) for each in lists}

    def find_among(self: Any, v: Sequence[Any]) -> int:
        cases, lengths, otherwise = beginnings[id(v)]
        current, cursor, limit = self.current, self.cursor, self.limit
        for length in lengths.get(current[cursor : cursor + 1], otherwise):
            stop = cursor + length
            if stop <= limit and (case := cases.get(current[cursor:stop])) is not None:
                self.cursor = stop
                result, condition = case
                if condition is None:
                    return result
                if condition(self):
                    self.cursor = stop
                    return result
        return 0

    def find_among_b(self: Any, v: Sequence[Any]) -> int:
        cases, lengths, otherwise = endings[id(v)]
        current, cursor, limit = self.current, self.cursor, self.limit_backward
        for length in lengths.get(current[cursor - 1 : cursor], otherwise):
            start = cursor - length
            if start >= limit and (case := cases.get(current[start:cursor])) is not None:
                self.cursor = start
                result, condition = case
                if condition is None:
                    return result
                if condition(self):
                    self.cursor = start
                    return result
        return 0

    searches = dict(zip(_SEARCHES, (find_among, find_among_b), strict=True))
    return cast("Make", type("Quick", (cast("type", plain),), searches))


def _lists(plain: Any) -> list[Sequence[Any]]:
    """The lists of endings of a class; empty if anything about it is not as expected."""
    if not isinstance(plain, type) or len(plain.__mro__) != 3:
        return []
    base, own = vars(plain.__mro__[1]), vars(plain)
    if not all(_takes_a_list(base.get(name)) and name not in own for name in _SEARCHES):
        return []
    lists = [each for name, each in own.items() if name.startswith("a_")]
    return lists if all(map(_is_list, lists)) else []


def _takes_a_list(search: Any) -> bool:
    code = getattr(search, "__code__", None)
    return code is not None and code.co_varnames[: code.co_argcount] == ("self", "v")


def _is_list(each: Any) -> bool:
    return isinstance(each, list | tuple) and all(
        isinstance(getattr(one, "s", None), str)
        and isinstance(getattr(one, "result", None), int)
        # Older releases name a method here, and go on differently when it says no.
        and (getattr(one, "method", "") is None or callable(one.method))
        for one in each
    )


def _cases(each: Iterable[Any], outer: int) -> _Cases:
    """A list as dictionaries; `outer` is the place of the character that lengths are kept by."""
    cases = {one.s: (one.result, one.method) for one in each}
    otherwise = (0,) if "" in cases else ()
    lengths: dict[str, set[int]] = {}
    for text in filter(None, cases):
        lengths.setdefault(text[outer], set(otherwise)).add(len(text))
    descending = {end: tuple(sorted(found, reverse=True)) for end, found in lengths.items()}
    return cases, descending, otherwise
