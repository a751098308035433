"""What a record of another memory system is known by, and its place among its neighbours."""

from __future__ import annotations

from mnemic.sources.identity import Repeats, digest

STRONG = 16
"""Characters from which on an id is taken to be unique in the world (a UUID has 32 or 36)."""


class Names:
    """Source and external id of each record of one file.

    A long id is good everywhere: the same memory in another export of the same system is the same
    record. A short one ("k1") is good only within its file, whose name is taken with it; a record
    without id is known by its words and the file.

    >>> names = Names("mem0", "all")
    >>> names.identity("5d0a4e0e-2c5f-4a50-9f1d-0d3a", "hi"), names.identity("7", "hi")
    (('mem0', '5d0a4e0e-2c5f-4a50-9f1d-0d3a'), ('mem0:all', '7'))
    """

    def __init__(self, system: str, stem: str) -> None:
        self._system = system
        self._stem = stem
        self._repeats = Repeats()
        self._places: dict[str, int] = {}

    def identity(self, id: str | None, words: str, within: str = "") -> tuple[str, str]:
        """What a record with this id, if it has one, and these words is known by.

        `within` says where the id is good, for systems whose ids are good in a part of the store.
        """
        full = f"{within}/{id or digest(words)}" if within else id or digest(words)
        if id and len(id) >= STRONG:
            return self._system, full
        return f"{self._system}:{self._stem}", self._repeats.name(full)

    def place(self, session: str) -> int:
        """The place of the next record of a session."""
        place = self._places.get(session, 0)
        self._places[session] = place + 1
        return place
