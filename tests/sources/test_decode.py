from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import SourceError
from mnemic.sources.decode import lines, text
from mnemic.sources.options import Notice, Options
from mnemic.sources.parts import Part


def part(path: Path, content: bytes) -> Part:
    path.write_bytes(content)
    return Part(path, path.name, len(content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_unicode_is_recognised(tmp_path: Path, encoding: str) -> None:
    said = "Ana: olá, 你好, 😀\n" * 50_000  # several chunks
    assert "".join(text(part(tmp_path / "a", said.encode(encoding)), Options())) == said


def test_western_text_is_read_and_noted(tmp_path: Path) -> None:
    seen: Counter[Notice] = Counter()
    options = Options(notice=lambda what: seen.update([what]))
    said = "She said “olé” at the café — twice.\n" * 20_000
    assert "".join(text(part(tmp_path / "a", said.encode("cp1252")), options)) == said
    assert seen == {Notice.GUESSED: 1}


def test_late_accents_in_western_text_change_nothing_before(tmp_path: Path) -> None:
    said = "plain words and nothing else\n" * 20_000 + "and one café at the end of it\n"
    assert "".join(text(part(tmp_path / "a", said.encode("cp1252")), Options())) == said


@pytest.mark.parametrize(
    ("content", "byte"),
    [
        ("привет, как дела".encode("cp1251"), 0),
        (b"caf\xc3\xa9 and then \xff", 15),  # some of it is UTF-8: damaged, not Western
        ("日本語の手紙".encode("shift-jis"), 0),
        (b"ends within a letter " * 3 + b"\xf0\x9f", 63),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 0),
    ],
)
def test_what_cannot_be_known_is_an_error_that_names_the_byte(
    tmp_path: Path, content: bytes, byte: int
) -> None:
    with pytest.raises(SourceError, match=f"at byte {byte}\\. Save the file as UTF-8, or name"):
        list(text(part(tmp_path / "a", content), Options()))


def test_the_users_encoding_is_used_and_checked(tmp_path: Path) -> None:
    file = part(tmp_path / "a", "привет".encode("cp1251"))
    assert "".join(text(file, Options(encoding="cp1251"))) == "привет"
    for wrong in ("no-such-code", "hex", "utf-16\0"):
        with pytest.raises(SourceError, match="unknown encoding"):
            list(text(file, Options(encoding=wrong)))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"))), st.data())
def test_lines_do_not_depend_on_pieces(said: list[str], data: st.DataObject) -> None:
    whole = "".join(line + data.draw(st.sampled_from(["\n", "\r\n"])) for line in said)
    width = data.draw(st.integers(1, 7))
    cut = [whole[at : at + width] for at in range(0, len(whole), width)]
    assert list(lines(cut)) == said


def test_odd_separators_do_not_end_a_line() -> None:
    assert list(lines(["a\u2028b\x0bc\x85d"])) == ["a\u2028b\x0bc\x85d"]
