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
        WrongKey,
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
    from mnemic.engine.backups import Backup, Restored
    from mnemic.engine.backups import restore as restore_backup
    from mnemic.engine.cubes.cube import Cube
    from mnemic.engine.cubes.merging import merge as merge_cubes
    from mnemic.engine.cubes.told import Conflict, Merged
    from mnemic.engine.forgetting.residue import Residue
    from mnemic.engine.history.diff import Diff
    from mnemic.engine.memory import Memory
    from mnemic.engine.reembed import Reembedding
    from mnemic.engine.survey import ScopeInfo, Stats
    from mnemic.engine.trust.admission import Trial, Verdict
    from mnemic.engine.trust.review import Held
    from mnemic.evolution.bounds import Bound
    from mnemic.evolution.govern import Policy, Rule
    from mnemic.formation.redraw import declare_redraw

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "AsyncMemory",
    "Backup",
    "Bound",
    "Busy",
    "Certificate",
    "Citation",
    "Closed",
    "Conflict",
    "Cube",
    "Diagnosis",
    "Diff",
    "DiskFull",
    "Encoder",
    "Event",
    "FilterError",
    "Forgotten",
    "Held",
    "Hit",
    "Hits",
    "Imported",
    "InputError",
    "Kind",
    "Media",
    "Memory",
    "Merged",
    "MissingExtra",
    "MnemicError",
    "ModelError",
    "Moment",
    "NewerSchema",
    "NotADatabase",
    "NotFound",
    "Pack",
    "Page",
    "Policy",
    "ReadOnly",
    "Receipt",
    "Record",
    "Reembedding",
    "Residue",
    "Restored",
    "Rule",
    "ScopeError",
    "ScopeInfo",
    "SourceError",
    "Stale",
    "Stats",
    "Step",
    "StoreError",
    "TimestampError",
    "Trial",
    "Verdict",
    "WrongKey",
    "WrongPlace",
    "declare_kind",
    "declare_redraw",
    "merge_cubes",
    "restore_backup",
]

_HOMES = {
    "mnemic.core.clock": ("Moment",),
    "mnemic.core.events": ("Event",),
    "mnemic.core.kinds": ("Kind",),
    "mnemic.core.ports": ("Encoder",),
    "mnemic.core.queries": ("Answer", "Citation", "Hit", "Hits", "Pack"),
    "mnemic.core.receipts": ("Certificate", "Diagnosis", "Imported", "Page", "Receipt", "Step"),
    "mnemic.core.records": ("Media", "Record"),
    "mnemic.engine.trust.admission": ("Trial", "Verdict"),
    "mnemic.engine.asynchronous": ("AsyncMemory",),
    "mnemic.engine.backups": ("Backup", "Restored"),
    "mnemic.engine.cubes.cube": ("Cube",),
    "mnemic.engine.cubes.told": ("Conflict", "Merged"),
    "mnemic.engine.history.diff": ("Diff",),
    "mnemic.engine.memory": ("Memory",),
    "mnemic.engine.reembed": ("Reembedding",),
    "mnemic.engine.forgetting.residue": ("Residue",),
    "mnemic.engine.trust.review": ("Held",),
    "mnemic.engine.survey": ("ScopeInfo", "Stats"),
    "mnemic.evolution.bounds": ("Bound",),
    "mnemic.evolution.govern": ("Policy", "Rule"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_CALLED = {
    "declare_kind": ("mnemic.core.kinds", "declare"),
    "declare_redraw": ("mnemic.formation.redraw", "declare_redraw"),
    "merge_cubes": ("mnemic.engine.cubes.merging", "merge"),
    "restore_backup": ("mnemic.engine.backups", "restore"),
}
"""Functions whose name says here what their file says there."""


def __getattr__(name: str) -> Any:
    if name in _CALLED:
        home, there = _CALLED[name]
        value = getattr(import_module(home), there)
    elif name in __all__:
        value = getattr(import_module(_HOME_OF.get(name, "mnemic.core.errors")), name)
    else:
        raise AttributeError(f"module 'mnemic' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
