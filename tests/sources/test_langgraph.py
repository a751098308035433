"""LangGraph's store: its SQLite file, and items as JSON."""

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
from mnemic.sources.detect import detect
from mnemic.sources.read import read, size

Write = Callable[[str, str | bytes], Path]


def store(path: Path, rows: list[tuple[Any, ...]], more: str = ", expires_at TIMESTAMP") -> Path:
    """A file as SqliteStore writes it; values are BLOBs of JSON there."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "CREATE TABLE store (prefix text NOT NULL, key text NOT NULL, value text NOT NULL, "
            f"created_at TIMESTAMP, updated_at TIMESTAMP{more}, PRIMARY KEY (prefix, key))"
        )
        marks = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO store VALUES ({marks})", rows)
    return path


AT = "2026-04-01 10:00:00"
ROWS = [
    ("memories.ana", "k1", b'{"text":"Likes tea"}', AT, AT, None),
    ("memories.ana", "k2", b'{"food":{"name":"rice"},"n":3}', AT, "2026-05-01 10:00:00", AT),
]


def item(space: list[str], key: str, value: Any) -> dict[str, Any]:
    return {"namespace": space, "key": key, "value": value, "created_at": "2026-04-01T10:00:00"}


def test_a_store_with_times_and_values(tmp_path: Path) -> None:
    path = store(tmp_path / "agent.db", ROWS)
    before = path.read_bytes()
    sizes: list[int] = []
    assert detect(path) == "langgraph"
    one, two = read(path, progress=sizes.append)
    assert (one.text, str(one.time), one.session_id) == (
        "Likes tea",
        "2026-04-01T10:00:00Z",
        "memories.ana",
    )
    assert (one.source, one.external_id) == ("langgraph:agent", "memories.ana/k1")
    assert one.metadata == {"namespace": "memories.ana", "key": "k1"}
    assert two.text == "food.name: rice\nn: 3"
    assert two.metadata["value"] == {"food": {"name": "rice"}, "n": 3}
    assert two.metadata["updated_at"] == "2026-05-01 10:00:00"
    assert str(two.valid_to) == "2026-04-01T10:00:00Z"
    assert sum(sizes) == size(path) and path.read_bytes() == before


def test_an_older_store_has_no_end_of_time(tmp_path: Path) -> None:
    path = store(tmp_path / "agent.db", [row[:5] for row in ROWS], more="")
    assert [event.valid_to for event in read(path)] == [None, None]


def test_both_forms_know_an_item_by_the_same_name(write: Write, tmp_path: Path) -> None:
    key = "6f1c0d2e-0000-4000-8000-000000000001"
    row = ("memories.ana", key, b'{"text":"Likes tea"}', AT, AT, None)
    [stored] = read(store(tmp_path / "agent.db", [row]))
    held = item(["memories", "ana"], key, {"text": "Likes tea"})
    [written] = read(write("other.json", json.dumps({"items": [held]})))
    assert stored == written


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"content": {"content": "Runs"}, "kind": "Memory"}, "Runs"),
        ({"data": "Runs", "when": 3}, "Runs"),
        ({"name": "Ana", "likes": ["tea", 3]}, "name: Ana\nlikes: tea, 3"),
        ({"text": " ", "n": 0}, "n: 0"),
    ],
)
def test_the_words_of_a_value(write: Write, value: Any, words: str) -> None:
    [event] = read(write("a.json", json.dumps([item(["m"], "k", value)])))
    assert event.text == words
    assert event.metadata["value"] == value


def test_what_says_nothing_is_told(write: Write) -> None:
    told: Counter[str] = Counter()
    path = write("a.json", json.dumps([item(["m"], "k", {"on": True, "x": None})]))
    assert list(read(path, notice=lambda one: told.update([one]))) == []
    assert told == {"without text": 1}


def test_namespaces_with_the_users_name_are_theirs(write: Write) -> None:
    held = [item(["memories", who], "k", {"text": who}) for who in ("ana", "ben")]
    path = write("a.json", json.dumps(held))
    told: Counter[str] = Counter()
    events = read(path, user="ben", notice=lambda one: told.update([one]))
    assert [event.text for event in events] == ["ben"]
    assert told == {"of other users in the same file": 1}
    told.clear()
    assert len(list(read(path, user="carl", notice=lambda one: told.update([one])))) == 2
    assert told == {"taken in though the file does not say whose they are": 2}


def test_a_value_that_is_no_json_names_its_key(tmp_path: Path) -> None:
    path = store(tmp_path / "agent.db", [("m", "k", b"{broken", AT, AT, None)])
    with pytest.raises(SourceError, match="item 'k' of 'm'"):
        list(read(path))


def test_checkpoints_are_no_memories(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE checkpoints (thread_id TEXT)")
    with pytest.raises(SourceError, match="checkpoints are not memories"):
        list(read(path, "langgraph"))
    with pytest.raises(SourceError, match="unknown database"):
        read(path)


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    path = store(tmp_path / "agent.db", ROWS)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM store")
    with pytest.raises(SourceError, match="an empty store"):
        list(read(path))
