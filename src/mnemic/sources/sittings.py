"""Cutting one endless chat into sittings, where people fell silent for hours.

The name of a sitting is the time of its first message: a later, longer export of the same chat
cuts at the same places and gives the same names.
"""

from __future__ import annotations

from mnemic.core.clock import Micros, Moment

GAP: Micros = 4 * 3600 * 1_000_000
"""Silence after which a new sitting begins, in microseconds."""


class Sittings:
    """Gives each message of a chat its session and its place there."""

    def __init__(self, chat: str, gap: Micros = GAP) -> None:
        self._chat = chat
        self._gap = gap
        self._last: Micros | None = None
        self._session = chat
        self._places: dict[str, int] = {}

    def place(self, time: Moment | None) -> tuple[str, int]:
        """The session id and the position of the next message."""
        if time is not None:
            if self._last is None or abs(time.micros - self._last) >= self._gap:
                self._session = f"{self._chat} {time.as_datetime:%Y-%m-%d %H:%M}"
            self._last = time.micros
        place = self._places.get(self._session, 0)
        self._places[self._session] = place + 1
        return self._session, place
