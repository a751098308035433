"""The exact vector index: every passage of one partition is compared with the query.

Vectors stay int8 with one scale each (`core/vectors.py`), 68 bytes for 64 dimensions. A scan turns
a block that fits the processor's cache into float32 and multiplies it: 1.3 ms for 100,000 vectors
of 64 dimensions on one thread, as fast as float32 copies that would take four times the memory
(1.1 ms), and faster than integer arithmetic in numpy (2.4 ms). Nothing is approximate here, and a
filter costs nothing.

A record of several passages scores by its best one; where one vector must stand for it, that is
the direction of the sum of its passages.

Late pooling compares the query with `normalise(e + w * e_previous + w * e_following)`. Its dot
product is a sum of scores that are known already, and its length follows from the dot products of
neighbours, so no pooled vector is ever stored: when a neighbour comes or goes, a few numbers are
computed anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnemic.core.ports import NOBODY, Ints
from mnemic.core.vectors import Codes, Floats, dequantise
from mnemic.index.columns import PartitionColumns, by_row
from mnemic.index.growing import Growing

MISSING = -1.0
"""The cosine of a row that has no vector."""

_LOWEST = np.float32(-0.999999)  # an opposite vector is not a missing one
_BLOCK_NUMBERS = 131_072  # as float32 512 kB: a part of a level 2 cache
_BLOCK_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Passages:
    """Quantised passages of records; those of one record in their order."""

    keys: Ints
    """The record of each passage (passages,)."""
    codes: Codes
    """(passages, size)."""
    scales: Floats
    """(passages,)."""

    @staticmethod
    def none(size: int) -> Passages:
        """No passages at all, of `size` dimensions."""
        empty = np.zeros(0, np.int64), np.zeros((0, size), np.int8), np.zeros(0, np.float32)
        return Passages(*empty)


class Exact:
    """VectorIndex (see `core.ports.VectorIndex`) over the rows of `columns`, by a full scan.

    `size` is the number of dimensions. Each row of the columns must be brought in, in order, by
    `extend` or `append`, also one that has no passage.
    """

    def __init__(self, columns: PartitionColumns, size: int) -> None:
        self._columns = columns
        self._codes, self._scales = Growing(np.int8, size), Growing(np.float32)
        self._first, self._passages = Growing(np.int64), Growing(np.int64)
        self._norm = Growing(np.float32)
        self._several = False
        self._version = -1
        self._known = np.full((2, 0), NOBODY)
        self._near = self._across = self._beside = np.zeros(0, np.float32)
        self._lengths: tuple[float, int, Floats] | None = None
        self._scanned: tuple[bytes, Floats] | None = None

    @property
    def size(self) -> int:
        """Number of dimensions."""
        return int(self._codes.view.shape[1])

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        grown = (self._codes, self._scales, self._first, self._passages, self._norm)
        links = (self._known, self._near, self._across, self._beside)
        return sum(part.nbytes for part in grown) + sum(part.nbytes for part in links)

    def append(self, codes: Codes, scales: Floats) -> None:
        """Add the passages of one row, codes (passages, size) and scales; there may be none."""
        self._first.append(self._codes.size)
        self._passages.append(len(codes))
        self._codes.extend(codes)
        self._scales.extend(scales)
        self._several |= len(codes) > 1
        total = scales @ codes if len(codes) else np.zeros(1, np.float32)
        self._norm.append(float(np.sqrt(total @ total)))
        self._scanned = None

    def extend(self, passages: Passages) -> None:
        """Add the passages of all rows that are not in yet; those of unknown records are left."""
        done, rows = self._first.size, len(self._columns)
        if done == rows:
            return
        chosen, counts = by_row(self._columns.keys[done:], passages.keys)
        self._first.extend(self._codes.size + np.cumsum(counts) - counts)
        self._passages.extend(counts)
        in_order = len(chosen) == len(passages.keys) and bool((np.diff(chosen) == 1).all())
        self._codes.extend(passages.codes if in_order else passages.codes[chosen])
        self._scales.extend(passages.scales if in_order else passages.scales[chosen])
        self._several |= bool((counts > 1).any())
        for start in range(done, rows, _BLOCK_ROWS):
            total = self._sums(np.arange(start, min(start + _BLOCK_ROWS, rows)))
            self._norm.extend(np.sqrt(np.einsum("ij,ij->i", total, total)))
        self._scanned = None

    def _sums(self, rows: Ints) -> Floats:
        """The sum of the passages of each row (rows, size); zero where there is none."""
        # The first passage of each row, then the second of those that have one, and so on: adding
        # up neighbouring rows of a matrix with `add.reduceat` takes six times as long.
        first, counts = self._first.view[rows], self._passages.view[rows]
        sums = np.zeros((len(rows), self.size), np.float32)
        here, number = np.flatnonzero(counts), 0
        while len(here):
            places = first[here] + number
            sums[here] += dequantise(self._codes.view[places], self._scales.view[places])
            number += 1
            here = here[counts[here] > number]
        return sums

    def _vectors(self, rows: Ints) -> Floats:
        """Unit vectors of rows (rows, size); zero for -1 and where a row has none."""
        norms = self._norm.view[rows][:, None]
        vectors = self._sums(rows) / np.where(norms > 0, norms, 1)
        vectors[rows == NOBODY] = 0
        return np.asarray(vectors, np.float32)

    def _scan(self, query: Floats) -> Floats:
        """Cosine of every passage (passages,); kept for the next question about the same query."""
        wanted = query.tobytes()
        if self._scanned is None or self._scanned[0] != wanted:
            codes, size = self._codes.view, len(query)
            scores = np.empty(len(codes), np.float32)
            rows = max(_BLOCK_NUMBERS // max(size, 1), 1)
            block = np.empty((min(rows, len(codes)), size), np.float32)
            for start in range(0, len(codes), rows):
                part = block[: min(rows, len(codes) - start)]
                part[...] = codes[start : start + rows]
                np.dot(part, query, out=scores[start : start + rows])
            scores *= self._scales.view
            self._scanned = wanted, scores
        return self._scanned[1]

    def _by_row(self, scores: Floats, combine: np.ufunc) -> Floats:
        """Scores of passages combined for each row (rows,); 0 where there is none."""
        rows = self._first.size
        if not self._several and len(scores) == rows:
            return scores
        by_row = np.zeros(rows, np.float32)
        held = np.flatnonzero(self._passages.view)
        if len(held):
            by_row[held] = combine.reduceat(scores, self._first.view[held])
        return by_row

    def cosine(self, query: Floats) -> Floats:
        """Cosine of each row's best passage (rows,); -1 where a row has no vector."""
        best = self._by_row(self._scan(query), np.maximum)
        return self._told(best)

    def cosine_pooled(self, query: Floats, neighbour: float = 0.25) -> Floats:
        """Cosine with normalise(e + neighbour * e_previous + neighbour * e_following) (rows,).

        A larger `neighbour` lets the surroundings of a row say more about it; 0 leaves the row
        alone. -1 where a row has no vector of its own.
        """
        norm, columns = self._norm.view, self._columns
        held = norm > 0
        alone = np.zeros(len(norm) + 1, np.float32)  # the last place is nobody's
        np.divide(self._by_row(self._scan(query), np.add), norm, out=alone[:-1], where=held)
        pooled = alone.take(columns.previous, mode="wrap")
        pooled += alone.take(columns.following, mode="wrap")
        pooled *= np.float32(neighbour)
        pooled += alone[:-1]
        pooled /= self._pooled_lengths(neighbour)
        return self._told(pooled)

    def _told(self, cosines: Floats) -> Floats:
        """Cosines with -1 for rows without a vector, and for no others (rows,)."""
        return np.where(self._norm.view > 0, np.maximum(cosines, _LOWEST), np.float32(MISSING))

    def _pooled_lengths(self, neighbour: float) -> Floats:
        """|e + w p + w f| of each row (rows,), kept until neighbours change."""
        version = self._columns.version
        if self._lengths is None or self._lengths[:2] != (neighbour, version):
            self._link()
            square = 1 + neighbour**2 * (self._beside + 2 * self._across)
            square += 2 * neighbour * self._near
            lengths = np.sqrt(np.maximum(square, 1e-6), dtype=np.float32)
            self._lengths = neighbour, version, lengths
        return self._lengths[2]

    def _link(self) -> None:
        """Bring the dot products of neighbours up to date where neighbours have changed."""
        columns = self._columns
        if self._version == columns.version:
            return
        now = np.stack((columns.previous, columns.following))
        rows, before = now.shape[1], self._known.shape[1]
        changed = np.ones(rows, np.bool_)
        changed[:before] = (now[:, :before] != self._known).any(axis=0)
        grown = np.zeros((3, rows), np.float32)
        grown[:, :before] = self._near, self._across, self._beside
        self._near, self._across, self._beside = grown
        stale = np.flatnonzero(changed)
        for start in range(0, len(stale), _BLOCK_ROWS):
            part = stale[start : start + _BLOCK_ROWS]
            here = self._vectors(part)
            previous, following = self._vectors(now[0, part]), self._vectors(now[1, part])
            self._near[part] = np.einsum("ij,ij->i", here, previous + following)
            self._across[part] = np.einsum("ij,ij->i", previous, following)
            self._beside[part] = previous.any(axis=1).astype(np.float32) + following.any(axis=1)
        self._known, self._version = now, columns.version
