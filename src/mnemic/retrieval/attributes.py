"""What one record says of an event: its day, its place, its people, what it was.

A long record tells one event, and may mention other places and people on the way: the best place is
given, and people in the order of how much the text is about them. A main character is called by a
part of the name as well, and comes again in other records; whoever is met on the way is not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from mnemic.core.queries import Hit
from mnemic.language.entities import Kind, Name, kinds_of_event, names, occurrences
from mnemic.language.entity_words import BARE_EVENTS
from mnemic.retrieval.evidence import own_dates

_FEW = 40
"""Records that are looked through for how often a name comes again."""


def days(hit: Hit) -> list[str]:
    """The days that the text writes, as it writes them; each once."""
    found: dict[int, str] = {}
    for span in own_dates(hit):
        found.setdefault(span.start, _plain(span.text))
    return list(found.values())


def places(hit: Hit, others: Sequence[Hit] = (), without: Iterable[str] = ()) -> list[str]:
    """The places that a record names, the likeliest first; `others` show what comes again."""
    left_out = {word for name in without for word in (name.lower(), *name.lower().split())}
    worth: dict[str, float] = {}
    for name in names(hit.text):
        said = _plain(name.text)
        if said.lower() in left_out or name.kind in (Kind.EVENT, Kind.TITLE):
            continue
        worth[said] = max(worth.get(said, -9.0), -name.person)
    people = {word for said, score in worth.items() if score < -1 for word in said.split()}
    likely = {
        said: score
        for said, score in worth.items()
        if score > 0.5 or (score > -0.5 and not people.intersection(said.split()))
    }
    lows = [other.text.lower() for other in others[:_FEW] if other is not hit]
    for said in likely:
        likely[said] += 0.5 * min(2, sum(bool(occurrences(said, low)) for low in lows))
        likely[said] += 0.2 * min(3, len(said.split()))
    best = sorted(likely, key=lambda said: -likely[said])
    return [said for said in best if not any(said != o and said in o for o in best)]


def people(hit: Hit, others: Sequence[Hit] = (), without: Iterable[str] = ()) -> list[str]:
    """The people that a record names, those whom it is most about first; full names where told."""
    found = [name for name in names(hit.text) if name.kind is Kind.PERSON or _like_one(name)]
    left_out = {name.lower() for name in without}
    low = hit.text.lower()
    full = list(dict.fromkeys(_plain(name.text) for name in found if " " in _plain(name.text)))
    parts = {word for said in full for word in said.split()}
    single = Counter(_plain(name.text) for name in found if " " not in _plain(name.text))
    every = [*full, *(said for said in single if said not in parts)]
    lows = [other.text.lower() for other in others[:_FEW] if other is not hit]
    worth: dict[str, float] = {}
    for place, said in enumerate(every):
        if said.lower() in left_out:
            continue
        words = said.split()
        whole = len(occurrences(said, low))
        alone = sum(len(occurrences(word, low)) - whole for word in {words[0], words[-1]})
        again = sum(bool(occurrences(said, other)) for other in lows)
        # Whoever is always called by both names is met on the way.
        worth[said] = (
            2.0 * min(alone, 2) * (len(words) > 1)
            + 2.0 * min(again, 2)
            - 0.7 * max(0, whole - 1)
            - 0.01 * place
            + _doer(hit.text, said)
        )
    return sorted(worth, key=lambda said: -worth[said])


def _like_one(name: Name) -> bool:
    return name.kind is Kind.OTHER and len(name.text.split()) == 2 and name.person > 0


def _doer(text: str, said: str) -> float:
    """Whether the text says `his` or `her` of somebody in the same sentence."""
    first = re.escape(said.split()[0])
    pattern = rf"\b{first}\b(?:\s+[A-Z][\w'-]+)?[^.!?]{{0,60}}\b(?:his|her|himself|herself)\b"
    return 0.6 if re.search(pattern, text) else 0.0


def event_phrases(hits: Iterable[Hit]) -> Counter[str]:
    """Phrases that end with a noun for an event → the number of records that hold each.

    What one record calls `the hackathon`, another calls `the tech hackathon`: the phrases of all
    records are the vocabulary from which `events` names the event of one.
    """
    found: Counter[str] = Counter()
    for hit in hits:
        found.update(set(kinds_of_event(hit.text)))
    return found


def events(hit: Hit, lows: Sequence[str], vocabulary: Counter[str]) -> list[str]:
    """What kinds of event a record speaks of, the likeliest first, such as `Tech Hackathon`.

    A phrase of the vocabulary stands for the record if all of its words occur there; it counts by
    how often they do, rare words more, and by the number of records that hold the phrase.
    """
    low = hit.text.lower()
    own = Counter(kinds_of_event(hit.text))
    rarity: dict[str, float] = {}
    score: dict[str, float] = {}
    for phrase in {*vocabulary, *own}:
        words = phrase.split()
        if not own[phrase] and (len(words) == 1 or not all(_stem(word) in low for word in words)):
            continue
        told = 0.0
        for word in words:
            stem = _stem(word)
            if stem not in rarity:
                holding = sum(stem in other for other in lows)
                rarity[stem] = math.log((len(lows) + 1) / (holding + 0.5))
            told += min(low.count(stem), 4) * rarity[stem]
        told /= len(words) ** 0.3
        told += 1.5 * min(own[phrase], 2) + math.log1p(vocabulary[phrase])
        told -= 3.0 * words[-1].endswith("s") + 2.5 * (len(words) == 1)
        told -= 4.0 * (phrase in BARE_EVENTS)
        score[phrase] = told
    best = sorted(score, key=lambda phrase: (-score[phrase], -len(phrase)))
    if best and " " not in best[0]:
        # "The hackathon" is the tech hackathon, where that is known and fits.
        known = [phrase for phrase in best if phrase.endswith(f" {best[0]}") and vocabulary[phrase]]
        best = [*known[:1], *best]
    return [" ".join(word.capitalize() for word in phrase.split()) for phrase in best]


def _stem(word: str) -> str:
    """The beginning that a word shares with its other forms, more or less."""
    word = word.removesuffix("s")
    return word[: max(4, len(word) - 3)] if len(word) > 6 else word


def _plain(text: str) -> str:
    return " ".join(text.split())
