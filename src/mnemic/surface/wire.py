"""Answers as JSON: what `--json` prints, and what any surface for programs sends.

Times are ISO 8601 in UTC or in the zone that they were said in; a record's scope lies flat beside
its text; bytes of media stay where they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from mnemic.core.clock import Moment
from mnemic.core.queries import Hit, Hits
from mnemic.core.receipts import Diagnosis
from mnemic.core.records import Json, Media, Record
from mnemic.engine.trust.admission import Trial, Verdict
from mnemic.evolution.govern import Policy, as_json

_INSTANTS: Final = frozenset({"at", "made_at", "recorded_at", "retired_at"})
"""Fields that hold microseconds since 1970."""
_STEERING: Final = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What JSON lets through and a terminal may obey."""


def answer(value: Any, name: str = "", *, dry: bool = False) -> dict[str, Json]:
    """An answer of `Memory` as one JSON object.

    `name` is the key for an answer that is a bare list or number; `dry`: nothing of it was kept.

    >>> answer((1, 2), "steps")
    {'steps': [1, 2]}
    """
    made = plain(value)
    made = made if isinstance(made, dict) else {name or "answer": made}
    return {"dry_run": True, **made} if dry else made


def plain(value: Any) -> Json:
    """A value of the core as JSON's own types."""
    match value:
        case Moment():
            return str(value)
        case Record():
            return _record(value)
        case Hits():
            return {"hits": plain(value.hits), "explanation": plain(value.explanation)}
        case Hit():
            return _record(value.record) | {
                "score": value.score,
                "why": plain(value.why),
                "features": plain(value.features),
            }
        case Diagnosis():
            derived = {"counts": value.counts, "remedy": value.remedy}
            return {"ok": value.ok} | _fields(value) | derived
        case Verdict():
            return {"ok": value.ok} | _fields(value)
        case Trial():
            return _fields(value) | {"open": value.open}
        case Policy():  # as it can be given back
            made: dict[str, Json] = json.loads(as_json(value))
            return made
        case Media():
            return _fields(value, without={"data"})
        case Mapping():
            return {str(key): plain(held) for key, held in value.items()}
        case str() | Path():
            return str(value)
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted(map(plain, value))
    return _fields(value) if is_dataclass(value) else value


def _fields(value: Any, without: frozenset[str] | set[str] = frozenset()) -> dict[str, Json]:
    made = {}
    for name in (field.name for field in fields(value) if field.name not in without):
        held = getattr(value, name)
        instant = name in _INSTANTS and held is not None
        made[name] = str(Moment(held)) if instant else plain(held)
    return made


def _record(record: Record) -> dict[str, Json]:
    made = _fields(record, without={"scope"})
    scope = record.scope
    return made | {
        "namespace": scope.partition.namespace,
        "user_id": scope.partition.user_id or None,
        "agent_id": scope.agent_id,
        "session_id": scope.session_id,
    }


def dumps(value: Json, *, wide: bool = True, indent: int | None = None) -> str:
    """JSON text that a terminal can show; `wide=False` for streams that take only ASCII.

    >>> dumps({"text": "東京"}, wide=False)
    '{"text": "\\\\u6771\\\\u4eac"}'
    """
    text = json.dumps(value, ensure_ascii=not wide, indent=indent)
    return _STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
