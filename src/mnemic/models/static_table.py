"""The default encoder: a table from tokens to vectors, shipped with the package, read with numpy.

A text's vector is the weighted sum of its tokens' rows, scaled to length 1. Word order is lost,
and with it little of what retrieval uses; what is gained is speed: about 10 µs a text after
tokenising, no model to download, no thread to start. How the table was made, and what it was chosen
over, is told by `scripts/build_static_table.py` and docs/design/encoders.md; how text becomes
tokens, by `language/wordpiece.py`.

A batch is encoded text by text. Adding up all texts at once (numpy's `reduceat`) takes three times
as long, and would let a text's last bits depend on its batch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnemic.core.errors import ModelError
from mnemic.core.ports import QueryTokens
from mnemic.core.vectors import Codes, EncoderId, Floats, unit
from mnemic.language.wordpiece import WordPiece
from mnemic.models.latin import reads

TABLES: Final = Path(__file__).parent / "tables"
"""The tables of this package, a folder for each language."""

_SAYS: Final = 0.12
"""Weight of a token from which on it is compared: a comma has .10, `she` .19, `when` .34."""

TokenIds: TypeAlias = Sequence[int] | NDArray[np.integer]
"""The WordPiece ids of one text, in order."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table as read from its folder; shared by all encoders of a process, never written to."""

    id: EncoderId
    pieces: WordPiece
    codes: Codes
    """(tokens, size) int8."""
    shares: Floats
    """(tokens,): weight of a token in a text, times the scale of its row."""
    weights: Floats
    """(tokens,): weight of a token in a text, 0 to 1; 0 for marks and unknown words."""


class StaticTable:
    """Encodes with a token table; costs nothing to make again, and threads may share it.

    `folder` holds another table, made by `scripts/build_static_table.py`; by default the English
    one of this package is used. Raises ModelError if its files are missing or damaged.

    >>> table = StaticTable()
    >>> lisbon, porto, proof = table.encode(["We moved to Lisbon", "They live in Porto", "QED: 0"])
    >>> bool(lisbon @ porto > lisbon @ proof)
    True
    """

    inline: Final = True

    def __init__(self, folder: str | Path | None = None) -> None:
        self._folder = TABLES / "english" if folder is None else Path(folder)

    @cached_property
    def _table(self) -> _Table:
        # Read when it is first used: listing or deleting memories takes no vectors.
        return _read(self._folder)

    @property
    def id(self) -> EncoderId:
        """Model "static", the table's own revision, int8 and the number of dimensions."""
        return self._table.id

    @property
    def pieces(self) -> WordPiece:
        """The tokenizer whose ids the table's rows belong to."""
        return self._table.pieces

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit rows (len(texts), size); a row is zero where no token is known."""
        return self.encode_ids([self._table.pieces.ids(text) for text in texts])

    def encode_query(self, text: str) -> Floats:
        """One unit row (size,); zero if no token is known or the text is not in Latin letters."""
        if not reads(text):
            return np.zeros(self._table.id.size, dtype=np.float32)
        return self.pool(self._table.pieces.ids(text))

    def encode_ids(self, texts: Sequence[TokenIds]) -> Floats:
        """Unit rows (len(texts), size) of texts that have been cut into token ids before."""
        rows = np.zeros((len(texts), self._table.id.size), dtype=np.float32)
        for place, ids in enumerate(texts):
            rows[place] = self.pool(ids)
        return rows

    def pool(self, ids: TokenIds) -> Floats:
        """The unit row (size,) of one text's token ids; zero if it has none that is known."""
        # `take` gathers rows in a third of the time that an index expression needs for so few.
        table, places = self._table, np.asarray(ids, dtype=np.intp)
        total: Floats = table.shares.take(places) @ table.codes.take(places, 0).astype(np.float32)
        length = math.sqrt(total @ total)
        return total / np.float32(length) if length else total

    def summands(self, ids: TokenIds) -> Floats:
        """What each token adds to a text (len(ids), size): `pool` is their sum at length 1."""
        table, places = self._table, np.asarray(ids, dtype=np.intp)
        rows: Floats = table.codes.take(places, 0).astype(np.float32)
        return rows * table.shares.take(places)[:, None]

    def rows(self, ids: TokenIds) -> Floats:
        """Unit rows (len(ids), size) of the tokens themselves, for token-by-token comparison."""
        return unit(self._table.codes[np.asarray(ids, dtype=np.intp)].astype(np.float32))

    def similarity(self, ids: TokenIds, others: TokenIds) -> Floats:
        """Cosines between tokens (len(ids), len(others)); 0 for tokens whose row is zero."""
        places = np.asarray(ids, dtype=np.intp)
        cosines: Floats = self._table.codes.take(places, 0).astype(np.float32) @ self.rows(others).T
        cosines /= self._lengths.take(places)[:, None]
        return cosines

    @cached_property
    def _lengths(self) -> Floats:
        """How long the row of each token is, at least 1 (tokens,)."""
        codes = self._table.codes
        square = np.einsum("ij,ij->i", codes, codes, dtype=np.int32)
        lengths: Floats = np.sqrt(np.maximum(square, 1), dtype=np.float32)
        return lengths

    def says(self, ids: TokenIds) -> NDArray[np.bool_]:
        """Which tokens say enough to be compared (len(ids),): not "the", "in" and commas."""
        return self.weights(ids) >= _SAYS

    def query_tokens(self, text: str) -> QueryTokens | None:
        """A question's tokens, each as much as it says; None where the table knows none."""
        if not reads(text):
            return None
        ids = np.array(self._table.pieces.ids(text), np.int64)
        ids = ids[self.says(ids)]
        weights = self.weights(ids)
        total = float(weights.sum())
        return QueryTokens(ids, weights / np.float32(total)) if total > 0 else None

    def weights(self, ids: TokenIds) -> Floats:
        """How much each token says (len(ids),): near 0 for "the", near 1 for a rare name."""
        return self._table.weights[np.asarray(ids, dtype=np.intp)]


@cache
def _read(folder: Path) -> _Table:
    """The table in a folder; read once per process."""
    try:
        entry = json.loads((folder / "manifest.json").read_bytes())
        rows, size = int(entry["rows"]), int(entry["size"])
        data = (folder / "table.bin").read_bytes()
        words = (folder / "vocab.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
        if len(data) != rows * (size + 4) or len(words) != rows:
            raise ValueError(f"{len(data)} bytes and {len(words)} words for {rows} rows of {size}")
        codes = np.frombuffer(data, np.int8, rows * size).reshape(rows, size)
        halves = np.frombuffer(data, "<f2", 2 * rows, rows * size).astype(np.float32)
        name = EncoderId(str(entry["model"]), str(entry["revision"]), "int8", size)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"no usable token table in {str(folder)!r}: {error}. Install mnemic again, or build "
            "the table with scripts/build_static_table.py"
        ) from error
    scales, weights = halves[:rows], halves[rows:]
    return _Table(name, WordPiece(words), codes, scales * weights, weights)
