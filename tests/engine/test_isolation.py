"""No question of one user ever returns, counts or ranks by what belongs to another."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mnemic
from mnemic import Memory
from mnemic.models.fake import FakeEncoder
from mnemic.retrieval.route import Effort, Name

WORDS = [
    "garden",
    "train",
    "walnut",
    "Lisbon",
    "wedding",
    "Rita",
    "bicycle",
    "piano",
    "Bento",
    "salt",
    "winter",
    "key",
    "lamp",
]
USERS = ("ana", "bo", "ana ", "Ana", "a")
QUESTIONS = (
    "Where is the garden?",
    "Rita walnut",
    "When did Bento repair the bicycle?",
    "salt lamp",
)

text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
act = st.fixed_dictionaries(
    {
        "user": st.sampled_from(USERS),
        "space": st.sampled_from(("default", "work")),
        "text": text,
        "session": st.sampled_from((None, "s1", "s2")),
        "agent": st.sampled_from((None, "helper")),
        "speaker": st.sampled_from((None, "Ana", "Bo")),
        "day": st.integers(1, 28),
        "n": st.integers(0, 3),
        "kind": st.sampled_from(("turn", "turn", "fact", "document")),
        "origin": st.sampled_from(("user", "web")),
        "then": st.sampled_from(("", "", "delete", "supersede", "update", "forget", "link")),
    }
)
asked = st.fixed_dictionaries(
    {
        "query": st.sampled_from(QUESTIONS) | text,
        "session_id": st.sampled_from((None, None, "s1")),
        "agent_id": st.sampled_from((None, None, "helper")),
        "kinds": st.sampled_from((None, ["turn"], ["fact", "document"])),
        "filters": st.sampled_from(
            (None, {"n": {"gte": 2}}, {"n": {"in": [0, 3]}}, {"speaker": {"exists": True}})
        ),
        "as_of": st.sampled_from((None, "2025-03-15")),
    }
)


def live(memory: Memory, acts: list[dict[str, Any]], only: tuple[str, str] | None = None) -> None:
    """Do what the acts say; with `only`, those of one partition alone."""
    for place, one in enumerate(acts):
        where = (one["space"], one["user"])
        if only not in (None, where):
            continue
        scope = {"namespace": where[0], "user_id": where[1]}
        before = list(memory.list(**scope, limit=1000)) if memory.stats().records else []
        made = memory.add(
            one["text"],
            **scope,
            session_id=one["session"],
            agent_id=one["agent"],
            speaker=one["speaker"],
            kind=one["kind"],
            origin=one["origin"],
            timestamp=f"2025-03-{one['day']:02}T10:00Z",
            metadata={"n": one["n"]},
            source="app",
            external_id=str(place),
        )
        match one["then"]:
            case "delete":
                memory.delete(made.id)
            case "supersede":
                memory.supersede(made.id, text=one["text"] + " now", valid_from="2025-03-29")
            case "update":
                memory.update(made.id, text="well, " + one["text"], weight=1.5)
            case "forget":
                memory.forget(made.id)
            case "link" if before:
                memory.link(made.id, "about", before[0].id)


def seen(memory: Memory, question: dict[str, Any], scope: dict[str, str]) -> dict[str, Any]:
    """Everything that a question can bring to light, without ids, which are minted at random."""
    fixed = {"now": "2025-04-01", **scope}
    hits = memory.search(**question, **fixed, limit=50, explain=True)
    (told,) = hits.explanation["searched"].values()
    told = {name: told[name] for name in ("rows", "analysis", "repairs", "route", "rounds")}
    answer = memory.answer(
        question["query"], **{k: v for k, v in question.items() if k != "query"}, **fixed
    )
    context = memory.context(**question, **fixed, max_tokens=200)
    listed = memory.list(**scope, kinds=question["kinds"], filters=question["filters"], limit=1000)
    return {
        "hits": [(hit.record.text, hit.record.metadata, hit.score, hit.features) for hit in hits],
        "told": told,
        "answer": (answer.values, answer.confidence, answer.abstained),
        "context": [line.split("]", 1)[-1] for line in context.text.splitlines()],
        "listed": [record.text for record in listed],
    }


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(act, min_size=4, max_size=16), st.lists(asked, min_size=1, max_size=3))
def test_a_user_sees_the_same_alone_and_among_others(
    acts: list[dict[str, Any]], questions: list[dict[str, Any]]
) -> None:
    mine = (acts[0]["space"], acts[0]["user"])
    scope = {"namespace": mine[0], "user_id": mine[1]}
    hops = Effort(hops=frozenset(Name))
    with Memory(":memory:", effort=hops) as alone, Memory(":memory:", effort=hops) as among:
        live(alone, acts, mine)
        live(among, acts)
        for question in questions:
            assert seen(among, question, scope) == seen(alone, question, scope)


def strangers(memory: Memory, count: int) -> None:
    for start in range(0, count, 1000):
        memory.add(
            [
                f"{WORDS[n % 13]} {WORDS[n % 11]} garden, row {n}"
                for n in range(start, start + 1000)
            ],
            user_id=f"stranger {start}",
        )


def scores_beside(count: int, path: Path) -> None:
    with Memory(path) as memory:
        for n, word in enumerate(WORDS):
            memory.add(f"{word} in the garden of {WORDS[n - 1]}", user_id="ana", session_id="s")
        scope = {"namespace": "default", "user_id": "ana"}
        asked = [{"query": question} for question in QUESTIONS]
        plain = {"session_id": None, "agent_id": None, "kinds": None, "filters": None}
        before = [seen(memory, plain | one, scope) for one in asked]
        strangers(memory, count)
        assert [seen(memory, plain | one, scope) for one in asked] == before
    with Memory(path) as memory:
        assert [seen(memory, plain | one, scope) for one in asked] == before, "loaded anew"


def test_thousands_of_rows_elsewhere_move_no_score(tmp_path: Path) -> None:
    scores_beside(3000, tmp_path / "memory.db")


@pytest.mark.slow
@pytest.mark.skipif("MNEMIC_LAWS" not in os.environ, reason="takes minutes: make laws")
def test_twenty_thousand_rows_elsewhere_move_no_score(tmp_path: Path) -> None:
    scores_beside(20_000, tmp_path / "memory.db")


def test_an_export_holds_nobody_else(memory: Memory, tmp_path: Path) -> None:
    hers = memory.add("the key lies under the lamp", user_id="ana", session_id="s1")
    his = memory.add("shibboleth of another", user_id="bo", speaker="Bartholomew")
    memory.link(hers.id, "about", his.id)
    memory.export(tmp_path / "ana.zip", user_id="ana")
    with zipfile.ZipFile(tmp_path / "ana.zip") as cube:
        held = b"".join(cube.read(name) for name in cube.namelist())
    assert b"under the lamp" in held
    for word in (b"shibboleth", b"Bartholomew", b'"bo"', his.id.encode()):
        assert word not in held


def test_errors_and_reasons_hold_nobodys_words(memory: Memory) -> None:
    memory.add("shibboleth", user_id="bo", session_id="secret session", metadata={"pin": "4242"})
    memory.add("mine", user_id="ana")
    raised = []
    for act in (
        lambda: memory.search("shibboleth", user_id="ana", filters={"pin": {"like": "4"}}),
        lambda: memory.list(user_id="ana", cursor="nonsense"),
        lambda: memory.forget(user_id="nobody"),
        lambda: memory.get("no such id"),
        lambda: memory.add("", user_id="ana"),
        lambda: memory.export("/tmp/never.zip", user_id="nobody"),
    ):
        try:
            act()
        except mnemic.MnemicError as error:
            raised.append(str(error))
    assert len(raised) >= 5
    assert not any(word in line for line in raised for word in ("shibboleth", "4242", "secret"))


def test_counts_and_lines_of_one_user(memory: Memory) -> None:
    memory.add(["one", "two"], user_id="ana")
    other = memory.add(["three", "four", "five"], user_id="bo")
    memory.delete(other.ids[0])
    alone = memory.stats(user_id="ana")
    assert (alone.records, alone.deleted, alone.changes, alone.partitions) == (2, 0, 2, 1)
    assert alone.passages == alone.vectors == 2
    assert memory.stats(user_id="bo").changes == 4
    assert memory.stats().records == 4
    assert {line.record for line in memory.log(user_id="bo")} == set(other.ids)
    assert len(memory.log(user_id="ana")) == 2


def test_an_encoder_s_complaint_is_not_told_to_another_user(path: Path) -> None:
    class Quoting(FakeEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            raise mnemic.ModelError(f"cannot read {texts[0]!r}")

    with mnemic.Memory(path, encoder=Quoting(inline=False)) as memory:
        memory.add("a word of Ana's", user_id="ana")
        for _ in range(200):
            if memory.stats().failed:
                break
            time.sleep(0.02)
        assert "a word" in str(memory.stats().failed)
        assert "a word" not in str(memory.stats(user_id="bo"))
        assert memory.stats(user_id="bo").failed
