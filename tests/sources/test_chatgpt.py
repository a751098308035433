from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import SourceError
from mnemic.core.records import Origin
from mnemic.sources.options import Notice
from mnemic.sources.read import read

Write = Callable[[str, str | bytes], Path]


def node(
    id: str, parent: Any, role: str = "user", said: Any = None, **message: Any
) -> dict[str, Any]:
    content = said if isinstance(said, dict) else {"content_type": "text", "parts": [said or id]}
    return {
        "id": id,
        "parent": parent,
        "children": [],
        "message": {
            "id": id,
            "author": {"role": role, "name": None, "metadata": {}},
            "create_time": 1748858400.25,
            "content": content,
            "status": "finished_successfully",
            "weight": 1.0,
            "metadata": {},
            "recipient": "all",
            **message,
        },
    }


def conversation(*nodes: dict[str, Any], current: Any, **fields: Any) -> dict[str, Any]:
    return {
        "title": "Train to Porto",
        "create_time": 1748858400.0,
        "mapping": {one["id"]: one for one in nodes},
        "current_node": current,
        "conversation_id": "c1",
        "id": "c1",
        **fields,
    }


ROOT = {"id": "root", "parent": None, "children": ["s"], "message": None}
TALK = conversation(
    ROOT,
    node("s", "root", "system", "", weight=0.0),
    node("u1", "s", said="Which train?"),
    node("a1", "u1", "assistant", "The one at 9.", metadata={"model_slug": "gpt-4o"}),
    node("a2", "u1", "assistant", "The one at 10."),
    node("u2", "a2", said="Thanks"),
    current="u2",
)


def test_the_path_that_was_shown_is_read_in_order(write: Write) -> None:
    seen: Counter[Notice] = Counter()
    events = list(
        read(write("conversations.json", json.dumps([TALK])), notice=lambda n: seen.update([n]))
    )
    assert [event.text for event in events] == ["Which train?", "The one at 10.", "Thanks"]
    assert [event.role for event in events] == ["user", "assistant", "user"]
    assert [event.origin for event in events] == [Origin.USER, Origin.ASSISTANT, Origin.USER]
    assert [event.position for event in events] == [2, 3, 4]
    assert {event.session_id for event in events} == {"c1"}
    assert [(event.source, event.external_id) for event in events][:1] == [("chatgpt:c1", "u1")]
    assert str(events[0].time) == "2025-06-02T10:00:00.250000Z"
    assert events[0].metadata == {"title": "Train to Porto"}
    assert seen == {Notice.BRANCH: 1, Notice.HIDDEN: 1}


def test_branches_come_on_request_in_sessions_of_their_own(write: Write) -> None:
    path = write("conversations.json", json.dumps([TALK]))
    events = list(read(path, branches=True))
    [branch] = [event for event in events if event.metadata.get("branch")]
    assert (branch.text, branch.session_id, branch.position) == ("The one at 9.", "c1/a1", 3)
    assert branch.metadata["model"] == "gpt-4o"
    assert [event for event in events if event is not branch] == list(read(path))


def test_content_of_all_kinds(write: Write) -> None:
    pointer = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1"}
    talk = conversation(
        node("1", None, said={"content_type": "multimodal_text", "parts": [pointer, "my cat"]}),
        node("2", "1", "assistant", {"content_type": "code", "language": "python", "text": "1+1"},
             recipient="python"),
        node("3", "2", "tool", {"content_type": "execution_output", "text": "2"},
             author={"role": "tool", "name": "python"}),
        node("4", "3", "assistant", {"content_type": "thoughts", "thoughts": [], "text": "hm"}),
        node("5", "4", said={"content_type": "text", "parts": [""]}),
        node("6", "5", said="hidden", metadata={"is_visually_hidden_from_conversation": True}),
        node("7", "6", said={"content_type": "multimodal_text", "parts": [
            {"content_type": "audio_transcription", "text": "spoken words"}]},
            metadata={"attachments": [{"name": "notes.pdf"}]}, create_time=None),
        current="7",
    )  # fmt: skip
    seen: Counter[Notice] = Counter()
    events = list(read(write("c.json", json.dumps([talk])), notice=lambda n: seen.update([n])))
    assert [event.text for event in events] == ["[image]\nmy cat", "1+1", "2", "spoken words"]
    assert events[1].metadata["recipient"] == "python"
    assert (events[2].role, events[2].speaker, events[2].origin) == ("tool", "python", Origin.TOOL)
    assert (events[3].metadata["attachments"], events[3].time) == (["notes.pdf"], None)
    assert seen == {Notice.HIDDEN: 2, Notice.EMPTY: 1}


