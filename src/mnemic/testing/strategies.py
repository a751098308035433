"""Hypothesis strategies: texts of every script, moments, scopes, records, changes.

What they draw is what the engine lets through to a store: any Unicode but NUL and halves of
characters. They need hypothesis, which comes with the `dev` extra.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from mnemic.core.changes import Change, Restore, Retire, Revise, Reweigh
from mnemic.core.clock import Moment, Precision
from mnemic.core.errors import MissingExtra
from mnemic.core.ids import RecordId
from mnemic.core.records import Media, Origin, Partition, Provenance, Record, Scope

try:
    from hypothesis import strategies as st
    from hypothesis.strategies import SearchStrategy
except ImportError:
    raise MissingExtra(
        'strategies need hypothesis, which is not installed. Run: pip install "mnemic[dev]"'
    ) from None

WORDS = (
    "Ana moved to Lisbon last May",
    "sie wohnt jetzt in Köln, Straße 5",
    "ela mudou-se para São Paulo",
    "она живёт в Москве",
    "Η Ελένη μένει στην Αθήνα",
    "她在上海工作",
    "東京に住んでいます",
    "서울에 살아요",
    "هي تعيش في القاهرة",
    "היא גרה בתל אביב",
    "वह दिल्ली में रहती है",
    "เธออยู่ที่กรุงเทพ",
    "👩‍👩‍👧 moved 🏠 → 🌍!",
    "e\u0301 and \u00e9, \u212b and \u00c5",
    "\u202eright to left\u202c and \ufeffmarks",
    '\'; DROP TABLE records; -- "quoted" \\ %s {0}',
    "line one\nline two\r\n\ttabbed\u2028separated",
    "x" * 200,
)
"""A stretch of text for each script, and some that break programs."""

_signs = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def texts(*, max_size: int = 200) -> SearchStrategy[str]:
    """Texts of one or several scripts, or of any characters at all; never blank."""
    said = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
    anything = st.text(_signs, min_size=1, max_size=max_size)
    return st.one_of(said, anything).filter(lambda text: bool(text.strip()))


def names() -> SearchStrategy[str]:
    """Names of users, sessions, speakers and sources."""
    usual = st.sampled_from(["ana", "bo", "陈", "s1", "s2", "Ünal", "o'neil", '"', "a b", "%"])
    return st.one_of(usual, st.text(_signs, min_size=1, max_size=8))


def moments(*, first: int = 2, last: int = 9998) -> SearchStrategy[Moment]:
    """Times of the years `first` to `last`, in any zone, each begun at its own precision."""

    def made(time: datetime, minutes: int, precision: Precision) -> Moment:
        parts = [time.year, time.month, time.day, time.hour, time.minute, time.second]
        year, month, day, *clock = [*parts[:precision], *(1, 1, 1, 0, 0, 0)[precision:]]
        exact = time.microsecond if precision is Precision.SECOND else 0
        zone = timezone(timedelta(minutes=minutes))
        there = datetime(year, month, day, clock[0], clock[1], clock[2], exact, zone)
        micros = (there - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return Moment(micros, minutes, precision)

    # A year is left at both ends of the calendar, so that no zone leads out of it.
    times = st.datetimes(datetime(max(first, 2), 1, 1), datetime(min(last, 9998), 12, 31))
    return st.builds(made, times, st.integers(-14 * 60, 14 * 60), st.sampled_from(Precision))


def partitions() -> SearchStrategy[Partition]:
    """Partitions, some of which are drawn often."""
    usual = st.sampled_from([Partition(), Partition(user_id="ana"), Partition("work", "ana")])
    return st.one_of(usual, st.builds(Partition, names(), names()))


def scopes() -> SearchStrategy[Scope]:
    """A partition, and perhaps an agent and a session within it."""
    return st.builds(Scope, partitions(), st.none() | names(), st.none() | names())


def metadata() -> SearchStrategy[dict[str, Any]]:
    """What JSON holds and gives back as it was: texts, numbers, booleans, None, lists, dicts."""
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    leaves = st.none() | st.booleans() | numbers | st.text(_signs, max_size=8)
    values = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(_signs, max_size=4), inner)
        ),
        max_leaves=5,
    )
    return st.dictionaries(st.text(_signs, max_size=8), values, max_size=3)


def provenances() -> SearchStrategy[Provenance]:
    """Where a record comes from; without lineage, which only a store can make sense of."""
    return st.builds(
        Provenance,
        st.none() | names(),
        st.none() | names(),
        st.sampled_from(Origin),
        st.sampled_from(["verbatim", "rule:slots", "model:x"]),
    )


def media() -> SearchStrategy[Media]:
    """A small picture, held or pointed at."""

    def made(data: bytes, uri: str | None, held: bool) -> Media:
        digest = hashlib.sha256(data).hexdigest()
        return Media("image/png", digest, uri, data if held else None)

    return st.builds(made, st.binary(max_size=20), st.none() | names(), st.booleans())


def records(**fields: SearchStrategy[Any]) -> SearchStrategy[Record]:
    """Records at their first version; `fields` take the place of the usual strategies."""

    def made(id: int, begin: Moment | None, end: Moment | None, **rest: Any) -> Record:
        if begin and end and end.micros < begin.micros:
            begin, end = end, begin
        return Record(id=RecordId(f"{id:026d}"), valid_from=begin, valid_to=end, **rest)

    given: dict[str, SearchStrategy[Any]] = {
        "id": st.integers(0, 10**12),
        "text": texts(),
        "kind": st.sampled_from(["turn", "fact", "gist"]),
        "scope": scopes(),
        "ordinal": st.integers(0, 2**40),
        "recorded_at": st.integers(0, 2**53),
        "speaker": st.none() | names(),
        "role": st.none() | st.sampled_from(["user", "assistant", "system"]),
        "begin": st.none() | moments(),
        "end": st.none() | moments(),
        "weight": weights(),
        "provenance": provenances(),
        "metadata": metadata(),
        "media": st.none() | media(),
    }
    return st.builds(made, **(given | fields))


def weights() -> SearchStrategy[float]:
    """Weights that a record may have."""
    return st.floats(0, 1e6, allow_subnormal=False)


def changes(id: RecordId) -> SearchStrategy[Change]:
    """Changes of one record that is there; some of them may alter nothing."""
    found: list[SearchStrategy[Any]] = [
        st.builds(Revise, st.just(id), text=texts()),
        st.builds(Revise, st.just(id), metadata=metadata(), speaker=st.none() | names()),
        st.builds(Revise, st.just(id), valid_from=st.none() | moments()),
        st.builds(Revise, st.just(id), valid_to=st.none() | moments()),
        st.builds(Retire, st.just(id)),
        st.builds(Restore, st.just(id)),
        st.builds(Reweigh, st.just(id), weights()),
    ]
    return st.one_of(found)
