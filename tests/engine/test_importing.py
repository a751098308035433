"""Files come in whole or not at all, once, also when the import is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import mnemic
from mnemic import Memory


def write(path: Path, count: int, first: int = 0) -> Path:
    lines = [
        json.dumps(
            {
                "id": f"m{number}",
                "session_id": f"s{number // 20}",
                "role": "user" if number % 2 == 0 else "assistant",
                "name": "Ana" if number % 2 == 0 else "Iris",
                "content": f"turn {number}: we talked about topic {number % 37}",
                "timestamp": f"2025-03-{1 + number // 200 % 28:02d}T10:00:00Z",
            }
        )
        for number in range(first, first + count)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_second_import_adds_nothing(memory: Memory, tmp_path: Path) -> None:
    file = write(tmp_path / "chat.jsonl", 1200)
    first = memory.import_file(file, user_id="ana")
    assert (first.format, first.read, first.written, first.sessions) == ("jsonl", 1200, 1200, 60)
    again = memory.import_file(file, user_id="ana")
    assert (again.written, again.already, again.revised) == (0, 1200, 0)
    assert memory.stats().records == 1200


def test_a_longer_export_adds_what_is_new(memory: Memory, tmp_path: Path) -> None:
    memory.import_file(write(tmp_path / "chat.jsonl", 30), user_id="ana")
    longer = memory.import_file(write(tmp_path / "chat.jsonl", 45), user_id="ana")
    assert (longer.written, longer.already) == (15, 30)


def test_an_edited_message_is_revised(memory: Memory, tmp_path: Path) -> None:
    file = write(tmp_path / "chat.jsonl", 3)
    memory.import_file(file, user_id="ana")
    file.write_text(file.read_text().replace("turn 1:", "turn one:"))
    again = memory.import_file(file, user_id="ana")
    assert (again.written, again.already, again.revised) == (0, 2, 1)
    assert len(memory.search("one", user_id="ana", limit=3)) >= 1


def test_the_conversation_keeps_its_order(memory: Memory, tmp_path: Path) -> None:
    memory.import_file(write(tmp_path / "chat.jsonl", 20), user_id="ana")
    ordinals = [record.ordinal for record in memory.list(user_id="ana", session_id="s0")]
    assert ordinals == list(range(20))


def test_half_a_file_changes_nothing(memory: Memory, tmp_path: Path) -> None:
    file = write(tmp_path / "chat.jsonl", 1200)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) - 40])
    with pytest.raises(mnemic.SourceError) as told:
        memory.import_file(file, user_id="ana")
    assert "1200" in str(told.value)  # the line
    assert memory.stats().changes == 0


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff\xfe\x80", b"\xff" * 50])
def test_what_is_no_conversation_is_refused(memory: Memory, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "thing.bin"
    file.write_bytes(content)
    with pytest.raises(mnemic.SourceError):
        memory.import_file(file, user_id="ana")
    with pytest.raises(mnemic.SourceError):
        memory.import_file(tmp_path / "not there", user_id="ana")
    with pytest.raises(mnemic.SourceError, match="unknown format"):
        memory.import_file(file, format="word", user_id="ana")


def test_a_message_above_a_megabyte_is_cut_and_kept_once(memory: Memory, tmp_path: Path) -> None:
    text = "One more sentence about the sea. " * 35_000
    file = tmp_path / "chat.jsonl"
    file.write_text(json.dumps({"id": "m1", "role": "user", "content": text}) + "\n")
    first = memory.import_file(file, user_id="ana")
    assert first.written == 2
    assert memory.import_file(file, user_id="ana").written == 0
    assert "".join(record.text for record in memory.list(user_id="ana")) == text


def test_progress_is_told(memory: Memory, tmp_path: Path) -> None:
    file = write(tmp_path / "chat.jsonl", 50)
    seen: list[tuple[str, int, int]] = []
    memory.import_file(file, user_id="ana", progress=lambda *told: seen.append(told))
    size = file.stat().st_size
    assert seen[0] == ("checking", 0, size)
    assert seen[-1] == ("importing", size, size)


def test_a_killed_import_is_completed_by_the_next(tmp_path: Path) -> None:
    file = write(tmp_path / "chat.jsonl", 3000)
    path = tmp_path / "memory.db"
    program = (
        "import sys, mnemic\n"
        "m = mnemic.Memory(sys.argv[1])\n"
        "def told(stage, done, total):\n"
        "    if stage == 'importing': print(done, flush=True)\n"
        "m.import_file(sys.argv[2], user_id='ana', progress=told)\n"
    )
    victim = subprocess.Popen(
        [sys.executable, "-c", program, str(path), str(file)], stdout=subprocess.PIPE
    )
    assert victim.stdout is not None
    for _ in range(3):
        victim.stdout.readline()
    time.sleep(0.2)
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    victim.stdout.close()
    with Memory(path) as memory:
        kept = memory.stats().records
        assert kept % 500 == 0
        assert memory.doctor().ok
        done = memory.import_file(file, user_id="ana")
        assert (done.already, done.written) == (kept, 3000 - kept)
        records = list(memory.list(user_id="ana", limit=10_000))
        assert len({record.provenance.external_id for record in records}) == len(records) == 3000
        assert memory.doctor().ok


def test_files_of_mnemic_itself_are_not_imported(memory: mnemic.Memory, tmp_path: Path) -> None:
    memory.add("I moved to Lisbon.", user_id="ana")
    memory.export(tmp_path / "ana.zip")
    memory.backup(tmp_path / "copy.db")
    for name, why in (
        ("ana.zip", r"is a cube of mnemic\. Take it over with Memory\.load"),
        ("copy.db", r"is a database of mnemic\. Write it to a cube with Memory\.export"),
        ("memory.db", r"is the file of this memory itself"),
    ):
        with pytest.raises(mnemic.SourceError, match=why):
            memory.import_file(tmp_path / name, user_id="bo")
    assert memory.doctor().ok and memory.stats().records == 1
