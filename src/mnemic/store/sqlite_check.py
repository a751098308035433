"""Doctor's questions to SQLite: do log, versions, heads, links, passages, vectors and text agree?

Most questions are one query that finds what contradicts; the rest walk through a table once. A
finding that is derived can be made again from the truth, one that is not means that the truth
itself is damaged. A question that the file cannot answer is a finding, too: nothing is raised.

What only a reading of the texts can tell (other words, other passages, other vectors) is left to
`engine/doctor.py`, which asks `kept` for it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from mnemic.core.clock import Micros
from mnemic.core.errors import Busy, Closed, NotADatabase, ReadOnly, StoreError
from mnemic.core.storage import DERIVED_FROM, Finding, Kept, Passage
from mnemic.core.vectors import Codes, EncoderId
from mnemic.store.sqlite_reads import Reads


class _Question(NamedTuple):
    where: str
    derived: bool
    message: str
    sql: str
    """May hold `{overhead}`: bytes that a kept value is longer than what it holds."""


_STATE: Final = "CASE WHEN json_valid(v.state) THEN v.state ELSE '{}' END"
_SAID: Final = (
    f"coalesce(json_extract({_STATE}, '$.status'), 'active') AS status, "
    f"coalesce(json_extract({_STATE}, '$.weight'), 1.0) AS weight, "
    f"coalesce(json_extract({_STATE}, '$.origin'), 'user') AS origin, "
    f"json_extract({_STATE}, '$.valid_from[0]') AS valid_from, "
    f"json_extract({_STATE}, '$.valid_to[0]') AS valid_to"
)
_SAME: Final = ("kind", "ordinal", "agent_id", "session_id", "speaker", "role")
_NAMES: Final = ("source", "external_id")
_QUESTIONS: Final = (
    _Question(
        "log",
        False,
        "changes {} to {} are missing",
        "SELECT before + 1, seq - 1 FROM (SELECT seq, lag(seq, 1, 0) OVER (ORDER BY seq) AS before "
        "FROM log) WHERE seq <> before + 1",
    ),
    _Question(
        "log",
        False,
        "ends before change {}, which the memories of {!r} have seen",
        "SELECT seq, user_id FROM partitions WHERE seq > (SELECT coalesce(max(seq), 0) FROM log)",
    ),
    _Question(
        "log",
        False,
        "change {} ({}) is of a record that is not there",
        "SELECT id, verb FROM log WHERE record NOT IN (SELECT key FROM records)",
    ),
    _Question(
        "log",
        False,
        "version {} of record {} has no line in the log",
        "SELECT v.version, coalesce(r.id, v.record) FROM versions v LEFT JOIN log l "
        "ON l.seq = v.seq LEFT JOIN records r ON r.key = v.record "
        "WHERE l.record IS NOT v.record OR l.version IS NOT v.version",
    ),
    _Question(
        "versions",
        False,
        "change {} ({}) made a version that is not there",
        "SELECT l.id, l.verb FROM log l LEFT JOIN versions v ON v.seq = l.seq "
        "WHERE l.verb <> 'link' AND v.seq IS NULL",
    ),
    _Question(
        "versions",
        False,
        "record {} lacks versions: it has {}, and should be at {}",
        "SELECT r.id, count(v.seq), max(r.version, coalesce(max(v.version), 1)) FROM records r "
        "LEFT JOIN versions v ON v.record = r.key GROUP BY r.key "
        "HAVING count(v.seq) < max(r.version, coalesce(max(v.version), 1))",
    ),
    _Question(
        "versions",
        False,
        "version {} of record {} belongs to no record",
        "SELECT v.version, v.record FROM versions v LEFT JOIN records r ON r.key = v.record "
        "WHERE r.key IS NULL",
    ),
    _Question(
        "versions",
        False,
        "version {} of record {} says nothing that can be read",
        "SELECT v.version, coalesce(r.id, v.record) FROM versions v LEFT JOIN records r "
        "ON r.key = v.record WHERE NOT json_valid(v.state)",
    ),
    _Question(
        "versions",
        False,
        "record {} ({}) has no words in any version",
        "SELECT r.id, r.status FROM records r WHERE NOT EXISTS "
        "(SELECT 1 FROM versions v WHERE v.record = r.key AND v.text IS NOT NULL)",
    ),
    _Question(
        "lineage",
        False,
        "record {} is drawn from {}, which is not there",
        f"SELECT r.id, d.value FROM records r JOIN versions v ON v.record = r.key "
        f"AND v.version = r.version, json_each({_STATE}, '$.derived_from') d "
        "WHERE r.status <> 'forgotten' AND d.value NOT IN (SELECT id FROM records)",
    ),
    _Question(
        "records",
        False,
        "record {} is of partition {}, which is not there",
        "SELECT id, partition FROM records WHERE partition NOT IN (SELECT key FROM partitions)",
    ),
    _Question(
        "records",
        True,
        "record {} is {} in its head and something else in its last version",
        "SELECT r.id, r.status FROM records r JOIN "
        f"(SELECT v.record, v.version, v.state, {_SAID}, "
        + ", ".join(f"json_extract({_STATE}, '$.{name}') AS {name}" for name in _SAME + _NAMES)
        + " FROM versions v WHERE json_valid(v.state)) s "
        "ON s.record = r.key AND s.version = r.version WHERE s.status <> r.status "
        # SQLite reads a number in JSON to 15 digits; its column holds all of them.
        "OR abs(s.weight - r.weight) > 1e-9 * r.weight OR s.origin <> r.origin "
        "OR s.valid_from IS NOT r.valid_from OR s.valid_to IS NOT r.valid_to OR "
        + " OR ".join(f"s.{name} IS NOT r.{name}" for name in _SAME + _NAMES),
    ),
    _Question(
        "records",
        True,
        "record {} is at version {} in its head and at a later one in its history",
        "SELECT id, version FROM records r WHERE version < "
        "(SELECT max(version) FROM versions WHERE record = r.key)",
    ),
    _Question(
        "records",
        True,
        "record {} points to other words than its last (line {})",
        "SELECT r.id, r.text_seq FROM records r WHERE r.text_seq <> "
        "(SELECT max(seq) FROM versions v WHERE v.record = r.key AND v.text IS NOT NULL)",
    ),
    _Question(
        "partitions",
        True,
        "the memories of {!r} have changed since {}, where they say they did last",
        "SELECT p.user_id, p.seq FROM partitions p JOIN (SELECT r.partition, max(l.seq) AS last "
        "FROM log l JOIN records r ON r.key = l.record GROUP BY r.partition) c "
        "ON c.partition = p.key WHERE p.seq < c.last",
    ),
    _Question(
        "text index",
        True,
        "record {} (key {}) is not in the text index",
        "SELECT id, key FROM records WHERE status <> 'forgotten' "
        "AND key NOT IN (SELECT key FROM analysed)",
    ),
    _Question(
        "text index",
        True,
        "its row {} belongs to no record",
        "SELECT key FROM analysed "
        "WHERE key NOT IN (SELECT key FROM records WHERE status <> 'forgotten')",
    ),
    _Question(
        "passages",
        True,
        "record {} ({}) has no passages",
        "SELECT r.id, r.status FROM records r WHERE r.status <> 'forgotten' AND NOT EXISTS "
        "(SELECT 1 FROM passages p WHERE p.key BETWEEN r.key << 20 AND (r.key << 20) + 1048575)",
    ),
    _Question(
        "passages",
        True,
        "passage {} of record {} has no record",
        "SELECT p.key & 1048575, p.key >> 20 FROM passages p LEFT JOIN records r "
        "ON r.key = p.key >> 20 WHERE r.status IS NULL OR r.status = 'forgotten'",
    ),
    _Question(
        "passages",
        True,
        "record {} lacks passages: it has {}",
        "SELECT coalesce(r.id, p.key >> 20), count(*) FROM passages p LEFT JOIN records r "
        "ON r.key = p.key >> 20 GROUP BY p.key >> 20 "
        "HAVING count(*) <> max(p.key & 1048575) + 1",
    ),
    _Question(
        "vectors",
        True,
        "vector {} of encoder {} has no passage",
        "SELECT v.passage, v.model FROM vectors v LEFT JOIN passages p ON p.key = v.passage "
        "WHERE p.key IS NULL",
    ),
    _Question(
        "vectors",
        True,
        "vector {} of encoder {} has the wrong size",
        "SELECT v.passage, v.model FROM vectors v LEFT JOIN models m ON m.key = v.model "
        "WHERE m.size + {overhead} IS NOT length(v.codes) OR typeof(v.scale) <> 'real'",
    ),
)
_INDEX: Final = ("missing from index", "wrong # of entries in index")
"""How SQLite tells that an index, which it can make anew, lacks what its table holds."""

_MENDING: Final = (
    "REINDEX",
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
        text_seq = coalesce((SELECT max(seq) FROM versions w
                    WHERE w.record = records.key AND w.text IS NOT NULL), text_seq)
    FROM (SELECT record, version, CASE WHEN json_valid(state) THEN state END AS state
          FROM versions) v
    WHERE v.record = records.key AND v.state IS NOT NULL
        AND json_type(v.state, '$.kind') = 'text' AND json_type(v.state, '$.ordinal') = 'integer'
        AND v.version = (SELECT max(version) FROM versions w WHERE w.record = records.key)
        -- A record whose last versions are gone says so until somebody has decided about it.
        AND v.version >= records.version
    """,
    "DELETE FROM analysed WHERE key NOT IN (SELECT key FROM records WHERE status <> 'forgotten')",
    "INSERT INTO text (text) VALUES ('rebuild')",
    "DELETE FROM passages WHERE key >> 20 NOT IN "
    "(SELECT key FROM records WHERE status <> 'forgotten')",
    "DELETE FROM vectors WHERE passage NOT IN (SELECT key FROM passages) OR length(codes) IS NOT "
    "(SELECT m.size + {overhead} FROM models m WHERE m.key = vectors.model) "
    "OR typeof(scale) <> 'real'",
    "UPDATE partitions SET seq = max(seq, (SELECT coalesce(max(seq), 0) FROM log))",
)
"""What doctor does first: afterwards every derived row can be written anew."""

