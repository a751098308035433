"""What is typed becomes values, or a message that says what to write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.surface.reading import key, objects, point, rules


@given(st.integers(min_value=0))
def test_digits_alone_are_a_number_of_the_log(number: int) -> None:
    assert point(str(number)) == number


@pytest.mark.parametrize("text", ["2025-01", "01M81XRE6HJVZQMA1BAEM1RE2Y", "٣", "", "-3", "1.5"])
def test_all_else_is_left_to_the_engine(text: str) -> None:
    assert point(text) == text


@given(st.binary(min_size=32, max_size=32))
def test_a_key_of_bytes(made: bytes) -> None:
    assert key("hex:" + made.hex()) == made


@pytest.mark.parametrize("text", ["hex:", "hex:12", "hex:" + "g" * 64, "hex:" + "0" * 66])
def test_bytes_that_are_no_key_are_not_repeated(text: str) -> None:
    with pytest.raises(InputError) as refused:
        key(text)
    assert len(text) < 8 or text not in str(refused.value)


def test_a_passphrase_is_taken_as_it_is() -> None:
    assert key(None) is None
    assert key(" two words ") == " two words "


def test_objects_one_on_each_line(tmp_path: Path) -> None:
    file = tmp_path / "probes.jsonl"
    told = [{"query": "a\u2028b"}, {"query": "ü", "relevant": ["x"]}]
    file.write_text("\n\n".join(json.dumps(one, ensure_ascii=False) for one in told), "utf-8")
    assert objects(str(file)) == told
    for wrong, said in (
        ("[1]", "Write a JSON object"),
        ("{", "line 1 of probes.jsonl is not JSON"),
    ):
        file.write_text(wrong)
        with pytest.raises(InputError, match=said):
            objects(str(file))
    with pytest.raises(InputError, match="cannot be read"):
        objects(str(tmp_path))


def test_rules_are_a_name_or_a_file(tmp_path: Path) -> None:
    assert rules("strict") == "strict"
    file = tmp_path / "rules"
    file.write_text('{"rules": []}')
    assert rules(str(file)) == {"rules": []}
    with pytest.raises(InputError, match="cannot be read: No such file"):
        rules("rules.json")
