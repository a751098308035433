"""A task, a system, data → a report.

Partition after partition, in the order of the data: its texts are inserted, its questions asked. So
a run that is broken off has whole partitions to show, data that are read from a file are read once,
and a system never holds what was not needed yet. The system sees
texts and questions; scores are taken from ids afterwards, outside the time that is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from math import isfinite
from time import perf_counter

import numpy as np

from mnemic.bench.environment import machine, peak_memory, versions
from mnemic.bench.ranked import ids
from mnemic.bench.result import Calibration, Cost, Environment, Report, Row, load_report
from mnemic.bench.system import Answers, Claims, Found, System
from mnemic.bench.task import Data, Outcome, Scores, Task
from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.measure.calibration import brier, expected_calibration_error, reliability
from mnemic.measure.intervals import Estimate, bootstrap_mean
from mnemic.measure.ranking import recall_at
from mnemic.retrieval.tokens import count_tokens
from mnemic.sources.questions import Question

__all__ = ["Report", "load_report", "run"]

BUDGETS = (100, 250, 500, 1000, 2000, 4000, 8000)
"""Tokens for which it is told how much of the gold they hold."""

_ENOUGH_CONVERSATIONS = 10
"""From fewer, an interval over conversations is too narrow to be told."""

_CLAIMS = 10
"""Texts of a question whose claimed probabilities are judged. Of all that come back nearly all are
no gold and say so, and any system would look calibrated."""

_FILLED = 0.9
"""A budget is told if so many questions had texts enough to fill it."""


def run(
    task: Task,
    system: System,
    data: Data,
    *,
    limit: int | None = None,
    cuts: Sequence[int] = (5, 10, 20),
    seed: int = 0,
    resamples: int = 2000,
    on_progress: Callable[[int, int], None] | None = None,
    revision: str | None = None,
    now: datetime | None = None,
) -> Report:
    """Insert the texts, ask the questions, score what came back. The system is not closed.

    `limit` is how many texts are asked for a question, instead of the task's own number. `cuts` are
    the k of `Report.by_count`, as far as so many texts are asked for; 1 is always among them (the
    task's scores have cuts of their own). `seed` and `resamples` belong to the intervals.
    `on_progress(done, total)` counts partitions that were stored and questions that were asked,
    together: how many texts a partition has is not known before it is read. `revision` is the
    commit or release of the code under test, to be printed. `now` is when the run began, if not
    now. For fewer questions see `mnemic.bench.sample`.

    Ctrl-C keeps the questions that were finished: `Report.interrupted`, and a note. Before the
    first one is finished it travels on.

    Raises InputError if there is no question, one is about a partition that is not there, two have
    the same id and conversation, the task gives a score that is no finite number, or the system
    claims a probability that is none.
    """
    begun = now or datetime.now(UTC)
    asked = _checked(data)
    wanted = task.limit if limit is None else limit
    if wanted < 1:
        raise InputError(f"limit={wanted} asks for no text. Give 1 or more")
    groups = _by_partition(asked, data.partitions)
    progress = _Progress(on_progress, len(groups) + len(asked))
    session = _Session(task, system, wanted, progress)
    try:
        for partition, questions in groups.items():
            session.visit(partition, data.partitions[partition], questions)
        interrupted = False
    except KeyboardInterrupt:
        if not session.kept:
            raise
        interrupted = True
    kept = [session.kept[place] for place in sorted(session.kept)]
    rows = tuple(one.row for one in kept)
    summary = task.summary(
        [asked[place] for place in sorted(session.kept)], [r.scores for r in rows]
    )
    spread = _Spread(seed, resamples)
    notes = [*data.notes]
    if wanted != task.limit:
        notes.append(
            f"{wanted} texts were asked for a question; the task's own number is {task.limit}"
        )
    if interrupted:
        notes.append(f"interrupted: {len(rows)} of {len(asked)} questions were asked")
    return Report(
        task=task.name,
        about=task.about,
        licence=task.licence,
        citation=task.citation,
        tuned=task.tuned,
        system=system.name,
        data=data.revision,
        limit=wanted,
        total=len(asked),
        interrupted=interrupted,
        rows=rows,
        figures=spread.figures(rows),
        by_conversation=spread.figures(rows, by_conversation=True),
        categories={
            category: spread.figures([row for row in rows if row.category == category])
            for category in dict.fromkeys(row.category for row in rows)
        },
        summary=_finite(summary, f"the summary of {task.name}"),
        by_count=_by_count(rows, cuts, wanted, spread),
        by_tokens=_by_tokens(kept, wanted, spread),
        cost=session.cost(),
        environment=Environment(
            machine=machine(),
            versions=versions(),
            date=begun.astimezone(UTC).isoformat(timespec="seconds"),
            seed=seed,
            resamples=resamples,
            revision=revision,
        ),
        notes=tuple(notes),
        calibration=_calibration(kept),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """A finished question, with what the report has no place for."""

    row: Row
    texts: tuple[tuple[str, int], ...]
    """The id and the tokens of each text that came back, repeats included."""
    claims: tuple[float, ...]
    """What the first of `row.found` were said to be worth; empty where nothing is claimed."""


class _Progress:
    """Counts steps and tells of them."""

    def __init__(self, tell: Callable[[int, int], None] | None, total: int) -> None:
        self._tell = tell
        self._done = 0
        self._total = total

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if self._tell is not None:
            self._tell(self._done, self._total)


class _Session:
    """One system at work: what it found, and the time it took."""

    def __init__(self, task: Task, system: System, limit: int, progress: _Progress) -> None:
        self.kept: dict[int, _Kept] = {}
        """Place of a question → what became of it."""
        self._task = task
        self._system = system
        self._limit = limit
        self._progress = progress
        self._claims = isinstance(system, Claims) and system.calibrated
        self._inserted = 0
        self._insert_seconds = 0.0
        self._texts: Mapping[str, str] = {}
        """Id → text, of the partition that is asked."""
        self._sizes: dict[str, int] = {}
        """Text → its tokens, for those of this partition that were found: most are found often,
        and to count them anew would take longer than to find them."""

    def visit(
        self, partition: str, events: Sequence[Event], questions: Iterable[tuple[int, Question]]
    ) -> None:
        """Insert a partition's texts and ask its questions."""
        begun = perf_counter()
        self._system.insert(partition, events)
        self._insert_seconds += perf_counter() - begun
        self._inserted += len(events)
        self._progress.step()
        self._texts = {str(event.metadata.get("turn", "")): event.text for event in events}
        self._sizes = {}
        for place, question in questions:
            self.kept[place] = self._ask(question)
            self._progress.step()

    def cost(self) -> Cost:
        """What it took so far."""
        times = [one.row.milliseconds for one in self.kept.values()]
        answers = [
            one.row.answer_milliseconds
            for one in self.kept.values()
            if one.row.answer_milliseconds is not None
        ]
        median, late = np.quantile(times, [0.5, 0.95])
        return Cost(
            inserted=self._inserted,
            insert_ms=1e3 * self._insert_seconds / self._inserted if self._inserted else None,
            query_p50=float(median),
            query_p95=float(late),
            answer_p50=float(np.median(answers)) if answers else None,
            bytes=self._system.size(),
            peak=peak_memory(),
        )

    def _ask(self, question: Question) -> _Kept:
        """Ask one question and score what came back."""
        begun = perf_counter()
        found: Sequence[Found] = self._system.query(question, self._limit)
        milliseconds = 1e3 * (perf_counter() - begun)
        found = tuple(found)[: self._limit]
        answer, answer_milliseconds = None, None
        if self._task.answers and isinstance(self._system, Answers):
            begun = perf_counter()
            answer = self._system.answer(question)
            answer_milliseconds = 1e3 * (perf_counter() - begun)
        scores = self._task.score(Outcome(question, found, answer, milliseconds))
        row = Row(
            id=question.id,
            conversation=question.conversation,
            category=question.category,
            scores=_finite(scores, f"{self._task.name} on question {question.id!r}"),
            found=tuple(ids(found)),
            gold=question.evidence,
            milliseconds=milliseconds,
            abstained=None if answer is None else answer.abstained,
            confidence=None if answer is None else answer.confidence,
            answer_milliseconds=answer_milliseconds,
        )
        return _Kept(
            row,
            texts=tuple((one.id, self._tokens(one)) for one in found),
            claims=_claimed(found, question) if self._claims else (),
        )

    def _tokens(self, found: Found) -> int:
        """The tokens of a text that was found, as the system gave it or else as it was stored."""
        text = found.text or self._texts.get(found.id, "")
        if text not in self._sizes:
            self._sizes[text] = count_tokens(text)
        return self._sizes[text]


@dataclass(frozen=True, slots=True)
class _Spread:
    """How intervals are taken."""

    seed: int
    resamples: int

    def figures(self, rows: Sequence[Row], *, by_conversation: bool = False) -> dict[str, Estimate]:
        """Measure → its mean over the rows that have it, in the order that they first appear."""
        figures = {}
        for measure in dict.fromkeys(name for row in rows for name in row.scores):
            having = [row for row in rows if measure in row.scores]
            clusters = [row.conversation for row in having] if by_conversation else None
            if clusters is None or len(set(clusters)) >= _ENOUGH_CONVERSATIONS:
                figures[measure] = self.mean([row.scores[measure] for row in having], clusters)
        return figures

    def mean(self, values: Sequence[float], clusters: Sequence[str] | None = None) -> Estimate:
        """A mean with its interval."""
        return bootstrap_mean(values, seed=self.seed, resamples=self.resamples, clusters=clusters)


def _checked(data: Data) -> list[Question]:
    """The questions, if they can be asked and told apart."""
    if not data.questions:
        raise InputError("the data hold no question. Give the whole data set")
    partitions = set(data.partitions)  # their names; to look one up may be to read it
    seen = set()
    for question in data.questions:
        if question.conversation not in partitions:
            raise InputError(
                f"question {question.id!r} is about {question.conversation!r}, which is not among "
                f"the {len(partitions)} partitions of the data. Give the whole data set"
            )
        name = (question.conversation, question.id)
        if name in seen:
            raise InputError(
                f"two questions about {question.conversation!r} are called {question.id!r}, so "
                "that runs could not be compared. Give them ids of their own"
            )
        seen.add(name)
    return list(data.questions)


def _by_partition(
    asked: Sequence[Question], partitions: Iterable[str]
) -> dict[str, list[tuple[int, Question]]]:
    """Partitions that are asked about, in the order of the data, with their questions' places."""
    groups: dict[str, list[tuple[int, Question]]] = {name: [] for name in partitions}
    for place, question in enumerate(asked):
        groups[question.conversation].append((place, question))
    return {name: questions for name, questions in groups.items() if questions}


def _by_count(
    rows: Sequence[Row], cuts: Sequence[int], limit: int, spread: _Spread
) -> dict[int, Estimate]:
    """k → the share of the gold among the first k; nothing where the data tell no gold."""
    having = [row for row in rows if row.gold]
    counts = sorted({1, *cuts} & set(range(1, limit + 1)))
    if not having:
        return {}
    return {k: spread.mean([recall_at(row.found, row.gold, k) for row in having]) for k in counts}


def _by_tokens(kept: Sequence[_Kept], limit: int, spread: _Spread) -> dict[int, Estimate]:
    """Tokens → the share of the gold among the first texts that fit in so many.

    A budget that the `limit` texts asked for do not fill is left out: with more of them, more of
    the gold might have been in it.
    """
    having = [one for one in kept if one.row.gold]
    curve = {}
    for budget in BUDGETS:
        filled = sum(
            len(one.texts) < limit or sum(size for _, size in one.texts) >= budget for one in having
        )
        if not having or filled < _FILLED * len(having):
            break
        shares = []
        for one in having:
            fitting = sum(total <= budget for total in accumulate(size for _, size in one.texts))
            shares.append(recall_at([id for id, _ in one.texts[:fitting]], one.row.gold))
        curve[budget] = spread.mean(shares)
    return curve


def _claimed(found: Sequence[Found], question: Question) -> tuple[float, ...]:
    """The probabilities that the first texts were given, each text once."""
    first: dict[str, float] = {}
    for one in found:
        first.setdefault(one.id, one.score)
    for score in first.values():
        if not 0 <= score <= 1:
            raise InputError(
                f"the system claims probabilities, and gives {score} on question {question.id!r}. "
                "Give scores from 0 to 1, or let calibrated be False"
            )
    return tuple(first.values())[:_CLAIMS]


def _calibration(kept: Sequence[_Kept]) -> Calibration | None:
    """What was claimed of the first texts against what they were, where the data tell the gold."""
    judged = [
        (claim, float(id in set(one.row.gold)))
        for one in kept
        if one.row.gold
        for id, claim in zip(one.row.found, one.claims, strict=False)
    ]
    if not judged:
        return None
    claims, true = zip(*judged, strict=True)
    return Calibration(
        error=expected_calibration_error(claims, true),
        brier=brier(claims, true),
        n=len(claims),
        bins=reliability(claims, true),
    )


def _finite(scores: Scores, whose: str) -> dict[str, float]:
    """Scores as a plain dict, if they are numbers."""
    for measure, value in scores.items():
        if not isfinite(value):
            raise InputError(
                f"{whose} gives {measure} = {value}. Leave out a measure that does not apply"
            )
    return {measure: float(value) for measure, value in scores.items()}
