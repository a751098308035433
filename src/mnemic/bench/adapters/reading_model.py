"""A language model that reads all it was given, and answers: ceiling, or test of contamination.

What calls the model is any function from prompt to reply, so nothing here knows a network. With no
texts inserted, the model answers from what it was trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from mnemic.bench.adapters.texts import spoken
from mnemic.bench.system import Answered, Found
from mnemic.core.events import Event
from mnemic.sources.questions import Question

_BEFORE: Final = "Read this text.\n\n<text>\n"
_AFTER: Final = "\n</text>\n\n"


class Reads(Protocol):
    """A language model as a function."""

    def __call__(self, prompt: str) -> str:
        """Its reply; an empty one counts as silence."""
        ...


class ReadingModel:
    """A system that keeps texts as they are and puts them all before the question.

    >>> model = ReadingModel(lambda prompt: " A" if "cats" in prompt else "", "toy")
    >>> model.insert("x", [Event("About cats.", metadata={"turn": "1"})])
    >>> asked = Question("1", "x", "Which?", None, "")
    >>> model.answer(asked).values, model.query(asked, 5)
    (('A',), [])
    """

    def __init__(self, reads: Reads, name: str) -> None:
        """`name` is what it is called in tables: the model with its version."""
        self.name: Final = name
        self._reads = reads
        self._texts: dict[str, list[str]] = {}

    def insert(self, partition: str, events: Sequence[Event]) -> None:
        """Keep the texts."""
        self._texts.setdefault(partition, []).extend(map(spoken, events))

    def query(self, question: Question, limit: int) -> Sequence[Found]:
        """Nothing: it reads everything and points at nothing."""
        return []

    def answer(self, question: Question) -> Answered:
        """Its reply to the texts and the question; abstained if that is empty."""
        texts = self._texts.get(question.conversation)
        before = f"{_BEFORE}{chr(10).join(texts)}{_AFTER}" if texts else ""
        said = self._reads(before + question.text).strip()
        return Answered((said,) if said else (), abstained=not said)

    def size(self) -> int:
        """Bytes of the texts that it keeps."""
        return sum(len(text.encode()) for texts in self._texts.values() for text in texts)

    def close(self) -> None:
        """Forget the texts."""
        self._texts.clear()
