"""Compose a memory from its parts: the store, the analyser, the encoders, the worker.

What a file was made with is recorded in it (its secret, the version of the text analysis). A file
whose analysis is older than this program's is read anew before it is used.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from mnemic.core.changes import Keep
from mnemic.core.clock import Clock
from mnemic.core.errors import InputError, ReadOnly
from mnemic.core.ports import Encoder
from mnemic.core.records import Partition
from mnemic.core.storage import Store
from mnemic.engine import doctor
from mnemic.engine.fitting import RANKERS, kept
from mnemic.engine.forgetting import erase
from mnemic.engine.inputs import check_name, check_number
from mnemic.engine.parts import Parts
from mnemic.engine.reader import Reader
from mnemic.engine.rules import Rules
from mnemic.engine.trust.door import checked
from mnemic.engine.vectors.encoders import ENCODE, NONE, Encoders, plan
from mnemic.engine.vectors.jobs import Worker
from mnemic.engine.vectors.shelves import Shelves
from mnemic.language.analyser import Analyser
from mnemic.language.secrets import Redaction
from mnemic.models.choose import choose
from mnemic.models.static_table import StaticTable
from mnemic.retrieval.route import Effort
from mnemic.store.place import home

Durability = Literal["normal", "full"]
EncoderOptions: TypeAlias = Mapping[str, Any] | Callable[[str], Mapping[str, Any]]
"""What an encoder is made with; or what tells it for each encoder's name."""

LANGUAGE: Final = "english"
_SHELVES_BYTES: Final = 768 << 20
"""Memory for partitions that are held ready: about a million rows. One of 100,000 takes 60 MB; the
limit matters to a process that serves a thousand users at once, which without it loads a partition
for each question."""


def build(
    path: str | Path | None,
    *,
    encoder: str | Encoder | Keep | None,
    encoder_options: EncoderOptions,
    language: str | None,
    timezone: str,
    durability: Durability,
    timeout: float,
    actor: str,
    effort: Effort,
    redact: Redaction = "off",
    key: bytes | str | None = None,
    store: Store | None,
    clock: Clock,
) -> tuple[Parts, Worker]:
    """The parts of a memory, and its background worker (idle until it is woken)."""
    zone = _zone(timezone)
    check_number(timeout, "timeout", least=0)
    check_name(actor, "actor")
    redact = checked(redact)
    if durability not in ("normal", "full"):
        raise InputError(f'durability is {durability!r}. Use "normal" or "full"')
    table = StaticTable()
    given: Encoder | None = None if isinstance(encoder, Keep) else _choose(encoder, encoder_options)
    place = _place(path)
    store = store or _open(place, timeout=timeout, durability=durability, key=key)
    try:
        inline: Encoder | None
        if isinstance(encoder, Keep):
            inline = None if _text_alone(store) else table
        else:
            inline = given if given is None or given.inline else table
        encoders = Encoders(
            inline,
            None if given is inline else given,
            table,
            lambda name: _choose(name, encoder_options),
            planned=isinstance(encoder, Keep),
        )
        parts, worker = _assemble(
            store, place, encoders, language, zone, actor, effort, redact, clock, table
        )
        _catch_up(parts)
    except BaseException:
        store.close()
        raise
    return parts, worker


def _assemble(
    store: Store,
    place: str,
    encoders: Encoders,
    language: str | None,
    zone: tzinfo,
    actor: str,
    effort: Effort,
    redact: Redaction,
    clock: Clock,
    table: StaticTable,
) -> tuple[Parts, Worker]:
    worker = Worker(store, encoders, clock)
    analyser = Analyser(_language(store, language))
    secret = _secret(store)

    def ask(partition: Partition, name: str) -> None:
        """Leave a job for vectors that are missing, and wake the worker."""
        try:
            with store.writing():
                if store.moved(partition):  # else it was forgotten meanwhile, and with it its name
                    store.enqueue(ENCODE, partition, name, clock())
        except ReadOnly:
            return  # whoever may write does it
        worker.wake()

    parts = Parts(
        path=place,
        store=store,
        reader=Reader(analyser, table, encoders.inline, secret),
        shelves=Shelves(
            store, encoders, table, ask=ask, wake=worker.wake, most_bytes=_SHELVES_BYTES
        ),
        encoders=encoders,
        clock=clock,
        zone=zone,
        actor=actor,
        secret=secret,
        effort=effort,
        redact=redact,
        rankers=kept(store.get_meta(RANKERS)),
        rules=Rules(store),
        wake=worker.wake,
    )
    return parts, worker


