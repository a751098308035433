"""The policy of a file, as this handle saw it last: asking for it costs more than applying it.

Events are judged by what was seen last, and once more if it turns out, under the write lock, that
somebody has changed it meanwhile. So a policy holds from the next write of every process on.
"""

from __future__ import annotations

from typing import Final

from mnemic.core.storage import Store
from mnemic.evolution import govern
from mnemic.evolution.govern import Policy

POLICY: Final = "policy"
"""The setting under which a file keeps its policy."""


class Rules:
    """The policy of one file. Shared by all threads of a memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = self._read(store.get_meta(POLICY))

    @staticmethod
    def _read(kept: str | None) -> tuple[str | None, Policy]:
        return kept, govern.from_json(kept)

    @property
    def seen(self) -> Policy:
        """The policy as it was when the file was last asked."""
        return self._seen[1]

    def now(self) -> Policy:
        """The policy as the file keeps it now; `govern.OPEN` if nobody gave it one."""
        kept = self._store.get_meta(POLICY)
        if kept != self._seen[0]:
            self._seen = self._read(kept)
        return self._seen[1]

    def keep(self, policy: Policy) -> Policy:
        """Keep a policy in the file: from the next write on, every process applies it."""
        with self._store.writing():
            self._store.set_meta(POLICY, govern.as_json(policy))
        return self.now()
