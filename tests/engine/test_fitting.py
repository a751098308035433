"""`Memory.fit`: what a user's questions have in common is learned and kept; chance is not."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mnemic
from mnemic.core.clock import Moment
from mnemic.core.errors import InputError
from mnemic.core.queries import Query
from mnemic.core.receipts import Fitted
from mnemic.core.records import Partition
from mnemic.engine.fitting import LEAST, RANKERS, kept, labelled
from mnemic.retrieval.weights import FEATURES, Ranker, shipped

Asked = list[dict[str, Any]]
NEW = "a barometer"


def told(memory: mnemic.Memory, things: int = 36, *, seed: int = 1) -> Asked:
    """Of each thing fourteen speak in the same words; the assistant, who is one of them, is right.

    The weights that ship prefer what the user says.
    """
    chance, asked = random.Random(seed), []
    for thing in [*(f"a violin{number}" for number in range(things)), NEW]:
        said = [
            {"content": f"{thing} is here, {place}", "role": "user" if place else "assistant"}
            for place in range(14)
        ]
        chance.shuffle(said)
        ids = memory.add(said, user_id="ana", session_id=thing).ids
        right = [id for one, id in zip(said, ids, strict=True) if one["role"] == "assistant"]
        asked.append({"query": f"where is {thing}?", "relevant": right})
    return asked[:-1]  # of the last thing nothing is told


def fit(memory: mnemic.Memory, asked: Any) -> Fitted:
    found = memory.fit(asked, user_id="ana")
    assert found is not None
    return found


def best(memory: mnemic.Memory) -> str | None:
    """Who says what is found first about the thing that no label speaks of."""
    return memory.search(f"where is {NEW}?", user_id="ana")[0].record.role


@pytest.fixture
def memory(path: Path, clock: Any) -> Any:
    with mnemic.Memory(path, clock=clock, encoder=None) as opened:
        yield opened


@pytest.fixture
def reopen(path: Path, clock: Any) -> Callable[[], mnemic.Memory]:
    return lambda: mnemic.Memory(path, clock=clock, encoder=None)


def test_what_answers_have_in_common_is_learned_and_kept(
    memory: mnemic.Memory, reopen: Callable[[], mnemic.Memory]
) -> None:
    asked = told(memory)
    assert best(memory) == "user"
    found = fit(memory, [*asked, {"query": "who sings?", "relevant": []}])
    assert found.kept
    assert (found.questions, found.answerable) == (len(asked) + 1, len(asked))
    assert found.before < 0.5 < 0.9 < found.after <= 1
    assert 0 < found.low <= found.after - found.before <= found.high
    assert found.weights["user"] < 0 < shipped().words.weights["user"]
    assert found.weights.keys() <= FEATURES.keys()
    assert "the new weights are kept" in str(found)
    assert best(memory) == "assistant"
    with reopen() as again:
        assert best(again) == "assistant"
        assert again.fit(None) is None
        assert best(again) == "user"
    with reopen() as again:
        assert best(again) == "user"


def test_fitting_twice_starts_from_what_was_fitted(memory: mnemic.Memory) -> None:
    asked = told(memory)
    first, second = fit(memory, asked), fit(memory, asked)
    assert second.before > 0.9 > first.before
    assert not second.kept  # nothing is left to gain
    assert second.weights == first.weights
    assert "nothing changed" in str(second)


def test_chance_is_not_learned(memory: mnemic.Memory) -> None:
    """Answers that have nothing in common: weights stay, whatever the fit said of itself."""
    chance = random.Random(4)
    asked = told(memory)
    for one in asked:
        hits = memory.search(one["query"], user_id="ana", limit=14)
        one["relevant"] = [chance.choice(list(hits)).record.id]
    found = fit(memory, asked)
    assert not found.kept
    assert found.low <= 0
    assert found.weights == shipped().words.weights
    assert best(memory) == "user"


def test_only_the_kind_of_vectors_that_spoke_is_fitted(path: Path, clock: Any) -> None:
    with mnemic.Memory(path, clock=clock) as memory:
        assert fit(memory, told(memory)).kept
        rankers = memory._parts.rankers
        assert rankers.words == shipped().words
        assert rankers.dense == shipped().dense
        assert rankers.static != shipped().static
        assert kept(memory._parts.store.get_meta(RANKERS)) == rankers
        odds = rankers.static.odds
        assert odds.sum > 0


def test_judged_features_stay_as_they_were_judged(memory: mnemic.Memory) -> None:
    """A few questions must not teach that what comes from the web is to be trusted."""
    asked = told(memory)
    for one in asked:
        (right,) = one["relevant"]
        memory.update(right, weight=2.0)
    found = fit(memory, asked)
    for name in ("untrusted", "weight"):
        assert found.weights[name] == shipped().words.weights[name]


def test_too_few_questions_tell_nothing(memory: mnemic.Memory) -> None:
    asked = told(memory)
    with pytest.raises(InputError, match=rf"{LEAST - 1} of {LEAST - 1} questions .* {LEAST}"):
        memory.fit(asked[: LEAST - 1], user_id="ana")
    unknown = [{**one, "relevant": ["01ARZ3NDEKTSV4RRFFQ69G5FAV"]} for one in asked]
    with pytest.raises(InputError, match="0 of 36 questions have an answer"):
        memory.fit(unknown, user_id="ana")
    with pytest.raises(InputError, match="0 of 36 questions have an answer"):
        memory.fit(asked, user_id="bob")
    with pytest.raises(InputError, match="0 of 0"):
        memory.fit([])
    assert best(memory) == "user"


def test_a_file_of_lines_is_the_list(memory: mnemic.Memory, tmp_path: Path) -> None:
    asked = [{**one, "user_id": "ana"} for one in told(memory)]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n\n".join(map(json.dumps, asked)) + "\n", "utf-8")
    fitted = memory.fit(file)
    memory.fit(None)
    assert memory.fit(iter(asked)) == fitted is not None


def test_a_question_is_asked_of_one_memory() -> None:
    two = Query("tea?", (Partition(user_id="ana"), Partition(user_id="bob")), Moment(0))
    with pytest.raises(InputError, match=r"'tea\?' is asked of 2 memories"):
        labelled([(two, ["x"])])


def test_a_file_that_another_version_fitted_can_be_opened(
    path: Path, clock: Any, reopen: Callable[[], mnemic.Memory]
) -> None:
    """It once could not, and so could not be fitted again either."""
    rankers = {name: Ranker({"turn": 1.0}).as_json() for name in ("words", "static", "dense")}
    rankers["words"]["weights"]["aura"] = 2.0
    with reopen() as memory:
        told(memory, 1)
        with memory._parts.store.writing():
            memory._parts.store.set_meta(RANKERS, json.dumps(rankers))
    with reopen() as again:
        assert again._parts.rankers == shipped()
        assert best(again) == "user"
