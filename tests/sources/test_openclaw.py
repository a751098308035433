"""OpenClaw: an agent's workspace."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic.core.errors import SourceError
from mnemic.core.records import Origin
from mnemic.sources.detect import detect
from mnemic.sources.read import read, size

Write = Callable[[str, str | bytes], Path]

FILES = {
    "MEMORY.md": "# Memory\n\n## Food\n- Ana likes tea\n",
    "USER.md": "# User\nAna, from Porto\n",
    "SOUL.md": "# Soul\nBe kind.\n",
    "AGENTS.md": "# Agents\nRead MEMORY.md.\n",
    "memory/2026-04-01.md": "# 2026-04-01\n\n## Morning\nAna ran 5 km.\n",
    "memory/2026-04-02-trip.md": "# Session: 2026-04-02 14:30:00 UTC\n\nPacked.\n",
    "memory/projects/boat.md": "# Boat\nIt is blue.\n",
    "projects/site/README.md": "# A site\nwork, not memory\n",
    "data.json": "[1]",
}


@pytest.fixture
def workspace(write: Write, tmp_path: Path) -> Path:
    for name, text in FILES.items():
        write(f"home/workspace/{name}", text)
    return tmp_path / "home" / "workspace"


def test_memory_comes_over_and_instructions_do_not(workspace: Path) -> None:
    assert detect(workspace) == detect(workspace.parent) == "openclaw"
    told: Counter[str] = Counter()
    sizes: list[int] = []
    events = list(read(workspace, notice=lambda one: told.update([one]), progress=sizes.append))
    assert [(event.session_id, event.text, str(event.time)) for event in events] == [
        ("workspace/MEMORY.md", "Memory > Food\n\n- Ana likes tea", "None"),
        ("workspace/USER.md", "User\n\nAna, from Porto", "None"),
        ("workspace/memory/2026-04-01.md", "2026-04-01 > Morning\n\nAna ran 5 km.", "2026-04-01"),
        (
            "workspace/memory/2026-04-02-trip.md",
            "Session: 2026-04-02 14:30:00 UTC\n\nPacked.",
            "2026-04-02",
        ),
        ("workspace/memory/projects/boat.md", "Boat\n\nIt is blue.", "None"),
    ]
    assert {event.origin for event in events} == {Origin.AGENT}
    assert events[0].source == "openclaw:workspace/MEMORY.md"
    assert events[0].metadata["workspace"] == "workspace"
    assert told == {"instructions to an agent, which are not memories": 2}
    assert sum(sizes) == size(workspace)


def test_the_folder_above_gives_the_same(workspace: Path) -> None:
    names = [
        [(e.source, e.external_id) for e in read(path)] for path in (workspace, workspace.parent)
    ]
    assert names[0] == names[1]


def test_a_diary_is_not_a_workspace(write: Write) -> None:
    assert detect(write("diary/memory/2026-04-01.md", "# A day\nfine\n").parents[1]) == "markdown"
    assert detect(write("one/MEMORY.md", "# Memory\nfine\n").parent) == "markdown"
    assert detect(write("two/MEMORY.md", "# Memory\nfine\n")) == "markdown"


def test_a_folder_without_memory_and_a_zip_say_so(write: Write, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no memory in"):
        list(read(write("x/note.md", "# a\nb\n").parent, "openclaw"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    with pytest.raises(SourceError, match="Unpack it"):
        list(read(write("workspace.zip", packed.getvalue())))
