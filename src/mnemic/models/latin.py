"""Can an English model read this question? If not, its words are compared, and no vectors.

The vocabulary of BERT's uncased models holds some thousand characters of other scripts, but their
vectors mean next to nothing: on MemDaily (Chinese, n = 30) R@10 falls from 52 by words alone to 48
with the static table and to 43 with MiniLM. For Spanish, Portuguese, German and French questions
(n = 142) it falls from 65 to 59 with the table.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from mnemic.language.guess import foreign


@lru_cache(maxsize=64)  # a question is asked about twice: for its vector, and for its tokens
def reads(text: str) -> bool:
    """Whether at least half of the letters of a text are Latin, and its words no other language's.

    A text without letters can be read.

    >>> reads("Where does Ana live?"), reads("豆腐为什么要换猫粮？"), reads("São João, 2025")
    (True, False, True)
    >>> reads("Onde vive a irmã da Ana?")
    False
    """
    if foreign(text):
        return False
    if text.isascii():
        return True
    letters = [sign for sign in text if sign.isalpha()]
    latin = sum(sign.isascii() or _is_latin(sign) for sign in letters)
    return 2 * latin >= len(letters)


def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN")
