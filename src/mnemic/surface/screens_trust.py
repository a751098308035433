"""Screens about whom to trust: the rules, what they hold back, and what is on trial."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mnemic.core.receipts import counted
from mnemic.engine.trust.admission import State, Trial, Verdict
from mnemic.engine.trust.review import Held
from mnemic.evolution.govern import Decision, Policy, Rule
from mnemic.surface.faults import in_options
from mnemic.surface.pieces import INDENT, QUIET, grid, heading, paragraph, when
from mnemic.surface.record_lines import owner, several, speaker

if TYPE_CHECKING:
    from rich.console import Console

_DECIDED: Final = {Decision.ADMIT: "green", Decision.HOLD: "yellow", Decision.REFUSE: "red"}
_STATES: Final[dict[State, str]] = {
    "running": "yellow",
    "open": "yellow",
    "accepted": "green",
    "rolled back": "red",
}


def policy(console: Console, rules: Policy) -> None:
    """The rules in the order in which they are asked."""
    for number, rule in enumerate(rules.rules, 1):
        decided = (rule.decide.value, f"bold {_DECIDED[rule.decide]}")
        heading(console, [(f"{number:>2}", "bold"), decided, (rule.why, "")])
        paragraph(console, "; ".join(_conditions(rule)) or "everything", indent=INDENT + 1)
    rest = "all else comes in" if rules.rules else "everything comes in"
    heading(console, [(rest, QUIET)])
    rows = [("trust", f"{origin.value} {share:g}") for origin, share in rules.trust.items()]
    rows += [("secrets", rules.sensitive)] if rules.sensitive != "off" else []
    grid(console, rows)


def _conditions(rule: Rule) -> Iterator[str]:
    if rule.origins is not None:
        yield f"from {' or '.join(origin.value for origin in rule.origins)}"
    if rule.trust_below is not None:
        yield f"from who is trusted less than {rule.trust_below:g}"
    if rule.kinds is not None:
        yield f"of kind {' or '.join(rule.kinds)}"
    if rule.longer_than is not None:
        yield f"longer than {rule.longer_than:,} characters"
    if rule.pattern is not None:
        yield f"with {rule.pattern!r} in it"
    if rule.found is not None:
        yield f"found in it: {' or '.join(rule.found)}"


def held(console: Console, waiting: Sequence[Held]) -> None:
    """What waits for a review: since when, from where, by which rule, and what it says."""
    named = several(one.record for one in waiting)
    for one in waiting:
        record = one.record
        line = [(when(one.at), "cyan"), (record.provenance.origin.value, "magenta")]
        line += [(one.why, "yellow"), (speaker(record), "bold")]
        line += [(owner(record), "magenta")] if named else []
        heading(console, [*line, (record.id, QUIET)])
        paragraph(console, record.text)
    heading(console, [("mnemic admit ID lets one in; mnemic reject ID deletes it", QUIET)])


def trials(console: Console, found: Sequence[Trial]) -> None:
    """Every trial on its lines."""
    for one in found:
        trial(console, one)


def trial(console: Console, one: Trial) -> None:
    """A trial: when, by whom, what became of it and why."""
    by = one.actor.partition(" (trial ")[0]
    asked = counted(len(one.probes), "question")
    line = [(when(one.at), "cyan"), (one.state, _STATES[one.state]), (by, ""), (asked, QUIET)]
    heading(console, [*line, (one.id, QUIET)])
    if one.reason:
        paragraph(console, one.reason)


def verdicts(console: Console, found: Sequence[Verdict]) -> None:
    """Every verdict on its lines."""
    for one in found:
        verdict(console, one)


def verdict(console: Console, one: Verdict) -> None:
    """What was measured, what is violated, and what became of the change."""
    made = counted(len(one.changes), "change")
    undone = f"{len(one.undone)} to undo them" if one.undone else ""
    state = (one.state, f"bold {_STATES[one.state]}")
    heading(console, [state, (made, ""), (undone, ""), (f"trial {one.trial}", QUIET)])
    for violation in one.violations:
        paragraph(console, violation, style="red")
    if one.blocked:
        paragraph(console, f"NOT rolled back: {in_options(one.blocked)}", style="bold red")
    if one.lost:
        told = f"{counted(len(one.lost), 'record')} forgotten since: nothing of it can come back"
        paragraph(console, told, style="yellow")
    measured = {name: value for name, value in one.after.items() if value is not None}
    rows = ((name, _figures(one.before.get(name), value)) for name, value in measured.items())
    grid(console, rows, indent=INDENT)
    if one.unjudged:
        paragraph(console, f"not judged: {', '.join(one.unjudged)}", style=QUIET)


def _figures(before: float | None, after: float) -> str:
    return f"{after:.2f}" if before is None else f"{before:.2f} → {after:.2f}"
