"""The weights that ship can be read, say where they come from, and speak only of known features."""

from __future__ import annotations

import json
import math

import pytest

from mnemic.core.errors import InputError
from mnemic.core.vectors import EncoderId
from mnemic.retrieval.weights import FEATURES, FILE, JUDGED, Odds, Ranker, shipped

TOLD = json.loads(FILE.read_bytes())
KINDS = ("words", "static", "dense")
each = pytest.mark.parametrize("kind", KINDS)


@each
def test_shipped_weights_are_finite_and_their_features_known(kind: str) -> None:
    ranker: Ranker = getattr(shipped(), kind)
    assert TOLD["rankers"].keys() == set(KINDS)
    assert ranker.weights.keys() <= FEATURES.keys()
    assert all(map(math.isfinite, ranker.weights.values()))
    assert ranker.weights.items() >= JUDGED.items()  # no corpus has them, so no fit may set them
    assert not TOLD["rankers"][kind]["weights"].keys() & JUDGED.keys()


@each
def test_a_larger_sum_is_never_less_likely(kind: str) -> None:
    """Neither of a row among its rivals, nor of the best row, whose sum counts twice."""
    odds: Odds = getattr(shipped(), kind).odds
    assert odds.sum > 0
    assert odds.sum + odds.best > 0
    assert odds.sum + odds.best + odds.tenth > 0  # the only candidate is its own tenth
    assert all(map(math.isfinite, (odds.bias, odds.best, odds.tenth)))


def test_each_kind_of_evidence_has_its_features() -> None:
    dense = {"dense", "pooled", "late", "late_window"}
    words, static, model = (getattr(shipped(), kind).weights for kind in KINDS)
    assert not dense & words.keys()
    assert dense <= static.keys() & model.keys()
    for weights in (words, static, model):
        assert {"turn", "window", "turn_long", "session", "speaker", "date"} <= weights.keys()
        long = {name for name in weights if name.endswith("_long")}
        assert {name.removesuffix("_long") for name in long} <= weights.keys()


def test_signs_are_those_of_the_meaning() -> None:
    for kind in KINDS:
        weights = getattr(shipped(), kind).weights
        for name in ("turn", "window", "session", "dialogue", "speaker", "date", "when", "latest"):
            assert weights[name] > 0, (kind, name)
        for name in ("question", "first", "untrusted"):
            assert weights[name] < 0, (kind, name)


def test_they_say_what_they_were_made_from() -> None:
    about = TOLD["about"]
    assert about["made_by"] == "scripts/fit_weights.py"
    assert about["corpora"]
    for name, corpus in about["corpora"].items():
        assert corpus["licence"], name
        assert corpus["questions"] > 0, name


def test_no_benchmark_taught_them() -> None:
    """What they are judged on must be new to them, and may not be shipped."""
    told = json.dumps(TOLD).casefold()
    for benchmark in ("locomo", "longmemeval", "memdaily", "convomem", "beam", "cc-by-nc"):
        assert benchmark not in told


def test_the_vectors_that_speak_choose_the_ranker() -> None:
    rankers = shipped()
    assert rankers.for_encoder(None) is rankers.words
    assert rankers.for_encoder(EncoderId("static", "1", "int8", 64)) is rankers.static
    assert rankers.for_encoder(EncoderId("minilm", "1", "int8", 384)) is rankers.dense


def test_a_ranker_survives_json() -> None:
    ranker = Ranker({"turn": 1.5, "date": -0.25}, Odds(-2.0, 0.9, -0.3, 0.1))
    assert Ranker.from_json(json.loads(json.dumps(ranker.as_json()))) == ranker
    for kind in KINDS:
        one = getattr(shipped(), kind)
        assert Ranker.from_json(json.loads(json.dumps(one.as_json()))) == one


def test_weights_for_unknown_features_are_refused() -> None:
    told = Ranker({"turn": 1.0}).as_json()
    told["weights"] |= {"aura": 2.0, "mood": 1.0}
    with pytest.raises(InputError, match=r"aura, mood.*fit them again"):
        Ranker.from_json(told)


def test_every_feature_is_explained() -> None:
    for name, meaning in FEATURES.items():
        assert name.isidentifier()
        assert meaning
        assert name.removesuffix("_long") in FEATURES
