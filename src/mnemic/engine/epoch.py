"""The epoch of a file: a number that goes up when what is derived was replaced beneath its readers.

The log's sequence number tells other processes what changed. A repair, a restored backup, a changed
encoder or a rolled-back dry run change rows without a line in the log; whoever holds partitions in
memory then sees another epoch, and loads them anew.
"""

from __future__ import annotations

from typing import Final

from mnemic.core.storage import Store

_EPOCH: Final = "epoch"


def epoch(store: Store) -> int:
    """The present epoch; 0 in a new file."""
    return int(store.get_meta(_EPOCH) or 0)


def turn(store: Store, least: int = 0) -> None:
    """Begin another epoch, later than `least`, within `writing`."""
    store.set_meta(_EPOCH, str(max(epoch(store), least) + 1))
