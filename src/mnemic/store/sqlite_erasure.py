"""Erasure in SQLite: blank every version, drop what is derived, then clear free space.

Plain deletes leave text in free pages, in segments of the text index and in the write-ahead log:
6 of 20 canaries stayed whole. `secure_delete`, FTS5 `optimize` and a truncating checkpoint clear
these, and one place remains: when a table grows, rows move between its pages, and the copy that
stays behind in the gap of a page is never deleted, so it is not overwritten either (after 1 of 60
random histories a vector was found there). So `VACUUM` writes every page anew; that takes 7 ms of
CPU per megabyte. A reader in another process holds the checkpoint back; then the certificate stays
pending and whoever opens the file next completes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from mnemic.core.changes import CODES
from mnemic.core.errors import Busy
from mnemic.core.ids import RecordId
from mnemic.core.records import nobody
from mnemic.core.storage import Entry
from mnemic.core.verbs import blank
from mnemic.store.codec import encode
from mnemic.store.sqlite_reads import LINES, Reads

_ABOUT: Final = (
    f"{LINES} UNION ALL SELECT seq FROM log "
    "WHERE detail IS NOT NULL AND json_extract(detail, '$.target') = ?"
)
"""The lines that say something of a record: its own, and links that lead to it."""
_NEAR: Final = """
    SELECT target FROM links WHERE source = ?
    UNION SELECT source FROM links WHERE target = ?
    UNION SELECT record FROM log
        WHERE detail IS NOT NULL AND json_extract(detail, '$.target') = ?
    UNION SELECT r.key FROM log l JOIN records r ON r.id = json_extract(l.detail, '$.target')
        WHERE l.verb = 'link' AND l.record = ? AND l.detail IS NOT NULL
