"""A record's state as JSON gives back every field."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from mnemic.core.errors import InputError
from mnemic.core.records import Record
from mnemic.store.codec import checksum, decode, encode
from mnemic.testing import strategies
from mnemic.testing.pen import Pen


def read(record: Record, state: str) -> Record:
    return decode(
        state,
        id=record.id,
        text=record.text,
        partition=record.scope.partition,
        version=record.version,
        recorded_at=record.recorded_at,
    )


@given(strategies.records())
def test_round_trip(record: Record) -> None:
    assert read(record, encode(record)) == record
    assert "text" not in json.loads(encode(record))


def test_a_plain_turn_is_small() -> None:
    assert len(encode(Pen().record("x" * 1000))) < 40


def test_fields_of_later_versions_are_passed_over() -> None:
    record = Pen().record("a")
    state = json.loads(encode(record)) | {"invented_later": [1, 2]}
    assert read(record, json.dumps(state)) == record


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes", object()])
def test_metadata_beyond_json_is_refused(value: object) -> None:
    record = Pen().record("a", metadata={"deep": [value]})
    with pytest.raises(InputError, match=f"metadata of record {record.id} cannot be kept"):
        encode(record)


def test_metadata_that_holds_itself_is_refused() -> None:
    circle: dict[str, object] = {}
    circle["again"] = circle
    with pytest.raises(InputError, match="cannot be kept"):
        encode(Pen().record("a", metadata=circle))


def shut(data: bytes) -> bytes:
    return bytes(byte ^ 0x55 for byte in data)


@given(strategies.records())
def test_metadata_and_media_can_be_sealed(record: Record) -> None:
    state = encode(record, shut)
    assert not {"metadata", "media"} & json.loads(state).keys()
    plain = json.loads(encode(record))
    assert ("sealed" in json.loads(state)) == bool(plain.keys() & {"metadata", "media"})
    found = decode(
        state,
        id=record.id,
        text=record.text,
        partition=record.scope.partition,
        version=record.version,
        recorded_at=record.recorded_at,
        open=shut,
    )
    assert found == record


@given(strategies.records())
def test_a_byte_that_changes_changes_the_sum(record: Record) -> None:
    state = encode(record)
    sum = checksum(record.text, state)
    assert sum == checksum(record.text, state)
    assert sum != checksum(record.text + "x", state)
    assert sum != checksum(record.text, state + " ")
