"""MemPalace: the palace's own database, and its exports."""

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

TEA = {"wing": "ana", "room": "kitchen", "filed_at": "2026-04-01T10:00:00", "chunk_index": 0}
MINED = TEA | {"source_file": "/chats/a.txt"}


def palace(path: Path, name: str = "mempalace_drawers") -> Path:
    """A chroma.sqlite3 with the tables and columns that are read."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(
            """
            CREATE TABLE collections (id TEXT PRIMARY KEY, name TEXT NOT NULL);
            CREATE TABLE segments (id TEXT PRIMARY KEY, type TEXT, scope TEXT, collection TEXT);
            CREATE TABLE embeddings (id INTEGER PRIMARY KEY, segment_id TEXT, embedding_id TEXT);
            CREATE TABLE embedding_metadata (id INTEGER, key TEXT, string_value TEXT,
                int_value INTEGER, float_value REAL, bool_value INTEGER, PRIMARY KEY (id, key));
            INSERT INTO collections VALUES ('c', 'drawers'), ('d', 'mempalace_closets');
            INSERT INTO segments VALUES ('s', 'm', 'METADATA', 'c'), ('t', 'm', 'METADATA', 'd');
            INSERT INTO embeddings VALUES (1, 's', 'drawer_ana_kitchen_1'),
                (2, 's', 'drawer_ana_kitchen_2'), (3, 't', 'closet_1');
            """
        )
        db.execute("UPDATE collections SET name = ? WHERE id = 'c'", (name,))
        for id, words, about in ((1, "Likes tea", TEA), (2, "Runs", MINED), (3, "x", TEA)):
            for key, value in {**about, "chroma:document": words}.items():
                whole = value if isinstance(value, int) else None
                text = None if isinstance(value, int) else value
                db.execute(
                    "INSERT INTO embedding_metadata VALUES (?, ?, ?, ?, NULL, NULL)",
                    (id, key, text, whole),
                )
    return path


def drawer(number: int, words: str, about: dict[str, Any]) -> str:
    return json.dumps({"id": f"drawer_ana_kitchen_{number}", "document": words, "metadata": about})


def test_a_palace_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    path = palace(tmp_path / "chroma.sqlite3")
    before = path.read_bytes()
    assert detect(tmp_path) == detect(path) == "mempalace"
    told: Counter[str] = Counter()
    sizes: list[int] = []
    one, two = read(tmp_path, notice=lambda one: told.update([one]), progress=sizes.append)
    assert (one.text, one.session_id, one.source) == ("Likes tea", "ana/kitchen", "mempalace")
    assert (one.external_id, two.external_id) == ("drawer_ana_kitchen_1", "drawer_ana_kitchen_2")
    assert one.metadata == TEA | {"id": "drawer_ana_kitchen_1"}
    assert str(one.time) == "2026-04-01T10:00:00Z"
    assert two.time is None, "when a file was mined is not when it was said"
    assert told == {"vectors, indexes and tables of contents, which are made anew here": 1}
    assert sum(sizes) == size(tmp_path) and path.read_bytes() == before


def test_all_forms_know_a_drawer_by_the_same_name(write: Write, tmp_path: Path) -> None:
    lines = drawer(1, "Likes tea", TEA) + "\n" + drawer(2, "Runs", MINED) + "\n"
    write("export/ana/kitchen.jsonl", lines)
    write("export/export-manifest.json", '{"format_version": 1, "drawers": 2}')
    assert detect(tmp_path / "export") == "mempalace"
    exported = list(read(tmp_path / "export"))
    (tmp_path / "palace").mkdir()
    stored = list(read(palace(tmp_path / "palace" / "chroma.sqlite3")))
    assert exported == stored
    room = (
        "# ana / kitchen\n\n## drawer_ana_kitchen_1\n\n> Likes tea\n> ## and rice\n\n"
        "| Field | Value |\n|-------|-------|\n| Source | unknown |\n"
        "| Filed | 2026-04-01T10:00:00 |\n| Added by | me |\n\n---\n\n"
    )
    write("pages/ana/kitchen.md", room)
    write("pages/index.md", "# Palace Export — 2026-04-02\n\n| Wing | Rooms |\n")
    assert detect(tmp_path / "pages") == "mempalace"
    [page] = read(tmp_path / "pages")
    assert page.text == "Likes tea\n## and rice"
    assert (page.source, page.external_id) == (stored[0].source, stored[0].external_id)
    assert page.session_id == "ana/kitchen" and page.time == stored[0].time
    assert page.metadata["added_by"] == "me"


def test_any_other_chroma_database_is_not_a_palace(write: Write, tmp_path: Path) -> None:
    path = palace(tmp_path / "chroma.sqlite3", "wines")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM embedding_metadata WHERE key = 'wing'")
        db.execute("DELETE FROM collections WHERE name LIKE 'mem%'")
    with pytest.raises(SourceError, match="unknown database"):
        read(path)
    write("note.md", "# A note\nof mine\n")
    assert detect(tmp_path) == "markdown"


def test_what_holds_no_drawers_says_so(write: Write, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="item 2 has no 'document'"):
        list(read(write("a.jsonl", drawer(1, "a", TEA) + '\n{"a": 1}\n')))
    with pytest.raises(SourceError, match="no drawers"):
        list(read(write("b/a.md", "# a / b\n"), "mempalace"))
    with pytest.raises(SourceError, match="no palace in"):
        list(read(write("c/a.txt", "x").parent, "mempalace"))


def test_an_empty_drawer_is_told(write: Write) -> None:
    told: Counter[str] = Counter()
    path = write("a.jsonl", drawer(1, " ", TEA))
    assert list(read(path, notice=lambda one: told.update([one]))) == []
    assert told == {"without text": 1}
