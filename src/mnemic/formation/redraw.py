"""How a derived record is drawn again when one of its sources is forgotten.

A rule takes the record and the sources that remain, and gives the text that they alone support, or
None where nothing is left of it. Rules are looked up by `formed_by`, the rule or model that made
the record; who declares a way of forming declares its way of forming again beside it. Without one,
`said_again` holds: it needs no model, and keeps no word that only the forgotten said.

The old record is not revised, because its earlier versions would keep the forgotten words: a new
record takes its place. Of its fields, too, only those stay that a remaining source has as well.
What is erased, and in which order, is the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias, TypeVar

from mnemic.core.clock import Micros, Moment
from mnemic.core.errors import InputError
from mnemic.core.ids import RecordId
from mnemic.core.records import Provenance, Record, Scope

_T = TypeVar("_T")

Rule: TypeAlias = Callable[[Record, Sequence[Record]], str | None]
"""(the record as it stands, the sources that remain) → the new text, or None."""

_SENTENCE: Final = re.compile(
    r"[^\n]+?(?:[.!?…؟।][\"')\]*_”’»]*(?=\s)|[。！？][」』”’]*|(?=\n)|\Z)"
)
_BULLET: Final = re.compile(r"\A(?:[-*•–·]|\d+[.)])\s+")

_RULES: dict[str, Rule] = {}


def declare_redraw(formed_by: str, rule: Rule) -> None:
    """Say how records that were made by `formed_by` are drawn again; the last word counts.

    `formed_by` is a whole name, or what stands before its colon ("gist" for "gist:medoid"). Raises
    InputError for a name that is no text, and a rule that cannot be called.
    """
    if not isinstance(formed_by, str) or not formed_by.strip():
        raise InputError(f"formed_by is {formed_by!r}. Give the name that the records carry")
    if not callable(rule):
        raise InputError(f"a rule is a function (record, sources) -> text or None, not {rule!r}")
    _RULES[formed_by] = rule


def said_again(record: Record, sources: Sequence[Record]) -> str | None:
    """Exactly those sentences of a text that a remaining source says word for word.

    Case, blanks, bullets and a final full stop do not count. Sentences that were on lines of their
    own stay so.
    """
    said = {_bare(sentence) for source in sources for sentence in _sentences(source.text)}
    said |= {_bare(source.text) for source in sources}
    lines: list[str] = []
    for line in record.text.split("\n"):
        kept = [sentence for sentence in _sentences(line) if _bare(sentence) in said]
        lines += [" ".join(kept)] if kept else []
    return "\n".join(lines) or None


def _sentences(text: str) -> list[str]:
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return [sentence for sentence in found if _bare(sentence)]


def _bare(sentence: str) -> str:
    words = " ".join(sentence.split())
    return _BULLET.sub("", words).rstrip(".。 ").casefold()


def rule_for(formed_by: str) -> tuple[str, Rule]:
    """The rule for records that were made by this, and its name."""
    for name in (formed_by, formed_by.partition(":")[0]):
        if name in _RULES:
            return name, _RULES[name]
    return "sentences", said_again


def redrawn(
    record: Record, sources: Sequence[Record], *, id: RecordId, now: Micros
) -> tuple[Record, str] | None:
    """The record that takes the place of `record`, drawn from `sources` alone; and the rule's name.

    None where nothing is left to say. It stands where the old one stood, and is as visible.
    """
    name, rule = rule_for(record.provenance.formed_by)
    text = rule(record, sources) if sources else None
    if text is None or not text.strip():
        return None
    new = Record(
        id=id,
        text=text,
        kind=record.kind,
        scope=_scope(record, sources),
        ordinal=record.ordinal,
        recorded_at=now,
        status=record.status,
        speaker=_shared(record.speaker, [source.speaker for source in sources]),
        role=_shared(record.role, [source.role for source in sources]),
        valid_from=_begin(record, sources),
        valid_to=_shared(record.valid_to, [source.valid_to for source in sources]),
        retired_at=record.retired_at,
        weight=record.weight,
        provenance=Provenance(
            origin=record.provenance.origin,
            formed_by=record.provenance.formed_by,
            derived_from=tuple(source.id for source in sources),
        ),
        metadata={
            key: value
            for key, value in record.metadata.items()
            if any(key in source.metadata and source.metadata[key] == value for source in sources)
        },
    )
    return new, name


def _shared(value: _T | None, among: Sequence[_T | None]) -> _T | None:
    return value if value in among else None


def _scope(record: Record, sources: Sequence[Record]) -> Scope:
    scope = record.scope
    session = _shared(scope.session_id, [source.scope.session_id for source in sources])
    agent = _shared(scope.agent_id, [source.scope.agent_id for source in sources])
    return replace(scope, session_id=session, agent_id=agent)


def _begin(record: Record, sources: Sequence[Record]) -> Moment | None:
    """When it holds from: as before if a source says so, else with the first of its sources."""
    times = [source.valid_from for source in sources if source.valid_from is not None]
    if record.valid_from is None or record.valid_from in times:
        return record.valid_from
    return min(times, default=None)
