"""Migrations: numbered, recorded in the file, each applied once and whole."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sqlite3
from pathlib import Path
from types import ModuleType

import pytest

import mnemic
from mnemic.core.errors import StoreError
from mnemic.store import migrate
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen
from mnemic.testing.picture import picture


def test_statements_are_cut_where_they_end() -> None:
    script = """
        -- a comment; with a semicolon
        CREATE TABLE a (b DEFAULT ';');
        CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;
        INSERT INTO a VALUES ('it''s; here');
    """
    cut = migrate.statements(script)
    assert [statement.split()[0] for statement in cut] == ["--", "CREATE", "INSERT"]
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in cut:
        connection.execute(statement)
    assert connection.execute("SELECT b FROM a").fetchall() == [("it's; here",)]
    connection.close()


def test_numbers_count_up_from_one() -> None:
    numbers = [number for number, _, _ in migrate.migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_was_applied_is_recorded(store: SqliteStore) -> None:
    known = migrate.migrations()
    rows = store._db.all("SELECT number, name, applied_at FROM migrations")
    assert [row[:2] for row in rows] == [(number, name) for number, name, _ in known]
    assert all(row[2] > 1_700_000_000_000_000 for row in rows)
    assert store._db.one("PRAGMA user_version")[0] == known[-1][0]
    again = SqliteStore(store.path)
    assert again._db.all("SELECT number, name, applied_at FROM migrations") == rows
    again.close()


NEXT = "CREATE TABLE added (x); UPDATE meta SET value = 'later' WHERE name = 'analyser';"


def _add(monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    steps = [*migrate.migrations(), (len(migrate.migrations()) + 1, "next", sql)]
    monkeypatch.setattr(migrate, "migrations", lambda: steps)


def test_an_older_file_is_brought_forward(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(file)
    Pen().put(store, "from before")
    with store.writing():
        store.set_meta("analyser", "1")
    before = picture(store)
    store.close()
    _add(monkeypatch, NEXT)
    store = SqliteStore(file)
    assert picture(store) == before
    assert store.get_meta("analyser") == "later"
    assert store._db.all("SELECT * FROM added") == []
    store.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(file)
    Pen().put(store, "from before")
    before = picture(store)
    store.close()
    with monkeypatch.context() as patched:
        _add(patched, NEXT + "INSERT INTO nowhere VALUES (1);")
        with pytest.raises(StoreError, match="nowhere"):
            SqliteStore(file)
    store = SqliteStore(file)
    assert picture(store) == before
    assert store._db.one("SELECT count(*) FROM sqlite_master WHERE name = 'added'")[0] == 0
    store.close()


ROOT = Path(__file__).parents[2]
EARLIER = sorted((ROOT / "tests" / "files").glob("schema-*.db"))
"""Files that earlier schemas wrote, with what they answered then beside them."""


def keeper() -> ModuleType:
    """The script that kept them, which knows what they were asked."""
    spec = importlib.util.spec_from_file_location("keep", ROOT / "scripts" / "keep_schema.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def test_a_file_of_every_earlier_schema_is_kept() -> None:
    kept = {int(path.stem.removeprefix("schema-")) for path in EARLIER}
    assert kept >= set(range(1, len(migrate.migrations())))


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda path: path.stem)
def test_an_earlier_file_answers_as_it_did(earlier: Path, file: Path) -> None:
    shutil.copyfile(earlier, file)
    script = keeper()
    told = json.loads(earlier.with_suffix(".json").read_text(encoding="utf-8"))
    answers = script.answers(file)
    assert answers.keys() == told.keys()
    for question, answer in told.items():
        assert answers[question] == answer, question
    with sqlite3.connect(file) as raw:
        assert raw.execute("PRAGMA user_version").fetchone()[0] == len(migrate.migrations())
    raw.close()


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda path: path.stem)
def test_an_earlier_file_is_healthy_and_goes_on(earlier: Path, file: Path) -> None:
    shutil.copyfile(earlier, file)
    script = keeper()
    with mnemic.Memory(file, clock=script.clock()) as memory:
        assert memory.doctor().ok, str(memory.doctor())
        first = memory.list(user_id="ana", limit=1)[0]
        memory.update(first.id, text="My sister Rita marries in October.")
        new = memory.add("Bento sold the bicycle.", user_id="ana", derived_from=[first.id])
        memory.undo(memory.delete(new.id))
        assert memory.get(new.id).text == "Bento sold the bicycle."
        assert new.id in {hit.record.id for hit in memory.search("bicycle", user_id="ana")}
        memory.forget(memory.list(user_id="bia", limit=1)[0].id)
        mended = memory.doctor(repair=True)  # adds the sums that the first schema did not have
        assert mended.ok, str(mended)
        assert not [note for note in mended.notes if "checksum" in note]
    again = SqliteStore(file)
    assert again._db.one("SELECT count(*) FROM versions WHERE sum IS NULL")[0] == 0
    assert again.check() == []
    again.close()
