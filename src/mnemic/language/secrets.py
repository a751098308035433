"""Secrets and personal identifiers in a text: where they are, and the text without them.

Keys of well-known services by the prefixes that those print on them, private keys in PEM, what
stands behind `password:` or `api_key=`, payment cards (Luhn), IBANs (ISO 13616, modulo 97),
e-mail addresses, telephone numbers that are written internationally, and US social security
numbers. Precision before recall: a word of an ordinary sentence is not to vanish, so a number
without a check digit, a separator or a prefix is left alone, and so are names and addresses of
streets, which no rule of this kind can tell from other words. What it finds is a floor, not a
promise.

Each rule looks at a bounded stretch from a place that it can begin at only once, so that no text,
however it was made, takes longer than its length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import log2
from typing import Any, Final, Literal, TypeAlias

Mode: TypeAlias = Literal["off", "mark", "redact"]
"""What happens to what is found: nothing; its kinds are noted; it is replaced by them."""

Redaction: TypeAlias = Mode | Callable[[str], str]
"""A mode, or whoever knows better: text in, text out."""

MODES: Final[tuple[Mode, ...]] = ("off", "mark", "redact")
"""From the least strict to the strictest."""

SENSITIVE: Final = "sensitive"
"""The name in a record's metadata under which `mark` notes what kinds were found."""

