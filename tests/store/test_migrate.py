"""Migrations: numbered, recorded in the file, each applied once and whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

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
