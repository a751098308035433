"""Answers for people's eyes: one function per kind of answer.

Ids stand whole, so that they can be copied. Texts are wrapped under a line that says when, who and
which; tables would leave them a third of the width. Nothing here decides or asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    counted,
)
from mnemic.core.records import Json, Record, Status
from mnemic.core.storage import Entry
from mnemic.engine.backups import Backup, Restored
from mnemic.engine.cubes.told import Conflict, Cube, Merged
from mnemic.engine.forgetting.residue import Residue
from mnemic.engine.history.diff import Diff
from mnemic.engine.reembed import Reembedding
from mnemic.engine.survey import ScopeInfo, Stats
from mnemic.engine.trust.admission import Trial, Verdict
from mnemic.engine.trust.review import Held
from mnemic.evolution.govern import Policy
from mnemic.surface import screens_change, screens_trust
from mnemic.surface.faults import in_options
from mnemic.surface.pieces import INDENT, QUIET, beside, grid, heading, paragraph, size, when
from mnemic.surface.record_lines import record_line, several, speaker
from mnemic.surface.terminal import one_line, visible

if TYPE_CHECKING:
    from rich.console import Console


def show(console: Console, value: Any, name: str = "") -> None:
    """Print an answer of `Memory`; `name` is what to call a bare list."""
    if isinstance(value, tuple) and not value:
        console.print(_EMPTY.get(name, "nothing here"))
        return
    screen = _LISTS[type(value[0])] if isinstance(value, tuple) else _SCREENS[type(value)]
    screen(console, value)


def tried(console: Console, value: Any) -> None:
    """Say that what follows was not done; a certificate says so itself."""
    if not isinstance(value, Certificate):
        heading(console, [("dry run: nothing of this is kept", "yellow")])


def hit_line(console: Console, hit: Hit, lead: str, *, lines: int) -> None:
    """A hit in short: what leads it, day, speaker and as many lines of its text as are wanted."""
    record = hit.record
    who = f"{when(record.valid_from)[:10]} {speaker(record)}".strip()
    label = Text(lead, "green").append(f"{one_line(who)}: " if who else "", QUIET)
    beside(console, label, " ".join(record.text.split()), indent=len(lead), most=lines)


# -- answers


def _hits(console: Console, found: Hits) -> None:
    whose = several(hit.record for hit in found)
    for rank, hit in enumerate(found, 1):
        lead = [(f"{rank:>2}", "bold"), (f"{hit.score:.2f}", "green")]
        heading(console, record_line(hit.record, whose=whose, lead=lead))
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
    whose = several(page)
    for record in page:
        heading(console, record_line(record, whose=whose))
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
        ("status", _STATUS.get(record.status, record.status)),
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


_STATUS: Final = {Status.RETIRED: "deleted", Status.HELD: "held for a review"}


def _applied(console: Console, changes: Iterable[Applied]) -> None:
    for change in changes:
        heading(
            console,
            [
                (change.verb, ""),
                (change.record, ""),
                (f"change {change.id}", QUIET),
                (change.why if change.verb in ("retire", "restore") else "", ""),
            ],
            indent=INDENT,
        )


def _receipt(console: Console, receipt: Receipt) -> None:
    told = receipt.ids or receipt.duplicates or receipt.held or receipt.barred or receipt.lost
    console.print(str(receipt) if told else _counted(receipt))
    for duplicate in receipt.duplicates:
        said = "the same words as" if duplicate.written else "there already, as"
        heading(console, [(said, QUIET), (duplicate.of, "")], indent=INDENT)
    for id in receipt.held:
        heading(console, [("held: mnemic held says why", "yellow"), (id, "")], indent=INDENT)
    for id in receipt.lost:
        heading(console, [("forgotten since, and gone", "yellow"), (id, "")], indent=INDENT)
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
    if imported.held:
        heading(console, [("mnemic held shows what waits for a review", "yellow")])


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
        ("held", f"{stats.held:,} (mnemic held shows them)" if stats.held else ""),
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
    found = sum(diagnosis.counts.values())
    mended = f", {diagnosis.repaired:,} repaired" if diagnosis.repaired else ""
    seen = counted(diagnosis.checked.get("records", 0), "record")
    told = counted(found, "finding") if found else f"healthy: {seen}"
    heading(console, [(f"{told}{mended}", "bold red" if found else "bold green")])
    for finding in diagnosis.findings:
        cure = "can be made anew" if finding.derived else "what was written itself"
        heading(console, [(finding.where, "red"), (cure, QUIET)])
        paragraph(console, finding.what)
    if diagnosis.remedy:
        paragraph(console, in_options(diagnosis.remedy), indent=0, style="bold")
    for note in diagnosis.notes:
        beside(console, Text("note  ", "yellow"), in_options(note))
    grid(console, ((name, f"{count:,}") for name, count in diagnosis.checked.items()))


def _fitted(console: Console, fitted: Fitted) -> None:
    console.print(str(fitted))
    if fitted.kept:
        grid(console, ((name, f"{weight:+.2f}") for name, weight in fitted.weights.items()))


_REDRAWN: Final = 10
"""Records that were drawn anew, of which a screen tells."""


def _certificate(console: Console, certificate: Certificate) -> None:
    paragraph(console, str(certificate), indent=0, style="bold")
    again = list(certificate.redrawn.items())
    tried = certificate.status == "dry run"
    rows = [
        ("certificate", () if tried else (certificate.id,)),
        ("when", () if tried else (when(certificate.at),)),
        ("reason", (certificate.reason,)),
        ("chosen", (certificate.selection,) if certificate.selection else ()),
        ("drawn again", tuple(f"{old} → {new}" for old, new in again[:_REDRAWN])),
        ("", (f"and {len(again) - _REDRAWN} more",) if len(again) > _REDRAWN else ()),
        ("done", () if tried else certificate.method),
        ("verified", certificate.verified),
        ("unharmed", certificate.regression),
        ("also in", certificate.reached),
    ]
    grid(console, _labelled(rows))
    for copy in certificate.unreached:
        beside(console, Text("not reached  ", "bold red"), in_options(copy))
    if certificate.blocker:
        beside(console, Text("held up by   ", "bold yellow"), in_options(certificate.blocker))


def _labelled(rows: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, str]]:
    """Each value on a line, the first of several beside their name."""
    for name, values in rows:
        for number, value in enumerate(values):
            yield ("" if number else name), value


def _certificates(console: Console, certificates: Sequence[Certificate]) -> None:
    for one in certificates:
        style = "green" if one.status == "erased" else "yellow"
        line = [(when(one.at), "cyan"), (one.status, style), (counted(len(one.ids), "record"), "")]
        heading(console, [*line, (one.reason, ""), (one.id, QUIET)])
        if one.selection:
            paragraph(console, one.selection, style=QUIET)
        for copy in one.unreached:
            beside(console, Text(f"{'':{INDENT}}not reached  ", "red"), in_options(copy))
        if one.blocker:
            beside(console, Text(f"{'':{INDENT}}held up by  ", "yellow"), in_options(one.blocker))


def _residue(console: Console, found: Sequence[Residue]) -> None:
    for text in dict.fromkeys(one.text for one in found):
        paragraph(console, text, indent=0)
        for one in (one for one in found if one.text == text):
            place = "" if one.offset is None else f"at byte {one.offset:,}"
            sure = "said elsewhere, too" if one.elsewhere else ""
            chance = "" if one.telling or one.elsewhere else "short: it may be chance"
            style = QUIET if one.elsewhere else "red"
            parts = [(one.form, style), (one.file, ""), (place, QUIET), (sure or chance, "yellow")]
            heading(console, parts, indent=INDENT)
    left = sum(not one.elsewhere for one in found)
    told = counted(left, "trace") if left else "nothing is left but what others say, too"
    heading(console, [(told, "bold red" if left else "bold green")])


def _backup(console: Console, backup: Backup) -> None:
    console.print(str(backup))
    paragraph(console, backup.path, style=QUIET)


def _restored(console: Console, restored: Restored) -> None:
    paragraph(console, str(restored), indent=0)
    paragraph(console, restored.path, style=QUIET)
    if not restored.sure:
        told = "forget again what was forgotten lately: see the certificates that you kept"
        paragraph(console, told, style="yellow")


def _reembedding(console: Console, change: Reembedding) -> None:
    what = "everything" if change.kinds is None else ", ".join(change.kinds)
    by = "words alone" if change.encoder == "none" else change.encoder
    left = f"{counted(change.jobs, 'partition')} to read" if change.jobs else "done"
    console.print(f"{what} by {by}: {left}")
    if change.jobs:
        told = "the old vectors serve meanwhile; mnemic work does it, mnemic stats shows how far"
        paragraph(console, told, style=QUIET)


def _cube(console: Console, cube: Cube) -> None:
    console.print(str(cube).partition("\n")[0])
    paragraph(console, cube.path, style=QUIET)
    _conflicts(console, cube.conflicts)
    if cube.outlived:
        told = "forgotten where the file was made, and still here; mnemic forget erases them"
        paragraph(console, told, style="yellow")
        for id in cube.outlived:
            heading(console, [(id, "")], indent=INDENT)


def _merged(console: Console, merged: Merged) -> None:
    console.print(str(merged).partition("\n")[0])
    paragraph(console, merged.path, style=QUIET)
    _conflicts(console, merged.conflicts)


def _conflicts(console: Console, conflicts: Iterable[Conflict]) -> None:
    for one in conflicts:
        known = f"also known as {one.left.id}" if one.left.id != one.id else ""
        differs = f"{', '.join(one.differs)} {'differ' if len(one.differs) > 1 else 'differs'}"
        heading(console, [("conflict", "yellow"), (differs, ""), (one.id, QUIET), (known, QUIET)])
        where = one.kept_from if one.kept_from == "here" else f"{one.kept_from} file"
        beside(console, Text(f"{'':{INDENT}}kept ({where})  ", "green"), one.kept.text)
        beside(console, Text(f"{'':{INDENT}}left out  ", QUIET), one.left.text)


def _done(console: Console, count: int) -> None:
    console.print("nothing was waiting" if not count else f"{count} done")


_EMPTY: Final = {
    "certificates": "nothing was ever forgotten here",
    "held": "nothing waits for a review",
    "residue": "nothing of it was found",
    "trials": "nothing is on trial",
    "verdicts": "no trial is open",
}
"""What to say of an empty list."""
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
    Merged: _merged,
    Backup: _backup,
    Restored: _restored,
    Reembedding: _reembedding,
    Diff: screens_change.diff,
    Policy: screens_trust.policy,
    Trial: screens_trust.trial,
    Verdict: screens_trust.verdict,
    int: _done,
}
_LISTS: Final[dict[type, Callable[[Console, Any], None]]] = {
    Step: _steps,
    Entry: _entries,
    ScopeInfo: _scopes,
    Certificate: _certificates,
    Residue: _residue,
    Held: screens_trust.held,
    Trial: screens_trust.trials,
    Verdict: screens_trust.verdicts,
}