KINDS: Final = ("key", "card", "iban", "ssn", "e-mail", "phone")


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A stretch of a text that should perhaps not be kept, and what it is."""

    start: int
    end: int
    kind: str
    """One of KINDS."""


def find(text: str) -> list[Sensitive]:
    """What is sensitive in a text, in the order of the text; stretches do not overlap.

    >>> [(one.kind, one.start) for one in find("Card 4111 1111 1111 1111, ana@example.org")]
    [('card', 5), ('e-mail', 26)]
    >>> find("On 2024-01-02 we paid 4111 euros, order 1234 5678 9012 3456.")
    []
    """
    found: list[Sensitive] = []
    for kind, rule in _RULES:
        found += (Sensitive(start, end, kind) for start, end in rule(text))
    found.sort(key=lambda one: (one.start, KINDS.index(one.kind), -one.end))
    apart: list[Sensitive] = []
    for one in found:
        if apart and one.start < apart[-1].end:
            # Of two that overlap the stronger kind stays, over the whole of both.
            last = apart.pop()
            kind = min(last.kind, one.kind, key=KINDS.index)
            one = Sensitive(last.start, max(last.end, one.end), kind)
        apart.append(one)
    return apart


def kinds(text: str) -> tuple[str, ...]:
    """The kinds that a text holds, sorted.

    >>> kinds("write to ana@example.org")
    ('e-mail',)
    """
    return tuple(sorted({one.kind for one in find(text)}))


def redacted(text: str) -> str:
    """The text with each stretch replaced by its kind in brackets; again gives the same.

    >>> redacted("My password: hunter2! Write to ana@example.org")
    'My password: [key] Write to [e-mail]'
    """
    parts: list[str] = []
    after = 0
    for one in find(text):
        parts += [text[after : one.start], f"[{one.kind}]"]
        after = one.end
    return "".join([*parts, text[after:]]) if parts else text


def redacted_all(value: Any, change: Callable[[str], str] = redacted) -> Any:
    """The same value (what JSON can hold) with `change` done to every text in it, names aside.

    >>> redacted_all({"from": ["ana@example.org", 3]})
    {'from': ['[e-mail]', 3]}
    """
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: redacted_all(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [redacted_all(one, change) for one in value]
    return value


def cleared(
    text: str, metadata: Mapping[str, Any], redaction: Redaction
) -> tuple[str, Mapping[str, Any]]:
    """A text and its metadata as they may be kept.

    "mark" notes the kinds in the metadata under SENSITIVE, instead of what is there; "redact" and
    a callable change the text and every text in the metadata (not its names).

    >>> cleared("write to ana@example.org", {}, "mark")[1]
    {'sensitive': ['e-mail']}
    """
    if redaction == "off":
        return text, metadata
    if redaction == "mark":
        there = sorted({*kinds(text), *_kinds_within(metadata)})
        return text, {**metadata, SENSITIVE: there} if there else metadata
    change = redacted if redaction == "redact" else redaction
    return change(text), redacted_all(metadata, change)


def _kinds_within(value: Any) -> set[str]:
    found: set[str] = set()

    def seen(text: str) -> str:
        found.update(kinds(text))
        return text

    redacted_all(value, seen)
    return found


_Spans: TypeAlias = Iterator[tuple[int, int]]

# -- keys

_BEGINS: Final = r"(?<![A-Za-z0-9_])"
"""A token begins here: without this, each place inside a long token would be tried."""

_SERVICES: Final = re.compile(
    _BEGINS
    + r"(?:"
    + "|".join(
        (
            r"A(?:KI|SI|BI|CC)A[A-Z2-7]{16}(?![A-Za-z0-9])",  # AWS
            r"gh[pousr]_[A-Za-z0-9]{36,255}",  # GitHub
            r"github_pat_[A-Za-z0-9_]{22,255}",
            r"glpat-[A-Za-z0-9_-]{20,64}",  # GitLab
            r"xox[abceoprs]-[A-Za-z0-9-]{10,250}",  # Slack
            r"AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",  # Google
            r"ya29\.[A-Za-z0-9_-]{20,500}",
            r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,250}",  # Stripe
            r"whsec_[A-Za-z0-9+/=]{24,100}",
            r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])",
            r"pypi-AgE[A-Za-z0-9_-]{50,500}",
            r"hf_[A-Za-z0-9]{30,60}(?![A-Za-z0-9])",  # Hugging Face
            r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",  # SendGrid
            r"dop_v1_[0-9a-f]{64}",  # DigitalOcean
            r"dapi[0-9a-f]{32}(?![0-9a-f])",  # Databricks
            r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])",  # Telegram
            r"eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{8,4000}",  # JWT
        )
    )
    + r")"
)
_SK: Final = re.compile(r"(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{20,250}")
"""OpenAI, Anthropic and those who do as they do; hyphenated words begin like that as well."""

_BEARER: Final = re.compile(r"(?<![A-Za-z])[Bb]earer[ \t]{1,4}([A-Za-z0-9._~+/-]{20,4000}={0,2})")
_IN_URL: Final = re.compile(r"://[^\s/:@\"'<>]{1,64}:([^\s/@\"'<>]{3,128})@(?=[A-Za-z0-9\[])")
_PEM_BEGINS: Final = re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
_PEM_ENDS: Final = re.compile(r"-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
_PEM_LONGEST: Final = 20_000
_PEM_BODY: Final = re.compile(r"(?:[A-Za-z0-9+/=\s]|\\n|[A-Za-z-]{1,20}: )*")

_NAMED: Final = re.compile(
    r"(?:(?<![a-z])(?P<word>pass(?:word|wd|phrase|code)|pwd|passwort|kennwort|contraseña|senha"
    r"|mot de passe)|(?<![a-z])(?P<name>(?:api|secret|access|private|auth|account|client|bearer"
    r"|encryption|signing)[ _-]?(?:key|token|secret)|secret|token)|(?P<cjk>密码|密碼|口令))"
    r"['\"`*]{0,3}[ \t]{0,3}"
    r"(?:(?P<sign>[:=：]{1,2}>?)|(?P<verb>is|ist|es|est|é|是))[ \t]{0,3}['\"`*]{0,3}"
    r"(?P<value>[^\s'\"`<>]{6,200})",
    re.IGNORECASE,
)
_NOT_A_VALUE: Final = re.compile(
    r"[(\[{]|\$|%\w|\*{3}|x{4}|\.{3}|…|your|example|passw|process\.|os\.|env\b|://", re.IGNORECASE
)
"""Calls, variables, masks and placeholders: code and manuals are full of them."""

_LEAST_BITS: Final = 3.0
"""Bits per character below which a token is rather a word: `aaaaaaaaaaaaaaaa1` has .3."""

_UNNAMED_LENGTH: Final = 16


def _keys(text: str) -> _Spans:
    for match in _SERVICES.finditer(text):
        yield match.span()
    if "sk-" in text:
        yield from (one.span() for one in _SK.finditer(text) if _random(one[0][3:]))
    if "earer" in text:
        yield from (one.span(1) for one in _BEARER.finditer(text) if _random(one[1]))
    if "://" in text:
        yield from (
            one.span(1) for one in _IN_URL.finditer(text) if not _NOT_A_VALUE.search(one[1])
        )
    yield from _pem(text)
    for match in _NAMED.finditer(text):
        value = match["value"].rstrip(".,;:!?)")
        if _is_value(value, match):
            begin = match.start("value")
            whole = match["value"].rstrip(".,;:?)")  # a password may well end in "!"
            yield begin, begin + len(whole)


def _is_value(value: str, match: re.Match[str]) -> bool:
    """Whether what stands behind a name such as `password` is a secret, and not a word."""
    if len(value) < 6 or _NOT_A_VALUE.search(value):
        return False
    if match["name"]:
        return len(value) >= _UNNAMED_LENGTH and _random(value)
    letters = any(map(str.isalpha, value))
    digits = any(map(str.isdigit, value))
    signs = any(not one.isalnum() and one not in "_-'.,/" for one in value)
    if match["verb"]:
        return letters and digits and len(value) >= 8
    return (letters and (digits or signs)) or (digits and not letters and value.isdigit())


def _random(token: str) -> bool:
    """Whether a token was drawn rather than written: mixed, and rich in different characters."""
    letters, digits = any(map(str.isalpha, token)), any(map(str.isdigit, token))
    return letters and digits and _bits(token) >= _LEAST_BITS


def _bits(token: str) -> float:
    """Shannon's entropy of the characters, in bits per character."""
    size = len(token)
    return -sum(count / size * log2(count / size) for count in Counter(token).values())


