"""From bytes to text, and from text to lines, while streaming.

A byte order mark decides; without one the text is UTF-8 (or UTF-16, which JSON and Windows tools
write, seen by its zero bytes). When a byte is not UTF-8, and everything before it was plain ASCII,
and the bytes look like a western language, the rest is read as Windows-1252: old notes and logs are
written so. Anything else is an error that names the byte: a wrong guess would spoil every word.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from mnemic.core.errors import SourceError
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
_FOREIGN = re.compile(rb"[\x80-\xff]{4}|[\x81\x8d\x8f\x90\x9d\x00-\x08\x0e-\x1f]")
_WINDOW = 4096


def text(part: Part, options: Options, progress: bool = True) -> Iterator[str]:
    """The text of a part, in pieces. SourceError, naming the byte, where it cannot be decoded.

    `progress` False: a first look whose bytes are not reported.
    """
    chunks = part.chunks(options.progress if progress else None)
    first = next(chunks, b"")
    encoding = options.encoding or _mark(first)
    decoder = _decoder(encoding)
    done = 0
    plain = encoding == "utf-8" and options.encoding is None
    for chunk in _with_end(first, chunks):
        pending = decoder.getstate()[0]
        try:
            piece = decoder.decode(chunk, final=not chunk)
        except UnicodeError as reason:
            data = pending + chunk
            at = reason.start if isinstance(reason, UnicodeDecodeError) else 0
            seen = data[max(0, at - _WINDOW) : at + _WINDOW]
            if not (plain and data[:at].isascii() and _western(seen)):
                raise _undecodable(part, encoding, data, at, done - len(pending)) from None
            options.note(Notice.GUESSED)
            encoding, plain = _WESTERN, False
            decoder = _decoder(encoding)
            try:
                piece = decoder.decode(data)
            except UnicodeDecodeError as again:
                raise _undecodable(part, "utf-8", data, again.start, done - len(pending)) from None
        plain = plain and piece.isascii()
        done += len(chunk)
        if piece:
            yield piece


def lines(pieces: Iterable[str]) -> Iterator[str]:
    """The lines, without their ends (a line feed, with or without a carriage return)."""
    begun: list[str] = []
    for piece in pieces:
        first, *rest = piece.split("\n")
        begun.append(first)
        for line in rest:
            yield "".join(begun).removesuffix("\r")
            begun = [line]
    last = "".join(begun).removesuffix("\r")
    if last:
        yield last


def _with_end(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """All chunks, then an empty one, with which the decoder is closed."""
    if first:
        yield first
    yield from rest
    yield b""


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    try:
        b"a".decode(encoding)  # refuses what is no text encoding, such as "hex"
    except UnicodeError:
        pass
    except (LookupError, ValueError):
        raise SourceError(
            f"unknown encoding: {encoding!r}. Use a name such as utf-8, utf-16, cp1252 or cp1251"
        ) from None
    return codecs.getincrementaldecoder(encoding)()


def _mark(start: bytes) -> str:
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if len(start) >= 4 and start[0] and not start[1] and start[2] and not start[3]:
        return "utf-16-le"
    if len(start) >= 4 and not start[0] and start[1] and not start[2] and start[3]:
        return "utf-16-be"
    return "utf-8"


def _western(window: bytes) -> bool:
    """Whether the bytes read as a western language: single accents and quotes among ASCII."""
    high = len(window) - len(window.translate(None, bytes(range(128, 256))))
    return not _FOREIGN.search(window) and high * 4 <= len(window)


def _undecodable(part: Part, encoding: str, data: bytes, at: int, before: int) -> SourceError:
    byte = f"0x{data[at]:02x}" if at < len(data) else "the end of the file"
    return SourceError(
        f"not {encoding.removesuffix('-sig')} text: {part}, {byte} at byte {before + at}. "
        "Save the file as UTF-8, or name its encoding, such as encoding='cp1251'"
    )
