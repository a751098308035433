"""Files that are anything: only our errors come out of a reader, and none of them hangs.

The seeds under files/ hold a little of everything that each format has. `benchmarks/fuzz.py` does
the same for minutes, led by what the code does with its input.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic import Memory
from mnemic.core.errors import MnemicError, SourceError
from mnemic.sources.read import FORMATS, questions, read, size

SEEDS = sorted(Path(__file__).with_name("files").iterdir())
LONG = 3.0
"""Seconds of CPU that no file of a few kilobytes may take."""
UGLY = (
    "\x00", "\ud800", "1e999", "NaN", "-0", "9" * 5000, "[" * 2000, '{"a":' * 500, "\u2028", "'",
    "2026-13-45T99:99", "[[", "]]", "---", "```", "%s", "../../x", "\r", "\ufeff", "null", '"',
)  # fmt: skip


@cache
def content(seed: Path) -> bytes:
    """The bytes of a seed; of a .sql those of the database that it makes, in small pages."""
    if seed.suffix != ".sql":
        return seed.read_bytes()
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA page_size = 512")
        db.executescript(seed.read_text())
        return db.serialize()


def formats(seed: Path) -> list[str]:
    return [next(name for name in FORMATS if seed.name.startswith(name)), "auto"]


def tried(path: Path, format: str) -> None:
    """Everything that the door offers; raises what is no error of ours, or what takes too long."""
    begun = time.process_time()
    for user in (None, "ana"):
        try:
            size(path, format)
            for event in read(path, format, user=user):
                assert event.text and event.source and event.external_id
        except MnemicError as error:
            assert len(str(error)) > 20
    if format in FORMATS and FORMATS[format].questions:
        try:
            list(questions(path, format))
        except MnemicError as error:
            assert len(str(error)) > 20
    assert time.process_time() - begun < LONG


def bent(data: bytes, draw: Callable[[st.SearchStrategy[Any]], Any]) -> bytes:
    """The bytes with some of them changed, taken away, repeated, or with something ugly between."""
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        end = at + draw(st.integers(0, 40))
        how = draw(st.integers(0, 4))
        if how == 0:
            data = data[:at] + draw(st.binary(min_size=1, max_size=8)) + data[end:]
        elif how == 1:
            data = data[:at] + data[end:]
        elif how == 2:
            data = data[:end] + data[at:]
        elif how == 3:
            ugly = draw(st.sampled_from(UGLY)).encode("utf-8", "surrogatepass")
            data = data[:at] + ugly + data[end:]
        else:
            data = data[:at]
    return data


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_the_seeds_are_sound(tmp_path: Path, seed: Path) -> None:
    path = tmp_path / seed.name.replace(".sql", ".db")
    path.write_bytes(content(seed))
    assert list(read(path, formats(seed)[0], user="ana"))


@settings(deadline=None, max_examples=250)
@given(st.sampled_from(SEEDS), st.data())
def test_no_bent_file_raises_anything_but_our_errors(
    tmp_path_factory: pytest.TempPathFactory, seed: Path, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("bent") / seed.name.replace(".sql", ".db")
    path.write_bytes(bent(content(seed), data.draw))
    for format in formats(seed):
        tried(path, format)


BASES = [seed for seed in SEEDS if seed.suffix == ".sql"]


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(BASES), st.lists(st.tuples(st.integers(100, 8000), st.integers(0, 255))))
def test_no_bytes_of_a_database_raise_anything_but_our_errors(
    tmp_path_factory: pytest.TempPathFactory, seed: Path, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(content(seed))
    for at, byte in changes:
        data[at % len(data)] = byte
    path = tmp_path_factory.mktemp("bent") / "some.db"
    path.write_bytes(data)
    for format in formats(seed):
        tried(path, format)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "memory", "results", "uuid", "group_id", "fact", "content", "namespace",
                 "key", "value", "items", "document", "metadata", "wing", "user_id", "created_at",
                 "valid_at", "nodes", "edges", "role", "properties", "text", "messages", "mapping"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)  # fmt: skip
"""JSON of the words that the formats use."""


@settings(deadline=None, max_examples=150)
@given(
    json_values, st.sampled_from(["auto", "mem0", "graphiti", "langgraph", "mempalace", "jsonl"])
)
def test_no_json_raises_anything_but_our_errors(
    tmp_path_factory: pytest.TempPathFactory, value: Any, format: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "some.json"
    path.write_text(json.dumps(value))
    tried(path, format)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(SEEDS), st.data())
def test_no_bent_file_brings_an_import_down(
    tmp_path_factory: pytest.TempPathFactory, seed: Path, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("bent") / seed.name.replace(".sql", ".db")
    path.write_bytes(bent(content(seed), data.draw))
    with Memory(":memory:", encoder=None) as memory:
        try:
            memory.import_file(path, format=formats(seed)[0], user_id="ana")
        except MnemicError:
            assert memory.stats().records == 0
            return
        assert memory.import_file(path, format=formats(seed)[0], user_id="ana").written == 0


@pytest.mark.parametrize(
    ("format", "head", "unit"),
    [
        ("auto", "# ", " "),
        ("transcript", "Ana: hi\nBen: ho\n# ", "\t"),
        ("whatsapp", "12/06/2025, 10:15 - Ana: ", "\u200e"),
        ("markdown", "# ", " #"),
        ("markdown", "", "[[a"),
        ("basic-memory", "---\npermalink: a\n---\n- [", "a] ["),
        ("mempalace", "# a / b\n\n## x\n\n> a\n", "| "),
    ],
)
def test_no_repetition_takes_long(tmp_path: Path, format: str, head: str, unit: str) -> None:
    """Twenty thousand blanks behind a # took four seconds to be recognised as no heading."""
    path = tmp_path / ("some.txt" if format in ("auto", "transcript", "whatsapp") else "some.md")
    path.write_text(head + unit * 40_000, encoding="utf-8")
    tried(path, format)


