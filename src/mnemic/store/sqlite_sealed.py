"""In SQLite: whether the file is sealed, and the way of each value into its seal and out again.

How the seal is made stands in the setting `encryption`, which is there from the first moment of a
sealed file. The text index of SQLite gets nothing in such a file, for its terms would be the text.
What is sealed, and what is not, is told in docs/design/encryption.md.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

from mnemic.core.errors import NotADatabase, WrongKey
from mnemic.store.seal import OVERHEAD, Key, Seal, begin, resume
from mnemic.store.sqlite_tables import Tables

_HEADER: Final = "encryption"
_SECRETS: Final = frozenset({"secret"})
"""Settings that are sealed: with the file's secret somebody could try words against its marks."""


class Sealed(Tables):
    """The part of `SqliteStore` that knows of seals; without a key nothing here is called."""

    _seal: Seal | None = None

    def _unlock(self, key: Key | None) -> None:
        """Make a new file a sealed one, or find that this key opens it.

        Raises WrongKey when file and key do not fit together, InputError for what is no key.
        """
        path = self._db.path
        header = self._header()
        if key is None:
            if header is not None:
                raise WrongKey(f"{path} is sealed. Open it with its key: Memory(path, key=...)")
            return
        if header is None:
            fresh, seal = begin(path, key)  # before the lock, for a passphrase takes its time
            with self._db.transaction("BEGIN IMMEDIATE"):
                header = self._header()
                if header is None:
                    self._refuse_a_plain_file(path)
                    self._db.run("INSERT INTO meta VALUES (?, ?)", (_HEADER, fresh))
            if header is None:
                self._seal = seal
                return
        self._seal = resume(path, header, key)

    def _unlock_like(self, other: Sealed) -> None:
        """Open a copy of another file with that file's seal. Raises WrongKey if it has another."""
        if self._header() != other._header():
            raise WrongKey(
                f"{self._db.path} is no copy of {other._db.path}: it was sealed otherwise. "
                "Open it with its own key: Memory(path, key=...)"
            )
        self._seal = other._seal

    def _header(self) -> str | None:
        row = self._db.one("SELECT value FROM meta WHERE name = ?", (_HEADER,))
        return row[0] if row else None

    def _refuse_a_plain_file(self, path: str) -> None:
        # An empty file that another process has opened without a key has a secret already.
        used = self._db.one(
            "SELECT (SELECT count(*) FROM log) + (SELECT count(*) FROM meta WHERE name = 'secret')"
        )[0]
        if used:
            raise WrongKey(
                f"{path} was made without a key, so its words lie there plain. Export it, and load "
                "the export into a new file that you open with key=...; then delete the old file"
            )

    # -- settings

    def get_meta(self, name: str) -> str | None:
        """A setting recorded in the file."""
        row = self._db.one("SELECT value FROM meta WHERE name = ?", (name,))
        if row is None or name not in _SECRETS:
            return row[0] if row else None
        if self._seal is not None:
            return self._seal.open(f"meta:{name}", row[0]).decode()
        self._refuse_sealed(row[0])
        return str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        """Record a setting."""
        kept: Any = value
        if name in _SECRETS:
            if self._seal is not None:
                kept = self._seal.shut(f"meta:{name}", value.encode())
            else:
                # Somebody sealed the file between our opening it and our first write.
                self._refuse_sealed(None if self._header() is None else b"")
        self._db.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, kept))

    def _refuse_sealed(self, value: object) -> None:
        if isinstance(value, bytes):
            raise WrongKey(
                f"{self._db.path} is sealed. Open it with its key: Memory(path, key=...)"
            )

    # -- values in and out

    def _sum(self, id: str, text: str | bytes | None, state: str | bytes) -> int:
        """What tells whether a version's bytes are those that were written, of text as it is kept.

        A plain checksum of sealed words would let anybody test a guess; so it is of their seal,
        and keyed.
        """
        told, about = _bytes(text or b""), _bytes(state)
        if self._seal is not None:
            return self._seal.sum(id, told, about)
        return zlib.crc32(told + b"\0" + about)

    def _open_text(self, seal: Seal, id: str, seq: int, text: Any) -> str:
        """A version's words; those of the forgotten are the empty text, and not sealed."""
        return "" if text == "" else seal.open(f"text:{id}:{seq}", text).decode()

    def _open_why(self, change: str, why: Any) -> str:
        """A change's reason; codes, and what erasure writes, are plain."""
        if self._seal is None or isinstance(why, str):
            return str(why)
        return self._seal.open(f"why:{change}", why).decode()

    def _opens(self, place: str, value: Any) -> bytes | None:
        """What a derived value holds, or None where it does not open: then it can be made again."""
        if self._seal is None or value is None:
            return None if value is None else _bytes(value)
        try:
            return self._seal.open(place, value)
        except NotADatabase:
            return None

    @property
    def _overhead(self) -> int:
        """Bytes that a kept value is longer than what it holds."""
        return OVERHEAD if self._seal is not None else 0


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
