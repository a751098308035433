"""Hits → text that can be pasted into a prompt: dated lines with citations, under a token budget.

    What memory holds as of 2025-07-01, oldest first; cite as [n].
    [1] 2025-03-04 Ana: I moved to Porto for the new job.
    2025-06-02
    [2] Ana: We found a flat in Lisbon, so I am moving again.
    [3] Bob: Lisbon! Congratulations.

The best hits are taken while they fit, then put in the order of time, so that the newest state is
read last; a day with several lines is said once. The first six tenths of the budget go to texts in
full, the rest to the sentences that matter of as many others as fit, with … where something was
left out; a text of unusual length gives only its sentences that matter from the start. What this
finds, and what other shares find, is told in docs/design/ranking.md.

How a line is made safe is told in `lines.py`, what is left out as a repetition in `repeats.py`.
Records that deny each other are shown side by side if one of them is, and each names the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mnemic.core.clock import Moment
from mnemic.core.cues import Cue
from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.queries import Citation, Hit, Pack
from mnemic.core.records import Record
from mnemic.language.analyser import Analyser
from mnemic.language.cues import cues
from mnemic.language.stopwords import stop_words
from mnemic.retrieval.conflicts import begun
from mnemic.retrieval.lines import CLOSE, OPEN, Count, Line, Relevance, day, line, name
from mnemic.retrieval.repeats import Said, distinct
from mnemic.retrieval.tokens import count_tokens

__all__ = ["CLOSE", "LAYOUT", "OPEN", "Layout", "Relevance", "about", "hits_for", "pack"]

Order = Literal["time", "edges"]

_HEADER_SHARE: Final = 4  # the first line may take a quarter of the budget, or is left out
_PLENTY: Final = 100
_CONTENT: Final = 2
_MODEST: Final = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """How much of the budget goes to what."""

    full: float = 0.6
    """Share of it for texts in full; the rest is for gists. 1: no gists."""
    longest: int = 160
    """Tokens of a text in full, if many are wanted; a budget of more than 3,200 allows more."""
    gist: int = 40
    """Tokens of a gist."""
    names: int = 0
    """Hits beyond all of these of which at least who and when is told, if there is room."""


LAYOUT: Final = Layout()


def about(
    terms: Sequence[str],
    analyser: Analyser,
    *,
    when: bool = False,
    meaning: Callable[[str], float] | None = None,
) -> Relevance:
    """How much a sentence matters: by how many different ones of these query terms it holds.

    when: whether the question asks for a time; then a sentence with a time expression matters more.
    meaning: cosine of a sentence with the question, if there is an encoder for it (three terms'
        worth at most).

    A question, and a sentence of hardly any words, matter less by one term: what people ask and
    exclaim in passing holds no answer.
    """
    wanted = frozenset(terms)
    empty = stop_words(analyser.language).words

    def relevance(sentence: str) -> float:
        tokens = analyser.tokens(sentence)
        read = cues(sentence)
        worth = float(len(wanted.intersection(tokens)))
        worth += 1.5 * (when and Cue.TIME in read)
        worth -= Cue.QUESTION in read
        worth -= sum(token not in empty for token in tokens) < _CONTENT
        return worth + 3 * meaning(sentence) if meaning else worth

    return relevance


def hits_for(max_tokens: int) -> int:
    """How many hits to ask for to fill a budget: more never fit.

    >>> hits_for(1000), hits_for(8000)
    (62, 500)
    """
    return min(max(max_tokens // 16, 40), 500)


def pack(
    hits: Sequence[Hit],
    max_tokens: int,
    now: Moment | None = None,
    relevance: Relevance | None = None,
    count: Count = count_tokens,
    *,
    order: Order = "time",
    conflicts: Mapping[RecordId, RecordId] | None = None,
    layout: Layout = LAYOUT,
    language: str = "english",
) -> Pack:
    """Lay out hits, best first, as text of at most `max_tokens` tokens.

    now: told in the first line, so that a reader knows how old the rest is.
    relevance: which sentences of a long text matter; without it, its beginning is kept.
    count: the tokens of a text: a real tokenizer lets more fit than the default estimate, which
        errs upwards.
    order: "time" (oldest first), or "edges": the best first and last, because models read the
        middle of a long context least well (Liu et al. 2023, arXiv 2307.03172); of two that deny
        each other the newer still comes later.
    conflicts: for a record the one that denies it, see `conflicts.py`.
    language: whose function words do not tell two texts apart.

    A smaller budget gives fewer lines, at last none. Raises InputError if `max_tokens` < 1.
    """
    if max_tokens < 1:
        raise InputError(f"no room for a context: max_tokens={max_tokens!r}. Give 1 or more")
    if order not in ("time", "edges"):
        raise InputError(f'order={order!r}. Use "time" or "edges"')
    said = distinct(hits, language)
    denied = _both_ways(conflicts or {}, said)
    header = _header(now, order)
    if count(header) > max_tokens // _HEADER_SHARE:
        header = ""
    room = max_tokens - count(header + "\n")
    chosen = _choose(_paired(said, denied), room, relevance, count, order, denied, layout)
    text, shown = _lay_out(chosen, header, order, denied)
    while chosen and count(text) > max_tokens:  # a tokenizer for which the parts do not add up
        chosen.pop()
        text, shown = _lay_out(chosen, header, order, denied)
    return Pack(
        text=text,
        citations=tuple(Citation(n, hit.id, hit.score) for n, hit in enumerate(shown, 1)),
        tokens=count(text),
        max_tokens=max_tokens,
        left_out=len(said) - len(chosen),
    )


_Chosen = tuple[Hit, Line]


def _choose(
    said: Sequence[Said],
    room: int,
    relevance: Relevance | None,
    count: Count,
    order: Order,
    denied: Mapping[RecordId, Hit],
    layout: Layout,
) -> list[_Chosen]:
    """The lines that fit, best first: in full, then as gists, then as names."""
    number = f"[{min(len(said), _PLENTY)}] "
    share = room // min(20, len(said)) if said else 0
    longest = max(share, min(layout.longest, max(room // 4, _MODEST)))
    gists = int(room * (1 - layout.full))
    chosen: list[_Chosen] = []
    passed: list[Hit] = []
    days: Counter[str] = Counter()
    for one in said:
        record = one.hit.record
        told = day(record.valid_from) if record.valid_from else ""
        dated = order == "edges" or not days[told]
        remark = _remark(_PLENTY, denied[record.id]) if record.id in denied else ""
        left = room - count(f"{number}{remark}\n")
        most = longest if room >= gists else layout.gist + count(told)
        made = line(record, min(left, most), relevance, count, dated=dated, times=one.times)
        if made is None:
            passed.append(one.hit)
            continue
        chosen.append((one.hit, made))
        days[told] += 1
        room -= count(f"{number}{made.text(dated=dated, remark=remark)}\n")
    for hit in passed[: layout.names]:
        named = name(hit.record)
        cost = count(f"{number}{named.text()}\n") if named else room + 1
        if named is not None and cost <= room:
            chosen.append((hit, named))
            room -= cost
    return chosen


def _header(now: Moment | None, order: Order) -> str:
    as_of = f" as of {day(now)}" if now else ""
    how = "oldest first" if order == "time" else "the most telling first and last"
    return f"What memory holds{as_of}, {how}; cite as [n]."


def _lay_out(
    chosen: Sequence[_Chosen], header: str, order: Order, denied: Mapping[RecordId, Hit]
) -> tuple[str, list[Hit]]:
    """The text, and the hits in the order of their numbers."""
    if order == "time":
        ordered = sorted(chosen, key=lambda pair: _time(pair[0].record))
    else:
        ordered = _edges(chosen, denied)
    numbers = {hit.id: number for number, (hit, _) in enumerate(ordered, 1)}
    repeated = Counter(line.day for _, line in ordered) if order == "time" else Counter[str]()
    lines: list[str] = [header] if header and ordered else []
    before = ""
    for number, (hit, one) in enumerate(ordered, 1):
        grouped = bool(one.day) and repeated[one.day] > 1
        if grouped and one.day != before:
            lines.append(one.day)
        before = one.day
        other = denied.get(hit.id)
        remark = _remark(numbers[other.id], other) if other and other.id in numbers else ""
        lines.append(f"[{number}] {one.text(dated=not grouped, remark=remark)}")
    return "\n".join(lines), [hit for hit, _ in ordered]


def _time(record: Record) -> tuple[int, str, str, int, str]:
    told = day(record.valid_from) if record.valid_from else ""
    return begun(record), told, record.scope.session_id or "", record.ordinal, record.id


def _edges(chosen: Sequence[_Chosen], denied: Mapping[RecordId, Hit]) -> list[_Chosen]:
    """The best first, the next best last, and so on inwards."""
    ordered = [*chosen[::2], *reversed(chosen[1::2])]
    places = {hit.id: place for place, (hit, _) in enumerate(ordered)}
    for older, newer in denied.items():
        if older in places and newer.id in places and places[older] > places[newer.id]:
            one, other = places[older], places[newer.id]
            if begun(ordered[one][0].record) < begun(newer.record):
                ordered[one], ordered[other] = ordered[other], ordered[one]
                places[older], places[newer.id] = other, one
    return ordered


def _remark(number: int, other: Hit) -> str:
    of = f" of {day(other.record.valid_from)}" if other.record.valid_from else ""
    return f"(conflicts with [{number}]{of})"


def _both_ways(conflicts: Mapping[RecordId, RecordId], said: Sequence[Said]) -> dict[RecordId, Hit]:
    """For each shown record the shown one that denies it."""
    hits = {one.hit.id: one.hit for one in said}
    found: dict[RecordId, Hit] = {}
    for one, other in conflicts.items():
        if one in hits and other in hits and one != other:
            found[one] = hits[other]
            found.setdefault(other, hits[one])
    return found


def _paired(said: Sequence[Said], denied: Mapping[RecordId, Hit]) -> list[Said]:
    """The hits in their order, each followed by the one that denies it."""
    by_id = {one.hit.id: one for one in said}
    order: dict[RecordId, Said] = {}
    for one in said:
        order.setdefault(one.hit.id, one)
        other = denied.get(one.hit.id)
        if other is not None:
            order.setdefault(other.id, by_id[other.id])
    return list(order.values())
