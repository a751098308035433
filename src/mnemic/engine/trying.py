"""Dry run: do something to a memory, take its answer, and keep nothing of it.

`act` runs within a write transaction that is then rolled back: log, records, vectors, jobs,
certificates and settings are as they were, on either store. What is not in a transaction is kept
away from it: `act` is handed parts with empty shelves of their own and a worker that is not woken,
and what writes files, waits for others or clears free space asks `under_way` first.

Whoever writes waits meanwhile, as for any transaction, so an `act` should be short.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import replace
from typing import Final, TypeVar

from mnemic.core.errors import InputError
from mnemic.core.storage import Store
from mnemic.engine.parts import Parts

R = TypeVar("R")

_TRIED: Final[ContextVar[Store | None]] = ContextVar("tried", default=None)
"""The store that this thread has under a dry run."""


class _Over(Exception):
    """Ends the transaction; leaves this file never."""


def try_out(parts: Parts, act: Callable[[Parts], R]) -> R:
    """What `act` answers when it is given these parts; nothing that it did is kept.

    What it raises is raised. Ids and sequence numbers in the answer belong to nothing. Raises
    InputError within another dry run.
    """
    refuse(parts.store, "another dry run")
    # A search takes the lock of its shelves, then the store's; whoever takes both does it so.
    with parts.shelves.lock:
        head = parts.store.head()
        token = _TRIED.set(parts.store)
        try:
            with parts.store.writing():
                aside = replace(parts, shelves=parts.shelves.apart(), wake=_sleep)
                answer = act(aside)
                raise _Over
        except _Over:
            return answer
        finally:
            _TRIED.reset(token)
            # An `act` may have reached past its parts to the memory that it closes over.
            parts.shelves.rewind(head)


def _sleep() -> None:
    """Wake nobody."""


def under_way(store: Store) -> bool:
    """Whether this thread has a dry run under way on this store."""
    return _TRIED.get() is store


def refuse(store: Store, what: str) -> None:
    """Raise InputError within a dry run, for what cannot be taken back."""
    if under_way(store):
        raise InputError(f"{what} within a dry run could not be taken back. Do it outside")
