"""What every store must do, as checks that anyone can run on theirs.

    from mnemic.testing.store_checks import check_all
    check_all(lambda: MyStore())

Each `check_*` function takes a maker of empty stores and fails by AssertionError. They are written
against the port (`core/storage.py`) and know no store. With pytest, call
`pytest.register_assert_rewrite("mnemic.testing.store_checks")` first, and failures show values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np

from mnemic.core.changes import Change, Link, Put, Restore, Retire, Revise, Reweigh
from mnemic.core.clock import Moment
from mnemic.core.errors import Closed, InputError, StoreError
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.records import (
    REMAINING,
    Media,
    Origin,
    Partition,
    Provenance,
    Record,
    Scope,
    Status,
    nobody,
)
from mnemic.core.storage import Copy, Entry, LinkRow, Listing, Store, Write
from mnemic.core.vectors import EncoderId
from mnemic.testing.pen import Pen, certificate
from mnemic.testing.picture import picture
from mnemic.testing.readings import FAKE, plain_reading, plain_vectors

MakeStore: TypeAlias = Callable[[], Store]

ANA: Final = Partition(user_id="ana")
BO: Final = Partition(user_id="bo")
LATE: Final = EncoderId("late", "1", "int8", 8)
NOBODY: Final = RecordId("nobody")


def check_all(make_store: MakeStore) -> None:
    """Run every check of this file, each on a store of its own."""
    for check in CHECKS:
        check(make_store)


@contextmanager
def _opened(make_store: MakeStore) -> Iterator[tuple[Store, Pen]]:
    store = make_store()
    try:
        yield store, Pen()
    finally:
        store.close()


def _scope(partition: Partition = ANA, session: str | None = None) -> Scope:
    return Scope(partition, session_id=session)


def _key(store: Store, record: Record) -> int:
    which = Listing((record.scope.partition,), statuses=REMAINING)
    return next(key for key, each in store.listing(which, 0, 10**9) if each.id == record.id)


# -- records


def check_every_field_comes_back(make_store: MakeStore) -> None:
    """What is put is what is got, field by field, by id and by key."""
    with _opened(make_store) as (store, pen):
        plain = pen.put(store, "only a text")
        full = pen.put(
            store,
            "Ação em 東京 👩‍👩‍👧: \"quoted\" \\ 'and' %s\n\ttabbed",
            kind="fact",
            scope=Scope(Partition("work", "ana"), "planner", "s1"),
            ordinal=7,
            speaker="Ana",
            role="user",
            valid_from=Moment.parse("2025-05"),
            valid_to=Moment.parse("2025-06-02T10:00+05:30"),
            weight=0.1,
            provenance=Provenance("chat:1", "m-1", Origin.WEB, "rule:x", (plain.id,)),
            metadata={"turn": "D7:3", "n": 3, "f": 0.5, "no": None, "deep": {"list": [1, "二"]}},
            media=Media("image/png", "ab" * 32, "file:///x.png", b"\x00\xff"),
        )
        for record in (plain, full):
            assert store.get([record.id]) == {record.id: record}
            assert store.by_key([_key(store, record)]) == {_key(store, record): record}
            assert store.versions(record.id) == [record]


def check_what_is_not_there_is_not_there(make_store: MakeStore) -> None:
    """Unknown ids, keys, partitions and changes have empty answers, in an empty store too."""
    with _opened(make_store) as (store, pen):
        for _ in range(2):
            assert store.get([NOBODY]) == {}
            assert store.get([]) == {}
            assert store.by_key([999]) == {}
            assert store.versions(NOBODY) == []
            assert store.entry(ChangeId("none")) is None
            assert store.log(record=NOBODY) == []
            assert store.links([NOBODY]) == []
            assert store.moved(BO) == 0
            assert store.rows(BO) == ([], [])
            assert store.rows(BO, 0) == ([], [])
            assert store.listing(Listing((BO,)), 0, 10) == []
            assert store.listing(Listing(()), 0, 10) == []
            assert list(store.known(BO, 10**18)) == []
            assert store.matches(BO, "ana", 10) == []
            assert store.unencoded(BO, FAKE, 10) == []
            assert store.vectors(BO, FAKE)[1].shape == (0, FAKE.size)
            assert store.identities(BO, [("a", "b")]) == {}
            assert store.echoes(BO, [0, 1]) == {}
            assert store.buried([b"x"]) == set()
            assert store.next_ordinal(BO, "s") == 0
            assert store.passages(999) == []
            assert store.tokens([999]) == {}
            pen.put(store, "Ana is here now", scope=_scope(ANA))


def check_versions_add_up(make_store: MakeStore) -> None:
    """Every version is kept; one that does not change the words has the words of before."""
    with _opened(make_store) as (store, pen):
        first = pen.put(store, "I live in Porto")
        id = first.id
        pen.apply(store, Reweigh(id, 2.0))
        pen.apply(store, Revise(id, text="I live in Lisbon"))
        pen.apply(store, Retire(id), Restore(id))
        pen.apply(store, Revise(id, speaker="Ana"))
        versions = store.versions(id)
        assert [version.version for version in versions] == [1, 2, 3, 4, 5, 6]
        assert [version.text for version in versions] == ["I live in Porto"] * 2 + [
            "I live in Lisbon"
        ] * 4
        assert versions[0] == first
        assert versions[3].status is Status.RETIRED
        assert store.get([id]) == {id: versions[-1]}
        assert versions[-1].speaker == "Ana"
        assert versions[-1].weight == 2.0
        pen.apply(store, Revise(id, text="I live in Porto"))
        assert store.get([id])[id].text == "I live in Porto"
        assert store.versions(id)[:6] == versions


def check_what_was_known_when(make_store: MakeStore) -> None:
    """`known` gives each record as it stood at that time, and nothing that came or went."""
    with _opened(make_store) as (store, pen):
        early = pen.put(store, "early", scope=_scope())
        before = pen.now
        pen.now += 1000
        late = pen.put(store, "late", scope=_scope())
        pen.apply(store, Revise(early.id, text="early, revised"))
        revised = pen.now
        pen.now += 1000
        pen.apply(store, Retire(early.id))

        def texts(at: int) -> list[str]:
            return [record.text for _, record in store.known(ANA, at)]

        assert texts(before - 1) == []
        assert texts(before) == ["early"]
        assert texts(revised) == ["early, revised", "late"]
        assert texts(pen.now) == ["late"]
        assert [key for key, _ in store.known(ANA, pen.now)] == [_key(store, late)]
        pen.forget(store, early.id)
        assert texts(revised) == ["late"]


def check_listing_pages(make_store: MakeStore) -> None:
    """Pages by key meet every record once, whatever is added meanwhile; conditions all hold."""
    with _opened(make_store) as (store, pen):
        sessions = ["s1", "s2", None]
        written = [
            pen.put(
                store,
                f"number {n}",
                kind="fact" if n % 3 == 0 else "turn",
                scope=Scope((ANA, BO)[n % 2], "planner" if n % 4 == 0 else None, sessions[n % 3]),
            )
            for n in range(12)
        ]
        seen: list[Record] = []
        after = 0
        for turn in range(4):
            page = store.listing(Listing((ANA, BO)), after, 5)
            seen += [record for _, record in page]
            after = page[-1][0] if page else after
            if turn == 0:
                written.append(pen.put(store, "added meanwhile", scope=_scope(BO)))
        assert seen == written
        ours = [record for record in written if record.scope.partition == ANA]
        assert _listed(store, Listing((ANA,))) == ours
        assert _listed(store, Listing((ANA,), kinds=("fact",))) == [
            record for record in ours if record.kind == "fact"
        ]
        assert _listed(store, Listing((ANA,), agent_id="planner", session_id="s1")) == [
            record
            for record in ours
            if (record.scope.agent_id, record.scope.session_id) == ("planner", "s1")
        ]
        assert _listed(store, Listing((ANA,), kinds=())) == []
        pen.apply(store, Retire(ours[0].id))
        pen.forget(store, ours[1].id)
        assert _listed(store, Listing((ANA,))) == ours[2:]
        assert [record.id for record in _listed(store, Listing((ANA,), statuses=REMAINING))] == [
            ours[0].id,
            *(record.id for record in ours[2:]),
        ]


def _listed(store: Store, which: Listing) -> list[Record]:
    return [record for _, record in store.listing(which, 0, 100)]


def check_identities(make_store: MakeStore) -> None:
    """A record is known by (source, external id) in its partition until it is forgotten."""
    with _opened(make_store) as (store, pen):
        identity = ("chat", "m1")
        provenance = Provenance(*identity)
        first = pen.put(store, "hello", scope=_scope(), provenance=provenance)
        pen.put(store, "hello", scope=_scope(BO), provenance=provenance)
        asked = [identity, ("chat", "m2"), ("other", "m1")]
        assert store.identities(ANA, asked) == {identity: first.id}
        pen.apply(store, Retire(first.id))
        assert store.identities(ANA, asked) == {identity: first.id}
        before = picture(store)
        twin = pen.record("hello again", scope=_scope(), provenance=provenance)
        _refused(StoreError, lambda: pen.apply(store, Put(twin)))
        assert picture(store) == before
        pen.forget(store, first.id)
        assert store.identities(ANA, asked) == {}
        pen.apply(store, Put(twin))
        assert store.identities(ANA, asked) == {identity: twin.id}


def check_echoes(make_store: MakeStore) -> None:
    """The same words are recognised by their mark: the first active record that says them."""
    with _opened(make_store) as (store, pen):
        mark = plain_reading("Hello there").mark
        first = pen.put(store, "Hello there", scope=_scope())
        second = pen.put(store, "hello THERE!", scope=_scope())
        pen.put(store, "hello there", scope=_scope(BO))
        assert store.echoes(ANA, [mark, mark + 1]) == {mark: first.id}
        pen.apply(store, Retire(first.id))
        assert store.echoes(ANA, [mark]) == {mark: second.id}
        pen.forget(store, second.id)
        assert store.echoes(ANA, [mark]) == {}
        pen.apply(store, Restore(first.id), Revise(first.id, text="good bye"))
        assert store.echoes(ANA, [mark]) == {}


def check_ordinals(make_store: MakeStore) -> None:
    """The next place in a session is after the largest; no session is one of its own."""
    with _opened(make_store) as (store, pen):
        pen.put(store, "a", scope=_scope(ANA, "s1"), ordinal=4)
        last = pen.put(store, "b", scope=_scope(ANA, "s1"), ordinal=9)
        pen.put(store, "c", scope=_scope(ANA), ordinal=2)
        pen.put(store, "d", scope=_scope(BO, "s1"), ordinal=70)
        assert store.next_ordinal(ANA, "s1") == 10
        assert store.next_ordinal(ANA, None) == 3
        assert store.next_ordinal(ANA, "s2") == 0
        pen.apply(store, Retire(last.id))
        assert store.next_ordinal(ANA, "s1") == 10
        pen.forget(store, last.id)
        assert store.next_ordinal(ANA, "s1") == 5
        assert store.next_ordinal(ANA, None) == 3


def check_links(make_store: MakeStore) -> None:
    """Edges are typed and directed, hold one weight each, and lineage is among them."""
    with _opened(make_store) as (store, pen):
        a, b = (pen.put(store, text).id for text in ("a", "b"))
        c = pen.put(store, "drawn from both", provenance=Provenance(derived_from=(a, b))).id
        pen.apply(store, Link(a, "before", b), Link(a, "before", c), Link(b, "contradicts", a))
        pen.apply(store, Link(a, "before", b, 0.5))
        assert store.links([a]) == [LinkRow(a, "before", b, 0.5), LinkRow(a, "before", c)]
        assert store.links([a, b, a], "contradicts") == [LinkRow(b, "contradicts", a)]
        assert store.links([a], incoming=True) == [
            LinkRow(b, "contradicts", a),
            LinkRow(c, "derived_from", a),
        ]
        assert store.links([b], "derived_from", incoming=True) == [LinkRow(c, "derived_from", b)]
        pen.apply(store, Link(a, "before", b, remove=True))
        assert store.links([a]) == [LinkRow(a, "before", c)]
        assert store.get([a])[a].version == 1
        pen.forget(store, a)
        assert store.links([a, b, c]) == [LinkRow(c, "derived_from", b)]
        assert store.links([a], incoming=True) == []


# -- the log


def check_log(make_store: MakeStore) -> None:
    """Each change has a line with the next number; lines are found by number, id and record."""
    with _opened(make_store) as (store, pen):
        assert (store.head(), store.log()) == (0, [])
        first, second = (pen.put(store, text) for text in ("one", "two"))
        (written,) = pen.apply(store, Link(first.id, "before", second.id, 0.5))
        pen.apply(store, Retire(first.id, why="no longer so"), Reweigh(second.id, 2))
        log = store.log()
        assert [line.seq for line in log] == [1, 2, 3, 4, 5] == list(range(1, store.head() + 1))
        assert [line.verb for line in log] == ["put", "put", "link", "retire", "reweigh"]
        assert log[2] == replace(written.entry, seq=3)
        assert log[2].detail["target"] == second.id
        assert (log[3].why, log[3].version, log[3].actor) == ("no longer so", 2, "pen")
        assert store.entry(log[3].id) == log[3]
        assert store.log(2, 2) == log[2:4]
        assert store.log(record=first.id) == [log[0], log[2], log[3]]
        assert store.log(1, 1, first.id) == [log[2]]
        again = Write(log[0], pen.record("a change is made once"), plain_reading("x"))
        _refused(StoreError, lambda: _write(store, again))
        assert store.log() == log


def _write(store: Store, *writes: Write) -> None:
    with store.writing():
        store.write(writes)


def check_numbers_are_returned(make_store: MakeStore) -> None:
    """`write` returns the sequence numbers of its lines; a failed write uses none up."""
    with _opened(make_store) as (store, pen):
        with store.writing():
            changes = [Put(pen.record(text)) for text in ("one", "two")]
            assert store.write(pen.writes(store, changes)) == [1, 2]
            assert store.write([]) == []
        _failing(store, lambda: store.write(pen.writes(store, [Put(pen.record("three"))])))
        with store.writing():
            assert store.write(pen.writes(store, [Put(pen.record("four"))])) == [3]


# -- what the indexes read


def check_rows(make_store: MakeStore) -> None:
    """Rows carry what ranking reads; after a number, only what changed since, and what went."""
    with _opened(make_store) as (store, pen):
        first = pen.put(
            store,
            "Ana moved to Lisbon",
            kind="fact",
            scope=Scope(ANA, "planner", "s1"),
            ordinal=3,
            speaker="Ana",
            role="user",
            valid_from=Moment.parse("2025-05"),
            valid_to=Moment.parse("2026"),
            weight=0.5,
            provenance=Provenance(origin=Origin.TOOL),
        )
        second = pen.put(store, "東京 is far", scope=_scope())
        pen.put(store, "of another user", scope=_scope(BO))
        rows, gone = store.rows(ANA)
        assert [row.key for row in rows] == [_key(store, first), _key(store, second)]
        assert gone == []
        row = rows[0]
        assert (row.tokens, row.kind, row.session, row.ordinal) == (
            "ana moved to lisbon",
            "fact",
            "s1",
            3,
        )
        assert (row.agent, row.speaker, row.role, row.origin) == ("planner", "Ana", "user", "tool")
        assert first.valid_from is not None
        assert first.valid_to is not None
        assert (row.valid_from, row.valid_to) == (first.valid_from.micros, first.valid_to.micros)
        assert (row.weight, row.cues) == (0.5, plain_reading(first.text).cues)
        assert rows[1].tokens == "東京 is far"
        assert (rows[1].session, rows[1].agent, rows[1].valid_from, rows[1].weight) == (
            None,
            None,
            None,
            1.0,
        )
        head = store.head()
        assert store.rows(ANA, head) == ([], [])
        pen.apply(store, Revise(second.id, text="東京 is near"), Retire(first.id))
        changed, gone = store.rows(ANA, head)
        assert [row.tokens for row in changed] == ["東京 is near"]
        assert gone == [_key(store, first)]
        assert store.rows(ANA)[0] == changed
        pen.forget(store, second.id)
        assert store.rows(ANA, head) == ([], [_key(store, first), rows[1].key])
        pen.apply(store, Restore(first.id))
        assert store.rows(ANA)[0] == rows[:1]


def check_partitions_follow_their_own_changes(make_store: MakeStore) -> None:
    """`moved` is the number of the partition's own last change, also within one transaction."""
    with _opened(make_store) as (store, pen):
        ours, theirs = pen.record("ours", scope=_scope(ANA)), pen.record("x", scope=_scope(BO))
        pen.apply(store, Put(ours), Put(theirs))
        assert (store.moved(ANA), store.moved(BO)) == (1, 2)
        pen.apply(store, Retire(ours.id))
        assert (store.moved(ANA), store.moved(BO)) == (3, 2)
        third = pen.put(store, "ours too", scope=_scope(ANA))
        pen.apply(store, Link(third.id, "after", theirs.id))
        assert (store.moved(ANA), store.moved(BO)) == (5, 2)
        pen.forget(store, theirs.id, ours.id)
        assert (store.moved(ANA), store.moved(BO), store.moved(nobody(2))) == (7, 0, 6)


