"""The rows of one partition as columns: one numpy array per property, with neighbours.

A row is a place in these arrays. It is given out once and never moves while the columns live: a
removed row stays behind, not alive, until the partition is loaded again. What the properties mean
is told in `core/ports.py`; nothing here ranks.

Neighbours are the rows before and after a row in its session, in the order of (ordinal, key). They
are kept right under appends in any order; rows without a session have none, because things that
were noted apart from each other do not explain each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from mnemic.core.ports import NOBODY, Ints, Mask, Row
from mnemic.core.vectors import Floats
from mnemic.index.growing import Growing

_OPEN = np.iinfo(np.int64)
_NUMBERS = ("keys", "previous", "following", "valid_from", "valid_to", "ordinal", "words", "cues")
_CODED = ("speaker", "role", "kind", "agent", "session", "origin")
_FEW = 100


def count_words(tokens: str) -> int:
    """How many tokens an analysed text holds.

    >>> count_words("lisbon move"), count_words("")
    (2, 0)
    """
    return tokens.count(" ") + 1 if tokens else 0


class PartitionColumns:
    """Columns (see `core.ports.Columns`) that can be appended to.

    The arrays are views of the rows so far: take them anew after a change.
    """

    keys: Ints
    previous: Ints
    following: Ints
    valid_from: Ints
    valid_to: Ints
    ordinal: Ints
    speaker: Ints
    role: Ints
    kind: Ints
    agent: Ints
    session: Ints
    origin: Ints
    words: Ints
    cues: Ints
    weight: Floats
    alive: Mask

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._ints = np.empty((len(_NUMBERS) + len(_CODED), 0), np.int64)
        self._weight = Growing(np.float32)
        self._alive = Growing(np.bool_)
        self.names: dict[str, list[str]] = {name: [] for name in _CODED}
        self._codes: dict[str, dict[str | None, int]] = {name: {None: NOBODY} for name in _CODED}
        self._places: dict[int, int] = {}
        self._tails: dict[int, int] = {}  # session → its last row
        self.version = 0
        """Counts changes: whoever keeps something computed from the columns compares it."""
        self._expose()
        self.extend(rows)

    def __len__(self) -> int:
        """Rows, the removed ones included."""
        return self._alive.size

    @property
    def living(self) -> int:
        """Rows that were not removed."""
        return len(self._places)

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        arrays = self._ints.nbytes + self._weight.nbytes + self._alive.nbytes
        return arrays + 110 * len(self._places)

    def __contains__(self, key: int) -> bool:
        return key in self._places

    def append(self, row: Row) -> int:
        """Add one row and return its place; constant time unless it falls between others."""
        place = len(self)
        if row.key in self._places:
            raise ValueError(f"record {row.key} has row {self._places[row.key]} already")
        code = self._code
        session = code("session", row.session)
        self._reserve(1)
        self._ints[:, place] = (
            row.key,
            NOBODY,
            NOBODY,
            _OPEN.min if row.valid_from is None else row.valid_from,
            _OPEN.max if row.valid_to is None else row.valid_to,
            row.ordinal,
            count_words(row.tokens),
            row.cues,
            code("speaker", row.speaker),
            code("role", row.role),
            code("kind", row.kind),
            code("agent", row.agent),
            session,
            code("origin", row.origin),
        )
        self._weight.append(row.weight)
        self._alive.append(True)
        self._places[row.key] = place
        self._expose()
        if session != NOBODY:
            self._link(place, session)
        return place

    def extend(self, rows: Sequence[Row]) -> None:
        """Add many rows at once, in the order given."""
        first, more = len(self), len(rows)
        if more <= _FEW:  # linking one by one costs less than sorting all sessions
            for row in rows:
                self.append(row)
            return
        places = dict(zip((row.key for row in rows), range(first, first + more), strict=True))
        if len(places) < more or places.keys() & self._places.keys():
            twice = sorted(places.keys() & self._places.keys()) or "twice in what is added"
            raise ValueError(f"records that have a row already: {twice}")
        self._reserve(more)
        columns: dict[str, Iterable[int]] = {
            "keys": places,
            "previous": repeat(NOBODY, more),
            "following": repeat(NOBODY, more),
            "valid_from": [_OPEN.min if row.valid_from is None else row.valid_from for row in rows],
            "valid_to": [_OPEN.max if row.valid_to is None else row.valid_to for row in rows],
            "ordinal": [row.ordinal for row in rows],
            "words": [count_words(row.tokens) for row in rows],
            "cues": [row.cues for row in rows],
            "speaker": self._codes_of("speaker", [row.speaker for row in rows]),
            "role": self._codes_of("role", [row.role for row in rows]),
            "kind": self._codes_of("kind", [row.kind for row in rows]),
            "agent": self._codes_of("agent", [row.agent for row in rows]),
            "session": self._codes_of("session", [row.session for row in rows]),
            "origin": self._codes_of("origin", [row.origin for row in rows]),
        }
        for place, name in enumerate((*_NUMBERS, *_CODED)):
            self._ints[place, first : first + more] = np.fromiter(columns[name], np.int64, more)
        self._weight.extend([row.weight for row in rows])
        self._alive.extend(np.ones(more, np.bool_))
        self._places.update(places)
        self._expose()
        self._relink()

    def remove(self, key: int) -> int:
        """Take a record out and return the row it had; its neighbours become each other's."""
        place = self._places.pop(key)
        self._alive.view[place] = False
        before, after = int(self.previous[place]), int(self.following[place])
        if before != NOBODY:
            self.following[before] = after
        if after != NOBODY:
            self.previous[after] = before
        session = int(self.session[place])
        if self._tails.get(session) == place:
            del self._tails[session]
            if before != NOBODY:
                self._tails[session] = before
        self.previous[place] = self.following[place] = NOBODY
        self.words[place] = 0  # so that a mean over all rows needs no mask
        self.version += 1
        return place

    def _reserve(self, more: int) -> None:
        rows, wanted = len(self), len(self) + more
        if wanted > self._ints.shape[1]:
            room = wanted if rows == 0 else max(wanted, 2 * rows)
            space = np.empty((len(self._ints), room), np.int64)
            space[:, :rows] = self._ints[:, :rows]
            self._ints = space

    def _code(self, column: str, name: str | None) -> int:
        codes = self._codes[column]
        if name not in codes and name is not None:
            codes[name] = len(self.names[column])
            self.names[column].append(name)
        return codes[name]

    def _codes_of(self, column: str, values: Sequence[str | None]) -> Iterator[int]:
        for value in dict.fromkeys(values):
            self._code(column, value)
        return map(self._codes[column].__getitem__, values)

    def _expose(self) -> None:
        rows = len(self)
        (self.keys, self.previous, self.following, self.valid_from, self.valid_to, self.ordinal,
         self.words, self.cues, self.speaker, self.role, self.kind, self.agent, self.session,
         self.origin) = self._ints[:, :rows]  # fmt: skip
        self.weight = self._weight.view
        self.alive = self._alive.view
        self.version += 1

    def _link(self, place: int, session: int) -> None:
        """Put one row between its neighbours; at the end of its session without a search."""
        tail = self._tails.get(session, NOBODY)
        here = (self.ordinal[place], self.keys[place])
        if tail == NOBODY or (self.ordinal[tail], self.keys[tail]) < here:
            before, after = tail, NOBODY
        else:
            rows = np.flatnonzero((self.session == session) & self.alive)
            rows = rows[rows != place]
            earlier = self._earlier(rows, place)
            before = self._last(rows[earlier])
            after = self._first(rows[~earlier])
        self.previous[place], self.following[place] = before, after
        if before != NOBODY:
            self.following[before] = place
        if after != NOBODY:
            self.previous[after] = place
        else:
            self._tails[session] = place

    def _earlier(self, rows: Ints, place: int) -> NDArray[np.bool_]:
        ordinals, ordinal = self.ordinal[rows], self.ordinal[place]
        before = self.keys[rows] < self.keys[place]
        return np.asarray((ordinals < ordinal) | ((ordinals == ordinal) & before))

    def _last(self, rows: Ints) -> int:
        return int(rows[np.lexsort((self.keys[rows], self.ordinal[rows]))[-1]]) if len(rows) else -1

    def _first(self, rows: Ints) -> int:
        return int(rows[np.lexsort((self.keys[rows], self.ordinal[rows]))[0]]) if len(rows) else -1

    def _relink(self) -> None:
        """Find every neighbour anew, by one sort."""
        rows = np.flatnonzero(self.alive & (self.session != NOBODY))
        order = rows[np.lexsort((self.keys[rows], self.ordinal[rows], self.session[rows]))]
        left, right = order[:-1], order[1:]
        together = self.session[left] == self.session[right]
        self.previous[:] = NOBODY
        self.following[:] = NOBODY
        self.following[left[together]] = right[together]
        self.previous[right[together]] = left[together]
        tails = order[self.following[order] == NOBODY]
        self._tails = dict(zip(self.session[tails].tolist(), tails.tolist(), strict=True))


def by_row(keys: Ints, owners: Ints) -> tuple[Ints, Ints]:
    """Which passages belong to rows of these keys, and how many each row has.

    `owners` is the record of each passage (passages,). Returns places in it, row after row and each
    row's in their order, and counts (rows,); passages of other records are left out.
    """
    order = np.argsort(keys, kind="stable")
    place = order[np.minimum(np.searchsorted(keys, owners, sorter=order), len(keys) - 1)]
    chosen = np.flatnonzero(keys[place] == owners)
    chosen = chosen[np.argsort(place[chosen], kind="stable")]
    return chosen, np.bincount(place[chosen], minlength=len(keys))
