"""Labelled conversations: what is read, and every bad line named with what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.core.records import Origin
from mnemic.sources.dialogues import parse, read

GOOD = """# title: The allotment
# kind: people
# language: english
# speakers: N=Nadia; T=Tom Hale
# a comment

== 1 | 2024-03-02 19:40
1 N: The beans are up.\\nAll of them.
2 T: Already? 1:30 | you said [shares a photo of a blue kayak]
== 2 | 2024-03-09
1 T: Hm.
?? questions
single | What has sprouted? | 1:1 | the beans | and more
multi | Who spoke? | 1:2 2:1 1:2 |
none | Is there a dog? |  |
followup | @2024-09-01 << And Tom?\\nHe came. >> What did he say? | 2:1 | hm
"""


def test_turns():
    found = parse(GOOD, "plot")
    assert (found.title, found.kind, found.language) == ("The allotment", "people", "english")
    assert found.speakers == ("Nadia", "Tom Hale")
    first, second, third = found.events
    assert first.text == "The beans are up.\nAll of them."
    assert second.text.endswith("1:30 | you said [shares a photo of a blue kayak]")
    assert (second.speaker, second.role, second.position) == ("Tom Hale", None, 1)
    assert second.metadata == {"conversation": "plot", "turn": "plot/1:2"}
    assert [str(event.time) for event in found.events] == [
        "2024-03-02T19:40Z", "2024-03-02T19:40Z", "2024-03-09",
    ]  # fmt: skip
    assert first.time < second.time and second.time.micros - first.time.micros == 1_000_000
    assert third.session_id == "plot/2"


def test_questions():
    single, multi, none, followup = parse(GOOD, "plot").questions
    assert single.evidence == ("plot/1:1",) and single.answer == "the beans | and more"
    assert multi.evidence == ("plot/1:2", "plot/2:1") and multi.answer is None
    assert multi.sessions == ("plot/1", "plot/2")
    assert (none.evidence, none.answer, str(none.now)) == ((), None, "2024-03-10")
    assert followup.text == "What did he say?"
    assert followup.metadata["dialogue"] == ("And Tom?", "He came.")
    assert str(followup.now) == "2024-09-01"


@pytest.mark.parametrize(
    ("speakers", "expected"),
    [
        ("U=Ana; A=Assistant", ["user", "assistant"]),
        ("U=assistant; A=Ana", ["assistant", "user"]),
        ("U=葛小满; A=助手", ["user", "assistant"]),
        ("A=Hal; U=Ana", ["user", "assistant"]),
        ("U=Ana; X=Hal", ["user", "assistant"]),
    ],
)
def test_who_is_the_assistant(speakers, expected):
    other = speakers.split("; ")[1].split("=")[0] if "U=" in speakers.split("; ")[0] else "A"
    chat = f"# kind: assistant\n# speakers: {speakers}\n== 1 | 2024-01-01\n1 U: a\n2 {other}: b\n"
    events = parse(chat, "chat").events
    assert [event.role for event in events] == expected
    assert (events[1].origin == Origin.ASSISTANT) == (expected[1] == "assistant")
    assert all(event.speaker not in ("assistant", "Assistant") for event in events)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# kind: people", "# kind: film", "no kind of conversation: 'film': plot, line 2. Write "),
        ("# kind: people", "", "a session before the kind and the speakers: plot, line 7. Write"),
        ("N=Nadia", "Nadia", "not a speaker: 'Nadia': plot, line 4."),
        ("== 2 |", "== 3 |", 'session 3 after 1: plot, line 10. Write "== 2 | ..."'),
        ("2024-03-09", "2023-03-09", "session of 2023-03-09 after one of 2024-03-02T19:40Z"),
        ("2024-03-09", "9 March", "not a session: '== 2 | 9 March'"),
        ("2024-03-09", "2024-03-99", "not a time: '2024-03-99'"),
        ("2 T: Already", "3 T: Already", "turn 3 after 1"),
        ("1 T: Hm.", "1 X: Hm.", "no speaker 'X'"),
        ("1 T: Hm.", "Hm.", "not a turn: 'Hm.': plot, line 11."),
        ("single |", "simple |", "no type of question: 'simple'"),
        ("1:1 |", "1:9 |", "no such turn: '1:9'"),
        ("| 1:1 | the beans | and more", "|  |", "no evidence for a question of type 'single'"),
        ("dog? |  |", "dog? | 1:1 |", "evidence for a question of type 'none'"),
        ("dog? |  |", "dog?", "not a question"),
        ("He came. >> What did he say?", "He came. >>", "a question without text"),
        ("@2024-09-01", "@2024-13-01", "not a time: '2024-13-01'"),
        ("== 1 | 2024-03-02 19:40\n", "", "a turn before the first session"),
        ("== 1 |", "??\n== 1 |", "questions before the first turn"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_with_what_to_write(old, new, message):
    assert old in GOOD
    with pytest.raises(InputError) as error:
        parse(GOOD.replace(old, new, 1), "plot")
    assert message in str(error.value) and ". Write " in str(error.value)


@given(st.lists(st.sampled_from(GOOD.split("\n")), max_size=20))
def test_shuffled_lines_are_read_or_refused(lines):
    try:
        found = parse("\n".join(lines), "plot")
    except InputError:
        return
    there = {event.metadata["turn"] for event in found.events}
    assert there and all(set(question.evidence) <= there for question in found.questions)


def test_files(tmp_path):
    path = tmp_path / "plot.txt"
    path.write_text(GOOD, "utf-8")
    assert read(path) == parse(GOOD, "plot")
    path.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(InputError, match="Give a text file in UTF-8"):
        read(path)
    with pytest.raises(InputError, match="no turns"):
        parse("# kind: people\n", "plot")