def check_vectors(make_store: MakeStore) -> None:
    """Vectors of passages come back as they were, in the order of records and passages."""
    with _opened(make_store) as (store, pen):
        long = "a text of several passages, " * 5
        first = pen.put(store, long, scope=_scope())
        second = pen.put(store, "short", scope=_scope())
        pen.put(store, "of another user", scope=_scope(BO))
        keys = [_key(store, first), _key(store, second)]
        readings = [plain_reading(long), plain_reading("short")]
        owners, codes, scales = store.vectors(ANA, FAKE)
        assert owners.tolist() == [keys[0]] * 3 + [keys[1]]
        wanted = [reading.vectors for reading in readings if reading.vectors]
        assert np.array_equal(codes, np.concatenate([each.codes for each in wanted]))
        assert np.array_equal(scales, np.concatenate([each.scales for each in wanted]))
        assert [str(each.dtype) for each in (owners, codes, scales)] == ["int64", "int8", "float32"]
        assert store.vectors(ANA, FAKE, [keys[1], 999])[0].tolist() == [keys[1]]
        assert store.vectors(ANA, FAKE, [])[1].shape == (0, FAKE.size)
        assert store.vectors(BO, FAKE, keys)[0].tolist() == []
        assert store.vectors(ANA, LATE)[1].shape == (0, LATE.size)
        owners, lengths, ids = store.token_ids(ANA)
        assert owners.tolist() == [keys[0]] * 3 + [keys[1]]
        told = [store.passages(key) for key in keys]
        every = [passage.token_ids for each in told for passage in each]
        assert lengths.tolist() == [0 if each is None else len(each) for each in every]
        assert ids.tolist() == [id for each in every if each is not None for id in each]
        assert ids.dtype == np.uint16
        assert store.token_ids(ANA, [keys[1], 999])[0].tolist() == [keys[1]]
        assert store.token_ids(ANA, [])[2].tolist() == []
        pen.apply(store, Retire(first.id))
        assert store.token_ids(ANA)[0].tolist() == [keys[1]]
        assert store.vectors(ANA, FAKE)[0].tolist() == [keys[1]]
        assert store.vectors(ANA, FAKE, keys)[0].tolist() == [keys[1]]
        pen.apply(store, Restore(first.id), Revise(second.id, text="other words"))
        _, codes, _ = store.vectors(ANA, FAKE, [keys[1]])
        assert np.array_equal(codes, plain_vectors(["other words"]).codes)


