"""A partition made ready for a question: brought up to date, and the question read beside it.

Here indexes, encoder and store meet what `retrieval` asks for. Misspelt words are put right by the
words that the partition holds, a time that is given by an event ("two weeks before the wedding") is
looked up. `known_at` asks for the past of the store: a shelf is built for that instant, used, and
let go (slower, and exact).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mnemic.core.errors import ModelError
from mnemic.core.filters import matches
from mnemic.core.ports import Encoder, Ints, Mask
from mnemic.core.queries import Query
from mnemic.core.records import Partition, Record
from mnemic.core.storage import row_of
from mnemic.core.vectors import EncoderId, Floats
from mnemic.engine import large
from mnemic.engine.parts import Parts
from mnemic.engine.vectors.encoders import ALL, Group
from mnemic.index.exact import Passages
from mnemic.index.late import Tokens
from mnemic.index.shelf import Shelf
from mnemic.language.spelling import Change, repaired
from mnemic.retrieval.analyse import Analysis, analyse
from mnemic.retrieval.anchors import Told, anchored, resolved
from mnemic.retrieval.search import Evidence, recall

_TELLING = 10
"""Records that are looked at for the time of an event."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What a search of one partition needs."""

    analysis: Analysis
    evidence: Evidence
    text: str
    """The question as it was searched, with misspelt words put right."""
    allowed: Mask | None
    encoder: EncoderId | None
    """Whose vectors speak; None where none do."""
    keys: Ints
    """The store's key of each row."""
    rows: int
    """Records that can be found."""
    past: dict[int, Record] | None
    """The records as they were, where the past of the store is asked."""
    repairs: tuple[Change, ...] = ()
    """Words of the question that were taken for others."""

    def records(self, parts: Parts, keys: list[int]) -> dict[int, Record]:
        """The records of these keys, as they stand, or stood."""
        return self.past if self.past is not None else parts.store.by_key(keys)


def ready(parts: Parts, query: Query, partition: Partition, group: Group = ALL) -> Ready:
    """Bring a partition up to date, and read the question with its words and its encoder.

    `group`: the kinds of record that are meant, with the encoders that read them.
    """
    past: dict[int, Record] | None = None
    whole = True
    if query.known_at is not None:
        past = dict(parts.store.known(partition, query.known_at.end - 1))
        shelf, encoder = _shelf_of(parts, past), parts.reader.encoder
    else:
        shelf, encoder, whole = _present(parts, query, partition, group)
    repairs: tuple[Change, ...] = ()
    if whole:
        # Of a large partition only the rows that hold the question's words are at hand.
        analyser, ordinary = parts.reader.analyser, parts.reader.ordinary
        fixed = repaired(query.text, analyser, shelf.text.holding, ordinary)
        query, repairs = replace(query, text=fixed.text), fixed.changes
    analysis = analyse(query, shelf.columns.names["speaker"], parts.reader.analyser)
    try:
        vector = _vector(encoder, analysis, shelf)
    except ModelError:
        if encoder is parts.encoders.inline:
            raise
        # The service is not to be reached: the encoder on this machine serves instead.
        shelf, encoder, whole = _present(parts, query, partition, ALL)
        vector = _vector(encoder, analysis, shelf)
    tokens = None
    if vector is not None and shelf.late is not None:
        tokens = parts.reader.table.query_tokens(analysis.meaning)
    found = Ready(
        analysis,
        Evidence(shelf.columns, shelf.text, shelf.vectors, vector, shelf.late, tokens),
        query.text,
        _allowed(parts, query, shelf, past, group),
        encoder.id if encoder is not None and vector is not None else None,
        shelf.columns.keys,
        len(shelf),
        past,
        repairs,
    )
    return _dated_by_event(parts, query, found)


def _present(
    parts: Parts, query: Query, partition: Partition, group: Group
) -> tuple[Shelf, Encoder | None, bool]:
    """A partition as it stands now, who reads it, and whether it is held whole."""
    census = parts.shelves.census_if_large(partition)
    if census is None:
        return *parts.shelves.get(partition, group), True
    encoder = parts.shelves.serving(partition, group)
    terms = parts.reader.analyser.query_terms(query.text)
    shelf = large.part(parts.store, partition, census, terms, encoder, parts.reader.table)
    return shelf, encoder, False


def _dated_by_event(parts: Parts, query: Query, found: Ready) -> Ready:
    """The same, with the period that the question gives by an event which the memory knows."""
    anchor = anchored(query.text)
    if anchor is None or (not anchor.unit and anchor.side):
        return found  # "before the wedding" is open, and says too little
    analyser = parts.reader.analyser
    event = replace(query, text=anchor.event, limit=_TELLING, threshold=None, dialogue=())
    read = analyse(event, found.evidence.columns.names["speaker"], analyser)
    words = replace(found.evidence, query_vector=None, tokens=None)
    ranked = recall(event, read, words, parts.rankers.words, found.allowed)
    keys = [int(found.keys[one.row]) for one in ranked]
    records = found.records(parts, keys)
    told = [
        Told(record.text, record.valid_from)
        for record in (records[key] for key in keys if key in records)
        if record.valid_from is not None
    ]
    span = resolved(anchor, told, analyser, query.now)
    if span is None:
        return found
    spans = (*found.analysis.spans, (span.start, span.end))
    return replace(found, analysis=replace(found.analysis, spans=spans))


def _vector(encoder: Encoder | None, analysis: Analysis, shelf: Shelf) -> Floats | None:
    """The question's vector; None where there is no encoder, or nothing that it can read."""
    if encoder is None or shelf.vectors is None or not analysis.meaning.strip():
        return None
    vector = encoder.encode_query(analysis.meaning)
    return vector if vector.any() else None


def _allowed(
    parts: Parts, query: Query, shelf: Shelf, past: dict[int, Record] | None, group: Group
) -> Mask | None:
    """A mask of the rows of the group whose record meets the filters; None for all of them."""
    names = shelf.columns.names["kind"]
    mine = None
    if not all(map(group.holds, names)):
        mine = np.array([group.holds(name) for name in names], np.bool_)[shelf.columns.kind]
    if not query.filters:
        return mine
    keys = shelf.columns.keys
    allowed = np.zeros(len(keys), np.bool_)
    for start in range(0, len(keys), 5000):
        part = keys[start : start + 5000].tolist()
        records = past if past is not None else parts.store.by_key(part)
        for place, key in enumerate(part, start):
            record = records.get(key)
            allowed[place] = record is not None and matches(record, query.filters)
    return allowed if mine is None else allowed & mine


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
