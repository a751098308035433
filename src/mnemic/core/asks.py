"""Ask: a question to a language model, as a value.

A step that wants a model's opinion makes an `Ask` and gets JSON back; who answers it, when, and
from which cache is not its business. So a plan can be looked at before it costs anything, run again
from kept answers, and tested without a model. The drivers that answer asks live elsewhere; here is
only what they are given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Protocol

from mnemic.core.errors import InputError
from mnemic.core.records import Json

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a language model.

    Raises InputError without a message, and for `max_tokens` < 1.
    """

    purpose: str
    """What the answer is for, such as "rerank"; chooses a model and labels the cost."""
    messages: tuple[Message, ...]
    schema: Mapping[str, Json]
    """JSON schema that the answer is to meet. A driver may enforce it; whoever asked still checks,
    because a model that is told something by what it reads may answer anything."""
    max_tokens: int = 512
    """Of the answer."""

    def __post_init__(self) -> None:
        if not self.messages:
            raise InputError(f"the ask for {self.purpose!r} has no message. Give at least one")
        if self.max_tokens < 1:
            raise InputError(f"no room for an answer: max_tokens={self.max_tokens}. Give 1 or more")

    @property
    def key(self) -> str:
        """A hash (64 hexadecimal digits) of all that decides the answer, the same everywhere.

        The purpose is left out: what an answer is used for does not change it.

        >>> one = Ask("rerank", (Message("user", "Which?"),), {"type": "object"})
        >>> two = Ask("other", (Message("user", "Which?"),), {"type": "object"})
        >>> one.key == two.key, len(one.key)
        (True, 64)
        """
        prompt = [[message.role, message.text] for message in self.messages]
        told = json.dumps([prompt, self.schema, self.max_tokens], sort_keys=True)
        return sha256(told.encode("ascii")).hexdigest()


class Answerer(Protocol):
    """Answers asks: a language model, a cache of answers, or a function in a test."""

    def __call__(self, ask: Ask) -> Json:
        """The answer as parsed JSON. Raises ModelError where there is none."""
        ...
