"""EpBench, the Tulving benchmark: episodes of a book recalled by when, where, who and what.

Huet, Ben Houidi, Rossi (ICLR 2025, arXiv 2501.13121). With a path: the authors' books
(`epbench_files.py`). Without one: a book that is generated, of any size, from a world, words and
question templates of our own (`epbench_world.py`, `epbench_book.py`, `epbench_questions.py`).

Two things are measured and kept apart: which chapters were found, by the number of chapters that
match; and what was answered, by exact match (`epbench_score.py`). The unit is the chapter or the
paragraph; a paragraph goes by its chapter's number, so that what is found is always chapters.
Nothing tells when an event was but the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

from mnemic.bench import files, options
from mnemic.bench.ranked import ids, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.bench.tasks import epbench_score
from mnemic.bench.tasks.epbench_book import write
from mnemic.bench.tasks.epbench_files import Book, books
from mnemic.bench.tasks.epbench_questions import WORDINGS, Asked, bin_of, questions
from mnemic.bench.tasks.epbench_world import UNIVERSES, happenings, universe
from mnemic.core.events import Event
from mnemic.measure.ranking import all_at
from mnemic.sources.questions import Question

LIMIT: Final = 50
"""Texts asked for: more than the chapters that match any question on a book of 200."""
_CUTS: Final = (1, 5, 10, 20)
_RULES: Final = 1
"""Raise it whenever the same seed gives another book."""

_OPTIONS: Final = {
    "unit": "chapter (default) or paragraph: what is stored; found are always chapters",
    "chapters": "how long a book is generated where no data are given; default 200",
    "seed": "of the generated book and its questions; default 0",
    "universe": f"of the generated book: {' or '.join(UNIVERSES)}; default {UNIVERSES[0]}",
    "wording": "of the generated questions: plain (default) or oblique",
}
_PINNED: Final = {
    "default_short_19ch.book.txt": "cdec45abcb95775e3d06bab26dc22c0f"
    "1038ddce9d388c55cc481e6beb79cc6f",
    "default_short_19ch.groundtruth.json": "03517d60c4400720c18f195a67d5f35d"
    "140a36533ad8abfb4aa043a4c4e95c39",
    "default_short_19ch.qa456.json": "d52af70e7e68a14bafbba1fff709a7c0"
    "5acb380aab995a261fa5e1fbc9ec8761",
}


def generate(chapters: int, seed: int = 0, world: str = "coast", wording: str = "plain") -> Book:
    """A book of so many chapters with its questions; the same for the same arguments.

    Raises InputError for an unknown world, or more chapters than it has events for.

    >>> book = generate(20)
    >>> len(book.chapters), book.asked[5].get, book == generate(20)
    (20, 'all', True)
    """
    found = universe(world, seed)
    drawn = happenings(found, chapters, Random(f"epbench happenings {world} {seed}"))
    written = tuple(
        write(one, found.names, number, Random(f"epbench chapter {world} {seed} {number}"))
        for number, one in enumerate(drawn, 1)
    )
    golds = [chapter.gold for chapter in written]
    asked = questions(golds, found, Random(f"epbench questions {world} {seed}"), wording)
    return Book(f"{world}-{chapters}-{seed}", written, tuple(asked))


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """The authors' books in a folder, or a generated one; each book is a partition.

    Raises InputError or SourceError where the files are not what the authors publish.
    """
    options.known(given, _OPTIONS)
    unit = options.choice(given, "unit", ["chapter", "paragraph"])
    if path is None:
        count = options.count(given, "chapters", 200, least=1)
        seed = options.count(given, "seed", 0)
        world = options.choice(given, "universe", UNIVERSES)
        wording = options.choice(given, "wording", WORDINGS)
        read = [generate(count, seed, world, wording)]
        revision = (
            f"generated-{_RULES} universe={world} chapters={count} seed={seed} "
            f"wording={wording} unit={unit}"
        )
        notes = ["a generated book: figures are not those of the authors' books"]
    else:
        if made := sorted({"chapters", "seed", "universe", "wording"} & given.keys()):
            notes = [f"{', '.join(made)}: without effect, for the book is read and not generated"]
        else:
            notes = []
        read, sources = books(files.needed(path, "a folder of EpBench's books"))
        hashes = files.digests(sources)
        revision = files.revision(hashes, f"unit={unit}")
        notes += files.notes(hashes, _PINNED)
    return Data(
        partitions={book.name: list(_events(book, unit)) for book in read},
        questions=[
            _question(one, number, book.name)
            for book in read
            for number, one in enumerate(book.asked)
        ],
        revision=revision,
        notes=notes,
    )


def _events(book: Book, unit: str) -> Iterator[Event]:
    for chapter in book.chapters:
        whole = "\n\n".join(chapter.paragraphs)
        for position, text in enumerate(chapter.paragraphs if unit == "paragraph" else (whole,)):
            yield Event(
                text=text,
                kind="document",
                session_id=f"{book.name}/{chapter.number}",
                position=position,
                metadata={"conversation": book.name, "turn": str(chapter.number)},
            )


def _question(asked: Asked, number: int, book: str) -> Question:
    matching = bin_of(asked.matches)
    if asked.matches and asked.get != "all":
        category = asked.get
    else:
        category = "1 match" if matching == "1" else f"{matching} matches"
    return Question(
        id=f"{book}/{number}",
        conversation=book,
        text=asked.text,
        answer=None if asked.values is None else "; ".join(asked.values),
        category=category,
        evidence=tuple(map(str, asked.chapters)),
        metadata={
            "values": None if asked.values is None else list(asked.values),
            "get": asked.get,
            "asks": asked.asks,
            "given": asked.given,
            "template": asked.template,
            "matches": asked.matches,
        },
    )


def score(outcome: Outcome) -> Scores:
    """The chapters against those that match; the answer's values against the gold.

    `all@gold`: whether the first n chapters are the n that match; left out where more match than
    were asked for. Questions whose gold are no short values have no scores of an answer.
    """
    question = outcome.question
    found, gold = ids(outcome.found), question.evidence
    scores = ranked(found, gold, _CUTS)
    if gold and len(gold) <= max(LIMIT, len(found)):
        scores["all@gold"] = all_at(found, gold, len(gold))
    answer, values = outcome.answer, question.metadata["values"]
    if answer is not None and values is not None:
        said = () if answer.abstained else answer.values
        scores |= epbench_score.answer_scores(said, values, question.metadata["get"])
    return scores


def summary(asked: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """Simple Recall Score, Chronological Awareness, and what they are made of."""
    return epbench_score.summary([one.metadata for one in asked], scores)


TASK = Task(
    name="epbench",
    about="Episodes of a book by when, where, who and what: chapters found, values answered.",
    licence="MIT",
    citation="Huet et al., ICLR 2025, arXiv 2501.13121",
    data=(
        "a folder of books as github.com/ahstat/episodic-memory-benchmark makes them; without it a "
        "book is generated"
    ),
    load=load,
    score=score,
    summary=summary,
    limit=LIMIT,
    answers=True,
    options=_OPTIONS,
    tuned=(
        "mnemic's shipped weights are fitted on the short book and on a generated one (coast, 60 "
        "chapters, seed 7), and the confidence of its answers on half of the short book's question "
        "templates: those figures are a training set's, and other books of coast are near to it. "
        "The trust in vectors and windows by length was chosen with an eye on the short book, and "
        "the generator's distractors were set so that BM25 does on 200 chapters as it does on the "
        "authors' long book."
    ),
    pinned=_PINNED,
)
