"""Doctor's questions to SQLite: do log, versions, heads, passages, vectors and text agree?

Each question is one query that finds what contradicts; a finding that is derived can be made again
from the truth, one that is not means that the truth itself is damaged.
"""

from __future__ import annotations

from typing import Final

from mnemic.core.errors import Busy, NotADatabase, ReadOnly
from mnemic.core.storage import Finding
from mnemic.store.sqlite_tables import Tables

_QUESTIONS: Final[tuple[tuple[str, bool, str, str], ...]] = (
    (
        "log",
        False,
        "version {} of record {} has no line in the log",
        "SELECT v.version, v.record FROM versions v LEFT JOIN log l ON l.seq = v.seq "
        "WHERE l.record IS NOT v.record OR l.version IS NOT v.version",
    ),
    (
        "versions",
        False,
        "change {} ({}) made a version that is not there",
        "SELECT l.id, l.verb FROM log l LEFT JOIN versions v ON v.seq = l.seq "
        "WHERE l.verb <> 'link' AND v.seq IS NULL",
    ),
    (
        "versions",
        False,
        "record {} lacks versions: it is at {}",
        "SELECT r.id, r.version FROM records r WHERE r.version <> "
        "(SELECT count(*) FROM versions v WHERE v.record = r.key)",
    ),
    (
        "versions",
        False,
        "version {} of record {} belongs to no record",
        "SELECT v.version, v.record FROM versions v LEFT JOIN records r ON r.key = v.record "
        "WHERE r.key IS NULL",
    ),
    (
        "records",
        False,
        "record {} points to words that are not there (line {})",
        "SELECT r.id, r.text_seq FROM records r LEFT JOIN versions v ON v.seq = r.text_seq "
        "WHERE v.text IS NULL OR v.record IS NOT r.key",
    ),
    (
        "records",
        True,
        "record {} is {} in its head and something else in its last version",
        "SELECT r.id, r.status FROM records r JOIN versions v ON v.record = r.key "
        "AND v.version = r.version WHERE coalesce(json_extract(v.state, '$.status'), 'active') "
        # SQLite reads a number in JSON to 15 digits; its column holds all of them.
        "<> r.status OR abs(coalesce(json_extract(v.state, '$.weight'), 1.0) - r.weight) "
        "> 1e-9 * r.weight "
        "OR json_extract(v.state, '$.valid_from[0]') IS NOT r.valid_from "
        "OR json_extract(v.state, '$.valid_to[0]') IS NOT r.valid_to "
        "OR json_extract(v.state, '$.session_id') IS NOT r.session_id",
    ),
    (
        "text index",
        True,
        "record {} (key {}) is not in the text index",
        "SELECT id, key FROM records WHERE status <> 'forgotten' "
        "AND key NOT IN (SELECT key FROM analysed)",
    ),
    (
        "text index",
        True,
        "row {} of the text index ({} in all) belongs to no record",
        "SELECT key, (SELECT count(*) FROM analysed) FROM analysed "
        "WHERE key NOT IN (SELECT key FROM records WHERE status <> 'forgotten')",
    ),
    (
        "passages",
        True,
        "record {} ({}) has no passages",
        "SELECT r.id, r.status FROM records r WHERE r.status <> 'forgotten' AND NOT EXISTS "
        "(SELECT 1 FROM passages p WHERE p.key BETWEEN r.key << 20 AND (r.key << 20) + 1048575)",
    ),
    (
        "passages",
        True,
        "passage {} of record {} has no record",
        "SELECT p.key & 1048575, p.key >> 20 FROM passages p LEFT JOIN records r "
        "ON r.key = p.key >> 20 WHERE r.status IS NULL OR r.status = 'forgotten'",
    ),
    (
        "vectors",
        True,
        "vector {} of encoder {} has no passage",
        "SELECT v.passage, v.model FROM vectors v LEFT JOIN passages p ON p.key = v.passage "
        "WHERE p.key IS NULL",
    ),
    (
        "vectors",
        True,
        "vector {} of encoder {} has the wrong size",
        "SELECT v.passage, v.model FROM vectors v LEFT JOIN models m ON m.key = v.model "
        "WHERE m.size IS NOT length(v.codes)",
    ),
)
_MENDING: Final = (
    """
    UPDATE records SET
        version = v.version,
        status = coalesce(json_extract(v.state, '$.status'), 'active'),
        weight = coalesce(json_extract(v.state, '$.weight'), 1.0),
        valid_from = json_extract(v.state, '$.valid_from[0]'),
        valid_to = json_extract(v.state, '$.valid_to[0]'),
        speaker = json_extract(v.state, '$.speaker'),
        role = json_extract(v.state, '$.role'),
        kind = json_extract(v.state, '$.kind'),
        ordinal = json_extract(v.state, '$.ordinal'),
        agent_id = json_extract(v.state, '$.agent_id'),
        session_id = json_extract(v.state, '$.session_id'),
        origin = coalesce(json_extract(v.state, '$.origin'), 'user'),
        source = json_extract(v.state, '$.source'),
        external_id = json_extract(v.state, '$.external_id'),
        text_seq = (SELECT max(seq) FROM versions w
                    WHERE w.record = records.key AND w.text IS NOT NULL)
    FROM versions v WHERE v.record = records.key
        AND v.version = (SELECT max(version) FROM versions w WHERE w.record = records.key)
    """,
    "DELETE FROM analysed WHERE key NOT IN (SELECT key FROM records WHERE status <> 'forgotten')",
    "INSERT INTO text (text) VALUES ('rebuild')",
    "DELETE FROM passages WHERE key >> 20 NOT IN "
    "(SELECT key FROM records WHERE status <> 'forgotten')",
    "DELETE FROM vectors WHERE passage NOT IN (SELECT key FROM passages) OR length(codes) <> "
    "(SELECT size FROM models WHERE key = model)",
    "UPDATE partitions SET seq = (SELECT coalesce(max(seq), 0) FROM log)",
)
"""What doctor does first: afterwards every derived row can be written anew."""

_SHOWN: Final = 20
"""Findings told one by one per question."""


class Checks(Tables):
    """The part of `SqliteStore` that answers `doctor`."""

    def check(self) -> list[Finding]:
        """Everything that does not agree."""
        found = [
            Finding("file", row[0], derived=False)
            for row in self._db.all("PRAGMA integrity_check(20)")
            if row[0] != "ok"
        ]
        for where, derived, message, sql in _QUESTIONS:
            rows = self._db.all(f"{sql} LIMIT {_SHOWN}")
            found += [Finding(where, message.format(*row), derived) for row in rows]
        return found + self._check_postings()

    def _check_postings(self) -> list[Finding]:
        try:
            self._db.run("INSERT INTO text (text, rank) VALUES ('integrity-check', 1)")
        except NotADatabase:
            return [Finding("text index", "its postings do not agree with its rows", derived=True)]
        except (ReadOnly, Busy):
            pass  # FTS5 takes this question as a write, though it changes nothing
        return []

    def mend(self) -> None:
        """Make heads anew from versions and drop derived rows that belong to nothing."""
        for sql in _MENDING:
            self._db.run(sql)
