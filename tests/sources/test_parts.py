from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mnemic.core.errors import SourceError
from mnemic.sources.parts import census, parts


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_files_gzip_and_zip_give_the_same_bytes(write: Callable[[str, bytes], Path]) -> None:
    content = b"0123456789" * 100_000
    for path in (
        write("a.txt", content),
        write("a.txt.gz", gzip.compress(content[:500_000]) + gzip.compress(content[500_000:])),
        write("a.zip", packed({"a.txt": content})),
    ):
        [part] = parts(path)
        told: list[int] = []
        assert b"".join(part.chunks(told.append)) == content
        assert sum(told) == part.size
        assert part.stem == "a"


def test_hidden_things_are_passed_over(write: Callable[[str, str], Path], tmp_path: Path) -> None:
    for name in ("b.md", "sub/a.md", ".git/config", ".hidden.md", "sub/.obsidian/x.md"):
        write(name, "words")
    assert [part.name for part in parts(tmp_path)] == ["b.md", "sub/a.md"]
    assert census(parts(tmp_path)) == "it holds 2 files (2 .md)"


def test_damaged_archives_are_source_errors(write: Callable[[str, bytes], Path]) -> None:
    whole = packed({"a.txt": b"0123456789" * 10_000})
    squeezed = gzip.compress(b"0123456789" * 10_000)
    for name, content in (
        ("cut.zip", whole[: len(whole) // 2]),
        ("flipped.zip", whole.replace(whole[60:70], b"\0" * 10)),
        ("cut.gz", squeezed[:-12]),
        ("flipped.gz", squeezed[:20] + b"\0\0\0" + squeezed[23:]),
    ):
        with pytest.raises(SourceError, match="again"):
            for part in parts(write(name, content)):
                list(part.chunks())


def test_a_locked_zip_says_so(write: Callable[[str, bytes], Path]) -> None:
    content = bytearray(packed({"a.txt": b"secret"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    [part] = parts(write("locked.zip", bytes(content)))
    with pytest.raises(SourceError, match="Unpack it yourself"):
        list(part.chunks())


@pytest.mark.parametrize("name", ["missing.txt", "a\0b", "file.txt/below"])
def test_what_is_not_there_is_a_source_error(
    tmp_path: Path, write: Callable[[str, str], Path], name: str
) -> None:
    write("file.txt", "words")
    with pytest.raises(SourceError, match="no such file"):
        parts(tmp_path / name)
