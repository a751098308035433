"""mnemic as an application has it: `Memory` on a file, everything that is known handed in.

Sessions, speakers, roles and times go in with the texts; the time of a question and the dialogue
before it go into the search. After each insertion the background work is finished, so that a slow
encoder's vectors are there when the first question comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnemic import __version__
from mnemic.bench.adapters.texts import Place
from mnemic.bench.system import Answered, Found
from mnemic.core.events import Event
from mnemic.core.queries import Hit
from mnemic.engine.memory import Memory
from mnemic.sources.questions import Question


class MnemicMemory:
    """A memory; conversations are its users.

    `encoder` as `Memory` takes it; None is text alone. `folder` is where the file lies; None is a
    temporary one. Raises what `Memory` raises.
    """

    def __init__(
        self,
        encoder: str | None = "static",
        *,
        folder: Path | None = None,
        encoder_options: Mapping[str, Any] | None = None,
    ) -> None:
        self._place = Place(folder)
        self._memory = Memory(
            self._place.folder / "memory.db", encoder=encoder, encoder_options=encoder_options
        )
        self._name = f"mnemic {__version__} {encoder or 'none'}"

    @property
    def name(self) -> str:
        """ "mnemic", its version and its encoder."""
        return self._name

    @property
    def calibrated(self) -> bool:
        """Whether the score of a hit is meant as a probability: it is."""
        return True

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Remember the texts, and finish the work that is left for the background."""
        # Without their identities: a benchmark counts its texts itself, and a second one under the
        # same name would be taken for the first.
        plain = [replace(event, source=None, external_id=None) for event in events]
        self._memory.add(plain, user_id=partition)
        self._memory.flush()

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """What `Memory.search` finds, as of the time of the question."""
        hits = self._memory.search(
            question.text,
            user_id=question.conversation,
            limit=limit,
            now=question.now,
            dialogue=_dialogue(question),
        )
        return [Found(_turn(hit), hit.score, hit.record.text) for hit in hits]

    def answer(self, question: Question) -> Answered:
        """What `Memory.answer` says, as of the time of the question."""
        said = self._memory.answer(
            question.text,
            user_id=question.conversation,
            now=question.now,
            dialogue=_dialogue(question),
        )
        turns = tuple(_turn(hit) for hit in said.evidence)
        return Answered(said.values, said.abstained, said.confidence, turns)

    def size(self) -> int:
        """Bytes of the database."""
        return self._memory.stats().bytes

    def close(self) -> None:
        """Close the file, and delete it where it was a temporary one."""
        self._memory.close()
        self._place.close()


def _turn(hit: Hit) -> str:
    return str(hit.record.metadata["turn"])


def _dialogue(question: Question) -> Sequence[Any]:
    """What was said before the question, where the benchmark has it."""
    said = question.metadata.get("dialogue")
    return said if isinstance(said, list | tuple) else ()
