"""How many tokens a text is, without a tokenizer: an estimate that errs upwards.

Each stretch of up to six Latin letters, each stretch of up to three digits, and every other
character that is not a blank counts as one token. Byte-pair vocabularies join more than that in
ordinary English, so a budget counted this way is kept.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z]{1,6}|[0-9]{1,3}|[^\sA-Za-z0-9]")


def count_tokens(text: str) -> int:
    """An upper estimate of the tokens of a text.

    >>> count_tokens("Ana moved to Lisbon in 2025."), count_tokens("東京")
    (8, 2)
    """
    return len(_TOKEN.findall(text))