def test_a_value_that_claims_to_be_larger_than_the_file(tmp_path: Path) -> None:
    """SQLite calls it malformed, too big or, where it tried, out of memory: all are one error."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE store (prefix TEXT, key TEXT, value TEXT)")
        db.execute("INSERT INTO store VALUES ('m', 'k', ?)", ("x" * 200,))
        data = bytearray(db.serialize())
    at = data.rindex(b"mk" + b"x" * 200)
    # The header of the row: its size, then the type of each column; the last is 413, 200 bytes.
    assert data[at - 5 : at] == bytes([5, 15, 15, 0x83, 0x1D])
    data[at - 8 : at] = bytes([0x8F, 0xFF, 0xFF, 0x7F, 1, 15, 15, 0x7F])
    path = tmp_path / "some.db"
    path.write_bytes(data)
    with pytest.raises(SourceError):
        list(read(path, "langgraph"))


def test_a_tree_that_holds_itself_has_an_end(tmp_path: Path) -> None:
    """Interior pages whose children are themselves: a walk over it would never end."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA page_size = 512")
        db.execute("CREATE TABLE store (prefix TEXT, key TEXT, value TEXT)")
        rows = (("m", f"{number:05}", '{"text": "tea"}') for number in range(3000))
        db.executemany("INSERT INTO store VALUES (?, ?, ?)", rows)
        data = bytearray(db.serialize())
    inner = [at for at in range(512, len(data), 512) if data[at] == 5]
    for at in inner:
        cells = int.from_bytes(data[at + 3 : at + 5], "big")
        for number in range(cells):
            place = at + int.from_bytes(data[at + 12 + 2 * number : at + 14 + 2 * number], "big")
            data[place : place + 4] = (inner[-1] // 512 + 1).to_bytes(4, "big")
    path = tmp_path / "some.db"
    path.write_bytes(data)
    begun = time.process_time()
    with pytest.raises(SourceError, match="cannot read"):
        list(read(path, "langgraph"))
    assert time.process_time() - begun < 20
