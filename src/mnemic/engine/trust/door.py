"""The door: what every text passes before anything of it is read, kept or logged.

First it is cleared of secrets (as this handle and the file's policy want it), then the policy's
rules decide whether it comes in. Both are values (`language/secrets.py`, `evolution/govern.py`);
here the policy is fetched from the file, and the origins of what something was drawn from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mnemic.core.errors import InputError
from mnemic.core.events import Event
from mnemic.core.records import Json, Origin, Record
from mnemic.core.storage import Store
from mnemic.engine.inputs import check_metadata, check_text
from mnemic.engine.parts import Parts
from mnemic.evolution import govern
from mnemic.evolution.govern import Coming, Decision, Policy
from mnemic.evolution.trust import inherited
from mnemic.language.secrets import MODES, Mode, Redaction, cleared


def keep_policy(parts: Parts, given: Policy | str | Mapping[str, Any] | None) -> Policy:
    """Keep a policy in the file: from the next write on, every process applies it.

    `given`: a policy, "open", "strict", or what `govern.from_json` reads; None is "open". What is
    in memory already stays as it is. Raises InputError for what is no policy.
    """
    names = {None: govern.OPEN, "open": govern.OPEN, "strict": govern.STRICT}
    if isinstance(given, Policy):
        kept = govern.from_json(govern.as_json(given))
    elif given is None or isinstance(given, str):
        if given not in names:
            raise InputError(f'there is no policy {given!r}. Use "open", "strict", or rules')
        kept = names[given]
    else:
        kept = govern.from_json(given)
    return parts.rules.keep(kept)


@dataclass(frozen=True, slots=True)
class Passed:
    """Events as they may be kept, and which of them may not simply come in."""

    rules: Policy
    """By which they were judged."""
    events: tuple[Event, ...]
    hold: Mapping[int, str] = field(default_factory=dict)
    """Place → the rule by which it waits for a review."""
    bar: frozenset[int] = frozenset()
    """Places of those that are refused."""


def passing(parts: Parts, events: Sequence[Event]) -> Passed:
    """What becomes of events by the handle's redaction and the file's policy, as last seen."""
    rules = parts.rules.seen
    clean = _clearing(parts.redact, rules.sensitive)
    lineage = _lineage(parts.store, events, rules)
    hold: dict[int, str] = {}
    bar: set[int] = set()
    through: list[Event] = []
    for place, event in enumerate(events):
        # Judged as it came: what is redacted would no longer be found.
        coming = Coming(event.text, lineage(event), event.kind)
        decision, why = govern.decide(rules, coming)
        if decision is Decision.HOLD:
            hold[place] = why
        elif decision is Decision.REFUSE:
            bar.add(place)
        text, metadata = clean(event.text, event.metadata)
        if text is event.text and metadata is event.metadata and coming.origin is event.origin:
            through.append(event)
        else:
            through.append(replace(event, text=text, metadata=metadata, origin=coming.origin))
    return Passed(rules, tuple(through), hold, frozenset(bar))


def clear(parts: Parts, text: str, metadata: Mapping[str, Json]) -> tuple[str, Mapping[str, Json]]:
    """A text and metadata as they may be kept, by the handle's redaction and the file's."""
    return _clearing(parts.redact, parts.rules.now().sensitive)(text, metadata)


def clear_some(
    parts: Parts, text: str | None, metadata: Mapping[str, Json] | None
) -> tuple[str | None, Mapping[str, Json] | None]:
    """The same for a revision, which may say nothing of the text, or of the metadata."""
    said, told = clear(parts, text or "", metadata or {})
    # A mark of what a text holds needs a place even where no metadata were given.
    return None if text is None else said, told if metadata is not None or told else None


def checked(redaction: object) -> Redaction:
    """A redaction as users give it; InputError for what is none."""
    if redaction in MODES or callable(redaction):
        return redaction
    raise InputError(
        f"redact is {redaction!r}. Use {', '.join(map(repr, MODES))}, or a function of a text"
    )


_Clear = Callable[[str, Mapping[str, Json]], tuple[str, Mapping[str, Json]]]


def _clearing(own: Redaction, least: Mode) -> _Clear:
    """Both wishes in one: a function first, then the stricter of the modes."""
    hook = None if isinstance(own, str) else own
    modes = [least] if hook is not None else [least, own]
    mode = max(modes, key=lambda one: MODES.index(one))

    def clear(text: str, metadata: Mapping[str, Json]) -> tuple[str, Mapping[str, Json]]:
        if hook is not None:
            text, metadata = cleared(text, metadata, hook)
            check_text(text, "what the redaction function gave: ")
            check_metadata(metadata, "what the redaction function gave: ")
        return cleared(text, metadata, mode)

    return clear


def _lineage(store: Store, events: Iterable[Event], rules: Policy) -> Callable[[Event], Origin]:
    """Gives an event's origin: the least trusted of its own and of what it was drawn from."""
    wanted = sorted({source for event in events for source in event.derived_from})
    sources: Mapping[Any, Record] = store.get(wanted) if wanted else {}
    trust = rules.trusted()

    def origin(event: Event) -> Origin:
        if not event.derived_from:
            return event.origin
        known = [sources[one].provenance.origin for one in event.derived_from if one in sources]
        return inherited(event.origin, known, trust)

    return origin
