"""What an afternoon gives: SQLite, its full-text search and a numpy matrix, in 40 lines.

Rows and FTS5 in one transaction, all vectors in memory, the z-scores of BM25 and cosine added up.
No sessions, times, speakers, history, erasure or other processes. It is what a memory library has
to be worth more than.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

import numpy as np

from mnemic.core.vectors import Floats


class Baseline:
    """Texts and their vectors in one file; `size` is the vectors' number of dimensions."""

    batches = True

    def __init__(self, path: str, size: int) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5(text)")
        self.db.execute("CREATE TABLE IF NOT EXISTS vectors (id INTEGER PRIMARY KEY, row BLOB)")
        blobs = [blob for (blob,) in self.db.execute("SELECT row FROM vectors ORDER BY id")]
        self.matrix = np.frombuffer(b"".join(blobs), np.float32).reshape(-1, size)
        self.fresh: list[Floats] = []
        self.count = len(self.matrix)

    def add(self, texts: Sequence[str], vectors: Floats | None) -> None:
        assert vectors is not None, "the baseline has no encoder of its own"
        ids = range(self.count + 1, self.count + len(texts) + 1)
        blobs = [row.tobytes() for row in vectors]
        self.db.execute("BEGIN")
        insert = "INSERT INTO texts (rowid, text) VALUES (?, ?)"
        self.db.executemany(insert, zip(ids, texts, strict=True))
        self.db.executemany("INSERT INTO vectors VALUES (?, ?)", zip(ids, blobs, strict=True))
        self.db.execute("COMMIT")
        self.fresh.append(vectors)
        self.count += len(texts)

    def search(self, text: str, vector: Floats | None, k: int) -> list[str]:
        self.matrix, self.fresh = np.concatenate([self.matrix, *self.fresh]), []
        match = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text)) or '""'
        ranked = "SELECT rowid, -rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 100"
        found = np.array(self.db.execute(ranked, [match]).fetchall()).reshape(-1, 2)
        scores = self.matrix @ vector if vector is not None else np.zeros(self.count, np.float32)
        scores = (scores - scores.mean()) / (scores.std() or 1)
        deviation = found[:, 1].std() if len(found) else 0
        scores[found[:, 0].astype(int) - 1] += found[:, 1] / (deviation or 1)
        best = np.argpartition(-scores, min(k, self.count - 1))[:k]
        ids = [int(place) + 1 for place in best[np.argsort(-scores[best])]]
        read = "SELECT text FROM texts WHERE rowid = ?"
        return [self.db.execute(read, [id]).fetchone()[0] for id in ids]

    def close(self) -> None:
        self.db.close()
