"""Labelled questions → the candidates that search considers for them, with what it knows of each.

What `retrieval/fit.py` learns from. A question is read and searched exactly as `search` does it, so
that weights are fitted to the features that they will meet.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from mnemic.core.queries import Query
from mnemic.core.vectors import EncoderId
from mnemic.engine.parts import Parts
from mnemic.engine.recall import prepare
from mnemic.retrieval.fit import Example
from mnemic.retrieval.search import consider


def example(
    parts: Parts, query: Query, relevant: Collection[str], group: str, weight: float = 1.0
) -> tuple[EncoderId | None, Example]:
    """The candidates of a question to one partition; `relevant` are ids of records.

    Also tells whose vectors spoke, since each kind has weights of its own.
    """
    (partition,) = query.partitions
    with parts.shelves.lock:
        ready = prepare(parts, query, partition)
        rows, values = consider(query, ready.analysis, ready.evidence, ready.allowed)
    keys = [int(key) for key in ready.keys[rows]]
    records = ready.past if ready.past is not None else parts.store.by_key(keys)
    holds = np.array([key in records and records[key].id in relevant for key in keys], np.bool_)
    return ready.encoder, Example(values, holds, len(relevant), group, weight)
