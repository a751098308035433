"""Admission on trial: canary → monitor → accept, or roll back. After DMM-Gov.

A change of memory (a consolidation, an import, a clean-up) is tried out: probes are asked before
and after, and if a threshold is violated all that it did is undone by new changes, whose reason
names the trial and the figure. Else the trial stays open: `monitor` asks the same probes again
later, and rolls back by itself, until somebody accepts it.

What belongs to a trial is told by the log: the change is made by a handle whose actor carries the
trial's id, so that what others write at the same time stays theirs, and a process that dies in the
middle leaves an open trial that names what it did. The file keeps measures, ids and keyed hashes
of the probes; never their words, which would outlive what is forgotten.

Source: survey "Memory in LLMs", 2025, arXiv 2509.18868, section on governance (steps S4 to S6).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from mnemic.core.clock import Micros
from mnemic.core.errors import InputError, NotFound, Stale
from mnemic.core.ids import ChangeId, RecordId
from mnemic.core.receipts import Applied, counted
from mnemic.core.records import Status
from mnemic.core.storage import Entry, Store
from mnemic.engine.cubes.told import Cube
from mnemic.engine.history import undo
from mnemic.engine.paging import lines
from mnemic.engine.parts import Parts
from mnemic.engine.trust.probing import Probe, ask, probes
from mnemic.evolution import bounds
from mnemic.evolution.bounds import Bound
from mnemic.evolution.gauge import Seen, measured

State = Literal["running", "open", "accepted", "rolled back"]
"""A trial is `running` while its change is made, and for ever if that process died in it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A change that was let in on trial."""

    id: str
    state: State
    at: Micros
    actor: str
    """Who made it, as the log names them."""
    since: int
    """The log's last sequence number before it."""
    until: int | None
    """... and after it; None while it is running."""
    changes: tuple[ChangeId, ...]
    """What it did, as far as its handle did not write it: else the log tells by `actor`."""
    bounds: tuple[Bound, ...]
    probes: tuple[str, ...]
    """Keyed hashes of its probes."""
    before: tuple[Seen, ...]
    reason: str = ""
    """Why it was closed."""

    @property
    def open(self) -> bool:
        """Whether it can still be rolled back by `monitor`."""
        return self.state in ("running", "open")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured, and what became of the change."""

    trial: str
    state: State
    before: Mapping[str, float | None]
    after: Mapping[str, float | None]
    violations: tuple[str, ...] = ()
    """The thresholds that are violated, such as "recall@5 .62 < .85"."""
    unjudged: tuple[str, ...] = ()
    """Thresholds about which these probes say nothing."""
    changes: tuple[ChangeId, ...] = ()
    """What the change did."""
    undone: tuple[Applied, ...] = ()
    """What took it back."""
    lost: tuple[RecordId, ...] = ()
    """Records that it touched and that were forgotten since: of them nothing is left to undo."""
    blocked: str | None = None
    """Why it could not be rolled back; the trial is then still open."""

    @property
    def ok(self) -> bool:
        """Whether no threshold is violated."""
        return not self.violations

    def __str__(self) -> str:
        told = f"trial {self.trial}: {self.state}, {counted(len(self.changes), 'change')}"
        told += f" ({'; '.join(self.violations)})" if self.violations else ""
        told += f"; not judged: {', '.join(self.unjudged)}" if self.unjudged else ""
        return told + (f"; NOT rolled back: {self.blocked}" if self.blocked else "")


Thresholds = Sequence[Bound] | Mapping[str, Any] | None
"""As `bounds.read` takes them; None: those of the card."""


def admit(
    parts: Parts,
    act: Callable[[Parts], object],
    asked: Iterable[Probe | Mapping[str, Any]],
    thresholds: Thresholds = None,
) -> Verdict:
    """Make a change on trial, and take it back if a threshold is violated.

    act: changes memory by the parts that it is given (or a `Memory` around them); changes that it
        makes in another way count if it returns what has `changes`, such as a receipt.
    asked: the probes, see `probing.py`.

    The trial stays open if all is well. If `act` fails, what it did is rolled back before the
    error goes on. A `forget` within it is not undone by anything. Raises InputError for unusable
    probes or thresholds, before anything is done.
    """
    wanted = bounds.read(thresholds)
    given = probes(parts, asked)
    before = _ask(parts, given, wanted)
    id = parts.new_id()
    trial = Trial(
        id=id,
        state="running",
        at=parts.clock(),
        actor=f"{parts.actor} (trial {id})",
        since=parts.store.head(),
        until=None,
        changes=(),
        bounds=wanted,
        probes=tuple(one.name(parts.secret) for one in given),
        before=before,
    )
    _keep(parts.store, trial)
    done = False
    try:
        result = act(replace(parts, actor=trial.actor))
        done = True
    finally:
        if not done:
            _roll_back(parts, trial, "the change failed")
    trial = replace(
        trial, state="open", until=parts.store.head(), changes=tuple(_changes_of(result))
    )
    _keep(parts.store, trial)
    return _judge(parts, trial, given)


def monitor(
    parts: Parts,
    asked: Iterable[Probe | Mapping[str, Any]],
    trial_id: str | None = None,
) -> tuple[Verdict, ...]:
    """Ask the probes of the open trials again; what violates a threshold now is rolled back.

    asked: the probes that the trial was admitted with (the file does not keep them); others do no
        harm. trial_id: this trial only, even if it is still running (its process may have died).

    Raises InputError if a trial's probes are not among these, NotFound for an unknown trial.
    """
    given = {one.name(parts.secret): one for one in probes(parts, asked)}
    which = (
        [trial for trial in trials(parts.store, open=True) if trial.state == "open"]
        if trial_id is None
        else [_open(parts.store, trial_id)]
    )
    for trial in which:
        missing = sum(name not in given for name in trial.probes)
        if missing:
            raise InputError(
                f"{missing} of the {len(trial.probes)} probes of trial {trial.id} are missing. "
                "Give the ones that it was admitted with"
            )
    return tuple(_judge(parts, trial, [given[name] for name in trial.probes]) for trial in which)


def accept(parts: Parts, trial_id: str, why: str = "accepted") -> Trial:
    """Close a trial: what it did stays. Raises NotFound, or InputError if it is closed already."""
    with parts.store.writing():
        trial = replace(_open(parts.store, trial_id), state="accepted", reason=why)
        _keep(parts.store, trial)
    return trial


def roll_back(parts: Parts, trial_id: str, why: str = "on request") -> Verdict:
    """Undo what a trial did, whatever was measured. Raises as `accept` does, and Stale.

    Stale when a later change stands on top of it; nothing is undone then, and the trial is open.
    """
    return _roll_back(parts, _open(parts.store, trial_id), why)


def trials(store: Store, *, open: bool = False) -> tuple[Trial, ...]:
    """The trials of a file, oldest first; `open`: those that are not closed."""
    return tuple(_read(told) for told in store.trials(open=open))


# -- within


def _ask(parts: Parts, given: Sequence[Probe], wanted: Sequence[Bound]) -> tuple[Seen, ...]:
    measures = {bound.measure for bound in wanted}
    return tuple(ask(parts, one, measures) for one in given)


def _judge(parts: Parts, trial: Trial, given: Sequence[Probe]) -> Verdict:
    after = _ask(parts, given, trial.bounds)
    values = measured(trial.before, after)
    violations = bounds.violations(trial.bounds, values)
    unjudged = tuple(one.measure for one in trial.bounds if values[one.measure] is None)
    verdict = Verdict(
        trial.id,
        trial.state,
        before=measured(trial.before, trial.before),
        after=values,
        violations=violations,
        unjudged=unjudged,
        changes=tuple(entry.id for entry in _canary(parts.store, trial)),
    )
    if not violations:
        return verdict
    try:
        undone = _roll_back(parts, trial, "; ".join(violations))
    except Stale as error:
        return replace(verdict, blocked=str(error))
    return replace(verdict, state=undone.state, undone=undone.undone, lost=undone.lost)


def _roll_back(parts: Parts, trial: Trial, why: str) -> Verdict:
    """Undo a trial's own changes and close it, in one transaction."""
    with parts.store.writing():
        _open(parts.store, trial.id)  # somebody may have closed it meanwhile
        entries = list(_canary(parts.store, trial))
        there = parts.store.get(sorted({entry.record for entry in entries}))
        gone = {id for id, record in there.items() if record.status is Status.FORGOTTEN}
        left = [
            entry.id
            for entry in entries
            if entry.record not in gone and (entry.verb != "link" or _linked(parts.store, entry))
        ]
        undone = undo.undo(parts, left, why=f"rolled back: {why} (trial {trial.id})")
        _keep(parts.store, replace(trial, state="rolled back", reason=why))
    nothing: Mapping[str, float | None] = {}
    return Verdict(
        trial.id,
        "rolled back",
        nothing,
        nothing,
        changes=tuple(entry.id for entry in entries),
        undone=undone.changes,
        lost=tuple(sorted(gone)),
    )


