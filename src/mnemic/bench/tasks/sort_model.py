"""SORT for language models: two passages are shown, and the model says which came first.

Pink et al. (2024, arXiv 2410.08133). With `text=context` the excerpt is there to be read; with
`text=none` it is not, and only a model that was trained on it can know. Answers are "A" or "B",
balanced exactly; half a point where there is none. `sort.py` has the pairs and asks stores; the
system is `mnemic.bench.adapters.reading_model.ReadingModel` around any function from prompt to
reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from mnemic.bench import files, options
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.bench.tasks.sort import WHAT, Cut, cut, left_out
from mnemic.bench.tasks.sort_text import texts
from mnemic.core.events import Event
from mnemic.sources.questions import Question

_LABEL = re.compile(r"\b[AB]\b")
_OPTIONS: Final = {
    "text": "context (default): the excerpt can be read; none: the model must know it",
    "excerpt": "words of an excerpt; default 1000",
    "segment": "words of a segment; default 20",
    "excerpts": "excerpts from each text; default 10, with one pair in each bin of distances",
    "seed": "default 100, as the paper has it",
}


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """Each excerpt as one text, or no text at all; one question a pair.

    Raises InputError for options that cannot be used, or texts too short for them.
    """
    options.known(given, _OPTIONS)
    shown = options.choice(given, "text", ["context", "none"]) == "context"
    length = options.count(given, "excerpt", 1000, least=1)
    segment = options.count(given, "segment", 20, least=1)
    count = options.count(given, "excerpts", 10, least=1)
    seed = options.count(given, "seed", 100)
    read, sources = texts(files.needed(path, WHAT))
    partitions: dict[str, Sequence[Event]] = {}
    asked: list[Question] = []
    cuts = cut(read, length, segment, count, seed)
    for one in cuts:
        for number in dict.fromkeys(pair.excerpt for pair in one.pairs):
            name = f"{one.text.name}/{number}"
            partitions[name] = [_event(one, number, name)] if shown else []
        asked += _questions(one, segment)
    return Data(
        partitions=partitions,
        questions=asked,
        revision=files.revision(
            files.digests(sources),
            f"text={'context' if shown else 'none'}",
            f"excerpt={length}",
            f"segment={segment}",
            f"excerpts={count}",
            f"seed={seed}",
        ),
        notes=left_out(read, cuts),
    )


def _event(one: Cut, number: int, name: str) -> Event:
    excerpt = one.excerpts[number]
    words = one.text.words[excerpt.start : excerpt.start + excerpt.length]
    metadata = {"conversation": name, "turn": name}
    return Event(" ".join(words), kind="document", session_id=name, metadata=metadata)


def _questions(one: Cut, segment: int) -> Iterator[Question]:
    for place, pair in enumerate(one.pairs):
        starts = (pair.second, pair.first) if pair.swapped else (pair.first, pair.second)
        a, b = (" ".join(one.text.words[start : start + segment]) for start in starts)
        name = f"{one.text.name}/{pair.excerpt}"
        yield Question(
            id=f"{one.text.name}/{place}",
            conversation=name,
            text=(
                f'Two passages of the text "{one.text.name}" follow.\n\nPassage A: {a}\n\n'
                f"Passage B: {b}\n\nWhich of them stands earlier in the text? Answer with one "
                "letter, A or B."
            ),
            answer="B" if pair.swapped else "A",
            category=pair.bin.name,
        )


def score(outcome: Outcome) -> Scores:
    """1 for the right letter, 0 for the wrong one, half for none.

    The letter is the only one, or the last, in the first value of the answer.
    """
    answer = outcome.answer
    if answer is None:
        return {}
    said = _LABEL.findall(answer.values[0]) if answer.values and not answer.abstained else []
    right = 0.5 if not said else float(said[-1] == outcome.question.answer)
    return {"accuracy": right, "answers": float(bool(said)), "says A": float(said[-1:] == ["A"])}


TASK = Task(
    name="sort-model",
    about="Which of two passages came first? For language models, with the text or without it.",
    licence="of the text; Book-SORT: public domain in the USA, metadata CC0",
    citation="Pink et al. 2024, arXiv 2410.08133",
    data="any text, or a folder of them: .txt, packed (.gz) or not; Gutenberg's books, say",
    load=load,
    score=score,
    limit=1,
    answers=True,
    options=_OPTIONS,
)
