"""One partition as it stands ready to be searched: columns, text index and vectors together.

The engine keeps a few of these in memory, takes them down when they were not used for long, and
tells each of them what changed. Everything here can be made again from the store, and holds the
same as if it had been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from mnemic.core.ports import Row
from mnemic.core.vectors import Codes, Floats
from mnemic.index.columns import PartitionColumns
from mnemic.index.exact import Exact, Passages
from mnemic.index.late import Late, Tokens, TokenTable
from mnemic.index.postings import Postings, Statistics


class Shelf:
    """The rows of one partition with their text index and, if there are vectors, those.

    >>> shelf = Shelf([Row(1, "move lisbon", "turn", "s", 0)])
    >>> shelf.append(Row(2, "tea", "turn", "s", 1))
    >>> shelf.text.bm25(["tea"], 1.2, 0.75).tolist()[0], len(shelf)
    (0.0, 2)
    """

    def __init__(
        self,
        rows: Sequence[Row] = (),
        passages: Passages | None = None,
        statistics: Statistics | None = None,
        tokens: tuple[Tokens, TokenTable] | None = None,
    ) -> None:
        """Build from a store.

        `passages` None: without vectors; else those of all rows, of one encoder. `statistics`:
        those of the whole partition, when `rows` are a part of it (see `index/fts5.py`). `tokens`:
        those of all rows, and the table that compares them; None: without late interaction.
        """
        self.columns = PartitionColumns(rows)
        self.text = Postings(self.columns, [row.tokens for row in rows], statistics)
        self.vectors: Exact | None = None
        if passages is not None:
            self.vectors = Exact(self.columns, passages.codes.shape[1])
            self.vectors.extend(passages)
        self.late: Late | None = None
        if tokens is not None:
            self.late = Late(self.columns, tokens[1])
            self.late.extend(tokens[0])

    def __len__(self) -> int:
        """Records that can be found."""
        return self.columns.living

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        vectors = self.vectors.nbytes if self.vectors else 0
        late = self.late.nbytes if self.late else 0
        return self.columns.nbytes + self.text.nbytes + vectors + late

    @property
    def worn(self) -> bool:
        """Whether so many rows were removed that a new shelf from the store would pay."""
        gone = len(self.columns) - len(self)
        return gone > max(1000, len(self) // 2)

    def append(self, row: Row, codes: Codes | None = None, scales: Floats | None = None) -> None:
        """Add a record that is not here yet, with its passages (passages, size) and scales."""
        place = self.columns.append(row)
        self.text.append(place, row.tokens)
        if self.vectors is not None:
            none = np.zeros((0, self.vectors.size), np.int8), np.zeros(0, np.float32)
            self.vectors.append(*none if codes is None or scales is None else (codes, scales))
        if self.late is not None:
            self.late.extend(Tokens.none())

    def remove(self, keys: Iterable[int]) -> None:
        """Take records out; keys that are not here are passed over."""
        here = [key for key in dict.fromkeys(keys) if key in self.columns]
        self.text.remove([self.columns.remove(key) for key in here])

    def follow(
        self,
        rows: Sequence[Row],
        gone: Iterable[int],
        passages: Passages | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        """Take over what changed in the store: new and altered rows, and keys that went.

        `passages` and `tokens` are those of `rows`; a shelf without vectors leaves them aside.
        """
        self.remove([*gone, *(row.key for row in rows)])
        first = len(self.columns)
        self.columns.extend(rows)
        for place, row in enumerate(rows, first):
            self.text.append(place, row.tokens)
        if self.vectors is not None:
            nothing = Passages.none(self.vectors.size)
            self.vectors.extend(nothing if passages is None else passages)
        if self.late is not None:
            self.late.extend(Tokens.none() if tokens is None else tokens)
