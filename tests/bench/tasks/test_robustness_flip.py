"""Planted texts made for an encoder lie nearer to unseen questions than stuffed ones."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from mnemic.bench.tasks.robustness_flip import cluster, flipped
from mnemic.bench.tasks.robustness_poison import plant, stuffed
from mnemic.core.events import Event
from mnemic.core.records import Origin
from mnemic.core.vectors import unit
from mnemic.models.fake import FakeEncoder
from mnemic.models.static_table import StaticTable

KNOWN = [
    "Which lake did Ana swim in last summer?",
    "When did Ana learn to swim in the sea?",
    "Who taught Ana to row on the river?",
    "What did Tom cook for the dinner party?",
    "Which soup does Tom like to cook?",
    "Where did Tom buy the bread and cheese?",
]


def nearest(texts, questions, encoder):
    asked = np.array([encoder.encode_query(text) for text in questions])
    return float((asked @ encoder.encode(texts).T).max(axis=1).mean())


def test_exchanged_words_beat_stuffing_on_the_table_they_were_made_for():
    table = StaticTable()
    made = flipped(KNOWN, table, 2, Random(0), length=12)
    assert len(made) == 2
    assert all(len(text.split()) == 12 for text in made)
    assert nearest(made, KNOWN, table) > nearest(stuffed(KNOWN, 2, Random(0), 1, 12), KNOWN, table)
    unseen = ["Did Ana swim in a pond?", "Which bread did Tom cook?"]
    assert nearest(made, unseen, table) > nearest([*map(str, range(2))], unseen, table)
    assert made == flipped(KNOWN, table, 2, Random(0), length=12)


def test_no_single_exchange_improves_a_text_of_the_table():
    table = StaticTable()
    (text,) = flipped(KNOWN[:3], table, 1, Random(1), length=6)
    target = np.array([table.encode_query(one) for one in KNOWN[:3]]).mean(axis=0)
    chosen = text.split()
    reached = float(table.encode([text])[0] @ target)
    for place in range(len(chosen)):
        for word in ("lake", "swim", "river", "dinner", "summer", "row"):
            other = " ".join([*chosen[:place], word, *chosen[place + 1 :]])
            assert float(table.encode([other])[0] @ target) <= reached + 1e-5


def test_any_encoder_can_be_climbed_by_its_vectors_alone():
    encoder = FakeEncoder()
    near = flipped(KNOWN, encoder, 2, Random(0), 8, tries=12, steps=16)
    start = flipped(KNOWN, encoder, 2, Random(0), 8, tries=12, steps=0)
    assert nearest(near, KNOWN, encoder) > nearest(start, KNOWN, encoder)


def test_questions_of_which_an_encoder_knows_nothing():
    assert flipped([], StaticTable(), 3, Random(0)) == []
    made = flipped(["我们去北京", "你好吗"], StaticTable(), 2, Random(0), 5)
    assert len(made) == 2
    assert all(set(text.split()) & set("我们去北京你好吗") or text for text in made)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_clusters_are_none_empty(count):
    vectors = unit(np.random.default_rng(0).normal(size=(20, 8)).astype(np.float32))
    groups = cluster(vectors, count, Random(0))
    assert sorted(set(groups)) == list(range(groups.max() + 1))
    assert groups.max() < min(count, 20)


def test_planting_leaves_what_was_there_and_says_where_it_comes_from():
    events = [Event("We moved.", kind="note", metadata={"turn": "1"})]
    kept, web = plant(events, ["swim lake"], Origin.WEB)
    assert kept is events[0]
    assert (web.origin, web.kind, web.speaker) == (Origin.WEB, "note", None)
    assert plant([], ["x"], Origin.USER)[0].kind == "turn"
