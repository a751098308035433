"""Laws of the list: it agrees with `Memory`, and the command line offers all of it."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from mnemic.core.kinds import kinds
from mnemic.core.records import Origin
from mnemic.engine.memory import Memory
from mnemic.sources.read import FORMATS
from mnemic.surface.cli import cli
from mnemic.surface.operations import OPERATIONS, Operation, Parameter, Type, perform

LEFT_OUT = {"add": {"media"}, "import": {"progress"}}
"""Arguments that cannot be written down: an object, a callback."""
NO_OPERATION = {
    "close",  # a surface opens and closes as it sees fit
    "dry_run",  # takes a function; `Operation.tried` offers it as a flag
    "trial",  # takes a function: what is put on trial is a program's own change
}
"""Methods that no surface has by themselves."""
WRITTEN_AS = {
    Type.TEXT: ("str",),
    Type.PROSE: ("str", "Message"),
    Type.TEXTS: ("Sequence[str]", "Iterable[str]"),
    Type.TIME: ("TimeLike",),
    Type.POINT: ("Point",),
    Type.LINES: ("Mapping[str, Any]]",),
    Type.RULES: ("str | Mapping[str, Any]",),
    Type.INTEGER: ("int",),
    Type.NUMBER: ("float",),
    Type.FLAG: ("bool",),
    Type.JSON: ("Mapping[str, Json]", "Filters"),
    Type.PATH: ("str | Path",),
}
every = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def signature(operation: Operation) -> dict[str, inspect.Parameter]:
    found = dict(inspect.signature(getattr(Memory, operation.method)).parameters)
    del found["self"]
    return found


@every
def test_parameters_are_those_of_the_method(operation: Operation) -> None:
    declared = {parameter.name for parameter in operation.parameters}
    assert declared == set(signature(operation)) - LEFT_OUT.get(operation.name, set())


@every
def test_types_are_those_of_the_method(operation: Operation) -> None:
    for parameter in operation.parameters:
        annotation = str(signature(operation)[parameter.name].annotation)
        assert any(kind in annotation for kind in WRITTEN_AS[parameter.type]), parameter
        if parameter.clearable:
            assert "None" in annotation


@every
def test_what_the_method_needs_is_required(operation: Operation) -> None:
    needed = {
        name for name, one in signature(operation).items() if one.default is inspect.Parameter.empty
    }
    assert needed == {parameter.name for parameter in operation.parameters if parameter.required}


@every
def test_the_command_line_offers_it(operation: Operation) -> None:
    offered = {parameter.name for parameter in cli.commands[operation.name].params}
    assert offered >= {parameter.name for parameter in operation.offered}


@every
def test_help_is_one_sentence(operation: Operation) -> None:
    for told in (operation.help, *(parameter.help for parameter in operation.offered)):
        assert told[0].isupper() or told.split()[0].islower()
        assert told.endswith(".") and "\n" not in told


def test_every_method_is_an_operation() -> None:
    methods = {name for name, _ in inspect.getmembers(Memory, callable) if name[0] != "_"}
    assert methods - NO_OPERATION == {operation.method for operation in OPERATIONS}
    assert methods >= NO_OPERATION


def test_names_are_told_once() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(set(names)) == len(names)
    for operation in OPERATIONS:
        parameters = [parameter.name for parameter in operation.parameters]
        assert len(set(parameters)) == len(parameters)


def test_a_user_is_never_assumed_where_something_is_lost() -> None:
    assuming = {
        operation.name
        for operation in OPERATIONS
        if any(parameter.assumed for parameter in operation.parameters)
    }
    reading = {"search", "context", "answer", "fit", "list", "held", "stats"}
    assert assuming == {"add", "import", *reading}


def test_what_writes_can_be_tried() -> None:
    outright = {operation.name for operation in OPERATIONS if operation.outright}
    assert outright == {"reembed", "doctor", "flush"}
    assert all(each.writes for each in OPERATIONS if each.outright)
    assert not any(each.tried for each in OPERATIONS if each.name in ("backup", "export"))


def test_a_dry_run_keeps_nothing() -> None:
    add = next(operation for operation in OPERATIONS if operation.name == "add")
    with Memory(":memory:", encoder=None) as memory:
        values = {"messages": "The ferry leaves.", "user_id": "ana", "dry_run": True}
        assert len(perform(memory, add, values).ids) == 1
        assert memory.stats().records == 0 and memory.log() == ()


def test_choices_in_help_are_those_there_are() -> None:
    def told(operation: str, parameter: str) -> str:
        return next(
            one.help
            for each in OPERATIONS
            if each.name == operation
            for one in each.parameters
            if one.name == parameter
        )

    assert all(name in told("import", "format") for name in FORMATS)
    assert all(name in told("add", "origin") for name in Origin if name != Origin.DERIVED)
    assert "turn" in {kind.name for kind in kinds()}


def test_perform_calls_the_method_by_name() -> None:
    class Noted:
        def search(self, **values: Any) -> dict[str, Any]:
            return values

    operation = Operation("find", "Find.", "search", (Parameter("query", Type.PROSE, "What."),))
    noted: Any = Noted()
    assert perform(noted, operation, {"query": "ferry"}) == {"query": "ferry"}
