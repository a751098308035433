"""What holds for every format: recognised, repeatable, honest about bytes and bad input."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import MnemicError, SourceError
from mnemic.sources.detect import NAMES, detect
from mnemic.sources.read import FORMATS, conversations, questions, read, size

Write = Callable[[str, str | bytes], Path]

NODES = {
    "r": {"id": "r", "parent": None, "message": None},
    "a": {"id": "a", "parent": "r", "message": {
        "id": "a", "author": {"role": "user"}, "create_time": 1748858400.0,
        "content": {"content_type": "text", "parts": ["hi"]}}},
    "b": {"id": "b", "parent": "a", "message": {
        "id": "b", "author": {"role": "assistant"}, "create_time": None,
        "content": {"content_type": "text", "parts": ["hello"]}}},
}  # fmt: skip

FILES: dict[str, tuple[str, str]] = {
    "chatgpt": ("conversations.json", json.dumps(
        [{"id": "c", "title": "t", "mapping": NODES, "current_node": "b"}])),
    "claude": ("conversations.json", json.dumps(
        [{"uuid": "c", "name": "t", "chat_messages": [
            {"uuid": "m", "sender": "human", "text": "hi",
             "created_at": "2025-06-02T10:00:00Z"}]}])),
    "whatsapp": ("WhatsApp Chat with Ana.txt",
                 "02/06/2025, 10:15 - Ana: hi\nthere\n13/06/2025, 10:15 - Ben: ok\n"),
    "jsonl": ("log.jsonl", '{"role": "user", "content": "hi", "timestamp": "2025-06-02"}\n'
              '{"messages": [{"role": "user", "content": "one"}]}\n'),
    "markdown": ("notes/2025-06-02.md", "---\ntags: a, b\n---\n# A\nwords\n## B\nmore\n"),
    "transcript": ("talk.txt", "# 2025-06-02\nAna: hi\nBen: hello\nAna: bye\n"),
    "mem0": ("mem0.json", json.dumps({"results": [
        {"id": "6f1c0d2e-0000-4000-8000-000000000001", "memory": "Likes tea", "user_id": "ana",
         "hash": "0", "metadata": None, "created_at": "2026-04-01T10:00:00+00:00"}]})),
    "graphiti": ("graphiti.json", json.dumps({"edges": [
        {"uuid": "6f1c0d2e-0000-4000-8000-000000000002", "group_id": "ana", "name": "LIKES",
         "source_node_uuid": "a", "target_node_uuid": "b", "fact": "Ana likes tea",
         "valid_at": "2026-04-01T10:00:00Z", "invalid_at": None}]})),
    "langgraph": ("items.json", json.dumps([
        {"namespace": ["memories", "ana"], "key": "k1", "value": {"text": "Ana likes tea"},
         "created_at": "2026-04-01T10:00:00+00:00"}])),
    "mempalace": ("kitchen.jsonl", json.dumps(
        {"id": "drawer_ana_kitchen_1", "document": "Ana likes tea",
         "metadata": {"wing": "ana", "room": "kitchen", "filed_at": "2026-04-01T10:00:00"}})),
    "basic-memory": ("tea.md", "---\ntitle: Tea\npermalink: drinks/tea\n---\n\n# Tea\n\n"
                     "- [method] Three minutes #green\n- relates_to [[Water]]\n"),
    "locomo": ("locomo10.json", json.dumps([{"sample_id": "s", "qa": [], "conversation": {
        "session_1": [{"speaker": "Ana", "dia_id": "D1:1", "text": "hi"}],
        "session_1_date_time": "1:56 pm on 8 May, 2023"}}])),
    "longmemeval": ("lme.json", json.dumps([{"question_id": "q", "haystack_sessions": [
        [{"role": "user", "content": "hi"}]], "haystack_dates": ["2023/05/20 (Sat) 02:21"],
        "haystack_session_ids": ["s"]}])),
    "beam": ("1/chat.json", json.dumps([{"batch_number": 1, "turns": [
        [{"role": "user", "id": 0, "content": "hi", "time_anchor": "March-15-2024"}]]}])),
}  # fmt: skip


@pytest.fixture(params=sorted(FILES))
def sample(request: pytest.FixtureRequest, write: Write) -> tuple[str, Path]:
    name, text = FILES[request.param]
    return request.param, write(name, text)


def test_every_format_is_listed_and_has_a_sample() -> None:
    assert set(FORMATS) == set(NAMES)
    assert set(FORMATS) - {"openclaw"} == set(FILES)  # a folder, see test_openclaw.py
    assert all(one.meaning and one.name == name for name, one in FORMATS.items())


def test_it_is_recognised_by_what_it_holds(sample: tuple[str, Path]) -> None:
    name, path = sample
    assert detect(path) == name
    if name not in ("markdown", "basic-memory"):
        other = path.rename(path.with_name("renamed.bin"))
        assert detect(other) == name


def test_reading_again_gives_the_same_and_the_bytes_add_up(sample: tuple[str, Path]) -> None:
    name, path = sample
    told: list[int] = []
    events = list(read(path, progress=told.append))
    assert events
    assert sum(told) == size(path) == size(path, name)
    assert list(read(path, name)) == list(read(str(path))) == events
    keys = [(event.source, event.external_id) for event in events]
    assert len(set(keys)) == len(keys)
    assert all(source and external for source, external in keys)
    assert all(event.session_id and event.position is not None for event in events)


def test_every_event_is_in_a_conversation(sample: tuple[str, Path]) -> None:
    _, path = sample
    split = [list(events) for _, events in conversations(path)]
    assert [event for events in split for event in events] == list(read(path))


def test_other_unicode_encodings_read_the_same(sample: tuple[str, Path]) -> None:
    _, path = sample
    events = list(read(path))
    plain = path.read_bytes()
    for encoding in ("utf-8-sig", "utf-16"):
        path.write_bytes(plain.decode().encode(encoding))
        assert list(read(path)) == events
    path.write_bytes(plain.replace(b"\n", b"\r\n"))
    assert list(read(path)) == events


def test_half_a_json_file_is_an_error_not_an_end(sample: tuple[str, Path]) -> None:
    name, path = sample
    whole = path.read_bytes().rstrip()
    if whole[:1] not in b"[{":
        return
    for keep in range(1, len(whole), 7):
        path.write_bytes(whole[:keep])
        with pytest.raises(SourceError) as caught:
            list(read(path))
        with pytest.raises(SourceError):
            list(read(path, name))
        assert "again" in str(caught.value) or "Name the format" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.json", b"", "^empty: .*nothing in it to import"),
        ("blank.txt", b" \n\t\n", "^empty: "),
        ("none.json", b"[]", "a list without items"),
        (
            "other.json",
            b'[{"a": 1, "b": 2}]',
            "its first item is an object with 'a', 'b'. Name the format yourself, one of chatgpt, ",
        ),
        ("numbers.json", b"[1, 2]", "its first item is '1'"),
        ("poem.txt", b"shall I compare thee\nto a day\n", "unknown format: .*begins with 'shall I"),
        ("chat.html", b"<!DOCTYPE html><html>", "It is a web page: take the conversations.json"),
        ("table.csv", b"a,b\n1,2\n", "unknown format"),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(200)), "not utf-8 text"),
        ("data.bin", b"abc\0def\n" * 9, "is a binary file"),
        (
            "cyrillic.txt",
            "Анна: привет\nБен: да\n".encode("cp1251"),
            "at byte 0.*encoding='cp1251'",
        ),
        ("a.docx", b"PK\x03\x04 cut", "damaged zip"),
        ("a.gz", b"\x1f\x8b cut", "damaged|cannot read"),
    ],
)
def test_what_is_no_conversation_says_so(
    write: Write, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read(write(name, content))


def test_folders_that_hold_nothing_say_what_they_hold(write: Write, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="it is empty"):
        read(tmp_path)
    write("a.pdf", b"%PDF")
    write("b/c.pdf", b"%PDF")
    with pytest.raises(SourceError, match=r"it holds 2 files \(2 \.pdf\).*or name the file"):
        read(tmp_path)
    for name in FORMATS:
        with pytest.raises(SourceError):
            list(read(tmp_path, name))


def test_folders_of_logs_and_of_chats(write: Write, tmp_path: Path) -> None:
    write("logs/a.jsonl", FILES["jsonl"][1])
    write("logs/b/c.jsonl.gz", gzip.compress(FILES["jsonl"][1].encode()))
    assert [event.session_id for event in read(tmp_path / "logs")] == ["a", "a/2", "c", "c/2"]
    write("chats/WhatsApp Chat with Ana.txt", FILES["whatsapp"][1])
    write("chats/WhatsApp Chat with Ben.txt", FILES["whatsapp"][1])
    assert {event.metadata["chat"] for event in read(tmp_path / "chats")} == {"Ana", "Ben"}
    write("talks/one.txt", FILES["transcript"][1])
    assert detect(tmp_path / "talks") == "transcript"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("[2025-06-02 10:00] Ana: hi\n[2025-06-02 10:01] Ben: ok\n", "transcript"),
        ("[02.06.25, 10:00:00] Ana: hi\n", "whatsapp"),
        ("10:00 Ana: hi\n10:01 Ben: ok\n", "transcript"),
        ("# Title\n\nSome prose: with a colon.\n", "markdown"),
    ],
)
def test_what_looks_alike_is_told_apart(write: Write, line: str, name: str) -> None:
    assert detect(write("a.txt", line)) == name


def test_unknown_formats_and_formats_without_questions(write: Write) -> None:
    path = write("a.jsonl", '{"content": "hi"}')
    with pytest.raises(
        SourceError, match=r"unknown format 'telegram'\. Known: auto, chatgpt, claude"
    ):
        read(path, "telegram")
    with pytest.raises(SourceError, match=r"no questions in the format 'jsonl'.*locomo"):
        questions(path)


def test_what_is_not_there_or_may_not_be_read(tmp_path: Path, write: Write) -> None:
    with pytest.raises(SourceError, match=r"no such file: .*none\.json"):
        read(tmp_path / "none.json")
    with pytest.raises(SourceError, match="no such file"):
        list(read(tmp_path / "none.json", "chatgpt"))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(SourceError, match="not a file"):
            read(tmp_path / "pipe")


def test_large_files_are_read_while_they_are_decoded(write: Write) -> None:
    """Events come before the file is read: progress is told by and by."""
    line = json.dumps({"role": "user", "content": "x" * 1000}) + "\n"
    path = write("a.jsonl", line * 2000)
    told: list[int] = []
    events = read(path, progress=told.append)
    next(events)
    assert sum(told) < size(path) / 2
    assert sum(1 for _ in events) == 1999
    assert sum(told) == size(path)


def test_a_message_of_5_mb_is_one_event(write: Write) -> None:
    [event] = read(write("a.jsonl", json.dumps({"content": "word " * 1_000_000})))
    assert len(event.text) == 5_000_000


@pytest.mark.parametrize("depth", [100, 400, 900, 5000])
def test_depth_is_kept_or_refused(write: Write, depth: int) -> None:
    line = '{"content": "hi", "deep": ' + "[" * depth + "]" * depth + "}"
    nested = '{"messages": [' * depth + '{"content": "hi"}' + "]}" * depth
    for text in (line, nested):
        try:
            assert [event.text for event in read(write("a.jsonl", text))] == ["hi"]
        except SourceError as error:
            assert depth > 100 and "deep" in str(error)


def tried(path: Path, name: str) -> Iterator[Any]:
    """Everything that the door offers, on a file that may be anything."""
    yield from read(path, name)
    if FORMATS.get(name, FORMATS["jsonl"]).questions:
        yield from questions(path, name)


@settings(deadline=None, max_examples=100)
@given(
    st.binary(max_size=200)
    | st.text('[]{}":,.-/ \n\\u0019AbP@#é\u200e', max_size=60).map(str.encode)
    | st.tuples(st.sampled_from(["utf-16", "cp1252"]), st.text(max_size=30)).map(
        lambda pair: pair[1].encode(pair[0], "replace")
    ),
    st.sampled_from(["auto", *sorted(FILES)]),
)
def test_no_bytes_raise_anything_but_our_errors(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    try:
        list(tried(path, name))
    except MnemicError as error:
        assert len(str(error)) > 20


junk: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.just([])
    | st.just({})
)


def changed(value: Any, data: st.DataObject) -> Any:
    """The value with one thing in it replaced or taken away."""
    if isinstance(value, (dict, list)) and value and data.draw(st.integers(0, 3)):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = data.draw(st.sampled_from(keys))
        copy: Any = dict(value) if isinstance(value, dict) else list(value)
        if data.draw(st.integers(0, 4)) == 0:
            copy.pop(key)
        else:
            copy[key] = changed(value[key], data)
        return copy
    return data.draw(junk)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_changed_file_raises_anything_but_our_errors(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    file, text = FILES[name]
    path = tmp_path_factory.mktemp("any") / Path(file).name
    if text.startswith("["):
        value = json.loads(text)
        for _ in range(data.draw(st.integers(1, 3))):
            value = changed(value, data)
        path.write_text(json.dumps(value), encoding="utf-8")
    else:
        spot = data.draw(st.integers(0, len(text)))
        extra = data.draw(
            st.text(max_size=5) | st.sampled_from(["\n", "\n[", "\n---\n", "\n1/1/1, 1:1 - "])
        )
        held = text[:spot] + extra + text[spot + data.draw(st.integers(0, 5)) :]
        path.write_bytes(held.encode("utf-8", "surrogatepass"))
    for way in (name, "auto"):
        try:
            for found in tried(path, way):
                str(found.time if hasattr(found, "time") else found.now)
        except MnemicError:
            pass


def test_data_beside_a_readme_is_not_dropped(write: Write) -> None:
    folder = write("bench/README.md", "# LoCoMo\nWhere it came from.\n").parent
    write("bench/settings.json", '{"theme": "dark"}')
    assert detect(folder) == "markdown"
    file = write("bench/locomo10.json", FILES["locomo"][1])
    with pytest.raises(SourceError) as caught:
        read(folder)
    assert str(file) in str(caught.value) and "(locomo)" in str(caught.value)
    assert detect(file) == "locomo"
    assert len(list(read(folder, "markdown"))) == 1


def test_a_log_beside_a_readme_is_the_log_but_not_beside_notes(write: Write) -> None:
    folder = write("log/README.md", "# Log\n").parent
    file = write("log/talk.jsonl", FILES["jsonl"][1])
    assert detect(folder) == "jsonl"
    assert len(list(read(folder))) == 2
    write("log/thoughts.md", "# A thought\nof mine\n")
    with pytest.raises(SourceError, match="for the notes alone") as caught:
        read(folder)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    "talk",
    [
        "Ana: hi\nBob: hello\n",
        f"Ana: {'words and ' * 20_000}\nBob: hello\n",
        f"Ana: {'words and ' * 20_000}\nBob: hello\nAna: bye\n",
    ],
    ids=["two lines", "a huge first line", "a huge first line of three"],
)
def test_a_short_transcript_is_recognised(write: Write, talk: str) -> None:
    path = write("talk.txt", talk)
    assert detect(path) == "transcript"
    assert [event.speaker for event in read(path)][:2] == ["Ana", "Bob"]


@pytest.mark.parametrize("text", ["Ana: hi\n", "Ana: hi\nBob: hello\nand more\nwords\n"])
def test_what_may_be_a_transcript_names_the_format(write: Write, text: str) -> None:
    with pytest.raises(SourceError, match="--format transcript"):
        read(write("talk.txt", text))
