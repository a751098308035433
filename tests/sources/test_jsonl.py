from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.records import Origin
from mnemic.sources.options import Notice
from mnemic.sources.read import read

Write = Callable[[str, str | bytes], Path]


def one(write: Write, **fields: Any) -> Event:
    [event] = read(write("one.jsonl", json.dumps(fields)), "jsonl")
    return event


def test_the_usual_form(write: Write) -> None:
    event = one(
        write,
        id="s01-01",
        session_id="s01",
        timestamp="2025-01-11T10:02:00+00:00",
        name="Ana",
        role="user",
        content="Good morning",
        metadata={"turn": "D1:1"},
        mood="good",
    )
    assert (event.text, event.speaker, event.role) == ("Good morning", "Ana", "user")
    assert (str(event.time), event.session_id) == ("2025-01-11T10:02:00Z", "s01")
    assert (event.position, event.kind, event.origin) == (0, "turn", Origin.USER)
    assert event.metadata == {"id": "s01-01", "turn": "D1:1", "mood": "good"}
    assert event.external_id == "s01/s01-01@2025-01-11T10:02:00+00:00"


@pytest.mark.parametrize(
    ("fields", "speaker", "role", "text"),
    [
        ({"speaker": "Ana", "text": "hi"}, "Ana", None, "hi"),
        ({"author": {"role": "assistant", "name": "Iris"}, "content": "hi"},
         "Iris", "assistant", "hi"),
        ({"from": "human", "value": "hi"}, None, "user", "hi"),
        ({"from": "gpt", "value": "hi"}, None, "assistant", "hi"),
        ({"role": "customer", "message": "hi"}, "customer", None, "hi"),
        ({"sender": "Ben", "body": "hi"}, "Ben", None, "hi"),
        ({"type": "user", "message": {"role": "user", "content": "hi"}}, None, "user", "hi"),
        ({"role": "user", "content": [{"type": "text", "text": "see"}, {"type": "image_url"}]},
         None, "user", "see\n[image]"),
        ({"role": "tool", "content": 42}, None, "tool", "42"),
        ({"role": "user", "content": {"content_type": "text", "parts": ["a", "b"]}},
         None, "user", "a\nb"),
    ],
)  # fmt: skip
def test_names_that_fields_have(
    write: Write, fields: dict[str, Any], speaker: str, role: str, text: str
) -> None:
    event = one(write, **fields)
    assert (event.speaker, event.role, event.text) == (speaker, role, text)


def test_kinds_that_are_declared_are_kept(write: Write) -> None:
    assert one(write, text="Ana lives in Lisbon", kind="fact").kind == "fact"
    other = one(write, text="x", kind="no such kind")
    assert (other.kind, other.metadata) == ("turn", {"kind": "no such kind"})


def test_date_and_clock_in_two_fields_are_one_time(write: Write) -> None:
    assert str(one(write, text="x", date="2025-06-02", time="9:30").time) == "2025-06-02T09:30Z"


def test_a_list_lines_and_gzip_give_the_same(write: Write) -> None:
    messages = [
        {"role": "user", "content": f"word {n}", "timestamp": n * 10**9} for n in range(1, 9)
    ]
    lines = "".join(json.dumps(message) + "\n" for message in messages)
    paths = [
        write("a.jsonl", lines),
        write("a.json", json.dumps(messages, indent=1)),
        write("a.jsonl.gz", gzip.compress(lines.encode())),
        write("a.ndjson", lines.replace("\n", "\r\n\r\n")),
        write("a.txt", lines.encode("utf-16")),
    ]
    first, *others = (list(read(path)) for path in paths)
    assert [event.position for event in first] == list(range(8))
    assert all(other == first for other in others)


def test_conversations_on_lines_are_sessions(write: Write) -> None:
    talk = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
    lines = [
        {"messages": talk},
        {"id": "c2", "title": "Hello", "conversations": [{"from": "human", "value": "hi"}]},
    ]
    events = list(read(write("tune.jsonl", "\n".join(map(json.dumps, lines)))))
    assert [(event.session_id, event.position, event.text) for event in events] == [
        ("tune/1", 0, "hi"),
        ("tune/1", 1, "hello"),
        ("c2", 0, "hi"),
    ]
    assert events[2].metadata == {"title": "Hello"}
    assert len({(event.source, event.external_id) for event in events}) == 3


