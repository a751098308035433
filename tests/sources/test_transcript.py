from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.sources.options import Notice
from mnemic.sources.read import read

Write = Callable[[str, str | bytes], Path]


def said(events: list[Event]) -> list[tuple[str | None, str]]:
    return [(event.speaker or event.role, event.text) for event in events]


def test_sessions_times_and_lines_that_continue(write: Write) -> None:
    text = """\
# 2025-06-02
[10:00] Ana: Did you book the train?
[10:01] Ben: Yes,
  the one at nine:
    two seats

[2025-06-02 10:05] Ana: Note: bring water
Session 2 (2025-06-09)
[9:30 pm] Ben: Good trip?
---
[10:00] Ana: Third
"""
    events = list(read(write("talk.txt", text)))
    assert said(events) == [
        ("Ana", "Did you book the train?"),
        ("Ben", "Yes,\nthe one at nine:\n  two seats"),
        ("Ana", "Note: bring water"),
        ("Ben", "Good trip?"),
        ("Ana", "Third"),
    ]
    assert [str(event.time) if event.time else None for event in events] == [
        "2025-06-02T10:00Z",
        "2025-06-02T10:01Z",
        "2025-06-02T10:05Z",
        "2025-06-09T21:30Z",
        None,
    ]
    assert [(event.session_id, event.position) for event in events] == [
        ("talk/2025-06-02", 0),
        ("talk/2025-06-02", 1),
        ("talk/2025-06-02", 2),
        ("talk/Session 2 (2025-06-09)", 0),
        ("talk/3", 0),
    ]
    assert events[-1].metadata == {"clock": "10:00"}


def test_plain_names_and_roles(write: Write) -> None:
    text = (
        "User: hi\n\nAssistant: Hello!\nHow are you?\n\nmilk: 2 litres\n**Ana**: bold\n小明：你好\n"
    )
    events = list(read(write("talk.txt", text), "transcript"))
    assert said(events) == [
        ("user", "hi"),
        ("assistant", "Hello!\nHow are you?\n\nmilk: 2 litres"),
        ("Ana", "bold"),
        ("小明", "你好"),
    ]
    assert {event.session_id for event in events} == {"talk"}


def test_where_lines_have_times_only_those_begin_messages(write: Write) -> None:
    text = "[2025-06-02 10:00] Ana: the list\nBread: one\nWine: two\n[2025-06-02 10:01] Ben: ok\n"
    assert said(list(read(write("talk.txt", text)))) == [
        ("Ana", "the list\nBread: one\nWine: two"),
        ("Ben", "ok"),
    ]


def test_without_headings_times_part_the_sittings(write: Write) -> None:
    text = "[2025-06-02 10:00] Ana: a\n[2025-06-02 10:01] Ben: b\n[2025-06-03 10:00] Ana: c\n"
    events = list(read(write("talk.txt", text)))
    assert [event.session_id for event in events] == [
        "talk 2025-06-02 10:00",
        "talk 2025-06-02 10:00",
        "talk 2025-06-03 10:00",
    ]


def test_titles_without_messages_between_them_are_one(write: Write) -> None:
    text = "# Session 1\n## 2025-06-02\nAna: a\nBen: b\nAna: c\n"
    events = list(read(write("talk.txt", text), "transcript"))
    assert {event.session_id for event in events} == {"talk/Session 1 2025-06-02"}
    assert str(events[0].time) == "2025-06-02"


def test_headings_and_rules_within_an_answer_stay_there(write: Write) -> None:
    answer = "Three steps:\n\n# First\ndo it\n\n---\n\nSession 2: rest\nand more"
    text = f"User: how?\n\nAssistant: {answer}\n\n---\n\nUser: thanks\n---\n"
    events = list(read(write("talk.txt", text)))
    assert [event.text for event in events] == ["how?", answer, "thanks"]
    assert [event.session_id for event in events] == ["talk", "talk", "talk/2"]


def test_stray_and_empty_lines_are_noted(write: Write) -> None:
    seen: list[Notice] = []
    text = "a heading without form\nAna:\nBen: hi\nAna: ok\n"
    assert len(list(read(write("talk.txt", text), "transcript", notice=seen.append))) == 2
    assert seen == [Notice.STRAY, Notice.EMPTY]


def test_prose_is_no_transcript(write: Write) -> None:
    with pytest.raises(SourceError, match=r"no line begins as 'Name: text'.*markdown"):
        list(read(write("talk.txt", "just words\nand more\n"), "transcript"))


def test_an_impossible_time_names_the_line(write: Write) -> None:
    text = "[2025-06-02 10:00] Ana: a\n[2025-13-02 10:00] Ben: b\n"
    with pytest.raises(SourceError, match="line 2: not a time: '2025-13-02 10:00'"):
        list(read(write("talk.txt", text)))


letters = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
words = st.text(letters, min_size=1).map(lambda text: " ".join(text.split())).filter(bool)
spoken = st.tuples(
    st.sampled_from(["Ana", "Ben Müller", "小明"]), st.lists(words, min_size=1, max_size=3)
)


@settings(deadline=None, max_examples=40)
@given(st.lists(spoken, min_size=1), st.lists(spoken), st.booleans())
def test_what_was_said_comes_back_and_keeps_its_name(
    tmp_path_factory: pytest.TempPathFactory,
    begin: list[tuple[str, list[str]]],
    more: list[tuple[str, list[str]]],
    timed: bool,
) -> None:
    path = tmp_path_factory.mktemp("t") / "talk.txt"

    def events(spoken: list[tuple[str, list[str]]]) -> list[Event]:
        stamp = "[2025-06-02 10:00] " if timed else ""
        path.write_text(
            "".join(f"{stamp}{name}: " + "\n    ".join(lines) + "\n" for name, lines in spoken),
            encoding="utf-8",
        )
        return list(read(path, "transcript"))

    whole = events(begin + more)
    assert said(whole) == [(name, "\n".join(lines)) for name, lines in begin + more]
    assert events(begin) == whole[: len(begin)]
    assert len({event.external_id for event in whole}) == len(whole)
