"""Forgotten means gone: from answers, from every table, from the bytes of the files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import mnemic
from mnemic import Memory
from mnemic.engine.erase import residue_scan

SECRET = "the vault combination is heliotrope-7731-quincunx"


def everywhere(path: Path) -> bytes:
    files = [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_nothing_of_it_is_left_in_the_files(memory: Memory, path: Path) -> None:
    memory.add([f"an ordinary day, number {n}" for n in range(50)], user_id="ana")
    (id,) = memory.add(
        SECRET, user_id="ana", session_id="s-heliotrope", metadata={"code": "quincunx"}
    ).ids
    memory.update(id, text=SECRET + " since Monday", why="said quincunx again")
    memory.add([f"another day, number {n}" for n in range(50)], user_id="ana")
    assert b"heliotrope" in everywhere(path)
    certificate = memory.forget(id, reason="user_request")
    assert certificate.status == "erased"
    assert certificate.ids == (id,)
    for word in (b"heliotrope", b"quincunx", b"7731"):
        assert word not in everywhere(path)
    assert len(memory.search("vault combination", user_id="ana", limit=5)) == 5
    assert memory.doctor().ok


def test_a_forgotten_record_says_so(memory: Memory) -> None:
    (id,) = memory.add(SECRET, user_id="ana").ids
    update = memory.update(id, text=SECRET + "!")
    memory.forget(id)
    for act in (memory.get, memory.history, memory.restore, memory.delete):
        with pytest.raises(mnemic.Forgotten):
            act(id)
    with pytest.raises(mnemic.Forgotten, match="cannot be undone"):
        memory.undo(update)
    assert all(SECRET not in str(entry) for entry in memory.log())


def test_what_was_drawn_from_it_goes_too(memory: Memory) -> None:
    (turn,) = memory.add("I take insulin twice a day", user_id="ana").ids
    (fact,) = memory.add(
        "Ana is diabetic", user_id="ana", kind="fact", derived_from=[turn], origin="derived"
    ).ids
    (gist,) = memory.add(
        "health: diabetes", user_id="ana", kind="gist", derived_from=[fact], origin="derived"
    ).ids
    (other,) = memory.add("Ana likes tea", user_id="ana").ids
    certificate = memory.forget(turn)
    assert set(certificate.ids) == {turn, fact, gist}
    assert certificate.asked == (turn,)
    assert [record.id for record in memory.list(user_id="ana")] == [other]


def test_an_import_does_not_bring_it_back(memory: Memory) -> None:
    (id,) = memory.add(SECRET, user_id="ana", source="chat", external_id="m1").ids
    memory.forget(id)
    receipt = memory.add(SECRET, user_id="ana", source="chat", external_id="m1")
    assert (receipt.ids, receipt.refused) == ((), (0,))
    assert memory.add(SECRET, user_id="bruno", source="chat", external_id="m1").ids


def test_neither_does_a_cube(memory: Memory, tmp_path: Path) -> None:
    (id,) = memory.add(SECRET, user_id="ana").ids
    memory.add("keep me", user_id="ana")
    memory.export(tmp_path / "ana.zip")
    memory.forget(id)
    assert memory.load(tmp_path / "ana.zip").refused == 1
    with pytest.raises(mnemic.Forgotten):
        memory.get(id)


def test_unknown_ids_forget_nothing(memory: Memory) -> None:
    (id,) = memory.add(SECRET, user_id="ana").ids
    with pytest.raises(mnemic.NotFound, match="nothing was forgotten"):
        memory.forget([id, "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
    assert memory.get(id).text == SECRET


def test_a_scope_can_be_forgotten(memory: Memory) -> None:
    memory.add(["one secret of Ana", "two secrets of Ana"], user_id="ana")
    memory.add("a secret of Bruno", user_id="bruno")
    certificate = memory.forget(user_id="ana")
    assert len(certificate.ids) == 2
    assert [scope.user_id for scope in memory.scopes()] == ["bruno"]
    with pytest.raises(mnemic.InputError, match="say what to forget"):
        memory.forget()
    with pytest.raises(mnemic.InputError, match="say what to forget"):
        memory.forget(["x"], user_id="ana")


READER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
connection.execute("SELECT count(*) FROM records").fetchall()
print("reading", flush=True)
sys.stdin.readline()
connection.close()
"""


def test_another_process_s_open_read_makes_it_pending(
    memory: Memory, path: Path, reopen: Callable[..., Memory]
) -> None:
    (id,) = memory.add(SECRET, user_id="ana").ids
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reading\n"
        certificate = memory.forget(id)
        assert certificate.status == "pending"
        assert certificate.blocker
        assert len(memory.search("vault", user_id="ana")) == 0
        reader.communicate(b"done\n")
    memory.close()
    with reopen() as later:
        assert residue_scan(later._parts.store, [SECRET]) == []
        assert later._parts.store.certificates(pending=True) == []


def test_residue_scan_sees_plain_and_escaped_text(memory: Memory) -> None:
    memory.add("uma canção de ninar", user_id="ana", metadata={"quote": 'say "hello" twice'})
    found = residue_scan(
        memory._parts.store, ["uma canção de ninar", 'say "hello" twice', "never said by anyone"]
    )
    assert found == ['say "hello" twice', "uma canção de ninar"]
