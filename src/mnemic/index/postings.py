"""BM25 over one partition, in numpy: exact, with the partition's own statistics.

Two parts, as in any log-structured index. The base holds, for each term, its rows and counts one
after the other (compressed sparse rows). Texts that are appended wait until the next query, which
reads all of them at once into a delta: a flat list of (term, row, count) that queries scan. When
the delta outgrows an eighth of the base, both become one. A removed row's counts become zero and
its terms one row rarer, so scores equal those of an index built without it (`naive.py` is the
specification; the tests hold both against each other).

The window key (a row read together with the rows before and after it in its session) is computed
at query time from the neighbours: nothing of a text is copied into other rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from mnemic.core.ports import NOBODY, Ints, Mask
from mnemic.core.vectors import Floats
from mnemic.index.columns import PartitionColumns
from mnemic.index.growing import Growing
from mnemic.index.terms import Hashes, Places, first_of_each, hash_terms, number

_MOST = np.iinfo(np.uint16).max
_SMALL_DELTA = 32_768
_COMMON = 10  # a term in more than a tenth of the rows is common
_TOO_COMMON = 4
_UNSEEN = 0.5
_NEVER_ZERO = 1e-9  # k1 = 0 would divide nothing by nothing


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics of a partition of which only some rows are loaded."""

    rows: int
    holding: dict[str, int]
    """How many rows hold each query term."""
    average: float
    """Mean number of tokens of a row."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A query term that occurs: its weight, the rows that hold it (each once), how often."""

    weight: float
    rows: Ints
    counts: Floats


@dataclass(frozen=True, slots=True)
class _Lengths:
    """What BM25 divides by, kept for one version of the columns."""

    version: int
    windows: Ints
    average: float
    average_window: float