def test_zip_folder_and_parts_give_the_same(write: Write, tmp_path: Path) -> None:
    other = conversation(node("x", None), current="x", conversation_id="c2")
    whole = list(read(write("one/conversations.json", json.dumps([TALK, other]))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("chat.html", "<html>")
        archive.writestr("shared_conversations.json", "[]")
        archive.writestr("conversations-000.json", json.dumps([TALK]))
        archive.writestr("conversations-001.json", json.dumps([other]))
    assert list(read(write("export.zip", out.getvalue()))) == whole
    assert list(read(tmp_path / "one")) == whole
    wrapped = write("w.json", json.dumps({"conversations": [TALK, other]}))
    assert list(read(wrapped)) == whole
    assert list(read(write("single.json", json.dumps(TALK)))) == whole[:3]


def test_a_later_longer_export_keeps_the_identities(write: Write) -> None:
    more = conversation(
        *TALK["mapping"].values(), node("a3", "u2", "assistant", "Bye"), current="a3"
    )
    before, after = (
        [(event.source, event.external_id, event.session_id, event.position)
         for event in read(write(f"{number}.json", json.dumps([talk])))]
        for number, talk in enumerate((TALK, more))
    )  # fmt: skip
    assert after[: len(before)] == before


def test_without_current_node_the_message_written_last_is_the_end(write: Write) -> None:
    talk = conversation(
        node("1", None),
        node("2", "1", create_time=9.0),
        node("3", "1", create_time=5.0),
        current=None,
    )
    talk["mapping"]["1"]["message"]["create_time"] = 1.0
    assert [event.text for event in read(write("c.json", json.dumps([talk])))] == ["1", "2"]


def test_a_forced_format_that_does_not_fit_says_so(write: Write) -> None:
    path = write("c.json", '[{"uuid": "1", "chat_messages": []}]')
    with pytest.raises(SourceError, match=r"no ChatGPT conversation: .*item 1 has no object"):
        list(read(path, "chatgpt"))


def test_a_wrong_time_names_conversation_and_message(write: Write) -> None:
    talk = conversation(node("1", None, create_time="soon"), current="1")
    with pytest.raises(SourceError, match="conversation c1, message 1: not a time: 'soon'"):
        list(read(write("c.json", json.dumps([talk]))))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text().filter(str.strip))),
    st.data(),
)
def test_what_was_said_on_a_random_tree_comes_back(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]], data: st.DataObject
) -> None:
    nodes = [ROOT]
    for number, (role, words) in enumerate(said):
        parent = data.draw(st.sampled_from(nodes))["id"]
        nodes.append(node(f"n{number}", parent, role, words))
    current = data.draw(st.sampled_from(nodes))["id"]
    path = tmp_path_factory.mktemp("c") / "conversations.json"
    path.write_text(json.dumps([conversation(*nodes, current=current)]))
    events = list(read(path, branches=True))
    meant = {
        f"n{number}": words.strip().replace("\0", "\ufffd")
        for number, (_, words) in enumerate(said)
    }
    assert {event.external_id: event.text for event in events} == meant
    assert len(events) == len(said)
    places = [(event.session_id, event.position) for event in events]
    assert len(set(places)) == len(places)
