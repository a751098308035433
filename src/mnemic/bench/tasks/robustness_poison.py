"""Texts that somebody plants to be found: stuffed with the words that questions hold.

The attacker knows some questions and not the ones that will be asked: he builds on one half of
them and is judged by the other. No encoder is needed for these; `robustness_flip.py` has the
attack that reads one. Whether a planted text is found says nothing yet of the harm it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from mnemic.core.events import Event
from mnemic.core.records import Origin
from mnemic.language.stopwords import stop_words
from mnemic.language.words import words

PLANTED: Final = "planted/"
"""What the id of a planted text begins with."""

WORDS: Final = 40
"""Of a planted text: as many as the published attack has."""


_POOL: Final = 100
"""Most frequent words that are drawn from: from twice as many the attack is as strong on Cranfield,
from three times as many it loses a third, for its words are rarely asked for."""


def planted(id: str) -> bool:
    """Whether a text of this id was planted."""
    return id.startswith(PLANTED)


def stuffed(
    questions: Sequence[str], count: int, random: Random, times: int = 1, length: int = WORDS
) -> list[str]:
    """`count` texts of `length` different words each, of the words that most questions hold.

    Function words are left out, for they find nothing. `times` writes each word so often, all of
    them in a row: more of the text is about each, and the text is longer.

    >>> stuffed(["Which lake?", "The lake house"], 1, Random(0), times=2)
    ['house lake house lake']
    """
    counts = Counter(word for text in questions for word in _said(text))
    pool = [word for word, _ in counts.most_common(_POOL)]
    drawn = (random.sample(pool, min(length, len(pool))) for _ in range(count))
    return [" ".join(text * times) for text in drawn]


def woven(questions: Sequence[str], count: int, random: Random, length: int = WORDS) -> list[str]:
    """Stuffed texts with the questions' own function words strewn in, so that they look like prose.

    As many of these stand in a text as in the questions themselves, but for ends of sentences.
    Against a memory that tells lists of words from sentences: what it gains by that must be said
    of an attacker who knows of it, too.

    >>> woven(["Which lake?", "The lake house"], 1, Random(0))
    ['house lake which']
    """
    function = [word for text in questions for word in words(text) if word in _function_words()]
    content = sum(len(list(_said(text))) for text in questions)
    share = len(function) / max(1, content)
    texts = []
    for text in stuffed(questions, count, random, length=length):
        drawn = text.split()
        strewn = random.choices(function, k=round(share * len(drawn))) if function else []
        for word in strewn:
            drawn.insert(random.randrange(len(drawn) + 1), word)
        texts.append(" ".join(drawn))
    return texts


def _said(text: str) -> Iterator[str]:
    return (word for word in words(text) if word not in _function_words())


def _function_words() -> frozenset[str]:
    return stop_words("english").words


def plant(events: Sequence[Event], texts: Sequence[str], origin: Origin) -> list[Event]:
    """The texts of a partition with the planted ones after them.

    Each stands alone in a session of its own, is of the kind of the others and as late as the last
    of them, and says what it comes from; nobody is named as its speaker.
    """
    last = max((event.time for event in events if event.time is not None), default=None)
    kind = Counter(event.kind for event in events).most_common(1)[0][0] if events else "turn"
    made = [
        Event(
            text,
            kind=kind,
            time=last,
            session_id=f"{PLANTED}{number}",
            position=0,
            origin=origin,
            metadata={"turn": f"{PLANTED}{number}"},
        )
        for number, text in enumerate(texts)
    ]
    return [*events, *made]