def _pem(text: str) -> _Spans:
    after = 0
    while (begin := _PEM_BEGINS.search(text, after)) is not None:
        body = _PEM_BODY.match(text, begin.end(), begin.end() + _PEM_LONGEST)
        # Without its last line it was cut off: then all that can be a part of it goes.
        after = body.end() if body else begin.end()
        end = _PEM_ENDS.match(text, after)
        after = end.end() if end else after
        yield begin.start(), after


# -- numbers with check digits

_RUN: Final = re.compile(r"[0-9](?:[ -]?[0-9])*")
_DIGITS: Final = re.compile(r"[0-9]+")
_BARE: Final = frozenset(range(13, 20))
_SHAPES: Final = frozenset(
    {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3)}
)
_MOST_GROUPS: Final = 5
_TOKEN_SIGNS: Final = "_./+#@=\\"


def _cards(text: str) -> _Spans:
    for match in _RUN.finditer(text):
        if match.end() - match.start() < 13:
            continue
        run = match[0]
        groups = [one.span() for one in _DIGITS.finditer(run)]
        first = 0
        while first < len(groups):
            last = _card_from(run, groups, first)
            if last is not None:
                start, end = match.start() + groups[first][0], match.start() + groups[last][1]
                if _alone(text, start, end):
                    yield start, end
                    first = last
            first += 1


