"""Files of the world → memory, in two passes: check all of it, then take it in, batch by batch.

The first pass only reads: a file that is damaged anywhere changes nothing. The second commits 500
messages at a time; killed at any instant it has whole batches in the store, and running it again
completes it, because each message is recognised by its identity.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from mnemic.core.errors import SourceError
from mnemic.core.events import Event
from mnemic.core.ids import ChangeId
from mnemic.core.receipts import Imported
from mnemic.core.records import Partition
from mnemic.engine.inputs import MAX_CHARACTERS, check_metadata
from mnemic.engine.intake import take_in
from mnemic.engine.parts import Parts
from mnemic.sources import read as sources
from mnemic.sources.detect import detect
from mnemic.sources.options import Notice

_BATCH: Final = 500

Progress = Callable[[str, int, int], None]
"""Is called with the stage, the bytes done and the bytes in all."""


def import_file(
    parts: Parts,
    path: Path,
    partition: Partition,
    agent_id: str | None,
    *,
    format: str,
    progress: Progress,
) -> Imported:
    """Take in what `path` holds; a second import adds nothing. Raises SourceError."""
    begun = time.perf_counter()
    own = {Path(file).resolve() for file in parts.store.files()}
    if path.resolve() in own:
        # Reading it like any file would also drop the locks that this process has on it.
        raise SourceError(f"{path} is the file of this memory itself. Name another one")
    name = detect(path) if format == "auto" else format
    total = sources.size(path, name)
    notices: Counter[Notice] = Counter()
    sessions: set[str | None] = set()
    user = partition.user_id or None
    read = 0
    for event in _stage("checking", parts, path, name, total, progress, notices, user):
        check_metadata(event.metadata, f"{path}: ")
        sessions.add(event.session_id)
        read += 1
    changes: list[ChangeId] = []
    counts = dict.fromkeys(("written", "already", "revised", "refused", "held", "barred"), 0)
    events = _stage("importing", parts, path, name, total, progress, Counter(), user)
    while batch := list(islice(events, _BATCH)):
        receipt = take_in(parts, batch, partition, agent_id, why=f"imported from {name}")
        counts["written"] += len(receipt.ids)
        counts["revised"] += sum(change.verb == "revise" for change in receipt.changes)
        counts["already"] += sum(not duplicate.written for duplicate in receipt.duplicates)
        counts["refused"] += len(receipt.refused)
        counts["held"] += len(receipt.held)
        counts["barred"] += len(receipt.barred)
        changes += [change.id for change in receipt.changes]
    counts["already"] -= counts["revised"]
    return Imported(
        format=name,
        read=read,
        notices={notice.value: count for notice, count in sorted(notices.items())},
        sessions=len(sessions),
        seconds=time.perf_counter() - begun,
        changes=tuple(changes),
        written=counts["written"],
        already=counts["already"],
        revised=counts["revised"],
        refused=counts["refused"],
        held=counts["held"],
        barred=counts["barred"],
    )


def _stage(
    stage: str,
    parts: Parts,
    path: Path,
    format: str,
    total: int,
    progress: Progress,
    notices: Counter[Notice],
    user: str | None,
) -> Iterator[Event]:
    """One pass over the file, telling how far it is; `user`: whose part, if it has several."""
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        progress(stage, done, total)

    progress(stage, 0, total)
    events = sources.read(
        path,
        format,
        zone=parts.zone,
        progress=told,
        notice=lambda what: notices.update([what]),
        user=user,
    )
    for event in events:
        yield from _cut(event)
    progress(stage, total, total)


def _cut(event: Event) -> Iterator[Event]:
    """A text that is too long for one record, in parts with identities of their own."""
    if len(event.text) <= MAX_CHARACTERS:
        yield event
        return
    name = event.external_id
    for number, start in enumerate(range(0, len(event.text), MAX_CHARACTERS)):
        part = event.text[start : start + MAX_CHARACTERS]
        if part.strip():
            own = f"{name}#{number}" if name and number else name
            # The source's position would be the same for all parts: the order given decides.
            yield replace(event, text=part, external_id=own, position=None)
