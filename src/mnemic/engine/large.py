"""Partitions too big to hold in memory: search the part of them that the question can be about.

The persistent text index is asked for the rows that hold the question's rare terms; they and their
neighbours in the conversation are loaded, with the frequencies and lengths of the whole partition,
and searched like any other shelf. What a question means but does not say is then found only beside
its words: that is the price, and why a partition is held whole as long as it can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mnemic.core.ports import Encoder
from mnemic.core.records import Partition
from mnemic.core.storage import Store
from mnemic.index import fts5
from mnemic.index.exact import Passages
from mnemic.index.late import Tokens, TokenTable
from mnemic.index.shelf import Shelf
from mnemic.retrieval.shape import SHAPE

_DRAWN: Final = 300
"""Rows that are drawn by their words; neighbours come on top."""


def part(
    store: Store,
    partition: Partition,
    census: tuple[int, float],
    terms: Sequence[str],
    encoder: Encoder | None,
    table: TokenTable,
) -> Shelf:
    """A shelf of the rows that can matter, scored as they would be among all of the partition."""
    rows, average = census
    k1, b = SHAPE.bm25(average)

    def tokens(keys: Sequence[int]) -> list[str]:
        found = store.tokens(keys)
        return [found[key] for key in keys]

    drawn = fts5.draw(
        terms,
        matches=lambda term, limit: store.matches(partition, term, limit),
        document_frequency=lambda term: store.frequency(partition, term),
        tokens=tokens,
        rows=rows,
        average=average,
        k1=k1,
        b=b,
        limit=_DRAWN,
    )
    near = store.rows_near(drawn.keys)
    if encoder is None:
        return Shelf(near, None, drawn.statistics)
    keys = [row.key for row in near]
    passages = Passages(*store.vectors(partition, encoder.id, keys))
    ids = Tokens(*store.token_ids(partition, keys))
    return Shelf(near, passages, drawn.statistics, (ids, table))
