"""What weights are fitted to is what a search sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mnemic
from mnemic.core.queries import Query
from mnemic.core.records import Partition
from mnemic.engine.examples import example
from mnemic.retrieval.rank import probabilities, total


@pytest.mark.parametrize("encoder", [None, "static"])
def test_the_candidates_are_those_of_a_search(path: Path, clock: Any, encoder: str | None) -> None:
    texts = [
        "Ana sings in a choir",
        "the choir meets on Monday",
        "we had tea",
        "Bob paints",
        "tea?",
    ]
    with mnemic.Memory(path, clock=clock, encoder=encoder) as memory:
        ids = memory.add(texts, user_id="ana", session_id="s").ids
        memory.delete(ids[3])
        hits = memory.search("Which choir meets?", user_id="ana")
        query = Query("Which choir meets?", (Partition(user_id="ana"),), memory._parts.now())
        known, gone, elsewhere = ids[1], ids[3], "01ARZ3NDEKTSV4RRFFQ69G5FAV"
        spoke, one = example(memory._parts, query, [known, gone, elsewhere], "g", 2.0)
        ranker = memory._parts.rankers.for_encoder(spoke)
        assert (spoke is None) == (encoder is None)
        assert (one.group, one.weight, one.evidence) == ("g", 2.0, 3)
        assert len(one.relevant) == 4
        sums = total(dict(one.values), ranker, 4)
        assert sorted(probabilities(sums, ranker.odds)) == pytest.approx(
            sorted(hit.score for hit in hits), abs=1e-6
        )
        assert int(one.relevant.sum()) == 1  # what was deleted is no candidate
        place = [hit.record.id for hit in hits].index(known)
        assert np.argsort(-sums, kind="stable").tolist().index(one.relevant.argmax()) == place
