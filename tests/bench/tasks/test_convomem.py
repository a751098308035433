"""ConvoMem: the authors' layouts, invented, and a rebuild; what holds of every haystack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.tasks.convomem import TASK
from mnemic.bench.tasks.convomem_cases import Item, Talk, cases, questions, texts
from mnemic.core.clock import Moment
from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.sources.questions import Question


def talk(owner: str, number: int, count: int = 3) -> Talk:
    id = f"{owner}/{number}"
    time = Moment.parse(f"2024-01-{number % 28 + 1:02}")
    return Talk(
        id,
        owner,
        tuple(
            Event(f"{id} says {turn}", time=time, metadata={"turn": f"{id}:{turn}"})
            for turn in range(count)
        ),
    )


def item(owner: str, number: int, turns: int) -> Item:
    ids = [f"{owner}#{number}.{turn}" for turn in range(turns)]
    return Item(
        Question(f"{owner}?{number}", "", "what?", None, "multi", evidence=tuple(ids)),
        owner,
        turns=tuple(Event(f"evidence {id}", metadata={"turn": id}) for id in ids),
    )


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), min_size=1, max_size=6),
    st.sets(st.integers(1, 12), min_size=1, max_size=4),
    st.integers(0, 3),
)
def test_every_question_is_asked_with_all_its_evidence_among_strangers(asked, sizes, seed):
    items = [item(owner, number, turns) for number, (owner, turns) in enumerate(asked)]
    filler = [talk(owner, number) for owner in "abc" for number in range(6)]
    made = list(cases(items, filler, sorted(sizes), seed))
    for size in sizes:  # two owners' talks, 12, are free for each
        held = [one.question.id for case in made if case.size == size for one in case.items]
        assert sorted(held) == sorted(one.question.id for one in items)
    for case in made:
        events = texts(case, "here")
        there = [event.metadata["turn"] for event in events]
        assert len(set(there)) == len(there)
        assert len({event.session_id for event in events}) == case.size
        owners = {one.owner for one in case.items}
        assert not any(turn.split("/")[0] in owners for turn in there)
        for question in questions(case, "here"):
            assert set(question.evidence) <= set(there)
            assert question.conversation == "here"
        assert events == texts(case, "here")


def test_a_conversation_takes_the_time_of_what_is_planted_in_it():
    when = Moment.parse("2025-06-02T10:00Z")
    turn = Event("evidence", time=when, metadata={"turn": "x#1"})
    asked = Item(Question("q", "", "?", None, "single", evidence=("x#1",)), "x", turns=(turn,))
    (case,) = cases([asked], [talk("a", n) for n in range(3)], [3], 0)
    events = texts(case, "here")
    host = next(event.session_id for event in events if event.text == "evidence")
    assert host == events[-1].session_id  # the latest of all
    assert all(str(e.time)[:10] == "2025-06-02" for e in events if e.session_id == host)


def evidence(number: int) -> dict[str, object]:
    fact = {"speaker": "User", "text": f"My dog is called Rex {number}."}
    return {
        "question": f"What is dog {number} called?",
        "answer": f"Rex {number}",
        "message_evidences": [fact],
        "conversations": [
            {"messages": [{"speaker": "User", "text": f"Hi {number}"}, fact], "id": str(number)}
        ],
    }


def test_the_authors_evidence_among_filler(write, outcome):
    root = "core_benchmark"
    write(f"{root}/evidence_questions/user_evidence/1_evidence/p.json", {
        "evidence_items": [evidence(0), evidence(1), {**evidence(2), "message_evidences": []}],
    })  # fmt: skip
    filler = [{"messages": [{"speaker": "assistant", "text": f"So {n}."}]} for n in range(9)]
    path = write(f"{root}/filler_conversations/f.json", {"conversations": filler}).parents[2]
    data = TASK.load(path, {"conversations": "1,4,10,99"})
    assert [(q.category, q.metadata["type"]) for q in data.questions] == [
        ("1 conversation", "user_evidence"),
        ("1 conversation", "user_evidence"),
        ("4 conversations", "user_evidence"),
        ("4 conversations", "user_evidence"),
        ("10 conversations", "user_evidence"),
        ("10 conversations", "user_evidence"),
    ]
    assert "no haystack of 99 conversations: too little filler" in data.notes
    for question in data.questions:
        events = data.partitions[question.conversation]
        assert len({event.session_id for event in events}) == question.metadata["conversations"]
        said = {event.metadata["turn"]: event.text for event in events}
        assert "My dog is called Rex" in said[question.evidence[0]]
    assert TASK.score(outcome(data, 0, data.questions[0].evidence))["all@5"] == 1.0
    alone = TASK.load(path / root / "evidence_questions", {"conversations": "2"})
    assert len(alone.questions) == 2


def test_the_authors_mixed_cases(write):
    filler = {"messages": [{"speaker": "user", "text": "Rain."}]}
    mixed = [
        {
            "contextSize": size,
            "evidenceItems": [evidence(size)],
            "conversations": [filler] * (size - 1) + [*evidence(size)["conversations"]],  # type: ignore[misc]
        }
        for size in (2, 3, 2)
    ]
    path = write("pre_mixed_testcases/user_evidence/1_evidence/batched_000.json", mixed)
    data = TASK.load(path.parents[2], {"conversations": "2,5"})
    assert [question.metadata["conversations"] for question in data.questions] == [2, 2]
    for question in data.questions:
        turns = [event.metadata["turn"] for event in data.partitions[question.conversation]]
        assert question.evidence[0] in turns and len(turns) == 3
    assert data.notes == ["ConvoMem's mixed cases", "no case of 5 conversations"]


DIALOGUE = """# kind: people
# language: english
# speakers: N=Nadia; T=Tom
== 1 | 2024-03-02
1 N: SLUG one.
2 T: SLUG two.
== 2 | 2024-03-03
1 N: SLUG three.
?? questions
single | What? | 1:2 | two
none | Who? | |
"""


def test_a_rebuild_from_dialogues(write):
    for slug in ("a", "b", "c"):
        path = write(f"{slug}.txt", DIALOGUE.replace("SLUG", slug)).parent
    data = TASK.load(path, {"conversations": "1,4,5"})
    assert len(data.questions) == 2 * 3  # nothing is left of the own conversation, 4 sessions
    for question in data.questions:
        events = data.partitions[question.conversation]
        own = question.evidence[0].split("#")[0]
        assert [e.text for e in events if e.text.startswith(own)] == [f"{own} two."]
    other = write("f/d.txt", DIALOGUE.replace("SLUG", "d")).parent
    filled = TASK.load(path, {"conversations": "2", "filler": str(other)})
    assert len(filled.questions) == 3
    with pytest.raises(InputError, match="Give more filler="):
        TASK.load(path, {"conversations": "50"})


def test_where_evidence_begins_to_be_lost(write):
    for slug in ("a", "b", "c"):
        path = write(f"{slug}.txt", DIALOGUE.replace("SLUG", slug)).parent
    asked = TASK.load(path, {"conversations": "1,2,4"}).questions
    lost = {1: 1.0, 2: 1.0, 4: 0.5}
    scores = [{"all@10": lost[question.metadata["conversations"]]} for question in asked]
    assert TASK.summary(asked, scores) == {
        "all@10 (1)": 1.0,
        "all@10 (2)": 1.0,
        "all@10 (4)": 0.5,
        "last size within 2 points": 2.0,
    }
