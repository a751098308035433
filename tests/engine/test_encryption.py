"""A memory in a sealed file does what a plain one does, and its file says nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnemic import Memory
from mnemic.core.clock import Moment
from mnemic.core.errors import WrongKey
from mnemic.store.sqlite import SqliteStore

pytest.importorskip("cryptography", reason='needs pip install "mnemic[encryption]"')
KEY = bytes(range(32))
CHAT = [
    "My sister Rita marries on 20 September in Coimbra.",
    "I moved from Porto to Lisbon last May.",
    "I am allergic to walnuts and to pollen.",
    "Bento repaired my bicycle; he took 40 euros.",
    "We saw the aquarium, and Rita lost her umbrella there.",
    "Please remind me of the dentist on Monday.",
]
QUESTIONS = [
    "Where do I live?",
    "when is the wedding",
    "umbrella",
    "What am I allergic to?",
    "Rita",
]


def sealed(path: Path, **settings: object) -> Memory:
    return Memory(path, store=SqliteStore(path, key=KEY), **settings)  # type: ignore[arg-type]


def ticking() -> Callable[[], int]:
    ticks = count(Moment.parse("2025-06-02T10:00Z").micros, 1_000_000)
    return lambda: next(ticks)


@pytest.fixture
def secret(path: Path) -> Iterator[Memory]:
    with sealed(path, clock=ticking()) as memory:
        memory.add(CHAT, user_id="ana", session_id="s1", metadata={"place": "Heliotrope Street"})
        yield memory


def bytes_of(memory: Memory) -> bytes:
    return b"".join(Path(name).read_bytes() for name in memory._parts.store.files())


def scores(memory: Memory, question: str) -> list[tuple[str, float]]:
    hits = memory.search(question, user_id="ana", limit=50, now="2025-07-01")
    return [(hit.text, hit.score) for hit in hits]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    said=st.lists(st.sampled_from(CHAT) | st.text(max_size=60), min_size=1, max_size=12),
    asked=st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=3),
)
def test_a_search_finds_what_it_finds_in_a_plain_file(said: list[str], asked: list[str]) -> None:
    said = [text for text in said if text.strip() and text.isprintable()] or CHAT[:1]
    with (
        Memory(":memory:", clock=ticking()) as plain,
        Memory(":memory:", store=SqliteStore(key=KEY), clock=ticking()) as secret,
    ):
        for memory in (plain, secret):
            memory.add(said, user_id="ana", session_id="s1", speaker="Ana")
        for question in asked:
            assert scores(plain, question) == scores(secret, question)


def test_nothing_of_what_was_said_stands_in_the_file(secret: Memory) -> None:
    secret.update(secret.list(user_id="ana")[0].id, text="Rita eloped.", why="she told me so")
    held = bytes_of(secret)
    words = {word.strip(".;,?").encode() for text in CHAT for word in text.split() if len(word) > 5}
    stems = {
        token.encode()
        for token in " ".join(secret._parts.store.tokens(range(9)).values()).split()
        if len(token) > 5
    }
    assert len(words | stems) > 20
    assert [
        word for word in words | stems | {b"Heliotrope", b"eloped", b"told me"} if word in held
    ] == []


def test_everything_goes_on_as_in_a_plain_file(secret: Memory, path: Path) -> None:
    records = secret.list(user_id="ana").records
    assert records[0].metadata == {"place": "Heliotrope Street"}
    moved = secret.supersede(records[1].id, text="I moved to Faro.", valid_from="2025-06-03")
    change = secret.update(records[2].id, text="I am allergic to pollen.", why="asked the doctor")
    secret.undo(change)
    assert secret.get(records[2].id).text == CHAT[2]
    assert [step.record.text for step in secret.history(records[2].id)] == [
        CHAT[2], "I am allergic to pollen.", CHAT[2],
    ]  # fmt: skip
    assert "asked the doctor" in [entry.why for entry in secret.log(limit=50)]
    secret.delete(records[5].id)
    secret.restore(records[5].id)
    assert secret.get(moved.id).text in [hit.text for hit in secret.search("Faro", user_id="ana")]
    with sealed(path) as other:  # another process
        told = other.add("The umbrella was found.", user_id="ana")
    assert told.id in [hit.record.id for hit in secret.search("umbrella", user_id="ana")]
    certificate = secret.forget(told.id)
    assert certificate.status == "erased", str(certificate)
    assert secret.doctor().ok, str(secret.doctor())


def test_a_copy_of_the_file_stays_sealed(secret: Memory, tmp_path: Path) -> None:
    to = tmp_path / "copy.db"
    with sqlite3.connect(secret._parts.path) as raw, sqlite3.connect(to) as copy:
        raw.backup(copy)
    raw.close()
    copy.close()
    assert b"Heliotrope" not in to.read_bytes()
    with pytest.raises(WrongKey):
        Memory(to)
    with sealed(to) as again:
        assert again.search("wedding", user_id="ana")[0].text == CHAT[0]
        assert again.doctor().ok


def test_an_export_is_plain_and_moves_a_plain_file_into_a_sealed_one(
    path: Path, tmp_path: Path
) -> None:
    with Memory(path, clock=ticking()) as plain:
        plain.add(CHAT, user_id="ana", metadata={"place": "Heliotrope Street"})
        before = {question: scores(plain, question) for question in QUESTIONS}
        plain.export(tmp_path / "ana.cube")
    with pytest.raises(WrongKey, match="made without a key"):
        sealed(path)
    with sealed(tmp_path / "new.db", clock=ticking()) as secret:
        secret.load(tmp_path / "ana.cube")
        assert {question: scores(secret, question) for question in QUESTIONS} == before
        assert b"Heliotrope" not in bytes_of(secret)
        assert secret.doctor().ok


def test_what_was_derived_is_made_again_and_damaged_truth_is_told(
    secret: Memory, path: Path
) -> None:
    before = {question: scores(secret, question) for question in QUESTIONS}
    secret.close()
    flips = (
        "UPDATE analysed SET tokens = CAST(tokens || x'00' AS BLOB) WHERE key = 1",
        "UPDATE passages SET token_ids = zeroblob(40) WHERE key >> 20 = 2",
        "UPDATE vectors SET codes = zeroblob(length(codes)) WHERE passage >> 20 = 3",
    )
    with sqlite3.connect(path) as raw:
        for sql in flips:
            assert raw.execute(sql).rowcount == 1
    raw.close()
    with sealed(path, clock=ticking()) as memory:
        diagnosis = memory.doctor()
        assert {"text index", "passages", "vectors"} <= diagnosis.counts.keys()
        assert all(finding.derived for finding in diagnosis.findings)
        assert memory.doctor(repair=True).ok
        assert {question: scores(memory, question) for question in QUESTIONS} == before
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE versions SET text = zeroblob(60) WHERE record = 4")
    raw.close()
    with sealed(path) as memory:
        diagnosis = memory.doctor(repair=True)
        assert [finding.derived for finding in diagnosis.findings] == [False, False]
        assert "restore a backup" in str(diagnosis)


def test_forgetting_reaches_a_sealed_backup(secret: Memory, tmp_path: Path) -> None:
    secret.backup(tmp_path / "copy.db")
    (hit,) = secret.search("walnuts", user_id="ana", limit=1)
    certificate = secret.forget(hit.record.id)
    assert certificate.status == "erased" and not certificate.unreached
    assert len(certificate.reached) == 1
    with sealed(tmp_path / "copy.db") as copy:
        assert all("walnuts" not in record.text for record in copy.list(user_id="ana"))
        assert copy.stats().forgotten == 1


def test_the_key_of_a_memory_is_given_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "memory.db"
    with Memory(path, key="correct horse battery") as memory:
        memory.add("I am allergic to walnuts.", user_id="ana")
    with Memory(path, key="correct horse battery") as memory:
        assert memory.search("walnuts", user_id="ana")[0].text == "I am allergic to walnuts."
    for key in (None, "wrong horse battery"):
        with pytest.raises(WrongKey, match="key"):
            Memory(path, key=key)