def _linked(store: Store, entry: Entry) -> bool:
    """Whether both ends of a link are still there."""
    target = entry.detail.get("target")
    there = store.get([RecordId(target)]) if target else {}
    return any(record.status is not Status.FORGOTTEN for record in there.values())


def _canary(store: Store, trial: Trial) -> Iterator[Entry]:
    """The log's lines that belong to a trial, oldest first."""
    named = set(trial.changes)
    until = store.head() if trial.until is None else trial.until
    for entry in lines(store, trial.since, until):
        if entry.actor == trial.actor or entry.id in named:
            yield entry


def _changes_of(result: object) -> Iterator[ChangeId]:
    """The changes that a receipt, an import, a loaded cube or a list of them names."""
    if isinstance(result, list | tuple):
        for one in result:
            yield from _changes_of(one)
        return
    told = result.made if isinstance(result, Cube) else getattr(result, "changes", ())
    for change in told if isinstance(told, list | tuple) else ():
        if isinstance(change, Applied):
            yield change.id
        elif isinstance(change, str):
            yield ChangeId(change)


def _open(store: Store, id: str) -> Trial:
    found = next((trial for trial in trials(store) if trial.id == id), None)
    if found is None:
        raise NotFound(f"no trial {id!r}. Memory.trials() lists them")
    if not found.open:
        raise InputError(f"trial {id} is closed already: {found.state} ({found.reason})")
    return found


def _keep(store: Store, trial: Trial) -> None:
    told = asdict(trial) | {"open": trial.open}
    with store.writing():
        store.keep_trial(json.dumps(told))


def _read(told: str) -> Trial:
    fields = json.loads(told)
    del fields["open"]
    return Trial(
        **fields
        | {
            "changes": tuple(map(ChangeId, fields["changes"])),
            "bounds": tuple(Bound(**one) for one in fields["bounds"]),
            "probes": tuple(fields["probes"]),
            "before": tuple(_seen(one) for one in fields["before"]),
        }
    )


def _seen(fields: dict[str, Any]) -> Seen:
    outdated = fields["outdated"]
    return Seen(
        **fields
        | {
            "hits": tuple(map(RecordId, fields["hits"])),
            "right": tuple(fields["right"]),
            "outdated": None if outdated is None else tuple(outdated),
        }
    )
