"""Kinds: an open registry in which each kind stands in one quadrant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mnemic.core import kinds
from mnemic.core.errors import InputError
from mnemic.core.kinds import Kind


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))


def test_every_kind_is_found_by_its_name() -> None:
    for kind in kinds.kinds():
        assert kinds.kind(kind.name) is kind
        assert kind.meaning
    assert {"turn", "fact", "gist", "rule", "state", "frame"} <= {k.name for k in kinds.kinds()}


def test_an_unknown_kind_is_told_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"unknown kind 'dream'\. Known: concept, document,.*"):
        kinds.kind("dream")


def test_a_kind_of_one_s_own() -> None:
    dream = Kind("dream", "token", "experiential", "personal", "what was dreamt")
    kinds.declare(dream)
    kinds.declare(dream)
    assert kinds.kind("dream") is dream
    with pytest.raises(InputError, match=r"kind 'dream' is declared already"):
        kinds.declare(replace(dream, form="latent"))
    assert kinds.kind("dream") is dream


@pytest.mark.parametrize("name", ["", "two words", "a-b", "3d", "a'"])
def test_names_are_words(name: str) -> None:
    with pytest.raises(InputError, match="not a name for a kind"):
        kinds.declare(Kind(name, "token", "factual", "personal", "x"))
