"""Forgotten means gone: no byte of it is left in the files, whatever happened before.

Every victim carries canaries in all of its fields: words of letters that nothing else is written
with. After `erase` and `scrub` the raw bytes of the database, its log and its shared memory are
searched for runs of these letters (as UTF-8, and as UTF-16, which the token ids of the reading used
here are), and for the bytes of the victims' vectors, marks and media.
"""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnemic.core.changes import Change, Link, Put, Retire, Revise, Reweigh
from mnemic.core.ids import RecordId
from mnemic.core.records import Media, Partition, Provenance, Record, Scope
from mnemic.core.vectors import EncoderId
from mnemic.store import sqlite_derived
from mnemic.store.sqlite import SqliteStore
from mnemic.testing.pen import Pen
from mnemic.testing.readings import FAKE, plain_reading, plain_vectors

LATE = EncoderId("late", "1", "int8", 32)
PARTITIONS = (Partition(user_id="ana"), Partition(user_id="bo"))


class World:
    """A store in use, with victims among its records, and what must not be found of them."""

    def __init__(self, file: Path, seed: int) -> None:
        self.file = file
        self.store = SqliteStore(file, timeout=0.05)
        self.chance = random.Random(seed)
        self.pen = Pen(seed=seed)
        self.ordinary: list[RecordId] = []
        self.victims: list[RecordId] = []
        self.needles: set[bytes] = set()

    def canary(self) -> str:
        """A word of which no six letters in a row may be found."""
        return "".join(self.chance.choices(RARE, k=15))

    def said(self, words: int) -> str:
        return " ".join(self.chance.choices(FILLER, k=words))

    def text(self) -> str:
        """An ordinary text with canaries in it, of one passage or of several pages."""
        parts = [self.said(self.chance.choice([3, 20, 300])) for _ in range(3)]
        text = f'{parts[0]} {self.canary()} {parts[1]}\n"{self.canary()}" {parts[2]}'
        reading = plain_reading(text)
        pieces = [text[passage.start : passage.end] for passage in reading.passages]
        telling = [piece for piece in pieces if set(piece) & set(RARE)]
        for encoder in (FAKE, LATE):
            for row in plain_vectors(telling, encoder).codes:
                self.needles.add(row[2:14].tobytes())
        self.needles.add(reading.mark.to_bytes(8, "big", signed=True))
        return text

    def victim(self) -> Record:
        """A record with canaries in every field."""
        picture = self.canary().encode()
        self.needles.add(base64.b64encode(picture)[3:15])
        return self.pen.record(
            self.text(),
            scope=Scope(self.chance.choice(PARTITIONS), self.canary(), self.canary()),
            speaker=self.canary(),
            role=self.canary(),
            provenance=Provenance(self.canary(), self.canary(), formed_by=self.canary()),
            metadata={self.canary(): [self.canary() + '\n"', {"deep": self.canary()}]},
            media=Media(self.canary(), self.canary(), self.canary(), picture),
        )

    def step(self) -> None:
        """Something that happens to a memory every day."""
        kind = self.chance.randrange(10)
        if kind < 3:
            partition = self.chance.choice(PARTITIONS)
            records = [
                self.pen.record(self.said(self.chance.choice([2, 30, 300])), scope=Scope(partition))
                for _ in range(self.chance.choice([1, 1, 20]))
            ]
            self.pen.apply(self.store, *map(Put, records))
            self.ordinary += [record.id for record in records]
        elif kind < 5:
            record = self.victim()
            self.pen.apply(self.store, Put(record, why=self.canary()))
            self.victims.append(record.id)
        elif kind == 5 and self.ordinary:
            id = self.chance.choice(self.ordinary)
            self.pen.apply(self.store, Revise(id, text=self.said(40)), Reweigh(id, 2.0))
        elif kind < 8 and self.victims:
            self.touch(self.chance.choice(self.victims))
        elif kind == 8:
            for partition in PARTITIONS:
                waiting = self.store.unencoded(partition, LATE, 50)
                with self.store.writing():
                    vectors = plain_vectors([each.text for each in waiting], LATE)
                    self.store.write_vectors(waiting, vectors)
        elif self.chance.random() < 0.5:
            self.store.close()
            self.store = SqliteStore(self.file, timeout=0.05)

    def touch(self, id: RecordId) -> None:
        """A victim is revised, related to others or retired."""
        changes: list[Change] = [
            Revise(id, text=self.text(), why=self.canary()),
            Revise(id, speaker=self.canary(), metadata={"again": self.canary()}),
            Retire(id, why=self.canary()),
        ]
        if self.ordinary:
            other = self.chance.choice(self.ordinary)
            changes += [
                Link(id, self.canary(), other, why=self.canary()),
                Link(other, self.canary(), id, why=self.canary()),
            ]
        self.pen.apply(self.store, self.chance.choice(changes))

    def forget(self, ids: list[RecordId]) -> None:
        self.pen.forget(self.store, *ids)
        self.victims = [id for id in self.victims if id not in ids]

    def residue(self) -> list[bytes]:
        """What the files still hold of them."""
        everything = b"".join(Path(name).read_bytes() for name in self.store.files())
        found = [needle for needle in self.needles if needle in everything]
        runs = [run for pattern in RUNS for run in pattern.findall(everything)]
        # A page's list of row offsets may look like one letter over and over.
        return found + [run for run in runs if len(set(run) - {0}) > 2]


