"""Options from text."""

from __future__ import annotations

import pytest

from mnemic.bench import options
from mnemic.core.errors import InputError


def test_values_and_defaults():
    given = {"unit": "session", "noise": "10", "sizes": "10, 1,10", "only": "a, b"}
    assert options.choice(given, "unit", ["turn", "session"]) == "session"
    assert options.choice({}, "unit", ["turn", "session"]) == "turn"
    assert options.count(given, "noise", 0) == 10 and options.count({}, "noise", 3) == 3
    assert options.counts(given, "sizes", [5]) == (1, 10) and options.counts({}, "sizes", [5]) == (
        5,
    )
    assert options.names(given, "only") == ("a", "b") and options.names({}, "only") == ()


@pytest.mark.parametrize("value", ["-1", "1.5", "", "²", "x"])
def test_no_number(value):
    with pytest.raises(InputError, match="is no whole number from 0"):
        options.count({"noise": value}, "noise", 0)
    with pytest.raises(InputError, match="is no list of numbers"):
        options.counts({"sizes": f"1,{value}"}, "sizes", [1])
