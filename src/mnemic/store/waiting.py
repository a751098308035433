"""How to wait for a lock that another process holds: who has waited longer asks more often.

SQLite's own wait does the opposite: it backs off to a tenth of a second, so that under load the
newest to come finds the lock free and the oldest sleeps. There is no queue, because a queue would
have to be kept by somebody, and somebody can be killed; asking leaves nothing behind.
"""

from __future__ import annotations

import random
import time
from typing import Final

_SELDOM: Final = 0.002
"""Seconds between the first questions: about as long as a small write takes."""
_OFTEN: Final = 0.0005
"""Seconds between later ones; a question costs about 10 microseconds of CPU."""
_HALVED: Final = 0.02
"""Seconds of waiting that halve the pause."""


def pause(waited: float, chance: float) -> float:
    """Seconds until the lock is asked for again, for one who has waited so many seconds.

    `chance` in [0, 1) sets it apart from others who began to wait in the same moment.

    >>> [round(1000 * pause(waited, 0.5), 2) for waited in (0, 0.02, 0.2, 5)]
    [2.0, 1.0, 0.5, 0.5]
    """
    length: float = max(_OFTEN, _SELDOM * 0.5 ** min(waited / _HALVED, 10))
    return length * (0.5 + chance)


class Patience:
    """The wait of one who found a lock taken, until `timeout` seconds have passed."""

    __slots__ = ("_began", "_timeout")

    def __init__(self, timeout: float) -> None:
        self._began, self._timeout = time.monotonic(), timeout

    @property
    def over(self) -> bool:
        """Whether the time has passed."""
        return time.monotonic() - self._began >= self._timeout

    def pause(self) -> None:
        """Sleep until it is time to ask again, and not beyond the timeout."""
        waited = time.monotonic() - self._began
        length = pause(waited, random.random())
        time.sleep(max(0.0, min(length, self._timeout - waited)))
