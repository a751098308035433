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
from collections.abc import Sequence

from mnemic.core.errors import Busy
from mnemic.core.storage import Entry
from mnemic.core.verbs import blank
from mnemic.store.codec import encode
from mnemic.store.sqlite_reads import LINES, Reads


class Erasure(Reads):
    """The part of `SqliteStore` that forgets."""

    def erase(self, entries: Sequence[Entry], marks: Sequence[bytes], certificate: str) -> None:
        """Blank every version of the entries' records, and all that is derived from them."""
        run = self._db.raw.execute
        partitions: dict[int, int] = {}
        for entry in entries:
            key, partition = run(
                "SELECT key, partition FROM records WHERE id = ?", (entry.record,)
            ).fetchone()
            partitions[partition] = self._erase_record(entry, key)
        for partition, seq in partitions.items():
            run("UPDATE partitions SET seq = ? WHERE key = ?", (seq, partition))
        self._db.raw.executemany(
            "INSERT OR IGNORE INTO tombstones VALUES (?)", [(mark,) for mark in marks]
        )
        self._write_certificate(certificate)

    def _erase_record(self, entry: Entry, key: int) -> int:
        run = self._db.raw.execute
        record = self.get([entry.record])[entry.record]
        ghost = blank(record, entry.at)
        state = encode(ghost)
        self._drop_derived(key)
        run("UPDATE versions SET text = '', state = ? WHERE record = ?", (state, key))
        run(
            f"UPDATE log SET why = 'redacted', detail = NULL WHERE seq IN ({LINES})",
            (key, key),
        )
        # How others were related to it says something of it, too.
        run(
            "UPDATE log SET why = 'redacted', detail = NULL "
            "WHERE detail IS NOT NULL AND json_extract(detail, '$.target') = ?",
            (entry.record,),
        )
        run("DELETE FROM links WHERE source = ? OR target = ?", (key, key))
        seq = run(
            "INSERT INTO log (id, at, actor, verb, record, version, why) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (entry.id, entry.at, entry.actor, entry.verb, key, ghost.version, entry.why),
        ).lastrowid
        assert seq is not None
        run(
            "INSERT INTO versions VALUES (?, ?, ?, ?, '', ?)",
            (seq, key, ghost.version, entry.at, state),
        )
        run(
            "UPDATE records SET status = 'forgotten', version = ?, text_seq = ?, "
            "agent_id = NULL, session_id = NULL, speaker = NULL, role = NULL, origin = 'user', "
            "source = NULL, external_id = NULL, valid_from = NULL, valid_to = NULL, weight = 1, "
            "cues = 0, mark = 0 WHERE key = ?",
            (ghost.version, seq, key),
        )
        return seq

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
        return f"another connection is reading {self._db.path}"

    def _write_pages_anew(self) -> None:
        self._db.run("PRAGMA temp_store = FILE")  # the copy may be larger than memory
        try:
            self._db.run("VACUUM")
        finally:
            self._db.run("PRAGMA temp_store = MEMORY")

    def _truncate_log(self) -> bool:
        return not self._db.one("PRAGMA wal_checkpoint(TRUNCATE)")[0]

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
