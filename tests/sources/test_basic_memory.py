"""basic-memory: notes with observations and relations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic.core.errors import SourceError
from mnemic.sources.detect import detect
from mnemic.sources.read import read

Write = Callable[[str, str | bytes], Path]

NOTE = """---
title: Tea
type: note
permalink: drinks/tea
tags:
- food
created: 2026-04-01
rating: 5
---

# Tea

Ana drinks it [every day](https://example.org).

## Observations
- [method] Three minutes #green (not more)
- [ ] buy some
- [x] bought some
- [a link](https://example.org) for later
```
- [code] is not an observation
```

## Relations
- relates_to [[Water]] (boiling)
- [[Cup]]
"""


def test_observations_and_relations_are_facts(write: Write) -> None:
    path = write("notes/tea.md", NOTE)
    assert detect(path) == detect(path.parent) == "basic-memory"
    events = list(read(path))
    facts = [event for event in events if event.kind == "fact"]
    assert [event.text for event in facts] == [
        "Tea: Three minutes #green (not more)",
        "Tea: relates to Water (boiling)",
    ]
    assert facts[0].metadata["category"] == "method"
    assert facts[0].metadata["tags"] == ["green"]
    assert facts[1].metadata["relation"] == "relates_to"
    assert facts[1].metadata["target"] == "Water"
    assert all(event.source == "basic-memory:drinks/tea" for event in events)
    assert all(event.session_id == "drinks/tea" for event in events)
    assert all(str(event.time) == "2026-04-01" for event in events)
    assert all(event.metadata["rating"] == "5" for event in events)
    assert [event.position for event in events] == list(range(len(events)))


def test_what_else_is_said_stays_prose(write: Write) -> None:
    prose = [event.text for event in read(write("tea.md", NOTE)) if event.kind == "document"]
    assert "Ana drinks it [every day]" in prose[0]
    assert "- [ ] buy some" in prose[1] and "[code] is not" in prose[1]
    assert "Three minutes" not in "".join(prose)
    assert "- [[Cup]]" in prose[2]


def test_a_moved_note_keeps_its_name(write: Write) -> None:
    here, there = (list(read(write(name, NOTE))) for name in ("tea.md", "old/green tea.md"))
    assert [(e.source, e.external_id) for e in here] == [(e.source, e.external_id) for e in there]


def test_a_heading_over_observations_only_is_no_record(write: Write) -> None:
    note = "---\npermalink: a\n---\n# Tea\n\n## Observations\n- [method] Three minutes\n"
    assert [event.text for event in read(write("tea.md", note))] == ["tea: Three minutes"]


@pytest.mark.parametrize(
    "note",
    [
        "---\ntitle: A post\npermalink: /2026/post\nlayout: post\n---\n# A post\nwords\n",
        "# List\n- [method] Three minutes\n- relates_to [[Water]]\n",
        "---\npermalink: a\n\n- [method] front matter that never ends\n",
    ],
)
def test_other_notes_are_left_to_markdown(write: Write, note: str) -> None:
    assert detect(write("a.md", note)) == "markdown"


def test_front_matter_that_never_ends_is_text(write: Write) -> None:
    path = write("a.md", "---\npermalink: a\n- [method] Three minutes\nmore\n")
    events = list(read(path, "basic-memory"))
    assert any("permalink: a" in event.text for event in events)
    assert any(event.text == "a: Three minutes" for event in events)


def test_the_same_observation_twice_is_two(write: Write) -> None:
    note = "---\npermalink: a\n---\n- [m] tea\n- [m] tea\n"
    names = [event.external_id for event in read(write("a.md", note))]
    assert len(names) == len(set(names)) == 2


def test_notes_that_cannot_be_read_and_data_do_not_decide(write: Write) -> None:
    write("notes/a.md", "Анна: привет\n".encode("cp1251"))
    folder = write("notes/tea.md", NOTE).parent
    assert detect(folder) == "basic-memory"
    write("notes/log.jsonl", '{"role": "user", "content": "hi"}\n')
    with pytest.raises(SourceError, match="both data and notes"):
        detect(folder)