def check_late_vectors(make_store: MakeStore) -> None:
    """What waits for an encoder is told; vectors for words that are gone are passed over."""
    with _opened(make_store) as (store, pen):
        long = pen.put(store, "a text of several passages, " * 4, scope=_scope())
        short = pen.put(store, "short", scope=_scope())
        hidden = pen.put(store, "hidden", scope=_scope())
        pen.put(store, "of another user", scope=_scope(BO))
        pen.apply(store, Retire(hidden.id))
        assert store.unencoded(ANA, FAKE, 10) == []
        waiting = store.unencoded(ANA, LATE, 10)
        assert [(each.key, each.number) for each in waiting] == [
            (_key(store, long), 0),
            (_key(store, long), 1),
            (_key(store, long), 2),
            (_key(store, short), 0),
        ]
        assert "".join(each.text for each in waiting[:3]) == long.text
        assert store.unencoded(ANA, LATE, 2) == waiting[:2]
        assert store.unencoded(ANA, LATE, 10, only=("turn", "fact")) == waiting
        assert store.unencoded(ANA, LATE, 10, only=()) == []
        assert store.unencoded(ANA, LATE, 10, others=("turn",)) == []
        assert store.unencoded(ANA, LATE, 10, others=("fact",)) == waiting
        vectors = plain_vectors([each.text for each in waiting], LATE)
        pen.apply(store, Revise(short.id, text="other"))
        with store.writing():
            store.write_vectors(waiting, vectors)
        owners, codes, _ = store.vectors(ANA, LATE)
        assert owners.tolist() == [_key(store, long)] * 3
        assert np.array_equal(codes, vectors.codes[:3])
        assert [each.text for each in store.unencoded(ANA, LATE, 10)] == ["other"]
        assert store.vectors(ANA, FAKE)[0].tolist() == [_key(store, long)] * 3 + [
            _key(store, short)
        ]
        pen.forget(store, long.id)
        with store.writing():
            store.write_vectors(waiting, vectors)
        assert store.vectors(ANA, LATE)[0].tolist() == []
        assert store.check() == []


