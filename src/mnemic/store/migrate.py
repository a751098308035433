"""Numbered migrations, recorded in the file that they migrate, each in one transaction.

A file that a later version wrote is refused rather than guessed at. Two processes that open a new
file at once are safe: the number is read again under the write lock.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Final

from mnemic.core.clock import Micros
from mnemic.core.errors import NewerSchema, NotADatabase

APPLICATION: Final = 0x6D6E656D
"""SQLite's application id of our files: "mnem"."""


def migrations() -> list[tuple[int, str, str]]:
    """(number, name, SQL) of every migration, in order."""
    folder = files("mnemic.store").joinpath("migrations")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [
        (int(name[:4]), name.removesuffix(".sql"), folder.joinpath(name).read_text("utf-8"))
        for name in names
    ]


def number(connection: sqlite3.Connection) -> int:
    """The last migration that the file has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def examine(connection: sqlite3.Connection, path: str) -> int:
    """The last migration that the file has seen; changes nothing.

    Raises NotADatabase for another program's database, NewerSchema for a later version's file.
    """
    with _transaction(connection, "BEGIN"):
        return _examine(connection, path, migrations()[-1][0])


def migrate(connection: sqlite3.Connection, path: str, now: Micros) -> None:
    """Bring the file to this version's schema. Raises as `examine` does."""
    known = migrations()
    if number(connection) == known[-1][0] and _ours(connection):
        return
    with _transaction(connection, "BEGIN IMMEDIATE"):
        seen = _examine(connection, path, known[-1][0])
        for step, name, sql in known[seen:]:
            _apply(connection, step, name, sql, now)


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _examine(connection: sqlite3.Connection, path: str, newest: int) -> int:
    seen = number(connection)
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if not empty and not _ours(connection):
        raise NotADatabase(
            f"{path} is a database of another program. Choose another path for your memory"
        )
    if seen > newest:
        raise NewerSchema(
            f"{path} was written by a later version of mnemic (schema {seen}, this one knows "
            f"{newest}). Upgrade with: pip install -U mnemic"
        )
    return seen


def _ours(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION)


def _apply(connection: sqlite3.Connection, step: int, name: str, sql: str, now: Micros) -> None:
    for statement in statements(sql):
        connection.execute(statement)
    if step == 1:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(
            "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT, applied_at INTEGER)"
        )
    connection.execute("INSERT INTO migrations VALUES (?, ?, ?)", (step, name, now))
    connection.execute(f"PRAGMA user_version = {step}")


def statements(sql: str) -> list[str]:
    """The statements of a script (`executescript` would commit the open transaction)."""
    found, start = [], 0
    for end in (place + 1 for place, sign in enumerate(sql) if sign == ";"):
        if sqlite3.complete_statement(sql[start:end]):
            found.append(sql[start:end].strip())
            start = end
    return found
