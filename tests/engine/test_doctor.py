"""Doctor finds what does not agree, mends what is derived, and never touches the truth."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic import Memory


@pytest.fixture
def damage(memory: Memory, path: Path, reopen: Callable[..., Memory]) -> Callable[[str], Memory]:
    memory.add([f"note {number} about the garden" for number in range(20)], user_id="ana")
    memory.close()
    opened: list[Memory] = []

    def do(sql: str) -> Memory:
        raw = sqlite3.connect(path)
        raw.execute(sql)
        raw.commit()
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
    assert len(memory.search("garden note", user_id="ana", limit=50)) == 20


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("DELETE FROM versions WHERE record = 3", "versions"),
        ("DELETE FROM log WHERE seq = 4", "log"),
    ],
)
def test_damaged_truth_is_told_and_left(
    damage: Callable[[str], Memory], sql: str, where: str
) -> None:
    memory = damage(sql)
    for diagnosis in (memory.doctor(), memory.doctor(repair=True)):
        assert where in {finding.where for finding in diagnosis.findings if not finding.derived}
