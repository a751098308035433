"""The figures that ConvoMem's authors published, to set a run beside (2025, arXiv 2511.10523).

A folder of CSV files, `<questions>/<method>/<model>[/helper_model_<model>]/<n>_evidence.csv`, with
one line for each number of conversations: the accuracy of answers, by their judge, and what an
answer took. They are not recall: a retrieval that finds all evidence is only the first half.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mnemic.core.errors import InputError, SourceError

_HELPER = "helper_model_"


@dataclass(frozen=True, slots=True)
class Baseline:
    """One method at one number of conversations."""

    questions: str
    """Their kind, such as "user_facts"."""
    method: str
    """Such as "long_context" or "mem0"."""
    model: str
    helper: str | None
    """The model that extracted or filtered, where there was one."""
    evidence: int
    """Messages that hold the answer; 0 where the file says so, for questions of other sets."""
    conversations: int
    accuracy: float
    """In [0, 1]."""
    asked: int
    milliseconds: float
    """Of one answer, the mean."""
    input_tokens: float
    """Of one answer, the mean."""
    dollars: float
    """Of one answer, the mean."""


def baselines(folder: Path) -> list[Baseline]:
    """Every line of every table. Raises InputError where there is none."""
    found = [
        line for file in sorted(folder.rglob("*_evidence.csv")) for line in _table(file, folder)
    ]
    if not found:
        raise InputError(
            f"no published tables: {folder} has no file such as "
            "user_facts/long_context/gemini_2_5_flash/1_evidence.csv. Give the folder of all tables"
        )
    return found


def _table(file: Path, folder: Path) -> Iterator[Baseline]:
    parts = list(file.relative_to(folder).parts[:-1])
    helper = parts.pop() if parts and parts[-1].startswith(_HELPER) else None
    if len(parts) < 3:
        raise SourceError(
            f"no questions, method and model in the path of {file}. Give the folder of all tables"
        )
    *kind, method, model = parts
    with file.open(encoding="utf-8", newline="") as opened:
        for line in csv.DictReader(opened):
            try:
                yield Baseline(
                    questions="/".join(kind),  # one kind has a slash in its name
                    method=method,
                    model=model,
                    helper=helper.removeprefix(_HELPER) if helper else None,
                    evidence=int(file.name.partition("_")[0]),
                    conversations=int(line["context_size"]),
                    accuracy=float(line["success_rate_percent"]) / 100,
                    asked=int(line["total_processed"]),
                    milliseconds=float(line["avg_response_time_ms"]),
                    input_tokens=float(line["avg_input_tokens"]),
                    dollars=float(line["avg_cost"]),
                )
            except (KeyError, ValueError) as reason:
                raise SourceError(
                    f"not a published table: {file} ({reason!r}). Download it again"
                ) from None
