"""How EpBench's answers are scored: sets against sets, lists against their order, without a judge.

The gold are short strings, so exact matches of normalised values stand for the authors' judge. As
in their scheme (Huet et al. 2025, arXiv 2501.13121): precision counts no more predictions than
there is gold; a question that nothing matches wants an empty answer; Simple Recall is the mean over
the five bins; Chronological Awareness joins the latest state with the order of lists, both where
at least two chapters match, and a negative tau counts as none. The lenient precision lets a system
list all that it knows: read `strict f1` beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from mnemic.bench.tasks.epbench_questions import bin_of
from mnemic.bench.tasks.epbench_world import MONTHS
from mnemic.core.records import Json

BINS: Final = ("0", "1", "2", "3-5", "6+")
_MONTHS: Final = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_AMERICAN = re.compile(r"([A-Za-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})")
_BRITISH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? +(?:of +)?([A-Za-z]{3,9})\.?,? +(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?")
_APART = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"(?:the|an?) ")


def normal(value: str) -> str:
    """A value as it is compared: dates as ISO, else small letters, without punctuation and article.

    >>> normal("The Saint Osric's Cloister."), normal("9 April 2026"), normal("April 09, 2026")
    ('saint osrics cloister', '2026-04-09', '2026-04-09')
    """
    plain = unicodedata.normalize("NFKC", value).strip().strip(".")
    return _date(plain) or _text(plain)


def _date(value: str) -> str | None:
    if found := _ISO.fullmatch(value):
        year, month, day = map(int, found.groups())
        return f"{year}-{month:02d}-{day:02d}"
    if found := _AMERICAN.fullmatch(value):
        name, day_of, year_of = found.groups()
    elif found := _BRITISH.fullmatch(value):
        day_of, name, year_of = found.groups()
    else:
        return None
    number = _MONTHS.get(name[:3].lower())
    return f"{year_of}-{number:02d}-{int(day_of):02d}" if number else None


def _text(value: str) -> str:
    unquoted = re.sub("['\u2018\u2019]", "", value.casefold())
    words = _APART.sub(" ", unquoted).strip()
    return _ARTICLE.sub("", words, count=1) if _ARTICLE.match(words) else words


def answer_scores(given: Sequence[str], gold: Sequence[str], get: str) -> dict[str, float]:
    """The scores of one answer: f1 (lenient) and strict f1; of a list in order also its tau.

    Without gold: f1 is 1 for an empty answer, and `hallucinated` says that there was one. `found
    all` and `tau` are given where the gold has two or more to be ordered.

    >>> answer_scores(["a", "x"], ["a"], "all")
    {'f1': 1.0, 'strict f1': 0.6666666666666666}
    >>> answer_scores(["b", "a"], ["a", "b"], "chronological")["tau"]
    -1.0
    """
    said = [one for one in map(normal, given) if one]
    wanted = [normal(one) for one in gold]
    if not wanted:
        right = float(not said)
        return {"f1": right, "strict f1": right, "hallucinated": 1 - right}
    distinct, targets = set(said), set(wanted)
    matched = len(distinct & targets)
    scores = {
        "f1": _f1(matched, min(len(distinct), len(targets)), len(targets)),
        "strict f1": _f1(matched, len(distinct), len(targets)),
    }
    if get == "chronological" and len(wanted) > 1:
        every = matched == len(targets)
        scores["found all"] = float(every)
        scores["tau"] = tau(said, wanted) if every else 0.0
    return scores


def _f1(matched: int, predicted: int, wanted: int) -> float:
    return 2 * matched / (predicted + wanted) if matched else 0.0


def tau(said: Sequence[str], gold: Sequence[str]) -> float:
    """Kendall's tau between the order of the gold and that in which it was said.

    Whatever is not gold is passed over. A value that the gold has twice is matched one by one; if
    it was said less often, only first mentions count on both sides. 1 where nothing is left to
    be ordered.

    >>> tau(["a", "c", "x", "b"], ["a", "b", "c"])
    0.3333333333333333
    """
    said, gold = list(said), list(gold)
    if Counter(gold) - Counter(said):
        said, gold = list(dict.fromkeys(said)), list(dict.fromkeys(gold))
    places: dict[str, list[int]] = {}
    for place, one in enumerate(said):
        places.setdefault(one, []).append(place)
    order = [places[one].pop(0) for one in gold if places.get(one)]
    pairs = [1 if first < second else -1 for first, second in combinations(order, 2)]
    return sum(pairs) / len(pairs) if pairs else 1.0


def summary(
    asked: Sequence[Mapping[str, Json]], scores: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    """The authors' figures over all questions; nothing where no answer was given.

    `asked` are the questions' metadata: `get` and `matches`. `simple recall` is the mean over the
    bins that have questions; `hallucination` the share of questions that nothing matches and that
    got an answer, whatever they ask for.
    """
    groups: dict[str, list[float]] = {}

    def note(group: str, value: float | None) -> None:
        if value is not None:
            groups.setdefault(group, []).append(value)

    for question, one in zip(asked, scores, strict=True):
        get, matches = question["get"], question["matches"]
        if get == "all":
            note(f"f1 at {bin_of(matches)}", one.get("f1"))
        if get == "latest" and matches > 1:
            note("latest", one.get("f1"))
        for measure in ("found all", "tau"):
            note(measure, one.get(measure))
        note("hallucination", one.get("hallucinated"))
    figures = {name: sum(values) / len(values) for name, values in groups.items()}
    binned = [figures[f"f1 at {name}"] for name in BINS if f"f1 at {name}" in figures]
    if binned:
        figures["simple recall"] = sum(binned) / len(binned)
    if "latest" in figures and "tau" in figures:
        figures["chronological awareness"] = (figures["latest"] + max(0.0, figures["tau"])) / 2
    return figures
