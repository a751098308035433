"""What a text names: spans in capitals, and whether each is rather a person, a place or an event.

No model and no gazetteer: a span is judged by its last noun (`Park`, `Festival`), by the words
around it (`at`, `said`), by its shape, and by whether half of it stands alone elsewhere in the text
(`Chloe Castillo ... Chloe`). A single capital at the beginning of a sentence is no name unless it
stands within one as well, or is known. Chinese names are taken only where a surname is followed by
a verb of speech or a title, for want of capitals. Dates are read by `dates.py`; `moments` here
hands over the sentences that can hold one, since a chapter is longer than what is read of a
question. Numbers come with what they count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from mnemic.core.clock import Moment
from mnemic.language import entity_words as tables
from mnemic.language.dates import DateSpan, spans
from mnemic.language.given_names import GIVEN_NAMES
from mnemic.language.stopwords import stop_words


class Kind(StrEnum):
    """What a name stands for."""

    PERSON = "person"
    PLACE = "place"
    EVENT = "event"
    TITLE = "title"
    """Words in quotation marks."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a text writes it."""

    text: str
    start: int
    stop: int
    kind: Kind
    person: float
    """How much speaks for a person; places speak against it. 0 is no evidence."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number and what it counts or measures."""

    text: str
    value: float
    unit: str
    """The word behind it, in lower case; empty if there is none."""
    start: int


def names(text: str, known: Iterable[str] = ()) -> list[Name]:
    """The names of a text, in its order; a name that stands in it twice is given twice.

    `known` are names that need no proof, such as those of speakers.

    >>> [(name.text, name.kind.value) for name in names("Ezra Edwards waited at Bethpage Park.")]
    [('Ezra Edwards', 'person'), ('Bethpage Park', 'place')]
    """
    if not any(map(str.isupper, text)):
        return _chinese(text)
    titles = [(match.start(1), match.end(1)) for match in tables.QUOTED.finditer(text)]
    raw = list(_spans(text))
    inside = {
        word for start, stop in raw if not _opens(text, start) for word in _parts(text, start, stop)
    }
    sure = inside | {word for name in known for word in name.split()}
    kept = [
        (start, stop)
        for start, stop in raw
        if " " in text[start:stop].strip()
        or "\n" in text[start:stop]
        or not _opens(text, start)
        or text[start:stop] in sure
        or text[start:stop].lower() in GIVEN_NAMES
    ]
    alone = {text[start:stop] for start, stop in kept if not re.search(r"\s", text[start:stop])}
    found = [_judged(text, start, stop, alone, known) for start, stop in kept]
    found += [
        Name(text[start:stop], start, stop, Kind.TITLE, 0.0)
        for start, stop in titles
        if not any(one.start >= start and one.stop <= stop for one in found if " " in one.text)
    ]
    found += _chinese(text)
    return sorted(found, key=lambda name: name.start)


def moments(text: str, said: Moment, *, absolute: bool = False) -> list[DateSpan]:
    """The periods that a text of any length names, in its order.

    Relative ones are counted from `said`. With `absolute`, only those that hold for themselves:
    a year is written, so that they mean the same whenever they were said.

    >>> [span.text for span in moments("We met on May 7, 2024, two days ago.",
    ...                                Moment.parse("2024-05-09"), absolute=True)]
    ['May 7, 2024']
    """
    found: list[DateSpan] = []
    for start, piece in _pieces(text, absolute):
        if absolute and not tables.YEAR.search(piece):
            continue
        for span in spans(piece, said):
            if absolute and not tables.YEAR.search(span.text):
                continue
            found.append(
                DateSpan(span.start, span.end, span.precision, span.text, span.place + start)
            )
    return found


