"""mnemic as it is measured: whole messages in, texts out; and an encoder whose work is done.

Peers get a text; mnemic gets what an application has: session, speaker, role and time as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mnemic
from mnemic.core.vectors import EncoderId, Floats
from mnemic.language.passages import passages
from mnemic.models.static_table import StaticTable
from turns import Turn


class Precomputed:
    """An encoder that looks vectors up: what is left is the cost of the memory itself.

    Questions are few and are encoded by the table that the vectors come from.
    """

    inline = True

    def __init__(self, texts: Sequence[str], vectors: Floats) -> None:
        self._places = {text: place for place, text in enumerate(texts)}
        self._vectors = vectors
        self._table = StaticTable()
        self.id = EncoderId("precomputed", "1", "int8", vectors.shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        return self._vectors[[self._places[text] for text in texts]]

    def encode_query(self, text: str) -> Floats:
        return self._table.encode_query(text)


def cut(texts: Sequence[str]) -> list[str]:
    """The passages that mnemic asks an encoder for, each once."""
    ids = StaticTable().pieces.ids
    found = {text[part.start : part.end]: None for text in texts for part in passages(text, ids)}
    return [*found]


class Ours:
    """A `Memory` on a file."""

    batches = True

    def __init__(self, path: str | Path, encoder: Any = "static") -> None:
        self._memory = mnemic.Memory(path, encoder=encoder)

    def add_turns(self, turns: Sequence[Turn], user: str) -> None:
        """One by one as `add(text, ...)`, several as a list of messages."""
        if len(turns) == 1:
            turn = turns[0]
            self._memory.add(
                turn.text,
                user_id=user,
                session_id=turn.session,
                speaker=turn.speaker,
                role=turn.role,
                timestamp=turn.time,
            )
            return
        self._memory.add([_message(turn) for turn in turns], user_id=user)

    def find(self, text: str, user: str, k: int) -> list[str]:
        return [hit.text for hit in self._memory.search(text, user_id=user, limit=k)]

    def close(self) -> None:
        self._memory.close()


def _message(turn: Turn) -> dict[str, Any]:
    return {
        "role": turn.role,
        "content": turn.text,
        "name": turn.speaker,
        "timestamp": turn.time,
        "session_id": turn.session,
    }
