"""The analyser: documents keep everything, questions keep what they are about."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnemic.core.errors import InputError
from mnemic.language import analyser as module
from mnemic.language.analyser import Analyser

ENGLISH = Analyser()
TOKEN = re.compile(r"(?:[a-z0-9]|[^\x00-\x7f])+\Z")
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)

QUESTIONS = [
    ("When will Will move to Lisbon?", "will move lisbon"),
    ("Will Ana come in May?", "ana come may"),
    ("What happened in may?", "happen may"),
    ("What about May 8, 2023?", "may 8 2023"),
    ("May I ask who moved?", "ask move"),
    ("Will's car is red", "will car red"),
    ("What did the US team tell us?", "us team tell"),
    ("WHAT DID ANA DO?", "ana"),
    ("What is Ana's brother's name?", "ana brother name"),
    ("who are you?", "who are you"),
    ("to be or not to be", "to be or not"),
    ("Where, where is Ana Ana?", "ana"),
    ("Wo ist São Tomé?", "wo ist sao tome"),
    ("我的猫叫什么名字？", "的猫 猫叫 叫什 么名 名字 猫 叫 名 字"),
    ("東京で何をしましたか", "東京 東 京 をし しま"),
    ("", ""),
    ("?!", ""),
]


@pytest.mark.parametrize(("question", "terms"), QUESTIONS)
def test_terms_of_questions(question: str, terms: str) -> None:
    assert ENGLISH.query_terms(question) == terms.split()


def test_other_languages_have_their_own_rules() -> None:
    assert Analyser("portuguese").query_terms("O que a Ana não fez em Lisboa?") == ["ana", "lisbo"]
    assert Analyser("german").query_terms("Wann will Ana nach Köln ziehen?")[0] == "ana"
    assert Analyser("finnish").query_terms("Missä Ana on?") == Analyser("finnish").tokens(
        "Missä Ana on?"
    )
    assert Analyser("none").tokens("She was moving") == ["she", "was", "moving"]


def test_an_unknown_language_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="klingon"):
        Analyser("klingon")


def test_the_version_names_what_tokens_depend_on() -> None:
    assert ENGLISH.version == Analyser().version != Analyser("german").version
    assert "english" in ENGLISH.version and "snowball-" in ENGLISH.version


@given(ANYTHING)
def test_tokens_can_be_stored_parted_by_blanks(text: str) -> None:
    tokens = ENGLISH.tokens(text)
    assert all(map(TOKEN.match, tokens))
    assert " ".join(tokens).split() == tokens


@given(ANYTHING)
def test_what_a_question_looks_for_is_among_what_is_indexed(text: str) -> None:
    terms = ENGLISH.query_terms(text)
    assert set(terms) <= set(ENGLISH.tokens(text))
    assert len(set(terms)) == len(terms)
    assert bool(terms) == bool(ENGLISH.tokens(text))


@given(ANYTHING)
def test_remembering_changes_nothing(text: str) -> None:
    module._memo.cache_clear()
    once = ENGLISH.tokens(text)
    assert ENGLISH.tokens(text) == once == ENGLISH.tokens(text + " ")


@given(ANYTHING, ANYTHING)
def test_tokens_of_two_texts_stand_side_by_side(left: str, right: str) -> None:
    assert ENGLISH.tokens(f"{left}\n{right}") == ENGLISH.tokens(left) + ENGLISH.tokens(right)


@given(st.from_regex(r"[a-zA-Z]{1,12}", fullmatch=True))
def test_case_does_not_matter(word: str) -> None:
    assert ENGLISH.tokens(word) == ENGLISH.tokens(word.upper()) == ENGLISH.tokens(word.lower())


def test_the_memo_forgets_rather_than_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", 100)
    module._memo.cache_clear()
    for number in range(1000):
        assert ENGLISH.tokens(f"w{number} 我昨天去了东京 {'x' * 500}")[0] == f"w{number}"
    memo = module._memo("english")
    assert len(memo) <= 100
    assert not any("东" in run or len(run) > 64 for run in memo)
