"""A change as a line of a cube, and back: every field is checked before anything believes it.

A line is the log's line and, where the change made a version, the record after it. Whoever wrote
the file may have meant harm, so a line that does not say exactly what a change says is refused
with its number, and nothing of its file is taken over.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

import numpy as np

from mnemic.core.changes import VERBS
from mnemic.core.clock import Moment, Precision
from mnemic.core.errors import InputError, SourceError
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.records import Origin, Partition, Record, Status
from mnemic.core.storage import Entry
from mnemic.core.vectors import Codes, EncoderId, Floats
from mnemic.engine.inputs import check_metadata
from mnemic.store.codec import decode, encode

_VERBS: Final = frozenset(VERBS.values()) - {"forget"}
_FIRST: Final = -62_135_596_800_000_000
_LAST: Final = 253_402_300_799_999_999
"""The microseconds that a calendar can show: the years 1 to 9999."""
_LONGEST_ID: Final = 64
_MANY: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Line:
    """A change: the log's line (`seq` is 0) and the record after it; a link has no record."""

    entry: Entry
    record: Record | None


@dataclass(frozen=True, slots=True)
class VectorLine:
    """The vectors of one record's passages by one encoder."""

    record: RecordId
    version: int
    """The version whose words they were computed from, or a later one with the same words."""
    passages: tuple[tuple[int, int], ...]
    """Start and end of each, in characters."""
    codes: Codes
    """(passages, size) int8."""
    scales: Floats
    """(passages,)."""


def lineage_within(record: Record, ids: Container[RecordId]) -> Record:
    """The record, drawn from those of `ids` alone: of others it says nothing."""
    drawn = record.provenance.derived_from
    kept = tuple(id for id in drawn if id in ids)
    if len(kept) == len(drawn):
        return record
    return replace(record, provenance=replace(record.provenance, derived_from=kept))


def write_line(line: Line) -> bytes:
    """A change as JSON, with the line's end."""
    entry, record = line.entry, line.record
    told: dict[str, Any] = {
        "id": entry.id,
        "at": entry.at,
        "actor": entry.actor,
        "verb": entry.verb,
        "record": entry.record,
        "version": entry.version,
        "why": entry.why,
    }
    if record is None:
        told["detail"] = dict(entry.detail)
    else:
        told["namespace"] = record.scope.partition.namespace
        told["user_id"] = record.scope.partition.user_id
        told["text"] = record.text
        told["state"] = json.loads(encode(record))
    return _written(told)


