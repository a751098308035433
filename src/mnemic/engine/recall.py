"""Search: a query becomes hits. Here indexes, encoder and store meet what `retrieval` decides.

Each partition is searched by itself, with its own statistics; the hits of several are merged by
score. `known_at` asks for the past of the store: a shelf is built for that instant, used, and let
go (slower, and exact).
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mnemic.core.errors import ModelError
from mnemic.core.filters import matches
from mnemic.core.ports import Encoder, Ints, Mask
from mnemic.core.queries import Hit, Hits, Pack, Query, Ranked
from mnemic.core.records import Partition, Record
from mnemic.core.storage import row_of
from mnemic.core.vectors import EncoderId, Floats
from mnemic.engine import large
from mnemic.engine.parts import Parts
from mnemic.index.exact import Passages
from mnemic.index.late import Tokens
from mnemic.index.shelf import Shelf
from mnemic.retrieval.analyse import Analysis, analyse
from mnemic.retrieval.pack import about, pack
from mnemic.retrieval.search import Evidence, recall


def search(parts: Parts, query: Query, *, explain: bool = False) -> Hits:
    """The records that a query finds, best first."""
    begun = time.perf_counter()
    found: list[tuple[float, int, Hit]] = []
    searched: dict[str, Any] = {}
    for partition in query.partitions:
        with parts.shelves.lock:
            ranked, records, told = _search_one(parts, query, partition)
        searched[str(partition)] = told
        for one, record in zip(ranked, records, strict=True):
            why = one.shares if explain else {}
            found.append((-one.score, len(found), Hit(record, one.score, why)))
    hits = tuple(hit for _, _, hit in sorted(found, key=lambda each: each[:2])[: query.limit])
    if not explain:
        return Hits(hits)
    spent = (time.perf_counter() - begun) * 1000
    return Hits(hits, {"milliseconds": round(spent, 3), "searched": searched})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A partition made ready for a question."""

    analysis: Analysis
    evidence: Evidence
    allowed: Mask | None
    encoder: EncoderId | None
    """Whose vectors speak; None where none do."""
    keys: Ints
    """The store's key of each row."""
    rows: int
    """Records that can be found."""
    past: dict[int, Record] | None
    """The records as they were, where the past of the store is asked."""


def prepare(parts: Parts, query: Query, partition: Partition) -> Prepared:
    """Bring a partition up to date, and read the question with its speakers and its encoder."""
    past: dict[int, Record] | None = None
    if query.known_at is not None:
        past = dict(parts.store.known(partition, query.known_at.end - 1))
        shelf, encoder = _shelf_of(parts, past), parts.reader.encoder
    elif (census := parts.shelves.census_if_large(partition)) is not None:
        encoder = parts.reader.encoder
        terms = parts.reader.analyser.query_terms(query.text)
        table = parts.reader.table
        shelf = large.part(parts.store, partition, census, terms, encoder, table)
    else:
        shelf, encoder = parts.shelves.get(partition)
    analysis = analyse(query, shelf.columns.names["speaker"], parts.reader.analyser)
    try:
        vector = _vector(encoder, analysis, shelf)
    except ModelError:
        if encoder is not parts.background:
            raise
        # The service is not to be reached: the encoder on this machine serves instead.
        shelf, encoder = parts.shelves.get(partition, offline=True)
        vector = _vector(encoder, analysis, shelf)
    tokens = None
    if vector is not None and shelf.late is not None:
        tokens = parts.reader.table.query_tokens(analysis.meaning)
    return Prepared(
        analysis,
        Evidence(shelf.columns, shelf.text, shelf.vectors, vector, shelf.late, tokens),
        _allowed(parts, query, shelf, past),
        encoder.id if encoder is not None and vector is not None else None,
        shelf.columns.keys,
        len(shelf),
        past,
    )


def _search_one(
    parts: Parts, query: Query, partition: Partition
) -> tuple[list[Ranked], list[Record], dict[str, Any]]:
    ready = prepare(parts, query, partition)
    ranker = parts.rankers.for_encoder(ready.encoder)
    ranked = recall(query, ready.analysis, ready.evidence, ranker, ready.allowed)
    keys = [int(ready.keys[one.row]) for one in ranked]
    there = ready.past if ready.past is not None else parts.store.by_key(keys)
    # Another process may have forgotten a record since the shelf was brought up to date.
    kept = [(one, there[key]) for one, key in zip(ranked, keys, strict=True) if key in there]
    told = {
        "rows": ready.rows,
        "encoder": str(ready.encoder) if ready.encoder else None,
        "analysis": asdict(ready.analysis),
    }
    return [one for one, _ in kept], [record for _, record in kept], told


def _vector(encoder: Encoder | None, analysis: Analysis, shelf: Shelf) -> Floats | None:
    """The question's vector; None where there is no encoder, or nothing that it can read."""
    if encoder is None or shelf.vectors is None or not analysis.meaning.strip():
        return None
    vector = encoder.encode_query(analysis.meaning)
    return vector if vector.any() else None


def _allowed(
    parts: Parts, query: Query, shelf: Shelf, past: dict[int, Record] | None
) -> Mask | None:
    """A mask of the rows whose record meets the filters; None without filters."""
    if not query.filters:
        return None
    keys = shelf.columns.keys
    allowed = np.zeros(len(keys), np.bool_)
    for start in range(0, len(keys), 5000):
        part = keys[start : start + 5000].tolist()
        records = past if past is not None else parts.store.by_key(part)
        for place, key in enumerate(part, start):
            record = records.get(key)
            allowed[place] = record is not None and matches(record, query.filters)
    return allowed


def _shelf_of(parts: Parts, records: dict[int, Record]) -> Shelf:
    """A shelf of records as they were, read anew."""
    readings = parts.reader.read_records(list(records.values()))
    rows = [
        row_of(key, record, reading)
        for (key, record), reading in zip(records.items(), readings, strict=True)
    ]
    if parts.reader.encoder is None:
        return Shelf(rows)
    vectors = [reading.vectors for reading in readings if reading.vectors is not None]
    if not vectors:
        return Shelf(rows, Passages.none(parts.reader.encoder.id.size))
    cut = [
        (key, passage.token_ids)
        for key, reading in zip(records, readings, strict=True)
        for passage in reading.passages
    ]
    owners = np.array([key for key, _ in cut], np.int64)
    ids = [np.zeros(0, np.uint16) if part is None else part for _, part in cut]
    codes = np.concatenate([part.codes for part in vectors])
    scales = np.concatenate([part.scales for part in vectors])
    tokens = Tokens(owners, np.array([len(part) for part in ids], np.int64), np.concatenate(ids))
    return Shelf(rows, Passages(owners, codes, scales), tokens=(tokens, parts.reader.table))


def context(parts: Parts, query: Query, max_tokens: int) -> Pack:
    """The hits of a query as text for a prompt."""
    hits = search(parts, query)
    terms = parts.reader.analyser.query_terms(query.text)
    relevance = about(terms, parts.reader.analyser)
    return pack(tuple(hits), max_tokens, query.as_of or query.now, relevance)
