"""Who has waited longer asks more often, and nobody waits beyond the timeout."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from mnemic.store.waiting import Patience, pause

WAITED = st.floats(0, 3600)
CHANCE = st.floats(0, 1, exclude_max=True)


@given(WAITED, WAITED, CHANCE)
def test_a_longer_wait_never_makes_a_longer_pause(one: float, other: float, chance: float) -> None:
    short, long = sorted((one, other))
    assert pause(long, chance) <= pause(short, chance)


@given(WAITED, CHANCE)
def test_pauses_are_short_and_never_none(waited: float, chance: float) -> None:
    assert 0.0002 < pause(waited, chance) < 0.0031


def test_those_who_begin_together_ask_apart() -> None:
    assert pause(0, 0.9) > pause(0, 0.1)


def test_patience_ends_at_the_timeout() -> None:
    begun, patience = time.monotonic(), Patience(0.03)
    while not patience.over:
        patience.pause()
    assert 0.03 <= time.monotonic() - begun < 1
    assert Patience(0).over
