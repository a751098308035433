"""Whatever form words lie in a file in, they are seen; and what others say is told apart."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mnemic import Memory
from mnemic.core.records import Media
from mnemic.engine.forgetting.residue import (
    Residue,
    files,
    residue_scan,
    search,
    traces_of_record,
    traces_of_text,
    traces_of_words,
)
from mnemic.engine.reader import Words

SAID = 'the "vault" combination is heliotrope quincunx'


def seen(memory: Memory, *texts: str) -> set[tuple[str, str]]:
    return {(one.form, Path(one.file).name) for one in residue_scan(memory._parts, texts)}


def test_what_is_there_is_seen_in_every_form(memory: Memory) -> None:
    memory.add(SAID, user_id="ana", metadata={"quote": SAID})
    forms = {form for form, _ in seen(memory, SAID)}
    assert forms == {"text", "JSON", "tokens", "token ids", "mark", "vector"}
    assert all(one.elsewhere for one in residue_scan(memory._parts, [SAID])), "it is still said"
    assert residue_scan(memory._parts, ["never said by anyone"]) == []


@pytest.mark.parametrize(
    "form", ["text", "JSON", "UTF-16", "tokens", "token ids", "mark", "vector"]
)
def test_each_form_is_seen_where_it_was_left(memory: Memory, path: Path, form: str) -> None:
    memory.add("something else", user_id="ana")
    trace = next(t for t in traces_of_words(memory._parts.reader, SAID) if t.form == form)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE left (over BLOB)")
        raw.execute("INSERT INTO left VALUES (?)", (trace.data,))
        raw.commit()
    found = [one for one in residue_scan(memory._parts, [SAID]) if one.form == form]
    assert {(one.elsewhere, one.telling) for one in found} == {(False, True)}
    one = found[0]
    assert one.offset is not None
    assert Path(one.file).read_bytes()[one.offset :].startswith(trace.data)
    assert str(one) == f"{form} of {one.text!r} in {one.file} at byte {one.offset}"


def test_a_term_that_nobody_says_any_more(memory: Memory, path: Path) -> None:
    memory.add("heliotrope moon", user_id="ana")
    memory.add("moon river", user_id="ana")
    with closing(sqlite3.connect(path)) as raw:  # an index that was not told of a deletion
        raw.execute("DELETE FROM meta WHERE name = 'indexed_below'")
        raw.execute("INSERT INTO meta VALUES ('indexed_below', '100')")
        raw.execute("INSERT INTO text (text) VALUES ('rebuild')")
        raw.execute("DELETE FROM analysed WHERE key = 1")
        raw.commit()
    stem = memory._parts.reader.tokens(Words("heliotrope", None, None))
    found = [one for one in residue_scan(memory._parts, ["heliotrope moon"]) if one.form == "index"]
    assert found == [Residue(stem, "index", str(path), None)]


def test_long_texts_are_sought_in_pieces() -> None:
    long = "".join(chr(97 + n % 26) for n in range(200)) + "!"
    pieces = [trace.text for trace in traces_of_text(long) if trace.form == "text"]
    assert {len(piece) for piece in pieces} == {64, 16}
    assert pieces[-1] == long[-16:]
    assert list(traces_of_text("short", least=6)) == []


def test_names_and_pictures_are_sought_too(memory: Memory) -> None:
    picture = bytes(range(256)) * 20
    (id,) = memory.add(
        "a word",
        user_id="ana",
        speaker="Heliotropia",
        metadata={"colours": ["quincunx", {"deep": 3}]},
        media=Media("image/png", "ab" * 32, "file:///x.png", picture),
    ).ids
    traces = list(traces_of_record(memory._parts.reader, memory.get(id)))
    assert {"Heliotropia", "colours", "quincunx", "file:///x.png"} <= {one.text for one in traces}
    packed = [one for one in traces if one.form == "base64"]
    assert len(packed) == 2
    found = search(memory._parts, traces, files(memory._parts.store, copies=False))
    assert {one.form for one in found} >= {"base64", "text", "mark", "vector"}
    assert all(one.elsewhere for one in found)
    assert base64.b64encode(picture)[:16] == packed[0].data[:16]


def test_copies_are_unpacked(memory: Memory, tmp_path: Path) -> None:
    memory.add(SAID, user_id="ana")
    memory.export(tmp_path / "ana.zip")
    assert ("JSON", "changes.jsonl") in seen(memory, SAID)
    found = residue_scan(memory._parts, [SAID], copies=False)
    assert all(Path(one.file).name.startswith("memory.db") for one in found)
    (tmp_path / "ana.zip").unlink()
    assert residue_scan(memory._parts, [SAID]) == found


def test_a_memory_without_files_has_no_residue(reopen: Callable[..., Memory]) -> None:
    with Memory(":memory:") as memory:
        memory.add(SAID, user_id="ana")
        assert residue_scan(memory._parts, [SAID]) == []