def check_passages(make_store: MakeStore) -> None:
    """Passages come back with their token ids, in order, until their record is forgotten."""
    with _opened(make_store) as (store, pen):
        record = pen.put(store, "東京 and other places, " * 5)
        key = _key(store, record)
        kept, made = store.passages(key), plain_reading(record.text).passages
        assert [(each.start, each.end) for each in kept] == [
            (each.start, each.end) for each in made
        ]
        for ours, theirs in zip(kept, made, strict=True):
            assert ours.token_ids is not None
            assert theirs.token_ids is not None
            assert np.array_equal(ours.token_ids, theirs.token_ids)
        pen.apply(store, Revise(record.id, text="short"))
        assert [(each.start, each.end) for each in store.passages(key)] == [(0, 5)]
        pen.forget(store, record.id)
        assert store.passages(key) == []


def check_matches(make_store: MakeStore) -> None:
    """A token is found where it stands, in its partition alone, in any script."""
    with _opened(make_store) as (store, pen):
        first = pen.put(store, "We met in 東京 in May", scope=_scope())
        second = pen.put(store, "May I?", scope=_scope())
        pen.put(store, "May day", scope=_scope(BO))
        keys = [_key(store, first), _key(store, second)]
        assert store.matches(ANA, "may", 10) == keys
        assert store.matches(ANA, "may", 1) == keys[:1]
        assert store.matches(ANA, "東京", 10) == keys[:1]
        for absent in ("ma", "東", "day", "lisbon", "", '"', "*"):
            assert store.matches(ANA, absent, 10) == [], absent
        assert store.tokens([*keys, 999]) == {
            keys[0]: "we met in 東京 in may",
            keys[1]: "may i",
        }
        pen.apply(store, Retire(first.id), Revise(second.id, text="April"))
        assert store.matches(ANA, "may", 10) == []
        pen.apply(store, Restore(first.id))
        assert store.matches(ANA, "may", 10) == keys[:1]
        pen.forget(store, first.id)
        assert store.matches(ANA, "may", 10) == []


def check_counts_of_words(make_store: MakeStore) -> None:
    """How often a word occurs, and how long texts are, is told for each partition by itself."""
    with _opened(make_store) as (store, pen):
        assert store.census(ANA, 0) is None
        assert store.frequency(ANA, "may") == 0
        texts = ["we met in 東京 in May", "May I?", "👍", "in"]
        first, *_ = [pen.put(store, text, scope=_scope()) for text in texts]
        pen.put(store, "May is of another user", scope=_scope(BO))
        assert store.census(ANA, 3) == (4, (6 + 2 + 0 + 1) / 4)
        assert store.census(ANA, 4) is None
        assert [store.frequency(ANA, word) for word in ("may", "in", "東京", "day")] == [2, 2, 1, 0]
        pen.apply(store, Retire(first.id))
        assert store.census(ANA, 0) == (3, 1.0)
        assert store.census(ANA, 3) is None
        assert [store.frequency(ANA, word) for word in ("may", "in", "東京")] == [1, 1, 0]


