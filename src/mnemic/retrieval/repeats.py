"""Which hits say the same again, so that each thing is shown once.

Two texts of one speaker say the same when at least nine tenths of their different words are shared
(Jaccard) and their content words are the same in the same order. The second condition is there
because the first alone drops what matters most: of "We moved from Porto to Lisbon" and "from Lisbon
to Porto" all words are shared, and a long sentence in which one number changed is a new state.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mnemic.core.queries import Hit
from mnemic.core.records import Record
from mnemic.language.stopwords import stop_words

ALIKE: Final = 0.9
"""Share of all their different words that two texts must have in common."""

# Not `language.words`, which takes ten times as long: where that would part words, such as those of
# a run of Chinese, two texts only seem to differ more than they do.
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

_NEGATIONS: Final = frozenset({"no", "not", "nor", "never", "none", "nothing", "without"})


@dataclass(frozen=True, slots=True)
class Said:
    """A hit, and how often the same was said among all hits."""

    hit: Hit
    times: int = 1


def distinct(hits: Sequence[Hit], language: str = "english", alike: float = ALIKE) -> list[Said]:
    """The hits without those that say the same as another by the same speaker.

    Each takes the place of the best among its like; of these the newest is shown, since it is the
    state that holds. Hits without a text are left out.
    """
    groups: dict[tuple[str | None, tuple[str, ...]], list[list[tuple[Hit, frozenset[str]]]]] = {}
    order: list[list[tuple[Hit, frozenset[str]]]] = []
    for hit in hits:
        if not hit.text.strip():
            continue
        every = _WORD.findall(hit.text.casefold().replace("’", "'"))
        different = frozenset(every)
        key = hit.record.speaker, _content(every, language) or (" ".join(hit.text.split()),)
        for group in groups.setdefault(key, []):
            if _jaccard(group[0][1], different) >= alike:
                group.append((hit, different))
                break
        else:
            made = [(hit, different)]
            groups[key].append(made)
            order.append(made)
    return [
        Said(max((hit for hit, _ in group), key=lambda hit: _begun(hit.record)), len(group))
        for group in order
    ]


def _content(every: Sequence[str], language: str) -> tuple[str, ...]:
    """The words in order without function words, but with what denies; all if none is left."""
    stop = stop_words(language).words
    kept = tuple(
        word for word in every if word not in stop or word in _NEGATIONS or word.endswith("n't")
    )
    return kept or tuple(every)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def _begun(record: Record) -> tuple[int, int]:
    begun = record.valid_from.micros if record.valid_from else record.recorded_at
    return begun, record.ordinal
