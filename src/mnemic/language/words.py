"""A text's words, in every script.

    >>> words("Ana's flight to São Paulo costs $1,200; don't ask!")
    ['ana', 'flight', 'to', 'são', 'paulo', 'costs', '1200', 'dont', 'ask']
    >>> words("東京都のiPhone")
    ['東京', '京都', '東', '京', '都', 'の', 'iphone']

The rules, which documents and questions share:

* NFKC and case folding; soft hyphens, joiners and variation selectors vanish; decimal digits of
  every script become 0-9.
* A word is a run of letters, marks and digits. A genitive or clitic after an apostrophe goes
  (`Ana's`, `I'll`, `we've`), `n't` is joined (`don't` → `dont`), other apostrophes part words
  (`l'homme` → `l`, `homme`). `1,200` is `1200`, and `8th` is `8`.
* Han, Hiragana, Katakana and Hangul runs become overlapping pairs of characters, because nobody
  writes blanks there; a run of one character stays itself. The scripts are parted first, so that a
  Japanese content word is not paired with the particle beside it. Han characters stand alone as
  well, because many are words (dog, live, tea) that no pair of a question meets: R@10 rises from
  48-77 to 54-97 on five Chinese conversations.
* Thai, Lao, Khmer, Burmese and their relatives are written without blanks too: pairs of
  characters, each with its marks.
* Words are cut to 64 characters, so that a megabyte without a blank is one short word.

A word holds only a-z, 0-9 and characters beyond ASCII: never a blank, a NUL or ASCII punctuation.
So words can be stored parted by blanks and indexed by FTS5's `ascii` tokenizer as they are.
This file does not know languages, stems or stop words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

LONGEST: Final = 64
"""Characters of a word that are kept."""

_HAN = (
    "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_HIRAGANA = "\u3041-\u309f\U0001b001-\U0001b11f\U0001b150-\U0001b152"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\U0001aff0-\U0001b000\U0001b164-\U0001b167"
_HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7fb"
_UNSPACED = (  # Thai, Lao, Burmese, Khmer, Tai Le, Lue, Tham and Viet, Balinese, Javanese, Cham
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aad\u1b00-\u1b7f"
    "\ua980-\ua9ff\uaa00-\uaadf"
)

_ASCII_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9']*(?:,[0-9]{3}(?![0-9]))*")
_PLAIN_RUN = re.compile(r"\w[\w']*(?:,[0-9]{3}(?![0-9]))*")
_PAIRED = re.compile(f"[{_HAN}{_HIRAGANA}{_KATAKANA}{_HANGUL}{_UNSPACED}]")
_HAN_ONE = re.compile(f"[{_HAN}]")
_SCRIPTS = re.compile(
    f"(?P<han>[{_HAN}]+)|[{_HIRAGANA}]+|[{_KATAKANA}]+|[{_HANGUL}]+|(?P<unspaced>[{_UNSPACED}]+)"
    f"|(?P<spaced>[^{_HAN}{_HIRAGANA}{_KATAKANA}{_HANGUL}{_UNSPACED}]+)"
)
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
# Characters that join or steer what is around them and stand for nothing themselves. The zero
# width space is not among them: it parts words in Thai and Khmer.
_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef]+"
)
_ACCENTS = re.compile("(?<=[\0-\u024f\u0370-\u03ff\u1e00-\u1fff])[\u0300-\u036f]+")
_STROKES: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d"}
)
# Where marks may be: combining marks, Hebrew to Balinese and beyond; not Latin, Greek, Cyrillic,
# punctuation, Han, Kana, Hangul or emoji.
_MARKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u109f\u135d-\u135f\u1700-\u1dff\u20d0-\u20ff"
    "\u2cef-\u2cf1\u2d7f\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff\ufb1e\ufe20-\ufe2f"
    "\U00010000-\U0001d3ff\U0001da00-\U0001eeff]"
)
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u05f3]")
_CLITICS: Final = frozenset({"s", "m", "d", "ll", "re", "ve"})


def words(text: str) -> list[str]:
    """The words of a text in order, folded, CJK as pairs; takes any text, and time linear in it."""
    return [word for run in runs(text) for word in pieces(run)]


def count(text: str) -> int:
    """How many words a text has; a Han character counts once, though it is also half of a pair.

    >>> count("Ana likes tea"), count("我喜欢茶")
    (3, 4)
    """
    return sum(len(word) == 1 or not _HAN_ONE.match(word) for word in words(text))


def runs(text: str) -> list[str]:
    """The stretches of word characters, with case and apostrophes still in them.

    What `pieces` makes of a run depends on the run alone, so its result can be kept.

    >>> runs("Ana's flight")
    ["Ana's", 'flight']
    """
    if text.isascii():
        return _ASCII_RUN.findall(text)
    text = plain(text)
    return _run(text).findall(text)


def located(text: str) -> list[re.Match[str]]:
    """The runs as matches, for those who must look at what stands around them."""
    text = plain(text)
    return list(_run(text).finditer(text))


def _run(text: str) -> re.Pattern[str]:
    if text.isascii():
        return _ASCII_RUN
    return _marks().run if _MARKED.search(text) else _PLAIN_RUN


def plain(text: str) -> str:
    """The text in NFKC with one kind of apostrophe and nothing invisible.

    Time is linear even where `unicodedata.normalize` alone takes hours (a megabyte of marks).
    """
    if text.isascii():
        return text
    text = _IGNORED.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        if _MARKED.search(text):
            text = _marks().excess.sub(r"\1", text)
        text = unicodedata.normalize("NFKC", text)
    return _APOSTROPHES.sub("'", text).replace("_", " ")


def pieces(run: str) -> tuple[str, ...]:
    """The words of one run, as `runs` returns it."""
    run = run.lower() if run.isascii() else _fold(run)
    parts = _parts(run) if "'" in run or "," in run else [run]
    if _PAIRED.search(run):
        return tuple(word[:LONGEST] for part in parts for word in _pairs(part))
    return tuple(_unordinal(part)[:LONGEST] for part in parts if not _bare(part))


def paired(word: str) -> bool:
    """Whether the script of a word is one that is cut into pairs; such words have no stem."""
    return _PAIRED.match(word) is not None


def unaccented(word: str) -> str:
    """A Latin or Greek word without its accents; other scripts' marks stay, they are letters.

    >>> unaccented("são"), unaccented("łódź"), unaccented("й")
    ('sao', 'lodz', 'й')
    """
    if word.isascii():
        return word
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_STROKES)


def _fold(run: str) -> str:
    folded = unicodedata.normalize("NFKC", run.casefold()).replace("i\u0307", "i")
    if _FOREIGN_DIGIT.search(folded):
        folded = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), folded)
    return folded


def _parts(run: str) -> list[str]:
    """A run cut at its apostrophes and commas, without genitives and clitics."""
    parts = [part for part in run.split("'") if part]
    while len(parts) > 1 and parts[-1] in _CLITICS:
        parts.pop()
    if len(parts) > 1 and parts[-1] == "t" and parts[-2].endswith("n"):
        parts[-2:] = [parts[-2] + "t"]
    if "," in run:
        parts = [number for part in parts for number in _numbers(part)]
    return parts


def _numbers(part: str) -> list[str]:
    return [part.replace(",", "")] if _NUMBER.fullmatch(part) else part.split(",")


def _unordinal(part: str) -> str:
    ordinal = _ORDINAL.fullmatch(part)
    return ordinal[1] if ordinal else part


def _bare(part: str) -> bool:
    """Whether a part has nothing but marks, which are no word."""
    return not part.isascii() and not any(map(str.isalnum, part[: LONGEST + 1]))


def _pairs(part: str) -> list[str]:
    found: list[str] = []
    for script in _SCRIPTS.finditer(part):
        stretch = script[0]
        if script.lastgroup == "spaced":
            if not _bare(stretch):
                found.append(_unordinal(stretch))
            continue
        units = _marks().unit.findall(stretch) if script.lastgroup == "unspaced" else stretch
        found += map("".join, pairwise(units))
        if len(units) == 1 or script.lastgroup == "han":
            found += units
    return found


class _Marks(NamedTuple):
    excess: re.Pattern[str]
    """More than 30 marks in a row; the first 30 are group 1."""
    run: re.Pattern[str]
    unit: re.Pattern[str]
    """A character of an unspaced script with its marks."""


@cache
def _marks() -> _Marks:
    """Patterns that know every combining mark, made when the first text needs them (50 ms).

    `\\w` leaves marks out, and without them no Indic or Thai word holds together.

    CPython's `normalize` orders marks by insertion: 64,000 on one letter take 4 seconds, twice as
    many take 16. Unicode's stream-safe format allows 30 (UAX 15, section 13), and so does `excess`.
    """
    ranges: list[list[str]] = []
    within = False
    for character in map(chr, range(0x300, 0x1F000)):
        category = unicodedata.category(character)
        if category in ("Mn", "Mc"):
            if within:
                ranges[-1][1] = character
            else:
                ranges.append([character, character])
            within = True
        elif category != "Cn":
            within = False
    marks = "".join(f"{first}-{last}" for first, last in ranges)
    return _Marks(
        excess=re.compile(f"([{marks}]{{30}})[{marks}]+"),
        run=re.compile(rf"[\w{marks}][\w{marks}']*(?:,[0-9]{{3}}(?![0-9]))*"),
        unit=re.compile(f"[{_UNSPACED}][{marks}]*"),
    )
