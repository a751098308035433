"""SORT for memory stores: look two passages up, and say by their places which came first.

Sequence order recall (Pink et al. 2024, arXiv 2410.08133) on any text. Chunks of a text go in with
their positions; of each pair, both segments are looked up, and the places of the best matches are
compared; the same chunk for both, or no match, is half a point. Each lookup is a question, so that
any store can take part; `summary` puts the pairs together.

A store that keeps every word is right nearly always: what the task shows is what becomes of order
when text is lost (`keep`) or the cue is no quotation (`cue`). `sort_model.py` asks language models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from mnemic.bench import files, options
from mnemic.bench.ranked import ids
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.bench.tasks.sort_cues import CUES, cue
from mnemic.bench.tasks.sort_pairs import Excerpt, Pair, excerpts, pairs
from mnemic.bench.tasks.sort_text import Text, texts
from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.measure.ranking import any_at
from mnemic.sources.questions import Question

WHAT: Final = "a text, or a folder of .txt or .txt.gz files"

_OPTIONS: Final = {
    "excerpt": "words of an excerpt; default 0, the whole text",
    "segment": "words of a segment; default 20",
    "excerpts": "excerpts from each text; default 20; of whole texts one, with so many pairs a bin",
    "chunk": "words of a stored chunk; default 200",
    "keep": "shares of the sentences that are stored, parted by commas; default 1",
    "cue": f"what a segment is looked up by: {', '.join(CUES)}; default verbatim",
    "mask": "share of a cue's words that are masked, in percent; default 50",
    "seed": "default 100, as the paper has it",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A text with the pairs that were cut from it."""

    text: Text
    excerpts: tuple[Excerpt, ...]
    pairs: tuple[Pair, ...]


def cut(read: Sequence[Text], length: int, segment: int, count: int, seed: int) -> list[Cut]:
    """Excerpts and pairs of each text; texts too short for an excerpt are left out.

    Raises InputError where no pair is found at all.
    """
    result = []
    for text in read:
        random = Random(f"sort {seed} {text.name} {length} {segment}")
        drawn = excerpts(text, length, count, random)
        whole = not length
        found = pairs(text, drawn, segment, count if whole else 1, whole, random)
        if found:
            result.append(Cut(text, tuple(drawn), tuple(found)))
    if not result:
        raise InputError(
            f"no pair: no text is long enough for excerpt={length} and segment={segment}. "
            "Give longer texts, or shorter excerpts"
        )
    return result


def shares(given: Mapping[str, str]) -> tuple[float, ...]:
    """The shares of `keep`, the largest first. Raises InputError for what is no share."""
    named = options.names(given, "keep") or ("1",)
    try:
        found = tuple(sorted({float(one) for one in named}, reverse=True))
    except ValueError:
        found = ()
    if not found or not all(0 < share <= 1 for share in found):
        raise InputError(f'keep={given["keep"]!r} is no list of shares. Write it as "1,0.5,0.1"')
    return found


@dataclass(frozen=True, slots=True)
class _Settings:
    """How a text is stored and its segments are looked up."""

    chunk: int
    segment: int
    kind: str
    """Of the cue; one of CUES."""
    mask: int
    """Percent."""
    seed: int


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """Chunks of every excerpt, each as often as there are shares to keep; two lookups a pair.

    Raises InputError for options that cannot be used, or texts too short for them.
    """
    options.known(given, _OPTIONS)
    length = options.count(given, "excerpt", 0)
    count = options.count(given, "excerpts", 20, least=1)
    keeps = shares(given)
    settings = _Settings(
        chunk=options.count(given, "chunk", 200, least=1),
        segment=options.count(given, "segment", 20, least=1),
        kind=options.choice(given, "cue", CUES),
        mask=options.count(given, "mask", 50),
        seed=options.count(given, "seed", 100),
    )
    if settings.mask > 100:
        raise InputError(f"mask={settings.mask} is no percentage. Give 0 to 100")
    read, sources = texts(files.needed(path, WHAT))
    partitions: dict[str, Sequence[Event]] = {}
    asked: list[Question] = []
    cuts = cut(read, length, settings.segment, count, settings.seed)
    for one in cuts:
        for keep in keeps:
            for number in dict.fromkeys(pair.excerpt for pair in one.pairs):
                name = _name(one.text, number, keep)
                chunks = list(_chunks(one, number, keep, settings))
                partitions[name] = chunks
                stored = sum(len(chunk.text.encode()) for chunk in chunks)
                asked += _lookups(one, number, keep, stored, settings)
    return Data(
        partitions=partitions,
        questions=asked,
        revision=files.revision(
            files.digests(sources),
            f"excerpt={length}",
            f"segment={settings.segment}",
            f"excerpts={count}",
            f"chunk={settings.chunk}",
            f"keep={','.join(f'{keep:g}' for keep in keeps)}",
            f"cue={settings.kind}" + (f"-{settings.mask}" if settings.kind == "masked" else ""),
            f"seed={settings.seed}",
        ),
        notes=left_out(read, cuts),
    )


