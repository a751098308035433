"""Answers for people's eyes: one function per kind of answer.

Ids stand whole, so that they can be copied. Texts are wrapped under a line that says when, who and
which; tables would leave them a third of the width. Nothing here decides or asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text

from mnemic.core.queries import Answer, Hit, Hits, Pack
from mnemic.core.receipts import (
    Applied,
    Certificate,
    Diagnosis,
    Fitted,
    Imported,
    Page,
    Receipt,
    Step,
)
from mnemic.core.records import Json, Record, Status
from mnemic.core.storage import Entry
from mnemic.engine.cube import Cube
from mnemic.engine.survey import ScopeInfo, Stats
from mnemic.surface.pieces import INDENT, QUIET, beside, grid, heading, paragraph, size, when
from mnemic.surface.terminal import one_line, visible

if TYPE_CHECKING:
    from rich.console import Console


def show(console: Console, value: Any) -> None:
    """Print an answer of `Memory`."""
    if isinstance(value, tuple):
        screen = _LISTS[type(value[0])] if value else _nothing
    else:
        screen = _SCREENS[type(value)]
    screen(console, value)


def _who(record: Record) -> str:
    return record.speaker or record.role or ""


def _whose(record: Record) -> str:
    partition = record.scope.partition
    space = "" if partition.namespace == "default" else f"{partition.namespace}/"
    return f"{space}{partition.user_id or '-'}"


def _record_line(
    record: Record, *, whose: bool = False, lead: Sequence[tuple[str, str]] = ()
) -> list[tuple[str, str]]:
    return [
        *lead,
        (when(record.valid_from), "cyan"),
        (_who(record), "bold"),
        (_whose(record) if whose else "", "magenta"),
        (record.kind if record.kind != "turn" else "", "magenta"),
        ("deleted" if record.status is Status.RETIRED else "", "red"),
        (f"until {when(record.valid_to)}" if record.valid_to else "", "yellow"),
        (record.id, QUIET),
    ]


def _several(records: Iterable[Record]) -> bool:
    return len({record.scope.partition for record in records}) > 1


def hit_line(console: Console, hit: Hit, lead: str, *, lines: int) -> None:
    """A hit in short: what leads it, day, speaker and as many lines of its text as are wanted."""
    record = hit.record
    who = f"{when(record.valid_from)[:10]} {_who(record)}".strip()
    label = Text(lead, "green").append(f"{one_line(who)}: " if who else "", QUIET)
    beside(console, label, " ".join(record.text.split()), indent=len(lead), most=lines)


# -- answers


def _hits(console: Console, found: Hits) -> None:
    whose = _several(hit.record for hit in found)
    for rank, hit in enumerate(found, 1):
        lead = [(f"{rank:>2}", "bold"), (f"{hit.score:.2f}", "green")]
        heading(console, _record_line(hit.record, whose=whose, lead=lead))
        paragraph(console, hit.text, indent=INDENT + 1)
        if hit.why:
            _why(console, hit)
    if not found:
        console.print("nothing found")
    if found.explanation:
        console.print()
        _tree(console, found.explanation)


def _why(console: Console, hit: Hit) -> None:
    shares = sorted(hit.why.items(), key=lambda share: -abs(share[1]))
    told = "  ".join(f"{name} {share:+.2f}" for name, share in shares if abs(share) >= 0.005)
    paragraph(console, told, indent=INDENT + 1, style=QUIET)


def _tree(console: Console, told: Mapping[str, Json], indent: int = 0) -> None:
    """Names and values, nested ones under their name."""
    for name, value in told.items():
        label = Text(" " * indent + one_line(name), QUIET)
        if isinstance(value, Mapping):
            console.print(label, soft_wrap=True)
            _tree(console, value, indent + 2)
        else:
            beside(console, label.append("  "), _told(value))


def _told(value: Json) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_told(held)}" for name, held in value.items()) or "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(_told, value)) or "-"
    return "-" if value is None else str(value)


def _pack(console: Console, pack: Pack) -> None:
    # For a prompt: as it is into a pipe, and safe to look at on a terminal.
    text = visible(pack.text) if console.is_terminal else pack.text
    if text:
        print(text, file=console.file)


_SHOWN: Final = 10
"""Pieces of evidence that a screen shows."""


def _answer(console: Console, answer: Answer) -> None:
    for value in answer.values:
        paragraph(console, value, indent=0, style="bold")
    if answer.abstained:
        console.print("no answer")
    heading(console, [(f"{answer.confidence:.2f}", "green"), (answer.rule, QUIET)])
    for number, hit in enumerate(answer.evidence[:_SHOWN], 1):
        hit_line(console, hit, f"{number:>2} ", lines=2)
    left = len(answer.evidence) - _SHOWN
    if left > 0:
        heading(console, [(f"and {left} more", QUIET)], indent=INDENT)


def _page(console: Console, page: Page) -> None:
    whose = _several(page)
    for record in page:
        heading(console, _record_line(record, whose=whose))
        paragraph(console, record.text)
    if not page.records:
        console.print("nothing here")
    if page.cursor:
        heading(console, [(f"more with --cursor {page.cursor}", QUIET)])


def _record(console: Console, record: Record) -> None:
    paragraph(console, record.text, indent=0)
    console.print()
    source = record.provenance
    rows: list[tuple[str, object]] = [
        ("id", record.id),
        ("kind", record.kind),
        ("status", "deleted" if record.status is Status.RETIRED else record.status),
        ("version", record.version),
        ("speaker", record.speaker),
        ("role", record.role),
        ("from", record.valid_from),
        ("until", record.valid_to),
        ("user", record.scope.partition.user_id),
        ("namespace", record.scope.partition.namespace),
        ("agent", record.scope.agent_id),
        ("session", record.scope.session_id and f"{record.scope.session_id} ({record.ordinal})"),
        ("recorded", when(record.recorded_at)),
        ("source", " ".join(filter(None, (source.source, source.external_id)))),
        ("origin", source.origin),
        ("formed by", source.formed_by),
        ("drawn from", ", ".join(source.derived_from)),
        ("weight", record.weight if record.weight != 1 else None),
        ("metadata", _told(record.metadata) if record.metadata else None),
        ("media", record.media and f"{record.media.mime} {record.media.uri or ''}"),
    ]
    grid(console, ((name, value) for name, value in rows if value not in (None, "")))


def _applied(console: Console, changes: Iterable[Applied]) -> None:
    for change in changes:
        heading(
            console,
            [(change.verb, ""), (change.record, ""), (f"change {change.id}", QUIET)],
            indent=INDENT,
        )


def _receipt(console: Console, receipt: Receipt) -> None:
    console.print(str(receipt) if receipt.ids or receipt.duplicates else _counted(receipt))
    for duplicate in receipt.duplicates:
        said = "the same words as" if duplicate.written else "there already, as"
        heading(console, [(said, QUIET), (duplicate.of, "")], indent=INDENT)
    _applied(console, receipt.changes)


def _counted(receipt: Receipt) -> str:
    if receipt.refused:
        return f"{len(receipt.refused)} forgotten earlier, and not brought back"
    made = len(receipt.changes)
    return f"{made} {'change' if made == 1 else 'changes'}" if made else "nothing to change"


def _imported(console: Console, imported: Imported) -> None:
    console.print(str(imported))
    rate = f"{imported.read / imported.seconds:,.0f} messages/s" if imported.seconds else ""
    sessions = f"{imported.sessions} sessions"
    heading(console, [(sessions, QUIET), (f"{imported.seconds:.1f} s", QUIET), (rate, QUIET)])


def _steps(console: Console, steps: Sequence[Step]) -> None:
    said: dict[str, str] = {}
    for step in steps:
        _entry_line(console, step.change)
        record = step.record
        if said.get(record.id) != record.text:
            paragraph(console, record.text, indent=INDENT + 3)
        said[record.id] = record.text
        since, until = when(record.valid_from), when(record.valid_to)
        held = f"held from {since or 'ever'} until {until}" if until else f"holds since {since}"
        heading(console, [(held if since or until else "", "cyan")], indent=INDENT + 3)
        _ids(console, step.change)


def _entries(console: Console, entries: Sequence[Entry]) -> None:
    for entry in entries:
        _entry_line(console, entry)
        _ids(console, entry)


def _entry_line(console: Console, entry: Entry) -> None:
    line = [
        (f"{entry.seq:>5}", "bold"),
        (entry.verb, "green"),
        (f"v{entry.version}", ""),
        (when(entry.at), "cyan"),
        (f"{entry.actor}: {entry.why}", ""),
    ]
    if entry.verb == "link":
        line.append((f"{entry.detail.get('relation')} {entry.detail.get('target')}", ""))
    heading(console, line)


def _ids(console: Console, entry: Entry) -> None:
    parts = [(f"record {entry.record}", QUIET), (f"change {entry.id}", QUIET)]
    heading(console, parts, indent=INDENT + 3)


def _scopes(console: Console, scopes: Sequence[ScopeInfo]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("user", overflow="fold")
    table.add_column("namespace", overflow="fold")
    table.add_column("records", justify="right")
    for scope in scopes:
        names = Text(one_line(scope.user_id or "-")), Text(one_line(scope.namespace))
        table.add_row(*names, f"{scope.records:,}")
    console.print(table)


def _stats(console: Console, stats: Stats) -> None:
    rows: list[tuple[str, object]] = [
        ("file", stats.path),
        ("size", size(stats.bytes)),
        ("records", f"{stats.records:,}"),
        ("deleted", f"{stats.deleted:,}" if stats.deleted else ""),
        ("forgotten", f"{stats.forgotten:,}" if stats.forgotten else ""),
        ("users", f"{stats.partitions:,}"),
        ("changes", f"{stats.changes:,}"),
        ("passages", f"{stats.passages:,}"),
        ("vectors", f"{stats.vectors:,}"),
        ("encoder", stats.encoder or "none: text alone"),
        ("language", stats.language),
        ("waiting", f"{stats.waiting:,} (mnemic work does them)" if stats.waiting else ""),
        ("failed", stats.failed or ""),
    ]
    grid(console, (row for row in rows if row[1]))


def _diagnosis(console: Console, diagnosis: Diagnosis) -> None:
    console.print(str(diagnosis) if diagnosis.ok else f"{len(diagnosis.findings)} findings")
    for finding in diagnosis.findings:
        cure = "mnemic doctor --repair makes it anew" if finding.derived else "truth is damaged"
        heading(console, [(finding.where, "red"), (cure, QUIET)])
        paragraph(console, finding.what)
    grid(console, ((name, f"{count:,}") for name, count in diagnosis.checked.items()))


def _certificate(console: Console, certificate: Certificate) -> None:
    console.print(str(certificate))
    rows = [("certificate", certificate.id), ("when", when(certificate.at))]
    rows += [("reason", certificate.reason)]
    rows += [("done", what) for what in certificate.method]
    rows += [("verified", what) for what in certificate.verified]
    grid(console, rows)


def _fitted(console: Console, fitted: Fitted) -> None:
    console.print(str(fitted))
    if fitted.kept:
        grid(console, ((name, f"{weight:+.2f}") for name, weight in fitted.weights.items()))


def _cube(console: Console, cube: Cube) -> None:
    console.print(str(cube))
    paragraph(console, cube.path, style=QUIET)


def _done(console: Console, count: int) -> None:
    console.print("nothing was waiting" if not count else f"{count} done")


def _nothing(console: Console, _: object) -> None:
    console.print("nothing here")


_SCREENS: Final[dict[type, Callable[[Console, Any], None]]] = {
    Hits: _hits,
    Pack: _pack,
    Answer: _answer,
    Page: _page,
    Record: _record,
    Receipt: _receipt,
    Imported: _imported,
    Stats: _stats,
    Diagnosis: _diagnosis,
    Certificate: _certificate,
    Fitted: _fitted,
    Cube: _cube,
    int: _done,
}
_LISTS: Final[dict[type, Callable[[Console, Any], None]]] = {
    Step: _steps,
    Entry: _entries,
    ScopeInfo: _scopes,
}