def read_line(data: bytes, where: str) -> Line:
    """The change that `write_line` wrote. Raises SourceError, naming `where`, for anything else."""
    told = _parsed(data, where, "a change")
    try:
        return _line(told)
    except KeyError as error:
        raise SourceError(f"{where}: a change without {error}. Take another copy") from None
    except (InputError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise SourceError(f"{where}: not a change ({error}). Take another copy") from error


def write_forgotten(id: RecordId) -> bytes:
    """The id of a forgotten record as JSON, with the line's end."""
    return _written({"record": id})


def read_forgotten(data: bytes, where: str) -> RecordId:
    """The id that `write_forgotten` wrote. Raises SourceError for anything else."""
    told = _parsed(data, where, "a forgotten record")
    try:
        return RecordId(_id(told["record"], "record"))
    except (KeyError, ValueError) as error:
        raise SourceError(
            f"{where}: not a forgotten record ({error}). Take another copy"
        ) from error


def write_vectors(line: VectorLine) -> bytes:
    """A record's vectors as JSON, with the line's end; codes in base 64, row after row."""
    return _written(
        {
            "record": line.record,
            "version": line.version,
            "passages": [list(ends) for ends in line.passages],
            "scales": line.scales.astype(np.float64).tolist(),
            "codes": base64.b64encode(line.codes.tobytes()).decode("ascii"),
        }
    )


def read_vectors(data: bytes, where: str, encoder: EncoderId) -> VectorLine:
    """The vectors that `write_vectors` wrote. Raises SourceError for anything else."""
    told = _parsed(data, where, "vectors")
    try:
        return _vectors(told, encoder.size)
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise SourceError(f"{where}: not vectors ({error}). Take another copy") from error


def _vectors(told: Mapping[str, Any], size: int) -> VectorLine:
    passages = tuple(
        (_whole(start, "start", 0, _MANY), _whole(end, "end", 0, _MANY))
        for start, end in _list(told["passages"], "passages")
    )
    scales = [_number(scale, "scale") for scale in _list(told["scales"], "scales")]
    codes = np.frombuffer(base64.b64decode(_text(told["codes"], "codes"), validate=True), np.int8)
    if len(scales) != len(passages) or len(codes) != size * len(passages) or not passages:
        raise ValueError(f"{len(passages)} passages, {len(scales)} scales, {len(codes)} codes")
    kept = np.array(scales, np.float32)
    if not np.isfinite(kept).all():
        raise ValueError("a scale is too large")
    return VectorLine(
        record=RecordId(_id(told["record"], "record")),
        version=_whole(told["version"], "version", 1, _MANY),
        passages=passages,
        codes=codes.reshape(len(passages), size),
        scales=kept,
    )


def _written(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8")


def _parsed(data: bytes, where: str, what: str) -> dict[str, Any]:
    try:
        text = data.decode("utf-8")
        told = json.loads(text)
        if not isinstance(told, dict):
            raise ValueError("not an object")
        if "\\u" in text:  # only so can JSON in UTF-8 hold what a database does not
            _check_signs(told)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where}: not {what} ({error}). Take another copy") from error
    return told


def _check_signs(value: object) -> None:
    """Raise ValueError for half a character or a NUL in any text within."""
    if isinstance(value, str):
        value.encode("utf-8")
        if "\0" in value:
            raise ValueError("a text holds a NUL byte")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_signs(name)
            _check_signs(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_signs(inner)


def _line(told: Mapping[str, Any]) -> Line:
    verb = told["verb"]
    if not isinstance(verb, str) or verb not in _VERBS:
        raise ValueError(f"the verb is {verb!r}")
    version = _whole(told["version"], "version", 1, _MANY)
    if (verb == "put") != (version == 1) and verb != "link":
        raise ValueError(f"a {verb} makes version {version}")
    entry = Entry(
        seq=0,
        id=ChangeId(_id(told["id"], "id")),
        at=_whole(told["at"], "at", _FIRST, _LAST),
        actor=_text(told["actor"], "actor"),
        verb=verb,
        record=RecordId(_id(told["record"], "record")),
        version=version,
        why=_text(told["why"], "why"),
        detail=_detail(told["detail"], told["record"]) if verb == "link" else {},
    )
    if verb == "link":
        return Line(entry, None)
    text = _text(told["text"], "text")
    if not text.strip():
        raise ValueError("the text is empty")
    state = told["state"]
    _check_state(state)
    record = decode(
        json.dumps(state),
        id=entry.record,
        text=text,
        partition=Partition(
            _text(told["namespace"], "namespace"), _text(told["user_id"], "user_id")
        ),
        version=version,
        recorded_at=entry.at,
    )
    if verb == "put" and entry.record in record.provenance.derived_from:
        raise ValueError("a record is drawn from itself")
    return Line(entry, record)


def _detail(detail: object, source: object) -> dict[str, Any]:
    told = _dict(detail, "detail")
    target = _id(told["target"], "target")
    if target == source:
        raise ValueError("a record is linked to itself")
    if not isinstance(told["remove"], bool):
        raise ValueError(f"remove is {told['remove']!r}")
    return {
        "relation": _text(told["relation"], "relation"),
        "target": target,
        "weight": _number(told["weight"], "weight"),
        "remove": told["remove"],
    }


def _check_state(value: object) -> None:
    """Raise ValueError or InputError unless this is the state of a record that is there."""
    state = _dict(value, "state")
    for name in ("kind", "ordinal"):
        _FIELDS[name](state[name], name)
    for name, inner in state.items():
        check = _FIELDS.get(name)  # a field of a later version is passed over, as in the file
        if check is not None and inner is not None:
            check(inner, name)
    for name in ("weight", "origin", "formed_by", "status", "derived_from", "metadata"):
        if name in state and state[name] is None:
            raise ValueError(f"{name} is null")


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value


def _id(value: object, name: str) -> str:
    id = _text(value, name)
    if not id.isascii() or not id.isprintable() or not 0 < len(id) <= _LONGEST_ID or " " in id:
        raise ValueError(f"{name} is not an id")
    return id


def _whole(value: object, name: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name} is not a whole number from {least} to {most}")
    return value


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < inf:
        raise ValueError(f"{name} is not a number from 0 up")
    return float(value)


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is not a list")
    return value


def _dict(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is not an object")
    return value


def _time(value: object, name: str) -> int:
    return _whole(value, name, _FIRST, _LAST)


def _moment(value: object, name: str) -> None:
    micros, offset, precision = _list(value, name)
    moment = Moment(
        _whole(micros, name, _FIRST, _LAST), _whole(offset, name, -1439, 1439), Precision(precision)
    )
    str(moment)  # raises OverflowError outside the calendar
    _ = moment.end


def _status(value: object, name: str) -> None:
    if Status(_text(value, name)) is Status.FORGOTTEN:
        raise ValueError("a forgotten record has no history")


def _lineage(value: object, name: str) -> None:
    for id in _list(value, name):
        _id(id, name)


def _metadata(value: object, name: str) -> None:
    check_metadata(_dict(value, name))


def _media(value: object, name: str) -> None:
    media = _dict(value, name)
    for field in ("mime", "sha256"):
        _text(media[field], field)
    if media.get("uri") is not None:
        _text(media["uri"], "uri")
    if media.get("data") is not None:
        base64.b64decode(_text(media["data"], "data"), validate=True)


_FIELDS: Final[Mapping[str, Callable[[object, str], object]]] = {
    "kind": _text,
    "ordinal": lambda value, name: _whole(value, name, 0, _MANY),
    "agent_id": _text,
    "session_id": _text,
    "speaker": _text,
    "role": _text,
    "retired_at": _time,
    "valid_from": _moment,
    "valid_to": _moment,
    "status": _status,
    "weight": _number,
    "source": _text,
    "external_id": _text,
    "origin": lambda value, name: Origin(_text(value, name)),
    "formed_by": _text,
    "derived_from": _lineage,
    "metadata": _metadata,
    "media": _media,
}