def left_out(read: Sequence[Text], cuts: Sequence[Cut]) -> list[str]:
    """What a reader must know where texts were too short."""
    missing = len(read) - len(cuts)
    return [f"{missing} of {len(read)} texts are too short and left out"] if missing else []


def _name(text: Text, excerpt: int, keep: float) -> str:
    return f"{text.name}/{excerpt}" + ("" if keep == 1 else f"/keep={keep:g}")


def _chunks(one: Cut, number: int, keep: float, settings: _Settings) -> Iterator[Event]:
    """The chunks of an excerpt, without the sentences that are not kept; empty ones are left out.

    What a smaller share keeps is kept by a larger one too.
    """
    name = _name(one.text, number, keep)
    excerpt = one.excerpts[number]
    end = excerpt.start + excerpt.length
    inside = [place for place in one.text.starts if excerpt.start < place < end]
    lost: set[int] = set()
    for first, after in pairwise((excerpt.start, *inside, end)):
        if Random(f"sort keep {settings.seed} {one.text.name} {first}").random() >= keep:
            lost.update(range(first, after))
    for position, start in enumerate(range(excerpt.start, end, settings.chunk)):
        places = range(start, min(start + settings.chunk, end))
        words = " ".join(one.text.words[place] for place in places if place not in lost)
        if words:
            yield Event(
                text=words,
                kind="document",
                session_id=name,
                position=position,
                metadata={"conversation": name, "turn": str(position)},
            )


def _lookups(
    one: Cut, number: int, keep: float, stored: int, settings: _Settings
) -> Iterator[Question]:
    """Two questions for each pair of an excerpt; `stored` is how many bytes are kept of it."""
    name = _name(one.text, number, keep)
    excerpt = one.excerpts[number]
    for place, pair in enumerate(one.pairs):
        if pair.excerpt != number:
            continue
        for which, start in (("first", pair.first), ("second", pair.second)):
            # Every store is asked the same, however much it keeps.
            random = Random(f"sort cue {settings.seed} {one.text.name} {place} {which}")
            words = one.text.words[start : start + settings.segment]
            begins, ends = start - excerpt.start, start - excerpt.start + len(words) - 1
            chunks = range(begins // settings.chunk, ends // settings.chunk + 1)
            yield Question(
                id=f"{name}/{place} {which}",
                conversation=name,
                text=cue(words, settings.kind, random, settings.mask / 100),
                answer=None,
                category=pair.bin.name,
                evidence=tuple(map(str, chunks)),
                metadata={
                    "pair": f"{name}/{place}",
                    "which": which,
                    "bin": pair.bin.name,
                    "keep": keep,
                    "bytes": stored / excerpt.length,
                    "last": (excerpt.length - 1) // settings.chunk,
                },
            )


def score(outcome: Outcome) -> Scores:
    """Whether the best match is, and whether the best five hold, a chunk of the segment.

    `place` is where the best match stands, from 0, the beginning, to 1: what pairs are compared by.
    """
    question = outcome.question
    found = ids(outcome.found)
    scores = {f"any@{k}": any_at(found, question.evidence, k) for k in (1, 5)}
    if found:
        scores["place"] = int(found[0]) / max(1, question.metadata["last"])
    return scores


def summary(asked: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """Accuracy of the order by share kept and by distance, and the bytes kept for each word."""
    lookups: dict[str, dict[str, tuple[Question, float | None]]] = {}
    for question, one in zip(asked, scores, strict=True):
        both = lookups.setdefault(question.metadata["pair"], {})
        both[question.metadata["which"]] = question, one.get("place")
    groups: dict[str, list[float]] = {}
    for both in lookups.values():
        if len(both) < 2:
            continue  # only one of the pair was asked
        question, first = both["first"]
        right = order(first, both["second"][1])
        kept = "" if question.metadata["keep"] == 1 else f", keep {question.metadata['keep']:g}"
        groups.setdefault(f"accuracy{kept}", []).append(right)
        groups.setdefault(f"accuracy at {question.metadata['bin']}{kept}", []).append(right)
        groups.setdefault(f"bytes a word{kept}", []).append(question.metadata["bytes"])
    return {name: sum(values) / len(values) for name, values in groups.items()}


def order(first: float | None, second: float | None) -> float:
    """1 if the first place is before the second, 0 if after; half where that cannot be said.

    >>> order(0.1, 0.2), order(0.2, 0.1), order(0.1, 0.1), order(None, 0.1)
    (1.0, 0.0, 0.5, 0.5)
    """
    if first is None or second is None or first == second:
        return 0.5
    return float(first < second)


TASK = Task(
    name="sort",
    about="Which of two passages came first? For stores, which look both of them up.",
    licence="of the text; Book-SORT: public domain in the USA, metadata CC0",
    citation="Pink et al. 2024, arXiv 2410.08133",
    data="any text, or a folder of them: .txt, packed (.gz) or not; Gutenberg's books, say",
    load=load,
    score=score,
    summary=summary,
    limit=5,
    options=_OPTIONS,
    tuned=(
        "mnemic's shipped weights are fitted on questions about the first 150 passages "
        "of four of Book-SORT's books (69087, 72600, 72963, 72972); not on questions of order."
    ),
)
