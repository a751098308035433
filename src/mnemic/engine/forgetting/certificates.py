"""Certificates of erasure as a file keeps them: JSON, and back from every version of it."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from mnemic.core.ids import RecordId
from mnemic.core.receipts import Certificate
from mnemic.core.storage import Store


def certificates(store: Store, *, pending: bool = False) -> list[Certificate]:
    """Every erasure that was done here, oldest first; or those that wait for their last step."""
    return [from_json(body) for body in store.certificates(pending=pending)]


def to_json(certificate: Certificate) -> str:
    """A certificate as it is kept."""
    return json.dumps(asdict(certificate))


def from_json(body: str) -> Certificate:
    """A certificate as it was kept: what an earlier version did not write is empty."""
    kept: dict[str, Any] = {"at": 0, "reason": "", "ids": ()} | json.loads(body)
    known = {field.name for field in fields(Certificate)}
    made: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in kept.items()
        if name in known
    }
    redrawn = made.get("redrawn", {})
    made["redrawn"] = {RecordId(old): RecordId(new) for old, new in redrawn.items()}
    return Certificate(**made)
