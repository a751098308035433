"""Seals: what a file keeps of people's words is unreadable, and unchangeable, without its key.

AES-256 in Galois/counter mode (McGrew and Viega 2004; NIST SP 800-38D), one random 96-bit nonce per
value; NIST's bound is 2^32 values per key. Each value is bound to its place (table, record, line),
so that sealed values cannot be exchanged for one another. The file's own keys are drawn from the
caller's by HKDF (Krawczyk 2010, RFC 5869) with the file's salt; from a passphrase by scrypt
(Percival 2009, RFC 7914) first. Keys are never written, and no `repr` shows them.

This file knows no table: which values are sealed is decided by the parts of the SQLite store, and
told in docs/design/encryption.md. `cryptography` comes with the extra `encryption`.
"""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any, Final

from mnemic.core.errors import InputError, MissingExtra, NotADatabase, WrongKey

Key = bytes | str
"""32 bytes, or a passphrase."""

CIPHER: Final = "AES-256-GCM"
OVERHEAD: Final = 12 + 16
"""Bytes that a sealed value is longer than what it holds: its nonce and its tag."""

_SIZE: Final = 32
_NONCE: Final = 12
_SCRYPT: Final = (1 << 17, 8, 1)
"""n, r and p: 128 MB and about 0.4 s for each guess (OWASP, Password Storage)."""
_MOST: Final = 1 << 30
"""Bytes that scrypt may take: a file that asks for more was tampered with."""
_CHECK: Final = b"mnemic"
_CHECKED_AT: Final = "key"


@dataclass(frozen=True, slots=True)
class Header:
    """How a file's keys are drawn from the caller's; kept in the file, and no secret."""

    kdf: str
    """`scrypt` for a passphrase, `none` for a key of 32 bytes."""
    salt: str
    """16 bytes, in hexadecimal."""
    check: str
    """A known word, sealed, in hexadecimal: it opens with the right key only."""
    n: int = 0
    r: int = 0
    p: int = 0
    cipher: str = CIPHER


class Seal:
    """Seals values and opens them again, with the keys of one file."""

    __slots__ = ("_broken", "_decrypt", "_encrypt", "_marks", "_path")

    def __init__(self, path: str, master: bytes, salt: bytes) -> None:
        try:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF
        except ImportError as error:
            raise MissingExtra(
                'keys need a part that is not installed. pip install "mnemic[encryption]"'
            ) from error
        keys = HKDF(SHA256(), 2 * _SIZE, salt, b"mnemic file 1").derive(master)
        cipher = AESGCM(keys[:_SIZE])
        self._encrypt, self._decrypt, self._broken = cipher.encrypt, cipher.decrypt, InvalidTag
        self._marks = keys[_SIZE:]
        self._path = path

    def __repr__(self) -> str:
        return f"<Seal {CIPHER} of {self._path}>"

    def shut(self, place: str, data: bytes) -> bytes:
        """`data`, sealed for a place: nonce, ciphertext and tag."""
        nonce = os.urandom(_NONCE)
        return nonce + self._encrypt(nonce, data, place.encode())

    def open(self, place: str, sealed: object) -> bytes:
        """What was sealed for this place. Raises NotADatabase when it is not what was sealed."""
        if isinstance(sealed, bytes) and len(sealed) >= OVERHEAD:
            try:
                return self._decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
            except self._broken:
                pass
        raise NotADatabase(
            f"{self._path} is damaged: what it keeps at {place} is not what was sealed there. "
            "`mnemic doctor` tells what else is affected; restore a backup"
        )

    def sum(self, about: str, text: bytes, state: bytes) -> int:
        """A keyed hash (63 bits) of what a version keeps: without the key nobody can forge it."""
        told = b"\0".join((about.encode(), text, state))
        digest = hashlib.blake2b(told, key=self._marks, digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1


def begin(path: str, key: Key) -> tuple[str, Seal]:
    """A new file's header, as JSON, and its seal. Raises InputError for what is no key."""
    salt = os.urandom(16)
    phrase = isinstance(key, str)
    n, r, p = _SCRYPT if phrase else (0, 0, 0)
    seal = Seal(path, _master(key, salt, n, r, p), salt)
    check = seal.shut(_CHECKED_AT, _CHECK)
    header = Header("scrypt" if phrase else "none", salt.hex(), check.hex(), n, r, p)
    return json.dumps(asdict(header)), seal


def resume(path: str, told: str, key: Key) -> Seal:
    """The seal of a file with this header. Raises WrongKey, or InputError for what is no key."""
    header = _read(path, told)
    if (header.kdf == "scrypt") != isinstance(key, str):
        given = "a passphrase" if header.kdf == "scrypt" else "a key of 32 bytes"
        raise WrongKey(f"{path} is sealed with {given}. Give that as key=...")
    salt = bytes.fromhex(header.salt)
    seal = Seal(path, _master(key, salt, header.n, header.r, header.p), salt)
    try:
        seal.open(_CHECKED_AT, bytes.fromhex(header.check))
    except NotADatabase:
        raise WrongKey(
            f"{path} does not open with this key. Give the one that it was made with; without it "
            "nothing in the file can be read"
        ) from None
    return seal


def _read(path: str, told: str) -> Header:
    try:
        fields: dict[str, Any] = json.loads(told)
        header = Header(**fields)
        scrypt = header.kdf == "scrypt" and 0 < 128 * header.n * header.r * header.p <= _MOST
        whole = len(bytes.fromhex(header.salt)) == 16 and bytes.fromhex(header.check) != b""
        if whole and header.cipher == CIPHER and (scrypt or header.kdf == "none"):
            return header
    except (TypeError, ValueError):
        pass
    raise NotADatabase(
        f"{path} is damaged: how its key is made cannot be read. Restore a backup"
    ) from None


def _master(key: Key, salt: bytes, n: int = 0, r: int = 0, p: int = 0) -> bytes:
    if isinstance(key, str):
        if not key:
            raise InputError("the key is an empty text. Give a passphrase, or 32 bytes")
        # The same passphrase, typed on two systems, may come in different bytes.
        phrase = unicodedata.normalize("NFC", key).encode("utf-8", "surrogatepass")
        room = 128 * n * r * p + (1 << 20)
        return hashlib.scrypt(phrase, salt=salt, n=n, r=r, p=p, maxmem=room, dklen=_SIZE)
    if not isinstance(key, bytes) or len(key) != _SIZE:
        size = f"{len(key)} bytes" if isinstance(key, bytes) else type(key).__name__
        raise InputError(
            f"the key is {size}. Give 32 random bytes, such as os.urandom(32), or a passphrase "
            "as a text"
        )
    return key
