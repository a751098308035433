"""What floors ask of each other without knowing each other: the ports.

Neighbours on one floor never import each other. What retrieval needs of an index, or the engine of
an encoder, is written down here as a protocol of as few methods as will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.clock import Micros
from mnemic.core.vectors import EncoderId, Floats

NOBODY: Final = -1
"""The row of a neighbour that is not there, and the code of a property that is not given."""

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def id(self) -> EncoderId:
        """Model, revision, quantisation and size; stored with each vector."""
        ...

    @property
    def inline(self) -> bool:
        """Whether it is fast enough for the write path; if not, vectors come in the background."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows (len(texts), size) for passages. Raises ModelError."""
        ...

    def encode_query(self, text: str) -> Floats:
        """One unit row (size,) for a question. Raises ModelError."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """What the indexes keep of one record: no text, only what ranking reads."""

    key: int
    """The store's integer key of the record."""
    tokens: str
    """The analysed text: tokens parted by blanks."""
    kind: str
    session: str | None
    ordinal: int
    agent: str | None = None
    speaker: str | None = None
    role: str | None = None
    origin: str = "user"
    valid_from: Micros | None = None
    valid_to: Micros | None = None
    weight: float = 1.0
    cues: int = 0
    """Bits of `Cue`, read off the text when it was written."""


class Columns(Protocol):
    """The rows of one partition, one array per property, each of shape (rows,).

    `previous` and `following` give the row of the neighbour in the same session, or -1.
    `valid_from` and `valid_to` in microseconds; the smallest and largest int64 where open.
    `speaker`, `role`, `kind`, `agent`, `session`, `origin` are codes into
    `names[column]`; -1 is none. `words` is the number of tokens, 0 for a row that was removed.
    """

    keys: Ints
    previous: Ints
    following: Ints
    valid_from: Ints
    valid_to: Ints
    speaker: Ints
    role: Ints
    kind: Ints
    agent: Ints
    session: Ints
    origin: Ints
    words: Ints
    cues: Ints
    weight: Floats
    alive: Mask
    """False where a record was removed and its row stayed behind."""
    names: dict[str, list[str]]


class TextIndex(Protocol):
    """Scores every row of a partition against query terms, with the partition's own statistics."""

    def bm25(self, terms: Sequence[str], k1: float, b: float) -> Floats:
        """BM25 of each row alone (rows,); 0 where no term occurs."""
        ...

    def bm25_window(self, terms: Sequence[str], k1: float, b: float) -> Floats:
        """BM25 of each row read together with its two neighbours (rows,)."""
        ...

    def bridged(self, groups: Sequence[Sequence[str]]) -> Floats:
        """The information of the groups of which a row holds a member (rows,).

        A group's information is that of a term which occurs wherever one of its members does.
        """
        ...

    def whole(self, groups: Sequence[Sequence[str]]) -> Floats:
        """How many of the groups a row holds with all their members (rows,)."""
        ...

    def ceiling(self, terms: Sequence[str], k1: float) -> float:
        """What a row would score that holds each of the terms without end; 0 if none occurs.

        A term that no row holds counts by half: it may only be spelt otherwise.
        """
        ...


class VectorIndex(Protocol):
    """Scores every row of a partition against a query vector."""

    def cosine(self, query: Floats) -> Floats:
        """Cosine of each row's best passage (rows,); -1 where a row has no vector."""
        ...

    def cosine_pooled(self, query: Floats, neighbour: float = 0.25) -> Floats:
        """Cosine with normalise(e + neighbour * e_previous + neighbour * e_following) (rows,)."""
        ...


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """A question's tokens, for comparison token by token."""

    ids: Ints
    """(tokens,)."""
    shares: Floats
    """How much of the question each one is (tokens,); they add up to 1."""


class TokenIndex(Protocol):
    """Compares the tokens of a question with those of rows."""

    def best(self, rows: Ints, query: QueryTokens) -> Floats:
        """How near each token of the question comes to a row's best passage (rows, tokens)."""
        ...


class Reranker(Protocol):
    """Reads question and candidate together, which no index can: a second look at the best few.

    It runs while somebody waits, once per search, and costs by the candidate (a small cross-encoder
    about 10 ms each on a processor), so whoever calls it decides how many it is given.
    """

    @property
    def name(self) -> str:
        """Model and revision, as an explanation shows it."""
        ...

    def rerank(self, query: str, candidates: Sequence[str], dialogue: Sequence[str] = ()) -> Floats:
        """How probably each candidate answers the query, in [0, 1] (len(candidates),).

        `dialogue` is what was said before the query, oldest first: it tells whom "she" means.
        Raises ModelError.
        """
        ...
