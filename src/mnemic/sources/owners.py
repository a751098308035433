"""Whose a memory is, in files that hold several users: one import goes to one of them.

A file with one user is taken whole, whatever it calls them: people have other names elsewhere. A
file with several is never poured together; what they are called there must be said.
"""

from __future__ import annotations

from collections.abc import Iterable

from mnemic.core.errors import SourceError
from mnemic.sources.options import Notice, Options

_SHOWN = 5


def choose(names: Iterable[str | None], options: Options, where: str, field: str) -> str | None:
    """The one whose memories are to be taken; None: everything in the file.

    names: what the file says under `field`, memory by memory; None where it says nothing.

    Raises SourceError, naming the users, when there are several and none of them is wanted.

    >>> choose(["ana", None, "ana"], Options(user="me"), "a.json", "user_id")
    >>> choose(["ana", "ben"], Options(user="ben"), "a.json", "user_id")
    'ben'
    """
    found = sorted({name for name in names if name is not None})
    if len(found) <= 1:
        return None
    if options.user in found:
        return options.user
    shown = ", ".join(map(repr, found[:_SHOWN])) + (", ..." if len(found) > _SHOWN else "")
    raise SourceError(
        f"several users in one file: {where} holds memories of {shown} ({field}). Import it once "
        "for each of them, under the name that they have there (--user, user_id=): only theirs "
        "are taken then"
    )


def wanted(name: str | None, chosen: str | None, options: Options) -> bool:
    """Whether a memory of this user is to be taken; tells of those that are not."""
    if chosen is None or name == chosen:
        return True
    options.note(Notice.OTHERS)
    return False