def _choose(encoder: str | Encoder | None, options: EncoderOptions) -> Encoder | None:
    if encoder is None or not isinstance(encoder, str):
        if encoder is not None and not hasattr(encoder, "encode_query"):
            raise InputError(f"not an encoder: {encoder!r}. Give its name, an Encoder, or None")
        return encoder
    return choose(encoder, **(options(encoder) if callable(options) else options))


def _text_alone(store: Store) -> bool:
    """Whether the file says that it is searched by its words alone."""
    usual = [choice.name for choice in plan(store) if choice.kinds is None]
    return usual[:1] == [NONE]


def _language(store: Store, wanted: str | None) -> str:
    """The language of the file's text index; InputError where another one is asked for.

    Two handles with different languages would write into one index what neither finds.
    """
    kept = store.get_meta("language")
    if kept is not None and wanted not in (None, kept) and store.head():
        raise InputError(
            f"the texts of this file are indexed as {kept}, not {wanted}. Leave language out, or "
            f"export the memories and load them into a new file with language={wanted!r}"
        )
    return wanted or kept or LANGUAGE


def _open(place: str, *, timeout: float, durability: Durability, key: bytes | str | None) -> Store:
    from mnemic.store.sqlite import SqliteStore

    return SqliteStore(place, timeout=timeout, durability=durability, key=key)


def _secret(store: Store) -> bytes:
    """The file's own key, made when it is new; two processes that open it at once agree."""
    kept = store.get_meta("secret")
    if kept is None:
        with store.writing():
            kept = store.get_meta("secret")
            if kept is None:
                kept = secrets.token_hex(32)
                store.set_meta("secret", kept)
    return bytes.fromhex(kept)


def _catch_up(parts: Parts) -> None:
    """Bring an older file up to date, and finish what another process could not."""
    analyser = parts.reader.analyser
    made_with = parts.store.get_meta("analyser")
    if made_with != analyser.version:
        if made_with is not None:
            doctor.rebuild(parts)
        with parts.store.writing():
            parts.store.set_meta("analyser", analyser.version)
            parts.store.set_meta("language", analyser.language)
    erase.complete(parts.store)


def _place(path: str | Path | None) -> str:
    """Where the memory is kept; InputError for what is no path of a file."""
    if path is None:
        return str(default_path())
    if not isinstance(path, str | Path) or not str(path).strip() or "\0" in str(path):
        raise InputError(f'the path is {path!r}. Give the name of a file, or ":memory:"')
    if "://" in str(path):
        scheme = str(path).split("://", 1)[0]
        raise InputError(
            f"{scheme}:// is an address, and this version keeps memories in local files only. "
            "Give the name of a file"
        )
    return ":memory:" if str(path) == ":memory:" else str(home(path))


def _zone(name: str) -> tzinfo:
    if not isinstance(name, str):
        raise InputError(f'timezone is {name!r}. Use a name such as "Europe/Lisbon"')
    if name.upper() in {"UTC", "Z"}:
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f'unknown timezone {name!r}. Use a name such as "Europe/Lisbon", or "UTC" '
            "(on Windows: pip install tzdata)"
        ) from None


def default_path() -> Path:
    """Where a memory without a path is kept: the user's data folder."""
    home = Path.home()
    if sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    elif sys.platform == "win32":
        folder = home / "AppData" / "Local"
    else:
        folder = home / ".local" / "share"
    return folder / "mnemic" / "memory.db"