def check_rows_nearby(make_store: MakeStore) -> None:
    """A row comes with its neighbours in its session: by ordinal, then by the order of arrival."""
    with _opened(make_store) as (store, pen):
        places = [(3, "s1"), (1, "s1"), (2, "s2"), (2, "s1"), (2, "s1"), (7, "s1"), (0, None)]
        records = [
            pen.put(store, f"row {place}", scope=_scope(ANA, session), ordinal=place)
            for place, session in places
        ]
        pen.put(store, "alone", scope=_scope(ANA), ordinal=1)
        pen.put(store, "of another user", scope=_scope(BO, "s1"), ordinal=2)
        keys = [_key(store, record) for record in records]

        def near(*numbers: int) -> list[int]:
            rows = store.rows_near([keys[number] for number in numbers])
            return [keys.index(row.key) for row in rows]

        assert near(0) == [0, 4, 5]
        assert near(1) == [1, 3]
        assert near(3) == [1, 3, 4]
        assert near(2) == [2]
        assert near(6) == [6]
        assert near(1, 5) == [0, 1, 3, 5]
        assert near() == []
        assert store.rows_near([999]) == []
        assert store.rows_near(keys) == store.rows(ANA)[0][:7]
        pen.apply(store, Retire(records[4].id))
        assert near(0) == [0, 3, 5]
        pen.forget(store, records[5].id)
        assert near(0) == [0, 3]


def check_derived_rows_are_made_anew(make_store: MakeStore) -> None:
    """`rewrite` takes new tokens and cues; vectors stay as long as their passages do."""
    with _opened(make_store) as (store, pen):
        record = pen.put(store, "running and running", scope=_scope())
        gone = pen.put(store, "gone", scope=_scope())
        keys = [_key(store, record), _key(store, gone)]
        pen.forget(store, gone.id)
        before = store.vectors(ANA, FAKE)[1]
        reading = plain_reading(record.text, encoder=None)
        stemmed = replace(reading, tokens="run and run", cues=6, mark=5)
        with store.writing():
            store.rewrite([(key, stemmed) for key in (999, *reversed(keys))])
        assert store.matches(ANA, "run", 10) == keys[:1]
        assert store.matches(ANA, "running", 10) == []
        assert [(row.tokens, row.cues) for row in store.rows(ANA)[0]] == [("run and run", 6)]
        assert store.echoes(ANA, [5]) == {5: record.id}
        assert np.array_equal(store.vectors(ANA, FAKE)[1], before)
        halves = tuple(replace(stemmed.passages[0], start=s, end=e) for s, e in ((0, 8), (8, 19)))
        with store.writing():
            store.rewrite([(keys[0], replace(stemmed, passages=halves))])
        assert store.vectors(ANA, FAKE)[0].tolist() == []
        assert [each.text for each in store.unencoded(ANA, FAKE, 9)] == ["running ", "and running"]
        assert store.check() == []


# -- erasure


def check_erasure_leaves_nothing(make_store: MakeStore) -> None:
    """A forgotten record is an id and nothing else, in every answer of the store."""
    with _opened(make_store) as (store, pen):
        secret = Provenance("sesame-source", "sesame-id")
        victim = pen.put(
            store,
            "sesame one, and more than fills one passage of it",
            scope=Scope(ANA, "sesame-agent", "sesame-session"),
            speaker="sesame-speaker",
            provenance=secret,
            metadata={"sesame": "sesame"},
            media=Media("image/png", "ab" * 32, "sesame://", b"sesame"),
        )
        other = pen.put(store, "another one", scope=_scope())
        pen.apply(store, Revise(victim.id, text="sesame two", why="sesame why"))
        pen.apply(store, Link(victim.id, "sesame-out", other.id))
        pen.apply(store, Link(other.id, "sesame-in", victim.id, why="sesame why"))
        pen.apply(store, Retire(victim.id))
        waiting = store.unencoded(ANA, LATE, 10)
        with store.writing():
            store.write_vectors(waiting, plain_vectors([each.text for each in waiting], LATE))
        key, before, vectors = _key(store, victim), store.get([other.id]), len(waiting)
        assert vectors > 0
        pen.forget(store, victim.id, marks=[b"tombstone"])
        assert store.scrub() is None
        assert "sesame" not in str(picture(store, (FAKE, LATE)))
        ghost = store.get([victim.id])[victim.id]
        assert (ghost.status, ghost.text, ghost.version) == (Status.FORGOTTEN, "", 4)
        assert ghost.scope == Scope(ANA)
        assert [each.version for each in store.versions(victim.id)] == [1, 2, 3, 4]
        assert {each.status for each in store.versions(victim.id)} == {Status.FORGOTTEN}
        assert store.by_key([key]) == {key: ghost}
        assert store.get([other.id]) == before
        assert store.tokens([key]) == {}
        assert store.buried([b"tombstone", b"other"]) == {b"tombstone"}
        assert store.sizes()["forgotten"] == 1
        lines = store.log(record=victim.id)
        assert {line.why for line in lines[:-1]} == {"redacted"}
        assert (lines[-1].verb, lines[-1].why) == ("forget", "asked")
        assert store.check() == []


def check_reasons_go_with_the_forgotten(make_store: MakeStore) -> None:
    """A reason that was written with each of several linked changes is blanked in all of them."""
    with _opened(make_store) as (store, pen):
        old, unlinked, parted = (pen.put(store, text, scope=_scope()) for text in "abc")
        new = pen.record("d", scope=_scope())
        pen.apply(store, Put(new, why="sesame"), Reweigh(old.id, 2.0, why="sesame"))
        pen.apply(store, Link(new.id, "supersedes", old.id, why="sesame"))
        pen.apply(store, Reweigh(unlinked.id, 2.0, why="sesame"), Retire(old.id, why="other"))
        pen.apply(store, Link(parted.id, "about", new.id), Reweigh(parted.id, 2.0, why="sesame"))
        pen.apply(store, Link(parted.id, "about", new.id, remove=True))
        pen.forget(store, new.id)
        assert [line.why for line in store.log(record=old.id)] == ["added", "redacted", "other"]
        assert [line.why for line in store.log(record=parted.id)] == ["added", *["redacted"] * 3]
        assert [line.why for line in store.log(record=unlinked.id)] == ["added", "sesame"]


