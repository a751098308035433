"""Hits → a value with its evidence and a confidence, or that there is none; without a model.

    question ─▶ asked (what kind of answer) ─▶ coordinates (who, where, when, about what)
             ─▶ match (which records hold them)
             ─▶ enumeration, where records tell whole events
             ─▶ extraction, where they are turns of a talk

It abstains where a name or a day that the question gives is in no record, where no record holds all
of them together, and where the confidence is low.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnemic.core.queries import Answer, Hit
from mnemic.language.asked import Asked, Order, Want
from mnemic.language.entities import Kind
from mnemic.retrieval.confidence import LEAST, confidence
from mnemic.retrieval.coordinates import Coordinates
from mnemic.retrieval.enumeration import Enumerated, enumerate_all, matching
from mnemic.retrieval.evidence import Match, is_long, match
from mnemic.retrieval.extraction import Found, extract, weigh

_EVIDENCE = 20
"""Hits that an answer shows at most, except where each gave a value."""


def answer(asked: Asked, wanted: Coordinates, hits: Sequence[Hit], least: float = LEAST) -> Answer:
    """The answer to a question that was read, from all that was found for it, best first.

    `hits` should hold every record that could count, not only the best ten: lists and counts go
    through all of them. `least` is the confidence below which it abstains.
    """
    if not hits:
        return _none("nothing was found", (), {"one": 1.0})
    matches = match(hits, wanted)
    missing = _missing(wanted, matches)
    events = _tells_events(hits) and (wanted.hard > 0 or bool(wanted.terms))
    signals = {"one": 1.0, "enumerated": float(events)}
    if missing:
        return _none(f"nothing names {', '.join(missing)}", (), signals | {"missing": 1.0})
    if events:
        return _by_enumeration(asked, wanted, matches, hits, signals)
    return _by_extraction(asked, wanted, matches, signals, least)


def _by_enumeration(
    asked: Asked,
    wanted: Coordinates,
    matches: Sequence[Match],
    hits: Sequence[Hit],
    signals: dict[str, float],
) -> Answer:
    kept = matching(matches, wanted)
    near = max((sum(one.held) for one in matches), default=0)
    signals = signals | {
        "matches": min(len(kept), 10) / 10,
        "about": max((one.about for one in kept), default=0.0),
        "narrow": min((one.near for one in kept), default=0.0),
    }
    if asked.want is Want.YES_NO:
        return _yes_or_no(wanted, kept, matches, signals)
    if not kept:
        part = f"{near} of {wanted.hard}" if wanted.hard else "none"
        return _none(
            f"no record holds all that was named together (at most {part})",
            (),
            signals | {"apart": 1.0},
        )
    if asked.want in (Want.COUNT, Want.TIMES):
        return _counted(asked, wanted, kept, hits, signals)
    if asked.want is Want.CHOICE or (asked.want is Want.THING and not _of_events(asked, wanted)):
        found = weigh(kept, wanted.terms)
        drawn = extract(asked, wanted, found)
        if drawn is None:
            return _none("no value in what was found", (), signals)
        return _made(drawn.values, drawn.matches, drawn.rule, signals | {"exact": 0.0})
    if asked.want in (Want.DURATION, Want.QUANTITY):
        drawn = extract(asked, wanted, weigh(kept, wanted.terms))
        if drawn is None or not drawn.exact:
            return _none("no number in what was found", (), signals)
        return _made(drawn.values, drawn.matches, drawn.rule, signals | {"exact": 1.0})
    listed: Enumerated | None = enumerate_all(asked, wanted, kept, hits)
    if listed is None:
        return _none(f"no {asked.want} in what was found", (), signals)
    signals = signals | {f"wants {asked.want}": 1.0, "exact": 1.0}
    return _made(listed.values, listed.matches, listed.rule, signals)


def _by_extraction(
    asked: Asked,
    wanted: Coordinates,
    matches: Sequence[Match],
    signals: dict[str, float],
    least: float,
) -> Answer:
    found = weigh(matches, wanted.terms)
    drawn = extract(asked, wanted, found)
    if drawn is None:
        return _none("nothing was found", (), signals)
    best = found[0]
    signals = signals | {
        "score": best.hit.score,
        "lead": matches[0].hit.score - matches[1].hit.score if len(matches) > 1 else 0.0,
        "about": best.match.about,
        "near": best.match.near,
        "named": sum(best.match.held) / max(len(best.match.held), 1) if best.match.held else 1.0,
        "margin": best.worth - found[1].worth if len(found) > 1 else 0.3,
        "exact": float(drawn.exact),
        f"wants {asked.want}": 1.0,
    }
    if confidence(signals | _size(drawn.values)) < least:
        return _none("nothing found is likely enough", tuple(_hits(found)), signals)
    return _made(drawn.values, drawn.matches, drawn.rule, signals)


def _counted(
    asked: Asked,
    wanted: Coordinates,
    kept: Sequence[Match],
    hits: Sequence[Hit],
    signals: dict[str, float],
) -> Answer:
    """How many records there are, or how many different values of the noun that is counted."""
    nouns = {"people": Want.PERSON, "places": Want.PLACE, "days": Want.DATE}
    kind = next((want for word, want in nouns.items() if word == asked.head), None)
    count = len(kept)
    if kind is not None:
        listed = enumerate_all(Asked(kind, several=True), wanted, kept, hits)
        count = len(listed.values) if listed else 0
    rule = f"count of what holds {', '.join(name.text for name in wanted.names) or 'it'}"
    return _made((str(count),), kept, rule, signals | {"exact": 1.0})


def _yes_or_no(
    wanted: Coordinates,
    kept: Sequence[Match],
    matches: Sequence[Match],
    signals: dict[str, float],
) -> Answer:
    """Yes with the records that hold all; no with those that hold the most, which say otherwise."""
    if kept:
        return _made(("yes",), kept, "records that hold all that was named", signals)
    most = max(sum(one.held) for one in matches)
    partly = [one for one in matches if sum(one.held) == most][:_EVIDENCE]
    rule = "no record holds all that was named; these hold a part"
    return _made(("no",), partly, rule, signals | {"apart": 1.0})


def _of_events(asked: Asked, wanted: Coordinates) -> bool:
    """Whether an unknown noun after "the latest" stands for what somebody did."""
    return asked.order in (Order.LATEST, Order.FIRST) and bool(wanted.names)


def _tells_events(hits: Sequence[Hit]) -> bool:
    best = hits[:20]
    return 2 * sum(is_long(hit.text) for hit in best) >= len(best)


def _missing(wanted: Coordinates, matches: Sequence[Match]) -> list[str]:
    """The names, and in records of whole events the dates, that no record holds."""
    missing = []
    for place, name in enumerate(wanted.names):
        if name.kind is Kind.OTHER and name.text.islower():
            continue
        if not any(one.held[place] for one in matches):
            missing.append(name.text)
    dated = any(one.held[-1] for one in matches) if wanted.dates else True
    if not dated and _tells_events([one.hit for one in matches]):
        missing += [date.text for date in wanted.dates]
    return missing


def _hits(found: Sequence[Found]) -> list[Hit]:
    return [one.hit for one in found]


def _made(
    values: Sequence[str], matches: Sequence[Match], rule: str, signals: dict[str, float]
) -> Answer:
    signals = signals | _size(values)
    return Answer(
        text="; ".join(values),
        values=tuple(values),
        evidence=tuple(one.hit for one in matches),
        confidence=confidence(signals),
        abstained=False,
        rule=rule,
        signals=signals,
    )


def _size(values: Sequence[str]) -> dict[str, float]:
    return {"values": min(len(values), 10) / 10}


def nothing_asked() -> Answer:
    """The answer to a text that asks nothing: function words, or a bare name."""
    return _none("the question holds nothing to look for", (), {"one": 1.0})


def _none(rule: str, evidence: Sequence[Hit], signals: dict[str, float]) -> Answer:
    signals = signals | {"abstained": 1.0}
    return Answer("", (), tuple(evidence), confidence(signals), True, rule, signals)
