"""What recall is judged on: conversations and texts with questions whose evidence is known.

LoCoMo judges (development part, three conversations, evaluation only). The others are checks that
nothing helps one kind of text and hurts another; BEAM and LongMemEval are samples of one chat and
one item, MemDaily of thirty questions, so their figures are no results. All lie beside the checkout
(`../shared/data`) and are never committed.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mnemic.core.clock import Moment
from mnemic.core.events import Event
from mnemic.sources import beam, locomo, longmemeval
from mnemic.sources.options import Options


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, where to ask it, and the turns that hold the answer."""

    text: str
    partition: str
    evidence: frozenset[str]
    category: str
    now: Moment | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts by partition, each with metadata["turn"], and questions about them."""

    name: str
    about: str
    partitions: dict[str, list[Event]]
    questions: list[Asked]
    result: bool = False
    """Whether its figures may be quoted; else it is a check."""


def corpora(data: Path) -> Iterator[Corpus]:
    """Every corpus whose folder is there."""
    for name, load in _LOADERS.items():
        if (data / name).is_dir():
            yield load(data / name)


def _locomo(folder: Path) -> Corpus:
    path = folder / "locomo-dev.json"
    partitions: defaultdict[str, list[Event]] = defaultdict(list)
    for event in locomo.read(path, Options()):
        partitions[event.metadata["conversation"]].append(event)
    questions = [
        Asked(one.text, one.conversation, frozenset(one.evidence), one.category, one.now)
        for one in locomo.questions(path)
        if one.evidence
    ]
    return Corpus(
        "LoCoMo dev", "turns of two-person chats", dict(partitions), questions, result=True
    )


def _beam(folder: Path) -> Corpus:
    return _chats("BEAM sample", "long messages of one assistant chat", beam, folder)


def _longmemeval(folder: Path) -> Corpus:
    path = folder / "longmemeval_s_one.json"
    return _chats("LongMemEval sample", "turns of assistant chats, one question", longmemeval, path)


def _chats(name: str, about: str, source: object, path: Path) -> Corpus:
    read, ask = source.read, source.questions  # type: ignore[attr-defined]
    partitions: defaultdict[str, list[Event]] = defaultdict(list)
    for event in read(path, Options()):
        partitions[event.metadata["conversation"]].append(event)
    questions = [
        Asked(one.text, one.conversation, frozenset(one.evidence), one.category, one.now)
        for one in ask(path)
        if one.evidence
    ]
    return Corpus(name, about, dict(partitions), questions)


def _epbench(folder: Path) -> Corpus:
    book = (folder / "default_short_19ch.book.txt").read_text(encoding="utf-8")
    chapters = re.split(r"(?m)^\s*Chapter (\d+)\s*$", book)[1:]
    events = [
        Event(" ".join(text.split()), "document", session_id="book", metadata={"turn": number})
        for number, text in zip(chapters[::2], chapters[1::2], strict=True)
    ]
    asked = json.loads((folder / "default_short_19ch.qa456.json").read_bytes())
    questions = [
        Asked(one["question"], "book", frozenset(map(str, one["answer_chapters"])), one["get"])
        for one in asked
        if one["answer_chapters"]
    ]
    return Corpus("EpBench short", "chapters of a book", {"book": events}, questions)


def _cranfield(folder: Path) -> Corpus:
    def opened(name: str) -> str:
        with gzip.open(folder / name, "rt", encoding="utf-8") as file:
            return file.read()

    events = []
    for document in re.findall(r"<doc>(.*?)</doc>", opened("cran.all.1400.xml.gz"), re.DOTALL):
        number = re.findall(r"<docno>(\d+)", document)[0]
        text = " ".join(re.findall(r"<text>(.*?)</text>", document, re.DOTALL)[0].split())
        if text:
            events.append(Event(text, "document", metadata={"turn": number}))
    there = {event.metadata["turn"] for event in events}
    relevant: defaultdict[int, set[str]] = defaultdict(set)
    for line in opened("cranqrel.trec.txt.gz").splitlines():
        query, _, document, grade = line.split()
        if int(grade) > 0 and document in there:
            relevant[int(query)].add(document)
    asked = re.findall(r"<title>(.*?)</title>", opened("cran.qry.xml.gz"), re.DOTALL)
    questions = [
        Asked(" ".join(text.split()), "all", frozenset(relevant[number]), "abstract")
        for number, text in enumerate(asked, 1)
        if relevant[number]
    ]
    return Corpus("Cranfield", "abstracts of papers", {"all": events}, questions)


def _memdaily(folder: Path) -> Corpus:
    events: list[Event] = []
    questions: list[Asked] = []
    for file in sorted(folder.glob("*.json")):
        for tale in json.loads(file.read_bytes()):
            name = f"{file.stem}/{tale['tid']}"
            for message in tale["message_list"]:
                time = re.sub(r"(\d+)年(\d+)月(\d+)日 \S+ ", r"\1-\2-\3T", message["time"])
                turn = f"{name}/{message['mid']}"
                events.append(
                    Event(
                        message["message"],
                        role="user",
                        time=Moment.parse(time),
                        session_id=name,
                        metadata={"turn": turn},
                    )
                )
            for asked in tale["question_list"]:
                evidence = frozenset(f"{name}/{mid}" for mid in asked["target_step_id"])
                questions.append(Asked(asked["question"], "all", evidence, file.stem[:2]))
    return Corpus("MemDaily sample", "Chinese messages", {"all": events}, questions)


_LOADERS = {
    "locomo": _locomo,
    "epbench": _epbench,
    "cranfield": _cranfield,
    "beam": _beam,
    "longmemeval": _longmemeval,
    "memdaily": _memdaily,
}
