"""LMEB: 22 data sets and 193 tasks of retrieval from memory (2026, arXiv 2603.12572).

Folders in the manner of BEIR: queries.jsonl and qrels.tsv in the folder of a task, corpus.jsonl and
candidates.jsonl there or above it. Candidates are the texts that a query may be answered from: each
such list is a partition of its own, found by the query's id ("7_2_15" belongs to the list "7_2").
Any folder of BEIR's form can be read, also with qrels/test.tsv.

`instruction=yes` puts the task's instruction before the query, from the authors'
task_instructions.json. Texts are not cut to 1,024 tokens: that is the encoder's affair.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mnemic.bench import files, options
from mnemic.bench.lazy import Made
from mnemic.bench.ranked import ids, means
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.core.errors import InputError, SourceError
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin
from mnemic.measure.ranking import ndcg_at, recall_at, recall_capped_at, reciprocal_rank
from mnemic.sources.questions import Question
from mnemic.sources.shape import mapping, sequence, string

_TYPES = ("episodic", "dialogue", "semantic", "procedural")
_CUTS = (1, 5, 10, 25, 50)
_PLAIN = re.compile(r"[\W_]+")

_OPTIONS = {
    "instruction": "no (default) or yes: put the task's instruction before the query",
    "instructions": "path of task_instructions.json; default the nearest one above the data",
    "only": "names of data sets or tasks, parted by commas; default all",
}


@dataclass(frozen=True, slots=True)
class _Folder:
    """A task: where its files are, and what it is called."""

    queries: Path
    qrels: Path
    corpus: Path
    candidates: Path | None
    type: str
    set: str
    task: str


def load(path: Path | None, given: Mapping[str, str]) -> Data:
    """All queries at once; the texts of a partition when they are asked for."""
    options.known(given, _OPTIONS)
    instructed = options.choice(given, "instruction", ["no", "yes"]) == "yes"
    only = {_plain(name) for name in options.names(given, "only")}
    root = files.needed(path, "LMEB's folder, or one with queries.jsonl, corpus.jsonl, qrels.tsv")
    folders = [
        folder
        for folder in _folders(root)
        if not only or {_plain(folder.set), _plain(folder.task)} & only
    ]
    if not folders:
        raise InputError(
            f"no task in {root}: a task is a folder with queries.jsonl and qrels.tsv"
            + (". Check only=" if only else ". Give the folder above them")
        )
    said = _instructions(root, given.get("instructions")) if instructed else {}
    asked: list[Question] = []
    held: dict[str, tuple[Path, tuple[str, ...] | None]] = {}
    """Partition → its corpus and which of it, None for all."""
    notes: list[str] = []
    for folder in folders:
        scenes = dict(_scenes(folder.candidates)) if folder.candidates else {}
        instruction = _instruction(said, folder) if instructed else None
        if instructed and not instruction:
            notes.append(f"no instruction for {folder.set}/{folder.task}")
        gold = _gold(folder.qrels)
        for line in _lines(folder.queries):
            id = string(line.get("id", line.get("_id"))) or ""
            scene = _scene(id, scenes)
            listed = folder.candidates if scene and folder.candidates else folder.corpus
            above = listed.parent.relative_to(root).as_posix()
            partition = f"{above}/{scene}" if scene else above
            held.setdefault(partition, (folder.corpus, scenes[scene] if scene else None))
            text = string(line.get("text")) or ""
            asked.append(
                Question(
                    id=f"{folder.type}/{folder.set}/{folder.task}/{id}",
                    conversation=partition,
                    text=f"Instruct: {instruction}\nQuery: {text}" if instruction else text,
                    answer=None,
                    category=folder.set,
                    evidence=gold.get(id, ()),
                    metadata={"type": folder.type, "set": folder.set, "task": folder.task},
                )
            )
    read = {
        file.relative_to(root).as_posix(): file
        for folder in folders
        for file in (folder.queries, folder.qrels, folder.corpus, folder.candidates)
        if file
    }
    shelf = _Shelf()
    return Data(
        partitions=Made(list(held), lambda name: shelf.texts(name, *held[name])),
        questions=asked,
        revision=files.revision(
            files.digests(read), f"instruction={'yes' if instructed else 'no'}"
        ),
        notes=notes,
    )


def score(outcome: Outcome) -> Scores:
    """NDCG@10, which LMEB quotes, and recall by k, capped as LMEB does and plain."""
    found, gold = ids(outcome.found), outcome.question.evidence
    if not gold:
        return {}
    scores = {"ndcg@10": ndcg_at(found, gold, 10), "mrr": reciprocal_rank(found, gold)}
    for k in _CUTS:
        scores[f"recall_capped@{k}"] = recall_capped_at(found, gold, k)
        scores[f"recall@{k}"] = recall_at(found, gold, k)
    return scores


def summary(questions: Sequence[Question], scores: Sequence[Scores]) -> Scores:
    """Means over data sets and over types; a data set is the mean of its tasks.

    So a task of ten queries counts as much as one of a thousand, as LMEB has it.
    """
    tasks: dict[tuple[str, str, str], list[Scores]] = {}
    for question, one in zip(questions, scores, strict=True):
        told = question.metadata
        tasks.setdefault((told["type"], told["set"], told["task"]), []).append(one)
    sets: dict[tuple[str, str], list[Scores]] = {}
    for (type, name, _), held in tasks.items():
        sets.setdefault((type, name), []).append(means(held))
    types: dict[str, list[Scores]] = {}
    figures: dict[str, float] = {}
    for (type, name), by_task in sets.items():
        mean = means(by_task)
        types.setdefault(type, []).append(mean)
        figures |= _main(mean, name)
    for type, by_set in types.items():
        figures |= _main(means(by_set), f"({type})")
    every = [mean for by_set in types.values() for mean in by_set]
    figures |= _main(means(every), "(mean of data sets)")
    return figures | _main(means([means(by_set) for by_set in types.values()]), "(mean of types)")


class _Shelf:
    """The corpus that was read last: partitions of one corpus come one after the other."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.events: dict[str, Event] = {}

    def texts(self, name: str, corpus: Path, wanted: tuple[str, ...] | None) -> list[Event]:
        """The texts of a partition."""
        if self.path != corpus:
            self.path, self.events = corpus, dict(_corpus(corpus))
        if wanted is None:
            return list(self.events.values())
        # A candidate without a text is in some lists, and can be neither stored nor found.
        return [self.events[id] for id in wanted if id in self.events]


