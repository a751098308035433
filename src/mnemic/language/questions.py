"""Whether a text asks something, and whether it asks when.

Both are soft cues: turns that only ask are seldom evidence, and a question for a date is answered
by a turn that names a time. English, Portuguese, Spanish, German, French, Italian, Chinese,
Japanese and Korean; patterns over the text in lower case, no parsing.
"""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 4096
"""Characters of a question that are read."""

_MARKS: Final = ("?", "？", "؟")
_TRAILERS: Final = " \t\r\n\"'”’)]»*_~"

_AUXILIARY = "did|do|does|is|are|was|were|am|will|would|has|have|had|can|could|should|shall|might"

# How a question begins that leaves out its mark, as chat does: "did she call", "where does he
# live". "What a day" and "when we met" are none, for want of an auxiliary.
_OPENING = re.compile(
    r"(?:so |and |but |hey |ok |okay )?(?:(?:who|what|where|when|why|how)'?s \w"
    rf"|(?:who|what|where|when|why|how|which|whose) (?:\w+ )?(?:{_AUXILIARY})\b"
    rf"|(?:{_AUXILIARY}) (?:i|you|he|she|we|they|your|my|anyone)\b"
    r"|(?:quem|onde|qual|quais|quién|dónde|cuál|wer|wo|warum|où|pourquoi|est-ce que|chi|dove) )"
)
_INSIDE = re.compile(r"[.!;\n]")

_WHEN = re.compile(
    rf"\bwhen(?: exactly| on earth)?(?:'s|s|,? (?:{_AUXILIARY}|exactly|else|about))\b"
    r"|\b(?:since|until|till|by|from) when\b|\bwhen\W*\Z"
    r"|(?:\b(?:remember|recall|know|sure|wonder|wondering)|\A(?:please )?(?:tell|remind) me),?"
    r" (?:exactly )?when\b"
    r"|\b(?:what|which) (?:exact |calendar )?(?:date|day|month|year|week|weekend|season|time)s?\b"
    r"|\b(?:the|exact) (?:date|day|month|year) (?:of|when|that|on which|in which)\b"
    r"|\bhow (?:recently|soon|long|many (?:days|weeks|months|years))\b|\Awhen\b[^,]*\?\Z"
    # Portuguese, Spanish, Italian and French open a clause with the word; as a conjunction it
    # stands within one
    r"|(?:\A|[.!?,;:¿] ?|\b(?:desde|até|hasta|da|depuis|e|y|et) )(?:quando|cuando|quand)\b"
    r"|\bcuándo\b|\bwann\b|\bquand est-ce\b"
    r"|\b(?:que|qué|qual|quel|quelle|che|quale|welche[mnrs]?) (?:data|fecha|datum|date|d[ií]a|tag"
    r"|jour|giorno|m[eê]s|monat|mois|mese|ano|año|jahr|année|anno)\b"
    r"|\bquanto tempo\b|\bcuánto tiempo\b|\bhace cuánto\b|\bwie lange\b|\bvor wie viel"
    r"|\bcombien de temps\b|\bil y a combien\b"
    # Chinese, Japanese, Korean
    r"|[什甚][么麼]时候|什麼時候|何[时時日月年]|[几幾][时時号號点點]|哪(?:一|个|個)?[天年月日]|多久|多长时间"
    r"|几月|幾月|星期几|星期幾|周几|週幾|いつ|何曜日|언제|며칠|몇 ?[월년시]"
)
_HINTS = re.compile(
    r"wh|date|day|year|how|quand|quant|cu[aá]n|wann|que|qué|qual|quel|che|hace|vor w|wie|combien"
    r"|[^\x00-\u024f]"
)