def test_what_has_no_text_is_noted(write: Write) -> None:
    seen: Counter[Notice] = Counter()
    lines = (
        '{"role": "user", "content": "hi"}\n{"type": "summary"}\n{"role": "user", "content": ""}\n'
    )
    assert len(list(read(write("a.jsonl", lines), notice=lambda n: seen.update([n])))) == 1
    assert seen == {Notice.EMPTY: 2}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            '{"content": "a"}\n\n{"content": "b", "time": "soon"}\n',
            "line 3, item 2: not a time: 'soon'",
        ),
        ('{"content": "a"}\n"words"\n', "line 2, item 2 is 'words'. Each line"),
        ('{"content": "a"}\n{"content": "b"', "ends in the middle: .*line 2"),
        ('{"content": "a"}\n{"content": b}\n' + '{"content": "c"}\n' * 9, "line 2, column 13"),
        ('{"content": "a\nb"}\n', "line 1, column 15 .*control character"),
        ('{"words": "a"}\n{"words": "b"}', 'no messages: .*Name the field with the text "content"'),
    ],
)
def test_faults_name_the_line_and_the_remedy(write: Write, lines: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        list(read(write("a.jsonl", lines), "jsonl"))


def test_halves_of_surrogates_and_nul_become_storable(write: Write) -> None:
    line = (
        '{"content": "a\\ud83d b\\u0000 \\ud83d\\ude00", "name": "A\\udc00", '
        '"x\\u0000": ["\\ud800"]}'
    )
    [event] = read(write("a.jsonl", line))
    assert (event.text, event.speaker) == ("a\ufffd b\ufffd 😀", "A\ufffd")
    assert event.metadata == {"x\ufffd": ["\ufffd"]}
    json.dumps(event.metadata, ensure_ascii=False).encode()


def names(path: Path) -> list[tuple[str | None, str | None]]:
    return [(event.source, event.external_id) for event in read(path, "jsonl")]


def test_unique_ids_and_exact_times_hold_wherever_the_file_lies(write: Write) -> None:
    uuid = {"id": "3f2c6a1e-0000-4000-8000-000000000000", "content": "hi"}
    timed = {"content": "hi", "timestamp": "2025-06-02T10:00", "name": "Ana"}
    text = json.dumps(uuid) + "\n" + json.dumps(timed)
    assert names(write("a/x.jsonl", text)) == names(write("b/y.jsonl", text))


def test_weak_names_do_not_confuse_two_files(write: Write) -> None:
    short = '{"id": 1, "content": "hi"}\n{"content": "bye"}'
    first, second = names(write("x.jsonl", short)), names(write("y.jsonl", short))
    assert not set(first) & set(second)
    timed = '{"id": 1, "content": "hi", "timestamp": "2025-06-0%dT10:00"}'
    assert names(write("z.jsonl", timed % 1)) != names(write("z.jsonl", timed % 2))


def test_an_edited_message_keeps_its_name(write: Write) -> None:
    line = '{"id": 1, "content": "%s", "timestamp": "2025-06-02T10:00"}'
    assert names(write("x.jsonl", line % "hi")) == names(write("x.jsonl", line % "hello"))


fields = st.fixed_dictionaries(
    {"content": st.sampled_from(["ok", "yes", "no"]) | st.text().filter(str.strip)},
    optional={
        "role": st.sampled_from(["user", "assistant", "system", "tool"]),
        "name": st.sampled_from(["Ana", "Ben"]),
        "timestamp": st.integers(10**9, 2 * 10**9),
        "session_id": st.sampled_from(["s1", "s2"]),
        "id": st.integers(1, 3) | st.uuids().map(str),
    },
)


@settings(deadline=None, max_examples=40)
@given(st.lists(fields, min_size=1), st.lists(fields))
def test_messages_come_back_each_with_its_own_name_that_stays(
    tmp_path_factory: pytest.TempPathFactory,
    messages: list[dict[str, Any]],
    more: list[dict[str, Any]],
) -> None:
    path = tmp_path_factory.mktemp("j") / "chat.jsonl"

    def events(said: list[dict[str, Any]]) -> list[Event]:
        path.write_text("".join(json.dumps(message) + "\n" for message in said))
        return list(read(path))

    begin = events(messages)
    whole = events(messages + more)
    assert whole[: len(begin)] == begin
    assert [event.text for event in whole] == [
        message["content"].replace("\0", "\ufffd") for message in messages + more
    ]
    keys = [(event.source, event.external_id) for event in whole]
    assert len(set(keys)) == len(keys)
    for event, message in zip(whole, messages + more, strict=True):
        assert event.speaker == message.get("name")
        assert event.role == message.get("role")
        assert event.session_id == message.get("session_id", "chat")
        written = message.get("timestamp")
        assert (event.time.micros if event.time else None) == (written and written * 10**6)
