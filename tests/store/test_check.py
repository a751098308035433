"""Doctor's questions: each kind of damage is found, told as truth or derived, and mended if so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from mnemic.core.changes import Link, Retire, Revise
from mnemic.core.errors import NotADatabase
from mnemic.core.records import Provenance
from mnemic.core.storage import Store
from mnemic.store import sqlite_derived
from mnemic.store.ram import RamStore
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen
from mnemic.testing.picture import picture
from mnemic.testing.readings import FAKE, plain_reading

DERIVED = {
    "a head with another status": "UPDATE records SET status = 'retired' WHERE key = 1",
    "a head with another weight": "UPDATE records SET weight = 3 WHERE key = 1",
    "a head with another time": "UPDATE records SET valid_from = 3 WHERE key = 1",
    "a head in another session": "UPDATE records SET session_id = 's9' WHERE key = 1",
    "a head of another kind": "UPDATE records SET kind = 'fact' WHERE key = 1",
    "a head at another place": "UPDATE records SET ordinal = 9 WHERE key = 1",
    "a head of another speaker": "UPDATE records SET speaker = 'Bo' WHERE key = 1",
    "a head of another origin": "UPDATE records SET origin = 'web' WHERE key = 1",
    "a head with an identity": "UPDATE records SET source = 's', external_id = 'x' WHERE key = 1",
    "a head at an earlier version": "UPDATE records SET version = 1 WHERE key = 1",
    "a head with earlier words": "UPDATE records SET text_seq = 1 WHERE key = 1",
    "a partition that did not follow": "UPDATE partitions SET seq = 1",
    "a link that is gone": "DELETE FROM links WHERE relation = 'before'",
    "a lineage that is gone": "DELETE FROM links WHERE relation = 'derived_from'",
    "a link that nobody made": "INSERT INTO links VALUES (2, 'about', 1, 1.0)",
    "a link to no record": "INSERT INTO links VALUES (1, 'about', 77, 1.0)",
    "a link with another weight": "UPDATE links SET weight = 0.25",
    "a record without text": "DELETE FROM analysed WHERE key = 1",
    "a text without record": "INSERT INTO analysed VALUES (77, 'x')",
    "postings that lack a row": "DELETE FROM text_data WHERE id > 10",
    "postings of no row": "INSERT INTO text (rowid, tokens) VALUES (77, 'x')",
    "a text that FTS5 knows otherwise": "UPDATE analysed SET tokens = 'x' WHERE key = 1",
    "rows that wait for FTS5 twice": "UPDATE meta SET value = '1' WHERE name = 'indexed_below'",
    "a record without passages": "DELETE FROM passages WHERE key >> 20 = 1",
    "a record without its first passage": "DELETE FROM passages WHERE key = 3 << 20",
    "a passage without record": "INSERT INTO passages VALUES (77 << 20, 0, 1, NULL)",
    "a vector without passage": "INSERT INTO vectors VALUES (1, 77 << 20, x'00', 1)",
    "a vector of the wrong size": "UPDATE vectors SET codes = x'00' WHERE passage >> 20 = 1",
    "a vector without a scale": "UPDATE vectors SET scale = 'x' WHERE passage >> 20 = 1",
    "a vector of no encoder": "UPDATE vectors SET model = 9 WHERE passage >> 20 = 1",
}
OF_POSTINGS = {
    "postings that lack a row",
    "a text that FTS5 knows otherwise",
    "rows that wait for FTS5 twice",
}
"""A sealed file has none."""
TRUTH = {
    "a version without a line": "DELETE FROM log WHERE seq = 1",
    "a line without its version": "DELETE FROM versions WHERE seq = 1",
    "a line of another record": "UPDATE log SET record = 2 WHERE seq = 1",
    "a line of no record": "UPDATE log SET record = 77 WHERE seq = 6",
    "lines that are gone with their versions": (
        "DELETE FROM versions WHERE seq = 5; DELETE FROM log WHERE seq = 5"
    ),
    "an end of the log that is gone": (
        "DELETE FROM versions WHERE seq > 3; DELETE FROM log WHERE seq > 3"
    ),
    "a version that is missing": "DELETE FROM versions WHERE seq = 3",
    "words that are missing": "UPDATE versions SET text = NULL WHERE record = 1",
    "versions of no record": "DELETE FROM records WHERE key = 2",
    "other words": "UPDATE versions SET text = 'other' WHERE seq = 1",
    "another state": "UPDATE versions SET state = replace(state, 'turn', 'fact') WHERE seq = 1",
    "a state that is no JSON": "UPDATE versions SET state = substr(state, 2) WHERE seq = 1",
    "a state that is no text": "UPDATE versions SET state = CAST(x'ff7b7d' AS TEXT) WHERE seq = 1",
    "another sum": "UPDATE versions SET sum = 1 WHERE seq = 1",
    "a record of no partition": "UPDATE records SET partition = 9 WHERE key = 1",
    "a lineage of nobody": (
        "UPDATE versions SET sum = NULL, state = json_set(state, '$.derived_from', "
        "json('[\"nobody\"]')) WHERE record = 3"
    ),
}


NEEDS_EXTRA = pytest.mark.skipif(
    find_spec("cryptography") is None, reason='needs pip install "mnemic[encryption]"'
)
KEYS = pytest.mark.parametrize(
    "key", [None, pytest.param(b"k" * 32, marks=NEEDS_EXTRA)], ids=["plain", "sealed"]
)


@pytest.fixture
def used(file: Path, key: bytes | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    monkeypatch.setattr(sqlite_derived, "_BLOCK", 2)  # FTS5 knows the first, the others wait
    store, pen = SqliteStore(file, key=key), Pen()
    first, second = pen.put(store, "one"), pen.put(store, "two")
    pen.apply(store, Revise(first.id, text="three"), Retire(second.id))
    pen.apply(store, Link(first.id, "before", second.id))
    pen.put(store, "a longer text " * 5, provenance=Provenance(derived_from=(first.id,)))
    assert store.check() == []
    yield store
    store.close()


def break_it(store: SqliteStore, damage: str) -> None:
    for sql in damage.split("; "):
        store._db.run(sql)


@pytest.mark.parametrize(
    ("key", "damage"),
    [
        *(pytest.param(None, damage, id=name) for name, damage in DERIVED.items()),
        *(
            pytest.param(b"k" * 32, damage, id=f"sealed, {name}", marks=NEEDS_EXTRA)
            for name, damage in DERIVED.items()
            if name not in OF_POSTINGS
        ),
    ],
)
def test_what_is_derived_is_mended(used: SqliteStore, damage: str) -> None:
    before = picture(used)
    break_it(used, damage)
    findings = used.check()
    assert findings
    assert all(finding.derived for finding in findings), findings
    with used.writing():
        used.mend()
        for number, record in used.by_key([1, 2, 3]).items():
            used.rewrite([(number, plain_reading(record.text))])
    assert used.check() == []
    after = picture(used)
    for seen in (before, after):
        del seen["no user_id"]["moved"]
    assert after == before


@KEYS
@pytest.mark.parametrize("damage", TRUTH.values(), ids=TRUTH)
def test_damage_of_truth_is_told_and_left(used: SqliteStore, damage: str) -> None:
    break_it(used, damage)
    for _ in range(2):
        findings = used.check()
        assert not all(finding.derived for finding in findings), findings
        with used.writing():
            used.mend()


@KEYS
def test_what_is_damaged_keeps_nobody_from_reading_the_others(used: SqliteStore) -> None:
    break_it(used, "UPDATE versions SET state = 'x' WHERE record = 2")
    kept = used.kept(0, 10, None)
    assert [each.key for each in kept] == [1, 2, 3]
    assert [each.record is None for each in kept] == [False, True, False]
    (id,) = used._db.one("SELECT id FROM records WHERE key = 2")
    with pytest.raises(NotADatabase, match=f"damaged: version 2 of record {id} cannot be read"):
        used.get([id])


@KEYS
def test_a_record_that_is_drawn_from_itself_is_told(used: SqliteStore) -> None:
    ids = dict(used._db.all("SELECT key, id FROM records"))
    lineage = {1: 3, 2: 2}
    for key, source in lineage.items():
        used._db.run(
            "UPDATE versions SET state = json_set(state, '$.derived_from', json(?)) "
            "WHERE record = ?",
            (json.dumps([ids[source]]), key),
        )
        used._db.run("INSERT INTO links VALUES (?, 'derived_from', ?, 1.0)", (key, source))
    told = {finding.what for finding in used.check() if finding.where == "lineage"}
    assert told == {f"record {ids[key]} is drawn from itself" for key in (1, 2)}


@KEYS
def test_findings_say_what_and_where(used: SqliteStore) -> None:
    used._db.run("DELETE FROM analysed WHERE key = 2")
    (finding,) = used.check()
    (id,) = used._db.one("SELECT id FROM records WHERE key = 2")
    assert finding.where == "text index"
    assert finding.what == f"record {id} (key 2) is not in the text index"


@KEYS
def test_a_flood_of_findings_is_told_by_its_number(used: SqliteStore) -> None:
    for number in range(100, 150):
        used._db.run(f"INSERT INTO passages VALUES ({number} << 20, 0, 1, NULL)")
    *told, rest = used.check()
    assert len(told) == 20
    assert (rest.what, rest.count) == ("and 30 more of this kind", 30)


def test_sums_that_were_never_written_are_added(store: SqliteStore) -> None:
    record = Pen().put(store, "from before there were sums: é")
    (sum,) = store._db.one("SELECT sum FROM versions")
    store._db.run("UPDATE versions SET sum = NULL")
    assert store.check() == []
    assert store.wear(0)["versions without a sum"] == 1
    with store.writing():
        store.mend()
    assert store._db.one("SELECT sum FROM versions") == (sum,)
    assert store.get([record.id])[record.id] == record


@pytest.mark.parametrize("make", [RamStore, SqliteStore])
def test_what_was_read_off_is_kept(make: Callable[[], Store]) -> None:
    store, pen = make(), Pen()
    first, gone, last = (pen.put(store, text) for text in ("one " * 30, "two", "three"))
    pen.apply(store, Retire(last.id))
    pen.forget(store, gone.id)
    kept = store.kept(0, 10, FAKE)
    assert [(each.key, each.record and each.record.id) for each in kept] == [
        (1, first.id),
        (3, last.id),
    ]
    reading = plain_reading(first.text)
    assert (kept[0].tokens, kept[0].cues, kept[0].mark) == (
        reading.tokens,
        reading.cues,
        reading.mark,
    )
    assert reading.vectors is not None
    for number, (passage, codes) in enumerate(
        zip(reading.passages, reading.vectors.codes, strict=True)
    ):
        assert np.array_equal(kept[0].passages[number].token_ids, passage.token_ids)
        assert np.array_equal(kept[0].vectors[number][0], codes)
    assert [each.key for each in store.kept(1, 1, None)] == [3]
    assert store.kept(3, 10, FAKE) == []
    assert store.kept(0, 1, None)[0].vectors == {}
    store.close()