RARE = "qxzjkwçß東"
RUNS = [
    re.compile(b"(?:" + b"|".join(re.escape(sign.encode(code)) for sign in RARE) + b"){6,}")
    for code in ("utf-8", "utf-16-le")
]
FILLER = ["memory", "remember", "Lisbon", "flat", "moon", "river", "été", "plan", "tea", "house"]


@pytest.fixture
def make_world(file: Path) -> Iterator[object]:
    worlds: list[World] = []

    def make(seed: int) -> World:
        worlds.append(World(file.with_name(f"{seed}.db"), seed))
        return worlds[-1]

    yield make
    for world in worlds:
        world.store.close()


@pytest.mark.parametrize(("seed", "block"), [(1, 512), (2, 16), (139, 3)])
def test_no_byte_is_left_after_any_history(
    make_world: type[World], monkeypatch: pytest.MonkeyPatch, seed: int, block: int
) -> None:
    monkeypatch.setattr(sqlite_derived, "_BLOCK", block)  # words wait, or are in FTS5 already
    world = make_world(seed)
    for _ in range(50):
        world.step()
        if len(world.victims) > 4 and world.chance.random() < 0.2:
            world.forget(world.victims[:2])  # some go early, and scrubbing comes late
    assert world.victims
    assert world.residue(), "the canaries were there"
    world.forget(list(world.victims))
    assert world.store.scrub() is None
    assert world.residue() == []
    assert world.store.check() == []


def test_what_an_encoder_said_of_a_text_goes_with_it(store: SqliteStore, file: Path) -> None:
    pen, partition = Pen(), PARTITIONS[0]
    victim = pen.put(store, "a word", scope=Scope(partition))
    pen.put(store, "another", scope=Scope(partition))
    with store.writing():
        store.enqueue("encode", partition, "late", pen.now)
        job = store.lease("me", pen.now, pen.now + 10)
        assert job is not None
        store.release(job, "me", "cannot encode 'heliotrope'")
    pen.forget(store, victim.id)
    assert store.scrub() is None
    assert b"heliotrope" not in file.read_bytes()
    assert store.waiting() == 1


def test_the_dictionary_of_the_index_forgets_its_words(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_derived, "_BLOCK", 2)
    pen = Pen()
    victim = pen.put(store, "heliotrope moon")
    for text in ("moon river", "tea", "house"):
        pen.put(store, text)
    words = ["heliotrope", "moon", "tea"]
    assert store.terms(words) == dict.fromkeys(words, True)
    with store.writing():
        store._db.run("DELETE FROM analysed WHERE key = 1")  # not by `erase`: FTS5 is not told
    assert store.terms(words) == {"heliotrope": False, "moon": True, "tea": True}
    with store.writing():
        store._db.run("INSERT INTO analysed VALUES (1, ?)", ("\ue0001 heliotrope moon",))
    pen.forget(store, victim.id)
    assert store.terms(words) == {"moon": True, "tea": True}, "even before free space is cleared"
