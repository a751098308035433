"""Read off a text what is kept beside it: tokens, cues, passages, vectors, a mark of its words.

The same reading serves a new message, a revised record and a rebuild, so that what is derived can
always be made again and comes out the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mnemic.core.clock import Moment
from mnemic.core.ports import Encoder
from mnemic.core.records import Record
from mnemic.core.storage import Passage, Reading, Vectors
from mnemic.core.vectors import quantise
from mnemic.language.analyser import Analyser
from mnemic.language.cues import cues
from mnemic.language.dates import date_words
from mnemic.language.passages import passages
from mnemic.models.static_table import StaticTable


@dataclass(frozen=True, slots=True)
class Words:
    """What a reading is made of."""

    text: str
    speaker: str | None
    time: Moment | None


class Reader:
    """Reads texts; shared by all threads of a memory.

    `table`'s tokens cut texts into passages, the same ones whatever the encoder; `encoder` is the
    one of the write path, or None. `secret` is the file's key for marks.
    """

    def __init__(
        self, analyser: Analyser, table: StaticTable, encoder: Encoder | None, secret: bytes
    ) -> None:
        self.analyser = analyser
        self.encoder = encoder
        self.table = table
        self._secret = secret

    @cached_property
    def ordinary(self) -> Callable[[str], bool]:
        """Whether a word is one of everyday English, so that it is hardly a slip of another."""
        if self.analyser.language != "english":
            return lambda word: False
        return frozenset(self.table.pieces.vocabulary).__contains__

    def read_records(self, records: Sequence[Record], *, vectors: bool = True) -> list[Reading]:
        """The readings of records as they stand; without vectors where only words matter."""
        words = [Words(record.text, record.speaker, record.valid_from) for record in records]
        return self.read(words, vectors=vectors)

    def read(self, words: Sequence[Words], *, vectors: bool = True) -> list[Reading]:
        """One reading per text; all passages are encoded in one go."""
        if not words:
            return []
        cut = [self._cut(word.text) for word in words]
        if self.encoder is None or not vectors:
            parts: list[Vectors | None] = [None] * len(words)
        else:
            parts = list(self._vectors(self.encoder, words, cut))
        return [
            Reading(
                tokens=self.tokens(word),
                cues=int(cues(word.text)),
                passages=passages,
                vectors=part,
                mark=self.mark(word),
            )
            for word, passages, part in zip(words, cut, parts, strict=True)
        ]

    def _cut(self, text: str) -> tuple[Passage, ...]:
        return tuple(
            Passage(found.start, found.end, np.array(found.ids, np.uint16))
            for found in passages(text, self.table.pieces.ids)
        )

    def tokens(self, words: Words) -> str:
        """What is indexed: who spoke, what was said, and the words of its date."""
        text = f"{words.speaker}: {words.text}" if words.speaker else words.text
        tokens = self.analyser.tokens(text)
        if words.time is not None:
            tokens += self.analyser.tokens(date_words(words.time, self.analyser.language))
        return " ".join(tokens)

    def mark(self, words: Words) -> int:
        """A keyed hash of speaker and words, 63 bits: who repeats words repeats their mark."""
        said = f"{words.speaker or ''}\0{' '.join(words.text.split())}".casefold()
        digest = hashlib.blake2b(said.encode("utf-8"), key=self._secret, digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1

    def _vectors(
        self, encoder: Encoder, words: Sequence[Words], cut: Sequence[tuple[Passage, ...]]
    ) -> Iterator[Vectors]:
        if isinstance(encoder, StaticTable):  # whose tokens the passages were cut by
            ids = [passage.token_ids for each in cut for passage in each]
            rows = encoder.encode_ids([part for part in ids if part is not None])
        else:
            rows = encoder.encode(
                [
                    word.text[passage.start : passage.end]
                    for word, each in zip(words, cut, strict=True)
                    for passage in each
                ]
            )
        codes, scales = quantise(rows)
        first = 0
        for each in cut:
            last = first + len(each)
            yield Vectors(encoder.id, codes[first:last], scales[first:last])
            first = last
