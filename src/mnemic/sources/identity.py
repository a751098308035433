"""Names for messages that have none, so that a second import recognises the first.

A message without an id is known by what it says, when and by whom; and because people repeat
themselves, also by how many equal ones came before it. Text alone is never a name.
"""

from __future__ import annotations

from hashlib import blake2b

_BITS = 26


def digest(*fields: str | None) -> str:
    """32 hexadecimal digits that differ whenever any field differs.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    whole = "".join(["-:" if field is None else f"{len(field)}:{field}" for field in fields])
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Repeats:
    """Names that a file gives, made unique where it gives one twice.

    >>> repeats = Repeats()
    >>> repeats.name("D1:1"), repeats.name("D1:2"), repeats.name("D1:1")
    ('D1:1', 'D1:2', 'D1:1-2')
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def name(self, given: str) -> str:
        """The name, with -2, -3 ... when it came before."""
        count = self._counts[given] = self._counts.get(given, 0) + 1
        return given if count == 1 else f"{given}-{count}"


class Occurrences:
    """The same for the digests of endless files.

    A table of 2**26 bits (8 MB) sees which digests may have come before, so that only repeats are
    remembered one by one: files of gigabytes are read in constant memory. Now and then (after a
    million messages, once in 67) a new digest is taken for a repeat; its name is unusual then, but
    unique, and the same each time that the file is read from its start.

    >>> seen = Occurrences()
    >>> key = digest("Ana", "ok")
    >>> seen.name(key) == key, seen.name(key) == key + "-2", seen.name(key) == key + "-3"
    (True, True, True)
    """

    def __init__(self) -> None:
        self._once: bytearray | None = None
        self._counts: dict[str, int] = {}

    def name(self, key: str) -> str:
        """The digest, with -2, -3 ... when equal ones came before."""
        return key + self.suffix(key)

    def suffix(self, key: str) -> str:
        """What makes a name that stands for this digest unique: nothing, or -2, -3 ..."""
        if self._once is None:
            self._once = bytearray(1 << _BITS - 3)
        slot = int(key[:8], 16) & (1 << _BITS) - 1
        byte, bit = slot >> 3, 1 << (slot & 7)
        if not self._once[byte] & bit:
            self._once[byte] |= bit
            return ""
        count = self._counts[key] = self._counts.get(key, 1) + 1
        return f"-{count}"
