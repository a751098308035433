from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mnemic.core.records import Origin
from mnemic.sources.options import Notice
from mnemic.sources.read import read

Write = Callable[[str, str | bytes], Path]


def message(id: str, sender: str, *content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "uuid": id,
        "text": "",
        "content": list(content),
        "sender": sender,
        "created_at": "2025-06-02T10:00:00.123456Z",
        "updated_at": "2025-06-02T10:00:00.123456Z",
        "attachments": [],
        "files": [],
        **fields,
    }


def block(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "citations": []}


def conversation(*messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "uuid": "c1",
        "name": "Garden",
        "created_at": "2025-06-02T10:00:00Z",
        "account": {"uuid": "someone"},
        "chat_messages": list(messages),
        **fields,
    }


TALK = conversation(
    message("m1", "human", block("What grows in shade?"), text="What grows in shade?"),
    message(
        "m2",
        "assistant",
        {"type": "thinking", "thinking": "hm"},
        block("Ferns"),
        {"type": "tool_use", "name": "web_search", "input": {"query": "shade"}},
        {"type": "tool_result", "content": [block("noise")]},
        block("and hostas."),
        text="Ferns\n```\nThis block is not supported on your current device.\n```\nand hostas.",
    ),
)


def test_messages_in_order_without_thoughts_and_tools(write: Write) -> None:
    seen: Counter[Notice] = Counter()
    events = list(
        read(write("conversations.json", json.dumps([TALK])), notice=lambda n: seen.update([n]))
    )
    assert [(event.role, event.text) for event in events] == [
        ("user", "What grows in shade?"),
        ("assistant", "Ferns\n\nand hostas."),
    ]
    assert [event.position for event in events] == [0, 1]
    assert (events[0].source, events[0].external_id) == ("claude:c1", "m1")
    assert (events[0].session_id, events[0].metadata) == ("c1", {"title": "Garden"})
    assert str(events[0].time) == "2025-06-02T10:00:00.123456Z"
    assert events[1].origin is Origin.ASSISTANT
    assert seen == {Notice.HIDDEN: 3}


def test_older_exports_have_only_text(write: Write) -> None:
    old = conversation(message("m1", "human", text="hello", content=None))
    assert [event.text for event in read(write("c.json", json.dumps([old])))] == ["hello"]


def test_files_are_named_and_their_text_comes_as_documents(write: Write) -> None:
    talk = conversation(
        message(
            "m1",
            "human",
            block("See this"),
            attachments=[{"file_name": "a.txt", "extracted_content": "the whole text"}],
            files=[{"file_name": "photo.png"}],
        ),
        message(
            "m2",
            "assistant",
            {
                "type": "tool_use",
                "name": "artifacts",
                "input": {"title": "Plan", "content": "# Plan"},
            },
        ),
        message("m3", "human", files=[{"file_name": "alone.png"}]),
    )
    events = list(read(write("c.json", json.dumps([talk]))))
    assert [(event.kind, event.text, event.session_id) for event in events] == [
        ("turn", "See this\n[file: a.txt]\n[file: photo.png]", "c1"),
        ("document", "the whole text", "c1/m1/attachment 0"),
        ("document", "# Plan", "c1/m2/artifact 0"),
        ("turn", "[file: alone.png]", "c1"),
    ]
    assert events[1].metadata == {"title": "Garden", "attachment": "a.txt"}
    assert events[1].origin is Origin.DOCUMENT
    assert len({(event.source, event.external_id) for event in events}) == 4


def test_edited_conversations_give_the_path_to_the_last_message(write: Write) -> None:
    none = "00000000-0000-4000-8000-000000000000"
    talk = conversation(
        message("m1", "human", block("first try"), parent_message_uuid=none),
        message("m2", "assistant", block("answer to it"), parent_message_uuid="m1"),
        message("m3", "human", block("second try"), parent_message_uuid=none),
        message("m4", "assistant", block("better answer"), parent_message_uuid="m3"),
    )
    path = write("c.json", json.dumps([talk]))
    assert [event.text for event in read(path)] == ["second try", "better answer"]
    branch = [event for event in read(path, branches=True) if event.metadata.get("branch")]
    assert [event.text for event in branch] == ["first try", "answer to it"]
    assert {event.session_id for event in branch} == {"c1/m1"}
    talk["current_leaf_message_uuid"] = "m2"
    path = write("c.json", json.dumps([talk]))
    assert [event.text for event in read(path)] == ["first try", "answer to it"]


def test_the_zip_is_read(write: Write) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("conversations.json", json.dumps([TALK, conversation(uuid="empty")]))
        archive.writestr("projects.json", "[]")
        archive.writestr("users.json", "[]")
    path = write("data-2025-06-02.zip", out.getvalue())
    assert [event.external_id for event in read(path)] == ["m1", "m2"]