def _folders(root: Path) -> Iterator[_Folder]:
    for queries in sorted(root.rglob("queries.jsonl")):
        folder = queries.parent
        qrels = next(
            (
                file
                for file in (folder / "qrels.tsv", folder / "qrels" / "test.tsv")
                if file.is_file()
            ),
            None,
        )
        corpus = _nearest("corpus.jsonl", folder, root)
        if qrels is None or corpus is None:
            lacks = "qrels.tsv" if qrels is None else "corpus.jsonl, here or above"
            raise InputError(f"no {lacks}: {folder}. Complete the task's folder, or remove it")
        parts = folder.relative_to(root).parts
        # Whoever gives the folder of one type or of one data set has its name above the root.
        named = [*root.resolve().parts[-3:], *parts]
        at = next((i for i, part in enumerate(named) if part.casefold() in _TYPES), None)
        below = named[at + 1 :] if at is not None else list(parts) or [folder.name]
        yield _Folder(
            queries,
            qrels,
            corpus,
            _nearest("candidates.jsonl", folder, root),
            named[at].casefold() if at is not None else "other",
            below[0] if below else folder.name,
            "/".join(below[1:]) or folder.name,
        )


def _nearest(name: str, folder: Path, root: Path) -> Path | None:
    for place in (folder, *folder.parents):
        if (place / name).is_file():
            return place / name
        if place == root:
            return None
    return None


