"""Forgotten means gone: from answers, from every table, from the bytes of the files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import mnemic
from mnemic import Memory
from mnemic.core.changes import Retire
from mnemic.core.ids import RecordId
from mnemic.core.records import Origin, Status
from mnemic.engine.backups import backup
from mnemic.engine.forgetting import erase, regression
from mnemic.engine.forgetting.certificates import certificates, from_json, to_json
from mnemic.engine.forgetting.residue import residue_scan
from mnemic.engine.forgetting.selection import Selection, select
from mnemic.engine.trying import try_out
from mnemic.engine.write import commit

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
    (tmp_path / "kept.zip").write_bytes((tmp_path / "ana.zip").read_bytes())
    certificate = memory.forget(id)
    assert certificate.reached == (f"{tmp_path / 'ana.zip'}: written anew without 1 record",)
    assert certificate.unreached == ()
    assert memory.load(tmp_path / "ana.zip").already == 1
    assert memory.load(tmp_path / "kept.zip").refused == 1, "one that nobody knew of"
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


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Another process has a read of this file open."""
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reading\n"
        try:
            yield
        finally:
            reader.communicate(b"done\n")


READER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
connection.execute("SELECT count(*) FROM records").fetchall()
print("reading", flush=True)
sys.stdin.readline()
connection.close()
"""


def drawn(memory: Memory, text: str, *sources: str, **fields: Any) -> str:
    """A gist of these sources."""
    given = {"user_id": "ana", "kind": "gist", "origin": "derived"} | fields
    return str(memory.add(text, derived_from=sources, **given).id)


def test_what_had_other_sources_is_drawn_again_without_it(memory: Memory) -> None:
    ill, tea, sail = memory.add(
        ["Ana is ill.", "Ana likes tea. And cake.", "Ana learned to sail."], user_id="ana"
    ).ids
    first = drawn(memory, "Ana is ill. Ana likes tea.", ill, tea, metadata={"about": "illness"})
    second = drawn(memory, "Ana likes tea. So she is ill. Ana learned to sail.", first, sail)
    alone = drawn(memory, "Ana is ill.", ill, tea)
    memory.link(second, "about", tea)
    memory.link(sail, "answers", second)
    memory.link(first, "before", second)
    memory.delete(first)
    certificate = memory.forget(ill)
    assert set(certificate.ids) == {ill, first, second, alone}
    assert certificate.asked == (ill,)
    assert set(certificate.redrawn) == {first, second}
    store = memory._parts.store
    new_first, new_second = (certificate.redrawn[RecordId(id)] for id in (first, second))
    again = store.get([new_first, new_second])
    assert again[new_first].text == "Ana likes tea."
    assert again[new_first].status is Status.RETIRED
    assert again[new_first].metadata == {}
    assert again[new_first].provenance.derived_from == (tea,)
    assert again[new_second].text == "Ana likes tea. Ana learned to sail."
    assert again[new_second].provenance.derived_from == (new_first, sail)
    assert memory.log(id=new_second)[0].why == "redrawn: sentences"
    assert {(link.source, link.relation, link.target) for link in store.links([sail, *again])} == {
        (new_first, "derived_from", tea),
        (new_second, "derived_from", new_first),
        (new_second, "derived_from", sail),
        (new_second, "about", tea),
        (sail, "answers", new_second),
        (new_first, "before", new_second),
    }
    assert "2 drawn again without" in str(certificate)
    assert [one for one in residue_scan(memory._parts, ["Ana is ill."]) if not one.elsewhere] == []


def test_what_was_drawn_again_is_not_imported_again(memory: Memory) -> None:
    ill, tea = memory.add(["Ana is ill.", "Ana likes tea."], user_id="ana").ids
    text, name = "Ana is ill. Ana likes tea.", {"source": "notes", "external_id": "n1"}
    old = drawn(memory, text, ill, tea, **name)
    new = memory.forget(ill).redrawn[RecordId(old)]
    assert memory.get(new).text == "Ana likes tea."
    assert memory.get(new).provenance.external_id is None
    again = memory.add(text, user_id="ana", **name)  # type: ignore[arg-type]
    assert (again.ids, again.refused) == ((), (0,))


def test_a_circle_of_sources_goes_whole(memory: Memory) -> None:
    (root,) = memory.add("It began here.", user_id="ana").ids
    one = drawn(memory, "One. Two.", root)
    two = drawn(memory, "One. Two.", one)
    memory.link(one, "derived_from", two)
    assert set(memory.forget(root).ids) == {root, one, two}


def test_a_reason_that_was_written_twice_goes_twice(memory: Memory, path: Path) -> None:
    (old,) = memory.add("Ana lives in Porto", user_id="ana", timestamp="2025-01-01").ids
    new = memory.supersede(old, text="Ana lives in Lisbon", why="she fled from heliotrope-7731").id
    memory.forget(new)
    assert b"heliotrope" not in everywhere(path)
    assert [line.why for line in memory.log(id=old)] == ["added", "redacted"]
    assert memory.history(old)[-1].change.why == "redacted"


def test_a_user_who_comes_back_begins_anew(memory: Memory, path: Path) -> None:
    name = "heliotrope-quincunx"
    memory.add("something else entirely", user_id="bo")
    (id,) = memory.add("a word", user_id=name, source="chat", external_id="m1").ids
    assert len(memory.search("word", user_id=name)) == 1
    memory.forget(user_id=name)
    assert b"quincunx" not in everywhere(path)
    assert memory.doctor().findings == ()
    with pytest.raises(mnemic.Forgotten):
        memory.get(id)
    again = memory.add("a word", user_id=name, source="chat", external_id="m1")
    assert again.refused == (0,), "what was forgotten is known by its mark alone"
    new = memory.add("another word", user_id=name).ids
    assert [hit.id for hit in memory.search("word", user_id=name)] == [*new]


def test_another_process_lets_go_of_a_name(memory: Memory, reopen: Callable[..., Memory]) -> None:
    memory.add("a word of Ana", user_id="ana")
    with reopen() as other:
        assert len(other.search("word", user_id="ana")) == 1
        memory.forget(user_id="ana")
        memory.add("another word of Ana", user_id="ana")
        assert [hit.text for hit in other.search("word", user_id="ana")] == ["another word of Ana"]


def test_by_a_selection(memory: Memory) -> None:
    memory.add("the web says so", user_id="ana", origin="web")
    memory.add("Ana says so", user_id="ana")
    which = Selection((memory._partition(None, "ana", None, None),), scoped=True, origin=Origin.WEB)
    certificate = erase.forget(
        memory._parts, select(memory._parts, which), "policy", selection=str(which)
    )
    assert certificate.selection == "in one scope; of origin web"
    assert [record.text for record in memory.list(user_id="ana")] == ["Ana says so"]
    assert certificates(memory._parts.store) == [certificate]
    again = erase.forget(memory._parts, select(memory._parts, which), "policy")
    assert (again.status, again.ids, again.verified) == ("erased", (), ("nothing was there",))


def test_a_trial_does_not_quote_it(memory: Memory) -> None:
    (id,) = memory.add(SECRET, user_id="ana").ids
    trial = {"id": "t", "open": True, "record": id, "tried": [f"is it {SECRET}?", SECRET, "other"]}
    store = memory._parts.store
    with store.writing():
        store.keep_trial(json.dumps(trial))
    memory.forget(id)
    assert json.loads(store.trials()[0]) == trial | {"tried": ["redacted", "redacted", "other"]}


def test_a_dry_run_erases_nothing(memory: Memory, path: Path) -> None:
    (id,) = memory.add(SECRET, user_id="ana").ids
    memory.export(path.with_name("ana.zip"))
    before = everywhere(path.with_name("ana.zip"))
    told = try_out(memory._parts, lambda parts: erase.forget(parts, [id], "requested", scrub=False))
    assert (told.status, told.ids) == ("dry run", (id,))
    assert memory.get(id).text == SECRET
    assert certificates(memory._parts.store) == []
    assert everywhere(path.with_name("ana.zip")) == before


def test_nothing_is_erased_if_others_would_change(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    (id, other) = memory.add([SECRET, "keep me"], user_id="ana").ids
    carry_out = erase._carry_out

    def clumsy(parts: Any, plan: Any, certificate: Any) -> None:
        carry_out(parts, plan, certificate)
        commit(parts, [Retire(other)])

    monkeypatch.setattr(erase, "_carry_out", clumsy)
    with pytest.raises(mnemic.StoreError, match="nothing was forgotten"):
        memory.forget(id)
    assert memory.get(id).text == SECRET
    assert memory.get(other).status is Status.ACTIVE


def test_what_survives_is_told(memory: Memory) -> None:
    ids = memory.add(["one moon", "two rivers", "three houses", SECRET], user_id="ana").ids
    store = memory._parts.store
    doomed = store.get([ids[3]])
    before = regression.survivors(store, doomed)
    assert regression.lost(store, before) == [
        "3 records should remain, and 4 do",
        "a partition counts other records than before",
    ]
    memory.forget(ids[3])
    assert regression.lost(store, before) == []
    memory.update(ids[0], text="another moon")
    memory.delete(ids[1])
    assert regression.lost(store, before) == [
        "a partition counts other records than before",
        "a record that was not forgotten reads otherwise than before",
        "a record that was not forgotten is no longer found by its words",
    ]


def test_old_certificates_are_read() -> None:
    old = """{"id": "c", "status": "erased", "at": 5, "reason": "asked", "ids": ["a", "b"],
        "asked": ["a"], "method": ["all"], "verified": ["yes"], "blocker": null}"""
    read = from_json(old)
    assert (read.ids, read.asked, read.redrawn, read.selection) == (("a", "b"), ("a",), {}, "")
    assert from_json(to_json(read)) == read
    assert from_json('{"id": "c", "status": "pending", "later": 1}').ids == ()


# -- copies


def backed_up(memory: Memory, target: Path) -> Path:
    """A backup, which the memory knows of."""
    backup(memory._parts, target)
    return target


def test_a_backup_forgets_too(memory: Memory, tmp_path: Path) -> None:
    (id, other) = memory.add([SECRET, "keep me"], user_id="ana").ids
    fact = drawn(memory, f"We know that {SECRET}.", id)
    backup = backed_up(memory, tmp_path / "backup.db")
    memory.forget(fact)
    memory.add("later", user_id="ana")
    certificate = memory.forget(id)
    assert certificate.reached == (f"{backup}: 1 record erased there",)
    assert b"heliotrope" not in everywhere(backup)
    assert {file.name for file in tmp_path.iterdir()} == {
        "memory.db",
        "memory.db-wal",
        "memory.db-shm",
        "backup.db",
    }
    with Memory(backup) as restored:
        assert [record.id for record in restored.list(user_id="ana")] == [other]
        assert restored.doctor().ok
        assert {one.status for one in certificates(restored._parts.store)} == {"erased"}


def test_copies_that_cannot_be_reached_are_named(
    memory: Memory, clock: Any, tmp_path: Path
) -> None:
    memory.add("before any of it", user_id="ana")
    memory.export(tmp_path / "earlier.zip")
    clock.micros += 2 * 86_400_000_000
    (id,) = memory.add(SECRET, user_id="ana").ids
    memory.add("of another", user_id="bo")
    for name in ("gone", "damaged", "good"):
        memory.export(tmp_path / f"{name}.zip")
    memory.export(tmp_path / "bo.zip", user_id="bo")
    (tmp_path / "gone.zip").unlink()
    (tmp_path / "damaged.zip").write_bytes(b"no cube any more")
    backed_up(memory, tmp_path / "other.db").unlink()
    with Memory(tmp_path / "other.db") as other:
        other.add("of another memory", user_id="ana")
    certificate = memory.forget(id)
    assert [Path(line.split(": ")[0]).name for line in certificate.reached] == ["good.zip"]
    named = dict(line.split(": ", 1) for line in certificate.unreached)
    assert {Path(path).name for path in named} == {"gone.zip", "damaged.zip", "other.db"}
    assert "not there any more" in named[str(tmp_path / "gone.zip")]
    assert "not a cube" in named[str(tmp_path / "damaged.zip")]
    assert "another memory lies there" in named[str(tmp_path / "other.db")]
    assert certificate.status == "erased"
    assert "copies not reached: 3" in str(certificate)


def test_what_must_not_come_back(memory: Memory, tmp_path: Path) -> None:
    (id, other) = memory.add([SECRET, "keep me"], user_id="ana").ids
    records = list(memory._parts.store.get([id, other]).values())
    memory.forget(id)
    assert erase.forgotten(memory._parts.store, memory._parts.secret, records) == [id]


# -- other processes


def test_another_process_s_open_read_makes_it_pending(
    path: Path, reopen: Callable[..., Memory], tmp_path: Path
) -> None:
    with reopen(timeout=0.2) as memory:
        (id,) = memory.add(SECRET, user_id="ana").ids
        backup = backed_up(memory, tmp_path / "backup.db")
        with reading(path), reading(backup):
            certificate = memory.forget(id)
            assert certificate.status == "pending"
            assert str(certificate.blocker).startswith(f"another connection is reading {path}; ")
            assert certificates(memory._parts.store, pending=True) == [certificate]
            assert "another process has it open" in certificate.unreached[0]
            assert len(memory.search("vault", user_id="ana")) == 0
            memory.flush()
            assert certificates(memory._parts.store, pending=True)
    with reopen() as later:
        assert certificates(later._parts.store, pending=True) == []
        (done,) = certificates(later._parts.store)
        assert (done.status, done.unreached, done.blocker) == ("erased", (), None)
        assert residue_scan(later._parts, [SECRET]) == []
        assert b"heliotrope" not in everywhere(path) + everywhere(backup)


def test_flush_completes_it_as_well(path: Path, reopen: Callable[..., Memory]) -> None:
    with reopen(timeout=0.2) as memory:
        (id,) = memory.add(SECRET, user_id="ana").ids
        with reading(path):
            assert memory.forget(id).status == "pending"
        memory.flush()
        assert [one.status for one in certificates(memory._parts.store)] == ["erased"]
        assert b"heliotrope" not in everywhere(path)


DYING = """
import os, sys
import mnemic
from mnemic.store.sqlite import SqliteStore
memory = mnemic.Memory(sys.argv[1])
SqliteStore.scrub = lambda self: os.kill(os.getpid(), 9)
memory.forget(sys.argv[2])
"""


def test_a_process_that_dies_before_the_last_step(
    path: Path, reopen: Callable[..., Memory], tmp_path: Path
) -> None:
    with reopen() as memory:
        (id,) = memory.add(SECRET, user_id="ana").ids
        memory.export(tmp_path / "ana.zip")
    dead = subprocess.run([sys.executable, "-c", DYING, str(path), id], capture_output=True)
    assert dead.returncode == -9, dead.stderr
    with reopen() as later:
        (done,) = certificates(later._parts.store)
        assert done.status == "erased"
        assert residue_scan(later._parts, [SECRET]) == []


def test_what_a_process_left_beside_a_copy_goes_and_what_is_being_written_is_named(
    memory: Memory, path: Path, tmp_path: Path
) -> None:
    (id,) = memory.add(SECRET, user_id="ana").ids
    cube, copy = tmp_path / "all.zip", tmp_path / "all.bak"
    memory.export(cube)
    memory.backup(copy)
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=-1)
    dead = int(gone.stdout)
    drafts = [file.with_name(f".{file.name}.{dead}.part") for file in (cube, copy, path)]
    running = copy.with_name(f".{copy.name}.{os.getpid()}.part")
    aside = path.with_name(f"{path.name}.damaged-1")
    for file in (*drafts, running, aside):
        file.write_text(SECRET)
    certificate = memory.forget(id)
    assert not any(file.exists() for file in drafts)
    assert running.exists()
    assert [str(file) in "".join(certificate.unreached) for file in (copy, aside)] == [True] * 2
    assert any(str(drafts[0]) in line for line in certificate.reached)