_SHOWN: Final = 20
"""Findings told one by one per question; of the others, their number."""

_AT_ONCE: Final = 5000

_Edge = tuple[int, str, int]
"""Keys of source and target, and how they are related."""


class Checks(Reads):
    """The part of `SqliteStore` that answers `doctor`."""

    def check(self) -> list[Finding]:
        """Everything that does not agree."""
        found: list[Finding] = []
        ways: list[Callable[[], Iterable[Finding]]] = [
            self._check_pages,
            *(lambda asked=asked: self._ask(asked) for asked in _QUESTIONS),
            self._check_sums,
            self._check_links,
            self._check_lineage,
            self._check_postings,
        ]
        for way in ways:
            try:
                found += _cut(way())
            except (Busy, Closed):
                raise
            except (StoreError, sqlite3.Error, ValueError, TypeError) as error:
                found.append(Finding("file", f"a part cannot be read: {error}", derived=False))
        return found

    def _ask(self, asked: _Question) -> Iterator[Finding]:
        sql = asked.sql.replace("{overhead}", str(self._overhead))
        for part in self._db.parts(sql, (), _AT_ONCE):
            for row in part:
                yield Finding(asked.where, asked.message.format(*row), asked.derived)

    def _check_pages(self) -> Iterator[Finding]:
        for (told,) in self._db.all("PRAGMA integrity_check(100)"):
            if told != "ok":
                yield Finding("file", told, derived=any(sign in told for sign in _INDEX))

    def _check_sums(self) -> Iterator[Finding]:
        """Whether the bytes of every version are those that were written."""
        sql = (
            "SELECT v.version, coalesce(r.id, ''), coalesce(CAST(v.text AS BLOB), x''), "
            "CAST(v.state AS BLOB), v.sum FROM versions v LEFT JOIN records r ON r.key = v.record "
            "ORDER BY v.seq"
        )
        for part in self._db.parts(sql, (), _AT_ONCE):
            for version, id, text, state, sum in part:
                # Rows of the first schema have none; a sealed file never had such rows.
                lacking = sum is None and self._seal is None
                if not lacking and sum != self._sum(id, text, state):
                    what = f"version {version} of record {id} is not what was written"
                    yield Finding("versions", what, derived=False)

    def _check_links(self) -> Iterator[Finding]:
        """Whether the links are those that log and lineage make."""
        there = self._links_there()
        made = self._links_made()
        ids = dict(self._db.all("SELECT key, id FROM records"))
        for edge in made.keys() - there.keys():
            yield _unlinked(edge, ids, "is missing")
        for edge in there.keys() - made.keys():
            yield _unlinked(edge, ids, "was never made, or was taken back")
        for edge in made.keys() & there.keys():
            if made[edge] != there[edge]:
                yield _unlinked(edge, ids, f"weighs {there[edge]}, not {made[edge]}")

    def _links_there(self) -> dict[_Edge, float]:
        rows = self._db.all("SELECT source, relation, target, weight FROM links")
        return {(source, relation, target): weight for source, relation, target, weight in rows}

    def _links_made(self) -> dict[_Edge, float]:
        """What first versions and lines of the log say, in order; without the forgotten."""
        keys = dict(self._db.all("SELECT id, key FROM records WHERE status <> 'forgotten'"))
        remain = set(keys.values())
        lines: list[tuple[int, int, Any]] = self._db.all(
            "SELECT seq, record, detail FROM log WHERE verb = 'link' AND detail IS NOT NULL"
        )
        lines += self._db.all(
            f"SELECT v.seq, v.record, json_extract({_STATE}, '$.derived_from') FROM versions v "
            "WHERE v.version = 1 AND json_valid(v.state) "
            f"AND json_extract({_STATE}, '$.derived_from') IS NOT NULL"
        )
        made: dict[_Edge, float] = {}
        for _, source, told in sorted(lines):
            if source not in remain:
                continue
            said = json.loads(told)
            if isinstance(said, list):
                made |= {(source, DERIVED_FROM, keys[id]): 1.0 for id in said if id in keys}
            elif said["target"] in keys:
                edge = (source, said["relation"], keys[said["target"]])
                if said["remove"]:
                    made.pop(edge, None)
                else:
                    made[edge] = said["weight"]
        return made

    def _check_lineage(self) -> Iterator[Finding]:
        """Whether any record is drawn, in the end, from itself."""
        drawn: dict[int, list[int]] = {}
        for source, target in self._db.all(
            "SELECT source, target FROM links WHERE relation = 'derived_from'"
        ):
            drawn.setdefault(source, []).append(target)
        for key in _on_cycles(drawn):
            row = self._db.one("SELECT id FROM records WHERE key = ?", (key,))
            yield Finding("lineage", f"record {row[0] if row else key} is drawn from itself", False)

    def _check_postings(self) -> Iterator[Finding]:
        try:
            self._db.run("INSERT INTO text (text, rank) VALUES ('integrity-check', 1)")
        except NotADatabase:
            yield Finding("text index", "its postings do not agree with its rows", derived=True)
        except (ReadOnly, Busy):
            pass  # FTS5 takes this question as a write, though it changes nothing

    def kept(self, after: int, limit: int, encoder: EncoderId | None) -> list[Kept]:
        """Records that were not forgotten, and what was read off them."""
        heads = self._db.all(
            "SELECT r.key, r.cues, r.mark, CAST(a.tokens AS BLOB) FROM records r "
            "LEFT JOIN analysed a ON a.key = r.key WHERE r.key > ? AND r.status <> 'forgotten' "
            "ORDER BY r.key LIMIT ?",
            (after, limit),
        )
        if not heads:
            return []
        keys = [row[0] for row in heads]
        passages = self._kept_passages(keys[0], keys[-1])
        vectors = self._kept_vectors(keys[0], keys[-1], encoder)
        try:
            records = self.by_key(keys)
        except StoreError:
            records = {}
            for key in keys:
                try:
                    records |= self.by_key([key])
                except StoreError:
                    continue  # its sum tells what is wrong; here it only must not stop the others
        return [
            Kept(
                key,
                records.get(key),
                self._kept_tokens(key, tokens),
                cues,
                mark,
                tuple(passages.get(key, ())),
                vectors.get(key, {}),
            )
            for key, cues, mark, tokens in heads
        ]

    def _kept_tokens(self, key: int, kept: bytes | None) -> str | None:
        if kept is None:
            return None
        held = self._opens(f"tokens:{key}", kept)
        # What does not open, or is no text any more, stands as a word that no text has.
        words = "\ufffd" if held is None else held.decode(errors="replace")
        return words if self._seal is not None else words.partition(" ")[2]

    def _kept_passages(self, first: int, last: int) -> dict[int, list[Passage]]:
        found: dict[int, list[Passage]] = {}
        for place, start, end, ids in self._db.all(
            "SELECT key, start, end, token_ids FROM passages WHERE key BETWEEN ? AND ? "
            "ORDER BY key",
            (first << 20, (last << 20) + 1048575),
        ):
            held = self._opens(f"ids:{place}", ids)
            whole = held is not None and len(held) % 2 == 0
            passage = Passage(start, end, np.frombuffer(held or b"", "<u2") if whole else None)
            found.setdefault(place >> 20, []).append(passage)
        return found

    def _kept_vectors(
        self, first: int, last: int, encoder: EncoderId | None
    ) -> dict[int, dict[int, tuple[Codes, float]]]:
        model = None if encoder is None else self._find_model(encoder)
        found: dict[int, dict[int, tuple[Codes, float]]] = {}
        if model is None or encoder is None:
            return found
        for place, codes, scale in self._db.all(
            "SELECT passage, codes, scale FROM vectors WHERE model = ? AND passage BETWEEN ? AND ?",
            (model, first << 20, (last << 20) + 1048575),
        ):
            held = self._opens(f"codes:{model}:{place}", codes)
            # What does not open stands as a vector that no encoder makes.
            row = np.frombuffer(held or b"", np.int8)
            found.setdefault(place >> 20, {})[place & 1048575] = (row, scale)
        return found

    def wear(self, now: Micros) -> dict[str, int]:
        """Counts of what is no damage and yet worth knowing."""
        one = self._db.one
        return {
            "pages": one("PRAGMA page_count")[0],
            "free pages": one("PRAGMA freelist_count")[0],
            "settings": one("SELECT count(*) FROM meta")[0],
            "versions without a sum": one("SELECT count(*) FROM versions WHERE sum IS NULL")[0],
            "encoders without vectors": one(
                "SELECT count(*) FROM models WHERE key NOT IN (SELECT DISTINCT model FROM vectors)"
            )[0],
            "leases that ran out": one(
                "SELECT count(*) FROM jobs WHERE worker IS NOT NULL AND until < ?", (now,)
            )[0],
            "pending certificates": one("SELECT count(*) FROM certificates WHERE pending")[0],
            "drawn from the forgotten": one(
                "SELECT count(DISTINCT r.key) FROM records r JOIN versions v ON v.record = r.key "
                f"AND v.version = r.version, json_each({_STATE}, '$.derived_from') d "
                "JOIN records s ON s.id = d.value "
                "WHERE r.status <> 'forgotten' AND s.status = 'forgotten'"
            )[0],
        }

    def mend(self) -> None:
        """Make heads and links anew and drop derived rows that belong to nothing."""
        for sql in _MENDING:
            self._db.run(sql.replace("{overhead}", str(self._overhead)))
        self._mend_links()
        self._mend_sums()

    def _mend_links(self) -> None:
        made, there = self._links_made(), self._links_there()
        for edge in there.keys() - made.keys():
            self._db.run("DELETE FROM links WHERE source = ? AND relation = ? AND target = ?", edge)
        for edge, weight in made.items():
            if there.get(edge) != weight:
                self._db.run("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?)", (*edge, weight))

    def _mend_sums(self) -> None:
        """Sums for what was written before there were any; sealed files always had them."""
        if self._seal is not None:
            return
        rows = self._db.all(
            "SELECT seq, coalesce(CAST(text AS BLOB), x''), CAST(state AS BLOB) FROM versions "
            "WHERE sum IS NULL AND json_valid(state)"
        )
        for seq, text, state in rows:
            self._db.run(
                "UPDATE versions SET sum = ? WHERE seq = ?", (self._sum("", text, state), seq)
            )


