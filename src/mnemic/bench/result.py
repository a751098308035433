"""What a run leaves behind: rows, figures with their spread, cost, and where it ran.

A report is one value and one JSON file. It names texts by their ids and never holds their words, so
that a report may be published where the data may not. Running is left to `run.py`, tables and
comparisons to `report.py`, pictures to `plots.py`, the page to `html.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from mnemic.core.errors import InputError
from mnemic.measure.calibration import Bin
from mnemic.measure.intervals import Estimate

FORMAT: Final = "mnemic bench report"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One question: what was found for it, and what that scored."""

    id: str
    conversation: str
    category: str
    scores: Mapping[str, float]
    found: tuple[str, ...]
    """Ids of the texts that the system gave, best first."""
    gold: tuple[str, ...]
    """Ids of the texts that hold the answer, where the data tell."""
    milliseconds: float
    """To find; to answer is counted apart."""
    abstained: bool | None = None
    """None where the system was not asked to answer, or cannot."""
    confidence: float | None = None
    answer_milliseconds: float | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What the run took."""

    inserted: int
    """Texts that were stored."""
    insert_ms: float | None
    """Milliseconds for each text stored, the mean; None if none was."""
    query_p50: float
    """Milliseconds to find, the median over questions."""
    query_p95: float
    answer_p50: float | None
    """Milliseconds to answer; None where no answers were asked for."""
    bytes: int | None
    """What the system says it keeps on disk, at the end."""
    peak: int | None
    """The most bytes that the process ever held in memory, Python and the data included."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether scores that claim to be probabilities are: of the first texts of each question."""

    error: float
    """Expected calibration error, over `bins`; 0 is best."""
    brier: float
    """Mean squared distance of claim and truth; 0 is best."""
    n: int
    """Texts."""
    bins: tuple[Bin, ...]
    """What was claimed and what came true, in tenths."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where and when."""

    machine: str
    """Processor, cores, memory, operating system; never the host's name."""
    versions: Mapping[str, str]
    """Package → version."""
    date: str
    """ISO 8601, UTC, to the second; when the run began."""
    seed: int
    resamples: int
    revision: str | None
    """The commit or release of the code under test, where the caller told it."""


@dataclass(frozen=True, slots=True)
class Report:
    """One system on one task."""

    task: str
    about: str
    licence: str
    citation: str
    tuned: str
    """What of mnemic was chosen or fitted on these data; printed with every figure."""
    system: str
    data: str
    """The revision of the data, as `Data.revision` gives it."""
    limit: int
    """How many texts were asked for a question."""
    total: int
    """Questions that were to be asked; `len(rows)` were."""
    interrupted: bool
    rows: tuple[Row, ...]
    """In the order of the data."""
    figures: Mapping[str, Estimate]
    """Measure → its mean over the questions that it applies to; questions are drawn."""
    by_conversation: Mapping[str, Estimate]
    """The same means, whole conversations drawn; empty where there are fewer than ten of them."""
    categories: Mapping[str, Mapping[str, Estimate]]
    """Category → measure → its mean."""
    summary: Mapping[str, float]
    """The task's own figures of the whole, without interval."""
    by_count: Mapping[int, Estimate]
    """k → the share of the gold texts among the first k."""
    by_tokens: Mapping[int, Estimate]
    """Tokens → the share of the gold texts among the first that fit in so many."""
    cost: Cost
    environment: Environment
    notes: tuple[str, ...] = ()
    calibration: Calibration | None = None
    """None where the system claims no probabilities, or the data tell no gold."""

    def save(self, path: str | Path) -> Path:
        """Write it as one JSON file, whole or not at all; returns the path.

        Each question has a line of its own, at the end. Raises InputError if it cannot be written.
        """
        target = Path(path)
        value = {"format": FORMAT, "version": VERSION, **asdict(self)}
        rows = ",\n  ".join(_json(row) for row in value.pop("rows"))
        head = _json(value, indent=1).removesuffix("\n}")
        partial = target.with_name(f"{target.name}.{os.getpid()}.partial")  # others may write too
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(f'{head},\n "rows": [\n  {rows}\n ]\n}}\n', encoding="utf-8")
            return partial.replace(target)
        except OSError as error:
            raise InputError(
                f"the report {target} cannot be written: {error.strerror}. Name another file"
            ) from error


def load_report(path: str | Path) -> Report:
    """Read what `Report.save` wrote; it is equal to what was saved.

    Raises InputError if the file is not there, is no report, or is of a later version.
    """
    source = Path(path)
    try:
        value = json.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"the report {source} cannot be read: {error.strerror}. Give a file that "
            "`mnemic bench run` wrote"
        ) from error
    except ValueError as error:
        raise InputError(
            f"{source} is no JSON: {error}. Give a file that `mnemic bench run` wrote"
        ) from error
    if not isinstance(value, dict) or value.pop("format", None) != FORMAT:
        raise InputError(f"{source} is no report. Give a file that `mnemic bench run` wrote")
    version = value.pop("version", None)
    if version != VERSION:
        raise InputError(
            f"{source} is a report of version {version!r}, and this mnemic reads {VERSION}. "
            "Upgrade mnemic, or run the benchmark again"
        )
    try:
        return _report(value)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"the report {source} is damaged: {type(error).__name__}: {error}. "
            "Run the benchmark again"
        ) from error


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _report(value: dict[str, Any]) -> Report:
    """A report from what JSON holds; numbers and tuples get their types back."""
    categories = value.pop("categories")
    return Report(
        rows=tuple(_row(row) for row in value.pop("rows")),
        figures=_estimates(value.pop("figures")),
        by_conversation=_estimates(value.pop("by_conversation")),
        categories={name: _estimates(figures) for name, figures in categories.items()},
        by_count={int(k): one for k, one in _estimates(value.pop("by_count")).items()},
        by_tokens={int(k): one for k, one in _estimates(value.pop("by_tokens")).items()},
        cost=Cost(**value.pop("cost")),
        environment=Environment(**value.pop("environment")),
        notes=tuple(value.pop("notes")),
        calibration=_calibration(value.pop("calibration", None)),
        **value,
    )


def _row(value: dict[str, Any]) -> Row:
    found, gold = tuple(value.pop("found")), tuple(value.pop("gold"))
    return Row(found=found, gold=gold, **value)


def _calibration(value: dict[str, Any] | None) -> Calibration | None:
    if value is None:
        return None
    return Calibration(bins=tuple(Bin(**one) for one in value.pop("bins")), **value)


def _estimates(value: dict[str, Any]) -> dict[str, Estimate]:
    return {name: Estimate(**figure) for name, figure in value.items()}
