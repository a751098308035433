"""A memory notes each copy that is made of it, so that what is forgotten later is erased there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from mnemic.core.errors import ReadOnly, StoreError
from mnemic.core.storage import Copy, Store


@contextmanager
def noted(store: Store, copy: Copy) -> Iterator[None]:
    """Make a copy within the block; it is noted first, and no longer if it could not be made.

    The other way round a crash could leave a copy that nobody knows of. A memory that cannot be
    written notes nothing.
    """
    before = next((each for each in store.copies() if each.path == copy.path), None)
    with suppress(ReadOnly), store.writing():
        store.note_copy(copy)
    try:
        yield
    except BaseException:
        with suppress(StoreError), store.writing():
            store.drop_copy(copy.path)
            if before is not None:
                store.note_copy(before)
        raise