class Postings:
    """TextIndex (see `core.ports.TextIndex`) over the rows of `columns`.

    `tokens` are the texts of the rows that the columns hold already. `statistics` None counts the
    rows at hand; give those of the whole partition when only a part of it was loaded. More than
    65,535 occurrences of a term in one row count as that many.
    """

    def __init__(
        self,
        columns: PartitionColumns,
        tokens: Sequence[str] = (),
        statistics: Statistics | None = None,
    ) -> None:
        self._columns = columns
        self._statistics = statistics
        self._lengths: _Lengths | None = None
        self._waiting: dict[int, str] = {}
        self._asked: tuple[tuple[str, ...], int, list[_Found]] | None = None
        hashes, self._rows, self._counts = _count(tokens)
        self._terms, self._starts = _bounds(hashes)
        self._held: Ints = np.diff(self._starts)
        self._empty_delta()

    def _empty_delta(self) -> None:
        self._new_terms, self._new_rows = Growing(np.uint64), Growing(np.int32)
        self._new_counts = Growing(np.uint16)
        self._late: tuple[Hashes, Ints] | None = None  # the delta by its terms, for `holding`

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        base = (self._terms, self._starts, self._rows, self._counts, self._held)
        delta = (self._new_terms, self._new_rows, self._new_counts)
        waiting = sum(map(len, self._waiting.values()))
        return sum(part.nbytes for part in base) + sum(part.nbytes for part in delta) + waiting

    def append(self, place: int, tokens: str) -> None:
        """Take in the text of a row that was appended to the columns."""
        self._waiting[place] = tokens
        self._asked = None

    def remove(self, places: Sequence[int]) -> None:
        """Take out the texts of these rows; a scan of the postings, 2 ms per 100,000 rows."""
        self._asked = None
        self._late = None
        stored = [place for place in places if self._waiting.pop(place, None) is None]
        if not stored:
            return
        gone = np.isin(self._rows, np.asarray(stored, np.int32)) & (self._counts > 0)
        here = np.flatnonzero(gone)
        self._counts[here] = 0
        self._held -= np.bincount(
            np.searchsorted(self._starts, here, side="right") - 1, minlength=len(self._held)
        )
        self._new_counts.view[np.isin(self._new_rows.view, np.asarray(stored, np.int32))] = 0

    def _settle(self) -> None:
        """Bring in what waits, and merge when the delta has grown large."""
        if self._waiting:
            places = np.fromiter(self._waiting, np.int32, len(self._waiting))
            hashes, rows, counts = _count(list(self._waiting.values()))
            self._waiting.clear()
            self._new_terms.extend(hashes)
            self._new_rows.extend(places[rows])
            self._new_counts.extend(counts)
            self._late = None
        if self._new_terms.size > max(_SMALL_DELTA, len(self._rows) // 8):
            self._merge()

    def _merge(self) -> None:
        """Make one base of base and delta in one pass, leaving out what was removed.

        Both are in the order of terms, and rows of the delta come after those of the base.
        """
        late = np.flatnonzero(self._new_counts.view)
        late = late[np.lexsort((self._new_rows.view[late], self._new_terms.view[late]))]
        new_terms, new_starts = _bounds(self._new_terms.view[late])
        kept = self._counts > 0
        terms = np.union1d(self._terms, new_terms)
        old, new = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
        old[np.searchsorted(terms, self._terms)] = self._held
        new[np.searchsorted(terms, new_terms)] = np.diff(new_starts)
        starts = np.append(0, np.cumsum(old + new))
        to_old = np.arange(old.sum()) + np.repeat(np.cumsum(new) - new, old)
        to_new = np.arange(new.sum()) + np.repeat(np.cumsum(old), new)
        rows, counts = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint16)
        rows[to_old], rows[to_new] = self._rows[kept], self._new_rows.view[late]
        counts[to_old], counts[to_new] = self._counts[kept], self._new_counts.view[late]
        held = old + new > 0
        self._terms, self._starts = terms[held], np.append(starts[:-1][held], starts[-1])
        self._rows, self._counts, self._held = rows, counts, np.diff(self._starts)
        self._empty_delta()

    def _find(self, terms: Sequence[str]) -> list[_Found]:
        """The different terms that occur; kept for the next question about the same ones."""
        asked = tuple(terms)
        if self._asked is None or self._asked[:2] != (asked, self._columns.version):
            self._settle()
            counted = Counter(term for term in asked if term)
            hashes, _ = hash_terms(list(counted))
            near = np.minimum(np.searchsorted(self._terms, hashes), max(len(self._terms) - 1, 0))
            found = [
                self._find_one(term, times, wanted, int(place))
                for (term, times), wanted, place in zip(counted.items(), hashes, near, strict=True)
            ]
            self._asked = asked, self._columns.version, [one for one in found if one is not None]
        return self._asked[2]

    def _find_one(self, term: str, times: int, wanted: np.uint64, place: int) -> _Found | None:
        """One term, which the base holds at `place` or not at all."""
        rows, counts, held = self._rows[:0], self._counts[:0], 0
        if len(self._terms) and self._terms[place] == wanted:
            base = slice(int(self._starts[place]), int(self._starts[place + 1]))
            rows, counts, held = self._rows[base], self._counts[base], int(self._held[place])
        late = np.flatnonzero(self._new_terms.view == wanted)
        if len(late):
            new = self._new_counts.view[late]
            rows = np.concatenate((rows, self._new_rows.view[late]))
            counts = np.concatenate((counts, new))
            held += int(np.count_nonzero(new))
        total = self._columns.living
        if self._statistics is not None:
            total, held = self._statistics.rows, self._statistics.holding.get(term, held)
        if not held:
            return None
        return _Found(times * _idf(held, total), rows.astype(np.int64), counts.astype(np.float32))

    def _measure(self) -> _Lengths:
        columns = self._columns
        if self._lengths is None or self._lengths.version != columns.version:
            alive, words = columns.alive, np.append(columns.words, 0)  # the last place is nobody's
            windows = words[:-1] + words.take(columns.previous, mode="wrap")
            windows += words.take(columns.following, mode="wrap")
            average = float(columns.words[alive].mean()) if alive.any() else 0.0
            average_window = float(windows[alive].mean()) if alive.any() else 0.0
            if self._statistics is not None:
                average, average_window = self._statistics.average, 3 * self._statistics.average
            self._lengths = _Lengths(
                columns.version, windows, average or 1.0, average_window or 1.0
            )
        return self._lengths

    def bm25(self, terms: Sequence[str], k1: float, b: float) -> Floats:
        """BM25 of each row alone (rows,); 0 where no term occurs. See `naive.gain` for k1, b."""
        scores = np.zeros(len(self._columns), np.float32)
        damping = _damping(self._columns.words, self._measure().average, k1, b)
        for found in self._find(terms):
            rows, gain = found.rows, np.float32(found.weight * (k1 + 1))
            scores[rows] += gain * found.counts / (found.counts + damping[rows])
        return scores

    def bm25_window(self, terms: Sequence[str], k1: float, b: float) -> Floats:
        """BM25 of each row read together with its two neighbours (rows,)."""
        columns, lengths = self._columns, self._measure()
        rows = len(columns)
        scores = np.zeros(rows, np.float32)
        damping = _damping(lengths.windows, lengths.average_window, k1, b)
        occurring = np.zeros(rows + 1, np.float32)  # the last place is nobody's
        for found in self._find(terms):
            gain = np.float32(found.weight * (k1 + 1))
            occurring[found.rows] = found.counts
            if len(found.rows) * _COMMON > rows:  # so many rows that looking at all is faster
                total = occurring.take(columns.previous, mode="wrap")
                total += occurring.take(columns.following, mode="wrap")
                total += occurring[:-1]
                scores += gain * total / (total + damping)
                occurring[found.rows] = 0
                continue
            reached = [found.rows]
            for neighbour in (columns.following, columns.previous):
                # No row is the neighbour of two others, so each place is written once.
                beside = neighbour[found.rows]
                there = beside != NOBODY
                beside = beside[there]
                occurring[beside] += found.counts[there]
                reached.append(beside)
            for places in reached:
                total = occurring[places]
                scores[places] += gain * total / (total + damping[places])
                occurring[places] = 0  # a place that is reached twice counts once
        return scores

    def holding(self, tokens: Sequence[str]) -> Ints:
        """How many rows hold each of these analysed tokens (tokens,), in their order.

        Looks up hundreds at once, such as all that a misspelt word may have meant (500: .3 ms).
        Counts the rows at hand, also where `statistics` tell of a larger partition.

        >>> from mnemic.core.ports import Row
        >>> columns = PartitionColumns([Row(1, "move lisbon", "turn", None, 0)])
        >>> Postings(columns, ["move lisbon"]).holding(["lisbon", "porto"]).tolist()
        [1, 0]
        """
        self._settle()
        counts = np.zeros(len(tokens), np.int64)
        hashes, place = hash_terms(tokens)
        whole = np.bincount(place, minlength=len(tokens))[place] == 1  # neither none nor several
        hashes, place = hashes[whole], place[whole]
        if len(self._terms) and len(hashes):
            near = np.minimum(np.searchsorted(self._terms, hashes), len(self._terms) - 1)
            found = self._terms[near] == hashes
            counts[place[found]] = self._held[near[found]]
        if self._late is None:
            late = self._new_terms.view[self._new_counts.view > 0]
            self._late = _bounds(np.sort(late))
        terms, starts = self._late
        if len(terms) and len(hashes):
            near = np.minimum(np.searchsorted(terms, hashes), len(terms) - 1)
            counts[place] += np.where(terms[near] == hashes, np.diff(starts)[near], 0)
        return counts

    def bridged(self, groups: Sequence[Sequence[str]]) -> Floats:
        """The information of the groups of which a row holds a member (rows,).

        A group that more than a quarter of the rows hold says nothing.
        """
        scores = np.zeros(len(self._columns), np.float32)
        rows = self._statistics.rows if self._statistics else self._columns.living
        for held in self._held_by(groups):
            members = np.flatnonzero(held)
            if 0 < len(members) <= max(self._columns.living // _TOO_COMMON, 1):
                scores[members] += np.float32(_idf(len(members), rows))
        return scores

    def whole(self, groups: Sequence[Sequence[str]]) -> Floats:
        """How many of the groups a row holds with all their members (rows,)."""
        scores = np.zeros(len(self._columns), np.float32)
        different = [tuple(dict.fromkeys(group)) for group in groups]
        held = self._held_by([[term] for group in different for term in group])
        for group in different:
            if group:
                scores += np.logical_and.reduce([next(held) for _ in group])
        return scores

    def _held_by(self, groups: Sequence[Sequence[str]]) -> Iterator[Mask]:
        """For each group, which rows hold a member of it (rows,)."""
        self._settle()
        hashes, number = hash_terms([" ".join(group) for group in groups])
        near = np.minimum(np.searchsorted(self._terms, hashes), max(len(self._terms) - 1, 0))
        known = self._terms[near] == hashes if len(self._terms) else np.zeros(len(hashes), np.bool_)
        late, late_rows = self._new_terms.view, self._new_rows.view
        for place in range(len(groups)):
            held = np.zeros(len(self._columns), np.bool_)
            mine = number == place
            for term in near[mine & known].tolist():
                base = slice(int(self._starts[term]), int(self._starts[term + 1]))
                held[self._rows[base][self._counts[base] > 0]] = True
            if len(late):
                new = np.isin(late, hashes[mine]) & (self._new_counts.view > 0)
                held[late_rows[new]] = True
            yield held

    def ceiling(self, terms: Sequence[str], k1: float) -> float:
        """The score that no row exceeds: every term, without end; 0 if none of them occurs.

        A term that no row holds counts by half: it may only be spelt otherwise.
        """
        found = self._find(terms)
        if not found:
            return 0.0
        rows = self._statistics.rows if self._statistics else self._columns.living
        unseen = len(set(terms) - {""}) - len(found)
        return (k1 + 1) * (sum(one.weight for one in found) + _UNSEEN * unseen * _idf(0, rows))


def _idf(holding: int, rows: int) -> float:
    return log1p((rows - holding + 0.5) / (holding + 0.5))


def _damping(lengths: Ints, average: float, k1: float, b: float) -> Floats:
    """What is added to a term's count below the line, for each row (rows,)."""
    damping = lengths.astype(np.float32)
    damping *= np.float32(k1 * b / average)
    damping += np.float32(k1 * (1 - b) + _NEVER_ZERO)
    return damping


def _count(texts: Sequence[str]) -> tuple[Hashes, Places, NDArray[np.uint16]]:
    """(term, text, how often) of every term of every text, sorted by term, then text."""
    hashes, text = hash_terms(texts)
    terms, pairs = number(hashes)
    del hashes  # of a large partition these are tens of megabytes
    # One sort of (term, text) in a single integer brings equal pairs together.
    shift = len(texts).bit_length()
    pairs <<= shift
    pairs |= text
    del text
    pairs.sort()
    total = len(pairs)
    pairs, first = first_of_each(pairs)
    counts = np.minimum(np.diff(first, append=total), _MOST).astype(np.uint16)
    return terms[pairs >> shift], (pairs & ((1 << shift) - 1)).astype(np.int32), counts


def _bounds(hashes: Hashes) -> tuple[Hashes, Ints]:
    """Different values of a sorted array (terms,), and where each begins (terms + 1,)."""
    terms, first = first_of_each(hashes)
    return terms, np.append(first, len(hashes))
