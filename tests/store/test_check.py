"""Doctor's questions: each kind of damage is found, told as truth or derived, and mended if so."""

from __future__ import annotations

import pytest

from mnemic.core.changes import Link, Retire, Revise
from mnemic.store import sqlite_derived
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen
from mnemic.testing.picture import picture
from mnemic.testing.readings import plain_reading

DERIVED = {
    "a head with another status": "UPDATE records SET status = 'retired' WHERE key = 1",
    "a head with another weight": "UPDATE records SET weight = 3 WHERE key = 1",
    "a head with another time": "UPDATE records SET valid_from = 3 WHERE key = 1",
    "a head in another session": "UPDATE records SET session_id = 's9' WHERE key = 1",
    "a record without text": "DELETE FROM analysed WHERE key = 1",
    "a text without record": "INSERT INTO analysed VALUES (77, 'x')",
    "postings that lack a row": "DELETE FROM text_data WHERE id > 10",
    "postings of no row": "INSERT INTO text (rowid, tokens) VALUES (77, 'x')",
    "a text that FTS5 knows otherwise": "UPDATE analysed SET tokens = 'x' WHERE key = 1",
    "a record without passages": "DELETE FROM passages WHERE key >> 20 = 1",
    "a passage without record": "INSERT INTO passages VALUES (77 << 20, 0, 1, NULL)",
    "a vector without passage": "INSERT INTO vectors VALUES (1, 77 << 20, x'00', 1)",
    "a vector of the wrong size": "UPDATE vectors SET codes = x'00' WHERE passage >> 20 = 1",
}
TRUTH = {
    "a version without a line": "DELETE FROM log WHERE seq = 1",
    "a line without its version": "DELETE FROM versions WHERE seq = 1",
    "a line of another record": "UPDATE log SET record = 2 WHERE seq = 1",
    "a version that is missing": "DELETE FROM versions WHERE seq = 3",
    "words that are missing": "UPDATE versions SET text = NULL WHERE record = 1",
    "versions of no record": "DELETE FROM records WHERE key = 2",
}


@pytest.fixture
def used(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> SqliteStore:
    monkeypatch.setattr(sqlite_derived, "_BLOCK", 2)  # FTS5 knows the first, the second waits
    pen = Pen()
    first, second = pen.put(store, "one"), pen.put(store, "two")
    pen.apply(store, Revise(first.id, text="three"), Retire(second.id))
    pen.apply(store, Link(first.id, "before", second.id))
    assert store.check() == []
    return store


@pytest.mark.parametrize("damage", DERIVED.values(), ids=DERIVED)
def test_what_is_derived_is_mended(used: SqliteStore, damage: str) -> None:
    before = picture(used)
    used._db.run(damage)
    findings = used.check()
    assert findings
    assert all(finding.derived for finding in findings), findings
    with used.writing():
        used.mend()
        for key, record in used.by_key([1, 2]).items():
            used.rewrite([(key, plain_reading(record.text))])
    assert used.check() == []
    after = picture(used)
    for seen in (before, after):
        del seen["no user_id"]["moved"]
    assert after == before


@pytest.mark.parametrize("damage", TRUTH.values(), ids=TRUTH)
def test_damage_of_truth_is_told(used: SqliteStore, damage: str) -> None:
    used._db.run(damage)
    findings = used.check()
    assert findings
    assert not all(finding.derived for finding in findings), findings


def test_findings_say_what_and_where(used: SqliteStore) -> None:
    used._db.run("DELETE FROM analysed WHERE key = 2")
    (finding,) = used.check()
    (id,) = used._db.one("SELECT id FROM records WHERE key = 2")
    assert finding.where == "text index"
    assert finding.what == f"record {id} (key 2) is not in the text index"


def test_a_flood_of_findings_is_cut(used: SqliteStore) -> None:
    for key in range(100, 150):
        used._db.run(f"INSERT INTO passages VALUES ({key} << 20, 0, 1, NULL)")
    assert len(used.check()) == 20