def _card_from(run: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """The last of the groups of digits that, from `first` on, are a card's number."""
    size = groups[first][1] - groups[first][0]
    if size in _BARE:
        digits = run[slice(*groups[first])]
        known = _issued(digits) and _luhn(digits) and not (size == 13 and _ean(digits))
        return first if known else None
    if size != 4:
        return None
    for last in range(min(first + _MOST_GROUPS, len(groups)) - 1, first + 1, -1):
        sizes = tuple(end - begin for begin, end in groups[first : last + 1])
        if sizes in _SHAPES:
            digits = "".join(run[begin:end] for begin, end in groups[first : last + 1])
            signs = {run[groups[place][1]] for place in range(first, last)}
            if len(signs) == 1 and _issued(digits) and _luhn(digits):
                return last
    return None


def _issued(digits: str) -> bool:
    """Whether an issuer has numbers that begin like this, at this length."""
    size, four = len(digits), int(digits[:4])
    return (
        (digits[0] == "4" and size in (13, 16, 19))  # Visa
        or ((5100 <= four <= 5599 or 2221 <= four <= 2720) and size == 16)  # Mastercard
        or (four // 100 in (34, 37) and size == 15)  # American Express
        or ((four == 6011 or 6440 <= four <= 6599) and size in (16, 19))  # Discover
        or (3528 <= four <= 3589 and size == 16)  # JCB
        or ((3000 <= four <= 3059 or four // 100 in (36, 38, 39)) and size == 14)  # Diners Club
        or (four // 100 == 62 and 16 <= size <= 19)  # UnionPay
        or (
            four in (5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763) and size >= 13
        )  # Maestro
    )


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _ean(digits: str) -> bool:
    """Whether the number on a package (EAN-13): those of Germany begin with a 4 as well."""
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10 == 0


def _alone(text: str, start: int, end: int) -> bool:
    """Whether a number stands by itself, and is no part of a name, an address or a decimal."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isascii() and (before.isalnum() or before in _TOKEN_SIGNS + "-"):
        return False
    if after.isascii() and (after.isalpha() or after in "_@\\"):
        return False
    return not (after in ".,:/-+" and text[end + 1 : end + 2].isalnum())


_IBAN_BEGINS: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?=[ A-Z0-9])")
_IBAN_LENGTHS: Final[Mapping[str, int]] = {
    country: size
    for size, countries in (
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FO GL NL"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU XK"),
        (21, "CH CR HR LI LV"),
        (22, "BG BH DE GB GE IE ME RS VA"),
        (23, "AE GI IL IQ TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "LY PT ST"),
        (26, "IS TR"),
        (27, "BI DJ FR GR IT MC MR SM"),
        (28, "AL AZ BY CY DO GT HU LB NI PL SV"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU"),
        (31, "MT SC"),
        (32, "LC"),
    )
    for country in countries.split()
}


def _ibans(text: str) -> _Spans:
    for begin in _IBAN_BEGINS.finditer(text):
        size = _IBAN_LENGTHS.get(begin[0][:2])
        match = _of_length(size).match(text, begin.start()) if size else None
        if match is not None:
            plain = match[0].replace(" ", "")
            if int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1:
                yield match.span()


@cache
def _of_length(size: int) -> re.Pattern[str]:
    """So many capitals and digits, blanks between them passed over."""
    return re.compile(rf"[A-Z0-9](?: ?[A-Z0-9]){{{size - 1}}}(?![A-Za-z0-9])")


# -- identifiers of people

_SSN: Final = re.compile(
    r"(?<![\w.+-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\w-])"
)
_LOCAL: Final = r"[A-Za-z0-9À-ɏ._%+'-]"
_EMAIL: Final = re.compile(
    rf"(?<!{_LOCAL})(?P<local>{_LOCAL}{{1,64}})"
    r"@(?P<domain>(?:[A-Za-z0-9-]{1,63}\.){1,8}(?P<top>[A-Za-z]{2,24}))(?![A-Za-z0-9-])"
)
_FILES: Final = frozenset({"gif", "jpeg", "jpg", "js", "css", "png", "py", "svg", "webp"})
"""Ends of file names: `logo@2x.png` is no address."""

_PHONE: Final = re.compile(
    r"(?<![\w+/=])(?:\+[1-9][0-9]{0,2}(?:[ .-]?\(0?[0-9]{0,4}\))?(?:[ .-]?[0-9]){6,13}"
    r"|\([2-9][0-9]{2}\) ?[2-9][0-9]{2}-[0-9]{4})(?![\w-]|[.,][0-9])"
)


def _ssns(text: str) -> _Spans:
    return (match.span() for match in _SSN.finditer(text))


def _emails(text: str) -> _Spans:
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        ssh = match["local"] == "git" and text[match.end() : match.end() + 1] in (":", "/")
        if match["top"].lower() not in _FILES and not ssh:
            # A quotation mark before it is none of its letters.
            yield match.start() + match[0].startswith("'"), match.end()


def _phones(text: str) -> _Spans:
    for match in _PHONE.finditer(text):
        if 8 <= sum(map(str.isdigit, match[0])) <= 15:
            yield match.span()


_RULES: Final[tuple[tuple[str, Callable[[str], _Spans]], ...]] = (
    ("key", _keys),
    ("card", _cards),
    ("iban", _ibans),
    ("ssn", _ssns),
    ("e-mail", _emails),
    ("phone", _phones),
)
