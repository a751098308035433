"""mnemic: memory for AI systems - write, recall, revise and forget, in one local file.

    import mnemic

    memory = mnemic.Memory("agent.db")
    memory.add("I moved to Lisbon last May.", user_id="ana", speaker="Ana")
    memory.search("Where does Ana live?", user_id="ana")

The names below are the public face. They are loaded when they are first used, so that
`import mnemic` costs next to nothing in a program that may never need its memory.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mnemic.core.clock import Moment
    from mnemic.core.errors import (
        Busy,
        Closed,
        DiskFull,
        FilterError,
        Forgotten,
        InputError,
        MissingExtra,
        MnemicError,
        ModelError,
        NewerSchema,
        NotADatabase,
        NotFound,
        ReadOnly,
        ScopeError,
        SourceError,
        Stale,
        StoreError,
        TimestampError,
        WrongPlace,
    )
    from mnemic.core.events import Event
    from mnemic.core.kinds import Kind
    from mnemic.core.kinds import declare as declare_kind
    from mnemic.core.ports import Encoder
    from mnemic.core.queries import Answer, Citation, Hit, Hits, Pack
    from mnemic.core.receipts import Certificate, Diagnosis, Imported, Page, Receipt, Step
    from mnemic.core.records import Media, Record
    from mnemic.engine.asynchronous import AsyncMemory
    from mnemic.engine.cube import Cube
    from mnemic.engine.memory import Memory
    from mnemic.engine.survey import ScopeInfo, Stats

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "AsyncMemory",
    "Busy",
    "Certificate",
    "Citation",
    "Closed",
    "Cube",
    "Diagnosis",
    "DiskFull",
    "Encoder",
    "Event",
    "FilterError",
    "Forgotten",
    "Hit",
    "Hits",
    "Imported",
    "InputError",
    "Kind",
    "Media",
    "Memory",
    "MissingExtra",
    "MnemicError",
    "ModelError",
    "Moment",
    "NewerSchema",
    "NotADatabase",
    "NotFound",
    "Pack",
    "Page",
    "ReadOnly",
    "Receipt",
    "Record",
    "ScopeError",
    "ScopeInfo",
    "SourceError",
    "Stale",
    "Stats",
    "Step",
    "StoreError",
    "TimestampError",
    "WrongPlace",
    "declare_kind",
]

_HOMES = {
    "mnemic.core.clock": ("Moment",),
    "mnemic.core.events": ("Event",),
    "mnemic.core.kinds": ("Kind",),
    "mnemic.core.ports": ("Encoder",),
    "mnemic.core.queries": ("Answer", "Citation", "Hit", "Hits", "Pack"),
    "mnemic.core.receipts": ("Certificate", "Diagnosis", "Imported", "Page", "Receipt", "Step"),
    "mnemic.core.records": ("Media", "Record"),
    "mnemic.engine.asynchronous": ("AsyncMemory",),
    "mnemic.engine.cube": ("Cube",),
    "mnemic.engine.memory": ("Memory",),
    "mnemic.engine.survey": ("ScopeInfo", "Stats"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "declare_kind":
        value = import_module("mnemic.core.kinds").declare
    elif name in __all__:
        value = getattr(import_module(_HOME_OF.get(name, "mnemic.core.errors")), name)
    else:
        raise AttributeError(f"module 'mnemic' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