def _cut(found: Iterable[Finding]) -> list[Finding]:
    """The first findings of a question one by one, and the others as a number."""
    told: list[Finding] = []
    more = {True: 0, False: 0}
    where = ""
    for finding in found:
        if len(told) < _SHOWN:
            told.append(finding)
        else:
            more[finding.derived] += 1
            where = finding.where
    told += [
        Finding(where, f"and {count} more of this kind", derived, count)
        for derived, count in more.items()
        if count
    ]
    return told


def _unlinked(edge: _Edge, ids: dict[int, str], what: str) -> Finding:
    source, relation, target = edge
    message = f"{ids.get(source, source)} → {relation} → {ids.get(target, target)} {what}"
    return Finding("links", message, derived=True)


def _on_cycles(edges: dict[int, list[int]]) -> list[int]:
    """The smallest node of each cycle that a walk along the edges comes upon."""
    done: set[int] = set()
    found: set[int] = set()
    for start in sorted(edges):
        path: list[int] = []
        at: dict[int, int] = {}
        walk: list[tuple[int, bool]] = [(start, True)]
        while walk:
            node, enter = walk.pop()
            if not enter:
                path.pop()
                del at[node]
                done.add(node)
            elif node in at:
                found.add(min(path[at[node] :]))
            elif node not in done:
                at[node] = len(path)
                path.append(node)
                walk.append((node, False))
                walk += [(each, True) for each in edges.get(node, ())]
    return sorted(found)
