"""Probes: questions with what should come back, asked of a memory as it stands.

    {"query": "Where does Ana live?", "relevant": ["I moved to Lisbon"], "outdated": ["Porto"],
     "value": "Lisbon", "user_id": "ana"}

`relevant` and `outdated` name records by their ids, or by words that the record holds: a change
that is to be judged often writes records whose ids nobody knows before. What a memory gave becomes
a `Seen` (`evolution/gauge.py`), in which there are ids, counts and keyed hashes, but no texts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mnemic.core.clock import Moment
from mnemic.core.errors import InputError
from mnemic.core.queries import Hit, Query
from mnemic.core.records import Record, Status
from mnemic.engine import answering, recall, scopes
from mnemic.engine.inputs import check_text
from mnemic.engine.parts import Parts
from mnemic.engine.supersede import SUPERSEDES
from mnemic.evolution.gauge import CUT, Seen
from mnemic.retrieval.conflicts import begun, conflicts
from mnemic.retrieval.pack import hits_for

_FIELDS: Final = {
    "query", "relevant", "outdated", "value", "unrelated", "user_id", "namespace", "now", "as_of",
    "known_at",
}  # fmt: skip
_ROOM: Final = 800
"""Tokens of the context that is looked at, as `Memory.context` has by default."""
_LOOKED_THROUGH: Final = 1000
"""Records that are looked through for an answer, as in `Memory.answer`."""
_LINE: Final = re.compile(r"^\[\d+\] ", re.MULTILINE)
_CONTRADICTS: Final = "contradicts"


@dataclass(frozen=True, slots=True)
class Probe:
    """A question, and what should come back."""

    query: Query
    relevant: tuple[str, ...] = ()
    """Ids of records, or words that they hold."""
    outdated: tuple[str, ...] | None = None
    """Of those that held once: what is relevant should stand above them. Likewise."""
    value: str | None = None
    """What a hit should say."""
    unrelated: bool = False
    """The change that is judged should not touch this one."""

    def name(self, secret: bytes) -> str:
        """A keyed hash by which the probe is known again, and which tells nothing of it."""
        asked = self.query
        times = [one.micros if one else None for one in (asked.as_of, asked.known_at)]
        told = (asked.text, asked.partitions, times, self.relevant, self.outdated, self.value)
        return _hash(secret, (*told, self.unrelated))


def probes(parts: Parts, told: Iterable[Probe | Mapping[str, Any]]) -> list[Probe]:
    """Probes as users give them, checked. Raises InputError that says which one and why."""
    if isinstance(told, Mapping | str) or not isinstance(told, Iterable):
        raise InputError(f"probes are {told!r:.60}. Give a list of questions")
    read = [
        one if isinstance(one, Probe) else _probe(parts, one, f"probe {place}: ")
        for place, one in enumerate(told)
    ]
    if not read:
        raise InputError("there is no probe. Give a few questions with what should come back")
    return read


def _probe(parts: Parts, told: Mapping[str, Any], where: str) -> Probe:
    if not isinstance(told, Mapping):
        raise InputError(f'{where}{told!r:.60} is none. Give {{"query": "...", "relevant": [...]}}')
    unknown = sorted(str(name) for name in told if name not in _FIELDS)
    if unknown:
        raise InputError(
            f"{where}unknown field {unknown[0]!r}. Known: {', '.join(sorted(_FIELDS))}"
        )
    check_text(told.get("query"), where)  # type: ignore[arg-type]
    partition = scopes.one(
        parts.store.partitions,
        namespace=told.get("namespace"),
        user_id=told.get("user_id"),
        within=False,
    )
    times = {
        name: Moment.parse(told[name], parts.zone) if told.get(name) is not None else None
        for name in ("now", "as_of", "known_at")
    }
    value = told.get("value")
    if value is not None:
        check_text(value, f"{where}value: ")
    return Probe(
        Query(
            told["query"],
            (partition,),
            now=times["now"] or parts.now(),
            limit=CUT,
            as_of=times["as_of"],
            known_at=times["known_at"],
        ),
        _names(told.get("relevant", ()), where) or (),
        _names(told.get("outdated"), where),
        value,
        bool(told.get("unrelated", False)),
    )


def _names(told: Any, where: str) -> tuple[str, ...] | None:
    if told is None:
        return None
    given = [told] if isinstance(told, str) else told
    if not isinstance(given, Sequence) or not all(isinstance(one, str) and one for one in given):
        raise InputError(f"{where}{told!r:.60} names no records. Give ids, or words that they hold")
    return tuple(dict.fromkeys(given))


def ask(parts: Parts, probe: Probe, measures: Collection[str]) -> Seen:
    """What the memory gives for a probe, as far as these measures need it."""
    hits = tuple(recall.search(parts, probe.query))
    records = [hit.record for hit in hits]
    denied, settled = _denials(parts, probe.query, records)
    lines, cited = _context(parts, probe.query) if "citation coverage" in measures else (0, 0)
    claims, unsupported, said = 0, 0, ""
    if {"unsupported claims", "locality"}.intersection(measures):
        found = answering.answer(parts, replace(probe.query, limit=_LOOKED_THROUGH))
        claims = not found.abstained
        unsupported = claims and not _there(parts, found.evidence)
        said = found.text
    outdated = None if probe.outdated is None else _places(probe.outdated, records)
    value = probe.value
    return Seen(
        hits=tuple(hit.id for hit in hits),
        wanted=len(probe.relevant),
        right=_places(probe.relevant, records),
        outdated=outdated,
        said=None if value is None else any(_holds(one.text, value) for one in records),
        denied=denied,
        settled=settled,
        lines=lines,
        cited=cited,
        claims=int(claims),
        unsupported=int(unsupported),
        unrelated=probe.unrelated,
        answer=_hash(parts.secret, (hits[0].id if hits else "", said)),
    )


def _places(names: Sequence[str], records: Sequence[Record]) -> tuple[int, ...]:
    """The first place of each name that is found, in order."""
    found = (next((at for at, one in enumerate(records) if _is(one, name)), None) for name in names)
    return tuple(sorted(place for place in found if place is not None))


def _is(record: Record, name: str) -> bool:
    return record.id == name or _holds(record.text, name)


def _holds(text: str, words: str) -> bool:
    """Whether a text holds these words, case and blanks aside."""
    return " ".join(words.casefold().split()) in " ".join(text.casefold().split())


def _context(parts: Parts, query: Query) -> tuple[int, int]:
    """Lines of the context, and those with a citation of a record that is there."""
    pack = recall.context(parts, replace(query, limit=hits_for(_ROOM)), _ROOM)
    there = parts.store.get([citation.id for citation in pack.citations])
    cited = sum(one.status is Status.ACTIVE for one in there.values())
    return max(len(_LINE.findall(pack.text)), len(pack.citations)), cited


def _there(parts: Parts, evidence: Sequence[Hit]) -> bool:
    """Whether a value rests on records that say now what they were cited with."""
    there = parts.store.get([hit.id for hit in evidence])
    return bool(evidence) and all(
        hit.id in there and there[hit.id].status is Status.ACTIVE and there[hit.id].text == hit.text
        for hit in evidence
    )


def _denials(parts: Parts, query: Query, records: Sequence[Record]) -> tuple[int, int]:
    """Hits that a newer record in memory denies, and those that stand below that record."""
    if query.as_of is not None or query.known_at is not None:
        return 0, 0  # what was superseded since is what is asked for
    ids = [record.id for record in records]
    links = [*parts.store.links(ids), *parts.store.links(ids, incoming=True)]
    pairs = {
        (link.source, link.target)
        for link in links
        if not link.remove and link.relation in (SUPERSEDES, _CONTRADICTS)
    }
    there = parts.store.get(sorted({end for pair in pairs for end in pair}))
    newer: set[tuple[str, str]] = set()
    for one, other in (*pairs, *conflicts(records).items()):
        both = [there.get(end) or next(r for r in records if r.id == end) for end in (one, other)]
        if all(end.status is Status.ACTIVE for end in both) and begun(both[0]) != begun(both[1]):
            later, earlier = sorted(both, key=begun, reverse=True)
            newer.add((later.id, earlier.id))
    place: dict[str, int] = {id: at for at, id in enumerate(ids)}
    shown = [(later, earlier) for later, earlier in newer if earlier in place]
    below = sum(place.get(later, CUT) < place[earlier] for later, earlier in shown)
    return len(shown), below


def _hash(secret: bytes, told: object) -> str:
    return hashlib.blake2b(repr(told).encode("utf-8"), key=secret, digest_size=16).hexdigest()
