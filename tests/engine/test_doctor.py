"""Doctor finds what does not agree, mends what is derived, and never touches the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic import Memory
from mnemic.core.vectors import EncoderId
from mnemic.engine.epoch import epoch


@pytest.fixture
def damage(memory: Memory, path: Path, reopen: Callable[..., Memory]) -> Callable[[str], Memory]:
    memory.add([f"note {number} about the garden" for number in range(20)], user_id="ana")
    memory.add("Zanzibar was warm.", user_id="ana", metadata={"place": "Heliotrope Street"})
    memory.add("A tree stood in front of the house. " * 60, user_id="ana")  # several passages
    memory.close()
    opened: list[Memory] = []

    def do(sql: str) -> Memory:
        raw = sqlite3.connect(path)
        raw.executescript(sql)
        raw.close()
        opened.append(reopen())
        return opened[-1]

    yield do  # type: ignore[misc]
    for memory in opened:
        memory.close()


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("DELETE FROM analysed WHERE key = 3", "text index"),
        ("UPDATE analysed SET tokens = tokens || ' zebra' WHERE key = 4", "text index"),
        ("INSERT INTO analysed VALUES (999, 'stray')", "text index"),
        ("DELETE FROM passages WHERE key >> 20 = 5", "passages"),
        ("INSERT INTO passages VALUES (999 << 20, 0, 1, NULL)", "passages"),
        ("UPDATE vectors SET codes = x'00' WHERE passage = 6 << 20", "vectors"),
        (
            "UPDATE vectors SET codes = zeroblob(length(codes)) WHERE passage = 6 << 20",
            "vectors",
        ),
        ("UPDATE vectors SET scale = scale * 2 WHERE passage = 6 << 20", "vectors"),
        ("DELETE FROM vectors WHERE passage = 22 << 20 | 1", "vectors"),
        ("UPDATE vectors SET model = 7 WHERE passage >> 20 = 4", "vectors"),
        ("UPDATE passages SET start = start + 1 WHERE key = 6 << 20", "passages"),
        ("UPDATE passages SET end = end + 9 WHERE key = 6 << 20", "passages"),
        (
            "UPDATE passages SET token_ids = zeroblob(length(token_ids)) WHERE key = 6 << 20",
            "passages",
        ),
        ("UPDATE passages SET token_ids = x'00' WHERE key = 6 << 20", "passages"),
        ("UPDATE analysed SET tokens = CAST(x'ff' AS TEXT) WHERE key = 6", "text index"),
        ("UPDATE records SET mark = 5 WHERE key = 6", "records"),
        ("UPDATE records SET cues = 1 << 20 WHERE key = 6", "records"),
        ("INSERT INTO links VALUES (1, 'about', 2, 1.0)", "links"),
        ("UPDATE partitions SET seq = 3", "partitions"),
        ("UPDATE records SET status = 'retired' WHERE key = 7", "records"),
        ("UPDATE records SET valid_from = 1 WHERE key = 8", "records"),
    ],
)
def test_what_is_derived_is_found_and_mended(
    damage: Callable[[str], Memory], sql: str, where: str
) -> None:
    memory = damage(sql)
    diagnosis = memory.doctor()
    assert not diagnosis.ok
    assert where in {finding.where for finding in diagnosis.findings}
    assert all(finding.derived for finding in diagnosis.findings)
    mended = memory.doctor(repair=True)
    assert mended.ok, str(mended)
    assert mended.repaired
    hits = memory.search("garden note", user_id="ana", limit=50)
    assert len([hit for hit in hits if "garden" in hit.text]) == 20


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("DELETE FROM versions WHERE record = 3", "versions"),
        ("DELETE FROM log WHERE seq = 4", "log"),
        ("UPDATE versions SET text = 'other' WHERE record = 3", "versions"),
        ("UPDATE versions SET state = '{' WHERE record = 3", "versions"),
        ("UPDATE versions SET text = CAST(x'ff' AS TEXT) WHERE record = 3", "versions"),
    ],
)
def test_damaged_truth_is_told_and_left(
    damage: Callable[[str], Memory], sql: str, where: str
) -> None:
    memory = damage(sql)
    for diagnosis in (memory.doctor(), memory.doctor(repair=True)):
        assert where in {finding.where for finding in diagnosis.findings if not finding.derived}


def test_the_others_are_read_and_mended_beside_damaged_truth(
    damage: Callable[[str], Memory],
) -> None:
    memory = damage(
        "UPDATE versions SET state = '{' WHERE record = 3; DELETE FROM analysed WHERE key = 9"
    )
    diagnosis = memory.doctor(repair=True)
    assert not any(finding.derived for finding in diagnosis.findings), str(diagnosis)
    assert diagnosis.repaired == 1
    assert "restore a backup" in (diagnosis.remedy or "")
    told = str(diagnosis)
    assert "version 1 of record" in told
    assert told.endswith(diagnosis.remedy or "-")


FLIPS = {
    "a text": (b"Zanzibar was warm.", "versions", False),
    "metadata": (b"Heliotrope Street", "versions", False),
    "its tokens": (b"zanzibar", "text index", True),
}


@pytest.mark.parametrize(("needle", "where", "derived"), FLIPS.values(), ids=FLIPS)
@pytest.mark.parametrize("bit", [0, 7])
def test_a_bit_that_flips_on_the_disk_is_found(
    damage: Callable[[str], Memory], path: Path, needle: bytes, where: str, derived: bool, bit: int
) -> None:
    damage("PRAGMA wal_checkpoint(TRUNCATE)").close()
    held = bytearray(path.read_bytes())
    place = held.index(needle) + 4
    held[place] ^= 1 << bit
    path.write_bytes(held)
    memory = damage("SELECT 1")
    diagnosis = memory.doctor()
    assert (where, derived) in {(one.where, one.derived) for one in diagnosis.findings}
    assert memory.doctor(repair=True).ok == derived


@pytest.mark.parametrize("bit", [1, 7])
def test_a_bit_of_a_vector_that_flips_is_found(
    damage: Callable[[str], Memory], path: Path, bit: int
) -> None:
    memory = damage("PRAGMA wal_checkpoint(TRUNCATE)")
    codes = memory._parts.store.kept(5, 1, memory._parts.reader.encoder.id)[0].vectors[0][0]
    memory.close()
    held = bytearray(path.read_bytes())
    place = held.index(codes.tobytes()) + 7
    held[place] ^= 1 << bit
    path.write_bytes(held)
    memory = damage("SELECT 1")
    assert memory.doctor().counts
    assert memory.doctor(repair=True).ok


def test_a_page_that_is_destroyed_is_told_and_nothing_is_raised(
    damage: Callable[[str], Memory], path: Path
) -> None:
    damage("PRAGMA wal_checkpoint(TRUNCATE)").close()
    raw = sqlite3.connect(path)
    (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'analysed'").fetchone()
    (size,) = raw.execute("PRAGMA page_size").fetchone()
    raw.close()
    held = bytearray(path.read_bytes())
    held[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(held)
    memory = damage("SELECT 1")
    for diagnosis in (memory.doctor(), memory.doctor(repair=True)):
        assert any(one.where == "file" and not one.derived for one in diagnosis.findings)
    assert len(memory.list(user_id="ana", limit=50)) == 22, "the truth can still be exported"


def test_others_load_anew_what_was_repaired(
    damage: Callable[[str], Memory], reopen: Callable[..., Memory]
) -> None:
    memory = damage("UPDATE analysed SET tokens = substr(tokens, 1, 2) || ' x' WHERE key = 21")
    with reopen() as other:
        before = epoch(other._parts.store)
        assert memory.doctor(repair=True).repaired
        assert epoch(other._parts.store) > before
        assert other.search("Zanzibar", user_id="ana")[0].text == "Zanzibar was warm."


def test_a_healthy_file_is_left_alone(damage: Callable[[str], Memory]) -> None:
    memory = damage("SELECT 1")
    before = epoch(memory._parts.store)
    diagnosis = memory.doctor(repair=True)
    assert diagnosis.ok
    assert diagnosis.repaired == 0
    assert diagnosis.remedy is None
    assert str(diagnosis) == "healthy: 22 records"
    assert epoch(memory._parts.store) == before
    assert diagnosis.checked["records"] == 22
    assert diagnosis.checked["pages"] > diagnosis.checked["free pages"] >= 0


def test_vectors_that_were_paid_for_survive_a_repair(damage: Callable[[str], Memory]) -> None:
    memory = damage(
        "INSERT INTO models VALUES (2, 'paid', '1', 'int8', 4);"
        "INSERT INTO vectors SELECT 2, passage, x'01020304', 0.5 FROM vectors;"
        "DELETE FROM analysed WHERE key = 2"
    )
    paid = EncoderId("paid", "1", "int8", 4)
    assert memory.doctor(repair=True).ok
    assert dict(memory._parts.store.encoders())[paid] == memory._parts.store.sizes()["passages"]


def test_what_is_worth_knowing_is_noted(
    damage: Callable[[str], Memory], path: Path, tmp_path: Path
) -> None:
    memory = damage(
        "INSERT INTO jobs (task, partition, payload, added_at, worker, until) "
        "VALUES ('sum', 1, '', 1, 'gone', 2); INSERT INTO models VALUES (9, 'x', '1', 'int8', 4);"
        f"INSERT INTO copies VALUES ('{tmp_path}/lost.zip', 'cube', 1, '[]');"
        "UPDATE versions SET sum = NULL; DELETE FROM vectors WHERE passage >> 20 IN (4, 5)"
    )
    path.chmod(0o644)
    diagnosis = memory.doctor()
    assert diagnosis.ok
    notes = " | ".join(diagnosis.notes)
    for told in (
        "22 versions from before there were checksums",
        "1 job of a process that is gone",
        "2 records without vectors: the next search makes them",
        "1 encoder known that no vector is of",
        f"no longer where it was made: {tmp_path}/lost.zip",
        "chmod 600",
    ):
        assert told in notes
    assert "checksums" not in " | ".join(memory.doctor(repair=True).notes)


def test_an_index_without_an_entry_is_made_anew(damage: Callable[[str], Memory]) -> None:
    name = "name = 'records_mark'"
    damage(
        f"CREATE TABLE aside AS SELECT * FROM sqlite_master WHERE {name};"
        f"PRAGMA writable_schema = 1; DELETE FROM sqlite_master WHERE {name}"
    ).close()
    memory = damage(
        "UPDATE records SET mark = 5 WHERE key = 6; PRAGMA writable_schema = 1;"
        "INSERT INTO sqlite_master SELECT * FROM aside; PRAGMA writable_schema = 0"
    )
    memory.close()
    memory = damage("DROP TABLE aside")
    assert memory.doctor().counts == {"file": 1, "records": 1}
    assert memory.doctor(repair=True).ok
