from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import SourceError
from mnemic.core.records import Origin
from mnemic.sources.options import Notice
from mnemic.sources.read import read

Write = Callable[[str, str | bytes], Path]

NOTE = """\
---
title: "Moving house"
date: 2025-06-02
tags: [home, 'big plans']
aliases:
  - Lisbon
  - the move
---
Before any heading.

# Budget

## Rent
900 a month

```sh
# no heading
```

## Deposit

Boxes
-----
twenty

# 2025-07-01
Signed!
"""


def test_a_section_is_a_document_with_its_headings(write: Write) -> None:
    events = list(read(write("notes/house.md", NOTE)))
    assert [(event.text, event.external_id) for event in events] == [
        ("Moving house\n\nBefore any heading.", "top"),
        ("Budget > Rent\n\n900 a month\n\n```sh\n# no heading\n```", "# Budget > ## Rent"),
        ("Budget > Deposit", "# Budget > ## Deposit"),
        ("Budget > Boxes\n\ntwenty", "# Budget > ## Boxes"),
        ("2025-07-01\n\nSigned!", "# 2025-07-01"),
    ]
    assert {event.source for event in events} == {"markdown:notes/house.md"}
    assert {event.kind for event in events} == {"document"}
    assert {event.origin for event in events} == {Origin.DOCUMENT}
    assert [str(event.time) for event in events] == ["2025-06-02"] * 4 + ["2025-07-01"]
    assert events[1].metadata == {
        "path": "house.md",
        "headings": ["Budget", "Rent"],
        "title": "Moving house",
        "tags": ["home", "big plans"],
        "aliases": ["Lisbon", "the move"],
    }
    places = [event.position for event in events]
    assert places == sorted(set(places), key=lambda place: place or 0)


def test_a_folder_is_read_in_order_with_dates_from_names(write: Write, tmp_path: Path) -> None:
    write("n/b.md", "two")
    write("n/journal/2025-06-02.md", "# Day\nthree")
    write("n/journal/2025/06/03.markdown", "four")
    write("n/20250604 meeting.MD", "one")
    write("n/.obsidian/x.md", "hidden")
    write("n/picture.png", b"\x89PNG")
    events = list(read(tmp_path / "n"))
    assert [(event.session_id, str(event.time) if event.time else None) for event in events] == [
        ("20250604 meeting.MD", "2025-06-04"),
        ("b.md", None),
        ("journal/2025-06-02.md", "2025-06-02"),
        ("journal/2025/06/03.markdown", "2025-06-03"),
    ]
    assert [event.text for event in read(tmp_path / "n" / "b.md")] == ["two"]


def test_an_edited_section_keeps_its_name(write: Write) -> None:
    def names(text: str) -> list[tuple[str | None, str | None]]:
        return [(event.source, event.external_id) for event in read(write("n/a.md", text))]

    before = names("# A\none\n# B\ntwo\n# B\nagain\n")
    assert names("# A\nchanged\n# B\ntwo\n# B\nagain, changed\n# C\nnew\n")[:3] == before
    assert len(set(before)) == 3


def test_a_date_that_cannot_be_read_is_noted_and_the_name_serves(write: Write) -> None:
    seen: list[Notice] = []
    text = "---\ndate: some day\n---\nwords"
    [event] = read(write("2025-06-02.md", text), notice=seen.append)
    assert (str(event.time), seen) == ("2025-06-02", [Notice.UNTIMED])


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("---\ncreated: 2025-06-02 10:00:00+02:00\n---\nwords", "2025-06-02T10:00:00+02:00"),
        ("---\ndate: 2 June 2025\n---\nwords", "2025-06-02"),
        ("---\ndate: 2025-06-02\n---\n# Mon, 2025-07-07\nwords", "2025-07-07"),
        ("---\ndate: 2025-06-02\n---\n# The riots of 1 May 1886\nwords", "2025-06-02"),
        ("# v2.0 of 2025-06-02\nwords", "None"),
    ],
)
def test_dates_of_notes(write: Write, text: str, date: str) -> None:
    [event] = read(write("a.md", text))
    assert str(event.time) == date


@pytest.mark.parametrize("text", ["---\nnot closed: yes\n\nwords", "---", "# ", "#hashtag words"])
def test_odd_notes_lose_nothing(write: Write, text: str) -> None:
    path = write("a.md", text)
    held = "\n".join(event.text for event in read(path))
    assert all(word in held for word in text.split() if word.isalpha())


def test_notes_in_a_zip_are_refused_with_the_remedy(write: Write) -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.md", "words")
    with pytest.raises(SourceError, match="Unpack it and name the folder"):
        list(read(write("a.zip", out.getvalue())))


lines = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs")), max_size=20)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("ABC"), st.lists(lines, max_size=3))))
def test_every_line_of_a_note_is_in_its_section(
    tmp_path_factory: pytest.TempPathFactory, sections: list[tuple[int, str, list[str]]]
) -> None:
    path = tmp_path_factory.mktemp("m") / "a.md"
    note = ["\n".join([f"{'#' * level} {name}", *body, ""]) for level, name, body in sections]
    path.write_text("".join(note), encoding="utf-8")
    if not sections:
        return
    events = {event.position: event for event in read(path, "markdown")}
    assert len({event.external_id for event in events.values()}) == len(events)
    for number, (_, name, body) in enumerate(sections, 1):
        said = "\n".join(body).strip("\n")
        if said.strip():
            assert events[number].metadata["headings"][-1] == name
            assert events[number].text.split("\n\n", 1)[1] == said
