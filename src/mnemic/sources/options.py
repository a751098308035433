"""How to read, and what a reader tells besides its events.

Every reader takes one `Options`. Its two callbacks keep readers free of progress bars and tables:
`progress` hears of bytes, `notice` of whatever is in the file and not among the events, so that
nothing is left out unsaid. What is read, and how it is counted, is left to the other files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from typing import TypeAlias

Progress: TypeAlias = Callable[[int], None]
"""Is given the number of bytes read since its last call; over a whole run they sum to `size`."""


class Notice(StrEnum):
    """Why something in a file is not among the events, or is there in another form.

    The value completes the sentence "312 messages left out: ...".
    """

    EMPTY = "without text"
    HIDDEN = "hidden or internal: system prompts, thoughts, tool traffic"
    SYSTEM = "notices of the app, such as who joined"
    DELETED = "deleted by those who wrote them"
    BRANCH = "in a branch that was edited or regenerated away"
    MEDIA = "pictures, sounds and files without words"
    STRAY = "lines before the first message"
    UNTIMED = "kept without its time, which could not be read"
    GUESSED = "read as Windows-1252, for it is not UTF-8"
    OTHERS = "of other users in the same file"
    UNOWNED = "taken in though the file does not say whose they are"
    VERSIONS = "earlier versions of what was taken in"
    LINKS = "links between records, without words of their own"
    REBUILT = "vectors, indexes and tables of contents, which are made anew here"
    RULES = "instructions to an agent, which are not memories"


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a file of the world."""

    zone: tzinfo = UTC
    """For times that name none."""
    encoding: str | None = None
    """None: a byte order mark decides, else UTF-8, else with care Windows-1252."""
    day_first: bool | None = None
    """For dates such as 3/4/2025 that a whole WhatsApp file leaves open; None: guess."""
    branches: bool = False
    """Also give what was edited or regenerated away, in sessions of its own."""
    progress: Progress | None = None
    notice: Callable[[Notice], None] | None = None
    user: str | None = None
    """Of a file that holds several users, the one whose memories are wanted."""

    def note(self, what: Notice) -> None:
        """Tell whoever listens of one thing that is left out or changed."""
        if self.notice:
            self.notice(what)
