"""What systems other than mnemic are handed: a text with its speaker in front, and its vector.

All of them get the same. What they keep their texts under is a running number, so that no system
trips over the ids of a benchmark; `Kept` leads back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

from mnemic.bench.system import Found
from mnemic.core.events import Event


def spoken(event: Event) -> str:
    """The text as a system without speakers gets it.

    >>> spoken(Event("I moved.", speaker="Ana")), spoken(Event("A chapter."))
    ('Ana: I moved.', 'A chapter.')
    """
    return f"{event.speaker}: {event.text}" if event.speaker else event.text


def turn(event: Event) -> str:
    """The id under which a benchmark knows a text."""
    return str(event.metadata["turn"])


class Kept:
    """The texts that went into a system, by the number that they have there."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def __len__(self) -> int:
        return len(self._events)

    def take(self, events: Sequence[Event]) -> range:
        """Keep some more; gives their numbers."""
        begun = len(self._events)
        self._events.extend(events)
        return range(begun, len(self._events))

    def found(self, number: int, score: float) -> Found:
        """What stands under a number, as an answer."""
        event = self._events[number]
        return Found(turn(event), score, event.text)


class Place:
    """A folder to keep things in: one that is named, or a new one that goes when it is closed."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder or Path(mkdtemp(prefix="mnemic-bench-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        # Also when nobody closes it, such as after an encoder that could not be loaded.
        self._gone = None if folder else finalize(self, rmtree, self.folder, ignore_errors=True)

    def size(self) -> int:
        """Bytes of all files in it."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    def close(self) -> None:
        """Delete it, if it was made for this."""
        if self._gone is not None:
            self._gone()
