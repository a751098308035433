"""Analysed tokens as numbers: each token of many texts becomes a 64-bit hash, in numpy.

Splitting 100,000 texts into Python strings and looking each of them up takes a second and, for a
moment, 140 MB; hashing their bytes eight at a time takes an eighth of that, and the index then
holds no words at all, so there are none to forget in it. Tokens of up to eight bytes cannot
collide (the mixing steps are invertible); two longer ones do with a chance of 2^-64.

The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", np.uint64, np.int64)

Hashes: TypeAlias = NDArray[np.uint64]

Places: TypeAlias = NDArray[np.int32]
"""Rows, or numbers of texts."""

_BLANK, _LINE = 32, 10
_WORD = 8
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(_WORD + 1)], np.uint64)
_BLOCK = 4096
_MOST_SLOTS = 1 << 24


def hash_terms(texts: Sequence[str]) -> tuple[Hashes, Places]:
    """The hash of every token of `texts` (tokens parted by blanks), one text after the other.

    Returns hashes (tokens,) and the number of the text that each stands in (tokens,).

    >>> hashes, text = hash_terms(["move lisbon", "", "lisbon"])
    >>> bool(hashes[1] == hashes[2]), text.tolist()
    (True, [0, 0, 2])
    """
    # A few thousand texts at a time: what is computed on the way stays small, and in the cache.
    parts = [
        _hash_block(texts[first : first + _BLOCK], first) for first in range(0, len(texts), _BLOCK)
    ]
    if not parts:
        return np.zeros(0, np.uint64), np.zeros(0, np.int32)
    hashes, text = zip(*parts, strict=True)
    return np.concatenate(hashes), np.concatenate(text)


def _hash_block(texts: Sequence[str], first: int) -> tuple[Hashes, Places]:
    # Eight blanks at the end let every token be read in whole words.
    data = ("\n".join(texts) + "\n" + " " * _WORD).encode("utf-8", "surrogatepass")
    letters = np.frombuffer(data, np.uint8)[:-_WORD]
    words: Hashes = np.ndarray((len(letters),), "<u8", data, strides=(1,))
    ends = np.flatnonzero((letters == _BLANK) | (letters == _LINE))
    closing = letters[ends] == _LINE
    text = (np.cumsum(closing) - closing + first).astype(np.int32)
    lengths = np.diff(ends, prepend=-1) - 1
    filled = lengths > 0
    if not filled.all():
        ends, lengths, text = ends[filled], lengths[filled], text[filled]
    starts = ends - lengths
    hashes = _mix(words[starts] & _MASKS[np.minimum(lengths, _WORD)])
    rest = np.flatnonzero(lengths > _WORD)
    while len(rest):
        starts[rest] += _WORD
        lengths[rest] -= _WORD
        part = words[starts[rest]] & _MASKS[np.minimum(lengths[rest], _WORD)]
        hashes[rest] = _mix(hashes[rest] * np.uint64(0x9E3779B97F4A7C15) + part)
        rest = rest[lengths[rest] > _WORD]
    return hashes, text


def _mix(numbers: Hashes) -> Hashes:
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def first_of_each(ordered: NDArray[Number]) -> tuple[NDArray[Number], NDArray[np.int64]]:
    """The different values of a sorted array (values,), and where each begins (values,)."""
    begins = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    first = np.flatnonzero(begins)
    return ordered[first], first


def number(hashes: Hashes) -> tuple[Hashes, NDArray[np.int64]]:
    """The different hashes, sorted (terms,), and the place of each hash among them (tokens,).

    What `np.unique` with its inverse returns, in a fifth of the time: the leading bits of a hash
    point into a table, and only those that share a slot are searched for.
    """
    different = first_of_each(np.sort(hashes))[0]
    slots = 1 << min(max(16 * len(different), 2).bit_length(), _MOST_SLOTS.bit_length() - 1)
    shift = np.uint64(64 - (slots.bit_length() - 1))
    table = np.zeros(slots, np.int32)
    table[different >> shift] = np.arange(len(different), dtype=np.int32)
    places = table[hashes >> shift].astype(np.int64)
    wrong = np.flatnonzero(different[places] != hashes)
    places[wrong] = np.searchsorted(different, hashes[wrong])
    return different, places
