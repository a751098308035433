"""The scores of an answer without a judge: whether one was given, and how its words agree.

Words are compared in small letters without punctuation and articles, as SQuAD does (Rajpurkar et
al. 2016, arXiv 1606.05250); Chinese, Japanese and Korean by the character. A free answer that says
the same otherwise scores low: these are floors, not what a judge would say.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from mnemic.bench.task import Outcome

_SIGN = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_SIGN}]|[^\W_{_SIGN}]+")
_ARTICLES = {"a", "an", "the", "and"}


def words(text: str) -> list[str]:
    """The words that are compared.

    >>> words("The Red-Cat, 老虎!")
    ['red', 'cat', '老', '虎']
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [word for word in _WORD.findall(plain) if word not in _ARTICLES]


def exact(given: str, gold: str) -> float:
    """1 if both have the same words in the same order, else 0."""
    return float(words(given) == words(gold))


def overlap(given: str, gold: str) -> float:
    """F1 of the words in common; 1 if neither has any.

    >>> overlap("a red cat", "the cat")
    0.6666666666666666
    """
    left, right = Counter(words(given)), Counter(words(gold))
    if not left or not right:
        return float(left == right)
    return 2 * (left & right).total() / (left.total() + right.total())


def answered(outcome: Outcome, answerable: bool) -> dict[str, float]:
    """The scores of an answer; nothing where the system was not asked, or cannot answer.

    A question without an answer: "abstains". One with an answer: "answers", whether one was given,
    and "exact" and "f1" against the gold, 0 for silence.
    """
    answer = outcome.answer
    if answer is None:
        return {}
    silent = answer.abstained or not answer.values
    if not answerable:
        return {"abstains": float(silent)}
    scores = {"answers": float(not silent)}
    gold = outcome.question.answer
    if gold is not None:
        given = "" if silent else ", ".join(answer.values)
        scores |= {"exact": exact(given, gold), "f1": overlap(given, gold)}
    return scores