def check_the_last_record_takes_the_names_with_it(make_store: MakeStore) -> None:
    """Of a partition that is forgotten whole no name stays; who comes back begins anew."""
    with _opened(make_store) as (store, pen):
        partition, job = Partition("sesame-space", "sesame-user"), "sesame-job"
        pen.put(store, "another's", scope=_scope())
        first, second = (pen.put(store, text, scope=_scope(partition)) for text in "ab")
        with store.writing():
            store.enqueue("encode", partition, job, pen.now)
            store.note_copy(Copy("/a.zip", "cube", 1, (ANA, partition)))
        pen.forget(store, second.id)
        assert (partition, 1) in store.partitions()
        pen.forget(store, first.id)
        assert store.scrub() is None
        assert store.partitions() == [(ANA, 1)]
        assert store.waiting() == 0
        assert store.copies() == [Copy("/a.zip", "cube", 1, (ANA, nobody(2)))]
        ghosts = store.get([first.id, second.id]).values()
        assert {ghost.scope for ghost in ghosts} == {Scope(nobody(2))}
        assert "sesame" not in str(picture(store, (FAKE, LATE)))
        back = pen.put(store, "c", scope=_scope(partition))
        assert store.partitions() == [(ANA, 1), (partition, 1)]
        assert store.rows(partition, 0)[0][0].key == _key(store, back) == 4
        pen.forget(store, back.id)
        assert store.get([back.id])[back.id].scope == Scope(nobody(4))
        assert store.check() == []


def check_terms(make_store: MakeStore) -> None:
    """The text index holds the tokens of what remains, and none that only the forgotten had."""
    with _opened(make_store) as (store, pen):
        victim = pen.put(store, "heliotrope moon", scope=_scope())
        pen.put(store, "moon river", scope=_scope(BO))
        for n in range(20):
            pen.put(store, f"number {n}", scope=_scope())
        asked = ["heliotrope", "moon", "river", "never", "it's", ""]
        everything = {"heliotrope": True, "moon": True, "river": True}
        assert store.terms(asked) == everything
        pen.apply(store, Retire(victim.id))
        assert store.terms(asked) == everything
        pen.forget(store, victim.id)
        assert store.scrub() is None
        assert store.terms(asked) == {"moon": True, "river": True}
        assert store.terms([]) == {}


def check_certificates(make_store: MakeStore) -> None:
    """Certificates are kept as given, oldest first, and are settled by their id."""
    with _opened(make_store) as (store, pen):
        record = pen.put(store, "a")
        lines, _ = pen.erasure([record.id])
        first, second = certificate("c1", "pending"), certificate("c2")
        with store.writing():
            store.erase(lines, [], first)
            store.erase([], [b"only a mark"], second)
        assert store.certificates() == [first, second]
        assert store.certificates(pending=True) == [first]
        done = certificate("c1")
        with store.writing():
            store.settle(done)
        assert store.certificates() == [done, second]
        assert store.certificates(pending=True) == []


# -- transactions


class _Refused(Exception):
    """Raised by a check in the middle of a transaction."""


def _failing(store: Store, act: Callable[[], object]) -> None:
    def run() -> None:
        with store.writing():
            act()
            raise _Refused

    _refused(_Refused, run)


def _refused(error: type[Exception], act: Callable[[], object]) -> None:
    try:
        act()
    except error:
        return
    raise AssertionError(f"{error.__name__} was expected")


def check_a_failed_transaction_keeps_nothing(make_store: MakeStore) -> None:
    """Whatever was done within the block, nothing of it is left; the next write is as usual."""
    with _opened(make_store) as (store, pen):
        first = pen.put(store, "first", scope=_scope())
        second = pen.put(store, "second", scope=_scope())
        pen.apply(store, Link(first.id, "before", second.id))
        with store.writing():
            store.set_meta("analyser", "1")
            store.enqueue("encode", ANA, "all", pen.now)
        before = picture(store, (FAKE, LATE))
        waiting = store.unencoded(ANA, LATE, 10)
        lines, body = pen.erasure([second.id])
        elsewhere = pen.record("of a new user", scope=_scope(BO))
        changes: list[Change] = [
            Revise(first.id, text="other"),
            Link(first.id, "before", second.id, remove=True),
        ]
        for act in (
            lambda: store.write(pen.writes(store, [Put(elsewhere)])),
            lambda: store.write(pen.writes(store, changes)),
            lambda: store.erase(lines, [b"mark"], body),
            lambda: store.write_vectors(waiting, plain_vectors(["a", "b"], LATE)),
            lambda: store.rewrite([(_key(store, first), plain_reading("other"))]),
            lambda: store.set_meta("analyser", "2"),
            lambda: store.enqueue("encode", BO, "all", pen.now),
            lambda: store.lease("me", pen.now, pen.now + 10),
        ):
            _failing(store, act)
            assert picture(store, (FAKE, LATE)) == before
        assert store.get_meta("analyser") == "1"
        assert store.buried([b"mark"]) == set()
        assert store.lease("you", pen.now, pen.now + 10) is not None
        pen.apply(store, Put(elsewhere))
        assert store.partitions() == [(ANA, 2), (BO, 1)]
        assert store.check() == []


def check_blocks_within_blocks(make_store: MakeStore) -> None:
    """A block within a block is part of the outer one: it is kept, or lost, with it."""
    with _opened(make_store) as (store, pen):
        with store.writing(), store.reading():
            pen.put(store, "kept")
            assert len(store.log()) == 1

        def inner() -> None:
            pen.put(store, "lost")
            assert len(store.log()) == 2

        _failing(store, inner)
        assert [record.text for record in _listed(store, Listing((Partition(),)))] == ["kept"]
        with store.reading(), store.reading():
            assert store.head() == 1


