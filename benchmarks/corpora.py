"""What rankers are fitted on, and what they are judged by: two lists that never meet.

Fitted on: our own conversations (`benchmarks/dialogues`, CC0), our questions about public-domain
books and about MemoryBank (MIT), EpBench's short book (MIT) and a generated one. They may be used
and shipped by anyone. Judged by: LoCoMo (non-commercial), Cranfield, a longer generated book, and
samples of BEAM and MemDaily, whose figures are checks and no results. Nothing of those enters a
shipped weight.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mnemic.bench.catalogue import task
from mnemic.core.clock import Moment
from mnemic.core.events import Event
from mnemic.sources import dialogues
from mnemic.sources.questions import Question

HERE = Path(__file__).resolve().parent
OWN = HERE / "dialogues"
SHARED = HERE.parent.parent / "shared" / "data"

sys.path.insert(0, str(OWN))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts by partition, and questions about them."""

    name: str
    kind: str
    """people, assistant, chinese, european, book, chapters or other: what is weighted alike."""
    licence: str
    partitions: Mapping[str, Sequence[Event]]
    questions: Sequence[Question]


def fitted_on(shared: Path = SHARED) -> Iterator[Corpus]:
    """What anyone may use; what lies beside the checkout is left out where it is missing."""
    for path in sorted(OWN.glob("*.txt")):
        yield _dialogue(path)
    if shared.is_dir():
        for path in sorted(OWN.glob("book-*.questions")):
            yield _book(path, shared / "book-sort")
        for language in ("en", "zh"):
            if (OWN / f"memorybank-{language}.questions").is_file():
                yield _memorybank(language, shared / "memorybank")
        yield _from_task("epbench", shared / "epbench", "chapters", "EpBench short")
    yield _generated("coast", 60, 7)


def judged_by(shared: Path = SHARED) -> Iterator[Corpus]:
    """What no weight is fitted on."""
    yield _from_task("locomo", shared / "locomo" / "locomo-dev.json", "other", "LoCoMo dev")
    yield _from_task("cranfield", shared / "cranfield", "other", "Cranfield")
    yield _from_task("beam", shared / "beam", "other", "BEAM sample")
    yield _from_task("memdaily", shared / "memdaily", "other", "MemDaily sample")
    yield _generated("inland", 200, 11)  # another world, and another seed


def _dialogue(path: Path) -> Corpus:
    read = dialogues.read(path)
    kind = read.kind
    if read.language != "english":
        kind = "chinese" if read.language == "chinese" else "european"
    return Corpus(read.slug, kind, "CC0-1.0", {read.slug: read.events}, read.questions)


def _book(path: Path, folder: Path) -> Corpus:
    from books import passages

    lines = path.read_text("utf-8").splitlines()
    head = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    text = gzip.decompress((folder / head["book"]).read_bytes()).decode("utf-8")
    cut = passages(text)[: int(head["passages"])]
    name = path.stem
    events = [
        Event(part, "document", session_id="book", metadata={"turn": f"{name}/{number}"})
        for number, part in cut
    ]
    questions = []
    for place, line in enumerate(line for line in lines if " | " in line and line[0] != "#"):
        category, asked, found, *answer = (part.strip() for part in (line + " |").split(" |"))
        evidence = tuple(f"{name}/{number}" for number in found.split())
        questions.append(
            Question(f"{name}/{place}", name, asked, answer[0] or None, category, evidence)
        )
    licence = "book: public domain in the USA; questions: CC0-1.0"
    return Corpus(name, "book", licence, {name: events}, questions)


def _memorybank(language: str, folder: Path) -> Corpus:
    file = folder / f"memory_bank_{'cn' if language == 'zh' else 'en'}.json.gz"
    told = json.loads(gzip.decompress(file.read_bytes()))
    partitions: dict[str, list[Event]] = {}
    for name, entry in told.items():
        user = name.strip()
        events = []
        for day, exchanges in entry["history"].items():
            noon = Moment.parse(f"{day}T12:00").micros
            for number, exchange in enumerate(exchanges, 1):
                for part, role in (("query", "user"), ("response", "assistant")):
                    if exchange.get(part, "").strip():
                        events.append(
                            Event(
                                exchange[part],
                                role=role,
                                time=Moment(noon + 60_000_000 * number),
                                session_id=f"{user}/{day}",
                                metadata={"turn": f"{user}/{day}:{number}{part[0]}"},
                            )
                        )
        partitions[user] = events
    questions = []
    probes = _probes(folder / f"probing_questions_{'cn' if language == 'zh' else 'en'}.jsonl.gz")
    lines = (OWN / f"memorybank-{language}.questions").read_text("utf-8").splitlines()
    for place, line in enumerate(line for line in lines if " | " in line and line[0] != "#"):
        user, which, found, *note = (part.strip() for part in (line + " |").split(" |"))
        asked = probes[user][int(which) - 1]
        evidence = tuple(f"{user}/{each}" for each in found.split())
        category = "single" if evidence else "none"
        questions.append(
            Question(f"memorybank/{place}", user, asked, note[0] or None, category, evidence)
        )
    kind = "chinese" if language == "zh" else "assistant"
    licence = "MIT; labels: CC0-1.0"
    return Corpus(f"MemoryBank {language}", kind, licence, partitions, questions)


def _probes(file: Path) -> dict[str, list[str]]:
    """User → the questions about their history."""
    found: dict[str, list[str]] = {}
    for line in gzip.decompress(file.read_bytes()).decode("utf-8").splitlines():
        if line.strip():
            found |= {name.strip(): asked for name, asked in json.loads(line).items()}
    return found


def _from_task(name: str, path: Path, kind: str, title: str) -> Corpus:
    chosen = task(name)
    data = chosen.load(path, {})
    return Corpus(title, kind, chosen.licence, dict(data.partitions), data.questions)


def _generated(universe: str, chapters: int, seed: int) -> Corpus:
    options = {"chapters": str(chapters), "seed": str(seed), "universe": universe}
    data = task("epbench").load(None, options)
    name = f"generated book, {chapters} chapters"
    return Corpus(name, "chapters", "CC0-1.0", dict(data.partitions), data.questions)
