"""Changed questions: each edit changes what it says and nothing else."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.bench.tasks.robustness_edits import EDITS, paraphrased, reorder, synonym, typo, typos
from mnemic.bench.tasks.robustness_words import other_words
from mnemic.language.stopwords import stop_words

WORD = st.text("abcdefghijklmnop", min_size=1, max_size=9)
QUESTION = st.lists(WORD, min_size=1, max_size=15).map(" ".join)


@given(st.text(), st.integers(0, 99))
def test_any_text_can_be_given_and_the_same_seed_changes_it_alike(text, seed):
    for edit in EDITS.values():
        assert edit(text, Random(seed)) == edit(text, Random(seed))


@given(QUESTION, st.integers(0, 99))
def test_a_typo_changes_one_word_that_counts(text, seed):
    before, after = text.split(), typo(text, Random(seed)).split()
    assert len(before) == len(after)
    changed = [one for one, other in zip(before, after, strict=True) if one != other]
    able = [one for one in before if len(one) >= 3 and one not in stop_words("english").words]
    assert len(changed) == bool(able)
    assert set(changed) <= set(able)


@given(QUESTION, st.integers(0, 99))
def test_typos_change_a_fifth(text, seed):
    before, after = text.split(), typos(text, Random(seed)).split()
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    assert changed <= max(1, round(len(before) / 5))


@given(QUESTION, st.integers(0, 99))
def test_reordering_keeps_the_words_and_the_mark(text, seed):
    after = reorder(f"{text}?", Random(seed))
    assert after.endswith("?")
    assert Counter(after[:-1].split()) == Counter(text.split())
    assert (after == f"{text}?") == (len(set(text.split())) < 2)


def test_capitals_and_apostrophes_stay():
    for seed in range(50):
        slipped = typo("Why Caroline's?", Random(seed))
        assert slipped.endswith("?")
        assert slipped != "Why Caroline's?"
        assert slipped.startswith("Why ")


@pytest.mark.parametrize("text", ["我们什么时候去北京旅行", "いつ京都へ行きましたか"])
def test_scripts_without_blanks_get_typos_of_their_own_characters(text):
    changed = {typo(text, Random(seed)) for seed in range(30)} - {text}
    assert changed
    assert all(set(one) <= set(text) for one in changed)


def test_synonyms_keep_capitals_and_leave_what_is_not_known():
    assert synonym("Movie xylophones?", Random(0)) == "Film xylophones?"


def test_the_table_of_synonyms_is_symmetric():
    for word in ("buy", "results", "happy"):
        for other in other_words(word):
            assert word in other_words(other)
            assert other != word


def test_a_paraphrase_is_looked_up_without_regard_to_blanks_and_case():
    edit = paraphrased({"Where is it?": "In what place?"})
    assert edit("WHERE  is it?", Random(0)) == "In what place?"
    assert edit("Where was it?", Random(0)) == "Where was it?"
