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