def check_what_cannot_be_kept_is_refused(make_store: MakeStore) -> None:
    """Half a character, or metadata beyond JSON, is an InputError, and nothing is written."""
    with _opened(make_store) as (store, pen):
        pen.put(store, "fine")
        before = picture(store)
        readable = plain_reading("x")
        line = Entry(0, ChangeId("c"), 1, "pen", "put", NOBODY, 1, "added")
        for record in (
            pen.record("half \ud83d a character"),
            pen.record("x", speaker="\udc00"),
            pen.record("x", metadata={"a": "\ud83d"}),
            pen.record("x", metadata={"a": float("nan")}),
            pen.record("x", metadata={"a": {1, 2}}),
        ):
            write = Write(replace(line, record=record.id), record, readable)
            _refused(InputError, lambda write=write: _write(store, write))  # type: ignore[misc]
            assert picture(store) == before


def check_ends_of_links_are_there(make_store: MakeStore) -> None:
    """A link, or lineage, to a record that is not there is refused with all around it."""
    with _opened(make_store) as (store, pen):
        record = pen.put(store, "here")
        before = picture(store)
        _refused(StoreError, lambda: pen.apply(store, Link(record.id, "before", NOBODY)))
        drawn = pen.record("drawn", provenance=Provenance(derived_from=(NOBODY,)))
        _refused(StoreError, lambda: pen.apply(store, Put(drawn)))
        assert picture(store) == before


# -- the whole


def check_settings(make_store: MakeStore) -> None:
    """Settings are kept by name."""
    with _opened(make_store) as (store, _):
        assert store.get_meta("analyser") is None
        with store.writing():
            store.set_meta("analyser", "1")
            store.set_meta("analyser", "2 é")
        assert store.get_meta("analyser") == "2 é"


def check_counts(make_store: MakeStore) -> None:
    """Partitions and sizes count what is there."""
    with _opened(make_store) as (store, pen):
        assert store.partitions() == []
        names = {"active", "retired", "held", "forgotten", "partitions", "versions", "links"}
        names |= {"passages", "vectors", "jobs", "changes", "bytes"}
        assert set(store.sizes()) == names
        active, retired, gone = (pen.put(store, text, scope=_scope(BO)) for text in "abc")
        alone = pen.put(store, "the only one", scope=_scope(Partition("work", "ana")))
        pen.put(store, "a text of several passages, " * 5, scope=_scope(ANA))
        pen.apply(store, Retire(retired.id), Link(active.id, "before", retired.id))
        pen.forget(store, gone.id, alone.id)
        with store.writing():
            store.enqueue("encode", ANA, "all", pen.now)
        assert store.partitions() == [(ANA, 1), (BO, 1)]
        sizes = store.sizes()
        assert {name: sizes[name] for name in names - {"bytes"}} == {
            "active": 2,
            "retired": 1,
            "held": 0,
            "forgotten": 2,
            "partitions": 2,
            "versions": 8,
            "links": 1,
            "passages": 5,
            "vectors": 5,
            "jobs": 1,
            "changes": 9,
        }
        assert sizes["bytes"] > 0


def check_partitions_do_not_meet(make_store: MakeStore) -> None:
    """The same words of two users, in names that look alike, stay apart."""
    with _opened(make_store) as (store, pen):
        alike = [Partition("a", "b c"), Partition("a b", "c"), Partition("a", "B c"), Partition()]
        for n, partition in enumerate(alike):
            pen.put(store, f"shared word{n}", scope=_scope(partition), ordinal=n)
        for n, partition in enumerate(alike):
            (row,) = store.rows(partition)[0]
            assert row.tokens == f"shared word{n}"
            assert store.matches(partition, "shared", 10) == [row.key]
            assert store.vectors(partition, FAKE)[0].tolist() == [row.key]
            assert store.next_ordinal(partition, None) == n + 1
        assert [partition for partition, _ in store.partitions()] == sorted(alike)


def check_many_at_once(make_store: MakeStore) -> None:
    """Questions about more records than a statement takes values are answered in full."""
    with _opened(make_store) as (store, pen):
        records = [
            pen.record(f"number {n}", scope=_scope(), provenance=Provenance("many", str(n)))
            for n in range(600)
        ]
        pen.apply(store, *map(Put, records))
        ids = [record.id for record in records]
        assert store.get([*ids, *ids]) == dict(zip(ids, records, strict=True))
        keys = [key for key, _ in store.listing(Listing((ANA,)), 0, 10_000)]
        assert store.by_key(keys) == dict(zip(keys, records, strict=True))
        assert store.vectors(ANA, FAKE, keys[::-1])[0].tolist() == keys
        assert len(store.tokens(keys)) == len(keys)
        wanted = [("many", str(n)) for n in range(601)]
        assert store.identities(ANA, wanted) == dict(zip(wanted, ids, strict=False))
        pen.apply(store, *(Link(id, "before", ids[0]) for id in ids[1:]))
        assert len(store.links([*ids, *ids])) == len(ids) - 1
        assert store.check() == []


def check_what_is_held(make_store: MakeStore) -> None:
    """A record in quarantine is found by nothing until it is restored."""
    with _opened(make_store) as (store, pen):
        record = pen.put(store, "wait for a review", scope=_scope())
        pen.apply(store, Retire(record.id, hold=True))
        assert store.get([record.id])[record.id].status is Status.HELD
        assert store.rows(ANA) == ([], [])
        assert store.rows(ANA, 1)[1] == [_key(store, record)]
        assert store.matches(ANA, "review", 10) == []
        assert list(store.known(ANA, pen.now)) == []
        assert _listed(store, Listing((ANA,))) == []
        assert _listed(store, Listing((ANA,), statuses=(Status.RETIRED,))) == []
        assert len(_listed(store, Listing((ANA,), statuses=(Status.HELD,)))) == 1
        pen.apply(store, Restore(record.id))
        assert len(store.rows(ANA)[0]) == 1
        assert store.check() == []


