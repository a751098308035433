"""The elements of a large JSON file, one at a time, in linear time and little memory.

Reads arrays, objects and values that follow each other (JSON Lines) alike. The standard library's
decoder does the parsing; when it runs out of text, the buffer is doubled before it tries again, so
that an element of n characters costs at most about three times n. An error that lies well before
the end of the buffer is a fault of the file and is reported at once, with line and column.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from mnemic.core.errors import SourceError
from mnemic.core.records import Json

_SPACE = " \t\r\n"
_DECODER = json.JSONDecoder(parse_constant=str)
"""NaN and Infinity, which are not JSON, become text: what JSON writes must be readable again."""
_TAIL = 16
"""An escape or a literal that the end of the buffer cuts fails at most so far before it."""


@dataclass(frozen=True, slots=True)
class Element:
    """A value and where it stood."""

    value: Json
    number: int
    """Counted from 1."""
    line: int
    """Of its first character, counted from 1."""

    @property
    def where(self) -> str:
        """For messages: "line 7, item 7"."""
        return f"line {self.line}, item {self.number}"


def elements(pieces: Iterable[str], name: str, unwrap: Set[str] = frozenset()) -> Iterator[Element]:
    """The elements of top-level arrays, and every other top-level value as it is.

    pieces: the text, cut anywhere.
    name: what is being read, for messages.
    unwrap: in a top-level object, the arrays under these keys are given element by element, and
        nothing else of that object.

    Raises SourceError with line and column where the text is not JSON, or ends too early.

    >>> [found.value for found in elements(['[{"a": 1', '}, 2]'], "example")]
    [{'a': 1}, 2]
    """
    reader = _Reader(iter(pieces), name)
    number = 0
    while start := reader.peek():
        if start == "[":
            found = reader.array()
        else:
            found = reader.object(unwrap) if start == "{" and unwrap else reader.single()
        for value, line in found:
            number += 1
            yield Element(value, number, line)


class _Reader:
    """A buffer over the pieces, and a place in it."""

    def __init__(self, pieces: Iterator[str], name: str) -> None:
        self.pieces = pieces
        self.name = name
        self.buffer = ""
        self.at = 0
        self.line = 1
        """The line on which `counted` stands."""
        self.counted = 0
        self.dropped = 0
        """Characters before the buffer."""
        self.column = 0
        """Characters of the buffer's first line that lie before the buffer."""

    def single(self) -> Iterator[tuple[Json, int]]:
        """The value that begins here, as a whole."""
        line = self._line()
        yield self.value(), line

    def array(self) -> Iterator[tuple[Json, int]]:
        """The elements of the array that begins here, each with its line."""
        self._take("[")
        if self.peek() == "]":
            self.at += 1
            return
        while True:
            self.peek()
            line = self._line()
            yield self.value(), line
            if self._take(",]") == "]":
                return

    def object(self, unwrap: Set[str]) -> Iterator[tuple[Json, int]]:
        """The object that begins here, or the elements of those of its arrays to unwrap."""
        line = self._line()
        self._take("{")
        found: dict[str, Json] = {}
        opened = False
        last = self.peek()
        while last != "}":
            if self.peek() not in ('"', ""):
                raise self._broken("expecting a name in double quotes", self.at)
            key = self.value()
            self._take(":")
            if key in unwrap and self.peek() == "[":
                opened = True
                yield from self.array()
            else:
                self.peek()
                found[key] = self.value()
            last = self._take(",}")
        if not found and not opened:
            self.at += 1
        if not opened:
            yield found, line

    def peek(self) -> str:
        """The next character that is not blank; "" at the end of the file."""
        while True:
            while self.at < len(self.buffer):
                if self.buffer[self.at] not in _SPACE:
                    return self.buffer[self.at]
                self.at += 1
            if not self._grow():
                return ""

    def value(self) -> Json:
        """The value that begins here."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as reason:
                open_ended = reason.msg.startswith("Unterminated string")
                if (open_ended or reason.pos >= self._end() - _TAIL) and self._grow():
                    continue
                if open_ended or reason.pos >= self._end():
                    raise self._ended(reason.pos) from None
                raise self._broken(reason.msg, reason.pos) from None
            except RecursionError:
                raise self._broken("nested too deeply", self.at) from None
            except ValueError as reason:  # a number of more digits than int takes
                raise self._broken(str(reason), self.at) from None
            near = end >= len(self.buffer) - 2
            if near and isinstance(value, int | float) and self._grow():
                continue  # 12 may be the beginning of 123, 12.3 or 12e+3
            self.at = end
            return value

    def _take(self, expected: str) -> str:
        found = self.peek()
        if not found:
            raise self._ended(self.at)
        if found not in expected:
            raise self._broken(f"expecting {' or '.join(repr(one) for one in expected)}", self.at)
        self.at += 1
        return found

    def _grow(self) -> bool:
        """Drop what is read, and add at least as much text as is left; False at the end."""
        first = next(self.pieces, None)
        if first is None:
            return False
        self._line()
        start = self.buffer.rfind("\n", 0, self.at) + 1
        self.column = self.at - start + (0 if start else self.column)
        self.dropped += self.at
        left = self.buffer[self.at :]
        self.at = self.counted = 0
        more = [first]
        wanted = len(left) - len(first)
        while wanted > 0 and (piece := next(self.pieces, None)) is not None:
            more.append(piece)
            wanted -= len(piece)
        self.buffer = left + "".join(more)
        return True

    def _line(self) -> int:
        self.line += self.buffer.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def _end(self) -> int:
        """Where the text in the buffer ends, blanks apart."""
        end = len(self.buffer)
        while end and self.buffer[end - 1] in _SPACE:
            end -= 1
        return end

    def _place(self, position: int) -> str:
        line = self._line() + self.buffer.count("\n", self.at, position)
        start = self.buffer.rfind("\n", 0, position) + 1
        column = position - start + 1 + (0 if start else self.column)
        return f"line {line}, column {column} (character {self.dropped + position})"

    def _broken(self, what: str, position: int) -> SourceError:
        return SourceError(
            f"not JSON: {self.name}, {self._place(position)}: {what}. "
            "Mend the file there, or export it again"
        )

    def _ended(self, position: int) -> SourceError:
        return SourceError(
            f"the file ends in the middle: {self.name}, {self._place(position)}. "
            "It was cut off: download or export it again"
        )
