"""The screen of `mnemic diff`: what is new, what became of what, what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from mnemic.core.clock import Moment
from mnemic.core.records import Record
from mnemic.engine.history.diff import Altered, Diff, Superseded
from mnemic.surface.pieces import INDENT, QUIET, beside, heading, paragraph, when
from mnemic.surface.record_lines import record_line, several

if TYPE_CHECKING:
    from rich.console import Console


def diff(console: Console, found: Diff) -> None:
    """A count, then each record under a sign: + - ~ as diffs have them, > for a superseding."""
    counts, _, _ = str(found).partition("\n")
    heading(console, [(counts, "bold"), (f"log {found.since} to {found.until}", QUIET)])
    whose = several(_records(found))
    taken = {pair.new.id for pair in found.superseded}
    ended = {pair.old.id for pair in found.superseded}
    for record in found.added:
        if record.id not in taken:
            _record(console, record, ("+", "bold green"), whose)
    for record in found.returned:
        _record(console, record, ("+ again", "bold green"), whose)
    for pair in found.superseded:
        _superseded(console, pair, whose)
    for one in found.changed:
        if one.before.id not in ended or one.fields != ("valid_to",):
            _altered(console, one, whose)
    for record in found.gone:
        _record(console, record, ("-", "bold red"), whose)
    for id in found.forgotten:
        heading(console, [("x", "bold red"), ("forgotten", ""), (id, QUIET)])
    _links(console, found)


def _records(found: Diff) -> Iterator[Record]:
    yield from (*found.added, *found.gone, *found.returned)
    yield from (one.after for one in found.changed)


def _record(console: Console, record: Record, sign: tuple[str, str], whose: bool) -> None:
    heading(console, record_line(record, whose=whose, lead=[sign]))
    paragraph(console, record.text)


def _superseded(console: Console, pair: Superseded, whose: bool) -> None:
    _record(console, pair.new, (">", "bold yellow"), whose)
    label = f"{'':{INDENT}}instead of  "
    beside(console, Text(label, QUIET), pair.old.text, style=QUIET)
    ended = f"until {when(pair.old.valid_to)}" if pair.old.valid_to else ""
    heading(console, [(ended, "yellow"), (pair.old.id, QUIET)], indent=len(label))


def _altered(console: Console, one: Altered, whose: bool) -> None:
    heading(console, record_line(one.after, whose=whose, lead=[("~", "bold yellow")]))
    if "text" in one.fields:
        paragraph(console, one.after.text)
        beside(console, Text(f"{'':{INDENT}}was  ", QUIET), one.before.text, style=QUIET)
    else:
        paragraph(console, one.after.text, style=QUIET)
    for name in one.fields:
        if name != "text":
            was, now = (_plain(getattr(each, name)) for each in (one.before, one.after))
            beside(console, Text(f"{'':{INDENT}}{name.replace('_', ' ')}  "), f"{was} → {now}")


def _plain(value: object) -> str:
    if isinstance(value, Moment):
        return when(value)
    return "none" if value is None else str(value)


def _links(console: Console, found: Diff) -> None:
    """Links that are new or gone; those of a superseding and of a lineage are told by records."""
    pairs = {(pair.new.id, pair.old.id) for pair in found.superseded}
    weighed = {(row.source, row.relation, row.target) for row in found.linked}
    for row in found.linked:
        if (row.source, row.target) not in pairs:
            line = f"{row.source} {row.relation} {row.target}"
            heading(console, [("+ link", "green"), (line, QUIET)])
    for row in found.unlinked:
        if (row.source, row.relation, row.target) not in weighed:
            line = f"{row.source} {row.relation} {row.target}"
            heading(console, [("- link", "red"), (line, QUIET)])
