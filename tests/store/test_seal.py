"""Sealed files: nothing of what people said can be read in them, or changed, without the key.

Every store check runs on sealed files as well; here is what is peculiar to them.
"""

from __future__ import annotations

import base64
import json
import random
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from mnemic.core.changes import Put, Retire, Revise
from mnemic.core.clock import Moment
from mnemic.core.errors import InputError, MissingExtra, NotADatabase, WrongKey
from mnemic.core.records import Media, Origin, Partition, Provenance, Record, Scope
from mnemic.store import seal, sqlite_derived
from mnemic.store.ram import RamStore
from mnemic.store.seal import OVERHEAD, Seal, begin, resume
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen
from mnemic.testing.picture import picture
from mnemic.testing.readings import FAKE
from mnemic.testing.store_checks import CHECKS, MakeStore
from mnemic.testing.store_machine import store_machine

pytest.importorskip("cryptography", reason='needs pip install "mnemic[encryption]"')
KEY = bytes(range(32))
ANA = Partition(user_id="ana")


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases in a millisecond."""
    monkeypatch.setattr(seal, "_SCRYPT", (1 << 4, 8, 1))


def sealed(file: Path) -> SqliteStore:
    return SqliteStore(file, timeout=0.05, key=KEY)


# -- the seal itself


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_shut_opens_at_its_place(data: bytes, place: str) -> None:
    lock = Seal("memory.db", KEY, b"salt" * 4)
    shut = lock.shut(place, data)
    assert lock.open(place, shut) == data
    assert len(shut) == len(data) + OVERHEAD
    assert lock.shut(place, data) != shut
    for elsewhere in (place + "x", "x" + place):
        with pytest.raises(NotADatabase, match="is not what was sealed there"):
            lock.open(elsewhere, shut)


@given(st.binary(max_size=60), st.data())
def test_any_byte_that_changes_is_seen(data: bytes, chance: st.DataObject) -> None:
    lock = Seal("memory.db", KEY, b"salt" * 4)
    shut = bytearray(lock.shut("text", data))
    place = chance.draw(st.integers(0, len(shut) - 1))
    shut[place] ^= chance.draw(st.integers(1, 255))
    for value in (bytes(shut), bytes(shut[:5]), b"", None, "text", 7):
        with pytest.raises(NotADatabase, match=r"memory\.db is damaged"):
            lock.open("text", value)


def test_keys_are_the_file_s_own() -> None:
    one, other = (Seal("memory.db", KEY, salt * 16) for salt in (b"a", b"b"))
    with pytest.raises(NotADatabase):
        other.open("text", one.shut("text", b"said"))
    assert one.sum("id", b"text", b"state") != other.sum("id", b"text", b"state")
    assert one.sum("id", b"text", b"state") != one.sum("id2", b"text", b"state")
    assert 0 <= one.sum("id", b"text", b"state") < 1 << 63


def test_nothing_shows_the_key(file: Path) -> None:
    lock = Seal("memory.db", KEY, b"salt" * 4)
    store = sealed(file)
    shown = repr(lock) + str(lock) + repr(store) + repr(vars(store))
    assert repr(lock) == "<Seal AES-256-GCM of memory.db>"
    assert repr(KEY) not in shown
    assert KEY.hex() not in shown
    store.close()


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 31, b"x" * 33, "", 7, bytearray(32)])
def test_what_is_no_key_is_refused(file: Path, key: object) -> None:
    with pytest.raises(InputError, match=r"Give .*32.* bytes"):
        SqliteStore(file, key=key)  # type: ignore[arg-type]


def test_a_passphrase_is_stretched_as_the_header_says() -> None:
    told, lock = begin("memory.db", "correct horse")
    header = json.loads(told)
    assert (header["kdf"], header["n"], header["r"], header["p"]) == ("scrypt", 1 << 17, 8, 1)
    assert header["cipher"] == "AES-256-GCM"
    assert "horse" not in told
    again = resume("memory.db", told, "correct horse")
    assert again.open("text", lock.shut("text", b"said")) == b"said"


def test_a_passphrase_may_be_typed_in_two_ways(cheap: None) -> None:
    told, _ = begin("memory.db", "senha é")
    assert resume("memory.db", told, "senha e\u0301")


@pytest.mark.parametrize(
    "change",
    [
        {"n": 1 << 40},
        {"n": 0},
        {"r": -8},
        {"kdf": "md5"},
        {"cipher": "ROT13"},
        {"salt": "00"},
        {"salt": "zz"},
        {"check": ""},
        {"new": 1},
    ],
    ids=str,
)
def test_a_header_that_was_tampered_with_is_refused(cheap: None, change: dict[str, object]) -> None:
    told, _ = begin("memory.db", "correct horse")
    with pytest.raises(NotADatabase, match="how its key is made cannot be read"):
        resume("memory.db", json.dumps(json.loads(told) | change), "correct horse")


def test_without_the_extra_the_command_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(MissingExtra, match=r'pip install "mnemic\[encryption\]"'):
        sealed(file)
    SqliteStore(file).close()


# -- files and keys


def test_a_sealed_file_opens_with_its_key_only(file: Path, cheap: None) -> None:
    for number, (right, wrong, other) in enumerate(
        [(KEY, b"x" * 32, "horse"), ("horse", "hors", KEY)]
    ):
        path = file.with_name(f"{number}.db")
        SqliteStore(path, key=right).close()  # sealed from the first moment, though empty
        store = SqliteStore(path, key=right)
        record = Pen().put(store, "only with the key")
        store.close()
        with pytest.raises(WrongKey, match=r"does not open with this key. Give the one that"):
            SqliteStore(path, key=wrong)
        with pytest.raises(WrongKey, match=r"is sealed with .*\. Give that as key=\.\.\."):
            SqliteStore(path, key=other)
        with pytest.raises(WrongKey, match=r"is sealed\. Open it with its key: Memory\(path, key="):
            SqliteStore(path)
        store = SqliteStore(path, key=right)
        assert store.get([record.id]) == {record.id: record}
        store.close()


def test_a_file_with_plain_words_is_not_sealed(file: Path) -> None:
    store = SqliteStore(file)
    Pen().put(store, "plain")
    store.close()
    with pytest.raises(WrongKey, match=r"made without a key.*Export it, and load .* new file"):
        sealed(file)
    SqliteStore(file).close()


def test_nor_is_one_that_is_in_use_without_a_key(file: Path) -> None:
    plain = SqliteStore(file)
    with plain.writing():
        plain.set_meta("secret", "ab")
    with pytest.raises(WrongKey, match="made without a key"):
        sealed(file)
    plain.close()


def test_who_opened_a_new_file_without_a_key_finds_it_sealed(file: Path) -> None:
    plain = SqliteStore(file)  # and before it writes its secret, another process seals the file
    key_holder = sealed(file)
    with pytest.raises(WrongKey), plain.writing():
        plain.set_meta("secret", "ab")
    with key_holder.writing():
        key_holder.set_meta("secret", "cd")
    with pytest.raises(WrongKey):
        plain.get_meta("secret")
    assert key_holder.get_meta("secret") == "cd"
    plain.close()
    key_holder.close()


def test_two_who_seal_a_new_file_at_once_agree(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first: list[SqliteStore] = []

    def late(path: str, key: seal.Key) -> tuple[str, Seal]:
        monkeypatch.undo()
        first.append(sealed(file))  # another process is faster
        return begin(path, key)

    monkeypatch.setattr("mnemic.store.sqlite_sealed.begin", late)
    second = sealed(file)
    record = Pen().put(first[0], "said")
    assert second.get([record.id]) == {record.id: record}
    second.close()
    first[0].close()


# -- what a sealed file holds


def told(pen: Pen, number: int) -> Record:
    """A record with words of its own in each field that is sealed."""
    return pen.record(
        f"sesame{number} opens the quillwort{number} " * 4,
        scope=Scope(ANA),
        speaker="Ana",
        provenance=Provenance(origin=Origin.USER),
        valid_from=Moment.parse("2025-05"),
        metadata={f"heliotrope{number}": [f"marigold{number}", {"deep": f"larkspur{number}"}]},
        media=Media("image/png", "ab" * 32, f"file:///foxglove{number}", b"celandine%d" % number),
    )


SECRET = (
    *("sesame", "quillwort", "heliotrope", "marigold", "larkspur"),
    *("foxglove", "celandine", "wolfsbane", "gentian"),
)


def needles() -> list[bytes]:
    """How each word could stand in a file: plain, as token ids, in base 64, each case."""
    found = []
    for word in SECRET:
        found += [word.encode(), word.title().encode(), word.encode("utf-16-le")]
        found += [base64.b64encode(b"x" * shift + word.encode())[4:10] for shift in range(3)]
    return found


def raw(store: SqliteStore) -> bytes:
    return b"".join(Path(name).read_bytes() for name in store.files())


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "sealed"])
def test_no_word_stands_in_a_sealed_file(
    file: Path, key: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_derived, "_BLOCK", 4)
    store, pen = SqliteStore(file, key=key), Pen()
    records = [told(pen, number) for number in range(12)]
    pen.apply(store, *(Put(record) for record in records))
    pen.apply(
        store,
        Revise(records[0].id, text="wolfsbane", why="gentian"),
        Retire(records[1].id, why="gentian and wolfsbane"),
    )
    with store.writing():
        store.set_meta("secret", "gentian")
    codes = {store.kept(0, 99, FAKE)[n].vectors[0][0].tobytes() for n in range(12)}
    found = [needle for needle in (*needles(), *codes) if needle in raw(store)]
    if key is None:
        assert len(found) > 20, "without a key they are there"
    else:
        assert found == []
        assert store._db.one("SELECT count(*) FROM text WHERE text MATCH 'sesame1'") == (0,)
    assert store.log(record=records[0].id)[-1].why == "gentian"
    assert store.get_meta("secret") == "gentian"
    assert store.get([records[5].id]) == {records[5].id: records[5]}
    assert store.check() == []
    store.close()


def test_equal_words_do_not_look_equal(file: Path) -> None:
    store, pen = sealed(file), Pen()
    for _ in range(3):
        pen.put(store, "the same", metadata={"same": 1})
    for column, table in [
        ("text", "versions"),
        ("state", "versions"),
        ("sum", "versions"),
        ("tokens", "analysed"),
        ("token_ids", "passages"),
        ("codes", "vectors"),
    ]:
        assert store._db.one(f"SELECT count(DISTINCT {column}) FROM {table}") == (3,), column
    store.close()


def test_what_is_forgotten_leaves_not_even_its_seal(file: Path) -> None:
    store, pen = sealed(file), Pen()
    records = [told(pen, number) for number in range(8)]
    pen.apply(store, *(Put(record) for record in records))
    pen.apply(store, Revise(records[3].id, text="wolfsbane", why="gentian"))
    seals = [
        bytes(value)
        for (value,) in store._db.all(
            "SELECT text FROM versions WHERE record = 4 AND text IS NOT NULL "
            "UNION ALL SELECT tokens FROM analysed WHERE key = 4 "
            "UNION ALL SELECT token_ids FROM passages WHERE key >> 20 = 4 "
            "UNION ALL SELECT codes FROM vectors WHERE passage >> 20 = 4 "
            "UNION ALL SELECT CAST(json_extract(state, '$.sealed') AS BLOB) FROM versions "
            "WHERE record = 4 AND version = 1 "
            "UNION ALL SELECT why FROM log WHERE record = 4 AND typeof(why) = 'blob'"
        )
    ]
    assert len(seals) > 6
    assert all(value in raw(store) for value in seals)
    pen.forget(store, records[3].id)
    assert store.scrub() is None
    assert [value for value in seals if value[4:20] in raw(store)] == []
    assert store.check() == []
    store.close()


SWAPS = {
    "texts": "UPDATE versions SET text = (SELECT text FROM versions WHERE seq = 2) WHERE seq = 1",
    "heads": "UPDATE records SET text_seq = 2 WHERE key = 1",
    "names": "UPDATE records SET id = 'x' || id WHERE key = 1",
    "metadata": (
        "UPDATE versions SET state = json_set(state, '$.sealed', "
        "(SELECT json_extract(state, '$.sealed') FROM versions WHERE seq = 2)) WHERE seq = 1"
    ),
    "a byte": "UPDATE versions SET text = CAST(text || x'00' AS BLOB) WHERE seq = 1",
    "plain words": "UPDATE versions SET text = 'put in' WHERE seq = 1",
}


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS)
def test_values_cannot_be_exchanged_or_replaced(file: Path, swap: str) -> None:
    store, pen = sealed(file), Pen()
    records = [told(pen, number) for number in range(3)]
    pen.apply(store, *(Put(record) for record in records))
    store._db.run(swap)
    with pytest.raises(NotADatabase, match="damaged"):
        store.by_key([1])
    assert store.check()
    assert store.by_key([3]) == {3: records[2]}
    store.close()


def test_plain_metadata_put_in_by_another_is_not_believed(file: Path) -> None:
    store, pen = sealed(file), Pen()
    record = pen.put(store, "said")
    store._db.run("UPDATE versions SET state = json_set(state, '$.metadata', json('{\"a\": 1}'))")
    assert store.get([record.id])[record.id].metadata == {}
    assert not store.check()[0].derived
    store.close()


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("UPDATE analysed SET tokens = x'00'", lambda store: store.rows(ANA)),
        ("UPDATE analysed SET tokens = x'00'", lambda store: store.tokens([1])),
        ("UPDATE passages SET token_ids = x'00'", lambda store: store.token_ids(ANA)),
        ("UPDATE vectors SET codes = zeroblob(44)", lambda store: store.vectors(ANA, FAKE)),
        ("UPDATE meta SET value = 'x' WHERE name = 'secret'", lambda s: s.get_meta("secret")),
    ],
)
def test_what_is_derived_is_not_believed_either(
    file: Path, sql: str, read: Callable[[SqliteStore], object]
) -> None:
    store, pen = sealed(file), Pen()
    pen.put(store, "said", scope=Scope(ANA))
    with store.writing():
        store.set_meta("secret", "ab")
    read(store)
    store._db.run(sql)
    with pytest.raises(NotADatabase, match="not what was sealed there"):
        read(store)
    store.close()


# -- and everything that a store does


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_store(check: Callable[[MakeStore], None], tmp_path: Path) -> None:
    if check.__name__ == "check_counts_of_words":
        return  # a census is what sealed files do not have: see below
    numbers = count()
    check(lambda: SqliteStore(tmp_path / f"{next(numbers)}.db", key=KEY))


def test_words_are_counted_without_a_text_index(file: Path) -> None:
    store, pen = sealed(file), Pen()
    for text in ("one two", "two two", "three"):
        pen.put(store, text, scope=Scope(ANA))
    assert store.matches(ANA, "two", 10) == [1, 2]
    assert store.matches(ANA, "two", 1) == [1]
    assert [store.frequency(ANA, word) for word in ("one", "two", "four")] == [1, 2, 0]
    assert store.matches(Partition(user_id="bo"), "two", 10) == []
    assert store.census(ANA, 1) is None
    store.close()


class Reference(RamStore):
    """The reference, of partitions that are always held whole."""

    def census(self, partition: Partition, above: int) -> None:
        return None


Machine = store_machine(sealed, Reference)


def test_sealed_histories_are_those_of_the_reference() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=3, stateful_step_count=20, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_plain_and_a_sealed_store_give_the_same_answers(file: Path) -> None:
    chance, pictures = random.Random(7), []
    texts = [
        " ".join(chance.choices(["moon", "river", "tea", "été", "東京"], k=9)) for _ in range(30)
    ]
    for key in (None, KEY):
        store, pen = SqliteStore(file.with_name(f"{key is None}.db"), key=key), Pen(seed=3)
        for text in texts:
            pen.put(store, text, scope=Scope(ANA), metadata={"n": len(text)})
        seen = picture(store)
        del seen["sizes"], seen[str(ANA)]["census"]
        pictures.append(seen)
        store.close()
    assert pictures[0] == pictures[1]
