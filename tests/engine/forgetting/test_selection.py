"""What is meant: every condition holds, and nothing named is never everything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic import InputError, Memory
from mnemic.core.clock import Moment
from mnemic.core.records import Origin, Partition
from mnemic.engine.forgetting.selection import Selection, origin, select
from mnemic.models.fake import FakeEncoder

ANA, BO = Partition(user_id="ana"), Partition(user_id="bo")


@pytest.fixture
def texts(memory: Memory) -> dict[str, str]:
    """Some memories of two users; text → id."""
    for user, text, when, more in (
        ("ana", "Ana keeps bees in the garden", "2025-01-05", {"session_id": "s1"}),
        ("ana", "Ana bought a boat in Porto", "2025-06-20", {"session_id": "s2"}),
        ("ana", "the web says that bees sleep", "2025-07-01", {"origin": "web"}),
        ("ana", "Ana is a beekeeper", "2025-07-02", {"kind": "fact", "agent_id": "planner"}),
        ("bo", "Bo keeps bees too", "2025-01-05", {}),
    ):
        memory.add(text, user_id=user, timestamp=when, **more)  # type: ignore[arg-type]
    return {record.text: record.id for record in memory.list(all_scopes=True)}


def chosen(memory: Memory, which: Selection) -> list[str]:
    return [memory.get(id).text for id in select(memory._parts, which)]


def test_conditions_are_joined(memory: Memory, texts: dict[str, str]) -> None:
    ana = Selection((ANA,), scoped=True)
    everything = [text for text in texts if not text.startswith("Bo")]
    assert chosen(memory, ana) == everything
    assert chosen(memory, Selection((ANA,), session_id="s1")) == everything[:1]
    assert chosen(memory, Selection((ANA,), agent_id="planner")) == everything[3:]
    assert chosen(memory, Selection((ANA,), kinds=("fact",))) == everything[3:]
    assert chosen(memory, Selection((ANA,), kinds=())) == []
    assert chosen(memory, Selection((ANA, BO), origin=Origin.WEB)) == everything[2:3]
    since = Moment.parse("2025-06")
    assert chosen(memory, Selection((ANA,), since=since)) == everything[1:]
    assert chosen(memory, Selection((ANA,), until=since)) == everything[:2], "June to its end"
    assert chosen(memory, Selection((ANA,), since=since, until=since)) == everything[1:2]
    july = Moment.parse("2025-07")
    both = Selection((ANA,), since=july, origin=Origin.USER)
    assert chosen(memory, both) == everything[3:]


def test_what_is_hidden_is_meant_too(memory: Memory, texts: dict[str, str]) -> None:
    id = texts["Ana keeps bees in the garden"]
    memory.delete(id)
    assert id in select(memory._parts, Selection((ANA,), scoped=True))


def test_without_a_time_it_was_said_when_it_was_kept(memory: Memory) -> None:
    (id,) = memory.add("no time", user_id="ana").ids
    memory.update(id, valid_from=None)
    memory.update(id, text="still no time")
    said = memory._parts.store.versions(id)[0].recorded_at
    now, later = Moment(said), Moment(memory.get(id).recorded_at)
    assert select(memory._parts, Selection((ANA,), until=now)) == [id]
    assert select(memory._parts, Selection((ANA,), since=later)) == []


def test_words_find_what_search_finds(memory: Memory, texts: dict[str, str]) -> None:
    which = Selection(
        (ANA,), query="Who keeps bees?", threshold=0.01, until=Moment.parse("2025-03")
    )
    assert chosen(memory, which) == ["Ana keeps bees in the garden"]
    hits = memory.search("Who keeps bees?", user_id="ana", threshold=0.5)
    meant = select(memory._parts, Selection((ANA,), query="Who keeps bees?"))
    assert set(meant) == {hit.id for hit in hits}


def test_nothing_named_is_an_error(memory: Memory, texts: dict[str, str]) -> None:
    with pytest.raises(InputError, match="say what to forget"):
        select(memory._parts, Selection((ANA,)))
    with pytest.raises(InputError, match="no query"):
        select(memory._parts, Selection((ANA,), scoped=True, threshold=0.2))
    with pytest.raises(InputError, match=r"no origin 'webb'\. Known: user, "):
        origin("webb")
    assert origin("web") is Origin.WEB
    assert origin(None) is None


def test_the_words_name_nobody() -> None:
    which = Selection(
        (Partition("space", "ana"),),
        agent_id="planner",
        session_id="s1",
        scoped=True,
        query="heliotrope",
        since=Moment.parse("2025-06"),
        until=Moment.parse("2025-07-01"),
        origin=Origin.WEB,
        kinds=("fact", "gist"),
    )
    assert str(which) == (
        "in one scope; of one agent; of one session; found by a query at 0.5 or more; from 2025-06 "
        "on; up to 2025-07-01; of origin web; of kind fact or gist"
    )


def test_vectors_that_are_made_for_the_query_do_not_stand_in_the_way_of_others(
    path: Path, reopen: Callable[..., Memory]
) -> None:
    with reopen(encoder=None) as other:
        other.add("of the garden", user_id="ana")

        class Meanwhile(FakeEncoder):
            """While it reads, another process writes."""

            def encode(self, texts):  # type: ignore[no-untyped-def]
                if len(other.scopes()) == 1:
                    other.add("of the house", user_id="bo")
                return super().encode(texts)

        with reopen(encoder=Meanwhile()) as memory:
            certificate = memory.forget(user_id="ana", query="garden", threshold=0)
            assert certificate.status == "erased" and len(certificate.ids) == 1


def test_what_can_mean_nothing_is_refused(memory: Memory) -> None:
    memory.add("about tea", user_id="ana")
    with pytest.raises(
        InputError, match=r"until=2024 lies before since=2025\. Give them the other"
    ):
        memory.forget(user_id="ana", since="2025", until="2024")
    with pytest.raises(InputError, match="Scores are probabilities: give one from 0 to 1"):
        memory.forget(user_id="ana", query="tea", threshold=7)
    with pytest.raises(InputError, match=r"the question is empty\. Say what to look for"):
        memory.search(" ", user_id="ana")
    assert memory.stats().records == 1
