"""What search must find on real conversations; needs the benchmark data beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import mnemic
from mnemic.sources import locomo
from mnemic.sources.options import Options

SHARED = Path(os.environ.get("MNEMIC_SHARED", Path(__file__).parents[3] / "shared"))
FILE = SHARED / "data" / "locomo" / "locomo-dev.json"


@pytest.mark.shared
@pytest.mark.skipif(not FILE.is_file(), reason="no benchmark data beside the checkout")
@pytest.mark.parametrize(("encoder", "goal"), [(None, 0.77), ("static", 0.80)])
def test_turns_that_hold_the_answer_are_found(encoder: str | None, goal: float) -> None:
    found = []
    with mnemic.Memory(":memory:", encoder=encoder) as memory:
        for event in locomo.read(FILE, Options()):
            memory.add(event, user_id=event.metadata["conversation"])
        for asked in locomo.questions(FILE):
            if asked.evidence and asked.category != "adversarial":
                hits = memory.search(asked.text, user_id=asked.conversation, now=asked.now)
                turns = {hit.metadata["turn"] for hit in hits}
                found.append(len(turns.intersection(asked.evidence)) / len(asked.evidence))
    assert len(found) == 383
    assert sum(found) / len(found) >= goal
