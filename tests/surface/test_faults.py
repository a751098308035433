"""Every error of the tree has its exit code, and remedies that can be typed."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from mnemic.core import errors
from mnemic.surface.faults import MEANINGS, Exit, code, in_options

TREE = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.MnemicError)
]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (errors.InputError, Exit.USAGE),
        (errors.ScopeError, Exit.USAGE),
        (errors.NotFound, Exit.NOT_FOUND),
        (errors.Forgotten, Exit.NOT_FOUND),
        (errors.Busy, Exit.STORE),
        (errors.NewerSchema, Exit.STORE),
        (errors.SourceError, Exit.SOURCE),
        (errors.MissingExtra, Exit.MODEL),
        (errors.Stale, Exit.STALE),
        (errors.WrongKey, Exit.STORE),
        (errors.WrongPlace, Exit.STORE),
    ],
)
def test_codes(kind: type[errors.MnemicError], expected: Exit) -> None:
    assert code(kind("what: value. Remedy")) is expected


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_no_error_looks_like_success_or_an_empty_answer(kind: type[errors.MnemicError]) -> None:
    assert code(kind("")) not in (Exit.OK, Exit.NOTHING)


def test_every_code_is_told() -> None:
    assert set(MEANINGS) == set(Exit)


@pytest.mark.parametrize(
    ("spoken", "typed"),
    [
        ("Say user_id=..., or all_scopes=True", "Say --user ..., or --all-scopes"),
        ("user_id='ana' (3); no user_id (1)", "--user ana (3); no user_id (1)"),
        ("user_id='ana maria' is", "--user 'ana maria' is"),
        ("Memory.list() shows it (Memory.history names it)", "mnemic list shows it (mnemic history names it)"),  # noqa: E501
        ('or use encoder="static"', "or use --encoder static"),
        ("or raise Memory(timeout=...)", "or raise --timeout ..."),
        ("Open it: Memory(path, key=...)", "Open it: MNEMIC_KEY or --key-prompt"),
        ("doctor(repair=True) adds them: flush() waits", "mnemic doctor --repair adds them: mnemic flush waits"),  # noqa: E501
        ("Run Memory.doctor(repair=True), then", "Run mnemic doctor --repair, then"),
        ("their name (--user, user_id=)", "their name (--user)"),
        ("either ids=[...] or a scope", "either the ids or a scope"),
        ("Memory.nothing() a=... E=mc2", "Memory.nothing() a=... E=mc2"),
    ],
)  # fmt: skip
def test_remedies_in_options(spoken: str, typed: str) -> None:
    assert in_options(spoken) == typed


def spoken(path: Path) -> list[str]:
    """The texts of a source file, without docstrings; values in them become 'x'."""
    tree = ast.parse(path.read_text("utf-8"))
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    texts = []
    for node in ast.walk(tree):
        if id(node) in notes | inner:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "'x'" for p in node.values)
            texts.append("".join(map(str, parts)))
    return texts


ROOMS = ["core", "language", "evolution", "store", "sources", "models", "retrieval", "engine"]


@pytest.mark.parametrize("room", ROOMS)
def test_no_remedy_of_the_engine_still_speaks_python(room: str) -> None:
    """`Memory.get_all` is mem0's own."""
    package = Path(errors.__file__).parents[1]
    for path in (package / room).glob("*.py"):
        for text in map(in_options, spoken(path)):
            left = re.search(
                r"\bMemory\.(?!get_all\b)\w+|\b(\w+_id|all_scopes|encoder|as_of|format|key|repair)=",
                text,
            )
            assert not left, f"{path.name}: {text}"