"""
"""Keys of the records that are linked with one, or were once."""
_TOKEN: Final = re.compile("[0-9a-z\x80-\U0010ffff]+")
"""What the text index takes for one token."""


class Erasure(Reads):
    """The part of `SqliteStore` that forgets."""

    def erase(self, entries: Sequence[Entry], marks: Sequence[bytes], certificate: str) -> None:
        """Blank every version of the entries' records, and all that is derived from them."""
        run = self._db.raw.execute
        found = [
            run("SELECT key, partition FROM records WHERE id = ?", (entry.record,)).fetchone()
            for entry in entries
        ]
        for entry, (key, _) in zip(entries, found, strict=True):
            self._redact_reasons(entry.record, key)
        partitions = {
            partition: self._erase_record(entry, key)
            for entry, (key, partition) in zip(entries, found, strict=True)
        }
        for partition, seq in partitions.items():
            run("UPDATE partitions SET seq = ? WHERE key = ?", (seq, partition))
            # What an encoder said of a text that it could not read may repeat it.
            run("UPDATE jobs SET error = NULL WHERE partition = ?", (partition,))
            remains = "SELECT 1 FROM records WHERE partition = ? AND status <> 'forgotten' LIMIT 1"
            if run(remains, (partition,)).fetchone() is None:
                self._unname(partition)
        self._forget_keys()
        self._db.raw.executemany(
            "INSERT OR IGNORE INTO tombstones VALUES (?)", [(mark,) for mark in marks]
        )
        self._write_certificate(certificate)

    def _redact_reasons(self, id: RecordId, key: int) -> None:
        """Where a record that is linked with a doomed one gives the same reason: blank it.

        A change often touches several records, as superseding does, and says why with each.
        """
        run = self._db.raw.execute
        rows = run(f"SELECT id, why FROM log WHERE seq IN ({_ABOUT})", (key, key, id)).fetchall()
        reasons = {self._open_why(change, why) for change, why in rows} - CODES
        if not reasons:
            return
        for (near,) in run(_NEAR, (key, key, id, key)).fetchall():
            lines = run(f"SELECT seq, id, why FROM log WHERE seq IN ({LINES})", (near, near))
            for seq, change, why in lines.fetchall():  # compared here, as they may be sealed
                if self._open_why(change, why) in reasons:
                    run("UPDATE log SET why = 'redacted' WHERE seq = ?", (seq,))

    def _unname(self, partition: int) -> None:
        """Nothing of a partition remains: its names go, too."""
        run = self._db.raw.execute
        namespace, user = run(
            "SELECT namespace, user_id FROM partitions WHERE key = ?", (partition,)
        ).fetchone()
        (key,) = run("SELECT min(key) FROM records WHERE partition = ?", (partition,)).fetchone()
        neutral = nobody(key)
        run(
            "UPDATE partitions SET namespace = ?, user_id = ? WHERE key = ?",
            (neutral.namespace, neutral.user_id, partition),
        )
        self._forget_keys()
        run("DELETE FROM jobs WHERE partition = ?", (partition,))
        for path, names in run("SELECT path, partitions FROM copies").fetchall():
            kept = json.loads(names)
            if [namespace, user] in kept:
                kept[kept.index([namespace, user])] = [neutral.namespace, neutral.user_id]
                named = json.dumps(kept, ensure_ascii=False)
                run("UPDATE copies SET partitions = ? WHERE path = ?", (named, path))

    def _erase_record(self, entry: Entry, key: int) -> int:
        run = self._db.raw.execute
        record = self.get([entry.record])[entry.record]
        ghost = blank(record, entry.at)
        state = encode(ghost)
        self._drop_derived(key)
        sum = self._sum(entry.record, "", state)
        run("UPDATE versions SET text = '', state = ?, sum = ? WHERE record = ?", (state, sum, key))
        # How others were related to it says something of it, too.
        run(
            f"UPDATE log SET why = 'redacted', detail = NULL WHERE seq IN ({_ABOUT})",
            (key, key, entry.record),
        )
        run("DELETE FROM links WHERE source = ? OR target = ?", (key, key))
        seq = run(
            "INSERT INTO log (id, at, actor, verb, record, version, why) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (entry.id, entry.at, entry.actor, entry.verb, key, ghost.version, entry.why),
        ).lastrowid
        assert seq is not None
        run(
            "INSERT INTO versions VALUES (?, ?, ?, ?, '', ?, ?)",
            (seq, key, ghost.version, entry.at, state, sum),
        )
        run(
            "UPDATE records SET status = 'forgotten', version = ?, text_seq = ?, "
            "agent_id = NULL, session_id = NULL, speaker = NULL, role = NULL, origin = 'user', "
            "source = NULL, external_id = NULL, valid_from = NULL, valid_to = NULL, weight = 1, "
            "cues = 0, mark = 0 WHERE key = ?",
            (ghost.version, seq, key),
        )
        return seq

    def bury(self, marks: Sequence[bytes]) -> None:
        """Remember keyed hashes of what was forgotten elsewhere."""
        self._db.raw.executemany(
            "INSERT OR IGNORE INTO tombstones VALUES (?)", [(mark,) for mark in marks]
        )

    def scrub(self) -> str | None:
        """Clear free space of what was erased."""
        try:
            self._db.run("INSERT INTO text (text) VALUES ('optimize')")
            if self._db.memory:
                return None
            if self._truncate_log():  # asked before, for `VACUUM` fills the log with the whole file
                self._write_pages_anew()
                if self._truncate_log():
                    return None
        except Busy:
            return f"another connection is writing to {self._db.path}"
        return (
            f"another connection is reading {self._db.path}; the next that opens it, or flush(), "
            "completes it"
        )

    def terms(self, among: Sequence[str]) -> dict[str, bool]:
        """Which of these tokens the text index holds, by its own dictionary, and for a record."""
        found: dict[str, bool] = {}
        waiting = self._db.all(
            "SELECT key, tokens FROM analysed WHERE key >= "
            "coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'indexed_below'), 0)"
        )
        held = {word for key, kept in waiting for word in self._tokens_of(key, kept).split()}
        self._db.run(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.dictionary USING fts5vocab(main, text, row)"
        )
        for term in dict.fromkeys(among):
            if term in held:
                found[term] = True
            elif _TOKEN.fullmatch(term) and self._db.one(
                "SELECT 1 FROM temp.dictionary WHERE term = ?", (term,)
            ):
                row = self._db.one(
                    "SELECT 1 FROM text t JOIN analysed a ON a.key = t.rowid WHERE t.text MATCH ? "
                    "AND instr(a.tokens || ' ', ' ' || ? || ' ') LIMIT 1",
                    (f'"{term}"', term),
                )
                found[term] = row is not None
        self._db.run("DROP TABLE temp.dictionary")
        return found

    def _write_pages_anew(self) -> None:
        self._db.run("PRAGMA temp_store = FILE")  # the copy may be larger than memory
        try:
            self._db.run("VACUUM")
        finally:
            self._db.run("PRAGMA temp_store = MEMORY")

    def _truncate_log(self) -> bool:
        return self._db.cut_log()

    def certificates(self, *, pending: bool = False) -> list[str]:
        """Certificates of erasure, oldest first."""
        sql = "SELECT body FROM certificates" + (" WHERE pending" if pending else "")
        return [row[0] for row in self._db.all(f"{sql} ORDER BY id")]

    def settle(self, certificate: str) -> None:
        """Replace the certificate of the same id."""
        self._write_certificate(certificate)

    def _write_certificate(self, certificate: str) -> None:
        fields = json.loads(certificate)
        self._db.run(
            "INSERT OR REPLACE INTO certificates VALUES (?, ?, ?)",
            (fields["id"], fields["status"] == "pending", certificate),
        )
