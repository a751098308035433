"""The partitions that are in memory: loaded when asked for, followed by the log, let go when old.

A shelf is always as new as the store: before each search the partition's last sequence number is
asked for (a few microseconds), and what changed since, in whichever process, is taken over. So a
receipt of any process means: found by the next search of every process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, TypeAlias

import numpy as np

from mnemic.core.errors import InputError, ModelError, ReadOnly
from mnemic.core.ports import Encoder, Row
from mnemic.core.records import Partition
from mnemic.core.storage import Store, Vectors
from mnemic.core.vectors import EncoderId, Floats, quantise
from mnemic.engine.epoch import epoch
from mnemic.engine.vectors.encoders import ALL, ENCODE, OWN, Encoders, Group
from mnemic.index.exact import Passages
from mnemic.index.late import Tokens, TokenTable
from mnemic.index.shelf import Shelf

LARGE: Final = 400_000
"""Rows up to which a partition is held in memory whole: about 150 MB and 3 seconds to load."""

_BATCH: Final = 256
_MUCH: Final = 2000
"""When the log moved on by so much, and by more than the shelf holds, loading anew is cheaper."""


_Name: TypeAlias = tuple[Partition, EncoderId | None]


class Shelves:
    """The shelves of one memory, least recently used first.

    `ask` is called with a partition and the name of an encoder whose vectors it lacks; `wake` when
    somebody has asked for them, and they are not there yet.
    """

    def __init__(
        self,
        store: Store,
        encoders: Encoders,
        table: TokenTable,
        *,
        ask: Callable[[Partition, str], None],
        wake: Callable[[], None],
        most_bytes: int,
    ) -> None:
        self._store = store
        self._encoders = encoders
        self._table = table
        self._ask = ask
        self._wake = wake
        self._most_bytes = most_bytes
        self._large: dict[Partition, tuple[int, tuple[int, float]]] = {}
        self.lock = threading.RLock()
        """Held for the length of a search: shelves grow in place, and threads share them."""
        self._held: OrderedDict[_Name, tuple[int, Shelf, int]] = OrderedDict()
        self._bytes = 0
        self._epoch = 0

    def get(self, partition: Partition, group: Group = ALL) -> tuple[Shelf, Encoder | None]:
        """The partition, as it stands now, with the encoder whose vectors it holds for a group.

        The first of the group's encoders that has read all of it serves, because scores of two
        encoders are not comparable; the one of the write path where none has, which is all that
        `ALL` knows. That one also serves instead of an encoder that cannot be asked who it is.
        """
        inline = self._encoders.inline
        for name in group.names:
            with suppress(ModelError, InputError):  # InputError: it does not take our options
                encoder = self._encoders.named(name)
                if encoder is None:
                    return self._current(partition, None, group)[0], None
                if encoder is inline:
                    break
                shelf = self._finished(partition, name, encoder, group)
                if shelf is not None:
                    return shelf, encoder
        shelf, lacking = self._current(partition, inline, ALL)
        if lacking and inline is not None and fill(self._store, partition, inline):
            self._take((partition, inline.id))
            shelf, _ = self._current(partition, inline, ALL)
        return shelf, inline

    def serving(self, partition: Partition, group: Group) -> Encoder | None:
        """Who reads a partition that is not held, by the file's plan: the first that is done.

        Whether each row has its vector is not looked at: one that lacks it is found by its words.
        """
        for name in group.names:
            if name != OWN and not self._awaited(partition, name):
                with suppress(ModelError, InputError):
                    return self._encoders.named(name)
        return self._encoders.inline

    def _awaited(self, partition: Partition, name: str) -> bool:
        """Whether vectors are still to be made, which is then gone on with."""
        waits = self._store.awaits(ENCODE, partition, name)
        if waits:
            self._wake()  # whoever began it may be gone
        return waits

    def census_if_large(self, partition: Partition) -> tuple[int, float] | None:
        """Rows and mean length of a partition that is not to be held in memory, else None."""
        inline = self._encoders.inline
        if (partition, inline.id if inline else None) in self._held:
            return None
        moved = self._store.moved(partition)
        seen = self._large.get(partition)
        if seen is None or moved - seen[0] > LARGE // 100:  # 1 % more moves no score visibly
            census = self._store.census(partition, LARGE)
            if census is None:
                return None
            seen = self._large[partition] = (moved, census)
        return seen[1]

    def _finished(
        self, partition: Partition, name: str, encoder: Encoder, group: Group
    ) -> Shelf | None:
        if self._awaited(partition, name):
            return None
        shelf, lacking = self._current(partition, encoder, group)
        if not lacking:
            return shelf
        self._take((partition, encoder.id))
        self._ask(partition, name)
        return None

    def _current(
        self, partition: Partition, encoder: Encoder | None, group: Group
    ) -> tuple[Shelf, bool]:
        """The shelf as the store stands now, and whether rows of the group lack a vector."""
        name = (partition, encoder.id if encoder else None)
        with self._store.reading():
            self._follow_epoch()
            moved = self._store.moved(partition)
            held = self._take(name)
            if held is not None and held[0] == moved:
                shelf, lacking = held[1], False
            elif held is None or held[1].worn or moved - held[0] > max(_MUCH, len(held[1])):
                shelf, lacking = self._load(partition, name[1], group)
            else:
                shelf, lacking = self._follow(partition, name[1], group, held[1], held[0])
        self._keep(name, moved, shelf)
        return shelf, lacking

    def _follow_epoch(self) -> None:
        """Let go of everything if what it was made from was replaced meanwhile."""
        now = epoch(self._store)
        if now != self._epoch:
            self.drop()
            self._epoch = now

    def _load(
        self, partition: Partition, encoder: EncoderId | None, group: Group
    ) -> tuple[Shelf, bool]:
        rows, _ = self._store.rows(partition)
        if encoder is None:
            return Shelf(rows), False
        passages = Passages(*self._store.vectors(partition, encoder))
        tokens = Tokens(*self._store.token_ids(partition))
        return Shelf(rows, passages, tokens=(tokens, self._table)), _lacking(rows, passages, group)

    def _follow(
        self,
        partition: Partition,
        encoder: EncoderId | None,
        group: Group,
        shelf: Shelf,
        since: int,
    ) -> tuple[Shelf, bool]:
        rows, gone = self._store.rows(partition, since)
        passages, tokens, lacking = None, None, False
        if encoder is not None:
            keys = [row.key for row in rows]
            passages = Passages(*self._store.vectors(partition, encoder, keys))
            tokens = Tokens(*self._store.token_ids(partition, keys))
            lacking = _lacking(rows, passages, group)
        shelf.follow(rows, gone, passages, tokens)
        return shelf, lacking

    def _keep(self, name: _Name, moved: int, shelf: Shelf) -> None:
        """Hold a shelf as the one used last, and let go of the oldest above the limit.

        Sizes are kept beside the shelves: asking a thousand of them each time takes 20 ms.
        """
        size = shelf.nbytes
        self._held[name] = (moved, shelf, size)
        self._bytes += size
        while self._bytes > self._most_bytes and len(self._held) > 1:
            _, (_, _, size) = self._held.popitem(last=False)
            self._bytes -= size

    def _take(self, name: _Name) -> tuple[int, Shelf] | None:
        held = self._held.pop(name, None)
        if held is None:
            return None
        self._bytes -= held[2]
        return held[:2]

    def drop(self) -> None:
        """Let go of everything (the analyser changed, or a test wants a cold start)."""
        with self.lock:
            self._held.clear()
            self._large.clear()
            self._bytes = 0

    def apart(self) -> Shelves:
        """Empty shelves over the same store, for a transaction that will not be kept."""
        encoders, table = self._encoders, self._table
        return Shelves(
            self._store,
            encoders,
            table,
            ask=lambda *_: None,
            wake=lambda: None,
            most_bytes=self._most_bytes,
        )

    def rewind(self, head: int) -> None:
        """Let go of what was taken from beyond `head`: from a transaction that was not kept."""
        with self.lock:
            self._follow_epoch()
            for name in [name for name, (moved, _, _) in self._held.items() if moved > head]:
                self._take(name)
            self._large = {name: seen for name, seen in self._large.items() if seen[0] <= head}


def _lacking(rows: Sequence[Row], passages: Passages, group: Group) -> bool:
    asked = rows if group.whole else [row for row in rows if group.holds(row.kind)]
    keys = np.fromiter((row.key for row in asked), np.int64, len(asked))
    return not np.isin(keys, passages.keys).all()


def fill(store: Store, partition: Partition, encoder: Encoder, group: Group = ALL) -> int:
    """Compute the vectors that a partition lacks; returns how many."""
    done = 0
    while count := fill_some(store, partition, encoder, group):
        done += count
    return done


def fill_some(store: Store, partition: Partition, encoder: Encoder, group: Group = ALL) -> int:
    """Compute a batch of the vectors that a partition lacks; returns how many, 0 at the end.

    They are computed outside any transaction, so that nobody waits for the encoder, and kept batch
    by batch, so that it can be stopped at any time. In a file that cannot be written they stay
    missing, and 0 is returned.
    """
    waiting = store.unencoded(partition, encoder.id, _BATCH, only=group.only, others=group.others)
    if not waiting:
        return 0
    codes, scales = quantise(_encoded(encoder, [passage.text for passage in waiting]))
    try:
        with store.writing():
            store.write_vectors(waiting, Vectors(encoder.id, codes, scales))
    except ReadOnly:
        return 0
    return len(waiting)


def _encoded(encoder: Encoder, texts: Sequence[str]) -> Floats:
    """What an encoder says of some texts; ModelError where it says too little, or no numbers."""
    rows = np.asarray(encoder.encode(texts))
    if rows.shape != (len(texts), encoder.id.size):
        raise ModelError(
            f"the encoder {encoder.id} gave an array of shape {rows.shape} for {len(texts)} texts: "
            f"nothing was kept. It has to give {(len(texts), encoder.id.size)}"
        )
    if not np.isfinite(rows).all():
        raise ModelError(
            f"the encoder {encoder.id} gave numbers that are not finite: nothing was kept. Look "
            "for a text that it cannot read"
        )
    return rows