def check_encoders(make_store: MakeStore) -> None:
    """Vectors of several encoders lie side by side, go one by one, and always have their size."""
    with _opened(make_store) as (store, pen):
        first = pen.put(store, "one", scope=_scope())
        pen.put(store, "two", scope=_scope(BO))
        assert store.encoders() == [(FAKE, 2)]
        late = plain_vectors(["one"], LATE)
        waiting = store.unencoded(ANA, LATE, 10)
        with store.writing():
            store.write_vectors(waiting, late)
        assert store.encoders() == [(FAKE, 2), (LATE, 1)]
        _refused(StoreError, lambda: store.write_vectors(waiting, replace(late, encoder=FAKE)))
        with store.writing():
            assert store.drop_vectors(FAKE, ANA) == 1
            assert store.drop_vectors(EncoderId("nobody", "1", "int8", 8)) == 0
        assert store.encoders() == [(FAKE, 1), (LATE, 1)]
        assert [each.key for each in store.unencoded(ANA, FAKE, 10)] == [_key(store, first)]
        with store.writing():
            assert store.drop_vectors(FAKE) == 1
        assert store.encoders() == [(LATE, 1)]
        assert store.check() == []


def check_log_by_time(make_store: MakeStore) -> None:
    """The last line before a time is the one before the first that came after it."""
    with _opened(make_store) as (store, pen):
        assert store.written_by(pen.now) == 0
        pen.put(store, "one")
        between = pen.now
        pen.put(store, "two")
        assert [store.written_by(at) for at in (between - 1, between, pen.now)] == [0, 1, 2]


# -- what was copied elsewhere, and what is tried out


def check_copies(make_store: MakeStore) -> None:
    """Exports and backups are remembered by their path."""
    with _opened(make_store) as (store, _):
        cube = Copy("/a/ana.zip", "cube", 2, (ANA, Partition("work", "é")))
        backup = Copy("/a/all.db", "backup", 1)
        with store.writing():
            store.note_copy(cube)
            store.note_copy(backup)
        assert store.copies() == [backup, cube]
        again = replace(cube, at=3, partitions=())
        with store.writing():
            store.note_copy(again)
            store.drop_copy(backup.path)
            store.drop_copy("/nowhere")
        assert store.copies() == [again]


def check_trials(make_store: MakeStore) -> None:
    """A trial is kept by its id, and told while it is open."""
    with _opened(make_store) as (store, _):
        first, second = ('{"id": "a", "open": true}', '{"id": "b", "open": true}')
        with store.writing():
            store.keep_trial(second)
            store.keep_trial(first)
        assert store.trials() == store.trials(open=True) == [first, second]
        closed = '{"id": "a", "open": false, "why": "é"}'
        with store.writing():
            store.keep_trial(closed)
        assert store.trials() == [closed, second]
        assert store.trials(open=True) == [second]


# -- background work


def check_jobs(make_store: MakeStore) -> None:
    """A job waits once, is held by one worker at a time, and is lost by nobody's death."""
    with _opened(make_store) as (store, _):
        assert store.lease("one", 0, 10) is None
        for partition, payload, now in ((ANA, "x", 1), (ANA, "x", 2), (BO, "x", 3), (ANA, "y", 4)):
            store.enqueue("encode", partition, payload, now)
        assert (store.waiting(), store.waiting("x"), store.waiting("z")) == (3, 2, 0)
        assert store.awaits("encode", ANA, "x")
        assert not store.awaits("form", ANA, "x")
        assert not store.awaits("encode", Partition("elsewhere"), "x")
        first = store.lease("one", 10, 40)
        assert first is not None
        assert (first.task, first.partition, first.payload) == ("encode", ANA, "x")
        second = store.lease("two", 10, 20)
        assert second is not None
        assert second.partition == BO
        third = store.lease("three", 10, 20)
        assert third is not None
        assert third.payload == "y"
        assert store.lease("four", 19, 30) is None
        assert store.lease("three", 19, 20) == third, "its own, after an interruption"
        store.finish(first, "two")
        assert store.waiting() == 3
        store.finish(second, "two")
        assert store.waiting() == 2
        taken_over = store.lease("four", 20, 30)
        assert taken_over == third
        store.finish(third, "three")
        store.release(third, "three", "too late")
        assert store.awaits("encode", ANA, "y")
        store.release(third, "four", "the model failed")
        store.enqueue("encode", BO, "later", 50)
        fresh = store.lease("five", 50, 60)
        assert fresh is not None
        assert fresh.payload == "later", "what was never tried comes first"
        assert store.lease("five", 39, 60) in (fresh, third)
        store.finish(first, "one")
        store.finish(third, "five")
        store.finish(fresh, "five")
        assert store.waiting("x") == 0


# -- care


def check_health(make_store: MakeStore) -> None:
    """A store in use finds nothing wrong with itself, and mending changes no answer."""
    with _opened(make_store) as (store, pen):
        assert store.check() == []
        first, second, third = (pen.put(store, text, scope=_scope()) for text in ("a", "b", "c"))
        pen.apply(store, Revise(first.id, text="d"), Retire(second.id), Reweigh(third.id, 0.1))
        pen.apply(store, Link(first.id, "before", second.id, 0.3))
        pen.forget(store, third.id)
        assert store.check() == []
        before = picture(store)
        with store.writing():
            store.mend()
        after = picture(store)
        for seen in (before, after):
            del seen[str(ANA)]["moved"]
        assert after == before
        assert store.check() == []
        assert store.moved(ANA) == store.head()


def check_closing(make_store: MakeStore) -> None:
    """Closing twice is fine; any use afterwards is Closed, and says so."""
    with _opened(make_store) as (store, pen):
        record = pen.put(store, "a")
        store.close()
        store.close()
        for act in (
            lambda: store.get([record.id]),
            lambda: store.head(),
            lambda: store.rows(Partition()),
            lambda: pen.put(store, "b"),
            lambda: store.check(),
            lambda: store.reading().__enter__(),
            lambda: store.writing().__enter__(),
        ):
            _refused(Closed, act)


CHECKS: Final[tuple[Callable[[MakeStore], None], ...]] = tuple(
    value
    for name, value in list(globals().items())
    if name.startswith("check_") and name != "check_all"
)
"""Every check of this file, in its order."""