def numbers(text: str) -> list[Number]:
    """The numbers of a text, in digits or in words, with the word behind each.

    >>> [(number.value, number.unit) for number in numbers("I have three dogs and $1,200.")]
    [(3.0, 'dogs'), (1200.0, '$')]
    """
    found = []
    for match in tables.NUMBER.finditer(text):
        word = match["word"]
        if word is not None:
            value = float(tables.NUMBER_WORDS[word.lower()])
        else:
            value = float(match["digits"].replace(",", ""))
        unit = (match["sign"] or match["unit"] or "").lower()
        found.append(Number(match[0].strip(), value, unit, match.start()))
    return found


def sentences(text: str) -> list[tuple[int, str]]:
    """The sentences of a text with where each begins; an abbreviation does not end one.

    >>> [sentence for _, sentence in sentences("Dr. Reed came. He sat.")]
    ['Dr. Reed came.', 'He sat.']
    """
    found = []
    start = 0
    for match in tables.SENTENCE_END.finditer(text):
        if text[start : match.start()].strip():
            found.append((start, text[start : match.start()].strip()))
            start = match.end()
    if text[start:].strip():
        found.append((start, text[start:].strip()))
    return found


def occurrences(name: str, low: str) -> list[int]:
    """Where a name stands as a whole in a text in lower case, however its blanks are written.

    >>> occurrences("High Line", "on the high\\nline, not the high lines")
    [7]
    """
    words = name.lower().split()
    if not words or any(word not in low for word in words):  # which spares most patterns
        return []
    pattern = r"\s+".join(map(re.escape, words))
    if ord(words[0][0]) < _HAN:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return [match.start() for match in re.finditer(pattern, low)]


_HAN: Final = 0x2E80
"""From here on scripts write no blanks between words."""


def kinds_of_event(text: str) -> list[str]:
    """Nouns for events with up to two words before them that say which kind, in lower case.

    >>> kinds_of_event("The annual ice sculpture exhibition drew a crowd to the festival.")
    ['ice sculpture exhibition', 'festival']
    """
    found = []
    for match in _LETTERS.finditer(text):
        # A look into a set: a pattern of all the nouns takes ten times as long.
        if match[0].lower() not in tables.EVENT_NOUNS:
            continue
        lead = re.split(r"[^\w\s'’-]", text[max(0, match.start() - 40) : match.start()])[-1]
        words = lead.lower().split()
        if len(lead) == 40:
            words = words[1:]  # the first is cut
        kept = [match[0].lower()]
        for word in reversed(words):
            if len(kept) == 3 or not _says_which(word):
                break
            kept.insert(0, word)
        found.append(" ".join(kept))
    return found


_LETTERS: Final = re.compile(r"\w+")


def _says_which(word: str) -> bool:
    return (
        len(word) > 2
        and word not in _leads()
        and word not in tables.NO_KIND
        and not word.endswith(("ly", "'s", "’s", "ed", "s'"))
    )


# -- spans


def _spans(text: str) -> Iterable[tuple[int, int]]:
    """Runs of capitalised words, without the function words that begin a sentence."""
    for match in tables.CAPITALISED.finditer(text):
        start, stop = match.span()
        words = [(part.start() + start, part.end() + start) for part in _WORD.finditer(match[0])]
        while words and text[words[0][0] : words[0][1]].lower().rstrip(".") in _leads():
            words.pop(0)
        while words and text[words[-1][0] : words[-1][1]].lower() in stop_words("english").words:
            words.pop()
        if not words:
            continue
        start, stop = words[0][0], words[-1][1]
        said = re.sub(r"['’]s\Z|['’]\Z", "", text[start:stop]).rstrip(".,")
        if tables.CALENDAR.fullmatch(said.lower()) or len(said) < 2:
            continue
        yield start, start + len(said)


_WORD = re.compile(r"\S+")


@cache
def _leads() -> frozenset[str]:
    return stop_words("english").words | tables.LEADS


def _parts(text: str, start: int, stop: int) -> list[str]:
    return text[start:stop].split()


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(" \t\"'“”‘(¿¡*_-–—")
    return not before or before[-1] in ".!?:;…。！？\n" or before.endswith("\r")


