"""What the strategies draw is what a store may be handed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings

from mnemic.core.changes import Change
from mnemic.core.clock import Moment
from mnemic.core.ids import RecordId
from mnemic.core.records import Record
from mnemic.core.verbs import target
from mnemic.testing import strategies


@given(strategies.texts(), strategies.names())
def test_texts_can_be_kept(text: str, name: str) -> None:
    for each in (text, name):
        assert "\0" not in each
        assert each.encode().decode() == each
    assert text.strip()


@given(strategies.moments(first=2020, last=2025))
def test_moments_stay_in_their_years(moment: Moment) -> None:
    assert 2020 <= moment.as_datetime.year <= 2025


@given(strategies.records())
@settings(max_examples=30)
def test_records_begin_before_they_end(record: Record) -> None:
    if record.valid_from and record.valid_to:
        assert record.valid_from.micros <= record.valid_to.micros
    assert record.version == 1


@given(strategies.changes(RecordId("x")))
@settings(max_examples=30)
def test_changes_are_of_the_record(change: Change) -> None:
    assert target(change) == "x"


@pytest.mark.parametrize("module", ["strategies", "store_machine"])
def test_without_hypothesis_the_command_is_named(module: str) -> None:
    code = f"""
import sys
sys.modules["hypothesis"] = None
from mnemic.core.errors import MissingExtra
try:
    import mnemic.testing.{module}
except MissingExtra as error:
    assert 'pip install "mnemic[dev]"' in str(error)
    print("told")
import mnemic.testing.store_checks
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "told\n"
