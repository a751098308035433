"""Labelled questions as users write them: what can be used is used, what cannot is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mnemic.core.errors import InputError
from mnemic.engine.labels import Label, labels


def test_every_field_is_taken_over() -> None:
    told = {
        "query": "Where now?",
        "relevant": ["a", "b", "a"],
        "user_id": "ana",
        "namespace": "work",
        "now": "2025-07-01",
        "dialogue": "She moved.",
    }
    assert labels([told]) == [
        Label("Where now?", ("a", "b"), "ana", "work", "2025-07-01", ("She moved.",))
    ]
    assert labels([{"query": "Who?"}]) == [Label("Who?", ())]
    assert labels(iter([{"query": "Who?", "dialogue": ["a", "b"]}]))[0].dialogue == ("a", "b")
    assert labels([]) == []


BAD: list[tuple[Any, str]] = [
    (3, "is 3. Give"),
    (["Who?"], "is ['Who?']. Give"),
    ({"query": "Who?", "answer": "Ana"}, "unknown field 'answer'"),
    ({"relevant": ["a"]}, '"query" is None'),
    ({"query": "  "}, '"query" is'),
    ({"query": 7}, '"query" is 7'),
    ({"query": "Who?", "relevant": "01AB"}, "Give a list of ids"),
    ({"query": "Who?", "relevant": [1]}, "Give a list of ids"),
]


@pytest.mark.parametrize(("told", "why"), BAD)
def test_what_cannot_be_used_is_named(told: Any, why: str, tmp_path: Path) -> None:
    good = {"query": "Who?", "relevant": ["a"]}
    with pytest.raises(InputError) as caught:
        labels([good, told])
    assert str(caught.value).startswith("example 1")
    assert why in str(caught.value)
    file = tmp_path / "asked.jsonl"
    file.write_text("\n".join([json.dumps(good), "", json.dumps(told)]), "utf-8")
    with pytest.raises(InputError) as caught:
        labels(file)
    assert str(caught.value).startswith("line 3 of asked.jsonl")
    assert why in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    file = tmp_path / "asked.jsonl"
    with pytest.raises(InputError, match="cannot be read"):
        labels(file)
    with pytest.raises(InputError, match="cannot be read"):
        labels(str(tmp_path))
    file.write_bytes(b'{"query": "caf\xe9?"}')
    with pytest.raises(InputError, match="cannot be read"):
        labels(file)
    file.write_text('{"query": "Who?"}\nWho?\n', "utf-8")
    with pytest.raises(InputError, match=r"line 2 of .* is no JSON"):
        labels(file)


def test_a_line_is_what_ends_in_a_newline(tmp_path: Path) -> None:
    """Texts may hold signs that Python takes for ends of lines; JSON does not."""
    file = tmp_path / "asked.jsonl"
    file.write_text('{"query": "Who\u2028is it\x85?"}\r\n{"query": "Why?"}\n', "utf-8")
    assert [one.query for one in labels(file)] == ["Who\u2028is it\x85?", "Why?"]


@pytest.mark.parametrize("field", ["user_id", "namespace"])
def test_a_name_is_a_text(field: str) -> None:
    with pytest.raises(InputError, match=f"example 0.*{field}"):
        labels([{"query": "Who?", field: 3}])


@pytest.mark.parametrize("value", [None, 3, [3], {"a": 1}])
def test_relevant_and_dialogue_are_lists_of_texts(value: Any) -> None:
    for field in ("relevant", "dialogue"):
        with pytest.raises(InputError, match=f"example 0.*{field}"):
            labels([{"query": "Who?", field: value}])


@pytest.mark.parametrize("given", [5, {"query": "Where?", "relevant": []}])
def test_what_is_no_list_of_examples_is_named(given: object) -> None:
    with pytest.raises(InputError, match="Give a list of examples"):
        labels(given)  # type: ignore[arg-type]
