"""A record's fields other than its text, as JSON and back.

Defaults are left out, so that a plain turn takes about 150 bytes; unknown fields of a later version
are passed over when read. Metadata and media can be sealed: they are people's words, like the text,
while the other fields are the record's place among others, by which it is found.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from typing import Any, Final

from mnemic.core.clock import Micros, Moment, Precision
from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.records import Media, Origin, Partition, Provenance, Record, Scope, Status

_to_json: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":")
).encode


_SEALED: Final = ("metadata", "media")


def encode(record: Record, shut: Callable[[bytes], bytes] | None = None) -> str:
    """The state of a record: everything but id, text, partition, version and recorded_at.

    `shut` seals metadata and media; without it they are plain. Raises InputError for metadata that
    JSON cannot hold.
    """
    state: dict[str, Any] = {"kind": record.kind, "ordinal": record.ordinal}
    scope, provenance = record.scope, record.provenance
    if scope.agent_id is not None:
        state["agent_id"] = scope.agent_id
    if scope.session_id is not None:
        state["session_id"] = scope.session_id
    for name in ("speaker", "role", "retired_at"):
        value = getattr(record, name)
        if value is not None:
            state[name] = value
    if record.valid_from is not None:
        state["valid_from"] = _moment(record.valid_from)
    if record.valid_to is not None:
        state["valid_to"] = _moment(record.valid_to)
    if record.status is not Status.ACTIVE:
        state["status"] = record.status.value
    if record.weight != 1.0:
        state["weight"] = record.weight
    if provenance.source is not None:
        state["source"] = provenance.source
    if provenance.external_id is not None:
        state["external_id"] = provenance.external_id
    if provenance.origin is not Origin.USER:
        state["origin"] = provenance.origin.value
    if provenance.formed_by != "verbatim":
        state["formed_by"] = provenance.formed_by
    if provenance.derived_from:
        state["derived_from"] = provenance.derived_from
    if record.metadata:
        state["metadata"] = record.metadata
    if record.media is not None:
        state["media"] = _media(record.media)
    try:
        words = {name: state.pop(name) for name in _SEALED if name in state} if shut else None
        if shut and words:
            sealed = shut(_to_json(words).encode("utf-8"))
            state["sealed"] = base64.b64encode(sealed).decode("ascii")
        return _to_json(state)
    except UnicodeEncodeError:
        raise
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"the metadata of record {record.id} cannot be kept ({error}). Use texts, finite "
            "numbers, booleans, None, lists and dicts of these"
        ) from None


def checksum(text: str | None, state: str) -> int:
    """CRC-32 of what a version keeps: tells whether its bytes are those that were written."""
    return zlib.crc32(f"{text or ''}\0{state}".encode())


def decode(
    state: str,
    *,
    id: str,
    text: str,
    partition: Partition,
    version: int,
    recorded_at: Micros,
    open: Callable[[bytes], bytes] | None = None,
) -> Record:
    """The record that `encode` wrote; `open` opens what was sealed.

    Raises ValueError, KeyError, TypeError, IndexError or AttributeError for what it did not write.
    """
    fields: dict[str, Any] = json.loads(state)
    if open is not None:
        # What should be sealed and is not was put there by somebody without the key.
        fields = {name: value for name, value in fields.items() if name not in _SEALED}
        if "sealed" in fields:
            fields |= json.loads(open(base64.b64decode(fields["sealed"])))
    get = fields.get
    media = get("media")
    return Record(
        id=RecordId(id),
        text=text,
        kind=fields["kind"],
        scope=Scope(partition, get("agent_id"), get("session_id")),
        ordinal=fields["ordinal"],
        recorded_at=recorded_at,
        version=version,
        status=Status(get("status", "active")),
        speaker=get("speaker"),
        role=get("role"),
        valid_from=_read_moment(get("valid_from")),
        valid_to=_read_moment(get("valid_to")),
        retired_at=get("retired_at"),
        weight=get("weight", 1.0),
        provenance=Provenance(
            source=get("source"),
            external_id=get("external_id"),
            origin=Origin(get("origin", "user")),
            formed_by=get("formed_by", "verbatim"),
            derived_from=tuple(map(RecordId, get("derived_from", ()))),
        ),
        metadata=get("metadata", {}),
        media=_read_media(media) if media else None,
    )


def _moment(moment: Moment) -> list[int]:
    return [moment.micros, moment.offset, moment.precision.value]


def _read_moment(numbers: list[int] | None) -> Moment | None:
    return Moment(numbers[0], numbers[1], Precision(numbers[2])) if numbers else None


def _media(media: Media) -> dict[str, str]:
    kept = {"mime": media.mime, "sha256": media.sha256}
    if media.uri is not None:
        kept["uri"] = media.uri
    if media.data is not None:
        kept["data"] = base64.b64encode(media.data).decode("ascii")
    return kept


def _read_media(kept: dict[str, str]) -> Media:
    data = kept.get("data")
    return Media(
        mime=kept["mime"],
        sha256=kept["sha256"],
        uri=kept.get("uri"),
        data=base64.b64decode(data) if data is not None else None,
    )
