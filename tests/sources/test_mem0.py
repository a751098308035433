"""mem0: what get_all() gives, and history.db."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mnemic.core.errors import SourceError
from mnemic.core.records import Origin
from mnemic.sources.detect import detect
from mnemic.sources.read import read, size

Write = Callable[[str, str | bytes], Path]

TEA = "6f1c0d2e-0000-4000-8000-000000000001"
RUN = "6f1c0d2e-0000-4000-8000-000000000002"


def memory(id: str, words: str, user: str | None = "ana", **more: Any) -> dict[str, Any]:
    owner = {"user_id": user} if user else {}
    return {"id": id, "memory": words, "hash": "0", "created_at": "2026-04-01T10:00:00+00:00"} | (
        owner | more
    )


def history(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    """A history.db as mem0 writes it."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "CREATE TABLE history (id TEXT PRIMARY KEY, memory_id TEXT, old_memory TEXT, "
            "new_memory TEXT, event TEXT, created_at DATETIME, updated_at DATETIME, "
            "is_deleted INTEGER, actor_id TEXT, role TEXT)"
        )
        db.execute("CREATE TABLE messages (id TEXT PRIMARY KEY, content TEXT)")
        db.execute("INSERT INTO messages VALUES ('m', 'hi')")
        db.executemany("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return path


def rows(at: str = "2026-04-01T10:00:00+00:00") -> list[tuple[Any, ...]]:
    return [
        ("1", TEA, None, "Likes tea", "ADD", at, at, 0, None, "user"),
        ("2", RUN, None, "Runs", "ADD", at, at, 0, "ben", None),
        ("3", TEA, "Likes tea", "Loves tea", "UPDATE", at, at, 0, None, "user"),
        ("4", "gone", None, "Smokes", "ADD", at, at, 0, None, None),
        ("5", "gone", "Smokes", None, "DELETE", at, at, 1, None, None),
    ]


def test_a_memory_with_all_that_is_known_of_it(write: Write) -> None:
    value = memory(
        TEA,
        "Likes tea",
        run_id="trip",
        agent_id="guide",
        actor_id="Ana",
        role="user",
        expiration_date="2027-01-01",
        updated_at="2026-05-01T10:00:00+00:00",
        metadata={"topic": "food"},
    )
    [event] = read(write("a.json", json.dumps({"results": [value]})))
    assert (event.text, event.kind, event.speaker, event.role) == (
        "Likes tea",
        "fact",
        "Ana",
        "user",
    )
    assert (event.session_id, event.source, event.external_id) == ("trip", "mem0", TEA)
    assert str(event.time) == "2026-04-01T10:00:00Z" and event.origin is Origin.USER
    assert event.metadata == {
        "id": TEA,
        "user_id": "ana",
        "agent_id": "guide",
        "updated_at": "2026-05-01T10:00:00+00:00",
        "topic": "food",
    }
    assert str(event.valid_to) == "2027-01-01"


def test_what_a_model_drew_is_derived(write: Write) -> None:
    [event] = read(write("a.json", json.dumps([memory(TEA, "Likes tea")])))
    assert event.origin is Origin.DERIVED


@pytest.mark.parametrize("form", ["list", "lines", "answer"])
def test_the_three_forms_are_one(write: Write, form: str) -> None:
    held = [memory(TEA, "Likes tea"), memory(RUN, "Runs")]
    text = {
        "list": json.dumps(held),
        "lines": "\n".join(map(json.dumps, held)),
        "answer": json.dumps({"results": held, "relations": []}),
    }[form]
    path = write("a.json", text)
    assert detect(path) == "mem0"
    assert [event.external_id for event in read(path)] == [TEA, RUN]


def test_several_users_are_never_poured_together(write: Write) -> None:
    path = write("a.json", json.dumps([memory(TEA, "Likes tea"), memory(RUN, "Runs", "ben")]))
    with pytest.raises(SourceError, match=r"'ana', 'ben' \(user_id\).*--user"):
        list(read(path))
    with pytest.raises(SourceError, match="several users"):
        list(read(path, user="carl"))
    told: Counter[str] = Counter()
    assert [
        event.text for event in read(path, user="ben", notice=lambda one: told.update([one]))
    ] == ["Runs"]
    assert told == {"of other users in the same file": 1}


def test_one_user_has_any_name(write: Write) -> None:
    path = write("a.json", json.dumps([memory(TEA, "Likes tea"), memory(RUN, "Runs", None)]))
    assert len(list(read(path, user="somebody else"))) == 2


def test_short_ids_are_good_in_their_file_only(write: Write) -> None:
    for name in ("a", "b"):
        [event] = read(write(f"{name}.json", json.dumps([memory("7", "Likes tea")])))
        assert (event.source, event.external_id) == (f"mem0:{name}", "7")


def test_relations_and_empty_memories_are_told(write: Write) -> None:
    links = [{"source": "ana", "relationship": "likes", "target": "tea"}]
    held = {"results": [memory(TEA, " "), memory(RUN, "Runs")], "relations": links}
    told: Counter[str] = Counter()
    path = write("a.json", json.dumps(held))
    assert len(list(read(path, notice=lambda one: told.update([one])))) == 1
    assert told == {"without text": 1, "links between records, without words of their own": 1}


def test_history_gives_the_last_state(tmp_path: Path) -> None:
    path = history(tmp_path / "history.db", rows())
    before = path.read_bytes()
    told: Counter[str] = Counter()
    sizes: list[int] = []
    assert detect(path) == detect(tmp_path) == "mem0"
    events = list(read(path, notice=lambda one: told.update([one]), progress=sizes.append))
    assert [(event.text, event.external_id, event.speaker) for event in events] == [
        ("Loves tea", TEA, None),
        ("Runs", RUN, "ben"),
    ]
    assert told == {
        "earlier versions of what was taken in": 1,
        "deleted by those who wrote them": 1,
        "taken in though the file does not say whose they are": 2,
        "hidden or internal: system prompts, thoughts, tool traffic": 1,
    }
    assert sum(sizes) == size(path)
    assert path.read_bytes() == before and [one.name for one in tmp_path.iterdir()] == [
        "history.db"
    ]


def test_history_and_answer_know_a_memory_by_the_same_name(write: Write, tmp_path: Path) -> None:
    [from_answer] = read(write("a.json", json.dumps([memory(RUN, "Runs")])))
    from_history = list(read(history(tmp_path / "history.db", rows())))[1]
    assert (from_answer.source, from_answer.external_id) == (
        from_history.source,
        from_history.external_id,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"results": []}', "an empty answer"),
        (
            '[{"id": "1", "memory": "a", "hash": "0"}, {"id": "2"}]',
            "line 1, item 2 has no 'memory'",
        ),
        ('[{"id": "1", "memory": "a", "created_at": "then"}]', "line 1, item 1: not a time"),
        ('[{"id": "1", "memory": "a", "hash": "0"}', "ends in the middle"),
    ],
)
def test_what_is_damaged_says_where(write: Write, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        list(read(write("a.json", text), "mem0"))


def test_another_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE wishes (a)")
        db.execute("CREATE VIEW history AS SELECT 1 AS memory_id, 2 AS new_memory, 3 AS event")
    with pytest.raises(SourceError, match=r"unknown database: .*the tables wishes"):
        read(path)
    with pytest.raises(SourceError, match="no history of mem0"):
        list(read(path, "mem0"))


def test_a_damaged_database_is_an_error(tmp_path: Path) -> None:
    path = history(tmp_path / "history.db", rows())
    whole = path.read_bytes()
    for keep in range(100, len(whole), 997):
        path.write_bytes(whole[:keep])
        with pytest.raises(SourceError):
            list(read(path))
        with pytest.raises(SourceError):
            list(read(path, "mem0"))


def test_what_was_written_last_is_seen_beside_a_log(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history(path, rows())
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("UPDATE history SET new_memory = 'Hates tea' WHERE id = '3'")
        before = path.read_bytes(), Path(f"{path}-wal").read_bytes()
        assert [event.text for event in read(path)] == ["Hates tea", "Runs"]
        assert (path.read_bytes(), Path(f"{path}-wal").read_bytes()) == before