def _lines(file: Path) -> Iterator[dict[str, Json]]:
    with file.open(encoding="utf-8") as opened:
        for number, line in enumerate(opened, 1):
            if line.strip():
                try:
                    yield mapping(json.loads(line))
                except ValueError as reason:
                    raise SourceError(
                        f"not JSON: {file}, line {number} ({reason}). Download it again"
                    ) from None


def _corpus(file: Path) -> Iterator[tuple[str, Event]]:
    for line in _lines(file):
        id = string(line.get("id", line.get("_id"))) or ""
        parts = (string(line.get("title")), string(line.get("text")))
        text = "\n".join(filter(None, parts))
        if text:
            yield (
                id,
                Event(text, kind="document", origin=Origin.DOCUMENT, metadata={"turn": id}),
            )


def _scenes(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in _lines(file):
        yield str(line.get("scene_id")), tuple(map(str, sequence(line.get("candidate_doc_ids"))))


def _scene(query: str, scenes: Mapping[str, object]) -> str | None:
    """The longest beginning of a query's id that names a list of candidates."""
    while query:
        if query in scenes:
            return query
        query = query.rpartition("_")[0]
    return None


def _gold(file: Path) -> dict[str, tuple[str, ...]]:
    """Query → relevant texts; three columns, or four as TREC has them."""
    gold: dict[str, list[str]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        columns = line.split("\t") if "\t" in line else line.split()
        grade = columns[-1].strip() if columns else ""
        if len(columns) in (3, 4) and _is_number(grade):
            if float(grade) > 0:
                gold.setdefault(columns[0], []).append(columns[-2])
        elif number > 1 and line.strip():  # the first line may be a header
            raise SourceError(
                f"not a judgement: {file}, line {number}: {line[:60]!r}. Lines are query, text "
                "and grade, parted by tabs"
            )
    return {query: tuple(dict.fromkeys(held)) for query, held in gold.items()}


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()


def _instructions(root: Path, named: str | None) -> dict[tuple[str, str], str]:
    above = (root, *root.resolve().parents[:3])
    places = [Path(named)] if named else [place / "task_instructions.json" for place in above]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise InputError(
            f"no instructions: {places[0]}. Give instructions=PATH of the authors' "
            "task_instructions.json, or instruction=no"
        )
    return {
        (_plain(name), _plain(task)): str(text)
        for name, tasks in mapping(json.loads(file.read_bytes())).items()
        for task, text in mapping(tasks).items()
    }


def _instruction(said: Mapping[tuple[str, str], str], folder: _Folder) -> str | None:
    """By data set and task; by one of them alone where the folders are named otherwise."""
    name = _plain(folder.set)
    tasks = [_plain(part) for part in reversed(folder.task.split("/"))] + [name]
    for task in tasks:
        for known in (name, f"lmeb{name}"):
            if (known, task) in said:
                return said[known, task]
    alone = {text for (known, _), text in said.items() if known in (name, f"lmeb{name}")}
    return alone.pop() if len(alone) == 1 else None


def _plain(name: str) -> str:
    return _PLAIN.sub("", name).casefold()


def _main(scores: Scores, label: str) -> dict[str, float]:
    return {
        f"{name} {label}": scores[name]
        for name in ("ndcg@10", "recall_capped@10")
        if name in scores
    }


TASK = Task(
    name="lmeb",
    about="Retrieval from memory of four types, 22 data sets; or any folder of BEIR's form.",
    licence="MIT on its data card; each data set has its own",
    citation="LMEB 2026, arXiv 2603.12572",
    data="a folder of LMEB (github.com/KaLM-Embedding/LMEB), or any of BEIR's form",
    load=load,
    score=score,
    summary=summary,
    limit=50,
    options=_OPTIONS,
    tuned=(
        "LMEB holds LoCoMo, which guided mnemic's features, and EpBench, on which its weights are "
        "fitted; see their tasks. "
        "Of its other data sets none was at hand."
    ),
)
