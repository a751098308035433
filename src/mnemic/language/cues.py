"""What is read off a text once, when it is written: does it ask, name a time, speak of itself?

The bits stay with the record, and ranking uses them as soft priors: a question for a date prefers
turns that name a time, turns that only ask stand back. This is on the write path, so it looks words
up and hardly looks at their neighbours; what a question says about time is read with care in
`dates.py`. The words for time are those of `calendars.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from mnemic.core.cues import Cue
from mnemic.language import calendars
from mnemic.language.questions import is_question
from mnemic.language.stopwords import LANGUAGES, stop_words

_SELF: Final = """
i im ive me my mine myself we our ours us eu meu minha meus minhas mim comigo nós nosso nossa yo mí
mis conmigo nosotros nuestro nuestra ich mir mich mein meine meinen meinem meiner wir uns unser
unsere je moi mon mes nous notre nos
"""
_SELF_CJK: Final = "[我咱俺私僕]|ぼく|おれ|わたし|나는|내가|저는|제가|우리|저의|나의"

_CLEAR: Final = """
ago recently lately weekend weekends wochenende christmas xmas easter thanksgiving halloween
navidad weihnachten noël atrás feira aujourd
"""
"""Words that name a time by themselves, beside days, months and `yesterday`."""

_LONG: Final = 20
_FEW: Final = 10
"""One function word in ten: sentences of the six languages with a stop list hold more."""

_COUNTED: Final = frozenset(
    b"two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred "
    b"thousand dozen couple once twice half dois duas tres cinco zwei drei vier deux trois".split()
)
_CAPITAL = re.compile(r"(?<=[\w,;:\u2014(] )(?!I\b)[A-Z\u00c0-\u00dd]\w")
_COUNTS: Final = frozenset(b"few couple two three four five six several 2 3 4 5 6".split())
_BEFORE_A_MONTH: Final = frozenset(
    b"in last next this since until till of during early mid late em en im seit".split()
)
_BEFORE_A_SEASON: Final = _BEFORE_A_MONTH | frozenset(b"over every the no el l d cet der".split())

# A year, 8th, 10:30, 5 pm, 8/5/2023. At most four digits, or a megabyte of them takes hours.
_NUMBERS = re.compile(
    r"[0-9]{1,4}(?:(?<=(?<![\w.,])(?:18|19|20)[0-9][0-9])(?![\w%]|[.,][0-9])|(?:st|nd|rd|th)\b"
    r"|:[0-9]{2}\b|\s?[apAP]\.?[mM]\b|([/.-])[0-9]{1,2}\1[0-9]{2,4}\b)"
)
_CJK = re.compile(calendars.CJK)
_CAPITAL_MONTH = re.compile(r"(?<=[a-z,] )(?:May|March)\b")

# Whatever of ASCII is part of no word becomes a blank, and capitals become small. On bytes this
# takes a tenth of what a pattern takes.
_FOLD: Final = bytes(
    ord(chr(code).lower()) if code > 127 or chr(code).isalnum() else 32 for code in range(128)
) + bytes(range(128, 256))
_ALL_BUT_DIGITS: Final = bytes(code for code in range(256) if not 48 <= code <= 57)


def cues(text: str) -> Cue:
    """The cues of a text.

    >>> cues("I moved here last May.") == Cue.TIME | Cue.FIRST_PERSON | Cue.NAME
    True
    >>> cues("Did she call?") == Cue.QUESTION
    True
    >>> cues("She met Rita twice.") == Cue.NAME | Cue.NUMBER
    True
    """
    table = _table()
    folded = _folded(text)
    tokens = folded.split()
    bits = Cue.QUESTION.value if is_question(text) else 0
    if _names_time(text, folded, tokens, table):
        bits |= Cue.TIME.value
    if not table.self.isdisjoint(tokens) or (not text.isascii() and table.self_cjk.search(text)):
        bits |= Cue.FIRST_PERSON.value
    if folded.translate(None, _ALL_BUT_DIGITS) or not _COUNTED.isdisjoint(tokens):
        bits |= Cue.NUMBER.value
    if _CAPITAL.search(text):
        bits |= Cue.NAME.value
    if len(tokens) >= _LONG and sum(map(table.function.__contains__, tokens)) * _FEW < len(tokens):
        bits |= Cue.LIST.value
    return _CUES[bits]


# `Cue(3)` and `a | b` take a microsecond each; a look at a table does not.
_CUES: Final = [Cue(bits) for bits in range(64)]


class _Table(NamedTuple):
    clear: frozenset[bytes]
    """Words that name a time by themselves."""
    hints: frozenset[bytes]
    """Words that do beside the right neighbour: all of those below."""
    leads: frozenset[bytes]
    """`last`, `this`, `next`: before a unit."""
    behind: frozenset[bytes]
    """`passado`, `dernier`: behind a unit."""
    seasons: frozenset[bytes]
    months: frozenset[bytes]
    """Those that are other words too, and those that are cut short."""
    units: frozenset[bytes]
    cjk: re.Pattern[str]
    self: frozenset[bytes]
    function: frozenset[bytes]
    """Function words of all languages that have a list."""
    self_cjk: re.Pattern[str]


def _folded(text: str) -> bytes:
    if not text.isascii():
        text = text.lower().replace("’", "'")
    return text.encode("utf-8", "replace").translate(_FOLD)


def _names_time(text: str, folded: bytes, tokens: list[bytes], table: _Table) -> bool:
    if not table.clear.isdisjoint(tokens):
        return True
    if not table.hints.isdisjoint(tokens) and _beside(tokens, table):
        return True
    if folded.translate(None, _ALL_BUT_DIGITS) and _NUMBERS.search(text):
        return True
    if not text.isascii() and _CJK.search(text) and table.cjk.search(text):
        return True
    return ("May" in text or "March" in text) and _CAPITAL_MONTH.search(text) is not None


def _beside(tokens: list[bytes], table: _Table) -> bool:
    """Whether one of the words that may belong to a time does, by its neighbours."""
    around = [b"", b"", *tokens, b"", b"", b""]
    for place, token in enumerate(around):
        if token not in table.hints:
            continue
        earlier, later, second = around[place - 1], around[place + 1], around[place + 2]
        if token in table.leads and (
            later in table.units or (later in _COUNTS and second in table.units)
        ):
            return True
        if token in table.behind and (
            earlier in table.units or (earlier == b"que" and around[place - 2] in table.units)
        ):
            return True
        if token in table.seasons and earlier in _BEFORE_A_SEASON:
            return True
        if token in table.months and (
            earlier in _BEFORE_A_MONTH or earlier[:1].isdigit() or later.isdigit()
        ):
            return True
        if token in _AGO and second in table.units:  # há dois anos, hace un mes, vor zwei Wochen
            return True
        if token == b"il" and later == b"y" and second == b"a":
            return True
        if token in _DAY and later in _PART_OF_DAY:
            return True
    return False


_AGO: Final = frozenset("há hace vor".encode().split())
_DAY: Final = frozenset(b"hier morgen earlier".split())
_PART_OF_DAY: Final = frozenset("soir matin früh abend nachmittag today this".encode().split())


@cache
def _table() -> _Table:
    unclear = calendars.MONTHS_WITH_OTHER_MEANINGS | {"hier", "morgen", "mañana"}
    names = {
        name
        for table in (calendars.MONTHS, calendars.WEEKDAYS)
        for row in table.values()
        for name in row
    }
    clear = {*names, *(f"{day}s" for day in calendars.WEEKDAYS["english"]), *_CLEAR.split()}
    clear |= {phrase for phrase in _flat(calendars.PHRASES) if phrase.isalpha()}
    leads = {word for phrase in calendars.BEFORE for word in phrase.split()} | {"other"}
    behind = {phrase.split()[-1] for phrase in calendars.AFTER}
    seasons = set(calendars.SEASONS) - {"estate"}
    months = {*calendars.MONTHS_WITH_OTHER_MEANINGS, *calendars.MONTHS_CUT_SHORT}
    units = {*calendars.UNITS, *seasons, *months}
    units |= {*calendars.WEEKDAYS_CUT_SHORT, "morning", "evening", "afternoon", "semester", "term"}
    units -= {"second", "seconds", "an", "ora", "ore", "segunda", "quarta", "quinta"}
    return _Table(
        clear=_bytes(clear - unclear),
        hints=_bytes(leads | behind | seasons | months | {"hier", "morgen", "earlier", "il"})
        | _AGO,
        leads=_bytes(leads),
        behind=_bytes(behind),
        seasons=_bytes(seasons),
        months=_bytes(months),
        units=_bytes(units),
        cjk=re.compile(
            "|".join(map(re.escape, _flat(calendars.PHRASES_WITHOUT_BLANKS)))
            + r"|[\d〇零一二两兩三四五六七八九十几幾]\s*(?:[年月号號点點時时년월]|(?:个|個)?"
            r"(?:[天日周週年]|星期|月|小时|小時)(?:以|之)?前)"
            r"|(?:[周週]|星期|礼拜|禮拜)[一二三四五六日天末]|[月火水木金土日]曜|요일|最近"
        ),
        self=_bytes(_SELF.split()),
        function=_bytes(word for name in LANGUAGES for word in stop_words(name).words),
        self_cjk=re.compile(_SELF_CJK),
    )


def _flat(table: dict[str, dict[int, str]]) -> list[str]:
    return [
        phrase
        for shifts in table.values()
        for each in shifts.values()
        for phrase in each.split("|")
    ]


def _bytes(words: Iterable[str]) -> frozenset[bytes]:
    return frozenset(word.encode() for word in words)
