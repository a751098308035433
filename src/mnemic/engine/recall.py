"""Search: a query becomes hits; hits become the context of a prompt.

Each partition is searched by itself, with its own statistics (`ready.py` brings it up to date); the
hits of several are merged by score, which is a probability. A judge, where one is given, reads the
best few again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from mnemic.core.queries import Hit, Hits, Pack, Query, Ranked
from mnemic.core.records import Partition, Record
from mnemic.engine.parts import Parts
from mnemic.engine.ready import Ready, ready
from mnemic.engine.vectors.encoders import ALL, Group
from mnemic.language.asked import asked
from mnemic.language.questions import asks_when
from mnemic.retrieval.associate import associate
from mnemic.retrieval.conflicts import conflicts
from mnemic.retrieval.graph import Tie, graph, ties
from mnemic.retrieval.pack import about, pack
from mnemic.retrieval.rerank import Candidate, Judge, rerank
from mnemic.retrieval.route import Route, escalates, follow_up, route
from mnemic.retrieval.search import recall
from mnemic.retrieval.shape import SHAPE

_READ_AGAIN = 30
"""Hits that a judge reads."""
_FACTS = 3
"""Hits whose words join the question of a second round."""

_Found = tuple[Ranked, Record]


def search(
    parts: Parts, query: Query, *, explain: bool = False, judge: Judge | None = None
) -> Hits:
    """The records that a query finds, best first."""
    begun = time.perf_counter()
    # The threshold is for what is shown: a judge, or a second round, may find a hit likelier.
    limit = query.limit if judge is None else max(query.limit, _READ_AGAIN)
    wide = replace(query, limit=limit, threshold=None)
    every: list[_Found] = []
    searched: dict[str, Any] = {}
    for partition in query.partitions:
        with parts.shelves.lock:
            found, told = _search_one(parts, wide, partition)
        every += found
        if explain:
            searched[str(partition)] = told()
    every.sort(key=lambda one: -one[0].score)  # of equals the order of the partitions stays
    explanation: dict[str, Any] = {"searched": searched}
    if judge is not None:
        every, explanation["rerank"] = _judged(query, every, judge)
    hits = tuple(
        Hit(record, one.score, *((one.shares, one.features) if explain else ({}, {})))
        for one, record in every[: query.limit]
        if query.threshold is None or one.score >= query.threshold
    )
    if not explain:
        return Hits(hits)
    spent = (time.perf_counter() - begun) * 1000
    return Hits(hits, {"milliseconds": round(spent, 3), **explanation})


def _search_one(
    parts: Parts, query: Query, partition: Partition
) -> tuple[list[_Found], Callable[[], dict[str, Any]]]:
    """What a partition holds for a question, and what tells how it was found."""
    every = (ALL,) if query.known_at is not None else parts.encoders.groups(parts.store)
    if len(every) == 1:
        return _search_group(parts, query, partition, every[0])
    # Scores are probabilities, so kinds that are read by different encoders can be merged.
    parted = [_search_group(parts, query, partition, group) for group in every]
    merged: list[_Found] = []
    for found, _ in parted:
        merged = _merged(merged, found, query.limit)
    return merged, lambda: {"parts": [told() for _, told in parted]}


def _search_group(
    parts: Parts, query: Query, partition: Partition, group: Group
) -> tuple[list[_Found], Callable[[], dict[str, Any]]]:
    """The same, among the kinds of record that one encoder reads."""
    begun = time.perf_counter()
    here = ready(parts, query, partition, group)
    prepared = time.perf_counter()
    found = _round(parts, query, here)
    best = found[0][0].score if found else None
    rounds = 1
    if parts.effort.again and escalates(_route(parts, here), best):
        # What was found names what the question did not: ask again with its words.
        texts = [record.text for _, record in found[:_FACTS]]
        again = replace(query, text=follow_up(query.text, texts))
        more = _round(parts, again, ready(parts, again, partition, group))
        found = _merged(found, more, query.limit)
        rounds = 2
    ranked = time.perf_counter()

    def told() -> dict[str, Any]:
        return {
            "rows": here.rows,
            "encoder": str(here.encoder) if here.encoder else None,
            "analysis": asdict(here.analysis),
            "repairs": [f"{one.wrong} → {one.right}" for one in here.repairs],
            "route": asdict(_route(parts, here)),
            "rounds": rounds,
            "milliseconds": {
                "ready": round((prepared - begun) * 1000, 3),
                "rank": round((ranked - prepared) * 1000, 3),
            },
        }

    return found, told


def _route(parts: Parts, here: Ready) -> Route:
    """The way that a question takes."""
    return route(
        here.text,
        asked(here.text),
        rows=here.rows,
        dated=bool(here.analysis.spans),
        vectors=here.encoder is not None,
        links=here.rows - 1,  # who follows whom; links that were drawn come on top
        kinds=here.evidence.columns.names["kind"],
        effort=parts.effort,
    )


def _round(parts: Parts, query: Query, here: Ready) -> list[_Found]:
    """The best rows for a question, with their records."""
    ranker = parts.rankers.for_encoder(here.encoder)
    shape = parts.effort.shape
    way = _route(parts, here) if parts.effort.hops else None
    if way is not None and way.hops:
        wide = replace(query, limit=max(query.limit, SHAPE.pool))
        ranked = recall(wide, here.analysis, here.evidence, ranker, here.allowed, shape)
        edges = graph(here.evidence.columns, _ties(parts, here))
        ranked = associate(ranked, edges, ranker.odds, hops=way.hops)[: query.limit]
    else:
        ranked = recall(query, here.analysis, here.evidence, ranker, here.allowed, shape)
    keys = [int(here.keys[one.row]) for one in ranked]
    there = here.records(parts, keys)
    # Another process may have forgotten a record since the shelf was brought up to date.
    return [(one, there[key]) for one, key in zip(ranked, keys, strict=True) if key in there]


def _ties(parts: Parts, here: Ready) -> list[Tie]:
    """The links between the records of a partition."""
    keys = here.keys.tolist()
    records = here.records(parts, keys)
    row_of = {records[key].id: row for row, key in enumerate(keys) if key in records}
    return ties(parts.store.links(list(row_of)), row_of)


def _merged(first: list[_Found], second: list[_Found], limit: int) -> list[_Found]:
    """Both rounds, each record with its better score; the first round wins a tie."""
    best: dict[str, _Found] = {}
    for one, record in (*first, *second):
        if record.id not in best or one.score > best[record.id][0].score:
            best[record.id] = one, record
    return sorted(best.values(), key=lambda found: -found[0].score)[:limit]


def _judged(query: Query, found: list[_Found], judge: Judge) -> tuple[list[_Found], Any]:
    candidates = [Candidate(str(record), one) for one, record in found]
    done = rerank(query.text, candidates, judge, query.dialogue, most=_READ_AGAIN)
    order = [found[place][1] for place in done.order]
    return list(zip(done.ranked, order, strict=True)), dict(done.told)


def context(parts: Parts, query: Query, max_tokens: int) -> Pack:
    """The hits of a query as text for a prompt."""
    hits = search(parts, query)
    analyser = parts.reader.analyser
    relevance = about(
        analyser.query_terms(query.text),
        analyser,
        when=asks_when(query.text),
        meaning=_meaning(parts, query.text),
    )
    records = [hit.record for hit in hits]
    denied = conflicts(records, parts.store.links([record.id for record in records]))
    return pack(
        tuple(hits),
        max_tokens,
        query.as_of or query.now,
        relevance,
        conflicts=denied,
        language=analyser.language,
    )


def _meaning(parts: Parts, question: str) -> Callable[[str], float] | None:
    """How near a sentence comes to the question by the static table, where it can read it."""
    if parts.reader.encoder is None:
        return None
    table = parts.reader.table
    asked = table.encode_query(question)
    if not asked.any():
        return None
    return lambda sentence: float(table.encode_query(sentence) @ asked)