def _judged(text: str, start: int, stop: int, alone: set[str], known: Iterable[str]) -> Name:
    said = text[start:stop]
    words = said.split()
    last, first = words[-1].lower().strip(".,"), words[0].lower().strip(".,")
    before = text[max(0, start - 24) : start].lower()
    behind = text[stop : stop + 24].lower()
    if last in tables.EVENT_NOUNS and (len(words) > 1 or last not in tables.PLACE_NOUNS):
        return Name(said, start, stop, Kind.EVENT, 0.0)
    person = 0.0
    if last in tables.PLACE_NOUNS or (len(words) > 1 and first in tables.PLACE_LEADS):
        person -= 2 if last in tables.LANDSCAPE else 3
    if len(words) > 1 and re.search(r"\b(?:of|the|at|on)\b", said):
        person -= 1.5
    if tables.PLACE_BEFORE.search(before):
        person -= 1.5
    if tables.PLACE_NEAR.search(before):
        person -= 0.5
    if re.search(r"\bthe\s+\Z", before):
        person -= 1
    if first in GIVEN_NAMES:
        person += 2.5
    if said in known:
        person += 4
    if tables.TITLED.match(said) or tables.TITLE_BEFORE.search(before):
        person += 3
    if len(words) in (2, 3) and any(word in alone for word in (words[0], words[-1])):
        person += 2
    if tables.PERSON_BEHIND.match(behind):
        person += 1
    if tables.PERSON_BEFORE.search(before):
        person += 1
    if len(words) == 2:
        person += 0.4
    if len(words) >= 4:
        person -= 0.5
    kind = Kind.PERSON if person > 0.5 else Kind.PLACE if person < -0.5 else Kind.OTHER
    return Name(said, start, stop, kind, person)


def _chinese(text: str) -> list[Name]:
    return [
        Name(match[match.lastindex or 0], *match.span(match.lastindex or 0), Kind.PERSON, 1.0)
        for match in tables.CHINESE_PERSON.finditer(text)
    ] + [
        Name(match[1], match.start(1), match.end(1), Kind.PLACE, -1.0)
        for match in tables.CHINESE_PLACE.finditer(text)
    ]


_PIECE: Final = 3000


def _pieces(text: str, absolute: bool) -> list[tuple[int, str]]:
    """A text in pieces short enough for `spans`, cut between sentences; blanks are not parted.

    With `absolute`, only what stands around a year: a date is written within it, and to part a
    long text into sentences takes longer than all else.
    """
    if len(text) <= 400:
        return [(0, _flat(text))]
    if absolute:
        return [(start, _flat(text[start:stop])) for start, stop in _around_years(text)]
    cut: list[tuple[int, str]] = []
    for start, sentence in sentences(text):
        if cut and start + len(sentence) - cut[-1][0] <= _PIECE:
            cut[-1] = cut[-1][0], _flat(text[cut[-1][0] : start + len(sentence)])
        else:
            cut.append((start, _flat(sentence)))
    return cut


_AROUND: Final = 60


def _around_years(text: str) -> list[tuple[int, int]]:
    """Where years are written, with what stands around them, from blank to blank; none overlap."""
    found: list[tuple[int, int]] = []
    for match in tables.YEAR.finditer(text):
        start, stop = max(0, match.start() - _AROUND), min(len(text), match.end() + _AROUND)
        while start > 0 and not text[start - 1].isspace() and match.start() - start < 2 * _AROUND:
            start -= 1
        while stop < len(text) and not text[stop].isspace() and stop - match.end() < 2 * _AROUND:
            stop += 1
        if found and start <= found[-1][1] and stop - found[-1][0] <= _PIECE:
            found[-1] = found[-1][0], stop
        elif found and start <= found[-1][1]:
            found.append((found[-1][1], stop))
        else:
            found.append((start, stop))
    return found


def _flat(text: str) -> str:
    """The text on one line, of the same length."""
    return text.replace("\n", " ")
