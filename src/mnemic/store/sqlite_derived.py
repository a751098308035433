"""Text index, passages and vectors in SQLite: written with a record, read by the indexes.

The first token of a row of the text index names its partition, so that FTS5 cuts a query to one
partition before it reads any posting (154 → 7.6 ms at a million rows). Ranks are never taken from
FTS5: document frequencies there count every partition.

FTS5 writes a segment per commit, and merges them, which was a quarter of the CPU of SQLite for a
turn that comes alone. So analysed tokens are rows of a plain table, and FTS5 is told of them by the
block; until then a search looks through the rows that wait. Both happen in one transaction with the
truth, so nobody sees a record without its words.

In a sealed file tokens, token ids and codes are sealed, and FTS5 is told of nothing: whoever asks
for a word walks through the partition. So partitions are held in memory whole, however large.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sys import intern
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnemic.core.ports import Ints, Row
from mnemic.core.records import Partition
from mnemic.core.storage import Passage, PassageKey, Reading, Vectors
from mnemic.core.vectors import Codes, EncoderId, Floats
from mnemic.store.faults import check_size
from mnemic.store.seal import Seal
from mnemic.store.sqlite_sealed import Sealed

BITS: Final = 20
"""A passage's key is its record's key shifted by this, plus its number."""
_LAST: Final = (1 << BITS) - 1
_MARK: Final = "\ue000"
"""Private use: no analysed token holds it."""

_BLOCK: Final = 512
"""Keys that FTS5 is told of at once. So many rows wait at most; a word is looked up in them in
half a millisecond."""

_AT_ONCE: Final = 5000
"""Rows that are held as tuples while a large answer is read."""

_SAMPLE: Final = 2000
"""Rows, about, by which the mean length of very many is told."""

_BELOW: Final = "indexed_below"
"""The setting that says below which key rows are in FTS5; the view `indexed` reads it."""

_ROW: Final = (
    "SELECT r.key, a.tokens, r.kind, r.session_id, r.ordinal, r.agent_id, r.speaker, r.role, "
    "r.origin, r.valid_from, r.valid_to, r.weight, r.cues, r.status FROM records r "
    "LEFT JOIN analysed a ON a.key = r.key"
)
_INDEXED: Final = (
    "FROM text t JOIN records r ON r.key = t.rowid WHERE t.text MATCH ? AND r.status = 'active'"
)
_WAITING: Final = (
    "FROM records r JOIN analysed a ON a.key = r.key WHERE r.partition = ? AND r.key >= "
    f"coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = '{_BELOW}'), 0) "
    "AND r.status = 'active' AND instr(a.tokens || ' ', ' ' || ? || ' ')"
)


def scope_token(partition: int) -> str:
    """The token that stands for a partition in the text index."""
    return f"{_MARK}{partition}"


class Derived(Sealed):
    """The part of `SqliteStore` that keeps what indexes read."""

    # -- writing

    def _write_reading(self, key: int, partition: int, reading: Reading, new: bool) -> None:
        if not new:
            self._drop_derived(key)
        self._write_text(key, partition, reading, new)
        if reading.vectors is not None:
            self._write_codes(key, reading.vectors)

    def _write_codes(self, key: int, vectors: Vectors) -> None:
        check_size(vectors)
        model = self._model_key(vectors.encoder)
        size, codes, scales = vectors.codes.shape[1], vectors.codes.tobytes(), vectors.scales
        first = key << BITS
        rows = [
            (model, first + number, codes[number * size : (number + 1) * size], scale)
            for number, scale in enumerate(scales.tolist())
        ]
        if (seal := self._seal) is not None:
            rows = [(m, p, seal.shut(_codes_at(m, p), code), scale) for m, p, code, scale in rows]
        self._db.raw.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)

    def _write_text(self, key: int, partition: int, reading: Reading, new: bool) -> None:
        raw, seal = self._db.raw, self._seal
        tokens: str | bytes = f"{scope_token(partition)} {reading.tokens}"
        if seal is not None:
            tokens = seal.shut(_tokens_at(key), reading.tokens.encode())
        raw.execute("INSERT INTO analysed VALUES (?, ?)", (key, tokens))
        if not new:  # it may stand where FTS5 has been already
            raw.execute(
                "INSERT INTO text (rowid, tokens) SELECT key, tokens FROM indexed WHERE key = ?",
                (key,),
            )
        elif key % _BLOCK == 0 and seal is None:
            self._index_waiting(key)
        first = key << BITS
        rows = [
            (
                first + number,
                passage.start,
                passage.end,
                None if passage.token_ids is None else passage.token_ids.tobytes(),
            )
            for number, passage in enumerate(reading.passages)
        ]
        if seal is not None:
            rows = [
                (place, start, end, None if ids is None else seal.shut(_ids_at(place), ids))
                for place, start, end, ids in rows
            ]
        raw.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", rows)

    def _index_waiting(self, below: int) -> None:
        """Tell FTS5 of the rows that wait below a key."""
        run = self._db.raw.execute
        row = run("SELECT value FROM meta WHERE name = ?", (_BELOW,)).fetchone()
        run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_BELOW, str(below)))
        run(
            "INSERT INTO text (rowid, tokens) SELECT key, tokens FROM indexed WHERE key >= ?",
            (int(row[0]) if row else 0,),
        )

    def _drop_text(self, key: int) -> None:
        run = self._db.raw.execute
        run(
            "INSERT INTO text (text, rowid, tokens) "
            "SELECT 'delete', key, tokens FROM indexed WHERE key = ?",
            (key,),
        )
        run("DELETE FROM analysed WHERE key = ?", (key,))
        run("DELETE FROM passages WHERE key BETWEEN ? AND ?", (key << BITS, key << BITS | _LAST))

    def _drop_derived(self, key: int) -> None:
        self._drop_text(key)
        run = self._db.raw.execute
        first, last = key << BITS, key << BITS | _LAST
        for (model,) in run("SELECT key FROM models").fetchall():
            run(
                "DELETE FROM vectors WHERE model = ? AND passage BETWEEN ? AND ?",
                (model, first, last),
            )

    def _model_key(self, encoder: EncoderId) -> int:
        key = self._models.get(encoder)
        if key is None:
            values = (encoder.model, encoder.revision, encoder.quantisation, encoder.size)
            self._db.run(
                "INSERT OR IGNORE INTO models (model, revision, quantisation, size) "
                "VALUES (?, ?, ?, ?)",
                values,
            )
            key = self._find_model(encoder)
            assert key is not None
        return key

    def _find_model(self, encoder: EncoderId) -> int | None:
        key = self._models.get(encoder)
        if key is None:
            row = self._db.one(
                "SELECT key FROM models WHERE model = ? AND revision = ? AND quantisation = ? "
                "AND size = ?",
                (encoder.model, encoder.revision, encoder.quantisation, encoder.size),
            )
            if row is None:
                return None
            key = self._models[encoder] = int(row[0])
        return key

    def encoders(self) -> list[tuple[EncoderId, int]]:
        """Every encoder that has vectors here, with how many, in the order they first came."""
        rows = self._db.all(
            "SELECT model, revision, quantisation, size, (SELECT count(*) FROM vectors v "
            "WHERE v.model = m.key) AS n FROM models m WHERE n ORDER BY key"
        )
        return [(EncoderId(*row[:4]), row[4]) for row in rows]

    def drop_vectors(self, encoder: EncoderId, partition: Partition | None = None) -> int:
        """Remove an encoder's vectors; returns how many there were."""
        model = self._find_model(encoder)
        if model is None:
            return 0
        if partition is None:
            return self._db.run("DELETE FROM vectors WHERE model = ?", (model,))
        return self._db.run(
            "DELETE FROM vectors WHERE model = ? AND passage >> 20 IN "
            "(SELECT key FROM records WHERE partition = ?)",
            (model, self._partition_key(partition)),
        )

    def write_vectors(self, passages: Sequence[PassageKey], vectors: Vectors) -> None:
        """Keep vectors that were computed later."""
        check_size(vectors)
        model, seal = self._model_key(vectors.encoder), self._seal
        for row, passage in enumerate(passages):
            place = passage.key << BITS | passage.number
            # The passage may have been revised or forgotten while its vector was computed.
            found = self._db.one(
                "SELECT r.id, v.seq, v.text, p.start, p.end FROM passages p "
                "JOIN records r ON r.key = p.key >> 20 JOIN versions v ON v.seq = r.text_seq "
                "WHERE p.key = ?",
                (place,),
            )
            if found is None:
                continue
            id, seq, text, start, end = found
            if seal is not None:
                text = self._open_text(seal, id, seq, text)
            if text[start:end] == passage.text:
                codes = vectors.codes[row].tobytes()
                if seal is not None:
                    codes = seal.shut(_codes_at(model, place), codes)
                self._db.run(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
                    (model, place, codes, float(vectors.scales[row])),
                )

    def rewrite(self, readings: Iterable[tuple[int, Reading]]) -> None:
        """Make the derived rows of these records anew; vectors whose passages stay are kept."""
        for key, reading in readings:
            row = self._db.one(
                "SELECT partition FROM records WHERE key = ? AND status <> 'forgotten'", (key,)
            )
            if row is None:
                continue
            old = self._db.all(
                "SELECT start, end FROM passages WHERE key BETWEEN ? AND ? ORDER BY key",
                (key << BITS, key << BITS | _LAST),
            )
            same = old == [(passage.start, passage.end) for passage in reading.passages]
            self._db.run(
                "UPDATE records SET cues = ?, mark = ? WHERE key = ?",
                (reading.cues, reading.mark, key),
            )
            if same:  # vectors of other encoders were paid for
                self._drop_text(key)
                self._write_text(key, row[0], reading, new=False)
                if reading.vectors is not None:
                    self._write_codes(key, reading.vectors)
            else:
                self._write_reading(key, row[0], reading, new=False)

    # -- reading

    def rows(self, partition: Partition, since: int | None = None) -> tuple[list[Row], list[int]]:
        """Active rows and keys of inactive ones."""
        key = self._partition_key(partition)
        sql = f"{_ROW} WHERE r.partition = ?"
        if since is None:
            parts = self._db.parts(
                f"{sql} AND r.status = 'active' ORDER BY r.key", (key,), _AT_ONCE
            )
        else:
            # By the log, and not by an index of last changes, which every write would pay for.
            changed = "AND r.key IN (SELECT record FROM log WHERE seq > ?)"
            parts = self._db.parts(f"{sql} {changed} ORDER BY r.key", (key, since), _AT_ONCE)
        rows: list[Row] = []
        gone: list[int] = []
        for part in parts:
            if self._seal is not None:
                part = self._opened_rows(self._seal, part)
            rows += [_row(each) for each in part if each[-1] == "active"]
            gone += [each[0] for each in part if each[-1] != "active"]
        return rows, gone

    def vectors(
        self, partition: Partition, encoder: EncoderId, keys: Sequence[int] | None = None
    ) -> tuple[Ints, Codes, Floats]:
        """Record key of each passage, codes and scales."""
        model = self._find_model(encoder)
        found: Iterable[list[Any]] = ()
        sql = (
            "SELECT v.passage, v.codes, v.scale FROM records r CROSS JOIN vectors v "
            "ON v.model = ? AND v.passage BETWEEN r.key << 20 AND (r.key << 20) + 1048575 "
        )
        if model is not None and keys is None:
            found = self._db.parts(
                f"{sql} WHERE r.partition = ? AND r.status = 'active' ORDER BY r.key, v.passage",
                (model, self._partition_key(partition)),
                _AT_ONCE,
            )
        elif model is not None and keys is not None:
            wanted = (
                f"{sql} WHERE r.partition = ? AND r.status = 'active' AND r.key IN ({{}}) "
                "ORDER BY r.key, v.passage"
            )
            about = (model, self._partition_key(partition))
            found = [list(self._among(wanted, sorted(keys), about))]
        if (seal := self._seal) is not None and model is not None:
            found = (
                [
                    (place, seal.open(_codes_at(model, place), code), scale)
                    for place, code, scale in part
                ]
                for part in found
            )
        return _packed(found, encoder.size)

    def token_ids(
        self, partition: Partition, keys: Sequence[int] | None = None
    ) -> tuple[Ints, Ints, NDArray[np.uint16]]:
        """Record key and number of ids of each passage, and all ids."""
        sql = (
            "SELECT p.key, p.token_ids FROM records r CROSS JOIN passages p "
            "ON p.key BETWEEN r.key << 20 AND (r.key << 20) + 1048575 "
            "WHERE r.partition = ? AND r.status = 'active' {} ORDER BY r.key, p.key"
        )
        about = (self._partition_key(partition),)
        found: Iterable[list[Any]]
        if keys is None:
            found = self._db.parts(sql.format(""), about, _AT_ONCE)
        else:
            wanted = sql.format("AND r.key IN ({})")
            found = [list(self._among(wanted, sorted(keys), about))]
        if (seal := self._seal) is not None:
            found = (
                [(place, ids and seal.open(_ids_at(place), ids)) for place, ids in part]
                for part in found
            )
        owners, lengths = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        ids = [np.zeros(0, np.uint16)]
        for part in found:
            blobs = [row[1] or b"" for row in part]
            owners.append(np.array([row[0] for row in part], np.int64) >> BITS)
            lengths.append(np.array([len(blob) for blob in blobs], np.int64) // 2)
            ids.append(np.frombuffer(b"".join(blobs), "<u2").astype(np.uint16))
        return np.concatenate(owners), np.concatenate(lengths), np.concatenate(ids)

    def unencoded(
        self,
        partition: Partition,
        encoder: EncoderId,
        limit: int,
        *,
        only: Sequence[str] | None = None,
        others: Sequence[str] = (),
    ) -> list[PassageKey]:
        """Passages of active records that have no vector of this encoder yet."""
        seal = self._seal
        words = "substr(v.text, p.start + 1, p.end - p.start)"
        conditions, kinds = "", [*others]
        if others:
            conditions = f"AND r.kind NOT IN ({','.join('?' * len(others))}) "
        if only is not None:
            conditions += f"AND r.kind IN ({','.join('?' * len(only))}) "
            kinds += only
        rows = self._db.all(
            f"SELECT p.key, {words if seal is None else 'v.text, v.seq, r.id, p.start, p.end'} "
            "FROM records r "
            "CROSS JOIN passages p ON p.key BETWEEN r.key << 20 AND (r.key << 20) + 1048575 "
            "JOIN versions v ON v.seq = r.text_seq "
            f"WHERE r.partition = ? AND r.status = 'active' {conditions}AND NOT EXISTS "
            "(SELECT 1 FROM vectors WHERE model = ? AND passage = p.key) "
            "ORDER BY r.key, p.key LIMIT ?",
            (self._partition_key(partition), *kinds, self._find_model(encoder), limit),
        )
        if seal is not None:
            rows = [
                (place, self._open_text(seal, id, seq, text)[start:end])
                for place, text, seq, id, start, end in rows
            ]
        return [PassageKey(key >> BITS, key & _LAST, text) for key, text in rows]

    def passages(self, key: int) -> list[Passage]:
        """The passages of a record."""
        rows = self._db.all(
            "SELECT start, end, token_ids, key FROM passages WHERE key BETWEEN ? AND ? "
            "ORDER BY key",
            (key << BITS, key << BITS | _LAST),
        )
        if (seal := self._seal) is not None:
            rows = [(*row[:2], row[2] and seal.open(_ids_at(row[3]), row[2])) for row in rows]
        return [
            Passage(row[0], row[1], None if row[2] is None else np.frombuffer(row[2], dtype="<u2"))
            for row in rows
        ]

    def matches(self, partition: Partition, term: str, limit: int) -> list[int]:
        """Keys of active records that hold an analysed token."""
        key = self._partition_key(partition)
        if key is None:
            return []
        if self._seal is not None:
            return self._holding(partition, term)[:limit]
        rows = self._db.all(
            f"SELECT * FROM (SELECT r.key {_INDEXED} ORDER BY t.rowid LIMIT ?) "
            f"UNION ALL SELECT r.key {_WAITING}",
            (_match(key, term), limit, key, term),
        )
        return sorted(row[0] for row in rows)[:limit]

    def tokens(self, keys: Sequence[int]) -> dict[int, str]:
        """The analysed text of these records."""
        rows = self._among("SELECT key, tokens FROM analysed WHERE key IN ({})", keys)
        return {key: self._tokens_of(key, kept) for key, kept in rows}

    def _tokens_of(self, key: int, kept: Any) -> str:
        """The analysed text out of what `analysed` keeps."""
        if self._seal is not None:
            return self._seal.open(_tokens_at(key), kept).decode()
        return str(kept).partition(" ")[2]

    def frequency(self, partition: Partition, term: str) -> int:
        """How many active records of the partition hold an analysed token."""
        if self._seal is not None:
            return len(self._holding(partition, term))
        key = self._partition_key(partition)
        row = self._db.one(
            f"SELECT (SELECT count(*) {_INDEXED}) + (SELECT count(*) {_WAITING})",
            (_match(key, term), key, term),
        )
        return int(row[0])

    def _holding(self, partition: Partition, term: str) -> list[int]:
        """Keys of active records that hold a token, in a file without a text index."""
        return [row.key for row in self.rows(partition)[0] if term in row.tokens.split()]

    def census(self, partition: Partition, above: int) -> tuple[int, float] | None:
        """Active records of a partition and their mean number of tokens, where they are many."""
        if self._seal is not None:
            return None  # without a text index no part of it can be drawn: it is held whole
        key = self._partition_key(partition)
        # Without their status first: the index alone answers, and nearly always that is enough.
        if self._db.one("SELECT count(*) FROM records WHERE partition = ?", (key,))[0] <= above:
            return None
        count = self._db.one(
            "SELECT count(*) FROM records WHERE partition = ? AND status = 'active'", (key,)
        )[0]
        if count <= above:
            return None
        # A row's tokens are as many as its blanks, for the first one names the partition.
        mean = self._db.one(
            "SELECT avg(length(rtrim(tokens)) - length(replace(tokens, ' ', ''))) FROM analysed a "
            "WHERE a.key IN (SELECT key FROM records WHERE partition = ? AND status = 'active' "
            "AND (key * 2654435761 >> 16) % ? = 0)",  # scattered: two that take turns have both
            (key, max(1, count // _SAMPLE)),
        )[0]
        return count, float(mean or 0.0)

    def rows_near(self, keys: Sequence[int]) -> list[Row]:
        """The active rows of these keys, and those before and after each in its session."""
        near = set(keys)
        for key in keys:
            for way, order in ((">", "ASC"), ("<", "DESC")):
                row = self._db.one(
                    "SELECT b.key FROM records a JOIN records b ON b.partition = a.partition "
                    f"AND b.session_id = a.session_id AND (b.ordinal, b.key) {way} "
                    "(a.ordinal, a.key) WHERE a.key = ? AND b.status = 'active' "
                    f"ORDER BY b.ordinal {order}, b.key {order} LIMIT 1",
                    (key,),
                )
                if row is not None:
                    near.add(row[0])
        found = self._among(
            f"{_ROW} WHERE r.status = 'active' AND r.key IN ({{}}) ORDER BY r.key", sorted(near)
        )
        if self._seal is not None:
            found = iter(self._opened_rows(self._seal, found))
        return [_row(each) for each in found]

    def _opened_rows(self, seal: Seal, found: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        """Rows of `_ROW` with tokens as a file without a seal keeps them."""
        return [
            (each[0], each[1] and f" {seal.open(_tokens_at(each[0]), each[1]).decode()}", *each[2:])
            for each in found
        ]


def _tokens_at(key: int) -> str:
    return f"tokens:{key}"


def _ids_at(place: int) -> str:
    return f"ids:{place}"


def _codes_at(model: int, place: int) -> str:
    return f"codes:{model}:{place}"


def _packed(parts: Iterable[list[Any]], size: int) -> tuple[Ints, Codes, Floats]:
    """Rows of (passage, codes, scale) as arrays, part by part: tuples take five times as much."""
    owners = [np.zeros(0, np.int64)]
    codes, scales = [np.zeros((0, size), np.int8)], [np.zeros(0, np.float32)]
    for part in parts:
        owners.append(np.array([row[0] for row in part], np.int64) >> BITS)
        joined = np.frombuffer(b"".join([row[1] for row in part]), np.int8)
        codes.append(joined.reshape(len(part), size))
        scales.append(np.array([row[2] for row in part], np.float32))
    return np.concatenate(owners), np.concatenate(codes), np.concatenate(scales)


def _match(partition: int | None, term: str) -> str:
    """FTS5's expression for rows of a partition with a token; words hold no quotes."""
    quoted = term.replace('"', "")
    return f'"{scope_token(partition or 0)}" AND "{quoted}"'


def _row(found: Sequence[Any]) -> Row:
    key, tokens, kind, session, ordinal, agent, speaker, role, origin, *rest, _ = found
    return Row(  # names are said of many rows, and kept once
        key,
        (tokens or "").partition(" ")[2],
        intern(kind),
        session and intern(session),
        ordinal,
        agent and intern(agent),
        speaker and intern(speaker),
        role and intern(role),
        intern(origin),
        *rest,
    )
