"""Whose memory is meant: user_id, agent_id, session_id and namespace, read into partitions.

A partition is (namespace, user_id). Where no user is named, the file's only partition is meant; in
a file with several, leaving it out is an error that lists them, because guessing would leak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from mnemic.core.errors import ScopeError
from mnemic.core.records import NAMESPACE, Partition

There: TypeAlias = Callable[[], Sequence[tuple[Partition, int]]]
"""Asks the store which partitions it holds; only called where the answer matters."""

_SHOWN = 10


def one(
    there: There,
    *,
    namespace: str | None,
    user_id: str | None,
    within: bool,
) -> Partition:
    """The partition to write to; `within` says that an agent or a session was named.

    Raises ScopeError when it is open which one is meant.
    """
    if user_id is not None:
        return Partition(_name(namespace or NAMESPACE, "namespace"), _name(user_id, "user_id"))
    known = there()
    found = [
        partition for partition, _ in known if namespace is None or partition.namespace == namespace
    ]
    ownerless = Partition(_name(namespace or NAMESPACE, "namespace"))
    if len(found) == 1:
        return found[0]
    if ownerless in found or (not found and (within or namespace is not None)):
        return ownerless
    raise ScopeError(_unclear(known))


def several(
    there: There,
    *,
    namespace: str | None,
    user_id: str | Sequence[str] | None,
    within: bool,
    all_scopes: bool,
) -> tuple[Partition, ...]:
    """The partitions to read; some may hold nothing yet. An empty file has none to read."""
    if all_scopes:
        if user_id is not None:
            raise ScopeError(f"all_scopes=True and user_id={user_id!r} exclude each other")
        return tuple(p for p, _ in there() if namespace is None or p.namespace == namespace)
    if user_id is not None and not isinstance(user_id, str):
        if isinstance(user_id, bytes) or not isinstance(user_id, Iterable):
            raise ScopeError(f"user_id is {user_id!r}. Give a text, or a list of texts")
        wanted = tuple(
            Partition(_name(namespace or NAMESPACE, "namespace"), _name(user, "user_id"))
            for user in user_id
        )
    elif user_id is None and not there():
        return ()
    else:
        wanted = (one(there, namespace=namespace, user_id=user_id, within=within),)
    return tuple(dict.fromkeys(wanted))


def check(**names: object) -> None:
    """Raise ScopeError unless each name is a text, or None."""
    for what, value in names.items():
        if value is not None:
            _name(value, what)


def _name(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ScopeError(f"{what} is {value!r}. Give a text that names it, or leave it out")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ScopeError(f"{what} is {value!r}, which holds half a character. Repair it") from None
    return value


def _unclear(there: Sequence[tuple[Partition, int]]) -> str:
    if not there:
        return (
            "whose memory is this? Say user_id=..., agent_id=... or session_id=... when you add "
            "the first one"
        )
    shown = "; ".join(f"{partition} ({count})" for partition, count in there[:_SHOWN])
    more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
    return (
        f"whose memory is meant? This file holds {len(there)}: {shown}{more}. "
        "Say user_id=..., or all_scopes=True to read them all"
    )
