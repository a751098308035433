"""Cranfield: 1,400 abstracts, 225 queries, judgements (1960s): the oldest test of retrieval.

No memory, but a check that nothing which helps chats hurts plain documents, and the ground on which
robustness is measured. The TREC XML form, packed or not, in one folder. The n-th query is number n
in the judgements, whatever its own number says; grades above 0 are relevant; abstracts without a
text are left out.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from mnemic.bench import files, options
from mnemic.bench.ranked import ids, ranked
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.core.records import Origin
from mnemic.measure.ranking import recall_at
from mnemic.sources.questions import Question

_NAMES = ("cran.all.1400.xml", "cran.qry.xml", "cranqrel.trec.txt")
_PARTITION = "cranfield"

_PINNED = {
    "cran.all.1400.xml.gz": "34eaa6e28ba08df346e396679148a3771f541a01345a994cd56e30070204498d",
    "cran.qry.xml.gz": "710c04a0575b0cc22c0e31374226231f1dfc1fcae76024c1d70be5cef7c1bd63",
    "cranqrel.trec.txt.gz": "7f39f267e66bba26d11c000c2fa37bf9f0eb7ffe55ed7f97de1be638436d9872",
}

_DOCUMENT = re.compile(r"<doc>(.*?)</doc>", re.DOTALL)
_NUMBER = re.compile(r"<docno>\s*(\d+)")
_TEXT = re.compile(r"<text>(.*?)</text>", re.DOTALL)
_QUERY = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """All abstracts in one partition, and the queries that have a relevant one."""
    options.known(given, {})
    folder = files.needed(path, f"a folder with {', '.join(_NAMES)}, packed (.gz) or not")
    read = {file.name: file for file in (_file(folder, name) for name in _NAMES)}
    documents, queries, judgements = (_text(file) for file in read.values())
    events = []
    for document in _DOCUMENT.findall(documents):
        number, text = _NUMBER.search(document), _TEXT.search(document)
        words = " ".join(text[1].split()) if text else ""
        if number and words:
            events.append(
                Event(
                    words,
                    kind="document",
                    origin=Origin.DOCUMENT,
                    metadata={"conversation": _PARTITION, "turn": number[1]},
                )
            )
    there = {event.metadata["turn"] for event in events}
    relevant: defaultdict[int, list[str]] = defaultdict(list)
    for line in judgements.splitlines():
        query, _, document, grade = line.split()
        if int(grade) > 0 and document in there:
            relevant[int(query)].append(document)
    hashes = files.digests(read)
    return Data(
        partitions={_PARTITION: events},
        questions=[
            Question(
                id=str(number),
                conversation=_PARTITION,
                text=" ".join(text.split()),
                answer=None,
                category="abstract",
                evidence=tuple(dict.fromkeys(relevant[number])),
            )
            for number, text in enumerate(_QUERY.findall(queries), 1)
            if relevant[number]
        ],
        revision=files.revision(hashes),
        notes=files.notes(hashes, _PINNED),
    )


def score(outcome: Outcome) -> Scores:
    """The ranking, and recall@100."""
    found, gold = ids(outcome.found), outcome.question.evidence
    return ranked(found, gold) | ({"recall@100": recall_at(found, gold, 100)} if gold else {})


def _file(folder: Path, name: str) -> Path:
    for file in (folder / f"{name}.gz", folder / name):
        if file.is_file():
            return file
    raise InputError(f"no {name} or {name}.gz in {folder}. Give the folder of the collection")


def _text(file: Path) -> str:
    if file.suffix == ".gz":
        with gzip.open(file, "rt", encoding="utf-8") as packed:
            return packed.read()
    return file.read_text(encoding="utf-8")


TASK = Task(
    name="cranfield",
    about="Abstracts of papers on aerodynamics: those relevant to a query.",
    licence="none stated; distributed for research since the 1960s",
    citation="Cleverdon 1967, The Cranfield tests on index language devices",
    data="a folder with cran.all.1400.xml, cran.qry.xml, cranqrel.trec.txt, in TREC's form",
    load=load,
    score=score,
    limit=100,
    tuned=(
        "mnemic's k1 and b for long texts, and the lengths from which vectors and windows count "
        "less, were chosen with an eye on these queries."
    ),
    pinned=_PINNED,
)
