"""The texts that speed is measured on: real turns, and as many varied ones as a file must hold.

About 5,200 turns lie beside the checkout (`../shared/data`, never committed): LoCoMo, one
LongMemEval haystack and one BEAM chat (long assistant answers), MemoryBank in English and Chinese,
MemDaily in Chinese, and the paragraphs of EpBench's book. Larger files are filled with spliced
turns: the first words of one and the last words of another from the same corpus, so that lengths,
vocabulary and the share of frequent words stay those of real turns.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mnemic.sources.read import questions as questions_of
from mnemic.sources.read import read

_SESSION = 24
"""Turns of a spliced session, about LoCoMo's mean."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said."""

    text: str
    session: str
    corpus: str
    speaker: str | None = None
    role: str | None = None
    time: str | None = None
    """ISO 8601."""


def real_turns(data: Path, count: int) -> list[Turn]:
    """The first `count` real turns, corpora taking turns as a file of several users would.

    Raises SystemExit, naming what is missing, when `data` does not hold as many.
    """
    if not data.is_dir():
        raise SystemExit(f"no data at {data}. Give the folder of the corpora with --data")
    corpora = [
        [*_known("locomo", data / "locomo" / "locomo-dev.json")],
        [*_known("longmemeval", data / "longmemeval" / "longmemeval_s_one.json")],
        [*_known("beam", data / "beam" / "chats" / "100K" / "1" / "chat.json")],
        [*_memorybank(data / "memorybank" / "memory_bank_en.json.gz")],
        [*_memorybank(data / "memorybank" / "memory_bank_cn.json.gz")],
        [*_memdaily(data / "memdaily")],
        [*_epbench(data / "epbench" / "default_short_19ch.book.txt")],
    ]
    # In proportion to their sizes: the mean length is the same early and late in a run.
    placed = [
        (place / len(corpus), number, turn)
        for number, corpus in enumerate(corpora)
        for place, turn in enumerate(corpus)
    ]
    turns = [turn for _, _, turn in sorted(placed, key=lambda each: each[:2])]
    if len(turns) < count:
        raise SystemExit(f"{data} holds {len(turns)} turns, and {count} are asked for")
    return turns[:count]


def questions(data: Path, count: int) -> list[str]:
    """`count` of LoCoMo's questions, spread over all of them."""
    texts = [one.text for one in questions_of(data / "locomo" / "locomo-dev.json", "locomo")]
    step = len(texts) / count
    return [texts[int(place * step)] for place in range(min(count, len(texts)))]


def example(folder: Path, turns: int, questions: int) -> tuple[list[Turn], list[str]]:
    """The first turns and questions of the example conversation, for a run without other data."""
    asked = json.loads((folder / "questions.json").read_bytes())
    texts = [one["question"] for one in asked]
    return [*_known("jsonl", folder / "year.jsonl")][:turns], texts[:questions]


def spliced(turns: list[Turn], count: int, seed: int) -> Iterator[Turn]:
    """`count` further turns, made of halves of real ones; the same for the same seed."""
    chance = random.Random(seed)
    by_corpus: dict[str, list[Turn]] = {}
    for turn in turns:
        by_corpus.setdefault(turn.corpus, []).append(turn)
    for place in range(count):
        first = turns[chance.randrange(len(turns))]
        second = chance.choice(by_corpus[first.corpus])
        session = f"spliced-{seed}-{place // _SESSION}"
        yield replace(first, text=_splice(first.text, second.text), session=session)


def _splice(first: str, second: str) -> str:
    if " " not in first.strip():  # Chinese: by characters
        return first[: len(first) // 2] + second[len(second) // 2 :]
    left, right = first.split(" "), second.split(" ")
    return " ".join([*left[: len(left) // 2], *right[len(right) // 2 :]])


def _known(format: str, path: Path) -> Iterator[Turn]:
    """A corpus that mnemic can import."""
    for event in read(path, format):
        time = str(event.time) if event.time else None
        session = f"{format}-{event.metadata.get('conversation', '')}-{event.session_id}"
        yield Turn(event.text, session, format, event.speaker, event.role, time)


def _memorybank(path: Path) -> Iterator[Turn]:
    corpus = path.name.removesuffix(".json.gz")
    users: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    for user, told in users.items():
        for day, pairs in told["history"].items():
            for pair in pairs:
                session, time = f"{corpus}-{user}-{day}", f"{day}T12:00:00Z"
                yield Turn(pair["query"], session, corpus, user, "user", time)
                yield Turn(pair["response"], session, corpus, None, "assistant", time)


def _memdaily(folder: Path) -> Iterator[Turn]:
    for path in sorted(folder.glob("*.json")):
        for trajectory in json.loads(path.read_text("utf-8")):
            session = f"memdaily-{path.stem}-{trajectory['tid']}"
            for message in trajectory["message_list"]:
                yield Turn(message["message"], session, "memdaily", None, "user")


def _epbench(path: Path) -> Iterator[Turn]:
    chapter = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("Chapter "):
            chapter = line
        elif line.strip():
            yield Turn(line.strip(), f"epbench-{chapter}", "epbench")