_NUMBER = re.compile(
    r"\bhow (?:many|much|often|old|long|tall|far|big|large|high|heavy|fast)\b"
    r"|\b(?:number|amount) of\b"
    r"|\bquant[oa]s?\b|\bcu[aá]nt[oa]s?\b|\bwie (?:viel|viele|oft|alt|lang|gro[sß])"
    r"|\bcombien\b|\bquel âge\b|多少|多大|多高|多重|多远|多長|多长|几[个個次岁歲位只隻天年月人]|幾"
)
_NAME = re.compile(
    r"\b(?:who|whose|whom|where|which|name|names|called|named)\b"
    r"|\b(?:quem|onde|qual|quais|quién|quiénes|dónde|cuál|cuáles|nombre|nome|wer|wem|wen|wessen|wo"
    r"|welche[mnrs]?|name|qui|où|quel|quelle|quels|quelles|nom)\b|[谁誰哪]|叫什么|叫什麼|名字"
)
_LATEST = re.compile(
    r"\b(?:now|nowadays|currently|current|latest|recent|recently|these days|at the moment|last"
    r"|most recent|newest|anymore|any longer|still|so far|up to date)\b"
    r"|\b(?:agora|atual|atualmente|último|última|ahora|actual|actualmente|últim[oa]s?|recente"
    r"|reciente|jetzt|aktuell|derzeit|zuletzt|letzte[nrs]?|maintenant|actuel|actuellement"
    r"|derni(?:er|ère)s?|récemment)\b|现在|現在|目前|如今|最近|最新|最后|最後|后来|後來"
)
_FIRST = re.compile(
    r"\b(?:first|originally|initially|at first|original|earliest|at the beginning|to begin with)\b"
    r"|\b(?:primeir[oa]|inicialmente|primer[oa]?|al principio|zuerst|erste[nrs]?|ursprünglich"
    r"|d'abord|premi(?:er|ère)|au début)\b|最初|第一|起初|最早|一开始|一開始|首次|原来|原來"
)


def asks_number(text: str) -> bool:
    """Whether a question asks how many, how much, how old; texts that hold numbers answer it.

    >>> asks_number("How many sisters has Ana?"), asks_number("How did it go?")
    (True, False)
    """
    return _NUMBER.search(_lower(text[:_LONGEST])) is not None


def asks_name(text: str) -> bool:
    """Whether a question asks who, where, which one or what it is called.

    >>> asks_name("Where does she live?"), asks_name("Why did she leave?")
    (True, False)
    """
    return _NAME.search(_lower(text[:_LONGEST])) is not None


def asks_latest(text: str) -> bool:
    """Whether a question asks for what holds now, or for the last of several.

    >>> asks_latest("Where does Ana work now?"), asks_latest("Where did Ana work?")
    (True, False)
    """
    return _LATEST.search(_lower(text[:_LONGEST])) is not None


def asks_first(text: str) -> bool:
    """Whether a question asks for the first of several, or for how it was at the beginning.

    >>> asks_first("What was Ana's first job?"), asks_first("What is Ana's job?")
    (True, False)
    """
    return _FIRST.search(_lower(text[:_LONGEST])) is not None


def is_question(text: str) -> bool:
    """Whether a text, taken as a whole, asks: it ends with a question mark, or begins as one.

    A text that tells something and then asks back ("I moved to Lisbon! And you?") asks; one that
    holds a question before its end does not.

    >>> is_question("Where do you live?"), is_question("did she call"), is_question("Who knows.")
    (True, True, False)
    """
    end = text[-12:].rstrip(_TRAILERS)
    if end.endswith(_MARKS):
        return True
    if len(text) > 160 or not end or not end[-1].isalnum():
        return False
    low = _lower(text)
    return _OPENING.match(low) is not None and _INSIDE.search(low) is None


def asks_when(text: str) -> bool:
    """Whether a question asks for a date, a time or how long; turns that name times answer it.

    >>> asks_when("When did Ana move?"), asks_when("What did she say when she moved?")
    (True, False)
    """
    low = _lower(text[:_LONGEST])
    return _HINTS.search(low) is not None and _WHEN.search(low) is not None


def _lower(text: str) -> str:
    return text.lower().replace("’", "'").strip()
