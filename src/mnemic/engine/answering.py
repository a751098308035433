"""A question becomes an answer: search brings what could count, `retrieval` reads the values.

A list or a count needs every record that holds what is named, so far more is fetched than a search
would show. What is searched for is the question without the words about its form ("list all ...,
without describing ...").
"""

from __future__ import annotations

from dataclasses import replace

from mnemic.core.queries import Answer, Query
from mnemic.engine import recall
from mnemic.engine.parts import Parts
from mnemic.language.asked import asked
from mnemic.language.entities import names
from mnemic.language.stopwords import stop_words
from mnemic.language.words import words
from mnemic.retrieval.answer import answer as read_answer
from mnemic.retrieval.answer import nothing_asked
from mnemic.retrieval.confidence import LEAST
from mnemic.retrieval.coordinates import coordinates

_FEW = 10


def _asks(parts: Parts, text: str) -> bool:
    """Whether a question holds more than function words and a name."""
    stop = stop_words(parts.reader.analyser.language).words
    content = [word for word in words(text) if word not in stop]
    named = {word for name in names(text) for word in words(name.text)}
    asks = text.strip("?!. ").count(" ") > 0 or any(word not in named for word in content)
    return bool(content) and asks


def answer(parts: Parts, query: Query) -> Answer:
    """The answer to a question.

    `query.limit` is how many records are looked through; `query.threshold` the confidence below
    which it abstains.
    """
    wanted = asked(query.text)
    if not _asks(parts, query.text):
        return nothing_asked()
    hits = recall.search(parts, replace(query, text=wanted.focus, threshold=None))
    speakers = sorted({hit.record.speaker for hit in hits if hit.record.speaker})
    named = coordinates(wanted, speakers, query.now, parts.reader.analyser)
    # The score of a hit among few says little: there is nothing to stand out from.
    usual = LEAST * min(1.0, len(hits) / _FEW)
    least = usual if query.threshold is None else query.threshold
    return read_answer(wanted, named, tuple(hits), least)
