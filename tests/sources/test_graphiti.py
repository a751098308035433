"""Graphiti: nodes, edges and episodes as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnemic.core.errors import SourceError
from mnemic.core.records import Origin
from mnemic.sources.detect import detect
from mnemic.sources.read import read

Write = Callable[[str, str | bytes], Path]

AT = "2026-04-01T10:00:00Z"


def uuid(number: int) -> str:
    return f"6f1c0d2e-0000-4000-8000-{number:012}"


def edge(number: int, fact: str, **more: Any) -> dict[str, Any]:
    ends = {"source_node_uuid": uuid(90), "target_node_uuid": uuid(91)}
    kept = {"uuid": uuid(number), "group_id": "ana", "name": "LIKES", "fact": fact}
    return kept | ends | {"valid_at": AT, "invalid_at": None, "created_at": AT} | more


def episode(number: int, content: str, source: str = "message") -> dict[str, Any]:
    return {
        "uuid": uuid(number), "group_id": "ana", "name": "talk", "content": content,
        "source": source, "source_description": "chat", "valid_at": AT, "entity_edges": [uuid(2)],
    }  # fmt: skip


NODE = {"uuid": uuid(90), "group_id": "ana", "name": "Ana", "labels": ["Entity"], "summary": "Runs",
        "name_embedding": [0.1, 0.2]}  # fmt: skip
MENTIONS = {
    "uuid": uuid(80), "group_id": "ana", "source_node_uuid": uuid(1), "target_node_uuid": uuid(90),
}  # fmt: skip


def test_facts_episodes_and_summaries(write: Write) -> None:
    whole = {
        "episodes": [episode(1, "ana: I like tea"), episode(5, "A page", "text")],
        "edges": [edge(2, "Ana likes tea", invalid_at="2026-06-01T00:00:00Z"), MENTIONS],
        "nodes": [NODE, {**NODE, "uuid": uuid(91), "summary": ""}],
    }
    told: Counter[str] = Counter()
    path = write("graph.json", json.dumps(whole))
    assert detect(path) == "graphiti"
    events = list(read(path, notice=lambda one: told.update([one])))
    assert [(event.text, event.kind, event.origin) for event in events] == [
        ("ana: I like tea", "turn", Origin.USER),
        ("A page", "document", Origin.DOCUMENT),
        ("Ana likes tea", "fact", Origin.DERIVED),
        ("Ana: Runs", "gist", Origin.DERIVED),
    ]
    fact = events[2]
    assert (fact.source, fact.external_id, fact.session_id) == ("graphiti", uuid(2), "ana")
    assert str(fact.time) == AT and str(fact.valid_to) == "2026-06-01T00:00:00Z"
    assert fact.metadata["name"] == "LIKES" and fact.metadata["source_node_uuid"] == uuid(90)
    assert events[0].metadata["entity_edges"] == [uuid(2)]
    assert "name_embedding" not in events[3].metadata
    assert told == {
        "links between records, without words of their own": 1,
        "without text": 1,
        "vectors, indexes and tables of contents, which are made anew here": 1,
    }


def test_lines_lists_and_apoc_read_alike(write: Write) -> None:
    plain = edge(2, "Ana likes tea")
    apoc = {"type": "relationship", "id": "7", "label": "RELATES_TO", "properties": plain}
    texts = {
        "list": json.dumps([plain]),
        "lines": json.dumps(plain),
        "apoc": json.dumps(apoc),
    }
    for text in texts.values():
        path = write("graph.json", text)
        assert detect(path) == "graphiti"
        [event] = read(path)
        assert (event.text, event.external_id) == ("Ana likes tea", uuid(2))


def test_several_groups_are_several_users(write: Write) -> None:
    path = write("graph.json", json.dumps([edge(1, "one"), edge(2, "two", group_id="ben")]))
    with pytest.raises(SourceError, match=r"'ana', 'ben' \(group_id\)"):
        list(read(path))
    assert [event.text for event in read(path, user="ben")] == ["two"]


def test_what_is_not_of_a_graph_says_where(write: Write) -> None:
    path = write("graph.json", json.dumps([edge(1, "one"), {"a": 1}]))
    with pytest.raises(SourceError, match="line 1, item 2 has no 'uuid'"):
        list(read(path))
    with pytest.raises(SourceError, match="nothing in it"):
        list(read(write("graph.json", '{"edges": []}'), "graphiti"))
    late = edge(1, "one", valid_at="soon")
    with pytest.raises(SourceError, match="not a time: 'soon'"):
        list(read(write("graph.json", json.dumps([late]))))
