"""Where the bytes are: a file, a gzipped file, a file inside a zip, the files of a folder.

A `Part` is one stretch of bytes that one reader reads from start to end, chunk by chunk. This file
knows containers and nothing of what they hold; `decode.py` makes text of the bytes.
"""

from __future__ import annotations

import os
import re
import stat
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from mnemic.core.errors import SourceError
from mnemic.sources.options import Progress

CHUNK = 1 << 18
"""Bytes asked for at a time."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of bytes to be read from start to end."""

    path: Path
    """The file on disk."""
    name: str
    """Its place under what the user named, with forward slashes."""
    size: int
    """Bytes that reading it reports as progress."""
    member: str | None = None
    """Its name inside the zip at `path`."""

    def __str__(self) -> str:
        return f"{self.path}" if self.member is None else f"{self.path}, {self.member}"

    @property
    def stem(self) -> str:
        """The name of the file without folders and without .gz, .jsonl, .txt and the like."""
        name = PurePosixPath(self.member or self.path.name).name
        return re.sub(r"(?i)(\.[a-z]{1,8})?(\.gz)?\Z", "", name) or name

    def chunks(self, progress: Progress | None = None) -> Iterator[bytes]:
        """The bytes, unpacked, at most `CHUNK` at a time. SourceError when they cannot be read."""
        with ExitStack() as stack:
            with self._failing():
                raw, stream = self._open(stack)
            told = 0
            while True:
                with self._failing():
                    piece = stream.read(CHUNK)
                    here = raw.tell() if raw else told + len(piece)
                if progress and here > told:
                    progress(here - told)
                told = here
                if not piece:
                    return
                yield piece

    def _open(self, stack: ExitStack) -> tuple[IO[bytes] | None, IO[bytes]]:
        """The raw file where its position counts as progress, and the stream to read from."""
        if self.member is not None:
            import zipfile

            archive = stack.enter_context(zipfile.ZipFile(self.path))
            return None, stack.enter_context(archive.open(self.member))
        raw = stack.enter_context(self.path.open("rb"))
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        if not packed:
            return None, raw
        import gzip

        return raw, stack.enter_context(gzip.GzipFile(fileobj=raw, mode="rb"))  # type: ignore[arg-type]

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Turn what the operating system and the unpackers raise into a SourceError."""
        from zipfile import BadZipFile

        try:
            yield
        except (EOFError, zlib.error, BadZipFile) as reason:
            raise SourceError(
                f"damaged archive: {self} ({reason}). Download or export it again"
            ) from reason
        except (NotImplementedError, RuntimeError) as reason:
            raise SourceError(
                f"cannot unpack: {self} ({reason}). Unpack it yourself and name the file inside"
            ) from reason
        except OSError as reason:
            raise SourceError(
                f"cannot read: {self} ({reason.strerror or reason}). "
                "Check that the file is whole and that you may read it"
            ) from reason


def parts(path: Path) -> list[Part]:
    """The parts of a path, by name: itself, the files in a zip, or all files of a folder.

    Hidden files and folders (.git, .obsidian) and links to folders are passed over. Raises
    SourceError when there is no such path, it may not be read, or it is a damaged zip.
    """
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            return _folder(path)
        if not stat.S_ISREG(kind.st_mode):
            raise SourceError(f"not a file: {str(path)!r}. Save it to a file and name that")
        if is_zip(path):
            return _zip(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise SourceError(f"no such file: {str(path)!r}. Check the path") from None
    except OSError as reason:
        raise SourceError(
            f"cannot read: {str(path)!r} ({reason.strerror or reason}). Check that you may read it"
        ) from reason
    return [Part(path, path.name, kind.st_size)]


def is_zip(path: Path) -> bool:
    """Whether the file begins as zips do, whatever it is called."""
    with path.open("rb") as file:
        return file.read(4) in _ZIP


def is_plain(path: Path, found: list[Part]) -> bool:
    """Whether these parts of a path are one file: neither a folder nor a zip."""
    return [part.path for part in found if part.member is None] == [path]


def select(path: Path, pattern: re.Pattern[str], what: str) -> list[Part]:
    """Of a folder or zip the parts whose names match; any other file is taken as it is.

    `what` names, for the SourceError when nothing matches, what was looked for.
    """
    found = parts(path)
    if is_plain(path, found):
        return found
    chosen = [part for part in found if pattern.search(part.name)]
    if not chosen:
        raise SourceError(f"no {what} in {str(path)!r}: {census(found)}. Name the file to read")
    return chosen


def census(found: list[Part]) -> str:
    """What lies there, for messages: how many files, and of which kinds."""
    if not found:
        return "it is empty"
    kinds = Counter(PurePosixPath(part.name).suffix.lower() or "no suffix" for part in found)
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(5))
    return f"it holds {len(found)} file{'s' * (len(found) > 1)} ({listed})"


def _folder(path: Path) -> list[Part]:
    found = []
    for where, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(where, name)
            if not name.startswith(".") and file.is_file():
                found.append(Part(file, file.relative_to(path).as_posix(), file.stat().st_size))
    return sorted(found, key=lambda part: part.name)


def _zip(path: Path) -> list[Part]:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError) as reason:
        raise SourceError(
            f"damaged zip: {str(path)!r} ({reason}). Download or export it again"
        ) from reason
    return sorted(
        (
            Part(path, entry.filename, entry.file_size, entry.filename)
            for entry in entries
            if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")
        ),
        key=lambda part: part.name,
    )
