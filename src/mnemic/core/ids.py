"""Ids: opaque, minted by the engine, sortable by the time they were minted.

Form: 10 characters of milliseconds and 16 of chance in Crockford's base 32 (the layout of a ULID,
128 bits). Within one `Mint` ids never repeat and never go backwards, even when the clock does.
"""

from __future__ import annotations

import random
from typing import NewType

RecordId = NewType("RecordId", str)
ChangeId = NewType("ChangeId", str)

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in _LETTERS for b in _LETTERS]
_CHANCE = 80


class Mint:
    """Makes ids; give a seeded `random.Random` to make the same ones again.

    >>> mint = Mint(random.Random(7))
    >>> first, second = mint.new(1_000_000), mint.new(1_000_000)
    >>> len(first), first < second
    (26, True)
    """

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.SystemRandom()
        self._last = 0

    def new(self, micros: int) -> str:
        """An id for something that happens at `micros`; larger than every id made before."""
        number = (micros // 1000 << _CHANCE) | self._chance.getrandbits(_CHANCE)
        if number <= self._last:
            number = self._last + 1 + self._chance.getrandbits(32)
        self._last = number
        return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
