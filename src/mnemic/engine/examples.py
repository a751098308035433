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
from mnemic.engine.ready import ready
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
        here = ready(parts, query, partition, parts.encoders.groups(parts.store)[0])
        rows, values = consider(
            query, here.analysis, here.evidence, here.allowed, parts.effort.shape
        )
    keys = [int(key) for key in here.keys[rows]]
    records = here.records(parts, keys)
    holds = np.array([key in records and records[key].id in relevant for key in keys], np.bool_)
    return here.encoder, Example(values, holds, len(relevant), group, weight)
