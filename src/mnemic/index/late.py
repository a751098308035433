"""Late interaction: each word of a question is compared with each word of a candidate.

A vector of a whole text blurs its words; here every token of the question looks for its nearest
token in the text, and what is found is averaged by how much each says (MaxSim of ColBERT, Khattab
and Zaharia 2020, arXiv 2004.12832, over the static table of `models/static_table.py` instead of a
transformer). A row keeps the ids of its tokens, two bytes each; similarities are computed for the
different ids of the candidates only, so that 300 candidates take about a millisecond.

MaxSim grows with the length of a text, so a row is as good as its best passage, and no passage is
longer than 64 tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.ports import Ints, Mask, QueryTokens
from mnemic.core.vectors import Floats
from mnemic.index.columns import PartitionColumns, by_row
from mnemic.index.growing import Growing

Ids: TypeAlias = NDArray[np.uint16]

_MOST_IDS = 1 << 16


class TokenTable(Protocol):
    """What knows how alike two tokens are."""

    def similarity(self, ids: Ints, others: Ints) -> Floats:
        """Cosines (len(ids), len(others)); 0 for tokens that say nothing."""
        ...

    def says(self, ids: Ids) -> Mask:
        """Which tokens say enough to be compared (len(ids),)."""
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids of passages, one passage after the other; those of one record in their order."""

    keys: Ints
    """The record of each passage (passages,)."""
    lengths: Ints
    """How many ids each has (passages,)."""
    ids: Ids
    """(sum of lengths,)."""

    @staticmethod
    def none() -> Tokens:
        """No passages."""
        return Tokens(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint16))


class Late:
    """TokenIndex (see `core.ports.TokenIndex`) over the rows of `columns`.

    Each row of the columns must be brought in, in order, by `extend`, also one without tokens.
    """

    def __init__(self, columns: PartitionColumns, table: TokenTable) -> None:
        self._columns = columns
        self._table = table
        self._ids = Growing(np.uint16)
        self._starts, self._lengths = Growing(np.int64), Growing(np.int32)  # of passages
        self._first, self._passages = Growing(np.int64), Growing(np.int32)  # of rows

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        parts = (self._ids, self._starts, self._lengths, self._first, self._passages)
        return sum(part.nbytes for part in parts)

    def extend(self, tokens: Tokens) -> None:
        """Add the passages of all rows that are not in yet; those of unknown records are left."""
        done, rows = self._first.size, len(self._columns)
        if done == rows:
            return
        chosen, counts = by_row(self._columns.keys[done:], tokens.keys)
        self._first.extend(self._starts.size + np.cumsum(counts) - counts)
        self._passages.extend(counts)
        lengths = tokens.lengths[chosen]
        begins = np.cumsum(tokens.lengths) - tokens.lengths
        ids = tokens.ids[_ranges(begins[chosen], lengths)]
        # Function words are a third of a text, and no token of a question is looked for in them.
        says = self._table.says(ids)
        lengths = np.bincount(
            np.repeat(np.arange(len(lengths)), lengths)[says], minlength=len(lengths)
        )
        self._starts.extend(self._ids.size + np.cumsum(lengths) - lengths)
        self._lengths.extend(lengths)
        self._ids.extend(ids[says])

    def best(self, rows: Ints, query: QueryTokens) -> Floats:
        """How near each token of the question comes to a row's best passage (rows, tokens).

        0 for a row without tokens; rows may be named more than once.
        """
        found = np.zeros((len(rows), len(query.ids)), np.float32)
        counts = self._passages.view[rows].astype(np.int64)
        passages = _ranges(self._first.view[rows], counts)
        lengths = self._lengths.view[passages].astype(np.int64)
        filled = lengths > 0
        passages, lengths = passages[filled], lengths[filled]
        if not len(passages):
            return found
        ids = self._ids.view[_ranges(self._starts.view[passages], lengths)]
        held = np.zeros(_MOST_IDS, np.bool_)
        held[ids] = True
        different = np.flatnonzero(held)
        place = np.zeros(_MOST_IDS, np.int32)
        place[different] = np.arange(len(different), dtype=np.int32)
        near = self._table.similarity(different, query.ids)
        near = np.maximum(near, 0, out=near)[place[ids]]
        near = np.maximum.reduceat(near, np.cumsum(lengths) - lengths, axis=0)
        owner = np.repeat(np.arange(len(rows)), counts)[filled]
        # The best passage of a row is written last.
        order = np.argsort(near @ query.shares, kind="stable")
        found[owner[order]] = near[order]
        return found


def _ranges(begins: Ints, lengths: Ints) -> Ints:
    """The numbers begin, begin + 1, ... of each range, one range after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Ints = np.arange(total) + np.repeat(begins - (ends - lengths), lengths)
    return numbers
