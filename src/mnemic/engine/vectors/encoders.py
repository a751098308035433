"""Which encoder reads what: the plan that a file keeps, and the encoders that this process has.

A record's vectors are first made as it is written, by the encoder of the write path (`inline`). A
plan names encoders that come after it, for every kind of record or for some: each takes over a
partition when it has read all of it, so a search never mixes two of them. Until then the one
before it serves, which is why a plan is a list, the newest first. `settle` shortens it to what is
still needed, and drops the vectors that nobody will ask for again.

An encoder that a process was given (`Memory(encoder=...)`) stands before the plan, for this process
alone; its name in jobs is empty, because it need not have one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias

from mnemic.core.ports import Encoder
from mnemic.core.storage import Store
from mnemic.core.vectors import EncoderId
from mnemic.engine.epoch import turn

ENCODE: Final = "encode"
"""The background task that computes a partition's vectors. Its payload is an encoder's name."""

OWN: Final = ""
"""The name of the encoder that this process was given. Asking it for its id could need a network on
the write path, and an encoder that finds vectors missing asks for them itself."""

STATIC: Final = "static"
NONE: Final = "none"
_PLAN: Final = "encoders"
"""The setting of the file that keeps the plan."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An encoder that was chosen for a file, by its name."""

    name: str
    kinds: tuple[str, ...] | None = None
    """The kinds of record that it reads; None: all."""
    id: EncoderId | None = None
    """Whose vectors are to go when it is no longer needed; None for `none` and `static`."""

    def covers(self, other: Choice) -> bool:
        """Whether this choice speaks for all that the other does."""
        return self.kinds is None or (
            other.kinds is not None and set(self.kinds).issuperset(other.kinds)
        )


Plan: TypeAlias = tuple[Choice, ...]
"""The newest first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds of record that are searched by the same encoders."""

    names: tuple[str, ...] = ()
    """The encoders, the wanted one first; after them comes the one of the write path."""
    only: tuple[str, ...] | None = None
    """These kinds; None: all but `others`."""
    others: tuple[str, ...] = ()

    def holds(self, kind: str) -> bool:
        """Whether records of this kind belong to the group."""
        return kind in self.only if self.only is not None else kind not in self.others

    @property
    def whole(self) -> bool:
        """Whether it is every record."""
        return self.only is None and not self.others


ALL: Final = Group()


def groups(plan: Plan) -> tuple[Group, ...]:
    """The kinds of record, put together by the encoders that read them.

    >>> usual, notes = groups((Choice("minilm", ("document",)),))
    >>> usual.names, usual.others, notes.names, notes.only
    ((), ('document',), ('minilm',), ('document',))
    """
    named = sorted({kind for choice in plan for kind in choice.kinds or ()})
    usual = tuple(choice.name for choice in plan if choice.kinds is None)
    chains: dict[tuple[str, ...], list[str]] = {}
    for kind in named:
        chain = tuple(one.name for one in plan if one.kinds is None or kind in one.kinds)
        if chain != usual:
            chains.setdefault(chain, []).append(kind)
    apart = tuple(sorted(kind for kinds in chains.values() for kind in kinds))
    own = [Group(chain, only=tuple(kinds)) for chain, kinds in chains.items()]
    return (Group(usual, others=apart), *own)


def chosen(before: Plan, choice: Choice) -> Plan:
    """The plan with a new choice; the same encoder, chosen for other kinds before, reads both."""
    older = tuple(one for one in before if one.name != choice.name or not choice.covers(one))
    return (choice, *older)


def plan(store: Store) -> Plan:
    """The plan that the file keeps; empty in a file whose encoder was never changed."""
    return _read(store.get_meta(_PLAN))


def put_plan(store: Store, wanted: Sequence[Choice]) -> None:
    """Keep a plan, within `writing`; every process that holds the file open sees it."""
    store.set_meta(_PLAN, _write(wanted))
    turn(store)


def settle(store: Store) -> list[EncoderId]:
    """Leave out choices that a finished newer one speaks for, within `writing`.

    Returns the encoders whose vectors were dropped.
    """
    now = plan(store)
    left: list[Choice] = []
    for choice in now:
        done = [newer for newer in left if not store.waiting(newer.name)]
        if not any(newer.covers(choice) for newer in done):
            left.append(choice)
    if len(left) == len(now):
        return []
    still = {choice.id for choice in left}
    gone = [choice.id for choice in now if choice.id is not None and choice.id not in still]
    put_plan(store, left)
    for id in gone:
        store.drop_vectors(id)
    return gone


class Encoders:
    """The encoders of one memory: the one of the write path, its own, and those of the plan.

    `make` turns a name into an encoder; each is made once, when it is first asked for.
    """

    def __init__(
        self,
        inline: Encoder | None,
        own: Encoder | None,
        table: Encoder,
        make: Callable[[str], Encoder | None],
        *,
        planned: bool,
    ) -> None:
        self.inline = inline
        self.own = own
        self.table = table
        """The one that ships with the package."""
        self._make = make
        self._made: dict[str, Encoder | None] = {}
        self._planned = planned
        self._seen: tuple[str | None, tuple[Group, ...]] = (None, (ALL,))

    def named(self, name: str) -> Encoder | None:
        """The encoder of this name; None is for text alone. Raises ModelError, MissingExtra."""
        if name == OWN:
            return self.own
        if name == STATIC:
            return self.table
        if name not in self._made:
            self._made[name] = None if name == NONE else self._make(name)
        return self._made[name]

    def follow_plan(self) -> None:
        """From now on the file says what this process reads by."""
        self._planned = True

    def groups(self, store: Store) -> tuple[Group, ...]:
        """Who reads what, as the file says now."""
        if not self._planned:
            return (Group((OWN,)),) if self.own is not None else (ALL,)
        kept = store.get_meta(_PLAN)
        if kept != self._seen[0]:
            self._seen = kept, groups(_read(kept))
        return self._seen[1]

    def later(self, store: Store) -> tuple[str, ...]:
        """Names of the encoders that have to read what is written now, after it was written."""
        names = [name for group in self.groups(store) for name in group.names]
        return tuple(dict.fromkeys(name for name in names if name not in (STATIC, NONE)))

    def reads(self, store: Store, name: str) -> Group | None:
        """Which records this encoder has to read; None where the plan does not name it any more."""
        if name == OWN:
            return ALL
        mine = [group for group in groups(plan(store)) if name in group.names]
        if not mine:
            return None
        rest = next((group for group in mine if group.only is None), None)
        only = tuple(kind for group in mine for kind in group.only or ())
        if rest is None:
            return Group((name,), only)
        return Group((name,), None, tuple(kind for kind in rest.others if kind not in only))


def _read(kept: str | None) -> Plan:
    lines: list[dict[str, Any]] = json.loads(kept) if kept else []
    return tuple(
        Choice(
            line["name"],
            None if line["kinds"] is None else tuple(line["kinds"]),
            None if line["id"] is None else EncoderId(**line["id"]),
        )
        for line in lines
    )


def _write(wanted: Sequence[Choice]) -> str:
    return json.dumps([asdict(choice) for choice in wanted])
