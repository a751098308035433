from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnemic.core.errors import SourceError
from mnemic.sources.json_stream import elements

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def pieces(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def found(text: str, width: int = 5, **options: Any) -> list[Any]:
    return [one.value for one in elements(pieces(text, width), "test", **options)]


@settings(deadline=None, max_examples=40)
@given(st.lists(values), st.integers(1, 9), st.sampled_from([None, 2]))
def test_an_array_gives_its_items_however_it_is_cut(
    items: list[Any], width: int, indent: int | None
) -> None:
    assert found(json.dumps(items, indent=indent), width) == items


@settings(deadline=None, max_examples=40)
@given(st.lists(values.filter(lambda value: not isinstance(value, list)), min_size=1))
def test_values_on_lines_are_given_one_by_one(items: list[Any]) -> None:
    assert found("\n".join(map(json.dumps, items))) == items


@settings(deadline=None, max_examples=40)
@given(st.lists(values), st.dictionaries(st.text(max_size=4), values, max_size=3))
def test_an_array_in_an_object_is_unwrapped(items: list[Any], rest: dict[str, Any]) -> None:
    whole = json.dumps({**rest, "conversations": items})
    assert found(whole, unwrap={"conversations"}) == items
    assert found(json.dumps(rest), unwrap={"none of these"}) == [rest]


@settings(deadline=None, max_examples=40)
@given(st.lists(values, min_size=1), st.data())
def test_whatever_is_cut_off_is_an_error_at_the_end(items: list[Any], data: st.DataObject) -> None:
    whole = json.dumps(items)
    cut = data.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(SourceError):
        found(whole[:cut])


def test_half_a_file_names_the_place_and_the_remedy() -> None:
    with pytest.raises(SourceError, match=r"ends in the middle: test, line 2, column 9.*again"):
        found('[{"a": 1},\n{"b": [1')


def test_a_fault_is_named_at_once_with_line_and_column() -> None:
    text = '[{"a": 1},\n {"b": oh},\n' + '{"c": 3},' * 1000

    def stream() -> Any:
        yield text
        raise AssertionError("read on after the fault")

    with pytest.raises(SourceError, match=r"line 2, column 8 \(character 18\)"):
        list(elements(stream(), "test"))


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a":' * 50_000, "[" + "9" * 5000 + "]"])
def test_depth_and_digits_beyond_python_are_source_errors(text: str) -> None:
    with pytest.raises(SourceError):
        found(text, 1000)


@pytest.mark.parametrize(
    "text", ["nonsense", "[1 2]", "[1,]", '{"a" 1}', "{1: 2}", "[1]]", '{"a": 1,}', "{", "["]
)
def test_what_is_not_json_is_a_source_error(text: str) -> None:
    with pytest.raises(SourceError):
        found(text)


def test_a_number_at_the_edge_of_a_piece_is_read_whole() -> None:
    assert found("[12, 345]", 2) == [12, 345]
    assert found("12345", 2) == [12345]


def test_nan_becomes_text_that_can_be_written_again() -> None:
    assert found("[NaN, -Infinity]") == ["NaN", "-Infinity"]


def test_elements_know_their_number_and_line() -> None:
    seen = [(one.number, one.line) for one in elements(['{"a": 1}\n\n{"b":\n2}\n3'], "test")]
    assert seen == [(1, 1), (2, 3), (3, 5)]


def test_one_large_element_takes_linear_time() -> None:
    """8 MB in one element, in pieces of 4 kB: retried at each piece, this takes minutes."""
    whole = json.dumps([{"text": ["word " * 10] * 160_000}])
    begun = time.process_time()
    assert len(found(whole, 4096)) == 1
    assert time.process_time() - begun < 3
