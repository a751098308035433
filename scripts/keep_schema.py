"""Keep a database of the present schema, and its answers, for the tests of later versions.

Run it once before a migration is added:

    python scripts/keep_schema.py tests/files

It writes `schema-<number>.db` and `schema-<number>.json`; `tests/store/test_migrate.py` opens every
such file with the present code and holds its answers against those that were written down.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import mnemic
from mnemic.core.clock import Moment
from mnemic.store.migrate import migrations
from mnemic.surface import wire

BEGIN = 1_748_858_400_000_000  # 2025-06-02T10:00Z
QUESTIONS = (
    "Where does Ana live?",
    "When is the wedding?",
    "What is Ana allergic to?",
    "Who repaired the bicycle?",
)


def clock() -> Callable[[], int]:
    """A clock that goes on by a second whenever it is read."""
    ticks = count(BEGIN, 1_000_000)
    return lambda: next(ticks)


def fill(path: Path) -> None:
    """A history with every verb, two users, sessions, links, derived and forgotten records."""
    with mnemic.Memory(path, clock=clock()) as memory:
        chat = [
            {"role": "user", "name": "Ana", "content": "My sister Rita marries on 20 September."},
            {"role": "assistant", "content": "Lovely! Shall I remind you to book the train?"},
            {"role": "user", "name": "Ana", "content": "Please do. I am allergic to walnuts."},
        ]
        said = memory.add(chat, user_id="ana", session_id="s1", metadata={"turn": "D1", "n": 3})
        home = memory.add("I live in Porto.", user_id="ana", speaker="Ana", timestamp="2024-03-01")
        memory.supersede(home.id, text="I live in Lisbon.", valid_from="2025-05-01", why="moved")
        memory.update(said.ids[2], text="Please do. I am allergic to walnuts and to pollen.")
        fact = memory.add(
            "Ana avoids walnuts.", user_id="ana", kind="fact", derived_from=[said.ids[2]]
        )
        memory.link(fact.id, "about", said.ids[0], weight=0.5)
        gone = memory.add("The bank's PIN is four two four two.", user_id="ana", external_id="x1")
        memory.forget(gone.id, reason="user_request")
        hidden = memory.add("I dislike the colour beige.", user_id="ana")
        memory.delete(hidden.id)
        back = memory.add("Bento repaired my bicycle.", user_id="ana", agent_id="helper")
        memory.delete(back.id)
        memory.restore(back.id)
        memory.update(back.id, weight=2.0)
        memory.add("Eu moro no Recife, perto do mar.", user_id="bia", source="app", external_id="7")
        memory.add("A tool found a page. " * 30, user_id="bia", role="tool", session_id="t")


def answers(path: Path) -> dict[str, Any]:
    """What a memory says of itself: every record with its history, the log, searches."""
    with mnemic.Memory(path, clock=clock()) as memory:
        users = [scope.user_id for scope in memory.scopes()]
        listed = {user: memory.list(user_id=user, deleted=True, limit=1000) for user in users}
        records = [record for page in listed.values() for record in page]
        middle = memory.log(since=0, limit=1000)[8].at
        told: dict[str, Any] = {
            "lists": {
                user: [wire.plain(record) for record in page] for user, page in listed.items()
            },
            "histories": {record.id: wire.plain(memory.history(record.id)) for record in records},
            "log": wire.plain(memory.log(since=0, limit=1000)),
            "scopes": wire.plain(memory.scopes()),
            "first hits": {
                question: memory.search(question, user_id="ana", now="2025-07-01")[0].record.id
                for question in QUESTIONS
            },
            "as of 2024": memory.search("Where does Ana live?", user_id="ana", as_of="2024-06-01")[
                0
            ].record.text,
            "known then": sorted(
                hit.record.id
                for hit in memory.search("Ana", user_id="ana", known_at=Moment(middle), limit=100)
            ),
        }
        return json.loads(json.dumps(told))  # type: ignore[no-any-return]


def main() -> None:
    """Write both files."""
    folder = Path(sys.argv[1])
    name = f"schema-{migrations()[-1][0]:04}"
    path = folder / f"{name}.db"
    if path.exists():
        raise SystemExit(f"{path} is there already: a kept file is never written again")
    fill(path)
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA journal_mode = DELETE")
    file.close()
    told = json.dumps(answers(path), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / f"{name}.json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
